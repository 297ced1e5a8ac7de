"""The chain of a hub's trail: made at the commit, whole under many hands, and broken by whoever changes it."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import col

from app.models.hubs import Hub
from app.models.trail import TrailEntry
from app.store import migrations, trail
from app.store.database import Database
from tests.makers import NOW, a_hub, a_person

KEPT = "id, hub_id, at, did, about, facts"
NEW = "gen_random_uuid(), hub_id, at, 'Slipped', 'in', '{}'"
CHANGES = [
    ("UPDATE trail_entry SET about = 'another thing' WHERE number = 3", "Entry 3 (Did: another thing"),
    ("UPDATE trail_entry SET did = 'Undid' WHERE number = 3", "Entry 3 (Undid: thing 3"),
    ("UPDATE trail_entry SET who = 'Nobody' WHERE number = 1", "Entry 1 (Did: thing 1"),
    ("UPDATE trail_entry SET at = at + interval '1 second' WHERE number = 5", "Entry 5 (Did: thing 5"),
    ("DELETE FROM trail_entry WHERE number = 2", "Entry 2 is missing"),
    ("DELETE FROM trail_entry WHERE number IN (2, 3)", "Entries 2 to 3 are missing"),
    ("DELETE FROM trail_entry WHERE number = 5", "Entry 5 is missing at the end"),
    ("DELETE FROM trail_entry", "Entries 1 to 5 are missing at the end"),
    ("DELETE FROM trail_end", "Entry 1 was put in"),
    (
        f"INSERT INTO trail_entry ({KEPT}) SELECT {NEW} FROM trail_entry WHERE number = 2",
        "An entry (Slipped: in",
    ),
    (
        f"INSERT INTO trail_entry ({KEPT}, number, previous) SELECT {NEW}, 6, hash FROM trail_entry WHERE number = 5",
        "Entry 6 (Slipped: in",
    ),
    (
        """UPDATE trail_entry SET number = -number WHERE number IN (2, 3);
        UPDATE trail_entry SET number = 5 + number WHERE number < 0""",
        "Entry 2 (Did: thing 3",
    ),
]


async def _five(database: Database) -> Hub:
    async with database.transaction() as db:
        hub = await a_hub(db)
    for number in range(1, 6):
        await _do(database, hub, f"thing {number}")
    return hub


async def _do(database: Database, hub: Hub, *abouts: str) -> None:
    async with database.transaction(hub.id) as db:
        for about in abouts:
            await trail.record(db, trail.Deed(hub.id, NOW, "Did", about, facts={"half": 0.5, "é": None}))


async def _checked(database: Database, hub: Hub) -> trail.Checked:
    async with database.transaction(hub.id) as db:
        return await trail.check(db, hub.id)


async def test_entries_are_numbered_and_chained_as_their_transaction_commits(database: Database) -> None:
    hub = await _five(database)
    async with database.transaction(hub.id) as db:
        entries = (await db.execute(select(TrailEntry).order_by(col(TrailEntry.number)))).scalars().all()
        assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
        assert [entry.previous for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
        found = await trail.check(db, hub.id)
    assert (found.whole, found.number, found.hash) == (True, 5, entries[-1].hash)


@pytest.mark.parametrize(("sql", "says"), CHANGES)
async def test_whoever_changes_the_trail_by_hand_is_found_out(
    database: Database, owner: str, sql: str, says: str
) -> None:
    hub = await _five(database)
    with psycopg.connect(owner) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger stands in the owner's way
        connection.execute(sql)
    found = await _checked(database, hub)
    assert not found.whole
    assert found.fault.startswith(says)


async def test_many_at_once_make_one_chain_and_nobody_waits_for_ever(database: Database) -> None:
    async with database.transaction() as db:
        hubs = [await a_hub(db, "ONE"), await a_hub(db, "TWO")]

    async def work(turn: int) -> None:
        async with database.transaction(*(hub.id for hub in hubs)) as db:
            for hub in hubs if turn % 2 else hubs[::-1]:
                for _ in range(3):
                    await trail.record(db, trail.Deed(hub.id, NOW, "Did", f"turn {turn}"))
                await db.flush()

    await asyncio.gather(*(work(turn) for turn in range(12)))
    for hub in hubs:
        found = await _checked(database, hub)
        assert (found.whole, found.number) == (True, 36), found.fault


async def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    hub = await _five(database)
    async with database.transaction(hub.id) as db:
        await trail.record(db, trail.Deed(hub.id, NOW, "Did", "nothing"))
        await db.flush()
        await db.rollback()
    await _do(database, hub, "one", "two")
    assert (await _checked(database, hub)).number == 7


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trail_end SET number = 0",
        "DELETE FROM trail_end",
        "SELECT trail_chain_hub((app_hubs())[1])",
        f"INSERT INTO trail_entry ({KEPT}, number) SELECT {NEW}, 99 FROM trail_entry WHERE number = 1",
    ],
)
async def test_the_app_itself_cannot_number_an_entry(database: Database, sql: str) -> None:
    hub = await _five(database)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction(hub.id) as db:
            await db.execute(text(sql))


async def test_words_that_the_law_wants_forgotten_go_and_the_chain_holds(database: Database) -> None:
    hub = await _five(database)
    async with database.transaction(hub.id) as db:
        third = (await db.execute(select(TrailEntry).where(col(TrailEntry.number) == 3))).scalar_one()
        assert await trail.forget(db, [third.id]) == 1
    async with database.transaction() as db:
        assert await trail.forget(db, [third.id]) == 0  # the wall stands here too
    await _do(database, hub, "six")
    found = await _checked(database, hub)
    assert (found.whole, found.number, found.forgotten) == (True, 6, 1)


async def test_what_was_noted_before_the_chain_is_chained_with_what_is_known_of_it(
    database: Database, owner: str
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        person = await a_person(db, hub, name="Cora Lane")
        facts = {"group": "g", "before": {"a": 1}, "after": {"a": 2}}
        await trail.record(db, trail.Deed(hub.id, NOW, "Changed", "a group", person.account_id, facts))
        await trail.record(db, trail.Deed(hub.id, NOW + timedelta(days=1), "Left", "somebody"))
    await database.engine.dispose()
    await asyncio.to_thread(command.downgrade, migrations.config(owner), "0008")
    await asyncio.to_thread(migrations.migrate, owner)
    assert not migrations.differences(owner)
    async with database.transaction(hub.id) as db:
        first, second = (await db.execute(select(TrailEntry).order_by(col(TrailEntry.number)))).scalars().all()
        assert (await trail.check(db, hub.id)).whole
    assert (first.number, first.who, first.person_id) == (1, "Cora Lane", person.id)
    assert (first.kind, first.thing_id, first.before, first.after) == ("group", "g", {"a": 1}, {"a": 2})
    assert (second.number, second.who, second.kind) == (2, "Halfterm", None)
    await _do(database, hub, "one more")
    assert (await _checked(database, hub)).number == 3


async def test_a_chain_that_is_read_while_it_grows_is_whole(database: Database) -> None:
    hub = await _five(database)
    async with database.transaction(hub.id) as db:
        await trail.record(db, trail.Deed(hub.id, NOW, "Did", "another"))
        assert (await _checked(database, hub)).number == 5
