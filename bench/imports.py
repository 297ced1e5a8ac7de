"""Importing a GIAS extract of 26,000 rows against a bare COPY of the same rows into the same kind of table, in one run.

Run as `python -m bench.imports [ROUNDS] [EXTRACT.csv]`; an extract is repeated under new URNs, else rows are made up.
Each round does each in turn, so that a busy machine slows all alike; the ratios of a round are compared.
"""

import asyncio
import csv
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import psycopg

from app.actions.imports.outcome import File, How
from app.actions.imports.schools import import_schools
from app.store.database import Database
from app.store.imports.national import SCHOOLS
from tests.databases import app_address, cluster
from tests.files import GIAS_HEADINGS, a_gias_row

ROWS, COLUMNS = 26_000, 140
COLUMN_NAMES = ", ".join(SCHOOLS.columns)


def made_up() -> Iterator[list[str]]:
    """As wide as the real extract, most of it empty, as in real ones."""
    headings = [*GIAS_HEADINGS, *(f"Other {n}" for n in range(COLUMNS - len(GIAS_HEADINGS)))]
    yield headings
    for number in range(1000):
        row = a_gias_row(number, Street=f"{number} School Lane", Easting=200000 + 97 * number)
        yield [str(row.get(heading, "")) for heading in headings]


def an_extract(path: Path, sample: Path | None, rows: int = ROWS) -> None:
    """A file of so many rows, each with a URN of its own."""
    source = csv.reader(sample.open(encoding="cp1252", newline="")) if sample else made_up()
    headings, *known = source
    at = headings.index("URN")
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number, row in enumerate(islice(cycle(known), rows)):
            writer.writerow([*row[:at], 300000 + number, *row[at + 1 :]])


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Race:
    """One database, our import and the bare COPY."""

    def __init__(self, owner: str, extract: Path) -> None:
        self.raw = psycopg.connect(owner, autocommit=True)
        self.raw.execute("CREATE TABLE twin (LIKE school INCLUDING ALL)")
        self.address, self.extract, self.dump = app_address(owner), extract, io.BytesIO()
        self.loop = asyncio.Runner()
        self.database = Database(self.address, pool_size=1)

    def ours(self) -> None:
        self.loop.run(self._ours())

    async def _ours(self) -> None:
        async with self.database.transaction() as db:
            outcome = await import_schools(db, File(self.extract, self.extract.name), How())
        assert not outcome.report.rejected
        assert outcome.report.read == ROWS

    def bare(self) -> None:
        with self.raw.cursor() as cursor, cursor.copy(f"COPY twin ({COLUMN_NAMES}) FROM STDIN") as copy:
            self.dump.seek(0)
            while block := self.dump.read(1 << 17):
                copy.write(block)

    def keep_rows(self) -> None:
        with self.raw.cursor() as cursor, cursor.copy(f"COPY school ({COLUMN_NAMES}) TO STDOUT") as copy:
            self.dump = io.BytesIO(b"".join(bytes(block) for block in copy))

    def empty(self) -> None:
        self.raw.execute("TRUNCATE school CASCADE")
        self.raw.execute("TRUNCATE twin")

    def close(self) -> None:
        self.loop.run(self.database.close())
        self.loop.close()
        self.raw.close()


def race(owner: str, extract: Path, rounds: int) -> None:
    course = Race(owner, extract)
    course.ours()
    course.keep_rows()
    seen: dict[str, list[float]] = {"bare COPY": [], "first import": [], "the same again": []}
    for _ in range(rounds):
        course.empty()
        seen["bare COPY"].append(timed(course.bare))
        seen["first import"].append(timed(course.ours))
        seen["the same again"].append(timed(course.ours))
    for what, times in seen.items():
        ratios = sorted(mine / bare for mine, bare in zip(times, seen["bare COPY"], strict=True))
        told = f"{median(ratios):.2f} times a bare COPY ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"{what:16} best {min(times):.3f} s, {told}", flush=True)
    course.close()


def peak(owner: str, extract: Path) -> None:
    """In a process of its own: how much memory an import takes at its height."""
    database = Database(app_address(owner), pool_size=1)

    async def once() -> None:
        async with database.transaction() as db:
            await import_schools(db, File(extract, extract.name), How(dry_run=True))
        await database.close()

    before = height()
    asyncio.run(once())
    size = extract.stat().st_size / 1e6
    print(f"{size:3.0f} MB of file: memory at most {height():.0f} MB, of which {before:.0f} MB before it began")


def height() -> float:
    """The most memory this process ever held, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    sample = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(prefix="halfterm-bench-") as name:
        folder = Path(name)
        extract = folder / "edubasealldata.csv"
        an_extract(extract, sample)
        with cluster(folder / "data") as postgres, postgres.fresh() as owner:
            race(owner, extract, rounds)
        with cluster(folder / "data2") as postgres, postgres.fresh() as owner:
            for rows in (1_000, ROWS, 3 * ROWS):
                an_extract(extract, sample, rows)
                subprocess.run([sys.executable, "-m", "bench.imports", "--peak", owner, str(extract)], check=True)


if __name__ == "__main__":
    if "--peak" in sys.argv:
        peak(sys.argv[-2], Path(sys.argv[-1]))
    else:
        main()
