"""`halfterm demo`: a fictional hub in the middle of its year, on this machine."""

import asyncio
import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.actions import demo as making
from app.actions.sign_in import demo_link
from app.cli.run import Desk, desk, say
from app.cli.serve import Port, load_server, quiet_logs, refuse_a_taken_port, run_server
from app.domain.demo import HUB_CODE
from app.kit.clock import clock_from
from app.pages import demo as demo_pages
from app.settings import Mode, Settings, read_settings
from app.store import embedded, hubs, migrations
from app.store.database import Addresses, Database

app = typer.Typer()
KEPT = "demo_kept"  # a copy of the finished demo, so that the next one starts at once
SOURCES = (
    "domain/demo",
    "domain/notes",
    "actions/demo",
    "actions/notes",
    "actions/meetings/answering.py",
    "domain/mail",
    "domain/meetings",
    "store/mail",
    "store/meetings",
    "domain/schedule",
    "solver",
    "models",
    "domain/stages",
    "store/stages",
    "domain/funding",
    "store/funding",
    "actions/funding",
    "store/demo.py",
    "render/feeds.py",
)


@app.command()
def demo(
    port: Port = None,
    keep: Annotated[bool, typer.Option(help="Go on with the last demo's data.")] = False,
) -> None:
    """Run a fresh demo hub: made-up schools and people, a planned year, a click to sign in as anyone."""
    settings = _settings(port)
    quiet_logs(settings)
    refuse_a_taken_port("127.0.0.1", settings.port)  # before a running demo loses its data to this one
    prepare = partial(_prepare, settings, None if keep else _note(settings))

    async def run() -> None:
        loading = asyncio.create_task(asyncio.to_thread(load_server))  # while the database starts and is copied
        async with desk(settings, prepare) as here:
            await loading
            await _welcome(here)
            await run_server(settings, here, "127.0.0.1")

    asyncio.run(run())


def _settings(port: int | None) -> Settings:
    """Demo mode in a folder of its own; outside term the clock starts in January, when there is most to see."""
    given = read_settings(mode=Mode.DEMO, **({"port": port} if port else {}))
    now = given.now or datetime.now(UTC)
    if given.now is None and not (now.month >= 10 or now.month <= 6):
        year = now.year if now.month == 9 else now.year - 1
        given.now = datetime(year + 1, 1, 20, 9, 30, tzinfo=UTC)
    given.data_dir = given.data_dir / "demo"
    return given


def _prepare(settings: Settings, note: str | None, where: Addresses) -> None:
    """The demo as it stands today, copied from what was kept or made and kept; without a note the last goes on."""
    if settings.database_url:
        asyncio.run(_make(settings, where, only_if_missing=True))
    elif note or not embedded.note_on(where.owner, embedded.DATABASE):
        _renew(settings, where, note or _note(settings))


def _renew(settings: Settings, where: Addresses, note: str) -> None:
    if embedded.note_on(where.owner, KEPT) != note:
        say("Making the demo hub and planning its year; this takes some seconds, once a day.")
        embedded.replace_database(where.owner, embedded.DATABASE)
        asyncio.run(_make(settings, where))
        embedded.replace_database(where.owner, KEPT, embedded.DATABASE, note)
    embedded.replace_database(where.owner, embedded.DATABASE, KEPT, note)


def _note(settings: Settings) -> str:
    """What the kept copy depends on: the day, the tables and the program that makes it."""
    now = clock_from(settings.now)()
    made = hashlib.sha256(f"{now:%Y-%m-%d} {migrations.newest()}".encode())
    root = Path(__file__).resolve().parents[1]
    for source in SOURCES:
        place = root / source
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            made.update(file.read_bytes())
    return made.hexdigest()


async def _make(settings: Settings, where: Addresses, *, only_if_missing: bool = False) -> None:
    migrations.migrate(where.owner)
    database = Database(where.app, pool_size=2)
    try:
        async with database.transaction() as db:
            there = await hubs.find(db, HUB_CODE)
        if not (there and only_if_missing):
            await making.make_demo(database, clock_from(settings.now)())
    finally:
        await database.close()


async def _welcome(here: Desk) -> None:
    address = here.settings.address
    say(f"\nThe demo hub is on {address} - choose who to be: {address}/demo\nOr open one of these, each works once:")
    async with here.database.transaction() as db:
        people = (await demo_pages.people(db)).people
    seen: set[str] = set()
    async with here.database.transaction() as db:
        for person in people:
            if person.role not in seen:
                seen.add(person.role)
                link = await demo_link(db, person.id, here.now, address)
                say(f"  {person.role:26} {link}")
    say("\nCtrl-C stops everything.")
