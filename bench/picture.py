"""The picture of a 300-school hub with eight years of history: server time and statements, beside its list of schools.

The list of schools is the measure: what a machine does slowly it does slowly for both. python -m bench.picture [ROUNDS]
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.main import create_app
from app.models.hubs import Hub, HubYear, Programme
from app.models.stages import Barrier, Enrolment
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.databases import app_address, cluster
from tests.makers import HALF_TERMS, NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_programme, number

SCHOOLS, OF_GROUP, YEARS = 300, 7, 8
MOST = 500.0  # milliseconds of server time
KINDS = ("readiness", "development", "embedding", "sustaining")


async def a_history(database: Database) -> tuple[str, str]:
    """A hub with its schools' years: (its code, a lead's session cookie)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        lead = await a_person(db, hub, Role.HUB_LEAD)
        db.add_all(HubYear(hub_id=hub.id, year=year) for year in range(YEAR - YEARS + 1, YEAR))
        programmes = [await a_programme(db, hub, kind, name=kind.capitalize()) for kind in KINDS]
        for first in range(0, SCHOOLS, OF_GROUP):
            count = min(OF_GROUP, SCHOOLS - first)
            team = await a_group(db, hub, schools=count, programme=programmes[first % len(KINDS)])
            await _place(db, team, first)
            await _year(db, team)
            db.add_all(_enrolled(hub, team, programmes, first))
            db.add_all(_barriers(hub, team))
        await db.flush()
        return hub.code, await people.new_session(db, lead.account_id, NOW, "bench")


async def _place(db: AsyncSession, team: Team, first: int) -> None:
    """A Work Group's schools near each other, its leader at one of them."""
    for turn, school in enumerate(team.schools):
        school.easting, school.northing = 200_000 + first * 173 % 40_000 + turn * 900, 60_000 + first * 997 % 50_000
    team.leader.base_urn = team.schools[0].urn
    await db.flush()


async def _year(db: AsyncSession, team: Team) -> None:
    """Six meetings, and three visits to each school; what is over was held, but for one in five."""
    for k, (opens, _) in enumerate(HALF_TERMS):
        day = opens + timedelta(14)
        held = "held" if day < NOW.date() and number() % 5 else "confirmed"
        await a_meeting(db, team, day, slot_key=f"{team.group.id}/{k}", status=held)
        for turn, school in enumerate(team.schools if k % 2 == 0 else ()):
            alone = Team(team.group, team.leader, [school], [])
            over = "held" if day < NOW.date() and number() % 5 else "tentative"
            when = day + timedelta(1 + turn)
            await a_meeting(db, alone, when, kind="visit", slot_key=f"v{number()}/{k}", status=over)


def _enrolled(hub: Hub, team: Team, programmes: list[Programme], first: int) -> Iterator[Enrolment]:
    """Each school for up to eight years, some of them with a gap, and some that withdrew."""
    for turn, school in enumerate(team.schools):
        began = YEAR - (first + turn) % YEARS
        for year in range(began, YEAR + 1):
            if (school.urn + year) % 11 == 0 and year < YEAR:
                continue
            step = programmes[min(3, year - began)]
            gone = (school.urn + year) % 17 == 0
            state = "withdrawn" if gone else "active" if year == YEAR else "completed"
            row = Enrolment(hub_id=hub.id, urn=school.urn, programme_id=step.id, year=year, kind=step.kind, state=state)
            row.withdrawn_on = date(year, 11, 1) if gone else None
            row.group_id = team.group.id if year == YEAR else None
            yield row
            if gone or step.kind == "sustaining":
                break


def _barriers(hub: Hub, team: Team) -> Iterator[Barrier]:
    for turn, lever in enumerate(("schedules", "marking", "timelines")):
        weight, due = ("high", "medium", "low")[turn], date(2026, 11, 10 + turn * 9)
        yield Barrier(
            hub_id=hub.id,
            urn=team.schools[turn].urn,
            lever=lever,
            what="No cover.",
            weight=weight,
            owner="Head",
            due=due,
            made_at=NOW,
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of the quickest round and of the middle one, those of the program alone, statements, bytes."""

    least: float
    middle: float
    program: float
    statements: int
    size: int


async def measured(app: FastAPI, address: str, cookie: str, rounds: int) -> Measured:
    """A page, asked for several times by somebody who is signed in."""
    counted: list[str] = []

    def count(*said: object) -> None:
        counted.append(str(said[2]))

    engine = app.state.world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    taken, own = [], []
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        client.cookies.set("halfterm", cookie)
        for _ in range(rounds + 2):
            counted.clear()
            began, worked = time.perf_counter(), time.process_time()
            answer = await client.get(address)
            taken.append((time.perf_counter() - began) * 1000)
            own.append((time.process_time() - worked) * 1000)
            assert answer.status_code == 200, answer.text[:500]
    event.remove(engine, "before_cursor_execute", count)
    middle = statistics.median(taken[2:])
    return Measured(min(taken[2:]), middle, min(own[2:]), len(counted), len(answer.content))


async def run(owner: str, rounds: int) -> float:
    """Prints a line for each page; returns the picture's quickest round in ms: what else a machine does only adds."""
    app = create_app(read_settings(mode="test", now=NOW), app_address(owner), with_worker=False)
    async with app.router.lifespan_context(app):
        code, cookie = await a_history(app.state.world.database)
        heads = f"{'min ms':>7} {'median ms':>9} {'program ms':>10} {'kB':>5} {'of schools':>10}"
        print(f"{'page':>9} {'statements':>10} {heads}")
        baseline = found = 0.0
        for page in ("/schools", "/picture", "", "/picture/map/chart.svg"):
            one = await measured(app, f"/hubs/{code}{page}", cookie, rounds)
            baseline = baseline or one.program
            found = one.least if page == "/picture" else found
            shown = f"{one.least:7.0f} {one.middle:9.0f} {one.program:10.0f} {one.size // 1024:5}"
            print(f"{page[-9:] or 'home':>9} {one.statements:10} {shown} {one.program / baseline:9.1f}x")
        return found


def main() -> None:
    """Fails where the picture takes longer than it may."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as made, made.fresh() as owner:
        found = asyncio.run(run(owner, rounds))
    if found > MOST:
        raise SystemExit(f"The picture took {found:.0f} ms, more than {MOST:.0f}.")


if __name__ == "__main__":
    main()
