"""Makers of rows for tests: each makes one plausible thing and returns it. Everyone and everything is made up."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Role, Viewer
from app.kit.ids import new_id
from app.kit.periods import london
from app.models.hubs import Closure, Hub, HubYear, Programme
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.notes import Note, NoteHead, NoteOp
from app.models.people import Account, Person, RoleHeld
from app.models.schools import Calendar, CalendarDay, HalfTerm, HubSchool, School
from app.store import people
from app.store.database import see_hubs
from app.store.notes import forms, versions
from app.store.notes.versions import Place

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
YEAR = 2026
HALF_TERMS = (
    (date(2026, 9, 3), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
)
EVERY_DAY = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
MORNINGS = {day: ["am"] for day in ("mon", "tue", "wed", "thu", "fri")}
_next = itertools.count(1)


def number() -> int:
    """A number no other thing of this run has."""
    return next(_next)


async def a_hub(db: AsyncSession, code: str | None = None, name: str = "Moorland Maths Hub", **columns: Any) -> Hub:
    hub = Hub(code=code or f"H{number()}", name=name, created_at=NOW, **columns)
    await see_hubs(db, hub.id)
    db.add(hub)
    await db.flush()
    db.add(HubYear(hub_id=hub.id, year=YEAR, meetings_per_day=4))
    await db.flush()
    return hub


async def a_person(db: AsyncSession, hub: Hub, *roles: Role, name: str | None = None, **columns: Any) -> Person:
    made = number()
    email = columns.pop("email", f"person{made}@school.example")
    urn = columns.pop("head_of", None)
    account = await people.ensure_account(db, email, NOW)
    person = Person(
        hub_id=hub.id,
        account_id=account.id,
        name=name or f"Person {made}",
        email=email,
        works=columns.pop("works", EVERY_DAY),
        **columns,
    )
    db.add(person)
    await db.flush()
    db.add_all(
        RoleHeld(hub_id=hub.id, person_id=person.id, role=role.stored, urn=urn if role is Role.HEADTEACHER else None)
        for role in roles
    )
    await db.flush()
    return person


async def a_school(
    db: AsyncSession, hub: Hub | None = None, calendar: Calendar | None = None, **columns: Any
) -> School:
    made = number()
    own = {
        name: columns.pop(name) for name in ("maths", "hosts", "hosted_before", "rather_not_host") if name in columns
    }
    values = {
        "urn": 900000 + made,
        "name": f"Fernhill Primary {made}",
        "la_code": 908,
        "la_name": "Cornwall",
        "status": "Open",
        "phase": "Primary",
        "easting": 200000 + 1000 * made,
        "northing": 60000,
        "latitude": 50.4,
        "longitude": -4.8,
        "street": "School Lane",
        "town": "Fernhill",
        "postcode": "ZZ1 1ZZ",
    }
    school = School(**{**values, **columns})
    db.add(school)
    await db.flush()
    if hub:
        calendar = calendar or await a_calendar(db, hub)
        db.add(
            HubSchool(hub_id=hub.id, year=YEAR, urn=school.urn, calendar_id=calendar.id, **{"maths": MORNINGS, **own})
        )
        await db.flush()
    return school


async def a_calendar(db: AsyncSession, hub: Hub, name: str | None = None) -> Calendar:
    calendar = Calendar(hub_id=hub.id, year=YEAR, name=name or f"Calendar {number()}")
    db.add(calendar)
    await db.flush()
    for k, (first, last) in enumerate(HALF_TERMS):
        db.add(HalfTerm(calendar_id=calendar.id, number=k, hub_id=hub.id, first=first, last=last))
    db.add(CalendarDay(calendar_id=calendar.id, day=date(2026, 9, 3), hub_id=hub.id))
    await db.flush()
    return calendar


async def a_programme(db: AsyncSession, hub: Hub, kind: str = "development", **columns: Any) -> Programme:
    values = {
        "name": "Development",
        "fewest_schools": 6,
        "most_schools": 7,
        "meetings": 6,
        "visits": 3,
        "visit_half_terms": [0, 2, 4],
        "observation_half_terms": [0, 2, 4],
        "participants": 2,
        "people": "2 lead participants and the head",
        "led_by": "Mastery Specialist",
        "head_attends": "",
    }
    programme = Programme(hub_id=hub.id, year=YEAR, kind=kind, **{**values, **columns})
    db.add(programme)
    await db.flush()
    return programme


@dataclass
class Team:
    """A Work Group with its leader, schools and participants (one a school)."""

    group: WorkGroup
    leader: Person
    schools: list[School] = field(default_factory=list)
    participants: list[Person] = field(default_factory=list)


async def a_group(
    db: AsyncSession, hub: Hub, *, schools: int = 2, programme: Programme | None = None, **columns: Any
) -> Team:
    programme = programme or await a_programme(db, hub, kind=f"development{number()}")
    leader = columns.pop("leader", None) or await a_person(db, hub, Role.SPECIALIST)
    group = WorkGroup(
        hub_id=hub.id,
        year=YEAR,
        code=columns.pop("code", f"NCP26-{number():02d}"),
        programme_id=programme.id,
        leader_id=leader.id,
        **columns,
    )
    db.add(group)
    await db.flush()
    team = Team(group, leader)
    calendar = await a_calendar(db, hub)
    for _ in range(schools):
        school = await a_school(db, hub, calendar)
        teacher = await a_person(db, hub, Role.PARTICIPANT)
        db.add(GroupSchool(group_id=group.id, urn=school.urn, hub_id=hub.id))
        await db.flush()
        db.add(Participant(group_id=group.id, person_id=teacher.id, urn=school.urn, hub_id=hub.id, role="maths lead"))
        team.schools.append(school)
        team.participants.append(teacher)
    await db.flush()
    return team


async def a_meeting(db: AsyncSession, team: Team, day: date = date(2026, 11, 26), **columns: Any) -> Event:
    """A confirmed morning meeting of the team at its first school, everyone booked."""
    group = team.group
    slot = columns.pop("slot", "am")
    starts, ends = (time(9, 15), time(12)) if slot == "am" else (time(13), time(15, 15))
    half_term = next((k for k, (first, last) in enumerate(HALF_TERMS) if first <= day <= last), 0)
    values = {
        "kind": "meeting",
        "status": "confirmed",
        "slot_key": f"{group.id}/{half_term}",
        "half_term": half_term,
        "urn": team.schools[0].urn,
        "lead_id": team.leader.id,
        "group_id": group.id,
        "uid": f"{uuid.uuid4()}@test.example",
        "changed_at": NOW,
    }
    event = Event(
        hub_id=group.hub_id,
        year=YEAR,
        day=day,
        slot=slot,
        starts_at=london(day, starts),
        ends_at=london(day, ends),
        **{**values, **columns},
    )
    db.add(event)
    await db.flush()
    await book(db, event, team.leader, "leads")
    for person in team.participants:
        await book(db, event, person, "comes")
    return event


async def book(db: AsyncSession, event: Event, person: Person, part: str) -> Booking:
    account = await db.get(Account, person.account_id)
    assert account is not None
    booking = Booking(
        event_id=event.id,
        person_id=person.id,
        hub_id=event.hub_id,
        account_number=account.number,
        part=part,
        holds=event.status in {"confirmed", "held"},
        during=Range(event.starts_at, event.ends_at, bounds="[)"),
    )
    db.add(booking)
    await db.flush()
    return booking


async def a_visit_series(db: AsyncSession, team: Team, half_terms: tuple[int, ...] = (0, 1, 2, 3, 4, 5)) -> VisitSeries:
    series = VisitSeries(
        hub_id=team.group.hub_id,
        year=YEAR,
        urn=team.schools[0].urn,
        group_id=team.group.id,
        visitor_id=team.leader.id,
        half_terms=list(half_terms),
    )
    db.add(series)
    await db.flush()
    return series


async def a_closure(db: AsyncSession, hub: Hub, day: date, name: str = "Hub day") -> Closure:
    closure = Closure(hub_id=hub.id, day=day, name=name)
    db.add(closure)
    await db.flush()
    return closure


async def a_record(db: AsyncSession, event: Event, person: Person, state: str = "submitted", **written: Any) -> NoteOp:
    """A record begun by this person, kept as version 1 unless it is open: its first operation."""
    form_id, _ = await forms.begin_with(db, event.hub_id, event.kind, 1, NOW)
    ops = [
        NoteOp(
            event_id=event.id,
            op_id=new_id(),
            hub_id=event.hub_id,
            rev=rev,
            path=path,
            value=value,
            base_rev=rev - 1,
            outcome="applied",
            person_id=person.id,
            device_id=uuid.UUID(int=1),
            device_time=NOW,
            received_at=NOW,
        )
        for rev, (path, value) in enumerate((written or {"agreed_summary": "Bars showed the halves."}).items(), 1)
    ]
    begun = {"form_id": form_id, "rev": len(ops), "state": state, "began_at": NOW, "changed_at": NOW}
    db.add(Note(event_id=event.id, hub_id=event.hub_id, **begun))
    await db.flush()
    db.add_all(ops)
    await db.flush()
    db.add_all(NoteHead(event_id=event.id, op_id=op.op_id, hub_id=event.hub_id, path=op.path) for op in ops)
    if state != "open":
        places = tuple(Place(op.path, op.op_id, op.value, person.id, person.name, NOW) for op in ops)
        note = await db.get_one(Note, event.id)
        made = await versions.add(db, note, versions.New(number=1, places=places, by=event.lead_id, at=NOW))
        if state == "agreed":
            await versions.mark(db, made, agreed=NOW)
    await db.flush()
    return ops[0]


async def member_of(db: AsyncSession, person: Person) -> Member:
    """What this person is in their hub, as the door sees it."""
    viewer: Viewer = await people.viewer(db, person.account_id, person.email)
    found = viewer.member(person.hub_id)
    assert found is not None
    return found


async def sign_in(db: AsyncSession, client: httpx.AsyncClient, person: Person) -> str:
    """Give the client a session of this person; returns the CSRF token for forms and scripts."""
    token = await people.new_session(db, person.account_id, NOW - timedelta(minutes=1), "tests")
    client.cookies.set("halfterm", token)
    found = await people.session(db, token, NOW)
    assert found is not None
    return found[0].csrf
