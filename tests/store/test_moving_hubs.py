import json
import uuid
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.actions.hubs import export_hub, import_hub
from app.kit.errors import BadInputError, ConflictError, NotFoundError
from app.models.funding import LedgerLine, LineQuery, Remittance, StatementStep
from app.models.hubs import Hub
from app.models.meetings import Booking
from app.models.people import Account, Person
from app.store import people, trail
from app.store.database import Database
from app.store.hubs import moving
from tests.databases import Cluster, app_address
from tests.makers import NOW, YEAR, a_closure, a_group, a_hub, a_meeting, a_visit_series
from tests.routers.records import written
from tests.worlds_funding import a_closed_year

WHERE_IDS_DIFFER = {"account", "trail_entry", "booking", "person"}


async def _a_full_hub(database: Database) -> None:
    async with database.transaction() as db:
        other = await a_hub(db, "OTHER")
        await a_meeting(db, await a_group(db, other))
    async with database.transaction() as db:
        hub = await a_hub(db, "SW")
        team = await a_group(db, hub)
        event = await a_meeting(db, team)
        await written(
            db, event, team.leader, {"lesson": "Halves", "tries#t1.what": "Try a bar", "big_ideas": ["fluency"]}
        )
        series = await a_visit_series(db, team)
        visit = await a_meeting(db, team, kind="visit", series_id=series.id, slot="pm", slot_key="visit")
        await written(db, visit, team.leader, {"minutes": None})
        await a_closure(db, hub, NOW.date())
        await _a_ledger(db, hub, await a_closed_year(db, hub))
        facts = {"event": str(event.id), "half": 0.5, "names": ["Zoë", None]}
        await trail.record(db, trail.Deed(hub.id, NOW, "Changed", "a meeting", team.leader.account_id, facts=facts))
    async with database.transaction(hub.id) as db:
        await trail.record(db, trail.Deed(hub.id, NOW, "Changed", "it again", before={"a": 1}, after={"a": 2}))


async def _a_ledger(db: AsyncSession, hub: Hub, closed: uuid.UUID) -> None:
    """Beside what is closed: a correction of it in an open statement, a question, and a bank's file."""
    lines = {one.key: one for one in (await db.execute(select(LedgerLine))).scalars()}
    lines["b"].kind, lines["b"].corrects = "correction", lines["a"].id
    file = Remittance(hub_id=hub.id, year=YEAR, name="bank.csv", file=bytes(range(256)), uploaded_at=NOW)
    db.add_all([LineQuery(hub_id=hub.id, line_id=lines["a"].id, words="Is it so?", asked_at=NOW), file])
    await db.flush()
    db.add(StatementStep(hub_id=hub.id, statement_id=closed, step="pay", at=NOW, pence=1, remittance_id=file.id, row=2))


async def _rows(database: Database, path: Path) -> dict[str, list[str]]:
    async with database.transaction() as db:
        await export_hub(db, "SW", path, NOW)
    with zipfile.ZipFile(path) as file:
        return {name: file.read(f"{name}.jsonl").decode().splitlines() for name in moving.tables()}


async def test_a_hub_moves_whole_to_an_installation_that_knows_some_of_its_people(
    database: Database, postgres: Cluster, tmp_path: Path
) -> None:
    await _a_full_hub(database)
    first = await _rows(database, tmp_path / "first.zip")
    assert len(first["hub"]) == 1
    assert [len(first[one]) for one in ("statement", "ledger_line", "statement_step", "remittance")] == [3, 2, 2, 1]
    email = json.loads(first["account"][0])["email"]
    with postgres.fresh() as address:
        elsewhere = Database(app_address(address))
        async with elsewhere.transaction() as db:
            await people.ensure_account(db, "somebody@else.example", NOW)
            known = await people.ensure_account(db, email, NOW)
        async with elsewhere.transaction() as db:
            assert (await import_hub(db, tmp_path / "first.zip", NOW))[0] == "SW"
        second = await _rows(elsewhere, tmp_path / "second.zip")
        async with elsewhere.transaction() as db:
            await people.viewer(db, known.id, email)
            joined = (
                select(col(Account.number), col(Booking.account_number))
                .join(Person, col(Person.account_id) == col(Account.id))
                .join(Booking, col(Booking.person_id) == col(Person.id))
            )
            pairs = (await db.execute(joined)).all()
            checked = await trail.check(db, (await db.execute(select(col(Hub.id)))).scalar_one())
        await elsewhere.close()
    assert pairs
    assert all(one == other for one, other in pairs)
    assert checked.whole, checked.fault
    assert checked.number == len(first["trail_entry"]) + 1  # and an entry that says where the hub came from
    for table in moving.tables():
        if table not in WHERE_IDS_DIFFER:
            assert second[table] == first[table], table
    assert {table: len(rows) for table, rows in second.items() if table != "trail_entry"} == {
        table: len(rows) for table, rows in first.items() if table != "trail_entry"
    }


async def test_a_hub_that_is_here_stays_as_it_is(database: Database, tmp_path: Path) -> None:
    await _a_full_hub(database)
    before = await _rows(database, tmp_path / "hub.zip")
    with pytest.raises(ConflictError, match="SW here already"):
        async with database.transaction() as db:
            await import_hub(db, tmp_path / "hub.zip", NOW)
    assert await _rows(database, tmp_path / "again.zip") == before


def _left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_an_unknown_code_writes_no_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no hub with the code XX"):
        async with database.transaction() as db:
            await export_hub(db, "XX", tmp_path / "hub.zip", NOW)
    assert not _left_in(tmp_path)


@pytest.mark.parametrize(
    ("note", "says"),
    [
        (None, "not a hub's export"),
        ({"format": "something else"}, "not in the format"),
        ({"format": "halfterm/hub/1", "version": "0000"}, "written by another version"),
    ],
)
async def test_a_file_of_another_kind_is_refused_in_a_sentence(
    database: Database, tmp_path: Path, note: dict[str, str] | None, says: str
) -> None:
    path = tmp_path / "hub.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("hub.jsonl", '{"id": "x", "code": "SW"}\n')
        if note:
            file.writestr("halfterm.json", json.dumps(note))
    with pytest.raises(BadInputError, match=says):
        async with database.transaction() as db:
            await import_hub(db, path, NOW)
