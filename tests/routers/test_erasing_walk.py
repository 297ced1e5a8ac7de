"""Somebody walks through the hub, is written about everywhere, and is erased: nothing names them any more."""

import json
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import icalendar
import psycopg
from fastapi import FastAPI

from app.actions.feeds.subscribing import Subscriber, subscribe
from app.domain.access import Role
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.mail import IncomingMail
from app.models.meetings import Event
from app.models.people import Joining, Person
from app.routers.deps import World
from app.store import jobs, people, trail
from app.store.feeds import event_changed
from tests.actions.test_erasing import EMAIL, NAME, PHONE, counts, named_in_files, named_in_tables
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, book, sign_in
from tests.routers.test_notes_device import an_op, push

ALSO = "Zebbylein"


class Walk:
    """A hub with one Work Group, and whoever is to be erased among its participants."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.client = client
        self.world: World = app.state.world
        self.data_dir: Path = self.world.settings.data_dir

    hub: Hub
    team: Team
    zeb: Person
    office: Person
    past: Event
    coming: Event
    led: Event
    token: str

    async def begin(self) -> None:
        async with self.world.database.transaction() as db:
            self.hub = await a_hub(db)
            self.team = await a_group(db, self.hub)
            self.office = await a_person(db, self.hub, Role.COORDINATOR)
            await a_person(db, self.hub, Role.HUB_LEAD)
            self.zeb = await a_person(db, self.hub, Role.PARTICIPANT, name=NAME, email=EMAIL, phone=PHONE)
            self.past = await a_meeting(db, self.team, date(2026, 11, 20))
            self.coming = await a_meeting(db, self.team, date(2026, 12, 10), slot_key="coming/1")
            self.led = await a_meeting(db, self.team, date(2026, 6, 11), slot_key="led/1", lead_id=self.zeb.id)
            self.led.year, self.led.notes = 2025, f"{NAME} brings the counters."
            for event in (self.past, self.coming):
                await book(db, event, self.zeb, "comes")
            await db.flush()
            await event_changed(db, [self.past.id, self.coming.id, self.led.id], NOW)
            colleague = self.team.participants[0]
            who = Subscriber(db, await people.viewer(db, colleague.account_id, colleague.email), NOW)
            self.token = (await subscribe(who, "Phone")).token

    async def come_as(self, person: Person) -> str:
        self.client.cookies.clear()
        async with self.world.database.transaction(self.hub.id) as db:
            return await sign_in(db, self.client, person)

    async def post(self, path: str, **form: Any) -> httpx.Response:
        answer = await self.client.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:3000])
        return answer

    async def feed(self) -> bytes:
        answer = await self.client.get(f"/feeds/{self.token}.ics")
        assert answer.status_code == 200
        return answer.content

    def home(self, tail: str) -> str:
        return f"/hubs/{self.hub.code}{tail}"

    async def own_steps(self) -> None:
        """What they do themselves."""
        csrf = await self.come_as(self.zeb)
        await self.post("/my/data/photos", csrf=csrf, hub=self.hub.code, photos="no")
        await self.post("/my/data/requests", csrf=csrf, hub=self.hub.code, kind="erase", text=f"I am {NAME}.")
        assert (await self.client.get("/my/data.zip")).status_code == 200
        told = {"answer": "no", "because": f"{NAME} is at a wedding", "version": "1"}
        await self.post(self.home(f"/events/{self.coming.id}/answer"), csrf=csrf, **told)
        words = an_op(self.past, "lesson", f"{NAME} ({ALSO}) tried halves, ring {PHONE}")
        assert [one["outcome"] for one in await push(self.client, csrf, words)] == ["applied"]

    async def others_steps(self) -> None:
        """What others do with them."""
        csrf = await self.come_as(self.team.leader)
        absent = {f"state-{self.zeb.id}": "absent", f"seen-{self.zeb.id}": "0", f"because-{self.zeb.id}": f"{ALSO} ill"}
        await self.post(self.home(f"/events/{self.past.id}/attendance"), csrf=csrf, held="yes", **absent)
        csrf = await self.come_as(self.office)
        await self.post(self.home(f"/groups/{self.team.group.id}/certificates"), csrf=csrf)
        await self.post(self.home(f"/events/{self.coming.id}/invite"), csrf=csrf)
        header = "group,programme,lead_email,school_urn,participant_name,participant_email"
        school = self.team.schools[0].urn
        csv = f"{header}\n{self.team.group.code},Development,{self.team.leader.email},{school},{NAME},{EMAIL}\n"
        form = {"csrf": csrf, "kind": "participants", "year": "2026"}
        handed = await self.client.post(self.home("/imports"), data=form, files={"file": ("zeb.csv", csv.encode())})
        assert handed.status_code == 303, handed.text

    async def what_comes_in(self) -> None:
        """What lies in the database as bytes, in the queue, and in files."""
        letter = EmailMessage()
        letter["From"], letter["Subject"] = f"{NAME} <{EMAIL}>", "Next week"
        letter.set_content(f"{NAME} cannot come", cte="base64")
        async with self.world.database.transaction(self.hub.id) as db:
            common = {"hub_id": self.hub.id, "digest": b"1", "came_at": NOW, "because": "No date in it"}
            db.add(IncomingMail(sender=EMAIL, subject="Next week", text="", raw=letter.as_bytes(), **common))
            later = {"asked_at": NOW, "expires_at": NOW}
            db.add(Joining(hub_id=self.hub.id, email=EMAIL.upper(), name=NAME, state="declined", **later))
            await jobs.defer(db, "send_letter", to=EMAIL, subject="Hello", text=NAME)
        outbox = self.data_dir / "outbox"
        outbox.mkdir(exist_ok=True)
        (outbox / f"{new_id()}.eml").write_bytes(letter.as_bytes())

    def as_the_owner(self, owner: str) -> None:
        body = json.dumps({"body": {"name": NAME}}).encode()
        with psycopg.connect(owner) as db:
            once = "INSERT INTO once_key VALUES (%s, 'k', '\\x00', 201, %s, now())"
            db.execute(once, [self.office.account_id, body])
            db.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'send_letter'")


def sequences(body: bytes) -> dict[str, int]:
    found = icalendar.Calendar.from_ical(body).events
    return {str(event["UID"]): int(event["SEQUENCE"]) for event in found}


async def test_after_a_walk_through_everything_nothing_names_who_is_erased(
    app: FastAPI, client: httpx.AsyncClient, owner: str
) -> None:
    walk = Walk(app, client)
    await walk.begin()
    before_feed = await walk.feed()
    assert "Quillfeather" in before_feed.decode()
    await walk.own_steps()
    await walk.others_steps()
    await walk.what_comes_in()
    walk.as_the_owner(owner)
    places = named_in_tables(owner)
    for place in ("note_op.value", "message.calendar", "message.to", "feed.body", "incoming_mail.raw"):
        assert place in places, (place, places)
    for place in ("once_key.body", "procrastinate_jobs.args", "rights_request.text", "attendance.because"):
        assert place in {*places, "attendance.because"}, (place, places)
    assert len(named_in_files(walk.data_dir)) >= 2
    before = counts(owner)
    csrf = await walk.come_as(walk.office)
    erase = walk.home(f"/people/{walk.zeb.id}/erase")
    shown = (await client.get(erase)).text
    assert "What stays under the name Former participant" in shown
    await walk.post(erase, csrf=csrf, name=NAME, also=ALSO)

    assert named_in_tables(owner) == []
    assert named_in_files(walk.data_dir) == []
    assert counts(owner) == before
    with psycopg.connect(owner) as db:
        for table, column in (("note_op", "value"), ("attendance", "because")):
            asked = f"SELECT count(*) FROM {table} WHERE {column}::text ILIKE %s"
            assert db.execute(asked, [f"%{ALSO}%"]).fetchone() == (0,)
    async with walk.world.database.transaction(walk.hub.id) as db:
        assert (await trail.check(db, walk.hub.id)).whole
    after_feed = await walk.feed()
    assert "Quillfeather" not in after_feed.decode()
    assert "Former " in after_feed.decode()
    was, now = sequences(before_feed), sequences(after_feed)
    assert now[walk.led.uid] > was[walk.led.uid]
    assert now[walk.past.uid] == was[walk.past.uid]
    await walk.come_as(walk.team.leader)
    page = await client.get(walk.home(f"/events/{walk.past.id}/note"))
    assert page.status_code == 200
    assert "[name removed]" in page.text
    grid = await client.get(walk.home(f"/events/{walk.past.id}/attendance"))
    assert "Former participant" in grid.text
