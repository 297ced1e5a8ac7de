"""Two devices, one of them with two tabs, over a network that loses, repeats and delays: no word is ever lost.

The devices run the app's own outbox and sending. Two thousand runs go against the server's rules in memory, some more
against the whole server and its database; HALFTERM_TEST_RUNS=2000 takes as many there.
"""

import asyncio
import itertools
import json
import os
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col

from app.domain.notes.applying import Desk, Operation, Writer
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import to_data
from app.domain.notes.registers import texts_apart
from app.main import create_app
from app.models.notes import Note, NoteOp
from app.settings import read_settings
from app.store.database import Database
from tests.makers import NOW, a_group, a_hub, a_meeting, sign_in
from tests.notes.devices import Devices

SIMULATION = Path(__file__).parent / "simulate.mjs"
IN_MEMORY, IN_DATABASE = 2000, int(os.environ.get("HALFTERM_TEST_RUNS", "12"))
STEPS = 12
TABS = {"a1": "a", "a2": "a", "b1": "b"}
PLACES = ("lesson", "small_step", "next_steps", "noticed")
FORM = replace(
    DEFAULTS["meeting"],
    sections=tuple(
        replace(section, fields=tuple(field for field in section.fields if field.key in PLACES))
        for section in DEFAULTS["meeting"].sections
    ),
)
SECTIONS = to_data(FORM)


@asynccontextmanager
async def the_devices(node: str) -> AsyncIterator[Devices]:
    process = await asyncio.create_subprocess_exec(
        node,
        str(SIMULATION),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    devices = Devices(process)
    reading = asyncio.create_task(devices.read())
    try:
        yield devices
    finally:
        process.kill()
        await process.wait()
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


@dataclass
class Rules:
    """The server's rules without its database; a restart forgets all but what was committed."""

    note: str = field(default_factory=lambda: str(uuid.uuid4()))
    people: dict[str, uuid.UUID] = field(default_factory=lambda: {"a": uuid.uuid4(), "b": uuid.uuid4()})
    desk: Desk = field(default_factory=lambda: Desk(FORM, "open"))
    log: list[tuple[str, Operation]] = field(default_factory=list)

    async def restart(self) -> None:
        self.desk = Desk(FORM, "open")
        for device, op in self.log:
            self.desk.take(op, self._writer(device))

    def _writer(self, device: str) -> Writer:
        return Writer(self.people[device], uuid.UUID(int=ord(device)))

    async def answer(self, device: str, _method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/my/notes/operations":
            return 200, {"answers": [self._take(device, one) for one in body["operations"]], "revs": {}}
        document = self._document(device)
        return 200, {"notes": [document]} if path == "/my/notes/device" else document

    def _take(self, device: str, sent: dict[str, Any]) -> dict[str, Any]:
        op = Operation(
            op_id=uuid.UUID(sent["op_id"]),
            note_id=uuid.UUID(sent["note_id"]),
            path=sent["path"],
            value=sent["value"],
            replaces=frozenset(map(uuid.UUID, sent["replaces"])),
            base_rev=sent["base_rev"],
            form_version=sent["form_version"],
            device_time=datetime.fromisoformat(sent["device_time"]),
        )
        answer, taken = self.desk.take(op, self._writer(device))
        if taken:
            self.log.append((device, op))
        told = {"outcome": answer.outcome, "because": answer.because, "rev": answer.rev}
        return {"op_id": sent["op_id"], **told}

    def _document(self, device: str) -> dict[str, Any]:
        by = {"by": str(self.people["a"]), "by_name": "Ash", "at": NOW.isoformat()}
        values = [
            {"path": path, "heads": [{"op_id": str(head.op_id), "value": head.value, **by} for head in heads]}
            for path, heads in self.desk.heads.items()
        ]
        return {
            "event": {"id": self.note, "heading": "Meeting", "ends_at": NOW.isoformat()},
            "me": {"person_id": str(self.people[device])},
            "form": {"kind": FORM.kind, "version": FORM.version, "sections": SECTIONS},
            "rev": self.desk.rev,
            "state": "open",
            "locked": "",
            "may": {"write": True, "submit": False, "agree": False},
            "values": values,
            "last_time": None,
        }

    async def history(self) -> tuple[list[Any], int]:
        """Every text that was applied, and how often the record changed."""
        return [op.value for _, op in self.log], self.desk.rev

    async def standing(self) -> dict[str, list[Any]]:
        return {path: [head.value for head in texts_apart(heads)] for path, heads in self.desk.heads.items() if heads}


@dataclass
class Whole:
    """The whole server over its database; a restart is a new one over the same."""

    database: Database
    note: str
    people: dict[str, uuid.UUID]
    cookies: dict[str, tuple[str, str]]
    address: str
    app: FastAPI
    asked: set["asyncio.Task[httpx.Response]"] = field(default_factory=set)

    async def restart(self) -> None:
        """Killed in the middle of whatever it answers."""
        for task in self.asked:
            task.cancel()
        await asyncio.gather(*self.asked, return_exceptions=True)
        await self.app.state.world.database.close()
        self.app = create_app(read_settings(now=NOW), self.address, with_worker=False)

    async def answer(self, device: str, method: str, path: str, body: Any) -> tuple[int, Any]:
        cookie, csrf = self.cookies[device]
        headers = {"cookie": f"halfterm={cookie}", "x-csrf-token": csrf}
        task = asyncio.create_task(self._asked(method, path, body, headers))
        self.asked.add(task)
        try:
            answer = await task
        except asyncio.CancelledError:
            raise ConnectionError from None
        finally:
            self.asked.discard(task)
        return answer.status_code, answer.json()

    async def _asked(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, json=body, headers=headers)

    async def history(self) -> tuple[list[Any], int]:
        async with self.database.transaction(*await self.database.every_hub()) as db:
            found = await db.execute(select(col(NoteOp.value)).where(col(NoteOp.event_id) == uuid.UUID(self.note)))
            note = await db.get(Note, uuid.UUID(self.note))
            return list(found.scalars()), note.rev if note else 0

    async def standing(self) -> dict[str, list[Any]]:
        _, document = await self.answer("a", "GET", f"/my/notes/{self.note}/record", None)
        return {
            place["path"]: sorted({head["value"] for head in place["heads"]}, key=str) for place in document["values"]
        }


@dataclass
class Run:
    """One run: what people do, and what of it must be there at the end."""

    devices: Devices
    server: Rules | Whole
    dice: random.Random
    seed: int
    kept: set[str] = field(default_factory=set)
    typing: dict[tuple[str, str], str] = field(default_factory=dict)  # the last text of a box that nothing sealed yet
    pushes: dict[str, list[asyncio.Future[dict[str, Any]]]] = field(default_factory=dict)
    words: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def path(self, tab: str) -> str:
        own = self.server.people[TABS[tab]]
        return self.dice.choice(["lesson", "small_step", "next_steps#n1.what", f"noticed/{own}#i1.text"])

    async def live(self) -> None:
        await self.devices.do("clock", now=1_800_000_000_000)
        for tab, device in TABS.items():
            await self.devices.do("open", tab=tab, device=device)
            await self.devices.do("refresh", tab=tab)
        self.devices.rough = True
        for _ in range(STEPS):
            await self.step()
        self.devices.rough = False
        await self.settle()

    async def step(self) -> None:
        tab = self.dice.choice(list(TABS))
        deed = self.dice.choices(
            (self.type, self.type_on, self.write, self.push, self.reload, self.restart, self.late),
            (4, 2, 3, 5, 1, 1, 2),
        )[0]
        await deed(tab)

    async def type(self, tab: str) -> None:
        """Write in a box and leave it."""
        path = await self.type_on(tab)
        await self.devices.do("blur", tab=tab, note=self.server.note, path=path)
        self.kept.add(self.typing.pop((tab, path)))

    async def type_on(self, tab: str) -> str:
        """Write in a box, and go on in it later."""
        path, text = self.path(tab), f"{tab} wrote {next(self.words)} in run {self.seed}"
        await self.devices.do("type", tab=tab, note=self.server.note, path=path, value=text)
        self.typing[tab, path] = text
        return path

    async def write(self, tab: str) -> None:
        """By a button, over whatever stands there: so is a conflict settled."""
        text = f"{tab} chose {next(self.words)} in run {self.seed}"
        await self.devices.do("write", tab=tab, note=self.server.note, path=self.path(tab), value=text)
        self.kept.add(text)

    async def push(self, tab: str) -> None:
        """Begin to send; others go on meanwhile."""
        self.pushes.setdefault(tab, []).append(self.devices.send("push", tab=tab))
        await asyncio.sleep(0)

    async def reload(self, tab: str) -> None:
        """The tab goes in the middle of whatever it does, and comes back."""
        for push in self.pushes.pop(tab, []):
            push.cancel()
        for key in [key for key in self.typing if key[0] == tab]:
            self.kept.add(self.typing.pop(key))
        await self.devices.do("close", tab=tab)
        await self.devices.do("open", tab=tab, device=TABS[tab])

    async def restart(self, _tab: str) -> None:
        await self.server.restart()

    async def late(self, _tab: str) -> None:
        await self.devices.catch_up()

    async def settle(self) -> None:
        """The network is back for good: what waits is sent, and everybody reads."""
        await self.devices.catch_up(all_of_them=True)
        for tab, path in list(self.typing):
            await self.devices.do("blur", tab=tab, note=self.server.note, path=path)
            self.kept.add(self.typing.pop((tab, path)))
        for pushes in self.pushes.values():
            await asyncio.wait_for(asyncio.gather(*pushes), 20)
        for _ in range(2):
            for tab in TABS:
                assert (await self.devices.do("push", tab=tab))["kind"] == "done"
        for tab in TABS:
            await self.devices.do("refresh", tab=tab)
        assert not self.devices.broken, self.devices.broken

    async def check(self) -> None:
        said = [await self.devices.do("state", tab=tab, note=self.server.note) for tab in TABS]
        for state in said:
            assert not state["waiting"], state["waiting"]
            assert not state["refused"], state["refused"]
            assert not state["unkept"], state["unkept"]
        texts, rev = await self.server.history()
        assert self.kept <= set(texts), f"lost: {self.kept - set(texts)}"
        assert len(texts) == rev, "an operation was applied twice"
        standing = {path: sorted(values, key=str) for path, values in (await self.server.standing()).items()}
        for state in said:
            shown = {
                path: sorted(place["values"], key=str) for path, place in state["places"].items() if place["values"]
            }
            assert shown == standing

    async def over(self) -> None:
        for tab in TABS:
            await self.devices.do("close", tab=tab)
        for device in set(TABS.values()):
            await self.devices.do("forget", device=device)


async def lived(devices: Devices, server: Rules | Whole, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  the same run each time, not a secret
    devices.dice, devices.server = dice, server
    devices.late.clear()
    run = Run(devices, server, dice, seed)
    try:
        await run.live()
        await run.check()
    except BaseException as error:
        error.add_note(f"run {seed}: {json.dumps(sorted(run.kept))}")
        raise
    await run.over()


async def test_two_thousand_lives_of_devices_lose_no_word(node: str) -> None:
    async with the_devices(node) as devices:
        for seed in range(IN_MEMORY):
            await lived(devices, Rules(), seed)


async def test_neither_does_the_whole_server(node: str, database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        event = await a_meeting(db, team)
        people = {"a": team.leader, "b": team.participants[0]}
        cookies = {}
        for device, person in people.items():
            csrf = await sign_in(db, client, person)
            cookies[device] = (client.cookies["halfterm"], csrf)
    app = create_app(read_settings(now=NOW), database.address, with_worker=False)
    ids = {device: person.id for device, person in people.items()}
    whole = Whole(database, str(event.id), ids, cookies, database.address, app)
    async with the_devices(node) as devices:
        for seed in range(IN_DATABASE):
            await lived(devices, whole, seed)
    await whole.app.state.world.database.close()
