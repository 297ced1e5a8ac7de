"""A ledger that was kept elsewhere: every row told, taken in whole or not at all, taken back while all is open."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.actions.access import operator
from app.actions.funding import brought
from app.domain.funding.brought import says
from app.kit.errors import BadInputError, ConflictError, StaleError
from app.models.funding import LedgerLine, LineQuery, Remittance, Statement
from app.store.database import Database
from tests.makers import NOW, YEAR, a_hub, a_school

LAST = YEAR - 1


async def test_a_ledger_from_elsewhere_becomes_open_statements_and_can_be_taken_back(database: Database) -> None:
    async with database.transaction() as db:
        hub, school, other = await a_hub(db), await a_school(db), await a_school(db)
    file = (
        f'URN,Claim,Amount,Date,What for\n{school.urn},C-1,"1,200.00",01/03/2026,Release\n'
        f"{other.urn},c 1,(50.00),31/08/2026,Taken back\n\n{school.urn},,10,,\n"
    ).encode()
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        key = await brought.hand_in(actor, "ledger.csv", file, LAST)
        row = await db.get(Remittance, key)
        assert row is not None
        assert {name: one for name, one in row.columns.items() if one} == {
            "school": "URN",
            "amount": "Amount",
            "day": "Date",
            "what": "What for",
            "reference": "Claim",
        }
        with pytest.raises(StaleError):
            await brought.take_in(actor, key, "something else")
        looked_at = "3 rows of 2 schools come to £1,160.00."
        assert await brought.take_in(actor, key, looked_at) == 2
        made = (await db.execute(select(Statement).order_by(col(Statement.reference)))).scalars().all()
        assert [(one.reference, one.state, one.urn, one.year) for one in made] == [
            ("C-1", "open", None, LAST),
            (f"{hub.code}-{LAST % 100:02d}-BROUGHT", "open", school.urn, LAST),
        ]
        lines = (await db.execute(select(LedgerLine).order_by(col(LedgerLine.key)))).scalars().all()
        assert [(one.kind, one.pence, one.day) for one in lines] == [
            ("brought", 120000, date(2026, 3, 1)),
            ("brought", -5000, date(2026, 8, 31)),
            ("brought", 1000, date(2026, 8, 31)),
        ]
        with pytest.raises(ConflictError, match="already"):
            await brought.take_in(actor, key, looked_at)
        query = LineQuery(hub_id=hub.id, line_id=lines[0].id, words="Was it so much?", asked_at=NOW)
        db.add(query)
        await db.flush()
        with pytest.raises(ConflictError, match="Answer it first"):
            await brought.take_back(actor, key)
        query.answered_at = NOW
        await brought.take_back(actor, key)
        assert not (await db.execute(select(Statement))).scalars().all()
        assert row.file == file
        assert row.state == "set aside"


async def test_one_row_that_cannot_be_taken_keeps_all_of_them_out(database: Database) -> None:
    async with database.transaction() as db:
        hub, school = await a_hub(db), await a_school(db)
    file = (
        f"School,Amount,Date,Claim\n{school.urn},12.00,2025-10-01\n{school.urn},lots,2025-10-01\nNowhere Primary,5,\n"
        f"{school.urn},5,2026-10-01\n{school.urn},5,,{'C' * 61}\n"
    ).encode()
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        with pytest.raises(BadInputError) as ahead:
            await brought.hand_in(actor, "ledger.csv", file, YEAR + 1)
        assert [one.path for one in ahead.value.faults] == ["year"]
        key = await brought.hand_in(actor, "ledger.csv", file, LAST)
        row = await db.get(Remittance, key)
        assert row is not None
        found = await brought.read_file(actor, row)
        assert [(one.row, one.column) for one in found.faults] == [
            (3, "Amount"),
            (4, "School"),
            (5, "Date"),
            (6, "Claim"),
        ]
        with pytest.raises(BadInputError, match="Nothing was taken in"):
            await brought.take_in(actor, key, says(found))
        assert not (await db.execute(select(LedgerLine))).scalars().all()
