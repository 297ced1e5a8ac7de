"""Commands that run or look after the server."""

import asyncio
import os
import signal
import socket
from importlib import import_module
from typing import Annotated

import structlog
import typer
import uvicorn
from fastapi import FastAPI

from app.cli.run import Desk, at_desk, desk, say
from app.kit.errors import CallError
from app.kit.starting import starting
from app.settings import Settings, read_settings
from app.store import migrations

app = typer.Typer()
Port = Annotated[int | None, typer.Option(help="The port to listen on (PORT).")]


def quiet_logs(settings: Settings) -> None:
    """Structured lines on stderr; never an address, which can hold a token."""
    import logging
    import sys

    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def refuse_a_taken_port(host: str, port: int) -> None:
    """Raise CallError before anything is made or replaced, when another program listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            because = f"Port {port} on {host} cannot be used: {(taken.strerror or 'it is taken').lower()}."
            raise CallError(f"{because} Stop what uses it, or choose another port: PORT=9000 or --port 9000.") from None


def _config(settings: Settings, host: str, app: FastAPI | str, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        host=host,
        port=settings.port,
        log_level="warning",
        access_log=False,  # it prints feed tokens
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,  # from anybody else the header is a claim, and is not read
    )


def load_server() -> None:
    """Import the server's modules, which takes seconds: worth doing while a database starts."""
    with starting():
        import_module("app.main")


async def run_server(settings: Settings, here: Desk, host: str) -> None:
    """Serve until told to stop; requests under way are finished first."""
    from app.main import create_app

    server = uvicorn.Server(_config(settings, host, create_app(settings, here.addresses.app)))
    for name in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again when it has stopped; the database must then still be given back.
        signal.signal(name, lambda *_: None)
    await server.serve()


async def run_servers(settings: Settings, here: Desk, host: str, workers: int) -> None:
    """Serve from several processes that share one port; each does jobs too. One that dies is started again."""
    from uvicorn.supervisors import Multiprocess

    os.environ["HALFTERM_APP_ADDRESS"] = here.addresses.app
    os.environ["PORT"] = str(settings.port)
    config = _config(settings, host, "app.main:app_of_a_worker", workers)
    supervisor = Multiprocess(config, sockets=[config.bind_socket()])
    await asyncio.to_thread(supervisor.run)


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: Port = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the port.")] = 1,
) -> None:
    """Run the server and keep its data. Ctrl-C stops it and loses nothing."""
    settings = read_settings(**({"port": port} if port else {}))
    quiet_logs(settings)
    refuse_a_taken_port(host, settings.port)

    async def run() -> None:
        # While the database starts; several processes each load their own.
        loading = asyncio.create_task(asyncio.to_thread(load_server)) if workers == 1 else None
        async with desk(settings) as here:
            say(f"Halfterm on {settings.address} (data in {settings.data_dir}). Ctrl-C stops it.")
            if loading:
                await loading
                await run_server(settings, here, host)
            else:
                await run_servers(settings, here, host, workers)

    asyncio.run(run())


@app.command()
def worker() -> None:
    """Do the queue's jobs in a process of their own, on this machine or another."""
    from app.kit.clock import clock_from
    from app.worker import Workshop, make_queue, work

    settings = read_settings()
    quiet_logs(settings)

    async def run() -> None:
        async with desk(settings) as here:
            shop = Workshop(settings, here.database, clock_from(settings.now))
            working = asyncio.create_task(work(shop, make_queue(here.addresses.app)))
            loop = asyncio.get_running_loop()
            for name in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(name, working.cancel)
            try:
                await working
            except asyncio.CancelledError:
                say("The worker has stopped; unfinished jobs wait in the queue.")

    asyncio.run(run())


@app.command()
def migrate() -> None:
    """Bring the database's tables to what this version needs."""

    async def look(here: Desk) -> str | None:
        return migrations.current(here.addresses.owner)

    typer.echo(f"The database is at version {at_desk(look)}.")
