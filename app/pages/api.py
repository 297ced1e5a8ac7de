"""What the API reads: shelves of plain rows, and the page that describes it."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import NotFoundError
from app.store.api import attendance, feeds, funding, hubs, meetings, people, schedule, schools, stages, trail
from app.store.api.shelf import Asked, Row, Slice

Some = Callable[[AsyncSession, Member, Asked], Awaitable[Slice]]
__all__ = ["Asked", "Row", "Shelf", "Slice"]


class Shelf(StrEnum):
    """The lists of a hub, as their addresses name them."""

    YEARS = "years"
    PROGRAMMES = "programmes"
    COHORTS = "cohorts"
    SCHOOLS = "schools"
    CALENDARS = "calendars"
    PEOPLE = "people"
    GROUPS = "groups"
    EVENTS = "events"
    ATTENDANCE = "attendance"
    PROPOSALS = "proposals"
    ENROLMENTS = "enrolments"
    MOVES = "moves"
    STATEMENTS = "statements"
    LINES = "lines"
    TRAIL = "trail"


async def _years(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    found = await hubs.years(db, member, asked)
    return Slice([{**row, "bank_holidays": _bank_holidays(row["year"])} for row in found.items], found.next)


def _bank_holidays(year: int) -> list[Row]:
    return [{"day": day, "name": name} for day, name in sorted(bank_holidays(year).items())]


SHELVES: dict[Shelf, Some] = {
    Shelf.YEARS: _years,
    Shelf.PROGRAMMES: hubs.programmes,
    Shelf.COHORTS: hubs.cohorts,
    Shelf.SCHOOLS: schools.some,
    Shelf.CALENDARS: schools.calendars,
    Shelf.PEOPLE: people.some,
    Shelf.GROUPS: meetings.groups,
    Shelf.EVENTS: meetings.events,
    Shelf.ATTENDANCE: attendance.some,
    Shelf.PROPOSALS: schedule.some,
    Shelf.ENROLMENTS: stages.enrolments,
    Shelf.MOVES: stages.moves,
    Shelf.STATEMENTS: funding.statements,
    Shelf.LINES: funding.lines,
    Shelf.TRAIL: trail.some,
}


async def some(db: AsyncSession, member: Member, shelf: Shelf, asked: Asked) -> Slice:
    """Part of a list, as far as this member may see it; raises BadInputError for a strange cursor."""
    return await SHELVES[shelf](db, member, asked)


async def one(db: AsyncSession, member: Member, shelf: Shelf, **key: Any) -> Row:
    """The one row with this key; raises NotFoundError for an unknown one and for one that is not theirs."""
    found = await SHELVES[shelf](db, member, Asked(limit=1, only=key))
    if not found.items:
        raise NotFoundError
    return found.items[0]


async def forget(db: AsyncSession) -> None:
    """Have everything read anew after a change in the same transaction."""
    await db.flush()
    db.expire_all()


async def hub(db: AsyncSession, member: Member) -> Row:
    """The member's hub; raises NotFoundError when it went away meanwhile."""
    found = await hubs.hub(db, member)
    if found is None:
        raise NotFoundError
    return found


async def establishments(db: AsyncSession, asked: Asked) -> Slice:
    """Schools of GIAS: public facts, the same for everyone."""
    return await schools.establishments(db, asked)


async def establishment(db: AsyncSession, urn: int) -> Row:
    """One school of GIAS; raises NotFoundError."""
    found = await schools.establishments(db, Asked(limit=1, only={"urn": urn}))
    if not found.items:
        raise NotFoundError
    return found.items[0]


async def problem(db: AsyncSession, member: Member, key: uuid.UUID) -> dict[str, Any]:
    """What a proposal was worked out from; raises NotFoundError."""
    found = await schedule.problem(db, member, key)
    if found is None:
        raise NotFoundError
    return found


async def journey(db: AsyncSession, member: Member, urn: int) -> Row:
    """A school's enrolments and the steps of its journey; raises NotFoundError."""
    found = await stages.journey(db, member, urn)
    if found is None:
        raise NotFoundError
    return found


async def own_feeds(db: AsyncSession, account_id: uuid.UUID) -> list[Row]:
    """How the account's own feeds do."""
    return await feeds.health(db, account_id)


@dataclass(frozen=True, slots=True)
class ApiValue:
    """A parameter or field: its name, its kind in words, whether it must be there, what it means."""

    name: str
    kind: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """A status that a call answers with, and what it means."""

    status: str
    says: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One thing that can be asked of the API."""

    key: str
    method: str
    path: str
    does: str
    says: str
    values: tuple[ApiValue, ...]
    takes: str
    answers: tuple[ApiAnswer, ...]


@dataclass(frozen=True, slots=True)
class ApiShape:
    """A named shape of what goes in or comes out."""

    name: str
    says: str
    fields: tuple[ApiValue, ...]


@dataclass(frozen=True, slots=True)
class ApiRoom:
    """Calls that belong together."""

    name: str
    calls: tuple[ApiCall, ...]


@dataclass(frozen=True, slots=True)
class ApiProblem:
    """A kind of refusal: its name in `type`, its status, its title and when it comes."""

    name: str
    status: int
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class ApiPage:
    """The whole API on one page, made from its OpenAPI document."""

    template: ClassVar[str] = "home/api.html"
    rooms: tuple[ApiRoom, ...]
    shapes: tuple[ApiShape, ...]
    problems: tuple[ApiProblem, ...]
