"""API tokens of a hub: made for some of what their maker may do, in that hub, for a while."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from app.domain.access import GRANTS, SCOPES, Can, Member, Role, Scope, Viewer, narrowed, opened, token_may
from app.kit.ids import new_id
from app.models.people import HubToken, Person, RoleHeld
from app.models.trail import TrailEntry
from app.store.database import Database
from app.store.people import hub_tokens
from tests.makers import NOW, a_hub, a_person
from tests.routers.desks import Desk
from tests.routes import routes_of
from tests.worlds import Around, a_world, filled

NEVER = {
    Can.OWN_CALENDAR,
    Can.READ_NOTES,
    Can.WRITE_NOTES,
    Can.AGREE_NOTES,
    Can.READ_SUMMARIES,
    Can.REFLECT,
    Can.EDIT_TOKENS,
    Can.EDIT_WEBHOOKS,
}


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


async def a_token_of(
    database: Database, person: Person, *scopes: Scope, days: int = 30, client: httpx.AsyncClient | None = None
) -> str:
    async with database.transaction(person.hub_id) as db:
        new = hub_tokens.NewToken("Office sheet", frozenset(scopes), NOW + timedelta(days=days))
        made = await hub_tokens.make(db, person.hub_id, person.account_id, new, NOW)
    if client is not None:
        client.cookies.clear()
        client.headers["authorization"] = f"Bearer {made}"
    return made


def test_no_scope_opens_what_belongs_to_people_or_makes_more_tokens() -> None:
    assert not NEVER & opened(Scope)
    assert set(SCOPES) == set(Scope)
    assert not opened([one for one in Scope if not one.writes], writing=True)


def test_a_token_never_widens_what_its_maker_may() -> None:
    hub = new_id()
    for role in Role:
        member = Member(hub, "SW", "South West", new_id(), "Ada", frozenset({role}))
        other = Member(new_id(), "NE", "North East", new_id(), "Ada", frozenset({Role.HUB_LEAD}))
        viewer = narrowed(Viewer(new_id(), "", (member, other)), hub, "sheet", frozenset(Scope))
        assert [one.hub_id for one in viewer.members] == [hub]
        held = {can for can in Can if viewer.members[0].reaches(can)}
        assert held == set(GRANTS[role]) & opened(Scope)


def test_a_token_that_reads_changes_nothing_whatever_the_door_asks_for() -> None:
    viewer = Viewer(new_id(), "", (), "sheet", frozenset({Scope.PEOPLE_READ}))
    assert token_may(viewer, Can.SEE_PEOPLE, changes=False)
    assert not token_may(viewer, Can.SEE_PEOPLE, changes=True)
    assert not token_may(viewer, None, changes=False)
    assert token_may(Viewer(new_id()), None, changes=True)


async def _barred(client: httpx.AsyncClient, app: FastAPI, around: Around, scopes: frozenset[Scope]) -> list[str]:
    """Routes that a token with these scopes comes into although it may not, or is kept out of although it may."""
    faults = []
    for route in routes_of(app):
        if route.public:
            continue
        address = filled(route, around.hub.code, around.own)
        sent = {} if route.safe else {"json": {}} if route.api else {"data": {}}
        key = {"idempotency-key": "once"} if route.api and route.method == "POST" else {}
        answer = await client.request(route.method, address, headers={"accept": "application/json", **key}, **sent)
        may = "tokens_too" in route.marks or (route.allow in opened(scopes, writing=not route.safe))
        if may != (answer.status_code not in {401, 403}):
            faults.append(f"{route}: {answer.status_code}, the law says {'in' if may else 'out'}")
    return faults


async def test_every_route_opens_to_a_token_as_its_scopes_say_and_no_other_does(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    scopes = (Scope.PEOPLE_READ, Scope.MEETINGS_READ, Scope.MEETINGS_WRITE)
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
    await a_token_of(database, around.viewer, *scopes, client=client)
    faults = await _barred(client, app, around, frozenset(scopes))
    assert not faults, "\n".join(faults)


async def test_a_token_opens_one_hub_of_two(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        person = await a_person(db, hub, Role.HUB_LEAD)
    async with database.transaction() as db:
        other = await a_hub(db)
        await a_person(db, other, Role.HUB_LEAD, email=person.email)
    await a_token_of(database, person, Scope.PEOPLE_READ, client=client)
    assert (await client.get(f"/api/v1/hubs/{hub.code}/people")).status_code == 200
    assert (await client.get(f"/api/v1/hubs/{other.code}/people")).status_code == 404
    told = (await client.get("/api/v1/me")).json()
    assert [one["hub"] for one in told["memberships"]] == [hub.code]


async def test_expired_revoked_and_whose_maker_left_open_nothing(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        person = await a_person(db, hub, Role.COORDINATOR)
    address = f"/api/v1/hubs/{hub.code}/people"
    await a_token_of(database, person, Scope.PEOPLE_READ, days=0, client=client)
    assert (await client.get(address)).status_code == 401
    await a_token_of(database, person, Scope.PEOPLE_READ, client=client)
    assert (await client.get(address)).status_code == 200
    async with database.transaction(hub.id) as db:
        await db.execute(update(Person).where(col(Person.id) == person.id).values(left_on=NOW.date()))
    assert (await client.get(address)).status_code == 404
    async with database.transaction(hub.id) as db:
        await db.execute(update(Person).where(col(Person.id) == person.id).values(left_on=None))
        await db.execute(update(RoleHeld).where(col(RoleHeld.person_id) == person.id).values(role="participant"))
    narrowed_too = await client.get(address)
    assert narrowed_too.status_code == 200
    assert len(narrowed_too.json()["items"]) == 1  # a participant sees themselves
    async with database.transaction(hub.id) as db:
        await db.execute(update(HubToken).values(revoked_at=NOW))
    assert (await client.get(address)).status_code == 401


async def test_a_token_is_shown_once_listed_and_revoked(desk: Desk) -> None:
    form = {"name": "Office sheet", "scopes": ["people.read", "people.write"], "days": "30"}
    made = await desk.post("/tokens", **form)
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    token = made.text.split('value="hth_')[1].split('"')[0]
    page = await desk.get("/tokens")
    assert token not in page
    assert "Office sheet" in page
    assert "Never" in page
    row = (await desk.rows(HubToken))[0]
    assert token.encode() not in row.hash
    used = await desk.client.get(f"/api/v1{desk.home}/people", headers={"authorization": f"Bearer hth_{token}"})
    assert used.status_code == 200
    assert (await desk.rows(HubToken))[0].last_used_at is not None
    sent = {"name": "Ada Fern", "email": "ada@school.example", "works": {}, "roles": [{"role": "participant"}]}
    key = {"authorization": f"Bearer hth_{token}", "idempotency-key": "once"}
    added = await desk.client.post(f"/api/v1{desk.home}/people", json=sent, headers=key)
    assert added.status_code == 201, added.text
    told = [one for one in await desk.rows(TrailEntry) if one.about == "Ada Fern"]
    assert told[0].facts["token"] == "Office sheet"
    assert "Revoke the token Office sheet?" in await desk.get(f"/tokens/{row.id}/revoke")
    assert (await desk.post(f"/tokens/{row.id}/revoke")).status_code == 303
    assert "Revoked" in await desk.get("/tokens?state=revoked")
    assert "Office sheet" not in (await desk.get("/tokens?state=working"))
    refused = await desk.client.get(f"/api/v1{desk.home}/people", headers={"authorization": f"Bearer hth_{token}"})
    assert refused.status_code == 401


async def test_a_form_half_filled_keeps_what_was_typed(desk: Desk) -> None:
    answer = await desk.post("/tokens", name="Office sheet", days="12")
    assert answer.status_code == 422
    assert "Tick at least one thing" in answer.text
    assert "Choose how long the token works" in answer.text
    assert 'value="Office sheet"' in answer.text
    assert not await desk.rows(HubToken)


async def test_a_token_is_found_by_whoever_holds_it_and_by_nobody_else(database: Database) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
    made = await a_token_of(database, person, Scope.PEOPLE_READ)
    async with database.transaction() as db:
        assert (await db.execute(select(HubToken))).all() == []
        assert await hub_tokens.holder(db, made + "x", NOW) is None
        found = await hub_tokens.holder(db, made, NOW)
    assert found is not None
    assert found.token == "Office sheet"
