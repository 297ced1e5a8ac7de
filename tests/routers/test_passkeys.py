"""Passkeys with a device in Python: made, used, removed, asked for, required; and everything that must open nothing."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text, update

from app.actions import sign_in as actions
from app.domain.access import Role
from app.models.hubs import Hub
from app.models.people import Passkey
from app.models.trail import TrailEntry
from app.routers.deps import World
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.makers import NOW
from tests.routers.desks import Desk
from tests.routers.devices import Device

NAMED = "http://localhost:8000"


@pytest.fixture
def named(app: FastAPI) -> FastAPI:
    """The server under a name, as passkeys need it."""
    world: World = app.state.world
    settings = read_settings(now=NOW, base_url=NAMED)
    app.state.world = World(settings, world.database, world.clock, world.extras)
    return app


class Lead(Desk):
    """Somebody at the desk with a device in their hand."""

    async def begin(self, path: str = "/my/account/passkeys/begin") -> httpx.Response:
        return await self.client.post(path, headers={"x-csrf-token": self.csrf}, json={})

    async def make(self, device: Device, name: str = "My phone") -> httpx.Response:
        options = (await self.begin()).json()
        sent = {"name": name, "back": "/my/account", "credential": device.made(options)}
        return await self.client.post("/my/account/passkeys", headers={"x-csrf-token": self.csrf}, json=sent)

    async def use(self, device: Device, back: str = "/my") -> httpx.Response:
        options = (await self.begin("/sign-in/passkey/begin")).json()
        return await self.send(device.used(options), back)

    async def send(self, credential: Any, back: str = "/my") -> httpx.Response:
        return await self.client.post("/sign-in/passkey/use", json={"credential": credential, "back": back})

    async def require(self) -> None:
        async with self.database.transaction(self.hub.id) as db:
            await db.execute(update(Hub).values(passkeys_required=True))

    async def by_link(self) -> httpx.Response:
        """Sign in by a link, in a browser that knows nothing."""
        self.client.cookies.clear()
        async with self.database.transaction() as db:
            token = await people.new_sign_in_link(db, self.me.account_id, NOW)
        answer = await self.client.post(f"/sign-in/{token}", data={"back": self.home})
        async with self.database.transaction() as db:
            found = await people.session(db, self.client.cookies["halfterm"], NOW)
            assert found is not None
            self.csrf = found[0].csrf
        return answer


@pytest.fixture
async def lead(named: FastAPI, database: Database, client: httpx.AsyncClient) -> Lead:
    made = Lead(database, client)
    await made.open(Role.HUB_LEAD)
    return made


@pytest.fixture
def phone() -> Device:
    return Device(NAMED)


async def test_a_passkey_is_made_listed_used_and_removed(lead: Lead, phone: Device) -> None:
    made = await lead.make(phone)
    assert made.json() == {"location": "/my/account"}
    listed = (await lead.client.get("/my/account")).text
    assert "The passkey My phone is made" in listed
    assert "Not used yet." in listed
    lead.client.cookies.clear()
    used = await lead.use(phone, "/my/calendar")
    assert used.json() == {"location": "/my/calendar"}
    assert (await lead.client.get("/api/v1/me")).json()["email"] == lead.me.email
    assert "Last used Saturday 21 November 2026" in (await lead.client.get("/my/account")).text
    kept = (await lead.rows(Passkey))[0]
    here = f"/my/account/passkeys/{kept.id}/remove"
    assert "A link to" in (await lead.client.get(here)).text
    async with lead.database.transaction() as db:
        found = await people.session(db, lead.client.cookies["halfterm"], NOW)
        assert found is not None
    assert (await lead.client.post(here, data={"csrf": found[0].csrf})).status_code == 303
    assert (await lead.use(phone)).status_code == 422
    told = [(one.did, one.about) for one in await lead.rows(TrailEntry)]
    assert told == [
        ("Added", "a passkey: My phone"),
        ("Signed in", "A browser we do not know, by a passkey"),
        ("Removed", "a passkey: My phone"),
    ]


async def test_whoever_adds_a_passkey_gets_a_letter_about_it(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    async with lead.database.transaction() as db:
        jobs = await db.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = 'send_letter'"))
        letter = jobs.scalar_one()
    assert letter["to"] == lead.me.email
    assert "If not, somebody else was signed in as you." in letter["text"]


async def test_an_answer_works_once_and_a_challenge_is_used_up_by_a_wrong_one(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    options = (await lead.begin("/sign-in/passkey/begin")).json()
    answer = phone.used(options)
    assert (await lead.send(answer)).status_code == 200
    assert (await lead.send(answer)).status_code == 422
    options = (await lead.begin("/sign-in/passkey/begin")).json()
    good, bad = phone.used(options), Device(NAMED, credential=phone.credential).used(options)
    assert (await lead.send(bad)).status_code == 422
    assert (await lead.send(good)).status_code == 422


def spoilt(phone: Device) -> dict[str, Device]:
    """Devices that must open nothing."""
    same = {"key": phone.key, "credential": phone.credential}
    return {
        "another site": Device("https://evil.example", **same),  # type: ignore[arg-type]
        "no finger on it": Device(NAMED, verified=False, **same),  # type: ignore[arg-type]
        "another key": Device(NAMED, credential=phone.credential),
        "an unknown key": Device(NAMED),
        "a copy that counts less": Device(NAMED, **same),  # type: ignore[arg-type]
    }


async def test_what_does_not_fit_opens_nothing_and_is_counted(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    phone.uses = 7
    assert (await lead.use(phone)).status_code == 200
    lead.client.cookies.clear()
    for why, device in spoilt(phone).items():
        answer = await lead.use(device)
        assert answer.status_code == 422, why
        assert "set-cookie" not in answer.headers, why
        assert "does not open Halfterm" in answer.text
    for nonsense in (None, 1, [], {}, {"response": {"clientDataJSON": "?"}}, {"response": {"clientDataJSON": "e30"}}):
        assert (await lead.send(nonsense)).status_code == 422
    for _ in range(30):
        last = await lead.send(None)
    assert last.status_code == 429


async def test_a_challenge_to_make_a_passkey_does_not_sign_in_and_is_its_owners(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    options = (await lead.begin()).json()
    assert (await lead.send(phone.used({**options, "rpId": "localhost"}))).status_code == 422
    another = Device(NAMED, verified=False)
    refused = await lead.make(another)
    assert refused.status_code == 422
    assert len(await lead.rows(Passkey)) == 1
    assert (await lead.make(phone)).status_code == 422, "the same key is not kept twice"


async def test_what_the_browser_sends_is_not_trusted_to_be_json(lead: Lead) -> None:
    for body in (b"", b"[", b"[1]", b"[" * 10000):
        headers = {"x-csrf-token": lead.csrf, "accept": "application/json"}
        answer = await lead.client.post("/my/account/passkeys", content=body, headers=headers)
        assert answer.status_code == 422
        assert "Load the page again" in answer.json()["detail"]


async def test_staff_are_asked_once_at_their_first_sign_in_and_teachers_never(
    named: FastAPI, database: Database, client: httpx.AsyncClient
) -> None:
    staff = Lead(database, client)
    await staff.open(Role.SPECIALIST)
    first = await staff.by_link()
    assert first.headers["location"] == f"/my/account/passkeys/new?offered=yes&back={staff.home}"
    page = (await client.get(first.headers["location"])).text
    assert f'href="{staff.home}">Not now</a>' in page
    assert (await staff.by_link()).headers["location"] == staff.home
    teacher = Lead(database, client)
    await teacher.open(Role.PARTICIPANT)
    assert (await teacher.by_link()).headers["location"] == teacher.home


async def test_a_hub_that_asks_for_passkeys_lets_a_link_in_to_make_one_alone(lead: Lead, phone: Device) -> None:
    await lead.require()
    await lead.by_link()
    for shut in (lead.home, f"{lead.home}/people", "/my/calendar", "/my"):
        answer = await lead.client.get(shut)
        assert answer.status_code == 303, shut
        assert answer.headers["location"] == f"/my/account/passkeys/needed?back={shut}"
    told = await lead.client.get(f"{lead.home}/people", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["title"]) == (401, "Your hub asks for a passkey")
    assert "Make a passkey" in (await lead.client.get("/my/account/passkeys/needed")).text
    assert (await lead.make(phone)).status_code == 200
    assert (await lead.client.get(lead.home)).status_code == 200


async def test_with_a_passkey_a_link_is_not_enough_to_make_another_or_to_remove_it(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    await lead.require()
    await lead.by_link()
    assert "Use my passkey" in (await lead.client.get("/my/account/passkeys/needed")).text
    assert (await lead.begin()).status_code == 403
    kept = (await lead.rows(Passkey))[0]
    removed = await lead.client.post(f"/my/account/passkeys/{kept.id}/remove", data={"csrf": lead.csrf})
    assert removed.status_code == 403
    await lead.use(phone)
    assert (await lead.client.get(lead.home)).status_code == 200


async def test_the_only_passkey_stays_while_a_hub_asks_for_it(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    await lead.require()
    kept = (await lead.rows(Passkey))[0]
    here = f"/my/account/passkeys/{kept.id}/remove"
    refused = await lead.client.post(here, data={"csrf": lead.csrf})
    assert refused.status_code == 409
    assert "Make another one first" in refused.text
    await lead.make(Device(NAMED), "Tablet")
    assert (await lead.client.post(here, data={"csrf": lead.csrf})).status_code == 303


async def test_whoever_requires_passkeys_has_one_in_hand(lead: Lead, phone: Device) -> None:
    sent = {"passkeys": "yes", "version": "1"}
    refused = await lead.post("/settings/passkeys", **sent)
    assert refused.status_code == 409
    assert "Sign in with a passkey yourself first" in refused.text
    await lead.make(phone)
    assert (await lead.post("/settings/passkeys", **sent)).status_code == 303
    assert "Leads and coordinators need a passkey from now on." in await lead.get("/settings")
    assert (await lead.post("/settings/passkeys", **sent)).status_code == 412
    assert (await lead.post("/settings/passkeys", version="2")).status_code == 303
    assert "A link by e-mail is enough for everyone." in await lead.get("/settings")


async def test_lost_devices_are_forgotten_at_the_command_line(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    async with lead.database.transaction() as db:
        assert await actions.forget_passkeys(db, "nobody@school.example", NOW) is None
        assert await actions.forget_passkeys(db, lead.me.email, NOW) == 1
    assert (await lead.client.get("/api/v1/me")).status_code == 401
    assert (await lead.use(phone)).status_code == 422
    entry = next(one for one in await lead.rows(TrailEntry) if "command line" in one.about)
    assert entry.account_id is None


async def test_a_server_known_by_a_number_offers_no_passkeys(client: httpx.AsyncClient, database: Database) -> None:
    desk = await Desk(database, client).open()
    assert "data-passkey" not in (await client.get("/sign-in")).text
    assert "reached by a number" in (await client.get("/my/account")).text
    answer = await client.post("/my/account/passkeys/begin", headers={"x-csrf-token": desk.csrf}, json={})
    assert answer.status_code == 409


async def test_a_signature_from_another_website_is_refused(lead: Lead, phone: Device) -> None:
    await lead.make(phone)
    options = (await lead.begin("/sign-in/passkey/begin")).json()
    sent = json.dumps({"credential": phone.used(options)})
    answer = await lead.client.post("/sign-in/passkey/use", content=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
