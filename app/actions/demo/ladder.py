"""The fictional hub's ladder: eight years of schools that came, moved on and left, and what stands in their way now."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.demo.last_year import write_last_year, write_papers
from app.actions.stages.enrolling import begin
from app.actions.stages.moving import Agreeing, Proposing, agree, propose
from app.actions.stages.picture import freeze
from app.actions.stages.signing import enter
from app.domain import demo
from app.domain.access import Role
from app.domain.demo import ladder as tales
from app.domain.people.written import WrittenPerson
from app.domain.stages.agreements import Signing
from app.domain.stages.ladder import Did, State
from app.kit.grid import point
from app.models.hubs import Programme, SpecialistCohort
from app.models.meetings import WorkGroup
from app.models.people import Person
from app.models.schools import School
from app.models.stages import (
    ActionPlan,
    Approach,
    Barrier,
    ConditionReview,
    Enrolment,
    PlanAction,
    SchoolChange,
    Specialist,
    StageStep,
)
from app.store import demo as rows
from app.store import hubs, people

PAPERS = 4  # schools of the Embedding group that signed, and agreed a plan, last year
YEARS = 8  # before this one
READINESS = "Quinn Sorrel"  # leads the Readiness group
SIGNED = 4  # schools of the first group that have signed; the first and the last ones still have to


@dataclass(frozen=True, slots=True)
class Known:
    """What the demo's parts write into: the hub, its year, its groups as they were told and as they stand."""

    hub_id: uuid.UUID
    year: int
    now: datetime
    groups: tuple[demo.DemoGroup, ...]
    stored: dict[str, WorkGroup]
    programmes: dict[tuple[int, str], Programme]


async def write_enrolments(actor: Actor, year: int) -> None:
    """Who took part in eight years, and this year's schools with their agreements, before anything is planned."""
    db, hub_id = actor.db, actor.member.hub_id
    for other in (*range(year - YEARS, year), year + 1):
        await hubs.open_year(db, hub_id, other, {})
    known = await _known(db, hub_id, year, actor.now)
    _places(db)
    await db.flush()
    _history(db, known)
    await write_last_year(db, hub_id, year - 1, known.groups)
    urns = [school.urn for school in known.groups[3].schools[:PAPERS]]
    await write_papers(db, hub_id, await rows.enrolments(db, hub_id, year - 1, urns))
    await _moved(db, known)
    await _this_year(actor, known)


async def _known(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> Known:
    stored, programmes = await rows.groups(db, hub_id, year), await rows.programmes(db, hub_id)
    return Known(hub_id, year, now, demo.groups(year), stored, programmes)


async def write_ladder(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> None:
    """What stands in schools' way today, who is on the way, and what the national register says."""
    known = await _known(db, hub_id, year, now)
    await _proposed(db, known)
    lead = await _acting(db, known, "Morwenna Sedge", known.now - timedelta(days=20))
    await freeze(lead, year, tales.FROZEN)
    await _plans(db, known)
    await _specialists(db, known)
    _approaches(db, known)
    await _gone(db, known)
    await db.flush()


def _places(db: AsyncSession) -> None:
    for place in tales.others():
        where = point(*place.at)
        db.add(
            School(
                urn=place.urn,
                name=place.name,
                la_code=place.authority[0],
                la_name=place.authority[1],
                kind="Community school",
                status="Open",
                phase="Primary",
                low_age=4,
                high_age=11,
                pupils=place.pupils,
                town=place.town,
                postcode="ZZ99 9ZZ",
                easting=place.at[0],
                northing=place.at[1],
                latitude=where.latitude,
                longitude=where.longitude,
            )
        )


def _history(db: AsyncSession, known: Known) -> None:
    seen: set[int] = set()
    for one in tales.history(known.year, known.groups):
        first, last = date(one.year, 9, 1), date(one.year + 1, 7, 15)
        made = Enrolment(
            id=uuid.uuid4(),
            hub_id=known.hub_id,
            urn=one.urn,
            programme_id=known.programmes[one.year, one.kind].id,
            year=one.year,
            kind=one.kind,
            state=one.state,
            applied_on=first - timedelta(days=80),
            agreed_on=first - timedelta(days=50),
            began_on=first,
            because=one.because,
        )
        left = one.state == "withdrawn"
        ended = date(one.year + 1, 2, 3) if left else last
        made.withdrawn_on, made.completed_on = (ended, None) if left else (None, ended)
        db.add(made)
        ends = Did.WITHDREW if left else Did.COMPLETED
        began = Did.RETURNED if one.urn in seen and one.kind == "readiness" else Did.BEGAN
        _steps(db, made, (began, first, ""), (ends, ended, one.because))
        seen.add(one.urn)


async def _moved(db: AsyncSession, known: Known) -> None:
    """The schools of the first group came up from Readiness: proposed by one, agreed by another, in July."""
    group, july = known.groups[0], datetime(known.year, 7, 16, 9, 0, tzinfo=UTC)
    lead, proposer = await _acting(db, known, "Morwenna Sedge", july), await _acting(db, known, READINESS, july)
    programme = known.programmes[known.year, group.kind]
    urns = [school.urn for school in group.schools]
    for enrolment in await rows.enrolments(db, known.hub_id, known.year - 1, urns):
        move = await propose(proposer, Proposing(enrolment.id, programme.id, override=True, because=tales.ON_PAPER))
        await agree(lead, move, 1, Agreeing(july.date(), State.AGREED))


async def _acting(db: AsyncSession, known: Known, name: str, now: datetime) -> Actor:
    (person,) = await rows.named(db, known.hub_id, [name])
    viewer = await people.viewer(db, person.account_id, person.email)
    return Actor(db, viewer, next(one for one in viewer.members if one.hub_id == known.hub_id), now)


async def _this_year(actor: Actor, known: Known) -> None:
    first = date(known.year, 9, 1)
    moved = {one.urn: one for one in await rows.enrolments(actor.db, known.hub_id, known.year)}
    for place, group in enumerate(known.groups):
        for turn, school in enumerate(group.schools):
            made = moved.get(school.urn) or _enrolled(actor.db, known, group, school)
            made.group_id = known.stored[group.code].id
            await actor.db.flush()
            if place > 0 or 0 < turn <= SIGNED:
                signing = Signing(tales.head(place, turn), "Headteacher", first - timedelta(days=40 - turn))
                await enter(actor, made.id, signing)
            if school.urn in moved:
                await begin(actor, made.id, first)


def _enrolled(db: AsyncSession, known: Known, group: demo.DemoGroup, school: demo.DemoSchool) -> Enrolment:
    first = date(known.year, 9, 1)
    made = Enrolment(
        id=uuid.uuid4(),
        hub_id=known.hub_id,
        urn=school.urn,
        programme_id=known.programmes[known.year, group.kind].id,
        year=known.year,
        kind=group.kind,
        state="active",
        applied_on=first - timedelta(days=90),
        began_on=first,
    )
    db.add(made)
    _steps(db, made, (Did.APPLIED, first - timedelta(days=90), ""), (Did.BEGAN, first, ""))
    return made


def _steps(db: AsyncSession, enrolment: Enrolment, *taken: tuple[Did, date, str]) -> None:
    db.add_all(
        StageStep(
            hub_id=enrolment.hub_id,
            urn=enrolment.urn,
            enrolment_id=enrolment.id,
            what=did.value,
            day=day,
            at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            because=because,
        )
        for did, day, because in taken
    )


async def _plans(db: AsyncSession, known: Known) -> None:
    """Barriers, reviews with leaders and action plans of some schools."""
    heads = await rows.heads(db, known.hub_id)
    for told in tales.BARRIERS:
        group = known.groups[told.group]
        urn = group.schools[told.school].urn
        leader = known.stored[group.code].leader_id
        made_at = known.now - timedelta(days=45)
        db.add(
            Barrier(
                hub_id=known.hub_id,
                urn=urn,
                lever=told.lever,
                what=told.what,
                weight=told.weight,
                owner_id=heads.get(urn),
                owner="" if urn in heads else "Headteacher",
                due=(known.now + timedelta(days=told.days)).date(),
                state="done" if told.done else "open",
                because=told.done,
                made_at=made_at,
                made_by=leader,
                closed_at=known.now - timedelta(days=3) if told.done else None,
                closed_by=leader if told.done else None,
            )
        )
    for turn, school in enumerate(known.groups[5].schools[:3]):
        db.add(_review(known, school.urn, turn))
        await _plan(db, known, school, heads.get(school.urn) if turn == 0 else None)


def _review(known: Known, urn: int, turn: int) -> ConditionReview:
    levers = {
        lever: {"judgement": "blocks" if (place + turn) % 3 == 0 else "supports", "because": because}
        for place, (lever, because) in enumerate(tales.LEVERS.items())
    }
    return ConditionReview(
        hub_id=known.hub_id,
        urn=urn,
        day=(known.now - timedelta(days=40 - turn)).date(),
        by_id=known.stored[known.groups[5].code].leader_id,
        present="Headteacher, deputy, maths lead",
        levers=levers,
        conditions={
            key: {"state": ("yes", "partly", "not_yet")[(place + turn) % 3], "because": "As the leaders see it."}
            for place, key in enumerate(("framework", "language", "pacing", "alignment"))
        },
        questions={"work_around": tales.WORK_AROUND},
        made_at=known.now - timedelta(days=40 - turn),
    )


async def _plan(db: AsyncSession, known: Known, school: demo.DemoSchool, head: uuid.UUID | None) -> None:
    plan = ActionPlan(
        id=uuid.uuid4(), hub_id=known.hub_id, urn=school.urn, year=known.year, aims=tales.AIMS, made_at=known.now
    )
    if head:
        plan.agreed_at, plan.agreed_by = known.now - timedelta(days=10), head
    db.add(plan)
    await db.flush()
    people = await rows.named(db, known.hub_id, [teacher.name for teacher in school.teachers])
    for turn, (area, what, days) in enumerate(tales.ACTIONS):
        owner = people[turn % len(people)]
        db.add(
            PlanAction(
                hub_id=known.hub_id,
                plan_id=plan.id,
                area=area,
                what=what,
                owner_id=owner.id,
                due=(known.now + timedelta(days=days)).date(),
                state="done" if days < 0 else "open",
                done_at=known.now - timedelta(days=2) if days < 0 else None,
                evidence=tales.SHOWN if days < 0 else "",
                made_at=known.now - timedelta(days=30),
            )
        )


async def _proposed(db: AsyncSession, known: Known) -> None:
    """One school is thought to be ready early: its move waits for a second person."""
    actor = await _acting(db, known, READINESS, known.now - timedelta(days=3))
    (enrolment,) = await rows.enrolments(db, known.hub_id, known.year, [known.groups[5].schools[5].urn])
    programme = known.programmes[known.year + 1, "development"]
    await propose(actor, Proposing(enrolment.id, programme.id, override=True, because=tales.EARLY))


async def _specialists(db: AsyncSession, known: Known) -> None:
    cohort = SpecialistCohort(id=uuid.uuid4(), hub_id=known.hub_id, number=11, began=known.year - 1)
    db.add(cohort)
    await db.flush()
    for turn, group in enumerate(known.groups[:5]):
        person = await db.get_one(Person, known.stored[group.code].leader_id)
        person.cohort_id = cohort.id if turn > 1 else None
        db.add(
            Specialist(
                person_id=person.id,
                hub_id=known.hub_id,
                state="leading",
                since=date(known.year, 9, 1),
                most_groups=2 if turn == 0 else 1,
            )
        )
    await _others(db, known, cohort.id)


async def _others(db: AsyncSession, known: Known, cohort_id: uuid.UUID) -> None:
    """One Specialist still learns in their own class, and one rests."""
    for name, state in tales.SPECIALISTS:
        email = name.lower().replace(" ", ".") + "@demo.example"
        person = await people.add_person(
            db,
            known.hub_id,
            WrittenPerson(
                name=name,
                email=email,
                roles=(Role.SPECIALIST,),
                works=tales.RELEASED,
                base_urn=known.groups[1].schools[-1].urn,
            ),
            known.now,
        )
        person.cohort_id = cohort_id if state == "training" else None
        since = date(known.year, 9, 1)
        db.add(Specialist(person_id=person.id, hub_id=known.hub_id, state=state, since=since, most_groups=1))


def _approaches(db: AsyncSession, known: Known) -> None:
    """Schools on their way into next year."""
    today = known.now.date()
    for turn, place in enumerate(tales.others()[len(tales.OTHERS) - 3 : len(tales.OTHERS) + 5]):
        kind, reasons = ("readiness", tales.REASONS[turn % 3]) if turn % 2 else ("development", [])
        made = Approach(
            hub_id=known.hub_id,
            year=known.year + 1,
            urn=place.urn,
            kind=kind,
            referred_on=today - timedelta(days=60) if reasons else None,
            referred_by="East Moorland" if reasons else "",
            reasons=list(reasons),
            invited_on=today - timedelta(days=40 - turn),
            made_at=known.now - timedelta(days=60),
        )
        if turn > 1:
            made.interested_on = today - timedelta(days=25 - turn)
        if turn > 4:
            made.applied_on, made.applied_by = today - timedelta(days=12 - turn), "The headteacher"
        if turn == 3:
            made.declined_on, made.because = today - timedelta(days=5), "Not before a new head has begun."
        db.add(made)
    _going_on(db, known)


def _going_on(db: AsyncSession, known: Known) -> None:
    """Schools of this year's groups that have applied for the year after."""
    for code, kind in tales.GOING_ON.items():
        group = next(one for one in known.groups if one.code.endswith(code))
        for turn, school in enumerate(group.schools):
            applied_on = known.now.date() - timedelta(days=4 + turn)
            db.add(
                Approach(
                    hub_id=known.hub_id,
                    year=known.year + 1,
                    urn=school.urn,
                    kind=kind,
                    invited_on=applied_on - timedelta(days=20),
                    applied_on=applied_on,
                    applied_by="The headteacher",
                    made_at=known.now - timedelta(days=60),
                )
            )


async def _gone(db: AsyncSession, known: Known) -> None:
    """One school becomes an academy under another number: somebody has to say what follows."""
    old = await db.get_one(School, known.groups[2].schools[5].urn)
    new = School(**{**old.model_dump(), "urn": old.urn + 300, "name": f"{old.town} Academy"})
    new.opened_on = date(known.year + 1, 1, 1)
    old.status, old.closed_on = "Open, but proposed to close", date(known.year, 12, 31)
    db.add(new)
    await db.flush()
    db.add(
        SchoolChange(
            hub_id=known.hub_id,
            urn=old.urn,
            kind="replaced",
            successor_urn=new.urn,
            found_at=known.now - timedelta(days=2),
        )
    )
