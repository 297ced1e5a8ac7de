"""What a grant year's lines come to by where they stand: of the hub, of each school, of each Work Group."""

import uuid
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.statements import State
from app.models.funding import LedgerLine, LineQuery, Statement
from app.models.schools import School

QUERIED = "queried"


@dataclass(slots=True)
class Sums:
    """A school or a Work Group: pence by the state of the statement, those queried apart."""

    key: str
    name: str
    pence: dict[str, int] = field(default_factory=dict)

    @property
    def ready(self) -> int:
        """What can be closed now."""
        return self.pence.get(State.OPEN, 0)

    def of(self, *states: str) -> int:
        """What stands in these states."""
        return sum(self.pence.get(state, 0) for state in states)


async def by(db: AsyncSession, hub_id: uuid.UUID, year: int, what: Literal["school", "group"]) -> list[Sums]:
    """Each school or Work Group with lines in the year, by name: one statement."""
    queried = (
        select(col(LineQuery.id))
        .where(col(LineQuery.line_id) == col(LedgerLine.id), col(LineQuery.answered_at).is_(None))
        .correlate(LedgerLine)
        .exists()
    )
    key = col(LedgerLine.urn) if what == "school" else col(LedgerLine.group_code)
    name = col(School.name) if what == "school" else col(LedgerLine.group_code)
    held = (queried & (col(Statement.state) == State.OPEN)).label("held")
    found = await db.execute(
        select(key, name, col(Statement.state), held, func.sum(col(LedgerLine.pence)))
        .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
        .join(School, col(School.urn) == col(LedgerLine.urn))
        .where(col(LedgerLine.hub_id) == hub_id, col(Statement.year) == year)
        .group_by(key, name, col(Statement.state), held)
        .order_by(func.lower(name), key)
    )
    sums: dict[str, Sums] = {}
    for one, called, state, waits, pence in found.all():
        of = sums.setdefault(str(one), Sums(str(one), called))
        where = QUERIED if waits else state
        of.pence[where] = of.pence.get(where, 0) + int(pence)
    return list(sums.values())
