"""What the rules of risk and the visits read out of the tables."""

from datetime import date, timedelta

from sqlalchemy import event as listening

from app.kit.ids import new_id
from app.models.meetings import Attendance
from app.models.stages import Barrier, Enrolment
from app.store.database import Database
from app.store.stages import entitlement, flags
from tests.makers import NOW, YEAR, a_group, a_hub, a_meeting, a_programme, a_visit_series

TODAY = NOW.date()


async def test_schools_get_their_visits_and_flags_in_a_fixed_number_of_statements(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        programme = await a_programme(db, hub, kind="readiness", head_attends="the first meeting")
        team = await a_group(db, hub, schools=3, programme=programme)
        first, second, third = (school.urn for school in team.schools)
        series = await a_visit_series(db, team, (0, 1, 2))
        for day, slot_key in ((date(2026, 9, 15), "VISIT/0"), (date(2026, 12, 1), "VISIT/1")):
            held = {"status": "held" if day < TODAY else "confirmed", "series_id": series.id, "group_id": None}
            await a_meeting(db, team, day, kind="visit", slot_key=slot_key, **held)
        missed = team.participants[1]
        for day in (date(2026, 9, 22), date(2026, 11, 10)):
            event = await a_meeting(db, team, day, status="held")
            for person, state in zip(team.participants, ("present", "absent", "present"), strict=True):
                said = {"guest_id": person.id, "person_id": person.id, "state": state, "how": "grid"}
                db.add(Attendance(op_id=new_id(), hub_id=hub.id, event_id=event.id, said_at=NOW, at=NOW, **said))
        db.add(
            Barrier(
                hub_id=hub.id,
                urn=second,
                lever="schedules",
                what="No time.",
                owner="Head",
                due=TODAY - timedelta(3),
                made_at=NOW - timedelta(40),
            )
        )
        gone = {"state": "withdrawn", "withdrawn_on": date(2026, 11, 1), "because": "Staff left."}
        db.add(Enrolment(hub_id=hub.id, urn=third, programme_id=programme.id, year=YEAR, kind="readiness", **gone))
        await db.flush()
        asked: list[str] = []
        connection = await db.connection()
        listening.listen(connection.sync_connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        visits = await entitlement.of_year(db, hub.id, YEAR, NOW)
        assert len(asked) <= 12
        told = await flags.of_year(db, hub.id, YEAR, NOW)
        assert len(asked) <= 32
    assert set(visits) == {first, second}
    one = visits[first]
    assert (one.allowed, one.due, one.booked, one.held, one.overdue, one.left) == (3, 2, 1, 1, 0, 1)
    assert (visits[second].allowed, visits[second].left) == (3, 3)
    assert {urn: [flag.key for flag in found] for urn, found in told.items()} == {
        first: ["head", "record"],
        second: ["absences", "nobody", "no_visit", "barrier", "head"],
    }
    assert missed.name not in " ".join(flag.says for found in told.values() for flag in found)
