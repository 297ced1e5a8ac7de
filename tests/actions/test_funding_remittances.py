"""A payment file is told row by row; nothing is paid until somebody says so, and then all of it or nothing."""

import hashlib
import uuid
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.actions.access import Actor, operator
from app.actions.funding import finance_files, remittances
from app.domain.funding.remittance import Came, Matched, match
from app.kit.errors import BadInputError, ConflictError, StaleError
from app.models.funding import LedgerLine, Payee, Remittance, Statement, StatementStep
from app.models.hubs import Hub
from app.render.funding.payment_file import columns_of, payments
from app.store.database import Database
from app.store.funding import remittances as stored
from tests.makers import NOW, YEAR, a_hub, a_school

HEADINGS = "Payment reference,Amount,Payment date\n"


async def _submitted(actor: Actor, *owed: tuple[str, int]) -> list[Statement]:
    """Statements of schools that were submitted, by reference and pence."""
    made = []
    for reference, pence in owed:
        school = await a_school(actor.db)
        row = Statement(
            hub_id=actor.member.hub_id,
            year=YEAR,
            first=date(2026, 9, 1),
            last=date(2026, 12, 31),
            reference=reference,
            urn=school.urn,
            opened_at=NOW,
        )
        actor.db.add(row)
        await actor.db.flush()
        line = LedgerLine(
            hub_id=row.hub_id,
            statement_id=row.id,
            key=reference,
            urn=school.urn,
            payee="participant",
            rate="release",
            day=row.first,
            quantity=1,
            of=1,
            rate_pence=pence,
            pence=pence,
        )
        actor.db.add(line)
        await actor.db.flush()
        row.state, row.pence, row.lines, row.digest = "submitted", pence, 1, "0" * 64
        await actor.db.flush()
        made.append(row)
    return made


async def _told(actor: Actor, key: uuid.UUID) -> Matched:
    """What a file comes to now."""
    found = await stored.one(actor.db, actor.member.hub_id, "payments", key)
    assert found is not None
    columns = columns_of(found.row.columns)
    assert columns is not None
    payments_read = payments(found.row.name, found.row.file, columns)
    return match(payments_read, await stored.owed(actor.db, actor.member.hub_id))


async def _hub(database: Database) -> Hub:
    async with database.transaction() as db:
        return await a_hub(db)


async def test_each_row_is_told_and_none_is_applied_while_one_is_doubtful(database: Database) -> None:
    hub = await _hub(database)
    file = (
        HEADINGS + 'AA-26-0001,"1,234.50",01/12/2026\nAA-26-0002,100.00,01/12/2026\nAA-26-0003,500.00,\n'
        "AA-26-0001,1234.50,\nNobody,5.00,\nAA-26-0002,lots,\n"
    ).encode()
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        statements = await _submitted(actor, ("AA-26-0001", 123450), ("AA-26-0002", 25000), ("AA-26-0003", 40000))
        key = await remittances.hand_in(actor, "bank.csv", file)
        found = await _told(actor, key)
        assert [one.came for one in found.rows] == [Came.MATCHED, Came.SHORT, Came.OVER, Came.DOUBLED, Came.UNKNOWN]
        assert [one.row for one in found.faults] == [7]
        with pytest.raises(BadInputError, match="Nothing was applied"):
            await remittances.apply(actor, key, found.stamp)
        kept = await db.get(Remittance, key)
        assert kept is not None
        assert (kept.file, kept.digest, kept.state) == (file, hashlib.sha256(file).hexdigest(), "waiting")
        assert [one.paid for one in statements] == [0, 0, 0]
        assert not (await db.execute(select(StatementStep))).scalars().all()


async def test_a_whole_file_is_applied_once_somebody_has_looked_at_it(database: Database) -> None:
    hub = await _hub(database)
    file = (HEADINGS + "our AA-26-0001,60.00,2026-12-01\nAA 26 0001,40.00,\nVendor V778,-5.00,\n").encode()
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        paid, back = await _submitted(actor, ("AA-26-0001", 10000), ("AA-26-0002", -500))
        db.add(Payee(hub_id=hub.id, urn=back.urn or 0, reference="V778"))
        await db.flush()
        key = await remittances.hand_in(actor, "C:\\bank\\december.csv", file)
        found = await _told(actor, key)
        assert found.ready, [one.because for one in found.rows]
        same = Payee(hub_id=hub.id, urn=paid.urn or 0, reference="v-778")
        db.add(same)
        await db.flush()
        assert not (await _told(actor, key)).ready  # two schools have the number: whose payment is it?
        await db.delete(same)
        await db.flush()
        with pytest.raises(StaleError, match="has changed since"):
            await remittances.apply(actor, key, "another")
        assert (paid.paid, paid.state) == (0, "submitted")
        await remittances.apply(actor, key, found.stamp)
        assert [(one.paid, one.state) for one in (paid, back)] == [(10000, "paid"), (-500, "paid")]
        steps = (await db.execute(select(StatementStep).order_by(col(StatementStep.row)))).scalars().all()
        assert [(one.row, one.pence, one.day, one.remittance_id) for one in steps] == [
            (2, 6000, date(2026, 12, 1), key),
            (3, 4000, None, key),
            (4, -500, None, key),
        ]
        with pytest.raises(ConflictError, match="already"):
            await remittances.apply(actor, key, found.stamp)


async def test_the_very_same_file_is_told_and_not_taken_twice(database: Database) -> None:
    hub = await _hub(database)
    file = (HEADINGS + "AA-26-0001,60.00,\n").encode()
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        key = await remittances.hand_in(actor, "bank.csv", file)
        with pytest.raises(BadInputError) as twice:
            await remittances.hand_in(actor, "bank (1).csv", file)
        assert "as bank.csv, and still waits" in twice.value.faults[0].because
        await finance_files.set_aside(actor, "payments", key)
        again = await remittances.hand_in(actor, "bank (1).csv", file)
        with pytest.raises(ConflictError):
            await finance_files.take_up(actor, "payments", key)
        with pytest.raises(BadInputError) as wrong:
            await remittances.choose(actor, again, {"reference": "Amount", "amount": "Amount", "day": "Day"})
        assert [one.path for one in wrong.value.faults] == ["amount", "day"]
