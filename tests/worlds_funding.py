"""The rows of a small world that the ledger keeps: a card, statements with their lines, and what hangs on them."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.funding import statements as rules
from app.domain.funding.rates import USUAL
from app.models.funding import (
    Adjustment,
    AssuranceSample,
    CompletionSnapshot,
    Evaluation,
    FunderForm,
    LedgerLine,
    LineQuery,
    Payee,
    RateCard,
    Remittance,
    StandingExport,
    Statement,
)
from app.models.hubs import Hub
from app.models.stages import Enrolment
from app.store.funding import rows, statements
from app.store.funding.cards import rates_data
from tests.makers import NOW, YEAR, Team, a_person, a_school, number

AUTUMN = date(2026, 9, 1), date(2026, 12, 31)


async def rows_of_funding(db: AsyncSession, team: Team) -> dict[str, str]:
    """One row of each kind that an address can name, by the word before it."""
    hub_id, urn = team.group.hub_id, team.schools[0].urn
    first, last = AUTUMN
    statement = Statement(
        hub_id=hub_id, year=YEAR, first=first, last=last, reference=f"S-{number()}", urn=urn, opened_at=NOW
    )
    usual = rates_data(USUAL)
    card = RateCard(hub_id=hub_id, year=YEAR, version=number(), rates=usual, made_at=NOW)
    form = FunderForm(hub_id=hub_id, name=f"Form {number()}", made_at=NOW, changed_at=NOW)
    payee = Payee(hub_id=hub_id, urn=urn, reference=f"V{number()}")
    others = _others(hub_id, urn)
    db.add_all([statement, card, form, payee, *others])
    await db.flush()
    line = await _line(db, statement)
    query = LineQuery(hub_id=hub_id, line_id=line.id, urn=line.urn, words="Was it two days?", asked_at=NOW)
    db.add(query)
    await db.flush()
    words = ("adjustments", "ledger-import", "remittances", "samples", "completions", "standing-exports")
    return {
        **{word: str(one.id) for word, one in zip(words, others, strict=True)},
        "rate-cards": str(card.id),
        "rates": "supply",
        "statements": str(statement.id),
        "lines": str(line.id),
        "queries": str(query.id),
        "funder-forms": str(form.id),
        "payees": str(payee.id),
        "evaluations": await _evaluation(db, hub_id, urn),
    }


async def _evaluation(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> str:
    """That of the school's enrolment, which came back; it is known by the enrolment's id."""
    found = select(col(Enrolment.id)).where(col(Enrolment.hub_id) == hub_id, col(Enrolment.urn) == urn).limit(1)
    key = (await db.execute(found)).scalar_one()
    db.add(Evaluation(enrolment_id=key, hub_id=hub_id, returned_on=NOW.date(), made_at=NOW))
    await db.flush()
    return str(key)


async def _line(db: AsyncSession, statement: Statement) -> LedgerLine:
    line = LedgerLine(
        hub_id=statement.hub_id,
        statement_id=statement.id,
        key=f"release|{number()}",
        urn=statement.urn or 0,
        payee="participant",
        rate="release",
        day=NOW.date(),
        quantity=1,
        of=1,
        rate_pence=5000,
        pence=5000,
        because="Came to a meeting.",
    )
    db.add(line)
    await db.flush()
    return line


def _others(hub_id: uuid.UUID, urn: int) -> list[Any]:
    """What hangs on no statement."""
    return [
        Adjustment(
            hub_id=hub_id,
            year=YEAR,
            urn=urn,
            why="goodwill",
            day=NOW.date(),
            pence=1000,
            because="As said.",
            made_at=NOW,
        ),
        Remittance(
            hub_id=hub_id, kind="ledger", year=YEAR - 1, name="l.csv", file=b"a,b\n", digest="1" * 64, uploaded_at=NOW
        ),
        Remittance(hub_id=hub_id, year=YEAR, name="bank.csv", file=b"a,b\n", digest="0" * 64, uploaded_at=NOW),
        AssuranceSample(hub_id=hub_id, year=YEAR, seed="June", count=1, of=0, made_at=NOW),
        CompletionSnapshot(hub_id=hub_id, year=YEAR, day=NOW.date(), name="February", taken_at=NOW),
        StandingExport(
            hub_id=hub_id,
            name=f"Each month {number()}",
            format="csv",
            span="month",
            every="month",
            to="folder",
            next_on=NOW.date(),
            made_at=NOW,
        ),
    ]


async def a_closed_year(db: AsyncSession, hub: Hub) -> uuid.UUID:
    """A closed statement with one line and a step, an open one with one, an empty one, a card, an adjustment."""
    hub_id = hub.id
    ann, bea = await a_person(db, hub, Role.COORDINATOR, name="Ann"), await a_person(db, hub, Role.HUB_LEAD, name="Bea")
    school = await a_school(db, hub)
    made = {name: _a_statement(hub_id, name) for name in ("closed", "open", "empty")}
    db.add_all(made.values())
    await db.flush()
    db.add_all([_a_line(made["closed"], "a", school.urn), _a_line(made["open"], "b", school.urn)])
    db.add(RateCard(hub_id=hub_id, year=YEAR, version=1, made_at=NOW, published_at=NOW))
    proposed = Adjustment(hub_id=hub_id, year=YEAR, urn=school.urn, why="other", day=NOW.date(), pence=1, made_at=NOW)
    proposed.by_id = ann.id
    db.add(proposed)
    await db.flush()
    row = made["closed"]
    found = await statements.entries(db, row.id)
    done = rules.close(rows.statement(hub.code, row), found, bea.id, NOW).statement
    row.state, row.pence, row.lines, row.digest = done.state.value, done.pence, done.lines, done.digest
    row.closed_at, row.closed_by = NOW, bea.id
    await statements.add_step(db, row, done.steps[-1])
    return row.id


def _a_statement(hub_id: uuid.UUID, reference: str) -> Statement:
    first, last = AUTUMN
    return Statement(hub_id=hub_id, year=YEAR, first=first, last=last, reference=reference, opened_at=NOW)


def _a_line(statement: Statement, key: str, urn: int) -> LedgerLine:
    return LedgerLine(
        hub_id=statement.hub_id,
        statement_id=statement.id,
        key=key,
        urn=urn,
        payee="participant",
        rate="release",
        day=NOW.date(),
        quantity=1,
        of=1,
        rate_pence=5000,
        pence=5000,
        because="Came to a meeting.",
    )
