"""A server that keeps nothing, for walks over every route."""

import pytest
from fastapi import FastAPI

from app.routers.deps import World
from app.store.database import Database
from tests.worlds import Forgetful


@pytest.fixture
async def still(app: FastAPI, database: Database) -> FastAPI:
    """The server, keeping nothing: each call finds the same world, whatever the calls before it did."""
    world: World = app.state.world
    kept = Forgetful(database.address, pool_size=3)
    await world.database.close()
    app.state.world = World(world.settings, kept, world.clock, world.extras)
    return app
