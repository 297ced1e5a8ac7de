"""`halfterm import`: files of the Department and of a hub into the database, all or nothing."""

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor, operator
from app.actions.imports.outcome import File, How, Outcome
from app.cli.run import WRONG_INPUT, Desk, at_desk, say
from app.kit.errors import CallError, NotFoundError
from app.store import hubs

app = typer.Typer(no_args_is_help=True, help="Take in files: schools, school links, term dates, participants.")

Source = Annotated[Path, typer.Argument(help="A CSV or XLSX file; for term dates also ICS.", metavar="FILE")]
Hub = Annotated[str, typer.Option("--hub", help="The hub's code.", metavar="CODE")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Skip = Annotated[bool, typer.Option("--skip-rejected", help="Take the good rows even where others are refused.")]
SHOWN = 20
LINES_EVERY = 5_000

Work = Callable[[AsyncSession, Desk, File, How], Awaitable[Outcome]]


@app.command("schools")
def schools(
    file: Source,
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    la: Annotated[
        list[str] | None, typer.Option("--la", help="Only schools of this authority.", metavar="CODE")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    skip_rejected: Skip = False,
) -> None:
    """Schools from a GIAS extract (edubasealldata), by heading; heads' names are never read."""
    from app.actions.imports.schools import import_schools

    authorities = _authorities(la or [], more or [])

    async def work(db: AsyncSession, _here: Desk, source: File, how: How) -> Outcome:
        return await import_schools(db, source, how, authorities)

    _run(file, How(dry_run, skip_rejected), work, as_json=as_json)


@app.command("school-links")
def school_links(file: Source, dry_run: DryRun = False, as_json: AsJson = False, skip_rejected: Skip = False) -> None:
    """Which school continues which, from the GIAS links file."""
    from app.actions.imports.schools import import_school_links

    async def work(db: AsyncSession, _here: Desk, source: File, how: How) -> Outcome:
        return await import_school_links(db, source, how)

    _run(file, How(dry_run, skip_rejected), work, as_json=as_json)


@app.command("calendars")
def calendars(
    file: Source,
    hub: Hub,
    name: Annotated[str, typer.Option(help="What to call the calendar of an ICS file.")] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
    skip_rejected: Skip = False,
) -> None:
    """Term dates of a hub's schools."""
    from app.actions.imports.calendars import import_calendars

    async def work(db: AsyncSession, here: Desk, source: File, how: How) -> Outcome:
        return await import_calendars(await _actor(db, here, hub), source, how, name)

    _run(file, How(dry_run, skip_rejected), work, as_json=as_json)


@app.command("participants")
def participants(
    file: Source,
    hub: Hub,
    year: Annotated[int, typer.Option(min=2000, max=2100, help="The year in which the academic year begins.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    skip_rejected: Skip = False,
) -> None:
    """A year's Work Groups with their leaders, schools and people."""
    from app.actions.imports.participants import import_participants

    async def work(db: AsyncSession, here: Desk, source: File, how: How) -> Outcome:
        return await import_participants(await _actor(db, here, hub), source, how, year)

    _run(file, How(dry_run, skip_rejected), work, as_json=as_json)


def _authorities(asked: list[str], more: list[str]) -> frozenset[str]:
    """`--la 878 --la 908`, `--la 878,908` and `--la 878 908` mean the same."""
    codes = [code for text in (*asked, *more) for code in text.replace(",", " ").split()]
    if more and not asked:
        raise CallError(f"{more[0]}: one file at a time. Authorities are named with --la.")
    for code in codes:
        if not code.isdigit() or len(code) > 4:
            raise CallError(f"--la takes the code of a local authority, such as 908, not {code}.")
    return frozenset(codes)


async def _actor(db: AsyncSession, here: Desk, code: str) -> Actor:
    hub = await hubs.find(db, code)
    if hub is None:
        raise NotFoundError(
            f"There is no hub with the code {code}. `halfterm hub create {code} --name NAME` makes one."
        )
    return operator(db, hub.id, code, here.now)


def _run(path: Path, asked: How, work: Work, *, as_json: bool) -> None:
    """Do the import, say what came of it, and leave with 1 where any row was refused."""
    source = File(path, path.name)

    async def once(here: Desk) -> Outcome:
        with _progress(path) as progress:
            how = How(asked.dry_run, asked.skip_rejected, progress, here.now)
            async with here.database.transaction() as db:
                return await work(db, here, source, how)

    outcome = at_desk(once)
    if as_json:
        typer.echo(json.dumps(outcome.report.as_json(), ensure_ascii=False))
    else:
        _tell(source.name, outcome, asked)
    if outcome.report.rejected and not asked.skip_rejected:
        raise typer.Exit(WRONG_INPUT)


def _tell(name: str, outcome: Outcome, asked: How) -> None:
    report = outcome.report
    counts = f"{report.read:,} rows read: {report.created:,} created, {report.updated:,} updated, "
    counts += f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected."
    typer.echo(counts)
    for note in outcome.notes[:SHOWN]:
        typer.echo(f"  {note}")
    if len(outcome.notes) > SHOWN:
        typer.echo(f"  and {len(outcome.notes) - SHOWN:,} more changes.")
    for fault in report.rejected[:SHOWN]:
        say(fault.spoken(name))
    if len(report.rejected) > SHOWN:
        say(f"and {len(report.rejected) - SHOWN:,} more: --json lists every one.")
    if asked.dry_run:
        say("A dry run: nothing was changed.")
    elif not outcome.applied:
        say("Nothing was changed. Correct these rows, or leave them out with --skip-rejected.")


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _lines
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Reading {path.name}", total=_rows_expected(path))
        yield lambda read: bar.update(task, completed=read)


def _rows_expected(path: Path) -> int | None:
    """About how many rows a text file holds; unknown for others."""
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"} or not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or None


def _lines(read: int) -> None:
    if read % LINES_EVERY == 0 and read:
        say(f"{read:,} rows read")
