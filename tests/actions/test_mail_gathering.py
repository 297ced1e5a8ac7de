"""Messages that the clock sends: reminders, each once, and one message a day for whoever wants that."""

import uuid
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.actions.mail.gathering import gather
from app.actions.mail.reminding import remind
from app.domain.mail.kinds import Kind
from app.models.mail import MailChoice, Message
from app.models.meetings import Event, Invitation
from app.store.database import Database
from app.store.mail import outbox
from app.store.mail.posting import Written, post
from tests.makers import Team, a_group, a_hub, a_meeting, a_person

DAY = date(2026, 12, 10)  # a Thursday
BEFORE = datetime(2026, 11, 25, 6, 20, tzinfo=UTC)
FORTNIGHT = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)
TWO_DAYS = datetime(2026, 12, 8, 6, 20, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


async def a_date(db: AsyncSession) -> tuple[Team, Event]:
    team = await a_group(db, await a_hub(db))
    return team, await a_meeting(db, team, DAY)


async def reminders(db: AsyncSession) -> list[Message]:
    found = await db.execute(select(Message).where(col(Message.kind) == "reminder").order_by(col(Message.id)))
    return list(found.scalars())


async def test_everyone_expected_is_reminded_twice_and_no_more(database: Database) -> None:
    async with database.transaction() as db:
        team, event = await a_date(db)
        counts = [
            await remind(db, event.hub_id, now)
            for now in (BEFORE, FORTNIGHT, FORTNIGHT, FORTNIGHT + timedelta(days=1), TWO_DAYS, TWO_DAYS, event.ends_at)
        ]
        everyone = 1 + len(team.participants)
        assert counts == [0, everyone, 0, 0, everyone, 0, 0]
        first = (await reminders(db))[0]
    assert first.due_at == datetime(2026, 11, 26, 7, 0, tzinfo=UTC), "quiet hours end first"
    assert "Thursday 10 December 2026, 9.15am to 12 noon" in first.text
    assert set(first.links) == {"answer", "see", "dates"}


async def test_a_missed_day_is_made_good(database: Database) -> None:
    async with database.transaction() as db:
        team, event = await a_date(db)
        assert await remind(db, event.hub_id, TWO_DAYS + timedelta(days=1)) == 1 + len(team.participants)


async def test_whoever_said_no_is_left_in_peace_and_a_link_names_the_answer(database: Database) -> None:
    async with database.transaction() as db:
        team, event = await a_date(db)
        no, yes = team.participants[:2]
        for person, answer in ((no, "no"), (yes, "yes")):
            db.add(Invitation(hub_id=event.hub_id, event_id=event.id, person_id=person.id, answer=answer))
        await db.flush()
        await remind(db, event.hub_id, FORTNIGHT)
        written = {row.person_id: row for row in await reminders(db)}
        kept = await db.execute(select(col(Invitation.id)).where(col(Invitation.person_id) == yes.id))
        assert written[yes.id].links["answer"] == {"kind": "answer", "id": str(kept.scalar_one())}
    assert no.id not in written
    assert "You said that you come." in written[yes.id].text


async def test_a_date_that_moves_is_reminded_of_anew(database: Database) -> None:
    async with database.transaction() as db:
        team, event = await a_date(db)
        await remind(db, event.hub_id, FORTNIGHT)
        event.day, event.starts_at = DAY - timedelta(days=1), event.starts_at - timedelta(days=1)
        event.ends_at -= timedelta(days=1)
        await db.flush()
        assert await remind(db, event.hub_id, FORTNIGHT) == 1 + len(team.participants)


async def test_proposed_and_cancelled_dates_are_not_reminded_of(database: Database) -> None:
    async with database.transaction() as db:
        _, event = await a_date(db)
        for status in ("tentative", "cancelled"):
            event.status = status
            await db.flush()
            assert await remind(db, event.hub_id, FORTNIGHT) == 0


async def a_reader(db: AsyncSession, *stopped: Kind) -> tuple[uuid.UUID, uuid.UUID]:
    hub = await a_hub(db)
    person = await a_person(db, hub, email="jo@school.example")
    db.add(MailChoice(person_id=person.id, hub_id=hub.id, digest=True, stopped=[*stopped]))
    await db.flush()
    return hub.id, person.id


def written(person_id: uuid.UUID, subject: str, kind: Kind = Kind.GROUP) -> Written:
    links = {"see": ("page", f"/{subject}")}
    return Written(kind, "jo@school.example", subject, "Hello Jo\n\nLook: {see}", person_id, links)


async def test_what_could_wait_comes_as_one_message_in_order(database: Database) -> None:
    async with database.transaction() as db:
        hub_id, person_id = await a_reader(db)
        ids = await post(db, hub_id, [written(person_id, "First"), written(person_id, "Second")], MONDAY)
        assert await gather(db, hub_id, MONDAY + timedelta(hours=1)) == 0
        assert await gather(db, hub_id, TUESDAY) == 1
        assert await gather(db, hub_id, TUESDAY) == 0
        digest = (await db.execute(select(Message).where(col(Message.kind) == "digest"))).scalar_one()
        assert (digest.subject, digest.state) == ("2 messages, Tuesday 24 November 2026", "waiting")
        assert digest.text.index("First") < digest.text.index("Second")
        assert [one["id"] for one in digest.links.values()] == ["/First", "/Second"]
        await outbox.sent(db, digest, TUESDAY)
        for key in ids:
            row = await db.get_one(Message, key, populate_existing=True)
            assert (row.state, row.digest_id, row.sent_at) == ("sent", digest.id, TUESDAY)


async def test_with_nothing_to_say_there_is_no_message(database: Database) -> None:
    async with database.transaction() as db:
        hub_id, _ = await a_reader(db)
        assert await gather(db, hub_id, TUESDAY) == 0


async def test_what_was_stopped_meanwhile_is_left_out(database: Database) -> None:
    async with database.transaction() as db:
        hub_id, person_id = await a_reader(db)
        await post(db, hub_id, [written(person_id, "Gone"), written(person_id, "Here", Kind.RECORD)], MONDAY)
        (await db.get_one(MailChoice, person_id)).stopped = ["group"]
        await db.flush()
        assert await gather(db, hub_id, TUESDAY) == 1
        digest = (await db.execute(select(Message).where(col(Message.kind) == "digest"))).scalar_one()
        gone = (await db.execute(select(Message).where(col(Message.kind) == "group"))).scalar_one()
    assert digest.subject == "Here"
    assert gone.state == "stopped"
