"""Commands about hubs: made here, changed in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.run import Desk, at_desk

app = typer.Typer()
hub = typer.Typer(no_args_is_help=True, help="Make a hub; take it out whole, and in again.")
app.add_typer(hub, name="hub")


@hub.command()
def create(
    code: Annotated[str, typer.Argument(help="Short, as in addresses and files: SW.")],
    name: Annotated[str, typer.Option(help="The hub's name.")],
    lead: Annotated[str, typer.Option(help="E-mail address of its Maths Hub Lead, who can then sign in.")] = "",
    lead_name: Annotated[str, typer.Option(help="The lead's name.")] = "Maths Hub Lead",
) -> None:
    """Make a hub with its current academic year, default programmes and test week."""
    from app.actions import hubs

    async def make(here: Desk) -> None:
        async with here.database.transaction() as db:
            founder = hubs.Founder(lead, lead_name) if lead else None
            await hubs.create_hub(db, code, name, here.now, founder)

    at_desk(make)
    typer.echo(f"{name} ({code}) is made.")
    if not lead:
        typer.echo("Nobody can sign in to it yet: --lead EMAIL gives it a lead.", err=True)


@hub.command("export")
def take_out(code: str, file: Annotated[Path, typer.Argument(help="The ZIP file to write.")]) -> None:
    """Write everything of a hub to a ZIP file: rows of every table as lines of JSON."""
    from app.actions import hubs

    async def write(here: Desk) -> int:
        async with here.database.transaction() as db:
            return await hubs.export_hub(db, code, file, here.now)

    typer.echo(f"{at_desk(write):,} rows of {code} are in {file}.")


@hub.command("import")
def bring_in(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Bring a hub in from a ZIP file that another installation wrote: all of it or nothing."""
    from app.actions import hubs

    async def read(here: Desk) -> tuple[str, int]:
        async with here.database.transaction() as db:
            return await hubs.import_hub(db, file, here.now)

    code, rows = at_desk(read)
    typer.echo(f"The hub {code} is here, with {rows:,} rows. People sign in anew; their calendar addresses go on.")
