"""What whoever takes over from somebody needs, on one page and in one file. Rules: docs/rules/people.md."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_hours, spoken_year
from app.render.stages.pack import pack_pdf
from app.store.people import directory
from app.store.stages import entitlement, pack
from app.store.stages.pack import Date, Someone

KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}


@dataclass(frozen=True, slots=True)
class PackLine:
    """One thing: what it is, where it leads (empty: nowhere), and what there is to say of it."""

    what: str
    href: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackPart:
    """One part of the pack; `empty` is said where it has no lines."""

    heading: str
    empty: str
    lines: tuple[PackLine, ...]


@dataclass(frozen=True, slots=True)
class PackPage:
    """Everything for a successor, and no words of any record."""

    template: ClassVar[str] = "people/pack.html"
    name: str
    hub: str
    made: str
    parts: tuple[PackPart, ...]
    pdf: str
    back: str
    hand_over: str


async def load(db: AsyncSession, member: Member, person_id: uuid.UUID, now: datetime) -> PackPage:
    """The page; raises NotFoundError for whoever may not have it."""
    today = in_london(now).date()
    year = academic_year(today)
    person = await directory.one(db, member, person_id)
    if person is None or person.erased_at or not await pack.may_read(db, member, person_id, year):
        raise NotFoundError
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/people/{person_id}"
    office = Reach.HUB in member.reaches(Can.EDIT_PEOPLE)
    parts = (
        await _groups(db, home, person_id, year),
        _dates(home, person_id, await pack.dates(db, person_id, now)),
        await _actions(db, member, home, person_id),
        await _visits(db, member, (home, person_id), now),
        _records(home, await pack.agreed(db, person_id)),
        await _schools(db, member, person_id, year),
    )
    return PackPage(
        name=person.name,
        hub=member.hub_name,
        made=spoken_date(today),
        parts=parts,
        pdf=f"{here}/pack/pack.pdf",
        back=here,
        hand_over=f"{here}/hand-over" if office else "",
    )


async def as_pdf(db: AsyncSession, member: Member, person_id: uuid.UUID, now: datetime) -> tuple[str, bytes]:
    """The same as a file: its name and its bytes. Raises NotFoundError."""
    page = await load(db, member, person_id, now)
    data = {"name": page.name, "hub": page.hub, "made": page.made, "parts": [asdict(part) for part in page.parts]}
    return f"handover-{person_id}.pdf", pack_pdf(data, now)


async def _groups(db: AsyncSession, home: str, person_id: uuid.UUID, year: int) -> PackPart:
    groups = await pack.groups(db, person_id, year)
    people = await pack.taking_part(db, [one.id for one in groups if one.leader_id == person_id])
    lines = []
    for one in groups:
        leads = one.leader_id == person_id
        says = [
            f"{one.programme}, {spoken_year(one.year)}. "
            + ("Leads it." if leads else f"Led by {one.leader}, {one.email}.")
        ]
        says += [_someone(each) for each in people if each.group_id == one.id]
        lines.append(PackLine(one.code, f"{home}/groups/{one.id}", tuple(says)))
    return PackPart("Work Groups", "No Work Group from this year on.", tuple(lines))


def _someone(one: Someone) -> str:
    return f"{one.name}, {one.part}: {one.email}"


def _heading(one: Date) -> str:
    of = f" of {one.group}" if one.group else ""
    return f"{KINDS[one.event.kind]}{of} {'online' if one.event.online else f'at {one.school}'}"


def _dates(home: str, person_id: uuid.UUID, dates: Sequence[Date]) -> PackPart:
    lines = []
    for one in dates:
        event = one.event
        part = "Leads" if event.lead_id == person_id else "Is observed" if event.teacher_id == person_id else "Comes"
        certain = "" if event.status == "confirmed" else " Not fixed yet."
        when = f"{spoken_date(event.day)}, {spoken_hours(event.starts_at, event.ends_at)}"
        lines.append(PackLine(when, f"{home}/events/{event.id}", (f"{_heading(one)}. {part}.{certain}",)))
    return PackPart("Coming dates", "No date ahead.", tuple(lines))


async def _actions(db: AsyncSession, member: Member, home: str, person_id: uuid.UUID) -> PackPart:
    places = {"barrier": f"{home}/barriers", "action": f"{home}/actions"}
    names = {"barrier": "Barrier", "action": "Action of the plan"}
    lines = []
    for one in await pack.actions(db, member, person_id):
        due = f", due {spoken_date(one.due)}" if one.due else ""
        lines.append(PackLine(one.what, f"{places[one.kind]}/{one.id}", (f"{names[one.kind]} of {one.school}{due}.",)))
    for code, count, due_on in await pack.tasks(db, person_id):
        what = f"{count} open gap {'task' if count == 1 else 'tasks'}" + (f" of {code}" if code else "")
        first = f"The first by {spoken_date(due_on)}. " if due_on else ""
        lines.append(PackLine(what, "", (f"{first}Their words stay in the record, for those who take part.",)))
    return PackPart("Open actions", "Nothing open is theirs.", tuple(lines))


async def _visits(db: AsyncSession, member: Member, whose: tuple[str, uuid.UUID], now: datetime) -> PackPart:
    """`whose`: the hub's address and the person."""
    home, person_id = whose
    year = academic_year(in_london(now).date())
    schools = await pack.visited(db, person_id, year)
    known = await entitlement.of_year(db, member.hub_id, year, now) if schools else {}
    lines = []
    for urn, name in schools:
        own, says = known.get(urn), []
        if own:
            left = "nothing left to book" if not own.left else f"{own.left} still to book"
            says.append(f"{own.allowed} allowed, {own.held} held, {own.booked} booked, {left}.")
            if own.last_day and own.left:
                says.append(f"Book the next by {spoken_date(own.last_day)}, or the rest does not fit.")
        lines.append(PackLine(name, f"{home}/schools/{urn}", tuple(says)))
    return PackPart("Visits", "They visit no school this year.", tuple(lines))


def _records(home: str, agreed: Sequence[Date]) -> PackPart:
    lines = tuple(
        PackLine(spoken_date(one.event.day), f"{home}/events/{one.event.id}", (f"{_heading(one)}.",)) for one in agreed
    )
    return PackPart("Last agreed summaries", "No record of theirs is agreed yet.", lines)


async def _schools(db: AsyncSession, member: Member, person_id: uuid.UUID, year: int) -> PackPart:
    groups = await pack.groups(db, person_id, year)
    led = [one.id for one in groups if one.leader_id == person_id]
    schools = await pack.schools_of(db, person_id, led, year)
    heads = await pack.heads_of(db, member.hub_id, [school.urn for school, _ in schools])
    lines = []
    for school, notes in schools:
        address = ", ".join(part for part in (school.street, school.town, school.postcode) if part)
        says = [part for part in (address, f"Telephone {school.phone}" if school.phone else "") if part]
        says += [f"Head: {one.name}, {one.email}" for one in heads.get(school.urn, [])]
        if notes:
            says.append(f"To know: {notes}")
        lines.append(PackLine(school.name, f"/hubs/{member.hub_code}/schools/{school.urn}", tuple(says)))
    return PackPart("Schools, whom to ask, and what to know", "No school goes along.", tuple(lines))
