"""What is read to form groups of a coming year: who comes, when they can, who leads and how many more."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Role
from app.models.hubs import Hub, HubYear, SpecialistCohort
from app.models.meetings import WorkGroup
from app.models.people import Away, Person
from app.models.schools import SchoolDay
from app.models.stages import Approach, Specialist
from app.store.database import Database
from app.store.stages import forming_facts
from tests import makers

COMING = makers.YEAR + 1


async def who_leads(db: AsyncSession, hub: Hub, base_urn: int) -> dict[str, Person]:
    """One of each state, and somebody who gets schools ready."""
    cohort = SpecialistCohort(hub_id=hub.id, number=11, began=makers.YEAR)
    db.add(cohort)
    await db.flush()
    people = {
        "leads": await makers.a_person(db, hub, Role.SPECIALIST, base_urn=base_urn),
        "trained": await makers.a_person(db, hub, Role.SPECIALIST, cohort_id=cohort.id),
        "rests": await makers.a_person(db, hub, Role.SPECIALIST),
        "left": await makers.a_person(db, hub, Role.SPECIALIST, left_on=date(2026, 10, 1)),
        "ready": await makers.a_person(db, hub, Role.READINESS_LEAD),
    }
    said = {"leads": ("leading", 2), "trained": ("training", 1), "rests": ("resting", 1), "left": ("leading", 3)}
    for name, (state, most) in said.items():
        row = Specialist(person_id=people[name].id, hub_id=hub.id, state=state, since=date(2026, 9, 1))
        row.most_groups = most
        db.add(row)
    return people


async def test_facts_of_a_coming_year_are_gathered_from_all_that_is_known(database: Database) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db)
        me = await makers.a_person(db, hub, Role.COORDINATOR)
        programme = await makers.a_programme(db, hub, meetings=3)
        team = await makers.a_group(db, hub, schools=2, programme=programme)
        db.add(HubYear(hub_id=hub.id, year=COMING))
        for kind in ("development", "readiness"):
            later = await makers.a_programme(db, hub, "x")
            later.year, later.kind, later.meetings = COMING, kind, 3
            await db.flush()
        school = team.schools[0]
        school.low_age, school.high_age = 4, 7
        people = await who_leads(db, hub, school.urn)
        db.add(Away(hub_id=hub.id, person_id=people["leads"].id, day=date(2027, 10, 4)))
        db.add(SchoolDay(hub_id=hub.id, urn=school.urn, day=date(2027, 9, 20), kind="closed"))
        led = {"code": "NCP27-01", "programme_id": later.id, "leader_id": people["leads"].id}
        db.add(WorkGroup(hub_id=hub.id, year=COMING, **led))
        coming = {"hub_id": hub.id, "year": COMING, "kind": "development", "made_at": makers.NOW}
        db.add(Approach(**coming, urn=school.urn, applied_on=makers.NOW.date()))
        db.add(Approach(**coming, urn=team.schools[1].urn, invited_on=makers.NOW.date()))
        await db.flush()
        member = Member(hub.id, hub.code, hub.name, me.id, me.name, frozenset({Role.COORDINATOR}))
        facts = await forming_facts.of_year(db, member, COMING)
        codes = await forming_facts.codes(db, hub.id, COMING)
    (came,) = facts.schools
    assert (came.urn, came.years, came.half_terms) == (school.urn, frozenset({0, 1, 2}), ())
    assert came.closed == frozenset({date(2027, 9, 20)})
    assert came.people == (str(team.participants[0].id),)
    assert facts.usual is not None
    assert (facts.usual.year, len(facts.usual.half_terms)) == (makers.YEAR, 6)
    assert {one.kind: one.half_terms for one in facts.programmes}["development"] == (0, 2, 4)
    leads = {name: one for one in facts.leaders for name, who in people.items() if one.person == str(who.id)}
    assert {name: one.most for name, one in leads.items()} == {"leads": 1, "trained": 1, "rests": 0, "ready": 1}
    assert leads["ready"].kinds == frozenset({"readiness"})
    assert leads["leads"].kinds == frozenset({"development"})
    assert leads["leads"].base_urn == school.urn
    (worker,) = [one for one in facts.people if one.id == str(people["leads"].id)]
    assert worker.away == frozenset({date(2027, 10, 4)})
    assert {(one.code, one.year, one.kind) for one in codes} == {
        (team.group.code, makers.YEAR, "development"),
        ("NCP27-01", COMING, "readiness"),
    }
