"""A server of the test's own with one meeting and one subscriber, asked over real HTTP."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import icalendar
import uvicorn

from app.actions.feeds.serving import FeedCounter
from app.actions.feeds.subscribing import Subscriber, subscribe
from app.main import create_app
from app.models.meetings import Event
from app.models.people import Person
from app.settings import read_settings
from app.store import people
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed
from tests.databases import app_address
from tests.makers import NOW, Team, a_group, a_hub, a_meeting


@dataclass
class Served:
    """A server that can be asked, its database, its clock, and a meeting with a subscriber."""

    http: httpx.AsyncClient
    database: Database
    counter: Callable[[], FeedCounter]
    clock: list[Any]
    team: Team
    meeting: uuid.UUID
    feed: uuid.UUID
    token: str

    @property
    def path(self) -> str:
        return f"/feeds/{self.token}.ics"

    async def get(self, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(self.path, headers={"Accept-Encoding": "identity", **sent})

    async def change(self, **columns: Any) -> None:
        """Change the meeting, as an action would: in one transaction with its feeds."""
        async with self.database.transaction(self.team.group.hub_id) as db:
            found = await db.get_one(Event, self.meeting)
            for name, value in columns.items():
                setattr(found, name, value)
            await event_changed(db, [self.meeting], self.clock[0])

    async def subscriber(self, db: Any, person: Person) -> Subscriber:
        return Subscriber(db, await people.viewer(db, person.account_id, person.email), self.clock[0])


async def a_subscription(database: Database) -> tuple[Team, uuid.UUID, uuid.UUID, str]:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        team = await a_group(db, hub)
        meeting = await a_meeting(db, team)
        await event_changed(db, [meeting.id], NOW)
        person = team.participants[0]
        who = Subscriber(db, await people.viewer(db, person.account_id, person.email), NOW)
        made = await subscribe(who, "Phone")
    return team, meeting.id, made.feed_id, made.token


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The app on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, server_header=False))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def serving(owner: str) -> AsyncIterator[Served]:
    """A server whose clock stands still until the test moves it."""
    app = create_app(read_settings(now=NOW, feed_rate_limit=False), app_address(owner), with_worker=False)
    world = app.state.world
    clock = [NOW]
    object.__setattr__(world, "clock", lambda: clock[0])
    team, meeting, feed, token = await a_subscription(world.database)
    async with running(app) as client:
        yield Served(client, world.database, lambda: world.extras["feeds"], clock, team, meeting, feed, token)


def events_in(body: bytes) -> list[Any]:
    return icalendar.Calendar.from_ical(body).events
