"""A feed's 304 and unchanged 200 against a bare Starlette + psycopg endpoint that reads one row by key, in one run.

Run as `python -m bench.feed [ROUNDS]`. Each round asks each server in turn, so that a busy machine slows both alike.
"""

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import psycopg

from app.actions.feeds.subscribing import Subscriber, subscribe
from app.store import people
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed
from tests.databases import app_address, cluster
from tests.makers import a_group, a_hub, a_meeting

CONNECTIONS, SECONDS, EVENTS = 8, 1.5, 18
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
BARE = """
import sys
from contextlib import asynccontextmanager
import uvicorn
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

pool = AsyncConnectionPool(sys.argv[1], min_size=4, max_size=4, open=False, kwargs={"autocommit": True})

async def row(request):
    async with pool.connection() as connection:
        found = await connection.execute("SELECT body FROM bare WHERE key = %s", (request.path_params["key"],))
        return Response((await found.fetchone())[0], media_type="text/calendar")

@asynccontextmanager
async def lifespan(app):
    await pool.open()
    yield
    await pool.close()

app = Starlette(routes=[Route("/{key}", row)], lifespan=lifespan)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""
OURS = """
import sys
import uvicorn
from app.main import create_app
from app.settings import read_settings
app = create_app(read_settings(), sys.argv[1], with_worker=False)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


async def a_feed(address: str) -> str:
    """A teacher's year in the database; its token."""
    database = Database(address, pool_size=1)
    now = datetime.now(UTC)
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        team = await a_group(db, hub)
        day = date(2026, 11, 23)
        made = [await a_meeting(db, team, day + timedelta(n), slot_key=f"bench/{n}") for n in range(EVENTS)]
        await event_changed(db, [one.id for one in made], now)
        person = team.participants[0]
        who = Subscriber(db, await people.viewer(db, person.account_id, person.email), now)
        token = (await subscribe(who, "Bench")).token
    await database.close()
    return token


def a_bare_row(owner: str, body: bytes) -> None:
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (key text PRIMARY KEY, body bytea)")
        connection.execute("INSERT INTO bare VALUES ('small', 'x'), ('whole', %s)", (body,))
        connection.execute("GRANT SELECT ON bare TO halfterm_app")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def started(script: str, address: str) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HALFTERM_")}
    process = subprocess.Popen([sys.executable, "-c", script, address, str(port)], env=clean)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, port
    raise SystemExit("A server did not start.")


async def asked(port: int, path: str, headers: str = "") -> float:
    """Requests a second over keep-alive connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()
    stop = time.perf_counter() + SECONDS

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while time.perf_counter() < stop:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head[9:12] in {b"200", b"304"}, head
            length = head.lower().find(b"content-length: ")
            if length >= 0:
                await reader.readexactly(int(head[length + 16 : head.index(b"\r", length)]))
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(one() for _ in range(CONNECTIONS)))) / SECONDS


async def measured(ours: int, bare: int, path: str, etag: str) -> None:
    known = f"If-None-Match: {etag}\r\n"
    questions = {
        "304": ((ours, path, known), (bare, "/small", "")),
        "200": ((ours, path, ""), (bare, "/whole", "")),
        "200 gzip": ((ours, path, "Accept-Encoding: gzip\r\n"), (bare, "/whole", "")),
    }
    for of, bar in questions.values():
        await asked(*of)
        await asked(*bar)
    print(f"{'answer':10}{'feed/s':>8}{'bare/s':>8}{'ratio':>7}   median of {ROUNDS} rounds, {CONNECTIONS} connections")
    for name, (of, bar) in questions.items():
        rates = [(await asked(*of), await asked(*bar)) for _ in range(ROUNDS)]
        feed, plain = (statistics.median(side) for side in zip(*rates, strict=True))
        ratio = statistics.median(one / other for one, other in rates)
        print(f"{name:10}{feed:8.0f}{plain:8.0f}{ratio:7.2f}")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="halfterm-bench-"))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with cluster(folder) as postgres, postgres.fresh() as owner:
            address = app_address(owner)
            token = asyncio.run(a_feed(address))
            ours, port = started(OURS, address)
            processes.append(ours)
            path = f"/feeds/{token}.ics"
            found = httpx.get(f"http://127.0.0.1:{port}{path}")
            a_bare_row(owner, found.content)
            bare, bare_port = started(BARE, address)
            processes.append(bare)
            print(f"A feed of {EVENTS} events, {len(found.content):,} bytes")
            asyncio.run(measured(port, bare_port, path, found.headers["etag"]))
            for process in processes:
                process.terminate()
                process.wait(20)
    finally:
        for process in processes:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
