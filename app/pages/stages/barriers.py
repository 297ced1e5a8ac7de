"""Barriers of a hub's schools: the list, one of them, and those that records name and nobody has taken up."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.stages.barriers import LEVER_NAMES, STATES, Weight, is_overdue, told_due
from app.domain.stages.ladder import Stage, stage_of, standing
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.stages.now import may_at
from app.pages.trail import history_of
from app.store.stages import barriers
from app.store.stages.barriers import BarrierRow, Named

COLUMNS = (
    Column("due", "To be dealt with by"),
    Column("school", "School"),
    Column("what", "What stands in the way"),
    Column("lever", "Where it sits"),
    Column("weight", "Weight"),
    Column("owner", "Leader"),
    Column("state", "State"),
)
CSV_HEADER = ("School", "URN", "Stage", "What stands in the way", "Where it sits", "Weight", "Leader", "By", "State")
CSV_END = ("Overdue", "Because")
WEIGHT_ORDER = [one.value for one in Weight]


@dataclass(frozen=True, slots=True)
class BarrierLine:
    """A barrier as a row; `late` when it is open after its day."""

    id: uuid.UUID
    href: str
    urn: int
    school: str
    school_href: str
    look: str
    stage: str
    what: str
    lever_key: str
    lever: str
    weight: str
    owner: str
    due: date
    by: str
    late: bool
    state_key: str
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class BarriersPage:
    """The list. `named` counts those that records name and nobody has taken up."""

    template: ClassVar[str] = "stages/barriers.html"
    listing: Listing
    lines: tuple[BarrierLine, ...]
    named: int
    named_href: str


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A barrier that a record names: its words are not told here."""

    school: str
    school_href: str
    lever: str
    by: str
    day: str
    href: str


@dataclass(frozen=True, slots=True)
class NamedPage:
    """What records name and nobody has taken up."""

    template: ClassVar[str] = "stages/barriers_named.html"
    home: str
    lines: tuple[NamedLine, ...]


@dataclass(frozen=True, slots=True)
class BarrierPage:
    """One barrier; empty addresses for those who may only look."""

    template: ClassVar[str] = "stages/barrier.html"
    home: str
    line: BarrierLine
    weight: str
    closed: str
    from_record: str
    from_review: str
    made: str
    edit_href: str
    close_href: str
    open_again_href: str
    history: str


async def lines_of(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[BarrierLine]:
    """Every barrier that fits what was asked, in its order: two statements."""
    return _ordered([one for one in await _lines(db, member, now) if _fits(one, asked)], asked)


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> BarriersPage:
    """The list: three statements whatever the number of barriers."""
    every = await _lines(db, member, now)
    chosen = _ordered([one for one in every if _fits(one, asked)], asked)
    empty = Empty("What stands in a school's way will be here, each with the leader who sees to it and a day.")
    first = (asked.page - 1) * PAGE_SIZE
    return BarriersPage(
        listing=listing(asked, "Barriers", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        named=len(await _named(db, member)),
        named_href=f"/hubs/{member.hub_code}/barriers/named",
    )


async def load_named(db: AsyncSession, member: Member, urn: int | None) -> NamedPage:
    """What records name and nobody has taken up, at one school or at all that the member plans with: one statement."""
    home = f"/hubs/{member.hub_code}"
    found = [one for one in await _named(db, member) if urn in {None, one.urn}]
    return NamedPage(
        home=home,
        lines=tuple(
            NamedLine(
                one.school,
                f"{home}/schools/{one.urn}/journey",
                LEVER_NAMES.get(one.lever, ""),
                spoken_date(date.fromisoformat(one.by)) if one.by else "",
                spoken_date(one.day),
                f"{home}/schools/{one.urn}/barriers/new?event={one.event_id}&item={one.item}",
            )
            for one in found
        ),
    )


async def load_one(db: AsyncSession, member: Member, barrier_id: uuid.UUID, now: datetime) -> BarrierPage:
    """One barrier: two statements. Raises NotFoundError."""
    found = await barriers.one(db, member, barrier_id)
    if found is None:
        raise NotFoundError
    row, today = found.row, in_london(now).date()
    home = f"/hubs/{member.hub_code}"
    href = f"{home}/barriers/{row.id}"
    stages = await _stages(db, member, today)
    plans = may_at(member, Can.PLAN_SCHOOL, row.urn)
    is_open = row.state == "open"
    return BarrierPage(
        home=home,
        line=line_of(home, found, stages.get(row.urn), today),
        weight=Weight(row.weight).says,
        closed=spoken_date(in_london(row.closed_at).date()) if row.closed_at else "",
        from_record=f"{home}/events/{row.event_id}" if row.event_id else "",
        from_review=f"{home}/conditions/{row.review_id}" if row.review_id else "",
        made=spoken_date(in_london(row.made_at).date()),
        edit_href=f"{href}/edit" if plans and is_open else "",
        close_href=f"{href}/close" if plans and is_open else "",
        open_again_href=f"{href}/open-again" if plans and not is_open else "",
        history=history_of(member, "school", row.urn),
    )


def csv_row(line: BarrierLine) -> tuple[object, ...]:
    """A barrier under `CSV_HEADER` and `CSV_END`."""
    head = (line.school, line.urn, line.stage, line.what, line.lever, line.weight, line.owner, line.due, line.state)
    return (*head, "yes" if line.late else "no", line.because)


async def _named(db: AsyncSession, member: Member) -> list[Named]:
    """Only those of schools that the member plans with: others could not take them up."""
    found = await barriers.named_in_records(db, member) if member.reaches(Can.PLAN_SCHOOL) else []
    return [one for one in found if may_at(member, Can.PLAN_SCHOOL, one.urn)]


async def _lines(db: AsyncSession, member: Member, now: datetime) -> list[BarrierLine]:
    today = in_london(now).date()
    stages = await _stages(db, member, today)
    home = f"/hubs/{member.hub_code}"
    return [line_of(home, one, stages.get(one.row.urn), today) for one in await barriers.listed(db, member)]


async def _stages(db: AsyncSession, member: Member, today: date) -> dict[int, Stage]:
    """Where each school stands this year: one statement."""
    year = academic_year(today)
    found = await barriers.enrolled(db, member, year)
    stages = {}
    for urn, enrolled in found.items():
        if stands := standing(enrolled, year):
            stages[urn] = stage_of(stands.kind)
    return stages


def line_of(home: str, one: BarrierRow, stage: Stage | None, today: date) -> BarrierLine:
    """A barrier as a row; `stage`: where its school stands, where that is known."""
    row = one.row
    return BarrierLine(
        id=row.id,
        href=f"{home}/barriers/{row.id}",
        urn=row.urn,
        school=one.school,
        school_href=f"{home}/schools/{row.urn}/journey",
        look=stage.value if stage else "",
        stage=stage.says if stage else "",
        what=row.what,
        lever_key=row.lever,
        lever=LEVER_NAMES.get(row.lever, row.lever),
        weight=row.weight,
        owner=one.owner,
        due=row.due,
        by=told_due(row.state, row.due, today),
        late=is_overdue(row.state, row.due, today),
        state_key=row.state,
        state=STATES[row.state],
        because=row.because,
    )


def _fits(line: BarrierLine, asked: Asked) -> bool:
    said = f"{line.school} {line.what} {line.owner}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("lever") in {"", line.lever_key}
        and asked.value("weight") in {"", line.weight}
        and asked.value("state") in {"", line.state_key}
        and asked.value("stage") in {"", line.look or "none"}
        and asked.value("urn") in {"", str(line.urn)}
        and (line.late or asked.value("overdue") != "yes")
    )


_ORDERS: dict[str, Callable[[BarrierLine], Any]] = {
    "due": lambda line: (line.state_key != "open", line.due, line.school.casefold()),
    "school": lambda line: (line.school.casefold(), line.due),
    "what": lambda line: line.what.casefold(),
    "lever": lambda line: (line.lever, line.due),
    "weight": lambda line: (WEIGHT_ORDER.index(line.weight), line.due),
    "owner": lambda line: (line.owner.casefold(), line.due),
    "state": lambda line: (list(STATES).index(line.state_key), line.due),
}


def _ordered(lines: list[BarrierLine], asked: Asked) -> list[BarrierLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted(lines, key=_ORDERS[column], reverse=down)


def _filters(asked: Asked, lines: Sequence[BarrierLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    schools = sorted({(str(line.urn), line.school) for line in lines}, key=lambda one: one[1].casefold())
    stages = {line.look or "none": line.stage or "In no programme" for line in lines}
    return (
        Filter("q", "School, words or leader", asked.value("q")),
        Filter("urn", "School", asked.value("urn"), tuple(Choice(*one) for one in schools)),
        Filter("state", "State", asked.value("state"), _choices(STATES)),
        Filter("overdue", "Past its day", asked.value("overdue"), (Choice("yes", "Only those past their day"),)),
        Filter("weight", "Weight", asked.value("weight"), tuple(Choice(one, one.capitalize()) for one in Weight)),
        Filter("lever", "Where it sits", asked.value("lever"), _choices(LEVER_NAMES)),
        Filter("stage", "Stage", asked.value("stage"), _choices(stages)),
    )


def _choices(names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, name) for key, name in names.items())
