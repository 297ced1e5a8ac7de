"""Starting and stopping is clean, and what was acknowledged is there after any end."""

import asyncio
import os
import random
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.actions.access import operator
from app.actions.schedule.propose import begin, finish, propose
from app.domain.access import Role
from app.models.meetings import Booking, Event
from app.models.schedule import Proposal
from app.settings import read_settings
from app.solver.schedule.apart import solved
from app.store import embedded, migrations, people
from app.store.database import Addresses, Database, addresses
from tests.makers import NOW, a_group, a_hub, a_person, a_programme, a_visit_series
from tests.system.servers import Server, postgres_runs

KILLS = int(os.environ.get("HALFTERM_TEST_KILLS", "2"))
pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def here(data_dir: Path) -> Iterator[Addresses]:
    """The folder's PostgreSQL, held open from this side too, with its tables made."""
    where = addresses(read_settings(data_dir=data_dir))
    migrations.migrate(where.owner)
    yield where
    where.leave()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_and_its_database(data_dir: Path, how: signal.Signals) -> None:
    server = Server(data_dir)
    server.start()
    assert postgres_runs(data_dir)
    assert server.stop(how) == 0, server.said()
    assert not postgres_runs(data_dir)
    assert "Traceback" not in server.said()


def test_several_processes_share_the_port_and_stop_together(data_dir: Path) -> None:
    server = Server(data_dir, command=("serve", "--workers", "2"))
    server.start()
    assert {httpx.get(f"{server.address}/readyz").status_code for _ in range(8)} == {200}
    assert server.stop() == 0, server.said()
    assert not postgres_runs(data_dir)


def test_after_a_kill_the_next_start_needs_no_help(data_dir: Path) -> None:
    server = Server(data_dir)
    server.start()
    server.stop(signal.SIGKILL)
    assert postgres_runs(data_dir)
    pid = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    server.start()
    server.stop(signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)  # the power cut: the database went too
    while postgres_runs(data_dir):
        time.sleep(0.05)
    server.start()
    assert server.stop() == 0
    assert not postgres_runs(data_dir), "the last to leave stops it, whoever was killed before"


async def _a_ready_plan(database: Database) -> tuple[uuid.UUID, str, uuid.UUID, str]:
    """(hub's id, its code, the proposal's id, a coordinator's API token)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        programme = await a_programme(db, hub)
        for number in range(5):
            team = await a_group(db, hub, schools=3, programme=programme, code=f"NCP26-{number}")
            await a_visit_series(db, team, (0, 2, 4))
        coordinator = await a_person(db, hub, Role.COORDINATOR)
        token = await people.new_api_token(db, coordinator.account_id, "tests", NOW)
        proposal = await propose(operator(db, hub.id, hub.code, NOW), 2026, in_background=False)
        problem = await begin(db, proposal)
    plan = await asyncio.to_thread(solved, problem or {})
    async with database.transaction(hub.id) as db:
        await finish(db, proposal, plan, NOW)
    return hub.id, hub.code, proposal, token


async def _state(database: Database, hub_id: uuid.UUID) -> tuple[str, dict[str, int], int]:
    """(the proposal's status, how many events of each status, how many bookings hold)."""
    async with database.transaction(hub_id) as db:
        status = (await db.execute(select(col(Proposal.status)))).scalar_one()
        counted = await db.execute(select(col(Event.status), func.count()).group_by(col(Event.status)))
        held = (await db.execute(select(func.count()).where(col(Booking.holds)))).scalar_one()
        return status, {row[0]: row[1] for row in counted}, held


def _accept(server: Server, code: str, proposal: uuid.UUID, token: str, seen: list[int]) -> None:
    try:
        answer = httpx.post(
            f"{server.address}/hubs/{code}/proposals/{proposal}/accept",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        seen.append(answer.status_code)
    except httpx.TransportError:
        pass  # killed before it could answer


def test_a_kill_in_the_middle_of_accept_leaves_the_whole_plan_or_nothing(data_dir: Path, here: Addresses) -> None:
    database = Database(here.app, pool_size=2)
    with asyncio.Runner() as runner:
        hub_id, code, proposal, token = runner.run(_a_ready_plan(database))
        before = runner.run(_state(database, hub_id))
        runner.run(database.close())
        embedded.replace_database(here.owner, "ready_plan", embedded.DATABASE)
        server = Server(data_dir)
        server.start()
        began = time.monotonic()
        _accept(server, code, proposal, token, answers := [])
        took = time.monotonic() - began
        assert answers == [303]
        after = runner.run(_state(database, hub_id))
        runner.run(database.close())
        assert after[0] == "accepted"
        assert after[1] == {"confirmed": sum(before[1].values())}
        outcomes: dict[str, int] = {"accepted": 0, "ready": 0}
        dice = random.Random(20261121)  # noqa: S311  moments, not secrets
        for _ in range(KILLS):
            server.stop(signal.SIGKILL)
            embedded.replace_database(here.owner, embedded.DATABASE, "ready_plan")
            server.start()
            asking = threading.Thread(target=_accept, args=(server, code, proposal, token, answers := []))
            asking.start()
            time.sleep(dice.random() * took * 1.5)
            server.stop(signal.SIGKILL)
            asking.join()
            server.start()
            found = runner.run(_state(database, hub_id))
            runner.run(database.close())
            assert found in (before, after)
            assert not answers or found == after, "what was acknowledged is there"
            outcomes[found[0]] += 1
    assert server.stop() == 0
    assert sum(outcomes.values()) == KILLS


def test_a_job_of_a_killed_server_is_taken_up_by_the_next(data_dir: Path, here: Addresses) -> None:
    async def wait_for(database: Database) -> None:
        async with database.transaction() as db:
            await people.ensure_account(db, "teacher@school.example", NOW)

    database = Database(here.app, pool_size=2)
    with asyncio.Runner() as runner:
        runner.run(wait_for(database))
        runner.run(database.close())
    server = Server(data_dir, settings={"HALFTERM_SMTP_URL": "smtp://127.0.0.1:9"})  # nobody answers there
    server.start()
    answer = httpx.post(f"{server.address}/sign-in", data={"email": "teacher@school.example"})
    assert answer.status_code == 200
    server.stop(signal.SIGKILL)
    again = Server(data_dir)
    again.start()
    try:
        end = time.monotonic() + 60
        while not list((data_dir / "outbox").glob("*.eml")):
            assert time.monotonic() < end, "the letter never left"
            time.sleep(0.2)
    finally:
        again.stop()


def test_a_taken_port_is_said_before_anything_happens(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = Server(data_dir, command=("demo",), port=taken.getsockname()[1])
        with pytest.raises(AssertionError, match="the server ended"):
            server.start()
    assert "choose another port" in server.said()
    assert not (data_dir / "demo").exists()
