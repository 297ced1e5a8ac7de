"""A school's journey: ten years on one line, then where it stands now, what is left and who sees to it."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings import states
from app.domain.stages import journey as drawing
from app.domain.stages import plans as plan_rules
from app.domain.stages.barriers import LEVER_NAMES, Weight, is_overdue, told_due
from app.domain.stages.journey import Enrolled, Happened, Line, PeopleYear, Told
from app.domain.stages.ladder import State
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year
from app.pages._parts import Asked, Need
from app.pages.meetings.marks import EventLine, event_lines
from app.pages.stages import now as now_part
from app.pages.stages.journey_moments import Known, Moment, moments, read
from app.pages.stages.now import Now, may_at
from app.store.meetings import marks
from app.store.stages import barriers, plans
from app.store.stages.barriers import BarrierRow
from app.store.stages.journey import EnrolledRow

CSV_HEADER = ("Day", "Year", "What", "How it stands", "School", "URN")
MOST_AHEAD = 6


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """Who takes part in a year, who came and who went."""

    year: str
    here: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarrierShort:
    """An open barrier in one line."""

    what: str
    lever: str
    weight: str
    owner: str
    due: str
    late: bool
    href: str


@dataclass(frozen=True, slots=True)
class PlanShort:
    """The year's action plan in one line."""

    says: str
    agreed: str
    waits: bool
    href: str


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """The page. `before` names schools that this one followed in the register."""

    template: ClassVar[str] = "stages/journey.html"
    home: str
    school_href: str
    name: str
    before: tuple[str, ...]
    line: Line
    earlier_href: str
    later_href: str
    csv_href: str
    svg_href: str
    moments: tuple[Moment, ...]
    people: tuple[PeopleLine, ...]
    needs: tuple[Need, ...]
    now: Now | None
    enrol_href: str
    barriers: tuple[BarrierShort, ...]
    barriers_href: str
    new_barrier_href: str
    plan: PlanShort
    ahead: tuple[EventLine, ...]
    areas_href: str
    conditions_href: str


async def load(db: AsyncSession, member: Member, urn: int, asked: Asked, now: datetime) -> JourneyPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    known = await read(db, member, urn)
    today = in_london(now).date()
    year = academic_year(today)
    years = drawing.years_shown(today, _until(asked, year))
    people = _people(known, year)
    home, here = f"/hubs/{member.hub_code}", f"/hubs/{member.hub_code}/schools/{urn}"
    standing = await now_part.load(db, member, urn, known.enrolled, now)
    rows = await barriers.listed(db, member, urn)
    opened = [one for one in rows if one.row.state == "open"]
    plan = await _plan(db, member, urn, year)
    plans_here = may_at(member, Can.PLAN_SCHOOL, urn)
    dates = [mark for one in (year, year + 1) for mark in await marks.of_school(db, member, one, urn)]
    dates = [one for one in dates if one.day >= today and one.status != "cancelled"]
    return JourneyPage(
        home=home,
        school_href=here,
        name=known.name,
        before=tuple(name for other, name in known.names.items() if other != urn),
        line=_drawn(known, people, years, now),
        earlier_href=asked.link(until=str(years[0] - 1)),
        later_href=_later(asked, years[-1], year),
        csv_href=asked.link(format="csv"),
        svg_href=asked.link(format="svg"),
        moments=moments(member, known, now),
        people=_people_lines(known, people),
        needs=await _needs(db, member, urn, plan) if plans_here else (),
        now=standing,
        enrol_href=f"{home}/enrolments/new?urn={urn}" if member.reaches(Can.EDIT_STAGES) and not standing else "",
        barriers=tuple(_barrier(home, one, today) for one in opened),
        barriers_href=f"{home}/barriers?urn={urn}",
        new_barrier_href=f"{here}/barriers/new" if plans_here else "",
        plan=plan,
        ahead=event_lines(member.hub_code, dates, now)[:MOST_AHEAD],
        areas_href=f"{here}/areas",
        conditions_href=f"{here}/conditions",
    )


async def load_line(db: AsyncSession, member: Member, urn: int, asked: Asked, now: datetime) -> Line:
    """The drawing alone. Raises NotFoundError."""
    known = await read(db, member, urn)
    today = in_london(now).date()
    year = academic_year(today)
    return _drawn(known, _people(known, year), drawing.years_shown(today, _until(asked, year)), now)


async def csv_rows(db: AsyncSession, member: Member, urn: int, now: datetime) -> list[tuple[object, ...]]:
    """Every moment of the journey under `CSV_HEADER`, the latest first. Raises NotFoundError."""
    known = await read(db, member, urn)
    return [
        (one.day, spoken_year(academic_year(one.day)), one.what, one.stands, one.school, one.urn)
        for one in moments(member, known, now)
    ]


def _until(asked: Asked, year: int) -> int | None:
    """The last year that the address asks for: between the beginnings of the programme and ten years ahead."""
    text = asked.value("until")
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return None
    return min(max(int(text), 2014), year + drawing.AHEAD)


def _later(asked: Asked, last: int, year: int) -> str:
    """The ten years after those shown; empty where those are the latest."""
    newest = year + drawing.AHEAD
    if last >= newest:
        return ""
    return asked.link(until="" if last + drawing.YEARS >= newest else str(last + drawing.YEARS))


def _drawn(known: Known, people: Sequence[PeopleYear], years: tuple[int, ...], now: datetime) -> Line:
    happened = [Happened("visit", one.day, states.state(one.status, one.ends_at, now)) for one in known.visits]
    found = {(one.kind, one.day) for one in known.reviews}
    happened += [Happened("areas" if kind == "areas" else "conditions", day) for kind, day in sorted(found)]
    enrolled = [_enrolled(one) for one in known.enrolled]
    return drawing.line(Told(known.name, enrolled, happened, people, years, in_london(now).date()))


def _enrolled(one: EnrolledRow) -> Enrolled:
    row = one.row
    ended = row.withdrawn_on if row.state == State.WITHDRAWN else row.completed_on
    return Enrolled(row.urn, row.year, row.kind, one.programme, row.state, row.began_on, ended)


def _people(known: Known, year: int) -> list[PeopleYear]:
    taking: dict[int, set[uuid.UUID]] = defaultdict(set)
    for one in known.takers:
        taking[one.year].add(one.person_id)
    if not taking:
        return []
    years = range(min(taking), max(*taking, year) + 1)
    return drawing.people_years({key: frozenset(some) for key, some in taking.items()}, list(years), year)


def _people_lines(known: Known, people: Sequence[PeopleYear]) -> tuple[PeopleLine, ...]:
    names = {one.person_id: one.name for one in known.takers}

    def named(some: frozenset[uuid.UUID]) -> tuple[str, ...]:
        known_names = sorted((names[one] for one in some if names[one]), key=str.casefold)
        unseen = len(some) - len(known_names)
        return (*known_names, *([f"{unseen} more"] if unseen else []))

    return tuple(
        PeopleLine(spoken_year(one.year), named(one.here), named(one.came), named(one.went)) for one in reversed(people)
    )


async def _plan(db: AsyncSession, member: Member, urn: int, year: int) -> PlanShort:
    """The plan of this year in one line: two statements."""
    href = f"/hubs/{member.hub_code}/schools/{urn}/plan/{year}"
    found = await plans.of_year(db, member, urn, year)
    if found is None:
        return PlanShort(f"There is no action plan for {spoken_year(year)} yet.", "", waits=False, href=href)
    actions = [one.row for one in await plans.actions(db, found.row.id)]
    agreed = found.row.agreed_at
    says = f"{plan_rules.told(found.row.aims, actions)}."
    if agreed:
        told = f"Agreed by {found.agreed_by or 'the head'}, {spoken_date(in_london(agreed).date())}."
        return PlanShort(says, told, waits=False, href=href)
    waits = plan_rules.may_agree(found.row.aims, actions) is None
    return PlanShort(says, "The head has not agreed it.", waits=waits, href=href)


def _barrier(home: str, one: BarrierRow, today: date) -> BarrierShort:
    return BarrierShort(
        what=one.row.what,
        lever=LEVER_NAMES.get(one.row.lever, one.row.lever),
        weight=Weight(one.row.weight).value,
        owner=one.owner,
        due=told_due(one.row.state, one.row.due, today),
        late=is_overdue(one.row.state, one.row.due, today),
        href=f"{home}/barriers/{one.row.id}",
    )


async def _needs(db: AsyncSession, member: Member, urn: int, plan: PlanShort) -> tuple[Need, ...]:
    """What waits at this school for whoever plans with it: one statement."""
    named = await barriers.named_in_records(db, member, urn)
    home = f"/hubs/{member.hub_code}"
    needs = []
    if named:
        says = f"{_count(len(named), 'barrier')} named in records and not taken up by a leader yet."
        needs.append(Need(says, "Name the leader who sees to it", f"{home}/barriers/named?urn={urn}", urgency="soon"))
    if plan.waits and may_at(member, Can.AGREE_PLAN, urn):
        needs.append(Need("The action plan waits for you to agree it.", "Read the plan", plan.href, urgency="soon"))
    return tuple(needs)


def _count(count: int, one: str) -> str:
    return f"1 {one} is" if count == 1 else f"{count} {one}s are"
