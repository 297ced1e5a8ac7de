"""The API keeps what its OpenAPI document says, whatever it is sent: tried by Schemathesis, the same calls each run."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from app.domain.access import Role
from app.main import create_app
from app.routers.api.describe import document
from app.routers.deps import World
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from tests.databases import Cluster, app_address
from tests.makers import NOW
from tests.worlds import Forgetful, a_world

SETTINGS = {
    "checks": {
        # A rule can refuse what a schema cannot describe: a school that is not in GIAS, a day at a weekend.
        "positive_data_acceptance": {"enabled": False},
        # A change that names no version is 428 before anything is read: stricter than "is the method there?".
        "use_after_free": {"enabled": False},
    },
    "phases": {"coverage": {"enabled": False}},
    "generation": {"deterministic": True, "allow-x00": True, "with-security-parameters": False},
}
schema = schemathesis.openapi.from_dict(
    document(create_app(read_settings(now=NOW), "postgresql://nowhere/none", with_worker=False)),
    config=SchemathesisConfig.from_dict(SETTINGS),
)


@dataclass
class Served:
    """A server that keeps nothing, with one coordinator's token and keys that exist."""

    address: str = ""
    token: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def etag(self, path: str) -> str:
        """The version of what is changed: a day's is its school's."""
        *_, word, _ = path.split("/")
        thing = path.rsplit("/", 2)[0] if word in {"closures", "away", "days"} else path
        if thing not in self.etags:
            answer = httpx.get(self.address + thing, headers=self.headers)
            self.etags[thing] = answer.headers.get("etag", '"none"')
        return self.etags[thing]


@pytest.fixture(scope="module")
def served(postgres: Cluster) -> Iterator[Served]:
    """The server in a thread of its own, on a free port."""
    with postgres.fresh() as owner:
        told, ready = Served(), threading.Event()
        server: list[uvicorn.Server] = []
        thread = threading.Thread(target=lambda: asyncio.run(_serve(app_address(owner), told, ready, server)))
        thread.start()
        assert ready.wait(30), "the server did not start"
        yield told
        server[0].should_exit = True
        thread.join(30)


async def _serve(address: str, told: Served, ready: threading.Event, server: list[uvicorn.Server]) -> None:
    first = Database(address, pool_size=1)
    async with first.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        told.token = await people.new_api_token(db, around.viewer.account_id, "tests", NOW)
    await first.close()
    app = create_app(read_settings(now=NOW), address, with_worker=False)
    world: World = app.state.world
    app.state.world = World(world.settings, Forgetful(address, pool_size=3), world.clock, world.extras)
    own = around.own
    told.keys = {
        "code": around.hub.code,
        "urn": own["schools"],
        "school_id": own["schools/{school_id}"],
        "year": own["years"],
        "day_id": own["days"],
        "away_id": own["away"],
        **{f"{word[:-1]}_id": key for word, key in own.items() if word.endswith("s") and "/" not in word},
        "person_id": own["people"],
        "event": own["events"],
    }
    told.keys["school_id"] = own["schools/{school_id}"]
    started = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    server.append(started)
    serving = asyncio.create_task(started.serve())
    while not started.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    told.address = f"http://127.0.0.1:{started.servers[0].sockets[0].getsockname()[1]}"
    ready.set()
    await serving
    await app.state.world.database.close()


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_call_keeps_its_word(case: schemathesis.Case, served: Served) -> None:
    made_well = case.meta is None or case.meta.generation.mode.is_positive
    if made_well:
        case.path_parameters = {name: served.keys[name] for name in case.path_parameters or {}}
        if case.method in {"PATCH", "PUT", "DELETE"}:
            case.headers["If-Match"] = served.etag(case.formatted_path)
    case.call_and_validate(base_url=served.address, headers=served.headers)
