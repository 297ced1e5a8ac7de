"""`halfterm schedule problem|propose|accept`: the plan of a hub in the database."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor, operator
from app.actions.schedule import accept as accepting
from app.actions.schedule import propose as proposing
from app.cli import schedule
from app.cli.run import Desk, at_desk, say
from app.domain.schedule import facts
from app.kit.errors import BadInputError, NoPlanError, NotFoundError
from app.kit.periods import in_london
from app.pages.schedule.asking import done_in_words
from app.solver.schedule import Progress
from app.solver.schedule.apart import solved
from app.store import hubs
from app.store.schedule import proposals
from app.store.schedule.facts import read_year

app = schedule.app  # one command, `halfterm schedule`
Code = Annotated[str, typer.Option("--hub", help="The hub's code.")]
Year = Annotated[int, typer.Option(min=2000, max=2100, help="The year in which the academic year begins.")]


async def _lead(db: AsyncSession, here: Desk, code: str) -> Actor:
    hub = await hubs.find(db, code)
    if hub is None:
        raise NotFoundError(
            f"There is no hub with the code {code}. `halfterm hub create {code} --name NAME` makes one."
        )
    return operator(db, hub.id, code, here.now)


@app.command()
def problem(hub: Code, year: Year, out: Annotated[Path, typer.Option(help="Where the problem goes.")]) -> None:
    """Write the hub's year down as a scheduling problem, a plain file."""

    async def write(here: Desk) -> None:
        async with here.database.transaction() as db:
            actor = await _lead(db, here, hub)
            known = await read_year(db, actor.member.hub_id, year, in_london(here.now).date())
        text = json.dumps(facts.problem(known), ensure_ascii=False, separators=(",", ":"))
        await asyncio.to_thread(out.write_text, text, "utf-8")

    at_desk(write)


def _tell(seen: Progress) -> None:
    cost = "" if seen.cost is None else f", cost {seen.cost}, at least {seen.bound}"
    say(f"{seen.stage} ({seen.done} of {seen.of} stages done{cost})")


@app.command()
def propose(hub: Code, year: Year) -> None:
    """Solve the hub's year and keep the plan as a proposal; prints the proposal's id."""

    async def run(here: Desk) -> str:
        async with here.database.transaction() as db:
            actor = await _lead(db, here, hub)
            key = await proposing.propose(actor, year, in_background=False)
        hub_id = actor.member.hub_id
        async with here.database.transaction(hub_id) as db:
            asked = await proposing.begin(db, key)
        plan = await asyncio.to_thread(solved, asked or {}, _tell)
        async with here.database.transaction(hub_id) as db:
            await proposing.finish(db, key, plan, here.now)
        async with here.database.transaction(hub_id) as db:
            kept = await proposals.one(db, key)
        if kept is None or kept.status != "ready":
            raise NoPlanError(f"No plan exists. {' '.join(kept.because if kept else [])}")
        return str(key)

    typer.echo(at_desk(run))


@app.command()
def accept(proposal: Annotated[str, typer.Argument(help="The id that `schedule propose` printed.")]) -> None:
    """Write a proposal's dates into the calendar: all of them, or none."""
    try:
        key = uuid.UUID(proposal)
    except ValueError:
        because = f"{proposal} is not the id of a proposal: `halfterm schedule propose` prints one."
        raise BadInputError(because) from None

    async def run(here: Desk) -> dict[str, int]:
        async with here.database.transaction() as db:
            hub_id = await proposals.hub_of(db, key)
            if hub_id is None:
                raise NotFoundError(f"There is no proposal {proposal}.")
            hub = await hubs.one(db, hub_id)
            return await accepting.accept(operator(db, hub_id, hub.code, here.now), key)

    done = at_desk(run)
    typer.echo(f"The plan is in everybody's calendar: {done_in_words(done)}.")
