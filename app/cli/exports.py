"""`halfterm export`: what a hub sends on, as files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Annotated

import typer

from app.cli.run import Desk, at_desk, say
from app.kit.errors import CallError, NotFoundError
from app.kit.periods import Span, academic_year, spoken_year

if TYPE_CHECKING:
    from app.domain.funding.selection import Totals

app = typer.Typer(no_args_is_help=True, help="Files of what a hub sends on.")


class Format(StrEnum):
    """How the file is written."""

    xlsx = "xlsx"
    csv = "csv"
    json = "json"


@app.callback()
def export() -> None:
    """Files of what a hub sends on."""


@app.command()
def funding(
    hub: Annotated[str, typer.Option(help="The hub's code.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, as 2026-09-01.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")],
    out: Annotated[Path, typer.Option(help="The file to write; one that is there is replaced.")],
    form: Annotated[Format, typer.Option("--format", help="How the file is written.")] = Format.xlsx,
) -> None:
    """Write the lines of the ledger from a day to a day, after bringing the open statements up to date."""
    from app.domain.funding.pence import pounds

    span = Span(first.date(), last.date())
    _check(span)

    async def write(here: Desk) -> "Totals":
        return await _write(here, hub, span, (form.value, out))

    every = at_desk(write).every
    typer.echo(f"{every.lines:,} {'line' if every.lines == 1 else 'lines'}, {pounds(every.pence)}, are in {out}.")


def _check(span: Span) -> None:
    if span.last < span.first:
        raise CallError(f"--to {span.last} is before --from {span.first}: enter a later last day.")
    if (span.last - span.first).days > 3660:
        raise CallError("The days span more than ten years: narrow them.")


async def _write(here: Desk, code: str, span: Span, to: tuple[str, Path]) -> "Totals":
    """Renew the years up to today, then write the whole file beside its place and give it its name."""
    from app.actions.funding import exporting, renewing
    from app.store.hubs import details

    form, out = to
    async with here.database.transaction() as db:
        hub = await details.find(db, code)
        if hub is None:
            raise NotFoundError(f"No hub here has the code {code}.")
        asked = range(academic_year(span.first), academic_year(span.last) + 1)
        for year in sorted(one.year for one in await details.years(db, hub.id) if one.year in asked):
            done = await renewing.renew(db, hub.id, year, here.now)
            say(f"{code}, {spoken_year(year)}: {done.says}")
        say(f"{code}: writing {out}.")
        with _whole(out) as held:
            totals = await exporting.export(db, exporting.Asked(hub.id, span, form), held, here.now)
    return totals


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """A file beside its place, which takes it once all is written."""
    with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as held:
        part = Path(held.name)
        try:
            yield held
        except BaseException:
            part.unlink()
            raise
    part.chmod(0o666 & ~_umask())
    part.replace(out)


def _umask() -> int:
    """The mask of this process; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
