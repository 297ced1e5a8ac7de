"""What bringing the open statements up to date reads and writes: a year's lines at once, in pieces."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.line import Kind, Line, to_data
from app.domain.funding.statements import Entry
from app.kit.ids import new_id
from app.kit.periods import academic_year, in_london
from app.models.funding import LedgerLine, RateCard
from app.models.hubs import Hub
from app.store.stages.facts_asked import among_ids

PIECE = 5_000  # lines a statement: some three megabytes
_COLUMNS = {
    "key": "text",
    "urn": "int",
    "payee": "text",
    "rate": "text",
    "programme": "text",
    "group_code": "text",
    "day": "date",
    "quantity": "bigint",
    "of": "bigint",
    "rate_pence": "bigint",
    "pence": "bigint",
    "because": "text",
    "evidence": "jsonb",
    "kind": "text",
    "corrects": "uuid",
    "card_version": "int",
}
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_TYPED = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())
_SAID = ", ".join(f'"{name}" = one."{name}"' for name in _COLUMNS)
_ROWS = f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS one(id uuid, statement_id uuid, {_TYPED})"
_ADD = text(
    f"INSERT INTO ledger_line (id, hub_id, statement_id, {_NAMES}) "
    f"SELECT id, CAST(:hub AS uuid), statement_id, {_NAMES} FROM {_ROWS}"
)
_CHANGE = text(
    f"UPDATE ledger_line SET {_SAID} FROM {_ROWS} "
    "WHERE ledger_line.id = one.id AND ledger_line.hub_id = CAST(:hub AS uuid)"
)


async def code_of(db: AsyncSession, hub_id: uuid.UUID) -> str:
    """The hub's code: one statement."""
    return (await db.execute(select(col(Hub.code)).where(col(Hub.id) == hub_id))).scalar_one()


async def years(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> list[int]:
    """The grant years that a card of the hub's own pays for: this one, the one before it, and those to come."""
    year = col(RateCard.year)
    found = await db.execute(
        select(year)
        .where(
            col(RateCard.hub_id) == hub_id,
            col(RateCard.published_at).is_not(None),
            year >= academic_year(in_london(now).date()) - 1,
        )
        .distinct()
        .order_by(year)
    )
    return list(found.scalars())


async def brought(db: AsyncSession, hub_id: uuid.UUID) -> set[str]:
    """The ids of statements that hold what was brought from elsewhere: no line of ours goes into them."""
    found = await db.execute(
        select(col(LedgerLine.statement_id))
        .where(col(LedgerLine.hub_id) == hub_id, col(LedgerLine.kind) == Kind.BROUGHT.value)
        .distinct()
    )
    return {str(one) for one in found.scalars()}


async def add(db: AsyncSession, hub_id: uuid.UUID, lines: Iterable[tuple[Line, str]]) -> None:
    """Keep new lines, each in the statement with this id."""
    rows = ({"id": str(new_id()), "statement_id": statement, **_row(line)} for line, statement in lines)
    await _in_pieces(db, hub_id, _ADD, rows)


async def change(db: AsyncSession, hub_id: uuid.UUID, entries: Iterable[Entry]) -> None:
    """Make these lines of open statements say what their entries say."""
    await _in_pieces(db, hub_id, _CHANGE, ({"id": entry.id, **_row(entry.line)} for entry in entries))


async def remove(db: AsyncSession, hub_id: uuid.UUID, entries: Sequence[Entry]) -> None:
    """Take these lines out of open statements."""
    if entries:
        ids = [uuid.UUID(one.id) for one in entries]
        gone = delete(LedgerLine).where(col(LedgerLine.hub_id) == hub_id, among_ids(col(LedgerLine.id), ids))
        await db.execute(gone.execution_options(synchronize_session=False))


def _row(line: Line) -> dict[str, Any]:
    found = to_data(line)
    found["group_code"] = found.pop("group")
    found["corrects"] = line.corrects or None
    return found


async def _in_pieces(db: AsyncSession, hub_id: uuid.UUID, said: Any, rows: Iterator[dict[str, Any]]) -> None:
    while piece := list(islice(rows, PIECE)):
        await db.execute(said, {"hub": str(hub_id), "rows": json.dumps(piece)})
