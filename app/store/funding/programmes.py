"""What the programmes that lines name are called: a line bears the funder's code, a reader knows the name."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.hubs import Programme


@dataclass(frozen=True, slots=True)
class Names:
    """What each programme is called, by (year, code); a code that no year knows stands for itself."""

    known: dict[tuple[int, str], str]

    def of(self, code: str, year: int) -> str:
        """The name in that year."""
        return self.known.get((year, code)) or self.newest(code)

    def newest(self, code: str) -> str:
        """The name in the last year that has the programme."""
        return next((name for (_, one), name in reversed(self.known.items()) if one == code), code)

    def saying(self, word: str) -> list[tuple[int, str]]:
        """Year and code of every programme whose name has this word in it."""
        return [at for at, name in self.known.items() if word.casefold() in name.casefold()]


async def names(db: AsyncSession, hub_id: uuid.UUID) -> Names:
    """The names of all the hub's years: one statement."""
    found = await db.execute(
        select(col(Programme.year), col(Programme.code), col(Programme.kind), col(Programme.name))
        .where(col(Programme.hub_id) == hub_id)
        .order_by(col(Programme.year), col(Programme.kind))
    )
    return Names({(year, code or kind): name for year, code, kind, name in found.all()})
