"""A meeting of yesterday, and what tests of attendance do with it."""

from datetime import date

import httpx

from app.domain.meetings.attendance import Said
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.people import Person
from app.store.database import Database
from app.store.meetings import attendance
from tests.makers import Team, a_group, a_hub, a_meeting, sign_in

YESTERDAY = date(2026, 11, 20)
Scene = tuple[Team, Event]


async def a_scene(database: Database) -> Scene:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        return team, await a_meeting(db, team, YESTERDAY)


async def as_who(database: Database, client: httpx.AsyncClient, person: Person) -> str:
    async with database.transaction(person.hub_id) as db:
        hub = await db.get_one(Hub, person.hub_id)
        client.headers["x-hub"] = hub.code
        return await sign_in(db, client, person)


def address(client: httpx.AsyncClient, event: Event, tail: str = "/attendance") -> str:
    return f"/hubs/{client.headers['x-hub']}/events/{event.id}{tail}"


async def said(database: Database, event: Event) -> list[Said]:
    async with database.transaction(event.hub_id) as db:
        return (await attendance.said_of(db, [event.id]))[event.id]


def line(person: Person, state: str, seen: int = 0, **more: str) -> dict[str, str]:
    own = {f"{name}-{person.id}": value for name, value in more.items()}
    return {f"state-{person.id}": state, f"seen-{person.id}": str(seen), **own}


def a_saying(event: Event, person: Person, state: str) -> Said:
    return Said(
        op_id=new_id(),
        hub_id=event.hub_id,
        event_id=event.id,
        guest_id=person.id,
        person_id=person.id,
        state=state,
        said_at=event.ends_at,
        at=event.ends_at,
    )
