"""Who may try how often, where somebody is signed in, and what of it the hubs are told."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlmodel import col

from app.actions import sign_in as actions
from app.cli.serve import _config
from app.domain.access import Role
from app.models.people import Session, SignInTries
from app.models.trail import TrailEntry
from app.routers.deps import World
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.makers import NOW, a_hub, a_person, sign_in
from tests.routers.desks import Desk

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


def later(app: FastAPI, **wait: float) -> None:
    """Let time pass on the server."""
    world: World = app.state.world
    now = world.clock() + timedelta(**wait)
    app.state.world = World(world.settings, world.database, lambda: now, world.extras)


def from_network(app: FastAPI, address: str) -> httpx.AsyncClient:
    """A browser in another place."""
    transport = httpx.ASGITransport(app=app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def told(desk: Desk) -> list[tuple[str, str]]:
    """What the hub's trail says, in order."""
    return [(one.did, one.about) for one in await desk.rows(TrailEntry)]


@pytest.mark.parametrize("known", [True, False])
async def test_the_sixth_link_of_an_hour_is_refused_whether_or_not_the_address_is_known(
    app: FastAPI, client: httpx.AsyncClient, desk: Desk, *, known: bool
) -> None:
    email = desk.me.email if known else "nobody@school.example"
    for n in range(5):
        assert (await client.post("/sign-in", data={"email": email.upper() if n else email})).status_code == 200
    refused = await client.post("/sign-in", data={"email": email})
    assert refused.status_code == 429
    assert "Several links were asked for with this address" in refused.text
    assert "ask again after 11am" in refused.text
    await client.post("/sign-in", data={"email": email})
    refusals = [about for did, about in await told(desk) if did == "Refused"]
    assert len(refusals) == known, "a flood is told once, and only to the hubs of the address"
    later(app, minutes=61)
    assert (await client.post("/sign-in", data={"email": email})).status_code == 200


async def test_a_network_that_asks_for_many_links_waits_and_others_do_not(app: FastAPI, database: Database) -> None:
    async with from_network(app, "203.0.113.7") as crowd, from_network(app, "203.0.113.8") as other:
        answers = [await crowd.post("/sign-in", data={"email": f"t{n}@school.example"}) for n in range(61)]
        assert [one.status_code for one in answers[-2:]] == [200, 429]
        assert "from your network" in answers[-1].text
        assert (await other.post("/sign-in", data={"email": "t@school.example"})).status_code == 200
    async with database.transaction() as db:
        kept = (await db.execute(select(SignInTries))).scalars().all()
        assert not [one for one in kept if b"203" in one.whose], "no address of a network is kept"
        await actions.tidy(db, NOW + timedelta(hours=2))
        assert not (await db.execute(select(SignInTries))).scalars().all()


async def test_wrong_links_are_counted_and_a_right_one_opens_all_the_same(app: FastAPI, desk: Desk) -> None:
    async with from_network(app, "2001:db8::1") as one, from_network(app, "2001:db8::2:3") as same_house:
        statuses = [(await one.post(f"/sign-in/wrong{n}")).status_code for n in range(31)]
        assert (statuses[0], statuses[29], statuses[30]) == (410, 410, 429)
        refused = await same_house.get("/sign-in/other")
        assert refused.status_code == 429
        assert "Wait until 11am" in refused.text
        async with desk.database.transaction() as db:
            token = await people.new_sign_in_link(db, desk.me.account_id, NOW)
        assert (await one.post(f"/sign-in/{token}")).status_code == 303


async def test_signing_in_is_in_the_trail_of_every_hub_of_the_account(
    client: httpx.AsyncClient, database: Database, desk: Desk
) -> None:
    async with database.transaction() as db:
        other = await a_hub(db)
        await a_person(db, other, Role.PARTICIPANT, email=desk.me.email)
        token = await people.new_sign_in_link(db, desk.me.account_id, NOW)
    await client.post(f"/sign-in/{token}", headers={"user-agent": CHROME})
    for hub in (desk.hub, other):
        async with database.transaction(hub.id) as db:
            entries = (await db.execute(select(TrailEntry))).scalars().all()
        assert [(one.did, one.about) for one in entries] == [("Signed in", "Chrome on Linux, by an e-mailed link")]
        assert entries[0].account_id == desk.me.account_id


async def test_eight_links_asked_for_at_once_are_five_sent_and_three_refused(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    asked = [client.post("/sign-in", data={"email": desk.me.email}) for _ in range(8)]
    statuses = [one.status_code for one in await asyncio.gather(*asked)]
    assert sorted(statuses) == [200] * 5 + [429] * 3


@pytest.mark.parametrize(("proxy", "counts_as"), [("10.0.3.7", "203.0.113.9"), ("198.51.100.1", "198.51.100.1")])
async def test_only_a_trusted_proxy_says_where_somebody_comes_from(proxy: str, counts_as: str) -> None:
    found: list[str] = []

    async def told(scope: Any, _receive: Any, _send: Any) -> None:
        found.append(scope["client"][0])

    config = _config(read_settings(trusted_proxies="127.0.0.1, 10.0.0.0/16"), "127.0.0.1", told)  # type: ignore[arg-type]
    config.load()
    headers = [(b"x-forwarded-for", b"192.0.2.1, 203.0.113.9")]
    await config.loaded_app({"type": "http", "client": (proxy, 1), "headers": headers, "scheme": "http"}, None, None)  # type: ignore[arg-type]
    assert found == [counts_as]


async def a_browser(desk: Desk, agent: str, who: Any = None) -> tuple[str, str]:
    """Another browser that is signed in: its cookie and its name in addresses."""
    async with desk.database.transaction() as db:
        cookie = await people.new_session(db, (who or desk.me).account_id, NOW - timedelta(hours=2), agent)
        found = await people.session(db, cookie, NOW)
        assert found is not None
        return cookie, str(found[0].id)


async def me(app: FastAPI, cookie: str) -> int:
    """What the API answers to this cookie."""
    async with from_network(app, "127.0.0.1") as browser:
        browser.cookies.set("halfterm", cookie)
        return (await browser.get("/api/v1/me")).status_code


async def test_a_stolen_session_ends_at_once_when_its_owner_ends_it(
    app: FastAPI, client: httpx.AsyncClient, desk: Desk
) -> None:
    stolen, name = await a_browser(desk, PHONE)
    page = (await client.get("/my/account")).text
    assert "Safari on an iPhone" in page
    assert page.count("(this browser)") == 1
    assert "Sign out Safari on an iPhone?" in (await client.get(f"/my/account/browsers/{name}/end")).text
    assert await me(app, stolen) == 200
    ended = await client.post(f"/my/account/browsers/{name}/end", data={"csrf": desk.csrf})
    assert ended.status_code == 303
    assert "Safari on an iPhone is signed out." in (await client.get("/my/account")).text
    assert await me(app, stolen) == 401
    assert (await client.get("/api/v1/me")).status_code == 200
    assert ("Signed out", "Safari on an iPhone, from another browser") in await told(desk)


async def test_all_others_end_and_this_browser_stays(app: FastAPI, client: httpx.AsyncClient, desk: Desk) -> None:
    cookies = [(await a_browser(desk, agent))[0] for agent in (PHONE, CHROME)]
    asked = (await client.get("/my/account/browsers/others/end")).text
    assert "Chrome on Linux, last seen" in asked
    await client.post("/my/account/browsers/others/end", data={"csrf": desk.csrf})
    assert [await me(app, one) for one in cookies] == [401, 401]
    assert "2 other browsers signed out." in (await client.get("/my/account")).text
    assert ("Signed out", "every other browser: 2") in await told(desk)


async def test_nobody_ends_anothers_browser(app: FastAPI, client: httpx.AsyncClient, desk: Desk) -> None:
    async with desk.database.transaction() as db:
        other = await a_person(db, await a_hub(db), Role.COORDINATOR)
    cookie, name = await a_browser(desk, PHONE, other)
    assert (await client.post(f"/my/account/browsers/{name}/end", data={"csrf": desk.csrf})).status_code == 404
    assert await me(app, cookie) == 200


async def test_a_browser_is_seen_at_most_every_five_minutes(
    app: FastAPI, client: httpx.AsyncClient, desk: Desk
) -> None:
    async def seen() -> Any:
        async with desk.database.transaction() as db:
            found = select(col(Session.seen_at)).where(col(Session.account_id) == desk.me.account_id)
            return (await db.execute(found)).scalar_one()

    first = await seen()
    await client.get("/my/account")
    assert await seen() == first
    later(app, minutes=6)
    await client.get("/my/account")
    assert await seen() >= NOW + timedelta(minutes=6)


async def test_signing_in_anew_ends_the_session_that_was_here(client: httpx.AsyncClient, desk: Desk) -> None:
    async with desk.database.transaction() as db:
        token = await people.new_sign_in_link(db, desk.me.account_id, NOW)
    await client.post(f"/sign-in/{token}")
    async with desk.database.transaction() as db:
        assert (await db.execute(text("SELECT count(*) FROM session"))).scalar_one() == 1


async def test_the_name_at_the_top_leads_to_the_account(desk: Desk) -> None:
    assert re.search(r'href="/my/account"[^>]*>Cora Lane<', await desk.get("/people"))


async def test_links_of_yesterday_and_sessions_that_ended_are_forgotten(database: Database, desk: Desk) -> None:
    async with database.transaction() as db:
        await people.new_sign_in_link(db, desk.me.account_id, NOW - timedelta(days=1))
        await people.new_session(db, desk.me.account_id, NOW - timedelta(days=31), "old")
        await actions.tidy(db, NOW)
    async with database.transaction() as db:
        assert (await db.execute(text("SELECT count(*) FROM sign_in_link"))).scalar_one() == 0
        assert (await db.execute(text("SELECT count(*) FROM session"))).scalar_one() == 1


async def test_a_second_hub_s_lead_signs_in_as_before_where_no_passkey_is_asked_for(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.HUB_LEAD)
        await sign_in(db, client, person)
    assert (await client.get("/my")).status_code == 303
