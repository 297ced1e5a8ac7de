"""Saving an operation while 100 people write, on one server process, against a bare endpoint that commits one row.

python -m bench.notes [SECONDS]. Each writer sends one operation, waits a few seconds as somebody who types does, and
sends the next; the two servers are asked in turn, in the same run.
"""

import asyncio
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from app.kit.ids import new_id
from app.models.meetings import Event
from app.models.people import Person
from app.store import people
from app.store.database import Database
from bench.feed import OURS, started
from tests.databases import app_address, cluster
from tests.makers import a_group, a_hub, a_meeting

GROUPS, WRITERS, PAUSE = 20, 100, 3.0
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
BARE = """
import sys
from contextlib import asynccontextmanager
import uvicorn
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

pool = AsyncConnectionPool(sys.argv[1], min_size=4, max_size=20, open=False)

async def keep(request):
    body = await request.body()
    async with pool.connection() as connection:
        await connection.execute("INSERT INTO bare_op (body) VALUES (%s)", (body,))
    return JSONResponse({"answers": []})

@asynccontextmanager
async def lifespan(app):
    await pool.open()
    yield
    await pool.close()

app = Starlette(routes=[Route("/my/notes/operations", keep, methods=["POST"])], lifespan=lifespan)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
"""


@dataclass
class Writer:
    """Somebody with a device, writing in one record: the text of one place grows with each operation."""

    cookie: str
    csrf: str
    event: uuid.UUID
    person: uuid.UUID
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    seen: list[str] = field(default_factory=list)
    words: str = ""
    item: str = ""

    def begin(self) -> None:
        """Go on to another statement, which nobody has written yet."""
        self.item, self.words, self.seen = uuid.uuid4().hex, "", []

    def operation(self) -> dict[str, Any]:
        self.words += " most pupils counted on from the larger number"
        made = str(new_id())
        op = {
            "op_id": made,
            "note_id": str(self.event),
            "path": f"noticed/{self.person}#{self.item}.text",
            "value": self.words[-2000:],
            "replaces": self.seen,
            "base_rev": 0,
            "form_version": 1,
            "device_time": datetime.now(UTC).isoformat(),
        }
        self.seen = [made]
        return op


async def the_writers(address: str) -> list[Writer]:
    """People of twenty Work Groups, five to each record."""
    database = Database(address, pool_size=1)
    now, made = datetime.now(UTC), []
    async with database.transaction() as db:
        hub = await a_hub(db)
        for _ in range(GROUPS):
            team = await a_group(db, hub, schools=WRITERS // GROUPS - 1)
            event: Event = await a_meeting(db, team, date(2026, 11, 23))
            everyone: list[Person] = [team.leader, *team.participants]
            for person in everyone:
                cookie = await people.new_session(db, person.account_id, now, "bench")
                found = await people.session(db, cookie, now)
                assert found is not None
                made.append(Writer(cookie, found[0].csrf, event.id, person.id))
    await database.close()
    return made


async def written(port: int, writers: list[Writer], seconds: float) -> list[float]:
    """Milliseconds of each save, all writers at their own pace."""
    taken: list[float] = []
    for writer in writers:
        writer.begin()
    stop = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=WRITERS, max_keepalive_connections=WRITERS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:
        await asyncio.gather(*(_one(client, writer, stop, taken.append) for writer in writers))
    return taken


async def _one(client: httpx.AsyncClient, writer: Writer, stop: float, note: Callable[[float], None]) -> None:
    headers = {"cookie": f"halfterm={writer.cookie}", "x-csrf-token": writer.csrf}
    await asyncio.sleep(random.random() * PAUSE)
    while time.perf_counter() < stop:
        body = {"device_id": str(writer.device), "operations": [writer.operation()]}
        began = time.perf_counter()
        answer = await client.post("/my/notes/operations", json=body, headers=headers)
        note((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.text
        assert all(one["outcome"] in {"applied", "merged"} for one in answer.json()["answers"]), answer.text
        await asyncio.sleep(PAUSE * (0.5 + random.random()))


async def measured(ours: int, bare: int, writers: list[Writer]) -> None:
    await written(ours, writers, PAUSE * 1.5)
    await written(bare, writers, PAUSE * 1.5)
    said: dict[str, Callable[[], Awaitable[list[float]]]] = {
        "save": lambda: written(ours, writers, SECONDS),
        "bare": lambda: written(bare, writers, SECONDS / 3),
    }
    medians = {}
    print(f"{'':6}{'saves':>7}{'median':>9}{'p95':>9}{'p99':>9}   ms; {WRITERS} writers, one save each {PAUSE:.0f} s")
    for name, run in said.items():
        taken = await run()
        cut = statistics.quantiles(taken, n=100)
        medians[name] = cut[94]
        print(f"{name:6}{len(taken):7}{cut[49]:9.1f}{cut[94]:9.1f}{cut[98]:9.1f}")
    print(f"p95 is {medians['save'] / medians['bare']:.1f} times the bare endpoint's")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="halfterm-bench-"))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with cluster(folder) as postgres, postgres.fresh() as owner:
            address = app_address(owner)
            writers = asyncio.run(the_writers(address))
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute("CREATE TABLE bare_op (id bigint GENERATED ALWAYS AS IDENTITY, body bytea)")
                connection.execute("GRANT INSERT ON bare_op TO halfterm_app")
            ports = []
            for script in (OURS, BARE):
                process, port = started(script, address)
                processes.append(process)
                ports.append(port)
            asyncio.run(measured(ports[0], ports[1], writers))
            for process in processes:
                process.terminate()
                process.wait(20)
    finally:
        for process in processes:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
