"""200 teachers check in within a minute by the code on the screen, against a bare endpoint that keeps one row.

Run as `python -m bench.attendance [SECONDS]`. Each teacher opens a connection of their own, looks at the page behind
the code of that half-minute, and says who they are; every second one is signed in. Everybody must be recorded once.
"""

import asyncio
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg

from app.domain.meetings import check_in as rules
from app.models.meetings import Event
from app.store import people
from app.store.database import Database, see_hubs
from app.store.meetings import check_in
from bench.feed import OURS, started
from tests.databases import app_address, cluster
from tests.makers import a_group, a_hub, a_meeting

TEACHERS = 200
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
SECRET = "a key of this run alone"  # noqa: S105  of a server that lives for a minute
KEYED = f"import os\nos.environ['HALFTERM_SECRET_KEY'] = {SECRET!r}\n{OURS}"
BARE = """
import sys
from contextlib import asynccontextmanager
import uvicorn
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

pool = AsyncConnectionPool(sys.argv[1], min_size=4, max_size=20, open=False)

async def look(request):
    return HTMLResponse('<form action="/here/bare"></form>')

async def keep(request):
    body = await request.body()
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO bare_op (body) VALUES (%s)", (body,))
    return HTMLResponse("You are here")

@asynccontextmanager
async def lifespan(app):
    await pool.open()
    yield
    await pool.close()

routes = [Route("/here/{token}", look), Route("/here/{token}", keep, methods=["POST"])]
app = Starlette(routes=routes, lifespan=lifespan)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


@dataclass
class Teacher:
    """Somebody in the room; the cookie is empty for whoever is not signed in."""

    id: str
    cookie: str


@dataclass
class Room:
    """One event with everybody in it."""

    event: Event
    teachers: list[Teacher]

    def token(self) -> str:
        """What the picture on the screen leads to now."""
        step = rules.step_of(datetime.now(UTC))
        return rules.token(SECRET.encode(), self.event.hub_id, self.event.id, step)


async def the_room(address: str) -> Room:
    """An event that goes on now, checking in open, with 200 teachers of as many schools."""
    database = Database(address, pool_size=1)
    now = datetime.now(UTC)
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=TEACHERS)
        event = await a_meeting(db, team, now.date())
        event.starts_at, event.ends_at = now - timedelta(minutes=5), now + timedelta(hours=2)
        await db.flush()
        await check_in.open_for(db, hub.id, event.id, now)
        teachers = []
        for number, person in enumerate(team.participants):
            signed_in = number % 2
            cookie = await people.new_session(db, person.account_id, now, "bench") if signed_in else ""
            await see_hubs(db, hub.id)
            teachers.append(Teacher(str(person.id), cookie))
    await database.close()
    return Room(event, teachers)


async def came(port: int, room: Room, seconds: float) -> tuple[list[float], list[float]]:
    """Milliseconds of each look and of each saying, everybody at a moment of their own."""
    looks: list[float] = []
    sayings: list[float] = []

    async def one(phones: httpx.AsyncClient, teacher: Teacher) -> None:
        await asyncio.sleep(random.random() * seconds)
        headers = {"cookie": f"halfterm={teacher.cookie}"} if teacher.cookie else {}
        began = time.perf_counter()
        page = await phones.get(f"/here/{room.token()}", headers=headers)
        looks.append((time.perf_counter() - began) * 1000)
        found = re.search(r'action="(/here/[^"]+)"', page.text)
        assert found, page.text
        await asyncio.sleep(random.random())
        began = time.perf_counter()
        said = await phones.post(found[1], data={"who": "me" if teacher.cookie else teacher.id}, headers=headers)
        sayings.append((time.perf_counter() - began) * 1000)
        assert "You are here" in said.text, said.text

    limits = httpx.Limits(max_connections=TEACHERS, max_keepalive_connections=0)  # each request opens its own
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as phones:
        await asyncio.gather(*(one(phones, teacher) for teacher in room.teachers))
    return looks, sayings


def line(name: str, taken: list[float]) -> float:
    """Prints how long something took; its p95."""
    cut = statistics.quantiles(taken, n=100)
    print(f"{name:14}{len(taken):7}{cut[49]:9.1f}{cut[94]:9.1f}{max(taken):9.1f}")
    return cut[94]


async def warmed(port: int, room: Room) -> None:
    """A server just started compiles its page and its questions first; nobody is recorded."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as phone:
        for teacher in room.teachers[:10]:
            headers = {"cookie": f"halfterm={teacher.cookie}"} if teacher.cookie else {}
            await phone.get(f"/here/{room.token()}", headers=headers)
            await phone.post(f"/here/{room.token()}", data={"who": "nobody"}, headers=headers)


async def measured(ours: int, bare: int, room: Room) -> None:
    """Our server, then the bare one, in one run."""
    await warmed(ours, room)
    looks, sayings = await came(ours, room, SECONDS)
    bare_looks, bare_sayings = await came(bare, room, SECONDS / 2)
    print(f"{'':14}{'calls':>7}{'median':>9}{'p95':>9}{'worst':>9}   ms; {TEACHERS} teachers within {SECONDS:.0f} s")
    of_looks, of_sayings = line("look", looks), line("say", sayings)
    of_bare = line("bare look", bare_looks), line("bare say", bare_sayings)
    whole = statistics.quantiles(looks + sayings, n=100)[94]
    ratios = of_looks / of_bare[0], of_sayings / of_bare[1]
    print(f"p95 of all {whole:.1f} ms; look {ratios[0]:.1f} and say {ratios[1]:.1f} times the bare endpoint's")


def main() -> None:
    """The whole measurement; every process that it starts is ended."""
    folder = Path(tempfile.mkdtemp(prefix="halfterm-bench-"))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with cluster(folder) as postgres, postgres.fresh() as owner:
            address = app_address(owner)
            room = asyncio.run(the_room(address))
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute("CREATE TABLE bare_op (id bigint GENERATED ALWAYS AS IDENTITY, body bytea)")
                connection.execute("GRANT INSERT ON bare_op TO halfterm_app")
            ports = []
            for script in (KEYED, BARE):
                process, port = started(script, address)
                processes.append(process)
                ports.append(port)
            asyncio.run(measured(ports[0], ports[1], room))
            with psycopg.connect(owner) as connection:
                found = connection.execute("SELECT count(*), count(DISTINCT guest_id) FROM attendance").fetchone()
            assert found == (TEACHERS, TEACHERS), found
            print(f"all {TEACHERS} are recorded, each once")
            for process in processes:
                process.terminate()
                process.wait(20)
    finally:
        for process in processes:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
