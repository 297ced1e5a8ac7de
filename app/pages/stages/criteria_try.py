"""A version of the criteria tried on the schools of a past year: who would have met it, and who moved in truth."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.gate import Standing
from app.domain.stages.judging import judge
from app.domain.stages.ladder import State
from app.domain.stages.trying import Tried, sentences
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london, spoken_year, year_span
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.pages.stages.criteria import NAMES
from app.pages.stages.verdicts import title_of
from app.store.schools import reading
from app.store.stages import criteria as stored
from app.store.stages import facts, ladder
from app.store.stages.criteria import Stored
from app.store.stages.ladder import Enrolled

COLUMNS = (
    Column("name", "School"),
    Column("would", "Would have met it"),
    Column("does", "Meets the version in use"),
    Column("truth", "In truth"),
    Column("", "What was not met"),
)
CSV_HEADER = ("URN", "School", "Would have met it", "Meets the version in use", "In truth", "What was not met")
SHOWS = {"differs": "Where it differs from what happened", "would": "Would have met it", "would-not": "Would not"}
TOOK_PART = frozenset({State.AGREED, State.ACTIVE, State.COMPLETED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class TriedLine:
    """A school as a row."""

    school: str
    href: str
    would: bool
    does: bool
    truth: str
    differs: bool
    not_met: str


@dataclass(frozen=True, slots=True)
class CriteriaTryPage:
    """The page: what it comes to in sentences, and school by school."""

    template: ClassVar[str] = "stages/criteria_try.html"
    name: str
    version: int
    is_draft: bool
    back: str
    publish_href: str
    year: str
    years: tuple[YearLink, ...]
    says: tuple[str, ...]
    listing: Listing
    lines: tuple[TriedLine, ...]


@dataclass(frozen=True, slots=True)
class _School:
    enrolled: Enrolled
    tried: Tried

    @property
    def differs(self) -> bool:
        """Whether it would have met it and did not go on, or the other way round."""
        return self.tried.would != self.tried.went_on

    @property
    def not_met(self) -> str:
        """What it would not have met, in two or three words each."""
        return ", ".join(title_of(one.key) for one in self.tried.verdicts if one.state is not Standing.MET)


def _year(asked: Asked, now: datetime) -> int:
    """The year that the address names, else last year."""
    today = in_london(now).date()
    return asked_year(asked, today) if asked.value("year") else academic_year(today) - 1


async def _tried(
    db: AsyncSession, member: Member, one: Stored, year: int, now: datetime
) -> tuple[list[_School], tuple[uuid.UUID | None, int]]:
    """Every school that took part in such a programme in the year, and the version in use."""
    kind = one.criteria.kind
    used_id, used = (await stored.in_use(db, member.hub_id))[kind]
    schools = [
        each for each in await ladder.of_year(db, member, year) if each.kind == kind and State(each.state) in TOOK_PART
    ]
    day = min(year_span(year).last, in_london(now).date())
    known = await facts.of(db, member.hub_id, schools, day, superseded=False)
    moved = await stored.moved(db, member.hub_id, list(known))
    found = [
        _School(
            each,
            Tried(
                judge(one.criteria, known[each.id], day, proofs=False),
                judge(used, known[each.id], day, proofs=False),
                each.state,
                each.id in moved,
            ),
        )
        for each in schools
    ]
    return found, (used_id, used.version)


async def _version(db: AsyncSession, member: Member, criteria_id: uuid.UUID) -> Stored:
    one = await stored.one(db, member.hub_id, criteria_id)
    if one is None or one.criteria.kind not in NAMES:
        raise NotFoundError
    return one


async def load(
    db: AsyncSession, member: Member, criteria_id: uuid.UUID, asked: Asked, now: datetime
) -> CriteriaTryPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    one = await _version(db, member, criteria_id)
    year, name = _year(asked, now), NAMES[one.criteria.kind]
    every, (used_id, used) = await _tried(db, member, one, year, now)
    chosen = _ordered([each for each in every if _fits(each, asked)], asked)
    address = f"/hubs/{member.hub_code}/criteria/{one.id}"
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty(f"No school took part in {name} in {spoken_year(year)}. Choose another year to try it on.")
    offers = tuple(Choice(*each) for each in SHOWS.items())
    return CriteriaTryPage(
        name=name,
        version=one.criteria.version,
        is_draft=one.published_at is None,
        back=address,
        publish_href=f"{address}/publish" if one.published_at is None else "",
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        says=sentences([each.tried for each in every], name, year, None if used_id == one.id else used),
        listing=listing(
            asked,
            f"Schools in {name} in {spoken_year(year)}",
            COLUMNS,
            total=len(chosen),
            empty=empty,
            filters=(Filter("show", "Show", asked.value("show"), offers),) if every else (),
        ),
        lines=tuple(_line(member, each) for each in chosen[first : first + PAGE_SIZE]),
    )


async def table(
    db: AsyncSession, member: Member, criteria_id: uuid.UUID, asked: Asked, now: datetime
) -> list[tuple[object, ...]]:
    """Everything that fits what was asked, under `CSV_HEADER`. Raises NotFoundError."""
    one = await _version(db, member, criteria_id)
    every, _ = await _tried(db, member, one, _year(asked, now), now)
    return [
        (
            each.enrolled.urn,
            each.enrolled.school,
            _yes(each.tried.would),
            _yes(each.tried.does),
            each.tried.truth,
            each.not_met,
        )
        for each in _ordered([each for each in every if _fits(each, asked)], asked)
    ]


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _fits(one: _School, asked: Asked) -> bool:
    show = asked.value("show")
    shown = {"differs": one.differs, "would": one.tried.would, "would-not": not one.tried.would}
    return shown.get(show, True)


def _ordered(found: Sequence[_School], asked: Asked) -> list[_School]:
    column, down = asked.order(("name", "would", "does", "truth"))
    orders = {
        "name": lambda one: one.enrolled.school.casefold(),
        "would": lambda one: _yes(one.tried.would),
        "does": lambda one: _yes(one.tried.does),
        "truth": lambda one: one.tried.truth,
    }
    by_name = sorted(found, key=lambda one: (one.enrolled.school.casefold(), one.enrolled.urn))
    return sorted(by_name, key=orders[column], reverse=down)


def _line(member: Member, one: _School) -> TriedLine:
    href = f"/hubs/{member.hub_code}/enrolments/{one.enrolled.id}"
    return TriedLine(
        school=one.enrolled.school,
        href=href,
        would=one.tried.would,
        does=one.tried.does,
        truth=one.tried.truth,
        differs=one.differs,
        not_met=one.not_met,
    )
