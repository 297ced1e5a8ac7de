"""What the database itself refuses the app: nothing edits a closed statement, its lines, its steps or a card."""

import uuid
from datetime import date

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.domain.funding import statements as rules
from app.models.funding import Adjustment, LedgerLine, RateCard, Statement
from app.models.hubs import Hub
from app.store.database import Database
from app.store.funding import rows, statements
from tests.makers import NOW, YEAR, a_hub, a_person, a_school

LINE = """INSERT INTO ledger_line (id, hub_id, statement_id, key, urn, payee, rate, programme, group_code, day,
    quantity, of, rate_pence, pence, because, evidence, kind, card_version)
    SELECT gen_random_uuid(), hub_id, {into}, 'new', urn, payee, rate, '', '', day, 1, 1, 1, 1, '', '[]', 'derived', 1
    FROM ledger_line WHERE key = 'a'"""
CLOSED = "(SELECT id FROM statement WHERE reference = 'closed')"
OPEN = "(SELECT id FROM statement WHERE reference = 'open')"
# What somebody tries as the app's own role, and what the database says.
TRIED = {
    "a line's amount": ("UPDATE ledger_line SET pence = 1 WHERE key = 'a'", "stay as they are"),
    "a line's words": ("UPDATE ledger_line SET because = 'else' WHERE key = 'a'", "stay as they are"),
    "a line out of it": (f"UPDATE ledger_line SET statement_id = {OPEN} WHERE key = 'a'", "stay as they are"),
    "a line into it": (f"UPDATE ledger_line SET statement_id = {CLOSED} WHERE key = 'b'", "stay as they are"),
    "a line away": ("DELETE FROM ledger_line WHERE key = 'a'", "stay as they are"),
    "a line more": (LINE.format(into=CLOSED), "takes no further line"),
    "open again": ("UPDATE statement SET state = 'open' WHERE reference = 'closed'", "stays as it is"),
    "another total": ("UPDATE statement SET pence = 1 WHERE reference = 'closed'", "stays as it is"),
    "another digest": ("UPDATE statement SET digest = 'x' WHERE reference = 'closed'", "stays as it is"),
    "another period": ("UPDATE statement SET last = '2027-08-31' WHERE reference = 'closed'", "stays as it is"),
    "another reference": ("UPDATE statement SET reference = 'x' WHERE reference = 'closed'", "stays as it is"),
    "closed by somebody else": (
        "UPDATE statement SET closed_by = (SELECT id FROM person WHERE name = 'Ann') WHERE reference = 'closed'",
        "stays as it is",
    ),
    "it away": ("DELETE FROM statement WHERE reference = 'closed'", "it stays"),
    "closing with another total": (
        "UPDATE statement SET state = 'closed', pence = 1, lines = 1, digest = 'x' WHERE reference = 'open'",
        "other lines than it has",
    ),
    "closing without a line": (
        "UPDATE statement SET state = 'closed', digest = 'x' WHERE reference = 'empty'",
        "other lines than it has",
    ),
    "approved by whoever closed it": (
        "UPDATE statement SET state = 'approved', approved_by = closed_by WHERE reference = 'closed'",
        "statement_by_two",
    ),
    "another step": ("UPDATE statement_step SET step = 'approve'", "permission denied"),
    "another payment": ("UPDATE statement_step SET pence = 1", "permission denied"),
    "a step away": ("DELETE FROM statement_step", "permission denied"),
    "another card": ("UPDATE rate_card SET rates = '[1]'", "is published"),
    "a card away": ("DELETE FROM rate_card", "is published"),
    "a card unpublished": ("UPDATE rate_card SET published_at = NULL", "is published"),
    "agreed by whoever wrote it": ("UPDATE adjustment SET state = 'agreed', settled_by = by_id", "adjustment_by_two"),
}


async def test_no_sql_of_the_app_edits_what_was_closed(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        closed = await _a_closed_year(db, hub)
    faults = []
    for tried, (sql, expected) in TRIED.items():
        async with database.transaction(hub.id) as db:
            try:
                await db.execute(text(sql))
                faults.append(f"{tried}: nothing refused it")
            except DBAPIError as error:
                if expected not in str(error.orig):
                    faults.append(f"{tried}: {error.orig}")
            await db.rollback()
    assert not faults, "\n".join(faults)
    async with database.transaction(hub.id) as db:
        row = await statements.locked(db, hub.id, closed)
        assert row
        kept = await statements.entries(db, closed)
        assert rules.differs(rows.statement(hub.code, row), kept) == ()
        assert [one.line.key for one in await statements.frozen_entries(db, hub.id, YEAR)] == ["a"]
        assert [one.line.key for one in await statements.open_entries(db, hub.id, YEAR)] == ["b"]
        assert [one.reference for one in await statements.open_of_year(db, hub.id, YEAR)] == ["empty", "open"]


async def test_a_statement_may_go_on_to_be_paid_and_a_line_of_an_open_one_may_change(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await _a_closed_year(db, hub)
        for sql in (
            "UPDATE statement SET state = 'paid', paid = 5000, version = 2 WHERE reference = 'closed'",
            "UPDATE ledger_line SET pence = 1 WHERE key = 'b'",
            LINE.format(into=OPEN),
            "DELETE FROM ledger_line WHERE key = 'b'",
        ):
            await db.execute(text(sql))


async def _a_closed_year(db: AsyncSession, hub: Hub) -> uuid.UUID:
    """A closed statement with one line and a step, an open one with one, an empty one, a card, an adjustment."""
    hub_id = hub.id
    ann, bea = await a_person(db, hub, Role.COORDINATOR, name="Ann"), await a_person(db, hub, Role.HUB_LEAD, name="Bea")
    school = await a_school(db, hub)
    made = {name: _statement(hub_id, name) for name in ("closed", "open", "empty")}
    db.add_all(made.values())
    await db.flush()
    db.add_all([_line(made["closed"], "a", school.urn), _line(made["open"], "b", school.urn)])
    db.add(RateCard(hub_id=hub_id, year=YEAR, version=1, made_at=NOW, published_at=NOW))
    proposed = Adjustment(hub_id=hub_id, year=YEAR, urn=school.urn, why="other", day=NOW.date(), pence=1, made_at=NOW)
    proposed.by_id = ann.id
    db.add(proposed)
    await db.flush()
    row = made["closed"]
    found = await statements.entries(db, row.id)
    done = rules.close(rows.statement(hub.code, row), found, bea.id, NOW).statement
    row.state, row.pence, row.lines, row.digest = done.state.value, done.pence, done.lines, done.digest
    row.closed_at, row.closed_by = NOW, bea.id
    await statements.add_step(db, row, done.steps[-1])
    return row.id


def _statement(hub_id: uuid.UUID, reference: str) -> Statement:
    first, last = date(2026, 9, 1), date(2026, 12, 31)
    return Statement(hub_id=hub_id, year=YEAR, first=first, last=last, reference=reference, opened_at=NOW)


def _line(statement: Statement, key: str, urn: int) -> LedgerLine:
    return LedgerLine(
        hub_id=statement.hub_id,
        statement_id=statement.id,
        key=key,
        urn=urn,
        payee="participant",
        rate="release",
        day=NOW.date(),
        quantity=1,
        of=1,
        rate_pence=5000,
        pence=5000,
        because="Came to a meeting.",
    )
