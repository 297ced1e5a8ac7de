"""An event with a record and the people around it, for tests of the record's pages."""

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from sqlalchemy import select, text
from sqlmodel import col

from app.domain.access import Role
from app.models.mail import Message
from app.models.meetings import Event
from app.models.people import Person
from app.store.database import Database
from tests.makers import a_group, a_hub, a_meeting, a_person, a_record, sign_in

PAST = date(2026, 11, 12)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Scene:
    """An event that is over. Wilf leads it, Jo comes or is watched; Ann is of the same Work Group, Hugh heads the
    school, Cora is of the hub's office."""

    database: Database
    client: httpx.AsyncClient
    hub_id: uuid.UUID
    hub: str
    event: Event
    people: dict[str, Person]

    @property
    def note(self) -> str:
        return f"/hubs/{self.hub}/events/{self.event.id}/note"

    async def be(self, name: str) -> str:
        async with self.database.transaction(self.hub_id) as db:
            return await sign_in(db, self.client, self.people[name])

    async def get(self, path: str = "") -> str:
        answer = await self.client.get(self.note + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the form at this path."""
        return dict(HIDDEN.findall(await self.get(path)))

    async def post(self, path: str, form: dict[str, str], csrf: str) -> httpx.Response:
        return await self.client.post(self.note + path, data={**form, "csrf": csrf})

    async def stored(self, of: Any, *where: Any) -> list[Any]:
        async with self.database.transaction(self.hub_id) as db:
            return list((await db.execute(select(of).where(*where))).scalars())

    async def letters(self) -> list[dict[str, str]]:
        async with self.database.transaction(self.hub_id) as db:
            rows = await db.execute(select(Message).order_by(col(Message.id)))
            return [{"to": row.to, "subject": row.subject, "text": row.text} for row in rows.scalars()]


async def a_scene(
    database: Database,
    client: httpx.AsyncClient,
    *,
    kind: str = "observation",
    day: date = PAST,
    state: str = "open",
    **written: object,
) -> Scene:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        wilf, (jo, ann) = team.leader, team.participants
        wilf.name, jo.name, ann.name = "Wilf Brook", "Jo Pascoe", "Ann Lee"
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn, name="Hugh Head")
        cora = await a_person(db, hub, Role.COORDINATOR, name="Cora Lane")
        event = await a_meeting(db, team, day, kind=kind, teacher_id=jo.id if kind == "observation" else None)
        if kind != "meeting":
            event.group_id = None
            await db.execute(text("DELETE FROM booking WHERE person_id = :ann"), {"ann": ann.id})
        if written:
            await a_record(db, event, wilf, state, **written)
        people = {"Wilf": wilf, "Jo": jo, "Ann": ann, "Hugh": head, "Cora": cora}
        return Scene(database, client, hub.id, hub.code, event, people)
