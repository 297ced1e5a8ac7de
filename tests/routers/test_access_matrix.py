"""Every route x every role x what concerns them, their hub's rest, another hub, nobody's hub, signed out.

The law is asked (`decide`), the server is tried, and the two are compared. A new route is covered without a line here;
a new word in an address needs a row in tests/worlds.py.
"""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI

from app.domain.access import Can, Member, Role, Target, Viewer, decide
from app.store import people
from app.store.database import Database
from tests.makers import NOW, a_hub, a_person, sign_in
from tests.routers.walking import FOR_EVERYONE, NOT_THERE, tried, unshut
from tests.routes import Route, declared, routes_of, unguarded
from tests.worlds import Around, a_world, filled

BARRED = {401, 403, 404, 500}


def refused_as_stranger(route: Route, answer: httpx.Response) -> bool:
    if route.api:
        return answer.status_code == 401
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


def test_the_walk_sees_every_route_that_is_declared(app: FastAPI) -> None:
    routes = routes_of(app)
    assert len(routes) == declared(), "a router is not in main.ROUTERS, or the walk misses routes"
    assert len(routes) > 30
    assert len({str(route) for route in routes}) == len(routes), "two routes share an address: one is never reached"


def test_nothing_answers_without_a_guard_but_built_files(app: FastAPI) -> None:
    assert set(unguarded(app)) <= {"/static"}


async def test_whoever_is_signed_out_is_asked_to_sign_in(
    still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
    faults = []
    for route in routes_of(still):
        answer = await tried(client, route, filled(route, around.hub.code, around.own), keys=around.own, drawn=True)
        faults += unshut(answer)
        if route.public:
            wrong = answer.status_code in {401, 403, 500} or (answer.status_code == 404 and route.path not in NOT_THERE)
        else:
            wrong = not refused_as_stranger(route, answer)
        if wrong:
            faults.append(f"{route}: {answer.status_code} {answer.headers.get('location', '')}")
    assert not faults, "\n".join(faults)


# Where the door asks for one permission and the row for another.
SEEN_BY = {"/my/calendar/events/{name}": Can.SEE_EVENTS}


def expected(route: Route, around: Around, role: Role) -> str:
    """What the law says of this route and what concerns the viewer: come in, keep out, or it depends on the rows."""
    if route.allow is None:
        return "in"
    viewer = _as_viewer(around, role)
    if not any(member.reaches(route.allow) for member in viewer.members):
        return "out"
    target = around.target if route.names else Target(around.hub.id)
    return "in" if decide(viewer, SEEN_BY.get(route.path, route.allow), target) else "depends"


def _as_viewer(around: Around, role: Role) -> Viewer:
    groups = around.target.group_id
    attends = role in {Role.SPECIALIST, Role.READINESS_LEAD, Role.PARTICIPANT}
    member = Member(
        hub_id=around.hub.id,
        hub_code=around.hub.code,
        hub_name=around.hub.name,
        person_id=around.viewer.id,
        name=around.viewer.name,
        roles=frozenset({role}),
        groups=frozenset({groups}) if attends and groups else frozenset(),
        group_schools=around.target.urns if attends else frozenset(),
        schools=around.target.urns if role is Role.HEADTEACHER else frozenset(),
    )
    return Viewer(around.viewer.account_id, around.viewer.email, (member,))


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.stored)
async def test_the_server_does_what_the_law_says(
    role: Role, still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, role)
        csrf = await sign_in(db, client, around.viewer)
    faults = []
    for route in routes_of(still):
        if route.path in NOT_THERE or route.path == "/sign-out":
            continue
        law = expected(route, around, role)
        address = filled(route, around.hub.code, around.own)
        drawn = role in {Role.COORDINATOR, Role.PARTICIPANT}  # who sees most of a page, and who sees least
        answer = await tried(client, route, address, csrf, keys=around.own, drawn=drawn)
        own = answer.status_code
        faults += unshut(answer)
        if (law == "out" and own != 403) or (law == "in" and own in BARRED) or (law == "depends" and own in {401, 500}):
            faults.append(f"{route}: {role.stored} got {own} in the own hub; the law says {law}")
        if route.of_hub:
            there = (
                await tried(client, route, filled(route, around.foreign_hub.code, around.foreign), csrf)
            ).status_code
            if there != 404:
                faults.append(f"{route}: {role.stored} got {there} in another hub, not 404")
        if route.of_hub and route.names and law != "out":
            faults += await _elsewhere(client, route, around, role, csrf)
    assert not faults, "\n".join(faults)


async def _elsewhere(client: httpx.AsyncClient, route: Route, around: Around, role: Role, csrf: str) -> list[str]:
    """The hub's rest: open to those whose permission reaches the whole hub, shut to the others."""
    assert route.allow is not None or route.names
    answer = await tried(client, route, filled(route, around.hub.code, around.elsewhere), csrf)
    whole = route.allow is None or bool(decide(_as_viewer(around, role), route.allow, Target(around.hub.id)))
    status = answer.status_code
    if whole and status in BARRED:
        return [f"{route}: {role.stored} got {status} elsewhere in the own hub, where the law lets them in"]
    shut = {403, 404} if route.safe else {403, 404, 422, 428}
    if not whole and status not in shut and route.path not in FOR_THE_WHOLE_HUB:
        return [f"{route}: {role.stored} got {status} elsewhere in the own hub, where the law keeps them out"]
    return []


# Readable by whoever may read any of it, with the reason.
FOR_THE_WHOLE_HUB: Mapping[str, str] = {
    "/api/v1/hubs/{code}/calendars/{calendar_id}": "term dates are public: an authority prints them",
    "/hubs/{code}/rules/{rule}": "a rule is the hub's, and names only schools that the viewer may see",
}


@pytest.mark.parametrize("role", [Role.HUB_LEAD, Role.SPECIALIST, Role.PARTICIPANT], ids=lambda role: role.stored)
async def test_what_is_anothers_looks_like_what_does_not_exist(
    role: Role, still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, role)
        csrf = await sign_in(db, client, around.viewer)
    faults = []
    for route in routes_of(still):
        if route.public or not route.names or route.path in FOR_EVERYONE:
            continue
        answers = []
        for keys in (around.foreign, around.unknown):
            address = filled(route, around.hub.code, keys)
            answer = await tried(client, route, address, csrf)
            body = answer.content
            for name in route.names:
                key = keys.get(name, keys.get(name.partition("/")[0], ""))
                body = body.replace(key.encode(), b"KEY")
            answers.append((answer.status_code, body))
        foreign, unknown = answers
        if foreign != unknown:
            faults.append(
                f"{route}: another hub's answers {foreign[0]}, an unknown one {unknown[0]}, or in other words"
            )
        elif route.safe and foreign[0] not in {403, 404}:
            faults.append(f"{route}: another hub's answers {foreign[0]}")
    assert not faults, "\n".join(faults)


async def test_an_account_without_a_hub_sees_no_hub(
    still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        gone = await a_person(db, await a_hub(db), Role.HUB_LEAD, left_on=NOW.date())
        csrf = await sign_in(db, client, gone)
    faults = []
    for route in routes_of(still):
        if route.public or route.path == "/sign-out":
            continue
        status = (await tried(client, route, filled(route, around.hub.code, around.own), csrf)).status_code
        if (route.of_hub and status != 404) or (not route.of_hub and route.allow and status != 403) or status == 500:
            faults.append(f"{route}: {status}")
    assert not faults, "\n".join(faults)


async def test_an_unknown_and_a_withdrawn_token_are_nobody(
    still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        person = await a_person(db, await a_hub(db), Role.COORDINATOR)
        token = await people.new_api_token(db, person.account_id, "hub script", NOW)
    good = await client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    bad = await client.get("/api/v1/me", headers={"authorization": f"Bearer {token}x"})
    assert (good.status_code, bad.status_code) == (200, 401)
    assert bad.headers["www-authenticate"] == "Bearer"
