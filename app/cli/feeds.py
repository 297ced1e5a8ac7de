"""Commands about calendar feeds."""

import typer

from app.cli.run import Desk, at_desk

app = typer.Typer(help="Calendar feeds.", no_args_is_help=True)


@app.callback()
def feeds() -> None:
    """Calendar feeds."""


@app.command()
def url(email: str) -> None:
    """Print a new address of this person's calendar feed; addresses printed before go on working."""
    from app.actions.feeds.subscribing import address_from_command_line

    async def make(here: Desk) -> str:
        async with here.database.transaction() as db:
            token = await address_from_command_line(db, email, here.now)
        return f"{here.settings.address}/feeds/{token}.ics"

    typer.echo(at_desk(make))
