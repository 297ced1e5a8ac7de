"""Changes that calendar programs may show too late are mailed, by jobs written in the transaction of the change."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from app.actions.feeds.telling import letters_of_change, tell
from app.models.meetings import Event
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed
from tests.makers import NOW, Team, a_group, a_hub, a_meeting

ADDRESS = "http://127.0.0.1:8000"


async def a_meeting_on(database: Database, day: date) -> tuple[Team, Event]:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        team = await a_group(db, hub)
        made = await a_meeting(db, team, day)
        await event_changed(db, [made.id], NOW - timedelta(days=10))
    return team, made


async def change(database: Database, made: Event, **columns: Any) -> None:
    async with database.transaction(made.hub_id) as db:
        event = await db.get_one(Event, made.id)
        for name, value in columns.items():
            setattr(event, name, value)
        await event_changed(db, [made.id], NOW)


async def jobs(database: Database, task: str) -> list[dict[str, Any]]:
    async with database.transaction() as db:
        found = await db.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = :task"), {"task": task})
        return list(found.scalars())


async def test_a_change_far_ahead_is_left_to_calendar_programs(database: Database) -> None:
    _, made = await a_meeting_on(database, date(2026, 12, 10))
    await change(database, made, notes="Bring a pen.")
    assert await jobs(database, "tell_of_changes") == []


async def test_a_change_within_two_days_is_written_as_a_job_once(database: Database) -> None:
    _, made = await a_meeting_on(database, date(2026, 11, 23))
    await change(database, made, notes="Bring a pen.")
    await change(database, made, pinned=True)
    (job,) = await jobs(database, "tell_of_changes")
    assert job == {"hub_id": str(made.hub_id), "was": {str(made.id): made.starts_at.isoformat()}}


async def test_everyone_booked_is_told_what_has_changed(database: Database) -> None:
    team, made = await a_meeting_on(database, date(2026, 11, 23))
    moved = {"starts_at": made.starts_at + timedelta(days=1), "ends_at": made.ends_at + timedelta(days=1)}
    await change(database, made, **moved)
    async with database.transaction(made.hub_id) as db:
        letters = await letters_of_change(db, {made.id: made.starts_at}, ADDRESS, NOW)
        await tell(db, made.hub_id, {made.id: made.starts_at}, ADDRESS, NOW)
    assert sorted(one.to for one in letters) == sorted(person.email for person in (team.leader, *team.participants))
    said = letters[0].text
    assert "Tuesday 24 November 2026, 9.15am to 12 noon" in said
    assert "It was Monday 23 November 2026, 9.15am." in said
    assert f"{ADDRESS}/hubs/" in said
    assert len(await jobs(database, "send_message")) == 3
    assert {(one.kind, one.at_once) for one in letters} == {("change", True)}


async def test_a_cancellation_is_told_because_google_hides_it(database: Database) -> None:
    _, made = await a_meeting_on(database, date(2027, 6, 10))
    await change(database, made, status="cancelled", cancelled_at=NOW)
    (job,) = await jobs(database, "tell_of_changes")
    assert list(job["was"]) == [str(made.id)]
    async with database.transaction(made.hub_id) as db:
        letters = await letters_of_change(db, {made.id: made.starts_at}, ADDRESS, NOW)
    assert "Cancelled: Work Group" in letters[0].text
    assert "It was" not in letters[0].text


async def test_two_changes_for_one_person_are_one_letter(database: Database) -> None:
    team, made = await a_meeting_on(database, date(2026, 11, 23))
    async with database.transaction(made.hub_id) as db:
        other = await a_meeting(db, team, date(2026, 11, 24), slot_key="other")
        letters = await letters_of_change(db, {made.id: None, other.id: None}, ADDRESS, NOW)
    assert {one.subject for one in letters} == {"2 dates of yours have changed"}
