"""Lines and statements between the tables and the rules: the same values on both sides."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line
from app.domain.funding.statements import State, Statement, Step, Stepped
from app.kit.periods import Span
from app.models import funding as tables

# The fields of a line that its row holds under the same name and as they are.
ALIKE = ("key", "urn", "rate", "programme", "day", "quantity", "of", "rate_pence", "pence", "because", "card_version")
# A line's columns in the order of its fields: a year has 100,000 of them, too many for rows that are tracked.
_FIELDS = (
    *("key", "urn", "payee", "rate", "programme", "group_code", "day", "quantity", "of", "rate_pence", "pence"),
    *("because", "evidence", "kind", "corrects", "card_version"),
)
COLUMNS: tuple[Mapped[Any], ...] = tuple(col(getattr(tables.LedgerLine, name)) for name in _FIELDS)
_PAYEES = {one.value: one for one in Payee}
KINDS = {one.value: one for one in Kind}
NOBODY = uuid.UUID(int=0)  # stands for whoever is no longer known


def line_of(values: Sequence[Any]) -> Line:
    """The line that these values of `COLUMNS` keep."""
    key, urn, payee, rate, programme, group, day, *sums, because, evidence, kind, corrects, version = values
    quantity, of, rate_pence, pence = sums
    return Line(
        key=key,
        urn=urn,
        payee=_PAYEES[payee],
        rate=rate,
        programme=programme,
        group=group,
        day=day,
        quantity=quantity,
        of=of,
        rate_pence=rate_pence,
        pence=pence,
        because=because,
        evidence=tuple(evidence),
        kind=KINDS[kind],
        corrects=str(corrects or ""),
        card_version=version,
    )


def line(row: tables.LedgerLine) -> Line:
    """The line that a row keeps."""
    return line_of([getattr(row, name) for name in _FIELDS])


def line_row(hub_id: uuid.UUID, statement_id: uuid.UUID, one: Line) -> tables.LedgerLine:
    """A new row for the line, in this statement."""
    return tables.LedgerLine(hub_id=hub_id, statement_id=statement_id, **_columns(one))


def _columns(one: Line) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ALIKE},
        "payee": one.payee.value,
        "kind": one.kind.value,
        "group_code": one.group,
        "evidence": list(one.evidence),
        "corrects": uuid.UUID(one.corrects) if one.corrects else None,
    }


def statement(hub: str, row: tables.Statement, steps: Iterable[tables.StatementStep] = ()) -> Statement:
    """The statement that a row and its steps, the earliest first, keep; `hub` is the hub's code."""
    return Statement(
        id=str(row.id),
        hub=hub,
        year=row.year,
        period=Span(row.first, row.last),
        reference=row.reference,
        urn=row.urn,
        state=State(row.state),
        pence=row.pence,
        lines=row.lines,
        digest=row.digest,
        paid=row.paid,
        closed_by=row.closed_by,
        steps=tuple(
            Stepped(Step(one.step), one.by_id or NOBODY, one.at, one.because, one.pence, str(one.row or ""))
            for one in steps
        ),
    )
