"""`halfterm doctor`: what is configured, what answers, what is wrong."""

import asyncio
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psycopg
import typer

from app.cli.run import desk
from app.settings import Mode, Settings, read_settings
from app.store import watch
from app.store.mail import inbox

app = typer.Typer()
LEAST_FREE = 1024**3
STATIC = Path(__file__).resolve().parents[2] / "static"


Verdict = Literal["fine", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: `wrong` needs somebody, `note` is worth knowing."""

    about: str
    says: str
    is_: Verdict = "fine"


@app.command()
def doctor() -> None:
    """Print what is configured, what answers and what is wrong; exit status 1 when something is."""
    settings = read_settings()
    found = [*configured(settings), *asyncio.run(answering(settings))]
    marks = {"fine": " ok  ", "note": " --  ", "wrong": "WRONG"}
    for one in found:
        typer.echo(f"{marks[one.is_]}  {one.about}: {one.says}")
    raise typer.Exit(1 if any(one.is_ == "wrong" for one in found) else 0)


def configured(settings: Settings) -> Iterator[Finding]:
    """What the settings say, secrets left out."""
    yield Finding("mode", settings.mode.value, "fine" if settings.mode is Mode.PRODUCTION else "note")
    local = urlsplit(settings.address).hostname in {"127.0.0.1", "localhost"}
    if settings.secure:
        yield Finding("address", settings.address)
    elif local:
        yield Finding("address", f"{settings.address}, reachable from this machine only", "note")
    else:
        yield Finding("address", f"{settings.address} is not HTTPS: sign-ins can be read on the way", "wrong")
    yield _folder(settings.data_dir)
    many = bool(settings.database_url) and not settings.secret_key
    key = "each machine makes its own: set HALFTERM_SECRET_KEY when there are several" if many else "is set or is made"
    yield Finding("secret key", key, "note" if many else "fine")
    built = (STATIC / "manifest.json").exists()
    because = "built" if built else "not built: pages are plain; `make assets` builds them"
    yield Finding("styles and scripts", because, "fine" if built else "note")
    yield _mail(settings)
    yield from _incoming(settings)


def _fine(is_fine: bool) -> Verdict:
    return "fine" if is_fine else "wrong"


def _folder(path: Path) -> Finding:
    path.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(path).free
    says = f"{path} with {free / 1024**3:,.1f} GB free"
    return Finding("data folder", says, _fine(free > LEAST_FREE))


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding("mail", f"no server set: messages are files in {settings.data_dir / 'outbox'}", "note")
    url = urlsplit(settings.smtp_url)
    where = (url.hostname or "127.0.0.1", url.port or (465 if url.scheme == "smtps" else 25))
    try:
        with closing(socket.create_connection(where, timeout=5)):
            return Finding("mail", f"{where[0]}:{where[1]} answers")
    except OSError as problem:
        because = problem.strerror or str(problem)
        return Finding("mail", f"{where[0]}:{where[1]} does not answer ({because}): check HALFTERM_SMTP_URL", "wrong")


def _incoming(settings: Settings) -> Iterator[Finding]:
    """Where answers by mail come in, and whether some belong to no hub."""
    if not settings.imap_url:
        where = settings.data_dir / "inbox"
        yield Finding("answers by mail", f"no mailbox set: `halfterm mail read` takes *.eml in {where}", "note")
    else:
        url = urlsplit(settings.imap_url)
        yield Finding("answers by mail", f"read from {url.hostname} every five minutes")
    strays = len(list(inbox.unsorted(settings.data_dir).glob("*.eml")))
    if strays:
        says = f"{strays} belong to no hub and lie in {inbox.unsorted(settings.data_dir)}: read and delete them"
        yield Finding("mail of no hub", says, "note")


async def answering(settings: Settings) -> list[Finding]:
    """What the database and the queue say."""
    named = "the one named" if settings.database_url else "embedded"
    try:
        async with desk(settings) as here:
            seen = await asyncio.to_thread(watch.look, here.addresses.owner, here.addresses.app)
    except (psycopg.Error, OSError) as problem:
        return [Finding("database", f"{named} does not answer: {str(problem).splitlines()[0]}", "wrong")]
    wall = "the app's role is held by it" if seen.walled else "the app's role can pass it: hubs see each other"
    return [
        Finding("database", f"{named}, PostgreSQL {seen.postgres}, {seen.size / 1024**2:,.0f} MB, hubs: {seen.hubs}"),
        Finding(
            "tables", f"version {seen.version} of {seen.newest}", "fine" if seen.version == seen.newest else "wrong"
        ),
        Finding("wall", wall, _fine(seen.walled)),
        Finding("jobs", f"{seen.waiting} waiting, {seen.failed} failed", "note" if seen.failed else "fine"),
    ]
