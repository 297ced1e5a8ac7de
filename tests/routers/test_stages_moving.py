"""Enrolments and moves as people work with them: forms, their faults, and the same by the API."""

import re

import httpx

from app.models.hubs import Programme
from app.models.stages import Enrolment, StageMove
from app.store.database import Database
from tests.actions.lives import Life, a_life
from tests.makers import NOW, YEAR, a_group, sign_in


async def token_of(life: Life, client: httpx.AsyncClient, *, agreer: bool = False) -> str:
    async with life.database.transaction(life.hub.id) as db:
        return await sign_in(db, client, life.agreer if agreer else life.proposer)


def kept(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def test_a_school_is_enrolled_and_moves_by_forms(database: Database, client: httpx.AsyncClient) -> None:
    life = await a_life(database)
    home = f"/hubs/{life.hub.code}"
    csrf = await token_of(life, client)
    form = (await client.get(f"{home}/enrolments/new?urn={life.urn}")).text
    assert "Mastery" not in form
    assert "Readiness, 2026/27" in form
    empty = await client.post(f"{home}/enrolments/new?urn={life.urn}", data={"csrf": csrf, "urn": str(life.urn)})
    assert empty.status_code == 422
    assert "Choose a programme." in empty.text
    new = {
        "csrf": csrf,
        "urn": str(life.urn),
        "programme": str(life.programmes["readiness", YEAR]),
        "day": "2026-09-01",
    }
    made = await client.post(f"{home}/enrolments/new?urn={life.urn}", data=new)
    assert made.status_code == 303
    here = made.headers["location"]
    twice = await client.post(f"{home}/enrolments/new?urn={life.urn}", data=new)
    assert (twice.status_code, "already" in twice.text) == (409, True)
    waits = (await client.get(here)).text
    assert "Record that it takes part" not in waits  # nothing is signed
    early = await client.post(f"{here}/begin", data={"csrf": csrf, "version": "1", "day": "2026-09-03"})
    assert (early.status_code, "not signed yet" in early.text) == (409, True)
    gone = await client.post(
        f"{here}/withdraw", data={"csrf": csrf, "version": "1", "day": "2026-09-03", "because": "No release."}
    )
    assert gone.status_code == 303
    back = {"csrf": csrf, "programme": str(life.programmes["readiness", YEAR]), "day": "2026-10-01"}
    again = (await client.post(f"{here}/return", data={**back, "urn": str(life.urn)})).headers["location"]
    assert ": returned<" in (await client.get(again)).text
    assert "No release." in (await client.get(here)).text


async def test_a_move_is_proposed_and_agreed_on_pages(database: Database, client: httpx.AsyncClient) -> None:
    life = await a_life(database)
    home, here = f"/hubs/{life.hub.code}", f"/hubs/{life.hub.code}/enrolments/{await life.enrolled()}"
    csrf = await token_of(life, client)
    assert "Why it moves all the same" in (await client.get(f"{here}/propose")).text
    to = {"csrf": csrf, "programme": str(life.programmes["development", YEAR + 1])}
    bare = await client.post(f"{here}/propose", data=to)
    assert (bare.status_code, "Tick that the school moves all the same" in bare.text) == (422, True)
    made = await client.post(f"{here}/propose", data={**to, "override": "yes", "because": "A place is free."})
    move = made.headers["location"]
    own = (await client.get(move)).text
    assert "another person agrees" in own
    assert "Do you agree?" not in own
    refused = await client.post(
        f"{move}/agree", data={"csrf": csrf, "version": "1", "day": "2026-11-20", "state": "agreed"}
    )
    assert refused.status_code == 403
    csrf = await token_of(life, client, agreer=True)
    assert "1 move to another stage waits" in (await client.get(home)).text
    page = (await client.get(move)).text
    assert "Nothing that counts has changed since it was proposed." in page
    how = {"csrf": csrf, "version": "1", "day": "tomorrow", "state": "agreed", "seen": kept(page, "seen")}
    faulty = await client.post(f"{move}/agree", data=how)
    assert (faulty.status_code, "not a day that exists" in faulty.text) == (422, True)
    other = await client.post(f"{move}/agree", data={**how, "day": "2026-11-21", "seen": "what was there before"})
    assert (other.status_code, "evidence has changed" in other.text) == (409, True)
    done = await client.post(f"{move}/agree", data={**how, "day": "2026-11-21"})
    assert done.status_code == 303
    silent = await client.post(f"{move}/reverse", data={"csrf": csrf, "version": "2", "because": ""})
    assert (silent.status_code, "Say why the move is reversed." in silent.text) == (422, True)
    await client.post(f"{move}/reverse", data={"csrf": csrf, "version": "2", "because": "The wrong school."})
    assert "The wrong school." in (await client.get(move)).text
    assert [one.state for one in await life.rows(StageMove)] == ["reversed"]


async def test_schools_of_groups_are_looked_through_and_enrolled(database: Database, client: httpx.AsyncClient) -> None:
    life = await a_life(database)
    async with database.transaction(life.hub.id) as db:
        programme = await db.get_one(Programme, life.programmes["development", YEAR])
        team = await a_group(db, life.hub, schools=2, programme=programme)
    csrf = await token_of(life, client)
    home, here = f"/hubs/{life.hub.code}", f"/hubs/{life.hub.code}/enrolments/from-groups"
    assert "3 schools take part in a Work Group and are not enrolled." in (await client.get(home)).text
    page = (await client.get(here)).text
    assert page.count("checked") == 4  # three schools, and 1 September
    none = await client.post(f"{here}?year={YEAR}", data={"csrf": csrf, "since": "september"})
    assert (none.status_code, "Tick at least one school." in none.text) == (422, True)
    ticked = {"csrf": csrf, "since": "meeting", f"group-{team.group.id}": str(team.schools[0].urn)}
    assert (await client.post(f"{here}?year={YEAR}", data=ticked)).status_code == 303
    assert [(one.urn, one.state, one.began_on.isoformat()) for one in await life.rows(Enrolment)] == [
        (team.schools[0].urn, "active", "2026-09-01")
    ]
    assert "2 schools take part in a Work Group and are not enrolled." in (await client.get(home)).text


async def test_the_api_enrols_and_moves(database: Database, client: httpx.AsyncClient) -> None:
    life = await a_life(database)
    api = f"/api/v1/hubs/{life.hub.code}"
    client.headers["X-CSRF-Token"] = await token_of(life, client)
    new = {"urn": life.urn, "programme_id": str(life.programmes["development", YEAR]), "day": "2026-09-01"}
    once = {"Idempotency-Key": "one"}
    made = await client.post(f"{api}/enrolments", json=new, headers=once)
    assert (made.status_code, made.json()["state"], made.json()["stage"]) == (201, "applied", "development")
    assert (await client.post(f"{api}/enrolments", json=new, headers=once)).json() == made.json()
    assert (await client.post(f"{api}/enrolments", json=new)).status_code == 409
    place = made.headers["location"]
    gone = {"day": "2026-09-03", "because": ""}
    assert (await client.post(f"{place}/withdraw", json=gone)).status_code == 428
    tag = {"If-Match": made.headers["etag"]}
    assert (await client.post(f"{place}/withdraw", json=gone, headers=tag)).json()["errors"][0]["path"] == "/because"
    left = await client.post(f"{place}/withdraw", json={**gone, "because": "No release."}, headers=tag)
    assert left.json()["state"] == "withdrawn"
    assert (await client.post(f"{place}/begin", json=gone, headers=tag)).status_code == 412
    since = await life.enrolled("readiness")
    move = {"enrolment_id": str(since), "programme_id": str(life.programmes["development", YEAR + 1])}
    bare = await client.post(f"{api}/moves", json=move)
    assert (bare.status_code, bare.json()["errors"][0]["path"]) == (422, "/override")
    proposed = await client.post(f"{api}/moves", json={**move, "override": True, "because": "A place is free."})
    assert proposed.status_code == 201
    tag = {"If-Match": proposed.headers["etag"]}
    agreed = {"day": NOW.date().isoformat(), "state": "agreed"}
    own = await client.post(f"{proposed.headers['location']}/agree", json=agreed, headers=tag)
    assert (own.status_code, "another person" in own.json()["detail"]) == (403, True)
    client.headers["X-CSRF-Token"] = await token_of(life, client, agreer=True)
    told = await client.post(f"{proposed.headers['location']}/agree", json=agreed, headers=tag)
    assert (told.status_code, told.json()["state"]) == (200, "agreed")
    assert told.json()["agreed_evidence"] == told.json()["evidence"] != []
    assert len((await client.get(f"{api}/enrolments?state=completed")).json()["items"]) == 1
    assert len(await life.rows(Enrolment)) == 3
