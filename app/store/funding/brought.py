"""What a ledger from elsewhere can mean here, and the statements that it becomes."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.brought import Known
from app.domain.funding.line import Line
from app.domain.imports import folded
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.schools import HubSchool, School
from app.store.funding import rows


async def known(db: AsyncSession, hub_id: uuid.UUID, said: Iterable[str]) -> Known:
    """The schools that these words can mean: any by its URN, the hub's own by their names too: two statements."""
    wanted = {int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 9}
    urns = (await db.execute(select(col(School.urn)).where(col(School.urn).in_(wanted)))).scalars()
    own = (
        await db.execute(
            select(col(School.name), col(School.urn))
            .distinct()
            .join(HubSchool, col(HubSchool.urn) == col(School.urn))
            .where(col(HubSchool.hub_id) == hub_id)
        )
    ).all()
    often = Counter(folded(name) for name, _ in own)
    return Known(frozenset(urns), {folded(name): urn for name, urn in own if often[folded(name)] == 1})


async def taken(db: AsyncSession, hub_id: uuid.UUID, references: Collection[str]) -> list[str]:
    """Which of these references a statement of the hub bears already."""
    asked = select(col(Statement.reference)).where(
        col(Statement.hub_id) == hub_id, func.lower(col(Statement.reference)).in_([one.lower() for one in references])
    )
    return sorted((await db.execute(asked)).scalars())


async def add(db: AsyncSession, statement: Statement, lines: Iterable[Line]) -> None:
    """Keep a statement with these lines."""
    db.add(statement)
    await db.flush()
    db.add_all([rows.line_row(statement.hub_id, statement.id, line) for line in lines])
    await db.flush()


async def of(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[uuid.UUID]) -> list[Statement]:
    """These statements, by reference, held for a change."""
    asked = select(Statement).where(col(Statement.hub_id) == hub_id, col(Statement.id).in_(ids))
    return list((await db.execute(asked.order_by(col(Statement.reference)).with_for_update())).scalars())


async def take_back(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[uuid.UUID]) -> None:
    """Remove these open statements with all their lines."""
    await db.execute(delete(LedgerLine).where(col(LedgerLine.hub_id) == hub_id, col(LedgerLine.statement_id).in_(ids)))
    await db.execute(delete(Statement).where(col(Statement.hub_id) == hub_id, col(Statement.id).in_(ids)))


async def other_lines(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[uuid.UUID]) -> int:
    """How many lines of these statements did not come with the ledger from elsewhere."""
    asked = select(func.count()).where(
        col(LedgerLine.hub_id) == hub_id, col(LedgerLine.statement_id).in_(ids), col(LedgerLine.kind) != "brought"
    )
    return (await db.execute(asked)).scalar_one()


async def asked_about(db: AsyncSession, hub_id: uuid.UUID, ids: Collection[uuid.UUID]) -> bool:
    """Whether a question about a line of these statements waits for an answer."""
    asked = (
        select(col(LineQuery.id))
        .join(LedgerLine, col(LedgerLine.id) == col(LineQuery.line_id))
        .where(
            col(LedgerLine.hub_id) == hub_id,
            col(LedgerLine.statement_id).in_(ids),
            col(LineQuery.answered_at).is_(None),
        )
    )
    return (await db.execute(asked.limit(1))).first() is not None


async def became(db: AsyncSession, hub_id: uuid.UUID, ids: Iterable[str]) -> list[tuple[Statement, int, int]]:
    """These statements by reference, each with how many lines it has and what they come to: one statement."""
    asked = (
        select(Statement, func.count(col(LedgerLine.id)), func.coalesce(func.sum(col(LedgerLine.pence)), 0))
        .outerjoin(LedgerLine, col(LedgerLine.statement_id) == col(Statement.id))
        .where(col(Statement.hub_id) == hub_id, col(Statement.id).in_([uuid.UUID(one) for one in ids]))
        .group_by(col(Statement.id))
        .order_by(col(Statement.reference))
    )
    return [(row, lines, int(pence)) for row, lines, pence in (await db.execute(asked)).all()]
