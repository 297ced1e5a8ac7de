"""The pages on which people see what is held of them, ask, allow, and on which the office answers."""

import io
import json
import zipfile
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlmodel import col

from app.domain.access import Role
from app.models.mail import Message
from app.models.notes import NoteRead
from app.models.people import Person, RightsRequest
from app.routers.deps import World
from tests.makers import NOW, a_person, sign_in
from tests.worlds import Around, a_world


async def world_of(app: FastAPI, client: httpx.AsyncClient, role: Role) -> tuple[Around, str]:
    world: World = app.state.world
    async with world.database.transaction() as db:
        around = await a_world(db, role)
        csrf = await sign_in(db, client, around.viewer)
    return around, csrf


async def test_everybody_sees_what_is_held_and_takes_it_away(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, _csrf = await world_of(app, client, Role.PARTICIPANT)
    page = await client.get("/my/data")
    assert page.status_code == 200
    assert "Reflections, which nobody else reads" in page.text
    got = await client.get("/my/data.zip")
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as file:
        assert file.testzip() is None
        names = file.namelist()
        told = {name: json.loads(file.read(name)) for name in names if name.endswith(".json")}
        index = file.read("index.html").decode()
        papers = [name for name in names if name.startswith("papers/")]
    assert around.viewer.name in index
    assert around.viewer.email in json.dumps(told)
    assert any(name.startswith("papers/certificate-TEST-") for name in papers)
    assert not any("hash" in row for one in told.values() for row in one["rows"])
    assert await deeds(app, around, "Downloaded") == ["What is held about them"]


async def test_a_request_is_due_in_a_month_and_its_answer_is_mailed(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, csrf = await world_of(app, client, Role.PARTICIPANT)
    asked = {"csrf": csrf, "hub": around.hub.code, "kind": "correct", "text": "My name has two n."}
    assert (await client.post("/my/data/requests", data={**asked, "text": ""})).status_code == 422
    assert (await client.post("/my/data/requests", data=asked)).status_code == 303
    assert "My name has two n." in (await client.get("/my/data/requests")).text
    world: World = app.state.world
    async with world.database.transaction(around.hub.id) as db:
        office = await a_person(db, around.hub, Role.COORDINATOR)
        csrf = await sign_in(db, client, office)
        row = (await db.execute(select(RightsRequest).where(col(RightsRequest.text) != ""))).scalar_one()
        assert str(row.due_on) == "2026-12-21"
    home = f"/hubs/{around.hub.code}/data-protection"
    assert "Correction" in (await client.get(home)).text
    answer = {"csrf": csrf, "state": "done", "answer": "Two n it is."}
    assert (await client.post(f"{home}/requests/{row.id}", data={**answer, "state": ""})).status_code == 422
    assert (await client.post(f"{home}/requests/{row.id}", data=answer)).status_code == 303
    assert (await client.post(f"{home}/requests/{row.id}", data=answer)).status_code == 409
    async with world.database.transaction(around.hub.id) as db:
        sent = (await db.execute(select(Message).where(col(Message.kind) == "office"))).scalar_one()
        assert sent.to == around.viewer.email
        assert "Two n it is." in sent.text


async def test_an_overdue_request_says_so_and_waits_on_the_offices_home(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    around, _ = await world_of(app, client, Role.COORDINATOR)
    world: World = app.state.world
    async with world.database.transaction(around.hub.id) as db:
        for row in (await db.execute(select(RightsRequest))).scalars():
            row.due_on = (NOW - timedelta(days=1)).date()
    assert "Overdue" in (await client.get(f"/hubs/{around.hub.code}/data-protection")).text
    assert "about personal data" in (await client.get(f"/hubs/{around.hub.code}")).text


async def test_a_hubs_privacy_notice_is_public_and_filled_in(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, csrf = await world_of(app, client, Role.HUB_LEAD)
    home = f"/hubs/{around.hub.code}/data-protection"
    form = {
        "csrf": csrf,
        "version": "1",
        "controller": "Fernhill Trust",
        "contact": "privacy@fernhill.example",
        "text": "",
    }
    assert (await client.post(home, data={**form, "contact": "nowhere"})).status_code == 422
    assert (await client.post(home, data=form)).status_code == 303
    client.cookies.clear()
    notice = (await client.get(f"/privacy/{around.hub.code}")).text
    for said in ("Fernhill Trust", "privacy@fernhill.example", "Information Commissioner", "7 years after the end"):
        assert said in notice
    assert (await client.get("/privacy/NOWHERE")).status_code == 404
    assert "Your Maths Hub" in (await client.get("/privacy")).text


async def test_months_are_kept_within_bounds_and_a_hold_is_shown(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, csrf = await world_of(app, client, Role.HUB_LEAD)
    home = f"/hubs/{around.hub.code}/data-protection/retention"
    page = (await client.get(home, headers={"accept": "application/json"})).json()
    times = {one["name"]: one["value"] for one in page["form"]["fields"] if one["kind"] == "number"}
    assert times["messages"] == "12"
    refused = await client.post(home, data={**times, "csrf": csrf, "messages": "1"})
    assert refused.status_code == 422
    assert "3 to 36 months" in refused.text
    assert (await client.post(home, data={**times, "csrf": csrf, "messages": "18", "hold": "yes"})).status_code == 303
    page = (await client.get(home, headers={"accept": "application/json"})).json()
    assert page["held"] is True
    assert {one["name"]: one["value"] for one in page["form"]["fields"]}["messages"] == "18"


async def test_readings_by_others_are_shown_to_whom_they_concern(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, _ = await world_of(app, client, Role.PARTICIPANT)
    world: World = app.state.world
    async with world.database.transaction(around.hub.id) as db:
        other = await a_person(db, around.hub, Role.SPECIALIST, name="Rosa Reader")
        for who in (other, around.viewer):
            db.add(
                NoteRead(
                    hub_id=around.hub.id,
                    event_id=around.own["events"],
                    person_id=who.id,
                    day=NOW.date(),
                    how="page",
                    first_at=NOW,
                    last_at=NOW,
                )
            )
            db.add(
                NoteRead(
                    hub_id=around.hub.id,
                    event_id=around.elsewhere["events"],
                    person_id=who.id,
                    day=NOW.date(),
                    how="print",
                    first_at=NOW,
                    last_at=NOW,
                )
            )
    page = (await client.get("/my/who-looked", headers={"accept": "application/json"})).json()
    assert [(line["who"], line["how"]) for line in page["lines"]] == [("Rosa Reader", "On its page")]
    assert "Rosa Reader" in (await client.get("/my/who-looked?format=csv")).text
    assert (await client.get("/my/who-looked?person=nonsense")).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HEADTEACHER, 303), (Role.COORDINATOR, 303), (Role.PARTICIPANT, 403)]
)
async def test_a_head_or_the_office_says_whether_photos_are_taken(
    app: FastAPI, client: httpx.AsyncClient, role: Role, status: int
) -> None:
    around, csrf = await world_of(app, client, role)
    here = f"/hubs/{around.hub.code}/schools/{around.own['schools']}/photos"
    assert (await client.post(here, data={"csrf": csrf, "photos": "no", "note": ""})).status_code == status
    if status == 303:
        page = (await client.get(here, headers={"accept": "application/json"})).json()
        assert page["now"] == "No"
        other = f"/hubs/{around.hub.code}/schools/{around.elsewhere['schools']}/photos"
        assert (await client.get(other)).status_code == (403 if role is Role.HEADTEACHER else 200)


async def test_somebody_is_erased_by_typing_their_name(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, csrf = await world_of(app, client, Role.COORDINATOR)
    person = around.own["people"]
    here = f"/hubs/{around.hub.code}/people/{person}"
    page = await client.get(f"{here}/erase")
    assert page.status_code == 200
    assert "What stays under the name Former participant" in page.text
    world: World = app.state.world
    assert (await client.post(f"{here}/erase", data={"csrf": csrf, "name": "Somebody else"})).status_code == 422
    async with world.database.transaction(around.hub.id) as db:
        name = (await db.get_one(Person, person)).name
    assert (await client.post(f"{here}/erase", data={"csrf": csrf, "name": name})).status_code == 303
    assert (await client.get(f"{here}/erase")).status_code == 404
    shown = await client.get(here)
    assert "Former participant" in shown.text
    assert "They are back" not in shown.text
    leader = f"/hubs/{around.hub.code}/people/{around.viewer.id}/erase"
    assert "You cannot erase yourself" in (await client.get(leader)).text
    assert (await client.post(leader, data={"csrf": csrf, "name": around.viewer.name})).status_code == 409


async def deeds(app: FastAPI, around: Around, did: str) -> list[str]:
    from app.models.trail import TrailEntry

    world: World = app.state.world
    async with world.database.transaction(around.hub.id) as db:
        found = await db.execute(select(col(TrailEntry.about)).where(col(TrailEntry.did) == did))
        return list(found.scalars())


async def test_a_record_without_its_words_still_opens(app: FastAPI, client: httpx.AsyncClient) -> None:
    around, _ = await world_of(app, client, Role.SPECIALIST)
    world: World = app.state.world
    event = around.own["events"]
    async with world.database.transaction(around.hub.id) as db:
        await db.execute(text("SELECT forget_records(ARRAY[CAST(:event AS uuid)])"), {"event": event})
    home = f"/hubs/{around.hub.code}/events/{event}/note"
    pages = (home, f"{home}/history", f"{home}/readers", f"/my/notes/{event}/record", "/my/records", f"{home}/summary")
    for page in (*pages, f"{home}/versions/1", f"{home}/edit", "/my/notes/device", f"/hubs/{around.hub.code}/records"):
        assert (await client.get(page)).status_code < 500, page
