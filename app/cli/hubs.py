"""Commands about hubs: made here, changed in the browser."""

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
