"""What a change to an event does to calendars, in the transaction that makes it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.models.feeds import Feed
from app.models.meetings import Event
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed, facts_changed, people_changed
from app.store.migrations import differences
from tests.makers import NOW, Team, a_group, a_hub, a_meeting

LATER = NOW + timedelta(hours=1)


async def a_meeting_with_feeds(database: Database) -> tuple[Team, Event]:
    async with database.transaction() as db:
        hub = await a_hub(db)
        await see_hubs(db, hub.id)
        team = await a_group(db, hub)
        event = await a_meeting(db, team)
        for person in (team.leader, *team.participants):
            db.add(Feed(account_id=person.account_id, purpose="Phone", revision=NOW, stale=False, made_at=NOW))
        await event_changed(db, [event.id], NOW)
        await db.flush()
        for feed in (await db.execute(select(Feed))).scalars():
            feed.stale, feed.revision = False, NOW
    return team, event


async def feed_of(database: Database, account_id: uuid.UUID) -> Feed:
    async with database.transaction() as db:
        return (await db.execute(select(Feed).where(col(Feed.account_id) == account_id))).scalar_one()


def test_tables_and_models_agree(owner: str) -> None:
    assert differences(owner) == []


@pytest.mark.parametrize(
    "changes",
    [{"notes": "Bring a pen."}, {"online": True}, {"status": "cancelled"}, {"starts_at": NOW}, {"ends_at": LATER}],
)
async def test_a_change_that_feeds_show_raises_sequence_last_modified_and_the_revision(
    database: Database, changes: dict[str, object]
) -> None:
    team, made = await a_meeting_with_feeds(database)
    async with database.transaction(team.group.hub_id) as db:
        event = await db.get_one(Event, made.id)
        event.piece = "kept"
        event.starts_at = NOW - timedelta(hours=1)
        await event_changed(db, [made.id], NOW)
        before, event.piece = event.sequence, "kept"
        for name, value in changes.items():
            setattr(event, name, value)
        await event_changed(db, [made.id], LATER)
        assert event.sequence == before + 1
        assert event.changed_at == LATER
        assert event.piece == ""
    for person in (team.leader, *team.participants):
        feed = await feed_of(database, person.account_id)
        assert feed.stale
        assert feed.revision == LATER


async def test_a_change_that_no_feed_shows_keeps_sequence_and_the_rendered_piece(database: Database) -> None:
    team, made = await a_meeting_with_feeds(database)
    async with database.transaction(team.group.hub_id) as db:
        event = await db.get_one(Event, made.id)
        event.piece, event.pinned, event.status = "kept", True, "held"
        await event_changed(db, [made.id], LATER)
        assert (event.sequence, event.piece, event.changed_at) == (0, "kept", NOW)


async def test_sequence_that_the_caller_has_raised_is_not_raised_again_but_last_modified_still_moves(
    database: Database,
) -> None:
    team, made = await a_meeting_with_feeds(database)
    async with database.transaction(team.group.hub_id) as db:
        event = await db.get_one(Event, made.id)
        event.notes, event.sequence = "Bring a pen.", 1
        await event_changed(db, [made.id], LATER)
        assert (event.sequence, event.changed_at) == (1, LATER)


async def test_a_school_that_changes_its_address_changes_every_event_there(database: Database) -> None:
    team, made = await a_meeting_with_feeds(database)
    async with database.transaction(team.group.hub_id) as db:
        school = await db.merge(team.schools[0])
        school.street = "2 New Lane"
        await facts_changed(db, LATER, urns=[school.urn])
        assert (await db.get_one(Event, made.id)).sequence == 1


async def test_somebody_who_lost_their_place_gets_a_new_revision_and_strangers_do_not(database: Database) -> None:
    team, made = await a_meeting_with_feeds(database)
    gone, stays = team.participants
    async with database.transaction(team.group.hub_id) as db:
        await people_changed(db, [gone.id], LATER)
        await event_changed(db, [], LATER, unbooked=[gone.id])
    assert (await feed_of(database, gone.account_id)).revision == LATER + timedelta(seconds=1)
    assert (await feed_of(database, stays.account_id)).revision == NOW
    assert made.sequence == 0


async def test_a_change_that_is_rolled_back_leaves_the_revision(database: Database) -> None:
    team, made = await a_meeting_with_feeds(database)

    async def change_and_fail() -> None:
        async with database.transaction(team.group.hub_id) as db:
            (await db.get_one(Event, made.id)).notes = "Bring a pen."
            await event_changed(db, [made.id], LATER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_and_fail()
    assert (await feed_of(database, team.leader.account_id)).revision == NOW
