"""The wall between hubs, and the law against double booking, hold for any SQL the app's role can write."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.store.database import Database
from tests.makers import a_closure, a_group, a_hub, a_meeting, a_visit_series

WITH_HUB = text("SELECT table_name FROM information_schema.columns WHERE column_name = 'hub_id' ORDER BY 1")


async def test_without_a_where_no_row_of_another_hub_comes_back(database: Database) -> None:
    async with database.transaction() as db:
        other = await a_hub(db)
        team = await a_group(db, other)
        await a_meeting(db, team)
        await a_visit_series(db, team)
        await a_closure(db, other, date(2026, 12, 1))
    async with database.transaction() as db:
        own = await a_hub(db)
        await a_meeting(db, await a_group(db, own))
    async with database.transaction(own.id) as db:
        tables = [row[0] for row in await db.execute(WITH_HUB)]
        assert len(tables) > 15
        for table in tables:
            found = await db.execute(text(f'SELECT count(*) FROM "{table}" WHERE hub_id <> :own'), {"own": own.id})
            assert found.scalar_one() == 0, table
        assert (await db.execute(text("SELECT count(*) FROM event"))).scalar_one() == 1
        assert (await db.execute(text("SELECT count(*) FROM hub"))).scalar_one() == 1


async def test_every_table_with_a_hub_is_walled_even_for_its_owner(database: Database) -> None:
    async with database.transaction() as db:
        tables = [row[0] for row in await db.execute(WITH_HUB)]
        open_tables = await db.execute(
            text(
                "SELECT relname FROM pg_class WHERE relname = ANY(:tables) AND relkind = 'r' "
                "AND NOT (relrowsecurity AND relforcerowsecurity)"
            ),
            {"tables": tables},
        )
        assert open_tables.scalars().all() == []


async def test_the_app_is_not_the_owner_and_cannot_step_over_the_wall(database: Database) -> None:
    async with database.transaction() as db:
        role = await db.execute(
            text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        )
        assert tuple(role.one()) == ("halfterm_app", False, False)
    with pytest.raises(ProgrammingError):
        async with database.transaction() as db:
            await db.execute(text("SET ROLE postgres"))


async def test_nothing_is_seen_before_a_hub_is_named(database: Database) -> None:
    async with database.transaction() as db:
        await a_hub(db)
    async with database.transaction() as db:
        assert (await db.execute(text("SELECT count(*) FROM hub"))).scalar_one() == 0


async def test_a_row_for_another_hub_is_refused(database: Database) -> None:
    async with database.transaction() as db:
        other = await a_hub(db)
    async with database.transaction() as db:
        own = await a_hub(db)
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(own.id) as db:
            await a_closure(db, other, date(2026, 12, 1))


async def test_one_person_cannot_be_in_two_places(database: Database) -> None:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        first = await a_meeting(db, team, date(2026, 11, 26))
        second = await a_meeting(db, team, date(2027, 1, 14))
        hub = team.group.hub_id
    with pytest.raises(IntegrityError, match="booking_one_place_at_a_time"):
        async with database.transaction(hub) as db:
            await db.execute(
                text(
                    "UPDATE booking SET during = (SELECT during FROM booking WHERE event_id = :a LIMIT 1) "
                    "WHERE event_id = :b"
                ),
                {"a": first.id, "b": second.id},
            )


async def test_the_trail_cannot_be_changed(database: Database) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction() as db:
            await db.execute(text("UPDATE trail_entry SET about = 'nothing'"))


@pytest.mark.parametrize(
    "tried",
    [
        "UPDATE note_op SET value = '\"another word\"'",
        "DELETE FROM note_op",
        "UPDATE note_version SET content = '[]'",
        "DELETE FROM note_version",
        "TRUNCATE note_op CASCADE",
    ],
)
async def test_what_was_written_cannot_be_changed(database: Database, tried: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction() as db:
            await db.execute(text(tried))
