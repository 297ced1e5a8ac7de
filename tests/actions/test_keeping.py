"""What has been kept long enough goes by itself, kind by kind; what is asked about, or held, stays."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.actions.people import keeping as acts
from app.actions.people.erasing import Site
from app.domain.access import Role
from app.domain.people.retention import KINDS, last_year, later, over
from app.models.people import Person, RightsRequest
from app.store import trail
from app.store.database import Database
from app.store.people import keeping
from tests.makers import NOW
from tests.worlds import Around, a_world

CHECK = "http://127.0.0.1:8000/check"
LATER = datetime(2035, 11, 1, 5, 0, tzinfo=UTC)


async def settled(db: AsyncSession, around: Around) -> None:
    """Everything that can be over is over: nothing waits, nobody asks, one person has left."""
    for done in (
        "UPDATE rights_request SET state = 'done', settled_at = :now",
        "UPDATE message SET state = 'sent'",
        "UPDATE incoming_mail SET state = 'settled'",
        "UPDATE joining SET state = 'accepted'",
        "UPDATE import SET status = 'done'",
        "UPDATE invitation SET because = 'A trip'",
        "UPDATE person SET left_on = '2026-11-01' WHERE id = :person",
    ):
        values = {"now": NOW, "person": around.own["people"]}
        await db.execute(text(done), {name: value for name, value in values.items() if f":{name}" in done})


@pytest.mark.parametrize(
    ("year", "months", "day", "is_over"),
    [
        (2025, 0, date(2026, 8, 31), False),
        (2025, 0, date(2026, 9, 1), True),
        (2025, 6, date(2027, 2, 28), False),
        (2025, 6, date(2027, 3, 1), True),
        (2025, 84, date(2033, 9, 1), True),
    ],
)
def test_months_count_from_the_end_of_the_academic_year(year: int, months: int, day: date, *, is_over: bool) -> None:
    assert over(year, months, day) is is_over
    assert (last_year(months, day) >= year) is is_over


def test_the_last_day_of_a_month_is_found() -> None:
    assert later(date(2026, 8, 31), 4) == date(2026, 12, 31)
    assert later(date(2026, 8, 31), 18) == date(2028, 2, 29)


async def test_the_run_does_what_the_preview_says(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
    async with database.transaction(around.hub.id) as db:
        await settled(db, around)
        assert await keeping.going(db, around.hub.id, {}, NOW.date()) == []
        events = (await db.execute(text("SELECT count(*) FROM event"))).scalar_one()
        notes = (await db.execute(text("SELECT count(*) FROM note_op"))).scalar_one()
        assert notes > 0
        before = await keeping.going(db, around.hub.id, {}, LATER.date())
    assert {one.kind for one in before} == {kind.key for kind in KINDS} - {"reflections", "reads"}
    done = await acts.run(database, Site(tmp_path, CHECK), LATER)
    assert done[around.hub.code] == before
    async with database.transaction(around.hub.id) as db:
        left = await keeping.going(db, around.hub.id, {}, LATER.date())
        assert left == []
        assert (await db.execute(text("SELECT count(*) FROM event"))).scalar_one() == events
        assert (await db.execute(text("SELECT count(*) FROM note_op"))).scalar_one() == notes
        assert (await db.execute(text("SELECT count(*) FROM note_op WHERE value <> 'null'"))).scalar_one() == 0
        gone = (await db.execute(select(Person).where(col(Person.id) == around.own["people"]))).scalar_one()
        assert gone.name.startswith("Former participant")
        assert (await trail.check(db, around.hub.id)).whole


async def test_what_somebody_asks_about_stays_and_a_hold_keeps_everything(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
    person = around.own["people"]
    async with database.transaction(around.hub.id) as db:
        await settled(db, around)
        asked = {"kind": "restrict", "asked_at": NOW, "due_on": NOW.date()}
        db.add(RightsRequest(hub_id=around.hub.id, person_id=person, **asked))
        await db.flush()
        await keeping.set_hold(db, around.hub.id, held=True)
    assert around.hub.code not in await acts.run(database, Site(tmp_path, CHECK), LATER)
    async with database.transaction(around.hub.id) as db:
        await keeping.set_hold(db, around.hub.id, held=False)
    await acts.run(database, Site(tmp_path, CHECK), LATER)
    async with database.transaction(around.hub.id) as db:
        kept = (await db.execute(select(Person).where(col(Person.id) == person))).scalar_one()
        assert kept.erased_at is None
        own = {"person": person}
        for table in ("message", "attendance", "certificate", "invitation"):
            left = await db.execute(text(f"SELECT count(*) FROM {table} WHERE person_id = :person"), own)
            assert left.scalar_one() > 0, table
