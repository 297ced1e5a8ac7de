"""What every test stands on: test mode, no setting of the person's own, no haste of the machine."""

import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import HealthCheck, settings

from app.kit.clock import clock_from
from app.main import create_app
from app.routers.deps import World
from app.settings import read_settings
from app.store import database as app_database
from app.store.database import Database
from tests.databases import Cluster, Shelf, app_address, cluster
from tests.makers import NOW

KEPT = {"HALFTERM_REQUIRE_BROWSER", "HALFTERM_REQUIRE_OFFICE", "HALFTERM_TEST_KILLS"}

for name in [name for name in os.environ if name.startswith("HALFTERM_") and name not in KEPT]:
    del os.environ[name]  # a developer's own server must never be what the tests write to
os.environ.pop("PORT", None)
os.environ["HALFTERM_MODE"] = "test"
os.environ["HALFTERM_DATA_DIR"] = tempfile.mkdtemp(prefix="halfterm-test-")
atexit.register(shutil.rmtree, os.environ["HALFTERM_DATA_DIR"], ignore_errors=True)

app_database.create_async_engine = Shelf()  # type: ignore[assignment]
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])

settings.register_profile(
    "halfterm",
    deadline=None,  # two cores under two test workers: a slow example is no fault
    database=None,  # nothing is left in the folder; a failing example is printed to be kept as a test
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("halfterm")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come first, whatever the order: the one demo hub of one worker. Then what is long."""
    items.sort(key=lambda item: ("browser" not in item.path.parts, item.get_closest_marker("slow") is None))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The run's own PostgreSQL."""
    with cluster(Path(tempfile.mkdtemp(prefix="halfterm-pg-", dir=os.environ["HALFTERM_DATA_DIR"]))) as made:
        yield made


@pytest.fixture
def owner(postgres: Cluster) -> Iterator[str]:
    """The address, as its owner, of a migrated database of this test's own."""
    with postgres.fresh() as address:
        yield address


@pytest.fixture
def empty_owner(postgres: Cluster) -> Iterator[str]:
    """The same before any migration."""
    with postgres.fresh(empty=True) as address:
        yield address


@pytest.fixture
async def database(owner: str) -> AsyncIterator[Database]:
    """The test's database as the app sees it: through the wall."""
    made = Database(app_address(owner), pool_size=3)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def put_together() -> FastAPI:
    """The server, put together once: hundreds of routes take a quarter of a second each time."""
    return create_app(read_settings(now=NOW), "postgresql://nowhere/none", with_worker=False)


@pytest.fixture
async def app(put_together: FastAPI, owner: str) -> AsyncIterator[FastAPI]:
    """The whole server over the test's database, its clock at makers.NOW, without a worker."""
    settings = read_settings(now=NOW)
    put_together.state.world = World(settings, Database(app_address(owner)), clock_from(settings.now), {})
    yield put_together
    await put_together.state.world.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a session; makers.sign_in gives it one."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as made:
        yield made
