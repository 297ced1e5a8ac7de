"""The fictional hub's last year: three Work Groups, their meetings and visits, who came, and what records showed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from app.actions.access import operator
from app.actions.stages.signing import enter
from app.domain import demo
from app.domain.access import Role
from app.domain.demo import ladder as tales
from app.domain.demo.people import REASONS
from app.domain.meetings.attendance import Said
from app.domain.people.written import WrittenPerson
from app.domain.stages.agreements import Signing
from app.kit.ids import new_id
from app.kit.periods import WEEKDAYS, Span, london
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.notes import Evidence, Note, NoteHead, NoteOp, NoteVersion
from app.models.people import Person
from app.models.stages import ActionPlan, Enrolment
from app.store import demo as rows
from app.store import people
from app.store.meetings import attendance
from app.store.notes import forms

SUMMARY = "We agreed one small step for each class, and to look at it together next time."
LEFT_AT = 3  # in which half term the schools that were lost had their last visit


@dataclass(frozen=True, slots=True)
class Past:
    """A Work Group of last year: who led it, its schools, and who came from each."""

    code: str
    kind: str
    leader: Person
    schools: tuple[tuple[int, tuple[Person, ...]], ...]
    group: WorkGroup


@dataclass(slots=True)
class Written:
    """What is written in one go, in an order in which rows may name each other."""

    events: list[SQLModel] = field(default_factory=list)
    notes: list[SQLModel] = field(default_factory=list)
    inside: list[SQLModel] = field(default_factory=list)
    heads: list[SQLModel] = field(default_factory=list)
    shown: list[SQLModel] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def add(self, event: Event, form_id: uuid.UUID) -> NoteVersion:
        """The event with its agreed record of one sentence; what it shows cites the version."""
        self.events.append(event)
        at = event.ends_at + timedelta(hours=2)
        begun = Note(event_id=event.id, hub_id=event.hub_id, form_id=form_id, began_at=at, changed_at=at)
        begun.rev, begun.state = 1, "agreed"
        self.notes.append(begun)
        op = NoteOp(
            event_id=event.id,
            op_id=new_id(),
            hub_id=event.hub_id,
            rev=1,
            path="agreed_summary",
            value=SUMMARY,
            base_rev=0,
            outcome="applied",
            person_id=event.lead_id,
            device_id=uuid.UUID(int=1),
            device_time=at,
            received_at=at,
        )
        place = {"path": op.path, "value": SUMMARY, "by": str(event.lead_id), "op": str(op.op_id), "at": at.isoformat()}
        version = NoteVersion(
            id=new_id(),
            hub_id=event.hub_id,
            event_id=event.id,
            number=1,
            rev=1,
            content=[place],
            submitted_at=at,
            submitted_by=event.lead_id,
            agreed_at=at + timedelta(days=2),
        )
        self.inside += [op, version]
        self.heads.append(NoteHead(event_id=event.id, op_id=op.op_id, hub_id=event.hub_id, path=op.path))
        return version


async def write_last_year(db: AsyncSession, hub_id: uuid.UUID, year: int, groups: Sequence[demo.DemoGroup]) -> None:
    """Three Work Groups, some hundred meetings and visits, and their records."""
    stored = await rows.groups(db, hub_id, year + 1)
    readiness, embedding = stored[groups[5].code].leader_id, stored[groups[3].code].leader_id
    told = (
        ("R01", "readiness", readiness, [school.urn for school in groups[0].schools]),
        ("R02", "readiness", readiness, [*(one.urn for one in groups[2].schools[:4]), tales.OTHERS_URN + 1]),
        ("D03", "development", embedding, [*(one.urn for one in groups[3].schools), tales.OTHERS_URN]),
    )
    names = {school.urn: [one.name for one in school.teachers] for group in groups for school in group.schools}
    programmes = await rows.programmes(db, hub_id)
    written, spans = Written(), demo.half_terms(year, 0)
    kinds = {kind: (await forms.begin_with(db, hub_id, kind, 1, london(spans[0].first, time(8))))[0] for kind in KINDS}
    for place, (code, kind, leader_id, urns) in enumerate(told):
        group = WorkGroup(
            id=new_id(),
            hub_id=hub_id,
            year=year,
            code=f"NCP{year % 100:02d}-{code}",
            programme_id=programmes[year, kind].id,
            leader_id=leader_id,
        )
        db.add(group)
        await db.flush()
        schools = [(urn, await _teachers(db, group, urn, names)) for urn in urns]
        past = Past(code, kind, await db.get_one(Person, leader_id), tuple(schools), group)
        series = await _belongs(db, past, programmes[year, kind].visit_half_terms)
        _meetings(written, past, spans, place, kinds["meeting"])
        _visits(written, past, spans, series, (place, kinds["visit"]))
    for some in (written.events, written.notes, written.inside, written.heads, written.shown):
        db.add_all(some)
        await db.flush()
    await attendance.keep(db, written.said)
    await _book(db, written)


KINDS = ("meeting", "visit")


async def _teachers(db: AsyncSession, group: WorkGroup, urn: int, names: dict[int, list[str]]) -> tuple[Person, ...]:
    """Whoever came for the school; from a school that was lost, two who have left."""
    if urn in names:
        return tuple(await rows.named(db, group.hub_id, names[urn]))
    made = []
    for first in ("Jory", "Mina"):
        name = f"{first} Saltmarsh" if urn == tales.OTHERS_URN else f"{first} Teasel"
        email = name.lower().replace(" ", ".") + "@demo.example"
        wanted = WrittenPerson(
            name=name, email=email, roles=(Role.PARTICIPANT,), works={day: ["am", "pm"] for day in WEEKDAYS}
        )
        person = await people.add_person(db, group.hub_id, wanted, london(date(group.year, 9, 1), time(8)))
        person.base_urn, person.left_on = urn, date(group.year + 1, 2, 3)
        made.append(person)
    return tuple(made)


async def _belongs(db: AsyncSession, past: Past, half_terms: Sequence[int]) -> dict[int, VisitSeries]:
    group, series = past.group, {}
    for urn, teachers in past.schools:
        db.add(GroupSchool(group_id=group.id, urn=urn, hub_id=group.hub_id))
        series[urn] = VisitSeries(
            id=new_id(),
            hub_id=group.hub_id,
            year=group.year,
            urn=urn,
            group_id=group.id,
            visitor_id=past.leader.id,
            half_terms=list(half_terms),
        )
        db.add(series[urn])
        await db.flush()
        db.add_all(
            Participant(group_id=group.id, person_id=one.id, urn=urn, hub_id=group.hub_id, role="teacher")
            for one in teachers
        )
    known = await rows.enrolments(db, group.hub_id, group.year, [urn for urn, _ in past.schools])
    for enrolment in known:
        enrolment.group_id = group.id
    await db.flush()
    return series


def _meetings(written: Written, past: Past, spans: Sequence[Span], place: int, form_id: uuid.UUID) -> None:
    for k, span in enumerate(spans):
        day = _school_days(span)[5 + place]
        urn = past.schools[k % len(past.schools)][0]
        event = _event(past, "meeting", k, day, (urn, f"{past.group.id}/{k}", "pm"))
        event.group_id = past.group.id
        version = written.add(event, form_id)
        for turn, (school, teachers) in enumerate(past.schools):
            if _lost(school) and k > LEFT_AT - 1:
                continue
            written.shown.append(_shows(event, version, school, "met", "", {"day": day.isoformat(), "minutes": 135}))
            for number, person in enumerate(teachers):
                written.said.append(_came(event, person, school, k, turn * 2 + number))


def _came(event: Event, person: Person, urn: int, k: int, turn: int) -> Said:
    missed = (_lost(urn) and k < 2) or (turn * 5 + k * 3) % 17 == 0
    at = event.ends_at + timedelta(minutes=10)
    return Said(
        op_id=new_id(),
        hub_id=event.hub_id,
        event_id=event.id,
        guest_id=person.id,
        person_id=person.id,
        urn=urn,
        state="absent" if missed else "present",
        because=REASONS[turn % len(REASONS)] if missed else "",
        said_at=at,
        at=at,
        by_id=event.lead_id,
    )


def _visits(
    written: Written, past: Past, spans: Sequence[Span], series: dict[int, VisitSeries], how: tuple[int, uuid.UUID]
) -> None:
    place, form_id = how
    for turn, (urn, _) in enumerate(past.schools):
        for number, k in enumerate(series[urn].half_terms):
            if _lost(urn) and k >= LEFT_AT - 1:
                continue
            day = _school_days(spans[k])[8 + place % 2 * 7 + turn]
            event = _event(past, "visit", k, day, (urn, f"{series[urn].id}/{k}", "am"))
            event.series_id = series[urn].id
            version = written.add(event, form_id)
            facts = {"day": day.isoformat(), "minutes": 165}
            written.shown.append(_shows(event, version, urn, "visited", "", facts))
            visit = number * 6 // len(series[urn].half_terms)
            for area, key in enumerate(tales.AREAS):
                said = {"stands": tales.stands(turn, area, visit), "written": ["evidence", "next_step", "stands"]}
                written.shown.append(_shows(event, version, urn, "reviewed", key, said))


def _lost(urn: int) -> bool:
    return tales.OTHERS_URN <= urn < tales.OTHERS_URN + tales.LOST


def _school_days(span: Span) -> list[date]:
    days = [span.first + timedelta(turn) for turn in range((span.last - span.first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def _event(past: Past, kind: str, half_term: int, day: date, where: tuple[int, str, str]) -> Event:
    urn, slot_key, slot = where
    starts, ends = (time(9, 15), time(12)) if slot == "am" else (time(13), time(15, 15))
    key = new_id()
    return Event(
        id=key,
        hub_id=past.group.hub_id,
        year=past.group.year,
        slot_key=slot_key,
        kind=kind,
        status="held",
        half_term=half_term,
        day=day,
        slot=slot,
        starts_at=london(day, starts),
        ends_at=london(day, ends),
        urn=urn,
        lead_id=past.leader.id,
        uid=f"{key}@halfterm",
        changed_at=london(day, ends),
    )


def _shows(event: Event, version: NoteVersion, urn: int, kind: str, key: str, facts: Mapping[str, object]) -> Evidence:
    return Evidence(
        hub_id=event.hub_id,
        event_id=event.id,
        version_id=version.id,
        urn=urn,
        kind=kind,
        key=key,
        facts=dict(facts),
        day=event.day,
        made_at=event.ends_at + timedelta(hours=2),
    )


async def write_papers(db: AsyncSession, hub_id: uuid.UUID, enrolments: Sequence[Enrolment]) -> None:
    """Some schools of last year signed the agreement, and their heads agreed the year's plan."""
    for turn, one in enumerate(enrolments):
        july = london(date(one.year, 7, 10 + turn), time(9))
        ended, one.state = one.state, "active"
        signing = Signing(tales.head(3, turn), "Headteacher", july.date())
        await enter(operator(db, hub_id, demo.HUB_CODE, july), one.id, signing)
        one.state = ended
        agreed = july + timedelta(days=110)
        plan = ActionPlan(hub_id=hub_id, urn=one.urn, year=one.year, aims=tales.AIMS, made_at=july, agreed_at=agreed)
        db.add(plan)
    await db.flush()


async def _book(db: AsyncSession, written: Written) -> None:
    """Everybody's places: whoever led, and whoever is said to have come or been missed."""
    events = {one.id: one for one in written.events if isinstance(one, Event)}
    numbers = await rows.account_numbers(db, next(iter(events.values())).hub_id)
    db.add_all(_place(event, event.lead_id, "leads", numbers) for event in events.values())
    db.add_all(_place(events[one.event_id], one.guest_id, "comes", numbers) for one in written.said)
    await db.flush()


def _place(event: Event, person_id: uuid.UUID, part: str, numbers: dict[uuid.UUID, int]) -> Booking:
    return Booking(
        event_id=event.id,
        person_id=person_id,
        hub_id=event.hub_id,
        account_number=numbers[person_id],
        part=part,
        holds=True,
        during=Range(event.starts_at, event.ends_at, bounds="[)"),
    )
