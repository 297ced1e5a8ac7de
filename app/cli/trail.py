"""Commands about the trail: whether every hub's chain of entries is whole."""

from typing import Annotated

import typer

from app.cli.run import Desk, at_desk, say

app = typer.Typer(no_args_is_help=True, help="What was done, when and by whom.")


@app.callback()
def about() -> None:
    """Keep `verify` a command of its own."""


@app.command()
def verify(hub: Annotated[str, typer.Option(help="Only the hub with this code.")] = "") -> None:
    """Walk the chain of each hub's trail: whole, or which entry is the first that does not fit (exit status 1)."""
    from app.pages import trail

    async def walk(here: Desk) -> bool:
        whole, is_found = True, False
        async for code, checked in trail.check_hubs(here.database, hub):
            if checked.whole:
                typer.echo(f"{code}: {trail.in_words(checked)} {checked.hash}".rstrip())
            else:
                say(f"{code}: {checked.fault} {trail.in_words(checked)}")
            whole, is_found = whole and checked.whole, True
        if not is_found:
            typer.echo("No hub is here yet.")
        return whole

    if not at_desk(walk):
        raise typer.Exit(1)
