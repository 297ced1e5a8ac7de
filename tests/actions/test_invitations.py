"""Invitations leave by mail with what feeds say, answers come back as programs write them, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlmodel import col

from app.actions.access import Actor
from app.actions.feeds import inviting, receiving
from app.actions.feeds.inviting import Mailbox
from app.actions.mail.sending import Office, send
from app.actions.meetings import answering, events
from app.actions.meetings.answering import Said
from app.cli.mail import read
from app.domain.feeds import feed_event
from app.domain.meetings.answers import StandIn
from app.models.mail import IncomingMail, MailChoice, Message
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Person
from app.models.trail import TrailEntry
from app.render.feeds import event_piece
from app.settings import Settings, read_settings
from app.store import people
from app.store.database import Database
from app.store.feeds import event_changed
from app.store.feeds.facts import event_facts
from app.store.feeds.rows import guests_of
from tests.feeds.answers import CLIENTS, Told, apple, away, broken, google, report
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, a_school
from tests.postbox import Postbox, Server

MAILBOX = Mailbox("http://127.0.0.1:8000", "halfterm@localhost")


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    server = Server(Postbox())
    server.start()
    yield server.postbox
    server.stop()


@dataclass
class World:
    """A meeting of three teachers and their leader, and where its mail goes."""

    database: Database
    settings: Settings
    postbox: Postbox
    team: Team
    event: Event

    async def act(self, db: Any, person: Person | None = None) -> Actor:
        who = person or self.team.leader
        viewer = await people.viewer(db, who.account_id, who.email)
        member = viewer.member(who.hub_id)
        assert member is not None
        return Actor(db, viewer, member, NOW)

    async def invite(self) -> None:
        async with self.database.transaction(self.event.hub_id) as db:
            await inviting.invite(await self.act(db), [self.event.id], MAILBOX)

    async def in_step(self) -> int:
        async with self.database.transaction(self.event.hub_id) as db:
            return await inviting.keep_in_step(db, self.event.hub_id, [self.event.id], MAILBOX, NOW)

    async def change(self, **columns: Any) -> None:
        async with self.database.transaction(self.event.hub_id) as db:
            event = await db.get_one(Event, self.event.id)
            for name, value in columns.items():
                setattr(event, name, value)
            await event_changed(db, [event.id], NOW)

    async def post(self) -> dict[str, EmailMessage]:
        """Send what waits; the letters by address."""
        self.postbox.clear()
        async with self.database.transaction(self.event.hub_id) as db:
            waiting = list((await db.execute(select(col(Message.id)).where(col(Message.state) == "waiting"))).scalars())
        office = Office(self.settings, self.database, lambda: NOW)
        for message_id in waiting:
            await send(office, self.event.hub_id, message_id)
        return {str(one["To"]): one for one in self.postbox.letters}

    async def take(self, *messages: bytes) -> dict[str, int]:
        inbox = receiving.Inbox(self.database, self.settings.data_dir)
        given = [(str(number), raw) for number, raw in enumerate(messages)]
        return dict(await receiving.take_given(inbox, given, NOW))

    async def said(self) -> dict[str, tuple[str, str]]:
        async with self.database.transaction(self.event.hub_id) as db:
            found = await db.execute(
                select(col(Person.email), col(Invitation.answer), col(Invitation.because)).join(
                    Invitation, col(Invitation.person_id) == col(Person.id)
                )
            )
            return {row[0]: (row[1], row[2]) for row in found.all() if row[1]}

    async def filed(self) -> list[IncomingMail]:
        async with self.database.transaction(self.event.hub_id) as db:
            return list((await db.execute(select(IncomingMail).order_by(col(IncomingMail.because)))).scalars())


@pytest.fixture
async def world(database: Database, owner: str, postbox: Postbox, tmp_path: Path) -> AsyncIterator[World]:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub, schools=3)
        event = await a_meeting(db, team)
        event.starts_at, event.ends_at = NOW + timedelta(days=5), NOW + timedelta(days=5, hours=3)
        await event_changed(db, [event.id], NOW - timedelta(days=10))
    settings = read_settings(now=NOW, data_dir=tmp_path, database_url=owner, smtp_url=postbox.url)
    return World(database, settings, postbox, team, event)


def part_of(letter: EmailMessage) -> bytes:
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            return body
    raise AssertionError("no calendar part")


async def piece_of(world: World) -> bytes:
    async with world.database.transaction(world.event.hub_id) as db:
        facts = (await event_facts(db, [world.event.id]))[world.event.id]
        return event_piece(feed_event(facts, MAILBOX.address))


SAME = ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "LAST-MODIFIED", "URL")


async def test_an_invitation_says_what_the_feed_says_to_each_person_alone(world: World) -> None:
    await world.invite()
    letters = await world.post()
    everybody = [world.team.leader, *world.team.participants]
    assert sorted(letters) == sorted(one.email for one in everybody)
    shown = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + await piece_of(world) + b"END:VCALENDAR\r\n").walk("VEVENT")[0]
    body = part_of(letters[world.team.participants[0].email])
    asked = Calendar.from_ical(body)
    event = asked.walk("VEVENT")[0]
    assert asked["METHOD"] == "REQUEST"
    assert {name: event[name].to_ical() for name in SAME} == {name: shown[name].to_ical() for name in SAME}
    assert body.count(b"BEGIN:VTIMEZONE") == 1
    guest = event["ATTENDEE"]
    assert guest == f"mailto:{world.team.participants[0].email}"
    assert (guest.params["PARTSTAT"], guest.params["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    assert event["ORGANIZER"] == "mailto:halfterm@localhost"
    assert b"\r\nEND:VCALENDAR\r\n" in body
    assert await world.in_step() == 0, "nothing twice for one SEQUENCE"


@pytest.mark.parametrize(
    ("client", "said", "answer"),
    [("Google", "ACCEPTED", "yes"), ("Outlook", "DECLINED", "no"), ("Apple", "TENTATIVE", "maybe")],
)
async def test_an_answer_by_mail_is_taken_as_each_program_writes_it(
    world: World, client: str, said: str, answer: str
) -> None:
    await world.invite()
    ann = world.team.participants[0].email
    told = Told(world.event.uid, ann, said, because="Training")
    assert await world.take(CLIENTS[client](told)) == {"answered": 1}
    assert await world.said() == {ann: (answer, "Training")}
    assert await world.take(CLIENTS[client](told)) == {"older": 1}
    assert not await world.filed()


async def test_the_command_reads_the_folder_and_moves_what_it_took(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.invite()
    folder = world.settings.data_dir / "inbox"
    folder.mkdir()
    guests = [one.email for one in world.team.participants]
    for who, (name, write) in zip(guests, CLIENTS.items(), strict=True):
        (folder / f"{name}.eml").write_bytes(write(Told(world.event.uid, who)))
    monkeypatch.setenv("HALFTERM_DATA_DIR", str(world.settings.data_dir))
    monkeypatch.setenv("HALFTERM_DATABASE_URL", str(world.settings.database_url))
    monkeypatch.setenv("HALFTERM_NOW", NOW.isoformat())
    await asyncio.to_thread(read, None)
    assert capsys.readouterr().out == "3 answered an invitation\n"
    assert await world.said() == dict.fromkeys(guests, ("yes", ""))
    assert not list(folder.glob("*.eml"))
    assert len(list((folder / "read").glob("*.eml"))) == 3


async def test_what_no_program_can_read_is_filed_once_and_nothing_is_lost(world: World) -> None:
    await world.invite()
    messages = broken(Told(world.event.uid, world.team.participants[0].email))
    assert len(messages) == 10
    assert await world.take(*messages.values()) == {"filed": 10}
    assert await world.take(*messages.values()) == {"known": 10}
    filed = await world.filed()
    assert sorted(one.raw for one in filed) == sorted(messages.values())
    assert all(one.because.endswith(".") for one in filed)
    assert await world.said() == {}


async def test_a_moved_date_asks_again_and_an_answer_to_the_old_one_is_filed(world: World) -> None:
    await world.invite()
    ann = world.team.participants[0].email
    await world.take(google(Told(world.event.uid, ann, stamp="20261121T090000Z")))
    await world.change(notes="Bring counters.")
    assert (await world.said())[ann][0] == "yes", "another change keeps the answer"
    assert await world.in_step() == 4
    letters = await world.post()
    kept = Calendar.from_ical(part_of(letters[ann])).walk("VEVENT")[0]
    assert (kept["SEQUENCE"], kept["ATTENDEE"].params["PARTSTAT"]) == (1, "ACCEPTED")
    await world.change(starts_at=NOW + timedelta(days=6), ends_at=NOW + timedelta(days=6, hours=3))
    assert await world.said() == {}
    assert await world.in_step() == 4
    letters = await world.post()
    moved = Calendar.from_ical(part_of(letters[ann])).walk("VEVENT")[0]
    assert (moved["SEQUENCE"], moved["ATTENDEE"].params["PARTSTAT"]) == (2, "NEEDS-ACTION")
    text = letters[ann].get_body(("plain",))
    assert text is not None
    assert "For the earlier date your answer was yes" in text.get_content()
    assert await world.take(apple(Told(world.event.uid, ann, sequence=1, stamp="20261121T095900Z"))) == {"filed": 1}
    (filed,) = await world.filed()
    assert filed.because == "It answers an earlier date: the event has moved since."
    assert await world.take(apple(Told(world.event.uid, ann, sequence=2))) == {"answered": 1}


async def test_a_cancelled_date_a_lost_place_and_one_brought_back_are_mailed_once_each(world: World) -> None:
    await world.invite()
    lost = world.team.participants[0]
    async with world.database.transaction(world.event.hub_id) as db:
        await db.delete(await db.get_one(Booking, (world.event.id, lost.id)))
        await db.flush()
        await event_changed(db, [world.event.id], NOW, [lost.id])
    await world.post()
    assert await world.in_step() == 1
    letters = await world.post()
    gone = Calendar.from_ical(part_of(letters[lost.email]))
    assert (gone["METHOD"], "STATUS" in gone.walk("VEVENT")[0]) == ("CANCEL", False)
    async with world.database.transaction(world.event.hub_id) as db:
        await events.cancel(await world.act(db), world.event.id, 1)
    assert (await world.in_step(), await world.in_step()) == (3, 0)
    letters = await world.post()
    assert lost.email not in letters
    struck = Calendar.from_ical(part_of(letters[world.team.leader.email]))
    event = struck.walk("VEVENT")[0]
    assert (struck["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    async with world.database.transaction(world.event.hub_id) as db:
        await events.bring_back(await world.act(db), world.event.id, 2)
    assert (await world.in_step(), await world.in_step()) == (3, 0)
    letters = await world.post()
    back = Calendar.from_ical(part_of(letters[world.team.leader.email]))
    assert (back["METHOD"], back.walk("VEVENT")[0]["SEQUENCE"]) == ("REQUEST", 2)


async def test_whoever_is_invited_gets_no_second_letter_of_a_change(world: World) -> None:
    unwilling = world.team.participants[0]
    async with world.database.transaction(world.event.hub_id) as db:
        db.add(MailChoice(person_id=unwilling.id, hub_id=unwilling.hub_id, stopped=["invitation"]))
    await world.invite()
    async with world.database.transaction(world.event.hub_id) as db:
        left = await guests_of(db, [world.event.id])
    assert [email for (_, email), _ in left] == [unwilling.email]


async def test_the_same_change_by_two_jobs_at_once_is_mailed_once(world: World) -> None:
    await world.invite()
    await world.change(notes="Bring counters.")
    assert sorted(await asyncio.gather(world.in_step(), world.in_step())) == [0, 4]


async def test_reports_mark_the_message_and_automatic_answers_are_dropped(world: World) -> None:
    await world.invite()
    await world.post()
    ann = world.team.participants[0].email
    async with world.database.transaction(world.event.hub_id) as db:
        sent = (await db.execute(select(Message).where(col(Message.to) == ann))).scalar_one()
    assert await world.take(report(sent.message_id, ann), away(ann)) == {"bounced": 1, "automatic": 1}
    async with world.database.transaction(world.event.hub_id) as db:
        assert (await db.get_one(Message, sent.id)).state == "bounced"
    assert not await world.filed()


async def test_an_answer_to_another_hubs_event_goes_to_that_hub(world: World) -> None:
    await world.invite()
    async with world.database.transaction() as db:
        other = await a_hub(db)
        team = await a_group(db, other)
        event = await a_meeting(db, team)
    words = broken(Told("x", "nobody@elsewhere.example"))
    outcomes = await world.take(
        google(Told(event.uid, world.team.participants[0].email)),
        google(Told("unknown@elsewhere.example", "nobody@elsewhere.example")),
        words["only words"],
    )
    assert outcomes == {"filed": 1, "unsorted": 2}
    assert not await world.filed()
    assert len(list((world.settings.data_dir / "inbox" / "unsorted").glob("*.eml"))) == 2
    async with world.database.transaction(other.id) as db:
        (filed,) = (await db.execute(select(IncomingMail))).scalars()
    assert (filed.event_id, filed.person_id) == (event.id, None)


async def test_a_message_that_breaks_the_work_stays_where_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = world.settings.data_dir / "inbox"
    folder.mkdir()
    (folder / "one.eml").write_bytes(away("ann@school.example"))

    async def broken_off(*_: object) -> str:
        raise RuntimeError("the power went")

    monkeypatch.setattr(receiving, "_taken", broken_off)
    inbox = receiving.Inbox(world.database, world.settings.data_dir)
    assert await receiving.take_waiting(inbox, world.settings, NOW) == {"failed": 1}
    assert (folder / "one.eml").exists()


async def test_a_stand_in_of_the_hub_takes_a_place_and_gives_it_back(world: World) -> None:
    ann = world.team.participants[0]
    async with world.database.transaction(world.event.hub_id) as db:
        hub_school = await a_school(db)
        bo = await a_person(db, await hub_of(db, world), base_urn=hub_school.urn, name="Bo Reed")
        said = Said(ann.hub_id, (world.event.id, ann.id), "no", "Ill", StandIn(bo.id), how="link")
        assert await answering.answer(db, said, NOW)
        assert await db.get(Booking, (world.event.id, bo.id)) is not None
        assert not await answering.answer(db, said, NOW), "the same again changes nothing"
        assert await answering.answer(db, replace(said, answer="yes", because="", stand_in=StandIn()), NOW)
        gone = select(func.count()).select_from(Booking).where(col(Booking.person_id) == bo.id)
        assert (await db.execute(gone)).scalar_one() == 0
        told = (await db.execute(select(TrailEntry).where(col(TrailEntry.did) == "Answered"))).scalars().all()
        letters = (await db.execute(select(col(Message.subject)).where(col(Message.to) == bo.email))).scalars().all()
    assert "Ill" not in str([(one.before, one.after) for one in told])
    assert len(told) == 2
    assert sorted(one.split(":")[0] for one in letters) == [
        "You are no longer asked to come",
        f"You come in {ann.name}'s place",
    ]


async def test_whoever_loses_their_place_needs_nobody_in_it(world: World) -> None:
    ann = world.team.participants[0]
    async with world.database.transaction(world.event.hub_id) as db:
        bo = await a_person(db, await hub_of(db, world), name="Bo Reed")
        said = Said(ann.hub_id, (world.event.id, ann.id), "no", "", StandIn(bo.id))
        await answering.answer(db, said, NOW)
        await db.delete(await db.get_one(Booking, (world.event.id, ann.id)))
        await db.flush()
        await event_changed(db, [world.event.id], NOW, [ann.id])
        assert await db.get(Booking, (world.event.id, bo.id)) is None


async def test_of_two_answers_by_mail_the_one_written_later_counts_whenever_they_come(world: World) -> None:
    await world.invite()
    ann = world.team.participants[0].email
    later = google(Told(world.event.uid, ann, "DECLINED", stamp="20261121T085000Z"))
    earlier = google(Told(world.event.uid, ann, "ACCEPTED", stamp="20261121T084000Z"))
    assert await world.take(later) == {"answered": 1}
    assert await world.take(earlier) == {"older": 1}
    newest = google(Told(world.event.uid, ann, "TENTATIVE", stamp="20261121T085500Z"))
    assert await world.take(newest) == {"answered": 1}, "it was written before the first was read"
    assert (await world.said())[ann][0] == "maybe"


async def hub_of(db: Any, world: World) -> Any:
    from app.models.hubs import Hub

    return await db.get_one(Hub, world.event.hub_id)


async def test_a_stand_in_from_elsewhere_is_told_when_the_date_moves(world: World) -> None:
    ann = world.team.participants[0]
    async with world.database.transaction(world.event.hub_id) as db:
        cover = StandIn(None, "Cy Vale", "cy@elsewhere.example")
        await answering.answer(db, Said(ann.hub_id, (world.event.id, ann.id), "no", "", cover), NOW)
    await world.change(starts_at=NOW + timedelta(days=6), ends_at=NOW + timedelta(days=6, hours=3))
    async with world.database.transaction(world.event.hub_id) as db:
        found = select(col(Message.subject)).where(col(Message.to) == "cy@elsewhere.example").order_by(col(Message.id))
        subjects = (await db.execute(found)).scalars().all()
    assert len(subjects) == 2
    assert subjects[1].endswith("it has moved")


async def test_where_the_hub_invites_by_itself_everybody_is_asked_once_a_date_is_fixed(world: World) -> None:
    async with world.database.transaction(world.event.hub_id) as db:
        (await hub_of(db, world)).invites = True
    await world.change(notes="Bring counters.")
    assert (await world.in_step(), await world.in_step()) == (4, 0)
