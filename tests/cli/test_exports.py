"""`halfterm export funding`: the ledger from a day to a day as a file, after it was brought up to date."""

import asyncio
import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.cli import _assemble
from app.cli.run import refusals
from app.models.funding import LedgerLine, Statement
from app.store.database import Database
from tests.databases import app_address
from tests.makers import NOW, YEAR, a_hub, a_school


async def _a_ledger(owner: str) -> None:
    database = Database(app_address(owner))
    async with database.transaction() as db:
        hub = await a_hub(db, "SW")
        school = await a_school(db, hub)
        row = Statement(
            hub_id=hub.id, year=YEAR, first=date(2026, 9, 1), last=date(2026, 12, 31), reference="SW-26-0001",
            urn=school.urn, opened_at=NOW,
        )  # fmt: skip
        db.add(row)
        await db.flush()
        for month in (9, 10, 11):
            line = LedgerLine(
                hub_id=hub.id, statement_id=row.id, key=f"adjusted|goodwill|{month}", urn=school.urn,
                payee="participant", rate="", day=date(2026, month, 5), quantity=1, of=1, rate_pence=100 * month,
                pence=100 * month, because="Agreed.", kind="adjustment",
            )  # fmt: skip
            db.add(line)
    await database.close()


def test_the_ledger_is_written_from_a_day_to_a_day(
    owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_a_ledger(owner))
    monkeypatch.setenv("HALFTERM_DATABASE_URL", owner)
    monkeypatch.setenv("HALFTERM_NOW", "2026-11-21T10:00:00+00:00")

    def halfterm(first: str, last: str, ending: str, hub: str = "SW") -> tuple[int, str, str]:
        words = [
            "--hub",
            hub,
            "--from",
            first,
            "--to",
            last,
            "--format",
            ending,
            "--out",
            str(tmp_path / f"l.{ending}"),
        ]
        monkeypatch.setattr(sys, "argv", ["halfterm", "export", "funding", *words])
        status = refusals(_assemble())
        said = capsys.readouterr()
        return status, said.out, said.err

    status, out, err = halfterm("2026-09-06", "2026-11-05", "json")
    assert (status, out) == (0, f"2 lines, £21.00, are in {tmp_path / 'l.json'}.\n")
    assert "SW, 2026/27: Nothing has changed" in err
    told = json.loads((tmp_path / "l.json").read_bytes())
    assert [line["day"] for line in told["lines"]] == ["2026-10-05", "2026-11-05"]
    first = halfterm("2026-09-01", "2027-08-31", "xlsx")
    assert first[:2] == (0, f"3 lines, £30.00, are in {tmp_path / 'l.xlsx'}.\n")
    data = (tmp_path / "l.xlsx").read_bytes()
    assert halfterm("2026-09-01", "2027-08-31", "xlsx")[0] == 0
    assert (tmp_path / "l.xlsx").read_bytes() == data
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[0] == "Summary"
    assert halfterm("2026-09-02", "2026-09-01", "csv")[::2] == (
        2,
        "--to 2026-09-01 is before --from 2026-09-02: enter a later last day.\n",
    )
    assert halfterm("2026-13-02", "2026-09-01", "csv")[0] == 2
    assert halfterm("2026-09-01", "2026-09-02", "csv", "NO")[::2] == (1, "No hub here has the code NO.\n")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["l.json", "l.xlsx"]
