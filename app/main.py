"""Puts the server together."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.routing import Route

from app import worker
from app.kit.clock import clock_from
from app.kit.errors import BadInputError, Fault, ForbiddenError, HalftermError, NotFoundError
from app.routers import (
    api,
    feeds,
    funding,
    home,
    hubs,
    imports,
    mail,
    meetings,
    notes,
    people,
    schedule,
    schools,
    sign_in,
    stages,
    watch,
)
from app.routers.answer import refuse
from app.routers.api.faults import unreadable
from app.routers.deps import World
from app.routers.shield import Shield
from app.settings import Settings, read_settings
from app.store.database import Database

STATIC = Path(__file__).resolve().parents[1] / "static"
ROUTERS = (
    home.router,
    *sign_in.ROUTERS,
    watch.router,
    *notes.ROUTERS,  # devices ask often, and routes are tried in this order
    *api.ROUTERS,
    *feeds.ROUTERS,
    *people.ROUTERS,
    *stages.ROUTERS,
    *funding.ROUTERS,
    *schedule.ROUTERS,
    *meetings.ROUTERS,
    schools.router,
    *hubs.ROUTERS,
    *mail.ROUTERS,
    imports.router,
)
BROKEN = "What was sent is broken off, or nested too deeply to be read."
log = structlog.get_logger()


def create_app(settings: Settings, address: str, *, with_worker: bool = True) -> FastAPI:
    """The server over the database at this (walled) address."""
    database = Database(address)
    clock = clock_from(settings.now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        _settle()
        queue = worker.make_queue(address)
        working = None
        if with_worker:
            working = asyncio.create_task(worker.work(worker.Workshop(settings, database, clock), queue))
        try:
            yield
        finally:
            if working:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working
            await database.close()

    quiet = TelemetryConfig(tracing=False, metrics=False, logs=False)  # it would carry addresses, and so tokens
    app = FastAPI(title="Halfterm", version="1", lifespan=lifespan, openapi_url=None, telemetry=quiet)
    app.state.world = World(settings, database, clock, {})
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # including routers would build each route anew, and match it twice
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _answer_errors(app)
    limit = settings.upload_limit_mb * 1024 * 1024
    app.add_middleware(Shield, secure=settings.secure, limit=limit, broken=_unforeseen)
    app.add_middleware(feeds.FeedDoor)  # the outermost: calendars ask most often
    return app


def _settle() -> None:
    """The program's own objects never go, and a page's all go at once: looking through them costs a fifth of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(HalftermError)
    async def ours(request: Request, error: HalftermError) -> Response:
        return refuse(request, error)

    @app.exception_handler(HTTPException)
    async def starlettes(request: Request, error: HTTPException) -> Response:
        found: HalftermError = NotFoundError()
        if error.status_code == 405:
            found = MethodError("This address does not take that kind of request.")
        elif error.status_code == 400:
            found = BadInputError(BROKEN, (Fault("", BROKEN),))
        elif error.status_code not in {404, 405}:
            found = BadInputError(str(error.detail))
        response = refuse(request, found)
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        if error.status_code == 405:
            response.headers["Allow"] = _methods(request)
        return response

    @app.exception_handler(RequestValidationError)
    async def unread(request: Request, error: RequestValidationError) -> Response:
        return refuse(request, unreadable(request, error))


def _methods(request: Request) -> str:
    """Every method that this address takes, not only those of the first route that it matches."""
    routes = [route for route in request.app.routes if isinstance(route, Route) and route.methods]
    here = [route for route in routes if route.path_regex.match(request.url.path)]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))


async def _unforeseen(request: Request, error: Exception) -> Response:
    # The route, never the address: addresses can hold tokens.
    route = getattr(request.scope.get("route"), "path", "?")
    log.error("unforeseen", route=route, exc_info=error)
    return refuse(request, HalftermError("Nothing was changed. Try again; if it stays so, tell your hub."))


class MethodError(ForbiddenError):
    """An address that exists, asked in a way it does not answer."""

    status = 405
    title = "This cannot be done here"


def app_of_a_worker() -> FastAPI:
    """The server in one of several processes; the first process has told where the database is."""
    return create_app(read_settings(), os.environ["HALFTERM_APP_ADDRESS"])
