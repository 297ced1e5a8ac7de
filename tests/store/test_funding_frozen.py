"""What the database itself refuses the app: nothing edits a closed statement, its lines, its steps or a card."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.funding import statements as rules
from app.store.database import Database
from app.store.funding import rows, statements
from tests.makers import YEAR, a_hub
from tests.worlds_funding import a_closed_year

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
    "paid more than it claims": ("UPDATE statement SET paid = 5001 WHERE reference = 'closed'", "statement_paid"),
    "paid the wrong way": ("UPDATE statement SET paid = -1 WHERE reference = 'closed'", "statement_paid"),
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
        closed = await a_closed_year(db, hub)
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
        left = [one.reference for one in await statements.of_year(db, hub.id, YEAR) if not one.frozen]
        assert left == ["empty", "open"]


async def test_a_statement_may_go_on_to_be_paid_and_a_line_of_an_open_one_may_change(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await a_closed_year(db, hub)
        for sql in (
            "UPDATE statement SET state = 'paid', paid = 5000, version = 2 WHERE reference = 'closed'",
            "UPDATE ledger_line SET pence = 1 WHERE key = 'b'",
            LINE.format(into=OPEN),
            "DELETE FROM ledger_line WHERE key = 'b'",
        ):
            await db.execute(text(sql))
