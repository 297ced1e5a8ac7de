"""What happened, out of the rows that say so."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.domain.funding.facts import Fact, Observed, Visited
from app.kit.ids import new_id
from app.models.funding import Evaluation, Travel
from app.models.meetings import Attendance, Booking, Event, Invitation
from app.models.people import Person
from app.models.schools import SchoolLink
from app.models.stages import Agreement, Enrolment, SchoolChange
from app.store.database import Database
from app.store.funding import expected, facts
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_programme, a_school, a_visit_series

HELD_ON = date(2026, 11, 12)
SAID_AT = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)


async def said(db: AsyncSession, event: Event, guest: Person, state: str, **columns: Any) -> None:
    db.add(
        Attendance(
            op_id=new_id(),
            hub_id=event.hub_id,
            event_id=event.id,
            guest_id=guest.id,
            person_id=guest.id,
            state=state,
            how="grid",
            at=NOW,
            **{"said_at": SAID_AT, **columns},
        )
    )
    await db.flush()


async def an_enrolment(db: AsyncSession, team: Team, urn: int, **columns: Any) -> Enrolment:
    values = {"kind": "development", "state": "active", "group_id": team.group.id}
    made = Enrolment(
        hub_id=team.group.hub_id, urn=urn, programme_id=team.group.programme_id, year=YEAR, **{**values, **columns}
    )
    db.add(made)
    await db.flush()
    return made


async def an_agreement(db: AsyncSession, enrolment: Enrolment, **columns: Any) -> Agreement:
    signed = Agreement(
        hub_id=enrolment.hub_id,
        enrolment_id=enrolment.id,
        name="A Head",
        part="Headteacher",
        how="page",
        signed_on=date(2026, 9, 14),
        signed_at=NOW,
        digest=b"",
        pdf=b"%PDF-1.7",
        **columns,
    )
    db.add(signed)
    await db.flush()
    return signed


def of_kind(found: Sequence[Fact], kind: str) -> list[Any]:
    return sorted((fact for fact in found if fact.kind == kind), key=lambda fact: (fact.urn, fact.day))


async def test_what_is_said_of_a_meeting_becomes_facts_of_schools_and_of_places(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        base = await a_school(db)
        programme = await a_programme(db, hub, kind="development", code="DEV-1")
        team = await a_group(
            db, hub, schools=6, programme=programme, leader=await a_person(db, hub, Role.SPECIALIST, base_urn=base.urn)
        )
        held = await a_meeting(db, team, HELD_ON, status="held")
        came, part, instead, away, told, ill = team.participants
        await said(db, held, came, "absent")
        await said(db, held, came, "present", said_at=SAID_AT + timedelta(minutes=5))
        await said(db, held, part, "part", minutes=70)
        await said(db, held, instead, "stand_in", name="A Colleague")
        await said(db, held, away, "absent")
        await said(db, held, told, "absent")
        await said(db, held, ill, "absent", excused=True)  # the reason itself was forgotten since
        db.add(Invitation(hub_id=hub.id, event_id=held.id, person_id=told.id, answer="no"))
        ahead = await a_meeting(db, team, date(2027, 1, 14), half_term=2, slot_key=f"{team.group.id}/2")
        await db.flush()
        found = await facts.of_year(db, hub.id, YEAR, NOW)
        urns = [school.urn for school in team.schools]
        attended = of_kind(found, "attended")
        assert [(one.urn, one.minutes, one.length) for one in attended] == [
            (urns[0], 0, 165),
            (urns[1], 70, 165),
            (urns[2], 0, 165),
        ]
        assert {one.programme for one in found} == {"DEV-1"}
        assert attended[0].id == f"attendance/{held.id}/{came.id}"
        assert [one.urn for one in of_kind(found, "released")] == urns[:3]
        assert [one.urn for one in of_kind(found, "no_show")] == [urns[3]]
        [led] = of_kind(found, "led")
        assert (led.urn, led.group, led.event) == (base.urn, team.group.code, str(held.id))
        foreseen = await expected.of_year(db, hub.id, YEAR, NOW)
        coming = [one for one in of_kind(foreseen, "attended") if one.event == str(ahead.id)]
        assert len(coming) == 6
        assert all(one.id.startswith("plan/attendance/") for one in coming)
        assert {one.urn for one in of_kind(foreseen, "signed")} == set(urns)
        assert set(found) <= set(foreseen)


async def test_a_leader_without_a_school_is_not_lost_and_online_frees_nobody(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=1, programme=await a_programme(db, hub, kind="readiness"))
        held = await a_meeting(db, team, HELD_ON, status="held", online=True)
        await said(db, held, team.participants[0], "present")
        db.add(Travel(event_id=held.id, person_id=team.leader.id, hub_id=hub.id, metres=16_093, made_at=NOW))
        await db.flush()
        found = await facts.of_year(db, hub.id, YEAR, NOW)
        assert {(one.kind, one.urn, one.role.value) for one in found if one.role != "participant"} == {
            ("led", 0, "readiness"),
            ("travelled", 0, "readiness"),
        }
        assert of_kind(found, "attended")[0].online
        assert not of_kind(found, "released")


async def test_schools_sign_return_evaluations_complete_withdraw_and_become_others(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=3)
        first, second, third = team.schools
        one = await an_enrolment(db, team, first.urn, state="completed", completed_on=date(2027, 7, 1))
        two = await an_enrolment(db, team, second.urn, state="withdrawn", withdrawn_on=date(2026, 10, 20))
        signed = await an_agreement(db, one)
        await an_agreement(db, two, withdrawn_at=NOW)
        db.add(Evaluation(enrolment_id=one.id, hub_id=hub.id, returned_on=date(2026, 11, 2), made_at=NOW))
        heir, later = await a_school(db), await a_school(db)
        since = date(2026, 11, 1)
        db.add(SchoolLink(urn=first.urn, other_urn=heir.urn, kind="Successor", since=since))
        db.add(SchoolLink(urn=heir.urn, other_urn=first.urn, kind="Predecessor", since=since))
        db.add(SchoolLink(urn=third.urn, other_urn=later.urn, kind="Successor", since=since))
        waits = SchoolChange(hub_id=hub.id, urn=third.urn, kind="replaced", successor_urn=later.urn, found_at=NOW)
        db.add(waits)
        await db.flush()
        found = await facts.of_year(db, hub.id, YEAR, NOW)
        assert {fact.id for fact in found} == {
            f"agreement/{signed.id}",
            f"enrolment/{one.id}",
            f"enrolment/{two.id}",
            f"evaluation/{one.id}",
            f"link/{first.urn}/{heir.urn}",
        }, "a school whose change the hub has not settled keeps its number"
        waits.state = "moved"
        await db.flush()
        became = of_kind(await facts.of_year(db, hub.id, YEAR, NOW), "succeeded")
        assert {(fact.urn, fact.to, fact.day) for fact in became} == {
            (first.urn, heir.urn, since),
            (third.urn, later.urn, since),
        }


@pytest.mark.parametrize("meetings", [1, 3])
async def test_it_takes_six_statements_however_much_happened(database: Database, meetings: int) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=2)
        for number in range(meetings):
            day = HELD_ON - timedelta(14 * number)
            held = await a_meeting(db, team, day, status="held", slot_key=f"{team.group.id}/{uuid.uuid4()}")
            await said(db, held, team.participants[0], "present")
        asked: list[str] = []

        def listen(*said: Any) -> None:
            asked.append(said[2])

        engine = database.engine.sync_engine
        listening.listen(engine, "before_cursor_execute", listen)
        try:
            await facts.of_year(db, hub.id, YEAR, NOW)
        finally:
            listening.remove(engine, "before_cursor_execute", listen)
        assert len(asked) == 6


async def test_visits_and_observations_are_paid_to_the_school_of_whoever_came(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        base, moved = await a_school(db), await a_school(db)
        leader = await a_person(db, hub, Role.READINESS_LEAD, base_urn=base.urn)
        team = await a_group(db, hub, schools=1, leader=leader, programme=await a_programme(db, hub, kind="readiness"))
        alone = Team(team.group, leader, team.schools)
        series = await a_visit_series(db, team)
        common: dict[str, Any] = {"status": "held", "group_id": None, "series_id": series.id}
        visit = await a_meeting(db, alone, HELD_ON, kind="visit", slot_key="v", **common)
        watched = await a_meeting(db, alone, date(2026, 10, 8), kind="observation", slot_key="o", status="held")
        await a_meeting(db, alone, date(2026, 10, 15), kind="visit", slot_key="w", **{**common, "status": "confirmed"})
        place = await db.get_one(Booking, (watched.id, leader.id))
        place.urn = moved.urn  # where they taught then
        await db.flush()
        every = await facts.of_year(db, hub.id, YEAR, NOW)
        found = [one for one in every if isinstance(one, Visited | Observed)]
        assert {(one.kind, one.urn, one.role.value, one.programme, one.event) for one in found} == {
            ("visited", base.urn, "readiness", "readiness", str(visit.id)),
            ("observed", moved.urn, "readiness", "readiness", str(watched.id)),
        }
        assert {one.host for one in found} == {team.schools[0].urn}
        ahead = await expected.of_year(db, hub.id, YEAR, NOW)
        assert [one.day for one in of_kind(ahead, "visited") if one.id.startswith("plan/event/")] == [
            date(2026, 10, 15)
        ]
