"""My calendar: own dates, an address that is told once, and how calendar programs follow it."""

import re
from datetime import date, timedelta
from typing import Any

import httpx
import icalendar
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select
from sqlmodel import col

from app.actions.feeds.subscribing import MOST, Subscriber, address_from_command_line, subscribe
from app.domain.access import Role
from app.kit.errors import BadInputError
from app.models.feeds import Feed, FeedFetch
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.people import Person
from app.models.trail import TrailEntry
from app.store import people
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, book, sign_in

JSON = {"Accept": "application/json"}


async def a_teacher(database: Database, client: httpx.AsyncClient) -> tuple[Person, Team, Event, str]:
    """A signed-in teacher with one meeting; the last is their CSRF token."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        team = await a_group(db, hub)
        meeting = await a_meeting(db, team)
        await event_changed(db, [meeting.id], NOW)
        person = team.participants[0]
        csrf = await sign_in(db, client, person)
    return person, team, meeting, csrf


async def make(client: httpx.AsyncClient, csrf: str, **fields: str) -> httpx.Response:
    return await client.post("/my/calendar/feeds", data={"csrf": csrf, "purpose": "Phone", "reminder": "", **fields})


async def shown(client: httpx.AsyncClient) -> Any:
    return (await client.get("/my/calendar", headers=JSON)).json()


def path_in(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/feeds/[^"]+\.ics)"', page)
    assert found
    return found[1]


async def test_the_page_shows_own_dates_and_how_to_subscribe(client: httpx.AsyncClient, database: Database) -> None:
    _, team, meeting, _ = await a_teacher(database, client)
    page = await client.get("/my/calendar")
    assert page.status_code == 200
    assert "When and where am I needed?" in page.text
    assert f"{team.group.code} meets at {team.schools[0].name}" in page.text
    assert f"/my/calendar/events/{meeting.id}.ics" in page.text
    assert "Subscribe to them" in page.text


async def test_somebody_without_dates_is_told_what_will_be_here(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        await sign_in(db, client, await a_person(db, hub, Role.SPECIALIST))
    assert "once your hub has planned the year" in (await client.get("/my/calendar")).text


async def test_nobody_else_sees_it(client: httpx.AsyncClient) -> None:
    assert (await client.get("/my/calendar", headers=JSON)).status_code == 401
    assert (await client.get("/my/calendar")).status_code == 303


async def test_an_address_is_told_once_in_every_form_and_works(client: httpx.AsyncClient, database: Database) -> None:
    *_, csrf = await a_teacher(database, client)
    page = await make(client, csrf)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    path = path_in(page.text)
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    assert f'href="webcal://127.0.0.1:8000{path}"' in page.text
    assert f"calendar.google.com/calendar/render?cid=webcal%3A%2F%2F127.0.0.1%3A8000%2Ffeeds%2F{token}.ics" in page.text
    assert "outlook.office.com/calendar/0/addfromweb?name=Halfterm&amp;url=http%3A%2F%2F127.0.0.1%3A8000" in page.text
    assert '<svg viewBox="0 0' in page.text
    assert "cannot: this server is not on the internet" in page.text
    found = await client.get(path)
    assert len(icalendar.Calendar.from_ical(found.content).events) == 1
    later = await client.get("/my/calendar")
    assert token not in later.text
    assert "No calendar program has asked for it yet." not in later.text


async def test_what_was_typed_is_kept_and_said_what_to_change(client: httpx.AsyncClient, database: Database) -> None:
    *_, csrf = await a_teacher(database, client)
    assert (await make(client, csrf)).status_code == 200
    for purpose, because in (("", "Say what this address is for"), (" phone ", "already"), ("x" * 61, "at most 60")):
        page = await make(client, csrf, purpose=purpose, reminder="30")
        assert page.status_code == 422
        assert because in page.text
        assert '<option value="30" selected>' in page.text
    assert (await make(client, csrf, purpose="Desk", reminder="7")).status_code == 422
    assert (await make(client, csrf, purpose="Desk", reminder="soon")).status_code == 422


async def test_without_the_csrf_token_nothing_is_made(client: httpx.AsyncClient, database: Database) -> None:
    await a_teacher(database, client)
    assert (await make(client, "")).status_code == 403
    assert (await shown(client))["subscriptions"] == []


async def test_health_says_who_fetched_and_whether_they_have_the_latest_change(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, team, meeting, csrf = await a_teacher(database, client)
    path = path_in((await make(client, csrf)).text)
    assert (await shown(client))["subscriptions"][0]["says"] == "No calendar program has asked for it yet."
    await client.get(path, headers={"User-Agent": "Google-Calendar-Importer"})
    assert (await shown(client))["subscriptions"][0]["says"] == "Google Calendar has your latest change."
    async with database.transaction(team.group.hub_id) as db:
        (await db.get_one(Event, meeting.id)).notes = "Bring a pen."
        await event_changed(db, [meeting.id], NOW + timedelta(seconds=5))
    (one,) = (await shown(client))["subscriptions"]
    assert one["says"] == "Google Calendar does not have your latest change yet. It asks every 4 to 24 hours."
    async with database.transaction() as db:
        for fetch in (await db.execute(select(FeedFetch))).scalars():
            fetch.fetched_at = NOW - timedelta(days=3)
    page = (await client.get(one["href"])).text
    assert "Google Calendar has not asked since Wednesday 18 November 2026, 10am" in page
    assert "Last fetched by Google Calendar" in page


async def test_a_new_address_takes_the_old_ones_place_after_a_question(
    client: httpx.AsyncClient, database: Database
) -> None:
    *_, csrf = await a_teacher(database, client)
    old = path_in((await make(client, csrf)).text)
    (one,) = (await shown(client))["subscriptions"]
    assert "stops to work at once" in (await client.get(f"{one['href']}/rotate")).text
    assert (await client.get(old)).status_code == 200
    new = path_in((await client.post(f"{one['href']}/rotate", data={"csrf": csrf})).text)
    assert (await client.get(old)).status_code == 404
    assert (await client.get(new)).status_code == 200


async def test_a_stopped_subscription_leaves_and_can_be_made_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    *_, csrf = await a_teacher(database, client)
    old = path_in((await make(client, csrf)).text)
    first = (await client.get(old)).headers["last-modified"]
    (one,) = (await shown(client))["subscriptions"]
    assert "Stop Phone?" in (await client.get(f"{one['href']}/stop")).text
    assert (await client.post(f"{one['href']}/stop", data={"csrf": csrf})).status_code == 303
    assert (await client.get(old)).status_code == 404
    assert (await shown(client))["subscriptions"] == []
    assert (await client.get(one["href"])).status_code == 404
    again = path_in((await make(client, csrf)).text)
    assert (await client.get(old)).status_code == 404
    assert (await client.get(again)).headers["last-modified"] != first


async def test_a_reminder_is_in_the_feed_when_its_owner_asked(client: httpx.AsyncClient, database: Database) -> None:
    *_, csrf = await a_teacher(database, client)
    path = path_in((await make(client, csrf, reminder="60")).text)
    assert "TRIGGER:-PT60M" in (await client.get(path)).text
    (one,) = (await shown(client))["subscriptions"]
    assert (await client.post(f"{one['href']}/reminder", data={"csrf": csrf, "reminder": ""})).status_code == 303
    assert "VALARM" not in (await client.get(path)).text


async def test_somebody_elses_subscription_is_as_unknown_as_any_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, team, *_ = await a_teacher(database, client)
    async with database.transaction(team.group.hub_id) as db:
        other = team.participants[1]
        viewer = await people.viewer(db, other.account_id, other.email)
        made = await subscribe(Subscriber(db, viewer, NOW), "Phone")
        csrf = await sign_in(db, client, team.participants[0])
    for way in ("", "/rotate", "/stop"):
        assert (await client.get(f"/my/calendar/feeds/{made.feed_id}{way}")).status_code == 404
    for way in ("/rotate", "/stop", "/reminder"):
        assert (await client.post(f"/my/calendar/feeds/{made.feed_id}{way}", data={"csrf": csrf})).status_code == 404
    assert (await client.get("/my/calendar/feeds/nonsense")).status_code == 404


async def test_one_meeting_is_a_file_and_only_of_what_one_may_see(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, team, meeting, _ = await a_teacher(database, client)
    found = await client.get(f"/my/calendar/events/{meeting.id}.ics")
    (one,) = icalendar.Calendar.from_ical(found.content).events
    assert one["UID"] == meeting.uid
    assert "attachment" in found.headers["content-disposition"]
    async with database.transaction(team.group.hub_id) as db:
        hub = await a_hub(db)
        await see_hubs(db, team.group.hub_id, hub.id)
        other = await a_meeting(db, await a_group(db, hub), date(2026, 12, 3))
    for path in (f"{other.id}.ics", f"{meeting.id}", f"{meeting.id}.txt", "nonsense.ics"):
        assert (await client.get(f"/my/calendar/events/{path}")).status_code == 404


async def test_the_year_is_a_list_that_sorts_and_a_file(client: httpx.AsyncClient, database: Database) -> None:
    person, team, meeting, _ = await a_teacher(database, client)
    async with database.transaction(team.group.hub_id) as db:
        values = {"kind": "visit", "slot_key": "VISIT/1", "half_term": 2, "status": "tentative"}
        visit = await a_meeting(db, team, date(2027, 1, 20), **values)
        assert await db.get(Person, person.id)
    ids = [own["event"]["id"] for own in (await shown(client))["events"]]
    assert ids == [str(meeting.id), str(visit.id)]
    down = (await client.get("/my/calendar?sort=-date", headers=JSON)).json()
    assert [own["event"]["id"] for own in down["events"]] == ids[::-1]
    lines = (await client.get("/my/calendar?format=csv")).text.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2026-11-26,09:15,12:00,")
    assert (await client.get("/my/calendar?year=2025", headers=JSON)).json()["events"] == []


async def test_the_page_costs_a_fixed_number_of_statements(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    _, team, *_, csrf = await a_teacher(database, client)
    engine = app.state.world.database.engine.sync_engine
    said: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    await client.get("/my/calendar")
    few = len(said)
    for purpose in ("Phone", "Desk", "Board"):
        await make(client, csrf, purpose=purpose)
    async with database.transaction(team.group.hub_id) as db:
        for n in range(5):
            extra = await a_meeting(db, team, date(2026, 12, 1 + n), slot_key=f"extra/{n}")
            await book(db, extra, await a_person(db, await hub_of(db, team), Role.SPECIALIST), "comes")
    said.clear()
    await client.get("/my/calendar")
    assert len(said) == few
    event.remove(engine, "before_cursor_execute", note)


async def hub_of(db: Any, team: Team) -> Any:
    return await db.get_one(Hub, team.group.hub_id)


# The command line, and the trail


async def test_addresses_printed_before_go_on_working(client: httpx.AsyncClient, database: Database) -> None:
    person, *_ = await a_teacher(database, client)
    tokens = []
    for _ in range(MOST + 2):
        async with database.transaction() as db:
            tokens.append(await address_from_command_line(db, person.email.upper(), NOW))
    answers = [(await client.get(f"/feeds/{token}.ics")).status_code for token in tokens]
    assert answers == [404, 404] + [200] * MOST


async def test_an_e_mail_address_that_nobody_has_is_refused_in_a_sentence(database: Database) -> None:
    async def ask() -> None:
        async with database.transaction() as db:
            await address_from_command_line(db, "nobody@school.example", NOW)

    with pytest.raises(BadInputError, match="Nobody has the e-mail address nobody"):
        await ask()


async def test_what_is_done_to_addresses_is_in_the_trail_and_never_a_token(
    client: httpx.AsyncClient, database: Database
) -> None:
    person, team, _, csrf = await a_teacher(database, client)
    token = path_in((await make(client, csrf)).text).split("/")[2].removesuffix(".ics")
    async with database.transaction(team.group.hub_id) as db:
        entries = list((await db.execute(select(TrailEntry))).scalars())
        feeds = list((await db.execute(select(Feed).where(col(Feed.account_id) == person.account_id))).scalars())
    assert [entry.did for entry in entries] == ["Subscribed"]
    assert token not in repr([*entries, *feeds])
