"""Files of one hub's ledger: how long its year takes as XLSX, and how much memory 1,000 to 100,000 lines take.

A hub's year is a fortieth of the national one of bench/ledger.py: 10,000 facts, 5,655 lines.

Each size is written by a process of its own, for the most memory that a process ever had does not fall again. The
smaller thing beside it is the same rows read and dropped. python -m bench.export
"""

import asyncio
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.funding.exporting import Asked, export
from app.domain.funding.selection import Wanted
from app.kit.periods import year_span
from app.models.funding import LedgerLine, Statement
from app.store.database import Database
from app.store.funding import selecting
from tests.databases import app_address, cluster
from tests.makers import NOW, YEAR, a_hub, a_school

HUB = 5_655  # lines: 226,205 of 40 hubs
SIZES = (1_000, HUB, 10_000, 100_000)
SCHOOLS = 300
MOST_SECONDS = 2.0  # for the XLSX of one hub's year
MOST_GROWN = 24.0  # MB more for 100,000 lines than for 1,000: what does not grow with the lines
SPAN = year_span(YEAR)


async def a_ledger(database: Database, lines: int) -> uuid.UUID:
    """A hub with so many lines at 300 schools."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        urns = [(await a_school(db, hub)).urn for _ in range(SCHOOLS)]
        row = Statement(
            hub_id=hub.id, year=YEAR, first=SPAN.first, last=SPAN.last, reference=f"{hub.code}-26-0001", opened_at=NOW
        )
        db.add(row)
        await db.flush()
        for first in range(0, lines, 5_000):
            await _add(db, row, urns, range(first, min(first + 5_000, lines)))
        return hub.id


async def _add(db: AsyncSession, row: Statement, urns: list[int], numbers: range) -> None:
    because = "Freed from class for 1 half-day of 2: Half-day of release; the agreement was signed."
    values = [
        {
            "id": uuid.uuid4(),
            "hub_id": row.hub_id,
            "statement_id": row.id,
            "key": f"release|{number}",
            "urn": urns[number % SCHOOLS],
            "payee": "participant",
            "rate": ("release", "attendance", "supply")[number % 3],
            "programme": "development",
            "group_code": f"NCP26-{number % 40:02d}",
            "day": SPAN.first + timedelta(number % 360),
            "quantity": 1,
            "of": 2,
            "rate_pence": 12_345,
            "pence": 6_173,
            "because": because,
            "evidence": [f"attendance/{uuid.uuid4()}"],
            "kind": "derived",
            "card_version": 1,
        }
        for number in numbers
    ]
    await db.execute(insert(LedgerLine), values)


async def one(address: str, hub_id: uuid.UUID, form: str, held: IO[bytes]) -> tuple[float, float]:
    """Seconds of writing by the clock and of the processor; `read` only reads the lines."""
    database = Database(address)
    async with database.transaction(hub_id) as db:
        began, worked = time.perf_counter(), time.process_time()
        if form == "read":
            chosen = await selecting.selecting(db, hub_id, Wanted(span=SPAN))
            async for _ in selecting.parts(db, chosen, {}):
                pass
        else:
            await export(db, Asked(hub_id, SPAN, form), held, NOW)
        taken = time.perf_counter() - began, time.process_time() - worked
    await database.close()
    return taken


def child(address: str, hub_id: str, form: str, out: str) -> None:
    """One file in this process: prints seconds by the clock and of the processor, bytes, and the most memory in MB."""
    with Path(out).open("w+b") as held:
        taken = asyncio.run(one(address, uuid.UUID(hub_id), form, held))
    most = int(Path("/proc/self/status").read_text("ascii").partition("VmHWM:")[2].split()[0]) / 1000
    print(*taken, Path(out).stat().st_size, most)


async def made(address: str) -> list[tuple[int, uuid.UUID]]:
    """A hub of each size."""
    database = Database(address)
    found = [(lines, await a_ledger(database, lines)) for lines in SIZES]
    await database.close()
    return found


def measured(address: str, hub_id: uuid.UUID, form: str, folder: str) -> tuple[float, float, int, float]:
    """The same of a process of its own."""
    call = [sys.executable, "-m", "bench.export", address, str(hub_id), form, f"{folder}/file"]
    said = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1]), int(said[2]), float(said[3])


def main() -> None:
    """Fails where the XLSX of one hub takes longer, or memory grows more, than it may."""
    if len(sys.argv) > 1:
        return child(*sys.argv[1:])
    faults = []
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as server, server.fresh() as owner:
        address = app_address(owner)
        hubs = asyncio.run(made(address))
        print(f"{'form':>5} {'lines':>8} {'seconds':>8} {'program':>8} {'kB':>8} {'most MB':>8}")
        for form in ("read", "csv", "json", "xlsx"):
            most = {}
            for lines, hub_id in hubs:
                rounds = 3 if lines < SIZES[-1] else 1
                taken, worked, size, most[lines] = min(measured(address, hub_id, form, folder) for _ in range(rounds))
                print(
                    f"{form:>5} {lines:8,} {taken:8.2f} {worked:8.2f} {size // 1024:8,} {most[lines]:8.0f}", flush=True
                )
                if (form, lines) == ("xlsx", HUB) and taken > MOST_SECONDS:
                    faults.append(f"XLSX of {lines:,} lines took {taken:.1f} s, more than {MOST_SECONDS:.0f}.")
            grown = most[SIZES[-1]] - most[SIZES[0]]
            if grown > MOST_GROWN:
                faults.append(f"{form}: 100,000 lines took {grown:.0f} MB more than 1,000.")
    if faults:
        raise SystemExit("\n".join(faults))
    return None


if __name__ == "__main__":
    main()
