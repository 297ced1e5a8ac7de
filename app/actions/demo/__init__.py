"""Making the fictional hub: its schools and people, a year planned by the real solver, and the autumn already held."""

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor, operator
from app.actions.demo.ladder import write_enrolments, write_ladder
from app.actions.demo.money import write_money
from app.actions.demo.notes import write_notes
from app.actions.demo.people import write_people
from app.actions.demo.planning import form_next_year, mend_the_year
from app.actions.demo.reflections import write_reflections
from app.actions.hubs import Founder, create_hub
from app.actions.meetings.events import cancel
from app.actions.schedule.accept import accept
from app.actions.schedule.propose import begin, finish, propose
from app.domain import demo
from app.domain.access import Role
from app.domain.demo import DemoGroup, DemoSchool, DemoTeacher
from app.domain.people.written import WrittenPerson
from app.kit.grid import point
from app.kit.periods import academic_year
from app.models.hubs import Programme
from app.models.meetings import GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schools import Calendar, CalendarDay, HalfTerm, HubSchool, School, SchoolDay
from app.solver.schedule.apart import solved
from app.store import demo as rows
from app.store import people
from app.store.database import Database
from app.store.feeds import event_changed

CALENDARS = ("Moors", "Coast", "Tamar Trust")
UNSAID = 8  # which visit of the autumn nobody has spoken of yet
HEADS = {"D01": "Jenna Larkspur", "R06": "Digory Foxglove"}  # of the first school of these groups


async def make_demo(database: Database, now: datetime) -> None:
    """The whole demo hub as it stands at `now`; some twenty seconds at the most, nearly all of it the solver's."""
    year = academic_year(now.date())
    begun = datetime(year, 9, 1, 8, 0, tzinfo=UTC)
    async with database.transaction() as db:
        lead = Founder("morwenna.sedge@demo.example", "Morwenna Sedge")
        hub_id = await create_hub(db, demo.HUB_CODE, demo.HUB_NAME, begun, lead)
        await _staff(db, hub_id, begun)
        calendars = await _calendars(db, hub_id, year)
        for group in demo.groups(year):
            await _group(db, hub_id, year, group, calendars, begun)
    async with database.transaction(hub_id) as db:
        await write_enrolments(operator(db, hub_id, demo.HUB_CODE, begun), year)
    async with database.transaction(hub_id) as db:
        proposal = await propose(operator(db, hub_id, demo.HUB_CODE, begun), year, in_background=False)
        problem = await begin(db, proposal)
    plan = solved(problem or {})
    async with database.transaction(hub_id) as db:
        await finish(db, proposal, plan, begun)
        await accept(operator(db, hub_id, demo.HUB_CODE, begun + timedelta(hours=1)), proposal)
    async with database.transaction(hub_id) as db:
        await _let_the_year_pass(operator(db, hub_id, demo.HUB_CODE, now))
    async with database.transaction(hub_id) as db:
        await _fall_through(operator(db, hub_id, demo.HUB_CODE, now))
        await write_notes(db, hub_id)
        await write_reflections(db, hub_id, now)
    async with database.transaction(hub_id) as db:
        await write_people(db, hub_id, now)
    async with database.transaction(hub_id) as db:
        await write_ladder(db, hub_id, year, now)
    async with database.transaction(hub_id) as db:
        await write_money(db, hub_id, year, now)
    await mend_the_year(database, hub_id, year, now)
    async with database.transaction(hub_id) as db:
        await form_next_year(db, hub_id, year, now)


async def _staff(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> None:
    staff = (
        ("Denzil Reed", Role.ASSISTANT_LEAD),
        ("Petra Moss", Role.COORDINATOR),
        ("Alma Heather", Role.BOARD),
    )
    for name, role in staff:
        email = name.lower().replace(" ", ".") + "@demo.example"
        await people.add_person(db, hub_id, WrittenPerson(name=name, email=email, roles=(role,)), now)


async def _calendars(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[uuid.UUID]:
    made = [Calendar(hub_id=hub_id, year=year, name=name) for name in CALENDARS]
    db.add_all(made)
    await db.flush()
    for variant, calendar in enumerate(made):
        for number, span in enumerate(demo.half_terms(year, variant)):
            db.add(HalfTerm(calendar_id=calendar.id, number=number, hub_id=hub_id, first=span.first, last=span.last))
        first = demo.half_terms(year, variant)[0].first
        db.add(CalendarDay(calendar_id=calendar.id, day=first, hub_id=hub_id))
    await db.flush()
    return [calendar.id for calendar in made]


async def _person(db: AsyncSession, hub_id: uuid.UUID, who: DemoTeacher, role: Role, now: datetime) -> Person:
    written = WrittenPerson(name=who.name, email=who.email, roles=(role,), works=who.works)
    return await people.add_person(db, hub_id, written, now)


async def _group(
    db: AsyncSession, hub_id: uuid.UUID, year: int, group: DemoGroup, calendars: list[uuid.UUID], now: datetime
) -> None:
    programme: Programme = await rows.programme(db, hub_id, year, group.kind)
    role = Role.READINESS_LEAD if group.kind == "readiness" else Role.SPECIALIST
    leader = await _person(db, hub_id, group.leader, role, now)
    made = WorkGroup(
        hub_id=hub_id,
        year=year,
        code=group.code,
        programme_id=programme.id,
        leader_id=leader.id,
        weekday_cost=[5, 0, 0, 0, 8],
    )
    db.add(made)
    await db.flush()
    for school in group.schools:
        await _school(db, hub_id, year, school, calendars)
        db.add(GroupSchool(group_id=made.id, urn=school.urn, hub_id=hub_id))
        if programme.visits:
            db.add(
                VisitSeries(
                    hub_id=hub_id,
                    year=year,
                    urn=school.urn,
                    group_id=made.id,
                    visitor_id=leader.id,
                    half_terms=list(programme.visit_half_terms),
                    least_gap=programme.least_gap,
                )
            )
        await db.flush()
        for teacher in school.teachers:
            person = await _person(db, hub_id, teacher, Role.PARTICIPANT, now)
            person.base_urn = school.urn
            db.add(Participant(group_id=made.id, person_id=person.id, urn=school.urn, hub_id=hub_id, role=teacher.role))
    leader.base_urn = group.schools[0].urn
    await db.flush()
    if name := HEADS.get(group.code[-3:]):
        head = WrittenPerson(
            name=name,
            email=name.lower().replace(" ", ".") + "@demo.example",
            roles=(Role.HEADTEACHER,),
            head_of=(group.schools[0].urn,),
        )
        await people.add_person(db, hub_id, head, now)


async def _school(
    db: AsyncSession, hub_id: uuid.UUID, year: int, school: DemoSchool, calendars: list[uuid.UUID]
) -> None:
    where = point(*school.at)
    db.add(
        School(
            urn=school.urn,
            name=school.name,
            la_code=999,
            la_name="Tamar Moors",
            status="Open",
            phase="Primary",
            low_age=4,
            high_age=11,
            pupils=school.pupils,
            street="School Lane",
            town=school.town,
            postcode="ZZ99 9ZZ",
            easting=school.at[0],
            northing=school.at[1],
            latitude=where.latitude,
            longitude=where.longitude,
        )
    )
    await db.flush()
    db.add(
        HubSchool(
            hub_id=hub_id,
            year=year,
            urn=school.urn,
            calendar_id=calendars[school.calendar],
            maths=school.maths,
            hosts=school.hosts,
            hosted_before=school.hosted_before,
            notes="Park on the lane, not in the yard. Sign in at the office.",
        )
    )
    db.add_all(
        SchoolDay(hub_id=hub_id, urn=school.urn, day=day, kind="busy", name="School trip") for day in school.busy
    )
    db.add_all(
        SchoolDay(hub_id=hub_id, urn=school.urn, day=day, kind="closed", name="INSET")
        for day in school.inset
        if day not in school.busy
    )


async def _fall_through(actor: Actor) -> None:
    """Two visits ahead fell through: somebody still has to find a day for each."""
    ahead = await rows.visits_after(actor.db, actor.member.hub_id, actor.now)
    for event in ahead[1:10:8]:
        await cancel(actor, event.id, event.version)


async def _let_the_year_pass(actor: Actor) -> None:
    """What lies behind us was held, but for the newest two and one visit, which somebody still has to say of."""
    passed = await rows.events_before(actor.db, actor.member.hub_id, actor.now)
    visits = [event for event in passed if event.kind == "visit"]
    for event in passed[:-2]:
        event.status = "confirmed" if event in visits[UNSAID : UNSAID + 1] else "held"
    await actor.db.flush()
    await event_changed(actor.db, [event.id for event in passed], actor.now)
