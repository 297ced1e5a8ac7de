"""Commands about how long records are kept."""

from typing import Annotated

import typer

from app.cli.run import Desk, at_desk
from app.kit.errors import BadInputError

app = typer.Typer(no_args_is_help=True, help="How long records are kept, and what goes next.")


@app.callback()
def about() -> None:
    """Keep `preview` a command of its own."""


@app.command()
def preview(hub: Annotated[str, typer.Option(help="The hub's code.")]) -> None:
    """Say what the next monthly run would let go of, by kind and academic year; nothing is changed."""
    from app.pages.people import retention

    async def look(here: Desk) -> list[str]:
        lines = await retention.preview(here.database, hub, here.now)
        if lines is None:
            raise BadInputError(f"No hub has the code {hub}. Check it, or leave a blank out.")
        return lines

    for line in at_desk(look):
        typer.echo(line)
