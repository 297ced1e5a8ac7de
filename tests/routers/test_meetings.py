import csv
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import httpx
from fastapi import FastAPI
from sqlalchemy import event as engine_event
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Booking, Event
from app.store import hubs
from app.store.database import Database, see_hub_named, see_hubs
from app.store.feeds import event_changed
from tests.makers import NOW, a_group, a_hub, a_meeting, a_person, sign_in

PAST, AHEAD = date(2026, 11, 12), date(2027, 1, 14)


@contextmanager
def statements(app: FastAPI) -> Iterator[list[str]]:
    """Every statement that the server sends to the database."""
    sent: list[str] = []
    engine = app.state.world.database.engine.sync_engine

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    engine_event.listen(engine, "before_cursor_execute", note)
    yield sent
    engine_event.remove(engine, "before_cursor_execute", note)


class Scene:
    """A hub with a coordinator, a Work Group, a meeting that is over and one that is ahead."""

    def __init__(self, hub: str, ids: tuple[str, str], csrf: str) -> None:
        self.hub, (self.past, self.ahead), self.csrf = f"/hubs/{hub}", ids, csrf

    def form(self, **values: str) -> dict[str, str]:
        return {"csrf": self.csrf, "version": "1", **values}


async def a_scene(database: Database, client: httpx.AsyncClient, *, groups: int = 1, own: bool = False) -> Scene:
    async with database.transaction() as db:
        hub = await a_hub(db)
        coordinator = await a_person(db, hub, Role.COORDINATOR)
        teams = [await a_group(db, hub) for _ in range(groups)]
        pairs = [(await a_meeting(db, team, PAST), await a_meeting(db, team, AHEAD)) for team in teams]
        await event_changed(db, [event.id for pair in pairs for event in pair], NOW)
        csrf = await sign_in(db, client, teams[0].participants[0] if own else coordinator)
        return Scene(hub.code, (str(pairs[0][0].id), str(pairs[0][1].id)), csrf)


async def stored(database: Database, scene: Scene, key: str) -> tuple[Event, list[Booking]]:
    async with database.transaction() as db:
        await see_hub_named(db, scene.hub.removeprefix("/hubs/"))
        hub = (await db.execute(select(Hub))).scalars().one()
        await see_hubs(db, hub.id)
        event = (await db.execute(select(Event).where(col(Event.id) == key))).scalars().one()
        bookings = await db.execute(select(Booking).where(col(Booking.event_id) == key))
        return event, list(bookings.scalars())


async def test_a_list_shows_events_with_their_standing(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    answer = await client.get(f"{scene.hub}/meetings")
    assert answer.status_code == 200
    assert "Thursday 12 November 2026" in answer.text
    assert "Overdue" in answer.text
    told = (await client.get(f"{scene.hub}/meetings", headers={"accept": "application/json"})).json()
    assert [one["state"] for one in told["events"]] == ["missed", "confirmed"]


async def test_a_list_is_narrowed_by_its_address(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    for query, count in (("half_term=3", 1), ("status=missed", 1), ("status=held", 0), ("q=fernhill", 2), ("q=%25", 0)):
        answer = await client.get(f"{scene.hub}/meetings?{query}", headers={"accept": "application/json"})
        assert len(answer.json()["events"]) == count, query
    assert (await client.get(f"{scene.hub}/visits")).status_code == 200
    assert "will be here once the year has a plan" in (await client.get(f"{scene.hub}/observations")).text


async def test_a_list_as_a_file_holds_every_row(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    answer = await client.get(f"{scene.hub}/meetings?format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Date", "Starts", "Ends", "Half term"]
    assert rows[1][:4] == ["2026-11-12", "09:15", "12:00", "Autumn 2"]
    assert len(rows) == 3


async def test_lists_and_the_year_take_the_same_number_of_statements_for_one_group_and_for_four(
    app: FastAPI, database: Database, client: httpx.AsyncClient
) -> None:
    counts: dict[str, list[int]] = {}
    for groups in (1, 4):
        scene = await a_scene(database, client, groups=groups)
        for path in ("/meetings", "/year", "/year?view=list", f"/events/{scene.past}", ""):
            with statements(app) as sent:
                assert (await client.get(scene.hub + path)).status_code == 200
            counts.setdefault(path.replace(scene.past, "one"), []).append(len(sent))
    assert all(one == four <= 30 for one, four in counts.values()), counts


async def test_a_past_meeting_is_marked_as_held_and_back(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    page = await client.get(f"{scene.hub}/events/{scene.past}")
    assert "Mark as held" in page.text
    answer = await client.post(f"{scene.hub}/events/{scene.past}/held", data=scene.form())
    assert answer.status_code == 303
    assert (await stored(database, scene, scene.past))[0].status == "held"
    again = await client.post(f"{scene.hub}/events/{scene.past}/not-held", data=scene.form(version="2"))
    assert again.status_code == 303
    assert (await stored(database, scene, scene.past))[0].status == "confirmed"


async def test_a_meeting_ahead_cannot_be_held(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    answer = await client.post(f"{scene.hub}/events/{scene.ahead}/held", data=scene.form())
    assert answer.status_code == 409
    assert "Mark as held" not in (await client.get(f"{scene.hub}/events/{scene.ahead}")).text


async def test_cancelling_asks_first_frees_everybody_and_can_be_undone(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client)
    asks = await client.get(f"{scene.hub}/events/{scene.ahead}/cancel")
    assert "3 people" in asks.text
    assert (await client.post(f"{scene.hub}/events/{scene.ahead}/cancel", data=scene.form())).status_code == 303
    event, bookings = await stored(database, scene, scene.ahead)
    assert event.status == "cancelled"
    assert event.cancelled_at is not None
    assert not any(booking.holds for booking in bookings)
    page = await client.get(f"{scene.hub}/events/{scene.ahead}")
    assert "Bring it back" in page.text
    assert (await client.post(f"{scene.hub}/events/{scene.ahead}/restore", data=scene.form(version="2"))).is_redirect
    event, bookings = await stored(database, scene, scene.ahead)
    assert (event.status, event.cancelled_at) == ("confirmed", None)
    assert all(booking.holds for booking in bookings)


async def test_own_times_and_a_place_online_are_kept(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    form = scene.form(
        starts="10:00", ends="14:00", place="online", joining_link="https://meet.example/x", notes="Cubes", pinned="yes"
    )
    answer = await client.post(f"{scene.hub}/events/{scene.ahead}/edit", data=form)
    assert answer.status_code == 303, answer.text
    event, bookings = await stored(database, scene, scene.ahead)
    assert (event.own_times, event.online, event.joining_link, event.notes, event.pinned) == (
        True,
        True,
        "https://meet.example/x",
        "Cubes",
        True,
    )
    assert {booking.during.lower for booking in bookings} == {event.starts_at}
    assert event.sequence > 0
    page = await client.get(f"{scene.hub}/events/{scene.ahead}")
    assert "10am to 2pm" in page.text


async def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client)
    edit = f"{scene.hub}/events/{scene.ahead}/edit"
    for form, words in (
        ({"starts": "ten", "ends": "14:00"}, "Enter a time"),
        ({"starts": "14:00", "ends": "10:00"}, "Choose an end that is after the start."),
        ({"place": "online", "joining_link": "javascript:alert(1)"}, "beginning with https://"),
    ):
        answer = await client.post(edit, data=scene.form(notes="Bring the cubes", **form))
        assert answer.status_code == 422
        assert words in answer.text
        assert "Bring the cubes" in answer.text


async def test_a_change_on_an_old_version_is_refused(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    edit = f"{scene.hub}/events/{scene.ahead}/edit"
    assert (await client.post(edit, data=scene.form(notes="First"))).status_code == 303
    assert (await client.post(edit, data=scene.form(notes="Second"))).status_code == 412


async def test_a_teacher_sees_their_meeting_and_can_change_nothing(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, own=True)
    page = await client.get(f"{scene.hub}/events/{scene.ahead}")
    assert page.status_code == 200
    assert "Change details" not in page.text
    assert (await client.post(f"{scene.hub}/events/{scene.ahead}/cancel", data=scene.form())).status_code == 403


async def test_an_event_of_another_hub_does_not_exist(database: Database, client: httpx.AsyncClient) -> None:
    other = await a_scene(database, client)
    scene = await a_scene(database, client)
    assert (await client.get(f"{scene.hub}/events/{other.ahead}")).status_code == 404
    assert (await client.post(f"{scene.hub}/events/{other.ahead}/held", data=scene.form())).status_code == 404


async def test_the_year_is_a_grid_and_a_list(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client)
    grid = await client.get(f"{scene.hub}/year")
    assert 'class="year"' in grid.text
    assert "Christmas Day" in grid.text
    listed = await client.get(f"{scene.hub}/year?view=list")
    assert 'class="year"' not in listed.text
    assert "Thursday 14 January 2027" in listed.text


async def test_no_time_is_taken_from_the_hour_in_which_the_clocks_change(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client)
    async with database.transaction() as db:
        await hubs.find(db, scene.hub.removeprefix("/hubs/"))
        event = await db.get_one(Event, uuid.UUID(scene.ahead))
        event.day = date(2027, 3, 28)  # a Sunday, but data may be moved in from elsewhere
    answer = await client.post(f"{scene.hub}/events/{scene.ahead}/edit", data=scene.form(starts="01:30", ends="10:00"))
    assert answer.status_code == 422
    assert "The clocks change on Sunday 28 March 2027" in answer.text
    assert 'value="01:30"' in answer.text
