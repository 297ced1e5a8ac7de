"""What keeps strangers out: forged requests, headers of every answer, cookies, and links that sign in once."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.domain.access import Role
from app.main import create_app
from app.routers.deps import World
from app.routers.shield import POLICY
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.databases import app_address
from tests.makers import NOW, a_hub, a_person, sign_in
from tests.routers.walking import NOT_THERE, inline, unshut
from tests.routes import routes_of
from tests.worlds import Forgetful, a_world, filled

FORMS = {"content-type": "application/x-www-form-urlencoded"}


async def test_every_change_of_a_signed_in_browser_needs_its_proof(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        csrf = await sign_in(db, client, around.viewer)
    world: World = app.state.world
    app.state.world = World(world.settings, Forgetful(database.address, pool_size=3), world.clock, world.extras)
    forged = (
        {},
        {"x-csrf-token": "x" * len(csrf)},
        {"x-csrf-token": csrf, "sec-fetch-site": "cross-site"},
        {"x-csrf-token": csrf, "sec-fetch-site": "same-site"},
        {"authorization": "Basic eDp5"},
    )
    faults = []
    for route in routes_of(app):
        if route.safe or route.public:
            continue
        address = filled(route, around.hub.code, around.own)
        for headers in forged:
            answer = await client.request(route.method, address, headers={**FORMS, **headers}, content=b"a=b")
            if answer.status_code != 403:
                faults.append(f"{route} with {sorted(headers)}: {answer.status_code}")
    assert not faults, "\n".join(faults)


async def test_signing_in_from_another_website_is_refused(client: httpx.AsyncClient) -> None:
    for path, sent in (("/sign-in", {"email": "a@b.example"}), ("/sign-in/token", {"back": "/"})):
        answer = await client.post(path, data=sent, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403


async def test_a_token_needs_no_proof_and_a_session_in_a_token_s_place_is_nobody(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db, code="SW"), Role.COORDINATOR)
        token = await people.new_api_token(db, person.account_id, "script", NOW)
        await sign_in(db, client, person)
    cookie = client.cookies["halfterm"]
    client.cookies.clear()
    sent = {"number": 3, "began": 2024}
    path = "/api/v1/hubs/SW/cohorts"
    assert (await client.post(path, json=sent, headers={"authorization": f"Bearer {token}"})).status_code == 201
    assert (await client.post(path, json=sent, headers={"authorization": f"Bearer {cookie}"})).status_code == 401
    client.cookies.set("halfterm", cookie)
    mixed = await client.post(path, json=sent, headers={"authorization": "Bearer nonsense"})
    assert mixed.status_code == 401, "a cookie must not help a token that is nobody's"


async def test_what_is_no_page_carries_the_headers_that_shut_doors(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    """The same of every page and every answer of the API is looked at by the walks of test_access_matrix."""
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        await sign_in(db, client, around.viewer)
    calls = [("GET", filled(route, around.hub.code, around.own)) for route in routes_of(app) if route.path in NOT_THERE]
    calls += [
        ("GET", "/nowhere"),
        ("GET", "/api/v1/nowhere"),
        ("GET", "/static/nothing.css"),
        ("GET", "/feeds/nothing.ics"),
        ("DELETE", "/"),
        ("POST", "/sign-out"),
        ("GET", "/hubs/%00"),
        ("GET", "/static/../app/main.py"),
    ]
    faults = [fault for method, path in calls for fault in unshut(await client.request(method, path))]
    assert not faults, "\n".join(faults)


def test_what_the_policy_would_block_is_found() -> None:
    assert inline("<script>1</script>")
    assert inline('<p style="color: red" onclick="x()">')
    assert inline('<script src="https://cdn.example/x.js"></script>')
    assert not inline('<script type="module" src="/static/app.js"></script><a href="https://example.org/">out</a>')


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert POLICY.startswith("default-src 'none'")


async def test_what_nobody_foresaw_is_a_plain_500_with_headers_and_without_a_word_of_the_inside(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("app.routers.watch.watch.readiness", broken)
    monkeypatch.setattr("app.main.log.error", lambda *_, **__: None)
    for accept in ("text/html", "application/json"):
        answer = await client.get("/readyz", headers={"accept": accept})
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    ("base", "name"), [("http://127.0.0.1:8000", "halfterm"), ("https://h.example", "__Host-halfterm")]
)
async def test_the_session_cookie_is_out_of_reach(owner: str, base: str, name: str) -> None:
    settings = read_settings(now=NOW, base_url=base)
    app = create_app(settings, app_address(owner), with_worker=False)
    database: Database = app.state.world.database
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
        token = await people.new_sign_in_link(db, person.account_id, NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base) as client:
        answer = await client.post(f"/sign-in/{token}")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{name.lower()}=")
    assert {"httponly", "path=/", "samesite=lax"} <= set(cookie.split("; "))
    assert ("secure" in cookie.split("; ")) == base.startswith("https")
    assert "domain=" not in cookie
    assert ("strict-transport-security" in answer.headers) == base.startswith("https")
    await database.close()


async def test_a_link_survives_scanners_signs_its_owner_in_and_is_used_up(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db, code="SW"), Role.COORDINATOR)
        token = await people.new_sign_in_link(db, person.account_id, NOW)
    address = f"/sign-in/{token}?back=/hubs/SW"
    for _ in range(3):
        looked = await client.get(address)
        assert (looked.status_code, "set-cookie" in looked.headers) == (200, False)
    assert (await client.head(address)).status_code in {200, 405}
    used = await client.post(f"/sign-in/{token}", data={"back": "/hubs/SW"})
    assert (used.status_code, used.headers["location"]) == (303, "/hubs/SW")
    assert (await client.get("/api/v1/me")).json()["email"] == person.email
    assert (await client.post(f"/sign-in/{token}")).status_code == 410
    assert (await client.get(address)).status_code == 410


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (15, 410), (16, 410)])
async def test_a_link_works_for_fifteen_minutes(
    client: httpx.AsyncClient, database: Database, minutes: int, status: int
) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
        token = await people.new_sign_in_link(db, person.account_id, NOW - timedelta(minutes=minutes))
    assert (await client.post(f"/sign-in/{token}")).status_code == status


async def test_asking_for_a_link_tells_nobody_who_is_known(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
    known = await client.post("/sign-in", data={"email": person.email})
    unknown = await client.post("/sign-in", data={"email": "x" * (len(person.email) - 15) + "@school.example"})
    assert known.status_code == unknown.status_code == 200
    assert len(known.content) == len(unknown.content)
    async with database.transaction() as db:
        kept = (await db.execute(text("SELECT hash FROM sign_in_link"))).scalars().all()
        assert len(kept) == 1


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "\\/x"]
)
async def test_signing_in_leads_nowhere_else(client: httpx.AsyncClient, database: Database, back: str) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
        token = await people.new_sign_in_link(db, person.account_id, NOW)
    assert (await client.post(f"/sign-in/{token}", data={"back": back})).headers["location"] == "/"


async def test_whoever_signs_out_is_out(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
        csrf = await sign_in(db, client, person)
    cookie = client.cookies["halfterm"]
    assert (await client.post("/sign-out", data={"csrf": csrf})).status_code == 303
    client.cookies.set("halfterm", cookie)
    assert (await client.get("/api/v1/me")).status_code == 401
