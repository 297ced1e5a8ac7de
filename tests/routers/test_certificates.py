"""Certificates through the door: issued for a Work Group or by oneself, corrected, withdrawn, checked by strangers."""

import io
import re
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.meetings import certifying
from app.domain.access import Role
from app.domain.meetings import certificates as rules
from app.domain.meetings.attendance import Said
from app.kit.check_codes import new_code, shown
from app.models.hubs import Hub
from app.models.meetings import Event
from app.store.database import Database
from app.store.meetings import attendance
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass
class Scene:
    """A Work Group that met twice in autumn; its first teacher came both times, its second once in part."""

    hub: str
    team: Team
    meetings: list[Event]
    address: str
    csrf: str


async def say(db: AsyncSession, event: Event, person: uuid.UUID, state: str, **columns: Any) -> None:
    at = columns.pop("at", NOW - timedelta(days=1))
    one = Said(
        op_id=uuid.uuid4(),
        hub_id=event.hub_id,
        event_id=event.id,
        guest_id=person,
        person_id=person,
        state=state,
        said_at=at,
        at=at,
        **columns,
    )
    await attendance.keep(db, [one])


@pytest.fixture
async def scene(client: httpx.AsyncClient, database: Database) -> Scene:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        first = await a_meeting(db, team, date(2026, 9, 24))
        second = await a_meeting(db, team, date(2026, 11, 12))
        for event in (first, second):
            await say(db, event, team.participants[0].id, "present")
        await say(db, first, team.participants[1].id, "part", minutes=60)
        await say(db, second, team.participants[1].id, "absent", because="Unwell")
        csrf = await sign_in(db, client, team.leader)
    return Scene(hub.code, team, [first, second], f"/hubs/{hub.code}/groups/{team.group.id}/certificates", csrf)


async def issue(client: httpx.AsyncClient, scene: Scene) -> httpx.Response:
    return await client.post(scene.address, data={"csrf": scene.csrf}, follow_redirects=True)


async def listed(client: httpx.AsyncClient, scene: Scene, query: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"/hubs/{scene.hub}/certificates{query}", headers={"accept": "application/json"})
    found: list[dict[str, Any]] = answer.json()["certificates"]
    return found


async def pdf_of(client: httpx.AsyncClient, one: dict[str, Any]) -> bytes:
    return (await client.get(f"{one['href']}/certificate.pdf")).content


async def test_a_leader_issues_all_of_a_group_with_one_button(client: httpx.AsyncClient, scene: Scene) -> None:
    before = await client.get(scene.address)
    assert "at least one of its meetings" in before.text
    assert "Issue 2 certificates" in before.text
    assert "2 certificates are issued" in (await issue(client, scene)).text
    found = await listed(client, scene, "?sort=-time")
    assert [one["hours"] for one in found] == ["5 hours 30 minutes", "1 hour"]
    assert "Issue " not in (await client.get(scene.address)).text
    again = await issue(client, scene)
    assert "has one that says what is recorded" in again.text
    assert len(await listed(client, scene)) == 2


async def test_a_correction_issues_again_and_the_old_one_says_what_replaced_it(
    client: httpx.AsyncClient, scene: Scene, database: Database
) -> None:
    await issue(client, scene)
    old = next(one for one in await listed(client, scene) if one["hours"] == "1 hour")
    async with database.transaction(scene.team.group.hub_id) as db:
        await say(db, scene.meetings[0], scene.team.participants[1].id, "present", at=NOW - timedelta(hours=1))
    assert "the old one is withdrawn" in (await client.get(scene.address)).text
    await issue(client, scene)
    found = await listed(client, scene, "?state=withdrawn")
    assert [one["code"] for one in found] == [old["code"]]
    client.cookies.clear()
    told = (await client.get(f"/check/{old['code']}")).text
    assert "no longer counts" in told
    new = CODE.findall(told.split("Replaced by")[1])[0]
    assert "it stands" in (await client.get(f"/check/{new}")).text


async def test_withdrawing_needs_a_because_that_strangers_read(client: httpx.AsyncClient, scene: Scene) -> None:
    await issue(client, scene)
    one = (await listed(client, scene))[0]
    path = f"{one['href']}/withdraw"
    assert "no longer counts" in (await client.get(path)).text
    assert (await client.post(path, data={"csrf": scene.csrf, "because": " "})).status_code == 422
    await client.post(path, data={"csrf": scene.csrf, "because": "The name was wrong"})
    assert (await client.post(path, data={"csrf": scene.csrf, "because": "Twice"})).status_code == 409
    told = (await client.get(f"/check/{one['code']}")).text
    assert "Withdrawn on Saturday 21 November 2026" in told
    assert "The name was wrong" in told


async def test_strangers_tell_a_real_file_from_an_altered_one_and_from_another(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await issue(client, scene)
    one = next(one for one in await listed(client, scene) if one["hours"] == "1 hour")
    real = await pdf_of(client, one)
    client.cookies.clear()

    async def told(data: bytes, number: str = "") -> str:
        files = {"file": ("shown.pdf", data, "application/pdf")}
        answer = await client.post("/check", data={"number": number}, files=files)
        assert answer.headers["x-robots-tag"].startswith("noindex")
        return answer.text

    exact = await told(real)
    assert "exactly as it was issued" in exact
    assert "it stands" in exact
    altered = real.replace(b"/Title", b"/Titel", 1)
    assert altered != real
    assert "not as it was issued" in await told(altered)
    saved = io.BytesIO()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(real)))
    writer.compress_identical_objects()
    writer.write(saved)
    assert "not as it was issued" in await told(saved.getvalue())
    assert "No check code was found" in await told(b"%PDF-1.7 nothing")
    assert one["name"] in await told(b"%PDF-1.7 nothing", one["code"])
    code = new_code()
    assert "never issued here" in await told(f"halfterm-check:{shown(code)}".encode())


async def test_a_typing_slip_is_told_from_an_unknown_code_and_tries_are_counted(client: httpx.AsyncClient) -> None:
    code = new_code()
    slip = shown(code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert "mistyped" in (await client.get(f"/check/{slip}")).text
    assert (await client.post("/check", data={"number": slip})).status_code == 422
    asked = await client.post("/check", data={"number": code.lower()})
    assert asked.headers["location"] == f"/check/{shown(code)}"
    answers = [await client.get(f"/check/{shown(new_code())}") for _ in range(rules.WRONG_CODES.most + 1)]
    assert "No certificate with this code" in answers[0].text
    assert answers[0].headers["x-robots-tag"].startswith("noindex")
    assert (answers[-2].status_code, answers[-1].status_code) == (200, 429)
    assert "Wait until" in answers[-1].text


async def test_a_teacher_has_their_own_certificate_and_record_and_nobody_elses(
    client: httpx.AsyncClient, scene: Scene, database: Database
) -> None:
    async with database.transaction() as db:
        csrf = await sign_in(db, client, scene.team.participants[1])
    page = await client.get(scene.address)
    assert scene.team.participants[1].name in page.text
    assert scene.team.participants[0].name not in page.text
    await client.post(scene.address, data={"csrf": csrf})
    await client.post("/my/certificates", data={"csrf": csrf, "year": "2026"})
    found = await listed(client, scene)
    assert sorted(one["kind"] for one in found) == ["Certificate of attendance", "Record of a year"]
    assert all(one["name"] == scene.team.participants[1].name for one in found)
    assert found[0]["code"] in (await client.get("/my/certificates")).text
    twice = await client.post("/my/certificates", data={"csrf": csrf, "year": "2026"})
    assert twice.status_code == 409
    none = await client.post("/my/certificates", data={"csrf": csrf, "year": "2024"})
    assert none.status_code == 422
    assert "nothing to certify" in none.text


async def test_the_list_downloads_as_csv_and_as_zip(client: httpx.AsyncClient, scene: Scene) -> None:
    await issue(client, scene)
    csv = (await client.get(f"/hubs/{scene.hub}/certificates?format=csv")).text
    assert csv.count("\r\n") == 3
    packed = await client.get(f"/hubs/{scene.hub}/certificates.zip?group={scene.team.group.id}")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as held:
        assert len(held.namelist()) == 2
        assert all(held.read(name).startswith(b"%PDF") for name in held.namelist())


async def test_a_long_list_is_made_by_a_job_that_can_begin_again(
    client: httpx.AsyncClient, scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", 1)
    assert "are being made" in (await issue(client, scene)).text
    assert "0 of 2 are made" in (await client.get(scene.address)).text
    leader = scene.team.leader
    order = certifying.Order(scene.team.group.hub_id, scene.team.group.id, leader.account_id)
    for _ in range(2):
        await certifying.issue_in_background(database, lambda: NOW, order, "http://127.0.0.1:8000/check")
    assert len(await listed(client, scene)) == 2


async def test_the_trail_tells_of_every_certificate(
    client: httpx.AsyncClient, scene: Scene, database: Database
) -> None:
    await issue(client, scene)
    async with database.transaction(scene.team.group.hub_id) as db:
        hub = await db.get_one(Hub, scene.team.group.hub_id)
        await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
    told = (await client.get(f"/hubs/{scene.hub}/trail")).text
    for person in scene.team.participants:
        assert f"the certificate of attendance of {person.name}" in told
