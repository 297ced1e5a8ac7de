"""Writing that waits on a device: its owner gets one letter, after five days."""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from app.actions.notes import devices
from app.models.mail import Message
from app.store import people
from app.store.database import Database
from tests.makers import NOW, a_group, a_hub, a_meeting
from tests.routers.records import written

LETTERS = select(col(Message.to), col(Message.text), col(Message.links))


async def test_after_five_days_one_letter_goes_and_no_second_one(database: Database) -> None:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        viewer = await people.viewer(db, team.leader.account_id, team.leader.email)
        await devices.seen(db, viewer, (uuid.uuid4(), "Phone"), (3, NOW), NOW)
        assert await devices.remind(db, team.group.hub_id, NOW + timedelta(days=4)) == 0
        assert await devices.remind(db, team.group.hub_id, NOW + timedelta(days=6)) == 1
        assert await devices.remind(db, team.group.hub_id, NOW + timedelta(days=7)) == 0
        ((to, said, links),) = (await db.execute(LETTERS)).all()
    assert to == team.leader.email
    assert "Phone has held 3 pieces of your writing since Saturday 21 November 2026" in said
    assert "Open My notes: {notes}" in said
    assert links == {"notes": {"kind": "page", "id": "/my/notes"}}


async def test_whoever_led_with_a_device_that_never_came_back_is_asked(database: Database) -> None:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        event = await a_meeting(db, team)
        viewer = await people.viewer(db, team.leader.account_id, team.leader.email)
        await devices.seen(db, viewer, (uuid.uuid4(), ""), (0, None), NOW)
        after = event.ends_at + timedelta(days=6)
        assert await devices.remind(db, team.group.hub_id, event.ends_at + timedelta(days=4)) == 0
        assert await devices.remind(db, team.group.hub_id, after) == 1
        assert await devices.remind(db, team.group.hub_id, after) == 0


async def test_nobody_is_asked_for_what_has_arrived(database: Database) -> None:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        event = await a_meeting(db, team)
        viewer = await people.viewer(db, team.leader.account_id, team.leader.email)
        await devices.seen(db, viewer, (uuid.uuid4(), "Phone"), (2, NOW), NOW)
        await written(db, event, team.leader, {"lesson": "Halves"})
        await devices.seen(db, viewer, (uuid.uuid4(), "Tablet"), (0, None), NOW)
        count = await devices.remind(db, team.group.hub_id, event.ends_at + timedelta(days=30))
    assert count == 1, "only the phone, which still holds something"
