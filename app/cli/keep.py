"""Commands that keep data safe: backup and restore; keys for other programs, and of people."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.run import Desk, at_desk
from app.kit.clock import clock_from
from app.kit.errors import NotFoundError
from app.kit.periods import spoken
from app.settings import read_settings
from app.store.database import addresses

app = typer.Typer()
token = typer.Typer(no_args_is_help=True, help="Keys for a hub's own programs.")
app.add_typer(token, name="token")
passkeys = typer.Typer(no_args_is_help=True, help="Passkeys of people whose devices are lost.")
app.add_typer(passkeys, name="passkeys")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where; an older file of this name is replaced.")],
) -> None:
    """Write everything to one file, while the server may be running. Keep it where nobody else can read it."""
    from app.store.backup import back_up

    async def write(here: Desk) -> None:
        await asyncio.to_thread(back_up, here.settings, here.addresses.owner, file, here.now)

    at_desk(write)
    typer.echo(f"Everything is in {file} ({file.stat().st_size / 1024**2:,.1f} MB).")


@app.command()
def restore(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Fill an empty data folder (or database) from a backup."""
    from datetime import datetime

    from app.store.backup import bring_back

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    where = addresses(settings)
    try:
        made = bring_back(settings, where.owner, file)
    finally:
        where.leave()
    typer.echo(f"Everything is back as it was on {spoken(datetime.fromisoformat(made))}.")


@token.command("create")
def create_token(email: str, name: Annotated[str, typer.Option(help="What the key is for.")] = "command line") -> None:
    """Make an API key for the person with this address and print it, once."""
    from app.actions import sign_in

    async def make(here: Desk) -> str:
        async with here.database.transaction() as db:
            made = await sign_in.make_token(db, email, name, clock_from(here.settings.now)())
        if made is None:
            raise NotFoundError(f"Nobody has the address {email}. Add the person to a hub first.")
        return made

    typer.echo(at_desk(make))


@passkeys.command("forget")
def forget_passkeys(email: str) -> None:
    """Remove all passkeys of the person with this address, whose devices are lost, and sign them out everywhere."""
    from app.actions import sign_in

    async def forget(here: Desk) -> int:
        async with here.database.transaction() as db:
            gone = await sign_in.forget_passkeys(db, email, clock_from(here.settings.now)())
        if gone is None:
            raise NotFoundError(f"Nobody has the address {email}. Look how it is written in the list of people.")
        return gone

    count = at_desk(forget)
    typer.echo(f"{count} removed, and {email} is signed out everywhere. A link by e-mail lets them in to make another.")
