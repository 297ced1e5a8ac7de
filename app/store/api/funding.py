"""Statements and lines of the ledger, as the API tells them."""

import typing
import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.schools import School
from app.store import visible
from app.store.api.shelf import Asked, Order, Row, Slice, names, narrowed, part

STATEMENTS = {
    "id": lambda key: col(Statement.id) == key,
    "year": lambda year: col(Statement.year) == year,
    "school": lambda urn: col(Statement.urn) == urn,
    "state": lambda state: col(Statement.state) == state,
}
LINES = {
    "id": lambda key: col(LedgerLine.id) == key,
    "year": lambda year: col(LedgerLine.statement_id).in_(select(col(Statement.id)).where(col(Statement.year) == year)),
    "school": lambda urn: col(LedgerLine.urn) == urn,
    "statement": lambda key: col(LedgerLine.statement_id) == key,
    "rate": lambda rate: col(LedgerLine.rate) == rate,
    "kind": lambda kind: col(LedgerLine.kind) == kind,
}
_ID = (uuid.UUID,)


async def statements(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Statements, open ones with what their lines come to now: four statements."""
    urn = typing.cast("Mapped[int]", col(Statement.urn))
    query = select(Statement).where(
        col(Statement.hub_id) == member.hub_id, visible.at_schools(member, Can.SEE_FUNDING, urn)
    )
    rows, following = await part(db, narrowed(query, asked, STATEMENTS), Order((col(Statement.id),), _ID), asked)
    schools = await _schools(db, rows)
    people = await names(db, {one for row in rows for one in (row.closed_by, row.approved_by)})
    now = await _open(db, [row.id for row in rows if row.state == "open"])
    return Slice(
        [
            row.model_dump(exclude={"hub_id", "urn", "closed_by", "approved_by"})
            | {
                "school": schools.get(row.urn),
                "closed_by": people.get(row.closed_by),
                "approved_by": people.get(row.approved_by),
            }
            | (now.get(row.id, {}) if row.state == "open" else {})
            for row in rows
        ],
        following,
    )


async def _open(db: AsyncSession, ids: list[uuid.UUID]) -> dict[uuid.UUID, Row]:
    line = col(LedgerLine.statement_id)
    found = await db.execute(
        select(line, func.sum(col(LedgerLine.pence)), func.count()).where(line.in_(ids)).group_by(line)
    )
    return {key: {"pence": int(pence), "lines": lines} for key, pence, lines in found.all()}


async def lines(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Lines with their statements, queried or not: four statements."""
    query = select(LedgerLine).where(
        col(LedgerLine.hub_id) == member.hub_id,
        visible.at_schools(member, Can.SEE_FUNDING, col(LedgerLine.urn)),
    )
    rows, following = await part(db, narrowed(query, asked, LINES), Order((col(LedgerLine.id),), _ID), asked)
    schools = await _schools(db, rows)
    found = await db.execute(select(Statement).where(col(Statement.id).in_({row.statement_id for row in rows})))
    of = {one.id: {"id": one.id, "reference": one.reference, "state": one.state} for one in found.scalars()}
    queried = await db.execute(
        select(col(LineQuery.line_id)).where(
            col(LineQuery.line_id).in_([row.id for row in rows]), col(LineQuery.answered_at).is_(None)
        )
    )
    held = set(queried.scalars())
    return Slice(
        [
            row.model_dump(exclude={"hub_id", "urn", "statement_id", "group_code"})
            | {
                "school": schools[row.urn],
                "statement": of[row.statement_id],
                "group": row.group_code,
                "queried": row.id in held,
            }
            for row in rows
        ],
        following,
    )


async def _schools(db: AsyncSession, rows: Any) -> dict[int | None, Row]:
    urns = {row.urn for row in rows if row.urn}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    return {row[0]: {"urn": row[0], "name": row[1]} for row in found.all()}
