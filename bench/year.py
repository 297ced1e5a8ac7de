"""The year page of a 30-group hub, plain and moving dates by hand: server time and statements; beside it three groups.

python -m bench.year [ROUNDS]
"""

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from app.domain.access import Role
from app.main import create_app
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.databases import app_address, cluster
from tests.makers import HALF_TERMS, NOW, a_group, a_hub, a_meeting, a_person, a_programme, number

EVENTS = 7  # of each half term and group: the meeting, visits and observations


async def a_year(database: Database, groups: int) -> tuple[str, str]:
    """A hub with this many Work Groups and their dates: (its code, a lead's session cookie)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        lead = await a_person(db, hub, Role.HUB_LEAD)
        programme = await a_programme(db, hub)
        for _ in range(groups):
            team = await a_group(db, hub, schools=2, programme=programme)
            for k, (first, last) in enumerate(HALF_TERMS):
                for n in range(EVENTS):
                    day = first + timedelta((last - first).days * (n + 1) // (EVENTS + 2))
                    key = f"{team.group.id}/{k}/{n}/{number()}"
                    kind = ("meeting", "visit", "observation")[min(n, 2)]
                    await a_meeting(db, team, day, slot_key=key, kind=kind, status="confirmed")
        return hub.code, await people.new_session(db, lead.account_id, NOW, "bench")


async def measured(app: FastAPI, address: str, cookie: str, rounds: int) -> tuple[list[float], int, int]:
    """(milliseconds of each round, statements of one, bytes)."""
    database = app.state.world.database
    counted: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    transport = httpx.ASGITransport(app=app)
    taken = []
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", cookies={"halfterm": cookie}
    ) as client:
        for _ in range(rounds + 2):
            counted.clear()
            began = time.perf_counter()
            answer = await client.get(address)
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200
    return taken[2:], len(counted), len(answer.content)


async def run(owner: str, rounds: int) -> None:
    app = create_app(read_settings(mode="test", now=NOW), app_address(owner), with_worker=False)
    async with app.router.lifespan_context(app):  # as a server that has started
        print(f"{'groups':>7} {'dates':>6} {'statements':>10} {'min ms':>7} {'median ms':>9} {'kB':>5}")
        for groups in (3, 30):
            code, cookie = await a_year(app.state.world.database, groups)
            for address in (f"/hubs/{code}/year", f"/hubs/{code}/year?hand=yes"):
                taken, statements, size = await measured(app, address, cookie, rounds)
                dates = groups * 6 * EVENTS
                shown = f"{min(taken):7.0f} {statistics.median(taken):9.0f} {size // 1024:5}"
                print(f"{groups:7} {dates:6} {statements:10} {shown} {'by hand' if 'hand' in address else ''}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as made, made.fresh() as owner:
        asyncio.run(run(owner, rounds))


if __name__ == "__main__":
    main()
