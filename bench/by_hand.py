"""One date taken in hand in a 30-group hub: the answer with all its days, beside the same with three groups.

python -m bench.by_hand [ROUNDS]. Processor milliseconds of the server's own work, its database's left out.
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
from tests.makers import HALF_TERMS, NOW, a_group, a_hub, a_meeting, a_person, a_programme

SCHOOLS = 6


async def a_year(database: Database, groups: int) -> tuple[str, str]:
    """A hub with this many Work Groups that meet once a half term: (the address of a date, a lead's session cookie)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        lead = await a_person(db, hub, Role.HUB_LEAD)
        programme = await a_programme(db, hub)
        for n in range(groups):
            team = await a_group(db, hub, schools=SCHOOLS, programme=programme)
            meetings = [
                await a_meeting(db, team, first + timedelta(7 + n % 14), urn=team.schools[k].urn)
                for k, (first, _) in enumerate(HALF_TERMS)
            ]
        cookie = await people.new_session(db, lead.account_id, NOW, "bench")
        return f"/hubs/{hub.code}/events/{meetings[2].id}/move", cookie


async def measured(app: FastAPI, address: str, cookie: str, rounds: int) -> tuple[list[float], int, int]:
    """(processor milliseconds of each round, statements of one, days)."""
    counted: list[str] = []
    engine = app.state.world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    taken = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://127.0.0.1",
        cookies={"halfterm": cookie},
        headers={"Accept": "application/json"},
    ) as client:
        for _ in range(rounds + 2):
            counted.clear()
            began = time.process_time()
            answer = await client.get(address)
            taken.append((time.process_time() - began) * 1000)
            assert answer.status_code == 200, answer.text
    return taken[2:], len(counted), len(answer.json()["days"])


async def run(owner: str, rounds: int) -> None:
    app = create_app(read_settings(mode="test", now=NOW), app_address(owner), with_worker=False)
    async with app.router.lifespan_context(app):  # as a server that has started
        print(f"{'groups':>7} {'dates':>6} {'statements':>10} {'days':>5} {'min ms':>7} {'median ms':>9}")
        for groups in (3, 30):
            address, cookie = await a_year(app.state.world.database, groups)
            taken, statements, days = await measured(app, address, cookie, rounds)
            shown = f"{min(taken):7.0f} {statistics.median(taken):9.0f}"
            print(f"{groups:7} {groups * 6:6} {statements:10} {days:5} {shown}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as made, made.fresh() as owner:
        asyncio.run(run(owner, rounds))


if __name__ == "__main__":
    main()
