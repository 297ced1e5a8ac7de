"""One school in a year: what GIAS says, what the hub keeps, and all that happens there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.people.working_days import in_words
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import NotFoundError
from app.kit.periods import HALF_TERMS, WEEKDAYS, in_london, spoken_date, spoken_year, year_span
from app.pages._parts import Need
from app.pages.meetings.marks import EventLine, event_lines, ribbon_events
from app.pages.people import photos
from app.pages.ribbon import Ribbon, ribbon
from app.pages.schools.listing import GroupLink, group_link
from app.pages.stages import now as now_part
from app.pages.stages.now import StandsShort
from app.pages.trail import history_of
from app.store.meetings import groups, marks
from app.store.schools import calendars, reading
from app.store.schools.calendars import CalendarRow
from app.store.schools.reading import Facts, Known, OwnDay

DAY_NAMES = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), strict=True))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, and where it leads if anywhere."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class SchoolTaker:
    """Someone who comes to a Work Group for the school."""

    name: str
    href: str
    role: str
    group: str
    works: str
    left: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day on which the school is closed or busy; `remove_href` for who may take it away."""

    when: str
    kind: str
    name: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """The page; empty addresses are for those who may only look."""

    template: ClassVar[str] = "schools/school.html"
    home: str
    name: str
    year: str
    needs: tuple[Need, ...]
    ribbon: Ribbon
    events: tuple[EventLine, ...]
    groups: tuple[GroupLink, ...]
    visits: str
    people: tuple[SchoolTaker, ...]
    kept: tuple[Fact, ...]
    notes: str
    days: tuple[DayLine, ...]
    facts: tuple[Fact, ...]
    edit_href: str
    day_href: str
    attendance_href: str
    history: str
    stands: StandsShort | None
    owed_href: str


async def load(db: AsyncSession, member: Member, year: int, urn: int, now: datetime) -> SchoolPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    known = await reading.known(db, member, year, urn)
    facts = await reading.facts(db, urn)
    if known is None or facts is None:
        raise NotFoundError
    kept = await calendars.some(db, member.hub_id, [known.calendar_id] if known.calendar_id else [])
    calendar = kept.get(known.calendar_id) if known.calendar_id else None
    own = (await reading.own_days(db, member.hub_id, [urn], year_span(year)))[urn]
    shut = await reading.hub_closures(db, member.hub_id, year_span(year))
    events = await marks.of_school(db, member, year, urn)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/schools/{urn}"
    may_edit = bool(member.reaches(Can.EDIT_SCHOOLS))
    days_off = calendar.days_off if calendar else ()
    closed = {*bank_holidays(year), *shut, *(off.day for off in days_off), *(day.day for day in own)}
    return SchoolPage(
        home=home,
        name=facts.name,
        year=spoken_year(year),
        needs=_needs(facts, known, home) if may_edit else (),
        ribbon=ribbon(
            f"{facts.name} in {spoken_year(year)}",
            calendar.half_terms if calendar else (),
            closed,
            ribbon_events(member.hub_code, events, now, here=urn),
            in_london(now).date(),
        ),
        events=event_lines(member.hub_code, events, now),
        groups=tuple(
            group_link(member.hub_code, one) for one in await groups.memberships(db, member, year) if one.urn == urn
        ),
        visits=await _visits(db, member, year, urn),
        people=await _people(db, member, year, urn),
        kept=(*_kept(known, calendar, home), await _photos(db, member, urn)),
        notes=known.notes,
        days=tuple(_day(one, f"{here}/days/{one.id}/remove" if may_edit else "") for one in own),
        facts=(*_facts(facts), *await _links(db, urn)),
        edit_href=f"{here}/edit?year={year}" if may_edit else "",
        day_href=f"{here}/days?year={year}" if may_edit else "",
        attendance_href=f"{home}/attendance?school={urn}&year={year}" if member.reaches(Can.SEE_ATTENDANCE) else "",
        history=history_of(member, "school", urn),
        stands=await now_part.short(db, member, year, urn, now) if member.reaches(Can.SEE_STAGES) else None,
        owed_href=f"{here}/owed?year={year}" if now_part.may_at(member, Can.SEE_OWED, urn) else "",
    )


def half_days_in_words(week: Mapping[str, Sequence[str]]) -> str:
    """Monday morning, Tuesday all day."""
    words = {("am",): "morning", ("pm",): "afternoon", ("am", "pm"): "all day"}
    said = [f"{DAY_NAMES[day]} {words[tuple(sorted(week[day]))]}" for day in WEEKDAYS if week.get(day)]
    return ", ".join(said)


def half_terms_in_words(numbers: Sequence[int]) -> str:
    """Autumn 1, Spring 2; "every half term" for all six."""
    return "every half term" if len(set(numbers)) == 6 else ", ".join(HALF_TERMS[number] for number in sorted(numbers))


async def _visits(db: AsyncSession, member: Member, year: int, urn: int) -> str:
    series = await groups.series_of_school(db, member.hub_id, year, urn)
    if series is None or not member.reaches(Can.SEE_EVENTS):
        return ""
    return f"{series.visitor} visits in {half_terms_in_words(series.half_terms)}, with {series.group}."


async def _people(db: AsyncSession, member: Member, year: int, urn: int) -> tuple[SchoolTaker, ...]:
    found = await groups.takers_of_school(db, member, year, urn)
    return tuple(
        SchoolTaker(
            one.name,
            f"/hubs/{member.hub_code}/people/{one.person_id}",
            one.role,
            code,
            in_words(one.works) or "no working days known",
            one.left,
        )
        for one, code in found
    )


def _needs(facts: Facts, known: Known, home: str) -> tuple[Need, ...]:
    """What stands between this school and the year's plan."""
    edit = f"{home}/schools/{facts.urn}/edit?year={known.year}"
    needs = []
    if facts.status.lower() == "closed":
        says = f"{facts.name} has closed, says GIAS. Its successor may have another URN: add that school instead."
        needs.append(Need(says, "Find the school that follows", f"{home}/schools/add", "", "late"))
    if known.calendar_id is None:
        says = f"{facts.name} has no calendar, so no meeting or visit can be placed there."
        needs.append(Need(says, "Choose its calendar", edit, "", "late"))
    if not known.maths:
        needs.append(Need(f"No half-day with a maths lesson is known at {facts.name}.", "Say when", edit, "", "soon"))
    return tuple(needs)


def _kept(known: Known, calendar: CalendarRow | None, home: str) -> tuple[Fact, ...]:
    facts = [
        Fact("Calendar", calendar.name, f"{home}/calendars/{calendar.id}")
        if calendar
        else Fact("Calendar", "None yet"),
        Fact("Half-days with maths", half_days_in_words(known.maths) or "None known"),
        Fact("Hosts meetings", "Yes" if known.hosts else "No"),
        Fact("Hosted before", str(known.hosted_before)),
    ]
    if known.rather_not_host:
        facts.append(Fact("Rather does not host in", half_terms_in_words(known.rather_not_host)))
    return tuple(facts)


async def _photos(db: AsyncSession, member: Member, urn: int) -> Fact:
    """Whether photos may be taken there, leading to where that is said for those who may."""
    href = f"/hubs/{member.hub_code}/schools/{urn}/photos" if member.reaches(Can.ALLOW_PHOTOS) else ""
    return Fact("Photos in records", await photos.in_words(db, member, urn), href)


def _day(one: OwnDay, remove_href: str) -> DayLine:
    return DayLine(spoken_date(one.day), one.kind, one.name, remove_href)


def _facts(facts: Facts) -> tuple[Fact, ...]:
    low, high = facts.ages
    website = facts.website if facts.website.startswith(("http://", "https://")) else f"https://{facts.website}"
    told = (
        Fact("URN", str(facts.urn)),
        Fact("Status", facts.status.capitalize()),
        Fact("Kind", facts.kind),
        Fact("Phase", facts.phase),
        Fact("Ages", f"{low} to {high}" if low is not None and high is not None else ""),
        Fact("Pupils", f"{facts.pupils:,}" if facts.pupils is not None else ""),
        Fact("Ofsted", _ofsted(facts)),
        Fact("Address", ", ".join(facts.address)),
        Fact("Local authority", facts.authority),
        Fact("Telephone", facts.phone),
        Fact("Website", facts.website, website),
    )
    return tuple(fact for fact in told if fact.value)


def _ofsted(facts: Facts) -> str:
    when = f", {spoken_date(facts.ofsted_on)}" if facts.ofsted_on else ""
    return f"{facts.ofsted or 'Last inspected'}{when}" if facts.ofsted or when else ""


async def _links(db: AsyncSession, urn: int) -> tuple[Fact, ...]:
    return tuple(
        Fact(one.kind, f"{one.name} ({one.urn})" if one.name else str(one.urn)) for one in await reading.links(db, urn)
    )
