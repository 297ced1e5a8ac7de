"""A request that is refused changes nothing, however far it had come."""

from datetime import date

import httpx

from app.domain.access import Role
from app.models.meetings import Event
from app.store.database import Database
from tests import makers

DAY = date(2027, 1, 14)


async def test_an_event_whose_new_times_clash_stays_as_it_was(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        csrf = await makers.sign_in(db, client, await makers.a_person(db, hub, Role.COORDINATOR))
        team = await makers.a_group(db, hub)
        other = await makers.a_group(db, hub, leader=team.leader)
        morning = await makers.a_meeting(db, team, DAY)
        await makers.a_meeting(db, other, DAY, slot="pm")
    form = {"csrf": csrf, "version": "1", "starts": "09:15", "ends": "14:00", "notes": "Bring cubes."}
    answer = await client.post(f"/hubs/MOOR/events/{morning.id}/edit", data=form)
    assert answer.status_code == 422
    assert "Bring cubes." in answer.text
    async with database.transaction(hub.id) as db:
        kept = await db.get_one(Event, morning.id)
    assert (kept.ends_at, kept.own_times, kept.notes) == (morning.ends_at, False, "")
