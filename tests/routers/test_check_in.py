"""Checking in by a code: opened by the leader, taken from whoever is in the room, recorded once."""

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

import httpx
import pytest
import segno
from fastapi import FastAPI

from app.domain.access import Role
from app.domain.meetings import check_in as rules
from app.domain.meetings.attendance import Said
from app.domain.sign_in import Limit
from app.models.hubs import Hub
from app.models.meetings import Event, Invitation
from app.models.people import Person
from app.routers.deps import World
from app.store.database import Database
from app.store.meetings import attendance, check_in
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in


@dataclass
class Room:
    """A meeting that goes on now, with its check-in open."""

    team: Team
    event: Event
    hub: Hub
    desk: str
    secret: bytes
    late: list[timedelta] = field(default_factory=lambda: [timedelta()])

    def token(self, steps_ago: int = 0) -> str:
        return rules.token(self.secret, self.hub.id, self.event.id, rules.step_of(NOW + self.late[0]) - steps_ago)

    def code(self, steps_ago: int = 0) -> str:
        step = rules.step_of(NOW + self.late[0]) - steps_ago
        return f"{self.desk} {rules.digits(self.secret, self.event.id, step)}"


@pytest.fixture
async def room(app: FastAPI, database: Database) -> Room:
    """The server's clock stands still, and `late` moves it."""
    world: World = app.state.world
    late = [timedelta()]
    app.state.world = World(world.settings, world.database, lambda: NOW + late[0], world.extras)
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        event = await a_meeting(db, team, date(2026, 11, 21))
        opened = await check_in.open_for(db, hub.id, event.id, NOW)
        return Room(team, event, hub, opened.desk, world.settings.secret, late)


async def said(database: Database, room: Room) -> list[Said]:
    async with database.transaction(room.hub.id) as db:
        return (await attendance.said_of(db, [room.event.id]))[room.event.id]


async def here(client: httpx.AsyncClient, room: Room, who: Person | str, **more: str) -> httpx.Response:
    chosen = who if isinstance(who, str) else str(who.id)
    return await client.post(f"/here/{room.token()}", data={"who": chosen, **more})


async def test_who_is_not_signed_in_chooses_their_name_once(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    ann, ben = room.team.participants
    page = await client.get(f"/here/{room.token()}")
    assert page.status_code == 200
    assert ann.name in page.text
    assert await said(database, room) == [], "looking changes nothing"
    for _ in range(2):
        assert "You are here" in (await here(client, room, ann)).text
    (kept,) = await said(database, room)
    assert (kept.guest_id, kept.state, kept.how, kept.by_id) == (ann.id, "present", "code", None)
    assert "You are here" in (await here(client, room, ben)).text


async def test_many_taps_at_once_are_recorded_once(client: httpx.AsyncClient, database: Database, room: Room) -> None:
    ann = room.team.participants[0]
    answers = await asyncio.gather(*(here(client, room, ann) for _ in range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len(await said(database, room)) == 1


async def test_who_is_there_after_all_is_no_longer_absent(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    ann = room.team.participants[0]
    async with database.transaction(room.hub.id) as db:
        csrf = await sign_in(db, client, room.team.leader)
    form = {"csrf": csrf, f"state-{ann.id}": "absent", f"seen-{ann.id}": "0"}
    await client.post(f"/hubs/{room.hub.code}/events/{room.event.id}/attendance", data=form)
    client.cookies.clear()
    await here(client, room, ann)
    assert [one.state for one in await said(database, room)] == ["absent", "present"]


async def test_who_is_signed_in_says_so_with_one_tap(client: httpx.AsyncClient, database: Database, room: Room) -> None:
    ann = room.team.participants[0]
    async with database.transaction(room.hub.id) as db:
        await sign_in(db, client, ann)
    page = (await client.get(f"/here/{room.token()}")).text
    assert f"I am here: {ann.name}" in page
    assert "You are here" in (await here(client, room, "me")).text
    (kept,) = await said(database, room)
    assert (kept.guest_id, kept.by_id) == (ann.id, ann.id)


async def test_a_visitor_writes_their_name_and_a_stand_in_for_whom(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    ann = room.team.participants[0]
    assert (await here(client, room, "visitor", name=" ")).status_code == 422
    for _ in range(2):
        await here(client, room, "visitor", name="Vera  Vane", school="County Office")
    await here(client, room, "visitor", name="Sam Sloe", instead_of=str(ann.id))
    visitor, stand_in = await said(database, room)
    assert (visitor.state, visitor.name, visitor.organisation) == ("visitor", "Vera Vane", "County Office")
    assert (stand_in.guest_id, stand_in.state, stand_in.name) == (ann.id, "stand_in", "Sam Sloe")


async def test_a_stand_in_of_the_hub_who_is_signed_in_stands_for_whom_they_were_named_by(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    ann = room.team.participants[0]
    async with database.transaction(room.hub.id) as db:
        dee = await a_person(db, room.hub, Role.PARTICIPANT)
        db.add(Invitation(hub_id=room.hub.id, event_id=room.event.id, person_id=ann.id, stand_in_id=dee.id))
        await sign_in(db, client, dee)
    await here(client, room, "me")
    (kept,) = await said(database, room)
    assert (kept.guest_id, kept.person_id, kept.state) == (ann.id, dee.id, "stand_in")


async def test_a_typed_code_of_this_half_minute_or_the_one_before_leads_on(
    client: httpx.AsyncClient, room: Room
) -> None:
    for steps, status in ((0, 303), (1, 303), (2, 422)):
        answer = await client.post("/here", data={"code": room.code(steps).lower()})
        assert answer.status_code == status, steps
    assert (await client.get(f"/here/{room.token(1)}")).status_code == 200
    assert (await client.get(f"/here/{room.token(2)}")).status_code == 410


async def test_a_code_that_changes_meanwhile_harms_nobody_for_ten_minutes(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    page = (await client.get(f"/here/{room.token()}")).text
    found = re.search(r'action="(/here/[^"]+)"', page)
    assert found
    room.late[0] = timedelta(minutes=10)
    ann, ben = room.team.participants
    assert "You are here" in (await client.post(found[1], data={"who": str(ann.id)})).text
    room.late[0] = timedelta(minutes=10, seconds=1)
    late = await client.post(found[1], data={"who": str(ben.id)})
    assert late.status_code == 410
    assert "no longer on the screen" in late.text
    assert [one.guest_id for one in await said(database, room)] == [ann.id]


async def test_wrong_codes_are_counted_for_a_network_and_a_scan_goes_on(
    client: httpx.AsyncClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "WRONG_CODES", Limit(rules.WRONG_CODES.kind, 2))
    for _ in range(3):
        assert (await client.post("/here", data={"code": "BBBB 0000"})).status_code == 422
    refused = await client.post("/here", data={"code": room.code()})
    assert refused.status_code == 429
    assert "Scan the code instead" in refused.text
    assert (await client.get(f"/here/{room.token()}")).status_code == 200


async def test_a_closed_check_in_says_what_to_do(client: httpx.AsyncClient, database: Database, room: Room) -> None:
    async with database.transaction(room.hub.id) as db:
        csrf = await sign_in(db, client, room.team.leader)
    address = f"/hubs/{room.hub.code}/events/{room.event.id}/check-in"
    assert (await client.post(f"{address}/close", data={"csrf": csrf})).status_code == 303
    closed = await here(client, room, room.team.participants[0])
    assert closed.status_code == 409
    assert "Ask whoever leads it" in closed.text
    assert (await client.get(f"/here/{room.token()}")).status_code == 409
    assert (await client.get(f"{address}/code.svg")).status_code == 409
    assert (await client.post(address, data={"csrf": csrf})).status_code == 303
    assert (await client.get(f"/here/{room.token()}")).status_code == 200
    room.late[0] = timedelta(hours=3, minutes=1)
    assert (await client.get(f"/here/{room.token()}")).status_code == 409


async def test_the_screen_shows_code_picture_and_who_is_here(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    ann = room.team.participants[0]
    await here(client, room, ann)
    async with database.transaction(room.hub.id) as db:
        await sign_in(db, client, room.team.leader)
    address = f"/hubs/{room.hub.code}/events/{room.event.id}/check-in"
    page = (await client.get(address)).text
    assert room.code() in page
    assert "1 of 2 are here" in page
    news = (await client.get(f"{address}/count")).json()
    assert (news["code"], news["names"], news["seconds"]) == (room.code(), [ann.name], 30)
    drawn = (await client.get(f"{address}/code.svg")).text
    matrix = segno.make(f"http://127.0.0.1:8000/here/{room.token()}", error="m", micro=False).matrix
    assert modules(drawn, len(matrix)) == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def modules(svg: str, size: int) -> set[tuple[int, int]]:
    """The dark modules that an SVG of horizontal strokes draws, its quiet zone of four taken off."""
    assert f'viewBox="0 0 {size + 8} {size + 8}"' in svg
    path = re.findall(r'd="(M[^"]+)"', svg)[-1]
    dark, x, y = set(), 0.0, 0.0
    for move, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        if move == "M":
            x, y = values
        elif move == "m":
            x, y = x + values[0], y + values[1]
        else:
            dark |= {(int(x) - 4 + step, int(y) - 4) for step in range(int(values[0]))}
            x += values[0]
    return dark


async def test_only_whoever_leads_it_opens_it(client: httpx.AsyncClient, database: Database, room: Room) -> None:
    async with database.transaction() as db:
        stranger = await a_person(db, await a_hub(db), Role.HUB_LEAD)
        await sign_in(db, client, stranger)
    address = f"/hubs/{room.hub.code}/events/{room.event.id}/check-in"
    assert (await client.get(address)).status_code == 404
    assert (await client.get(f"/here/{room.token()}")).status_code == 200, "in the room they are anybody"
    async with database.transaction(room.hub.id) as db:
        await sign_in(db, client, room.team.participants[0])
    assert (await client.get(address)).status_code == 403


async def test_another_page_checks_nobody_in(client: httpx.AsyncClient, database: Database, room: Room) -> None:
    answer = await client.post(f"/here/{room.token()}", data={"who": "me"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert await said(database, room) == []


async def test_letters_are_found_whatever_hub_they_are_of_and_given_once(database: Database) -> None:
    async with database.transaction() as db:
        first_hub, second_hub = await a_hub(db), await a_hub(db)
    events = []
    for hub in (first_hub, second_hub):
        async with database.transaction(hub.id) as db:
            events.append(await a_meeting(db, await a_group(db, hub), date(2026, 11, 21)))
    letters = iter(["BBBB", "BBBB", "CCCC"])
    for event in events:
        async with database.transaction(event.hub_id) as db:
            await check_in.open_for(db, event.hub_id, event.id, NOW, lambda: next(letters))
    async with database.transaction() as db:
        found = await check_in.find(db, "CCCC")
        assert found is not None
        assert found.event_id == events[1].id
        assert await check_in.find(db, str(uuid.uuid4())[:4]) is None


async def test_the_sheet_to_sign_is_an_accessible_pdf(
    client: httpx.AsyncClient, database: Database, room: Room
) -> None:
    async with database.transaction(room.hub.id) as db:
        await sign_in(db, client, room.team.leader)
    sheet = await client.get(f"/hubs/{room.hub.code}/events/{room.event.id}/attendance/sheet.pdf")
    assert sheet.headers["content-type"] == "application/pdf"
    assert b"pdfuaid:part" in sheet.content
