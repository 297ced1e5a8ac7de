"""One person: who they are, when they work, what they are in, and their year."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.people.working_days import in_words
from app.domain.stages.handing_over import Held
from app.kit.bank_holidays import bank_holidays
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year, year_span
from app.pages._parts import Confirm, Field, Form
from app.pages.meetings.marks import ribbon_events
from app.pages.ribbon import Ribbon, ribbon
from app.pages.trail import history_of
from app.store import trail
from app.store.meetings import leaving, marks
from app.store.people import directory
from app.store.schools import calendars, reading
from app.store.stages import handing_over


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A Work Group the person is in, and as what."""

    code: str
    href: str
    part: str


@dataclass(frozen=True, slots=True)
class AwayLine:
    """A day on which the person cannot come; `remove` takes it back."""

    day: str
    name: str
    remove: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person. `edit`, `leave` and so on are addresses, empty for those who may not."""

    template: ClassVar[str] = "people/one.html"
    name: str
    email: str
    phone: str
    roles: tuple[str, ...]
    works: str
    base: str
    base_href: str
    cohort: str
    left: str
    places: tuple[PlaceLine, ...]
    ribbon: Ribbon
    away: tuple[AwayLine, ...]
    away_form: Form | None
    edit: str
    leave: str
    erase: str
    back: str
    hand_over: str
    pack: str
    change_school: str
    hand_back: tuple[PlaceLine, ...]
    history: str


async def person_page(db: AsyncSession, member: Member, person_id: uuid.UUID, now: datetime) -> PersonPage:
    """The person, where the member may see them; raises NotFoundError."""
    person = await directory.one(db, member, person_id)
    if person is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/people/{person_id}"
    may_edit = Reach.HUB in member.reaches(Can.EDIT_PEOPLE) and person.erased_at is None
    roles = await directory.roles(db, person_id)
    bases = await directory.school_names(db, [person.base_urn] if person.base_urn else [])
    numbers = await directory.cohort_numbers(db, member.hub_id)
    return PersonPage(
        name=person.name,
        email=person.email,
        phone=await directory.phone(db, member, person_id),
        roles=tuple(role.value + (f" of {school}" if school else "") for role, _urn, school in roles),
        works=in_words(person.works),
        base=bases.get(person.base_urn, "") if person.base_urn else "",
        base_href=f"{home}/schools/{person.base_urn}" if person.base_urn else "",
        cohort=f"Cohort {numbers[person.cohort_id]}" if person.cohort_id in numbers else "",
        left=spoken_date(person.left_on) if person.left_on else "",
        places=tuple(await _places(db, member, person_id)),
        ribbon=await _year(db, member, person_id, person.base_urn, now),
        away=await _away(db, member, person_id, here if may_edit else ""),
        away_form=away_form(here) if may_edit and not person.left_on else None,
        edit=f"{here}/edit" if may_edit else "",
        erase=f"{here}/erase" if may_edit and member.reaches(Can.PROTECT_DATA) else "",
        leave=f"{here}/leave" if may_edit and not person.left_on else "",
        back=f"{here}/back" if may_edit and person.left_on else "",
        hand_over=f"{here}/hand-over" if may_edit else "",
        pack=f"{here}/pack" if may_edit else "",
        change_school=f"{here}/change-school" if may_edit and not person.left_on else "",
        hand_back=await _hand_back(db, member, person_id) if may_edit and not person.left_on else (),
        history=history_of(member, "person", person_id),
    )


async def _hand_back(db: AsyncSession, member: Member, person_id: uuid.UUID) -> tuple[PlaceLine, ...]:
    """What they handed over last, to be handed back: the same preview the other way round, by whoever has it."""
    sought = trail.Sought(did="Handed over", kind="person", thing=str(person_id))
    done = await trail.deeds(db, member.hub_id, sought, (1, 0))
    went: dict[str, list[tuple[str, str]]] = {}
    for deed in done:
        for key, taker in deed.facts.get("to", {}).items():
            went.setdefault(taker, []).append((f"to-{key}", str(person_id)))
    names = await trail.names(db, member.hub_id, [{"to": list(went)}]) if went else {}
    dates = [(f"date-{one}", str(person_id)) for deed in done for one in deed.facts.get("events", ())]
    home, when = f"/hubs/{member.hub_code}/people", spoken_date(in_london(done[0].at).date()) if done else ""
    return tuple(
        PlaceLine(
            names.get(taker, ""), f"{home}/{taker}/hand-over?{urlencode([('look', 'yes'), *things, *dates])}", when
        )
        for taker, things in went.items()
        if taker in names
    )


async def _places(db: AsyncSession, member: Member, person_id: uuid.UUID) -> list[PlaceLine]:
    found = await directory.places(db, member, person_id)
    return [
        PlaceLine(
            code=f"{place.code}, {spoken_year(place.year)}",
            href=f"/hubs/{member.hub_code}/groups/{place.group_id}",
            part="leads it" if place.leads else f"comes from {place.school}",
        )
        for place in found
    ]


async def _away(db: AsyncSession, member: Member, person_id: uuid.UUID, here: str) -> tuple[AwayLine, ...]:
    if not here and person_id != member.person_id:
        return ()  # why somebody is away is between them and the hub
    days = await directory.away_days(db, person_id)
    return tuple(AwayLine(spoken_date(one.day), one.name, f"{here}/away/{one.id}" if here else "") for one in days)


async def _year(db: AsyncSession, member: Member, person_id: uuid.UUID, base: int | None, now: datetime) -> Ribbon:
    today = in_london(now).date()
    year = academic_year(today)
    events = await marks.of_person(db, member, year, person_id)
    calendar_id = await directory.calendar_for(db, member.hub_id, year, [base, *(event.urn for event in events)])
    calendar = (await calendars.some(db, member.hub_id, [calendar_id])).get(calendar_id) if calendar_id else None
    shown = ribbon_events(member.hub_code, events, now, base)
    closed = {*bank_holidays(year), *(await reading.hub_closures(db, member.hub_id, year_span(year)))}
    return ribbon(f"The year {spoken_year(year)}", calendar.half_terms if calendar else (), closed, shown, today)


def away_form(here: str) -> Form:
    """Notes days on which the person cannot come."""
    return Form(
        action=f"{here}/away",
        submit="Note these days",
        fields=(
            Field(name="first", label="First day", kind="date", width="10"),
            Field(name="last", label="Last day", kind="date", width="10", hint="Leave it empty for one day."),
            Field(name="why", label="A word on why, if you like", width="20"),
        ),
    )


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Asks before somebody is marked as gone."""

    template: ClassVar[str] = "people/leave.html"
    confirm: Confirm


async def leave_page(db: AsyncSession, member: Member, person_id: uuid.UUID, now: datetime) -> LeavePage:
    """The question, with what becomes of their dates; raises NotFoundError."""
    person = await directory.one(db, member, person_id)
    if person is None:
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/people/{person_id}"
    led = await directory.led_from(db, person_id, academic_year(in_london(now).date()))
    ahead = await leaving.ahead(db, person_id, now)
    held = await handing_over.held(db, person_id, ())
    if led or ahead.leads or held:
        return LeavePage(_hand_over_first(person.name, led, (ahead.leads, held), here))
    return LeavePage(
        Confirm(
            question=f"Has {person.name} left?",
            happens=(
                "They can no longer sign in to this hub, and their calendar shows nothing of it any more.",
                *_freed(ahead),
                "Everything they took part in stays as it is, and so do tasks that stand in a record.",
                "You can bring them back at any time.",
            ),
            action=f"{here}/leave",
            submit="Yes, they have left",
            back=here,
        )
    )


def _freed(ahead: leaving.Ahead) -> tuple[str, ...]:
    said = []
    if ahead.comes:
        dates = "1 date ahead is" if ahead.comes == 1 else f"{ahead.comes} dates ahead are"
        said.append(f"Their place at {dates} free again.")
    if ahead.observed:
        watched = "1 lesson observation" if ahead.observed == 1 else f"{ahead.observed} lesson observations"
        said.append(f"{watched} of theirs will be cancelled, in everybody's calendar.")
    return tuple(said)


def _hand_over_first(name: str, led: Sequence[str], more: tuple[int, Sequence[Held]], here: str) -> Confirm:
    """`more`: dates that they lead, and open actions that they hold."""
    dates, held = more
    leads = [f"They lead or visit {', '.join(led)}."] if led else []
    if held:
        leads.append(f"They hold {', '.join(one.words for one in held)}.")
    if dates:
        leads.append(f"They lead {'1 date' if dates == 1 else f'{dates} dates'} ahead.")
    return Confirm(
        question=f"Before {name} leaves: who takes over?",
        happens=(*leads, "You choose who takes on what, and see each date before anything happens."),
        action=f"{here}/hand-over",
        submit="Choose who takes over",
        back=here,
        kept=(("gone", "yes"),),
        harm=False,
        method="get",
    )
