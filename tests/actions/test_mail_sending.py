"""Messages in a real SMTP conversation: their parts and headers, refusals, tries, and that each leaves once."""

import asyncio
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtplib import SMTPException
from icalendar import Calendar
from sqlalchemy import event, select, text
from sqlmodel import col

from app.actions.mail.sending import Office, send
from app.domain.mail.kinds import Kind
from app.kit.links import read_link
from app.models.mail import MailChoice, Message
from app.models.people import Person
from app.models.trail import TrailEntry
from app.settings import read_settings
from app.store.database import Database
from app.store.mail import outbox
from app.store.mail.posting import Written, post
from tests.makers import NOW, a_hub, a_person
from tests.postbox import Postbox, Server

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
INVITE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Halfterm//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:one@example\r\n"
    "DTSTAMP:20261123T100000Z\r\nDTSTART:20261210T091500Z\r\nDTEND:20261210T120000Z\r\nSEQUENCE:2\r\n"
    "SUMMARY:Work Group at Ysgol Tŷ Gwyn\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    postbox = Postbox()
    running = Server(postbox)
    running.start()
    yield postbox
    running.stop()


@pytest.fixture
def postbox(server: Postbox) -> Postbox:
    server.clear()
    return server


def the_office(database: Database, postbox: Postbox) -> Office:
    settings = read_settings(
        smtp_url=postbox.url,
        base_url="https://halfterm.example",
        mail_from="Halfterm <post@halfterm.example>",
        mail_replies="answers@halfterm.example",
    )
    return Office(settings, database, lambda: MONDAY)


async def posted(database: Database, *letters: Written, now: datetime = MONDAY) -> list[Message]:
    """A hub with one person, and these messages to them."""
    async with database.transaction() as db:
        hub = await a_hub(db, name="Moorland Maths Hub")
        person = await a_person(db, hub, email="jo@school.example")
        mine = [Written(**{**_fields(one), "person_id": person.id}) for one in letters]
        ids = await post(db, hub.id, mine, now)
    return await read(database, hub.id, ids)


def _fields(one: Written) -> dict[str, object]:
    return {name: getattr(one, name) for name in Written.__slots__}


async def read(database: Database, hub_id: uuid.UUID, ids: list[uuid.UUID]) -> list[Message]:
    async with database.transaction(hub_id) as db:
        return [await db.get_one(Message, one) for one in ids]


async def again(database: Database, row: Message) -> Message:
    return (await read(database, row.hub_id, [row.id]))[0]


A_REMINDER = Written(
    Kind.REMINDER,
    "jo@school.example",
    "Thursday 10 December 2026, Ysgol Tŷ Gwyn",
    "Hello Jo\n\nBring <scissors> & glue.\n\nSay whether you come: {answer}\n\nLook at https://halfterm.example/x.",
    links={"answer": ("answer", uuid.UUID(int=7)), "see": ("page", "/my/dates")},
)


async def test_a_message_says_the_same_as_text_and_as_html(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    office = the_office(database, postbox)
    await send(office, row.hub_id, row.id)
    (letter,) = postbox.letters
    assert letter["Subject"] == A_REMINDER.subject
    assert letter["From"] == "Halfterm <post@halfterm.example>"
    assert letter["Reply-To"] == "answers@halfterm.example"
    assert letter.get_content_type() == "multipart/alternative"
    said, drawn = (part.get_content() for part in letter.iter_parts())
    link = said.split("Say whether you come: ")[1].split()[0]
    token = link.removeprefix("https://halfterm.example/answer/")
    assert read_link(office.settings.secret, "answer", token) == (row.hub_id, uuid.UUID(int=7))
    assert f'<a class="button" href="{link}">Say whether you come</a>' in drawn
    assert "Bring &lt;scissors&gt; &amp; glue." in drawn
    assert '<a href="https://halfterm.example/x">https://halfterm.example/x</a>.' in drawn
    assert "You get this because you are part of Moorland Maths Hub." in said
    kept = await again(database, row)
    assert (kept.state, kept.sent_at, kept.message_id) == ("sent", MONDAY, letter["Message-ID"])
    assert token not in kept.html, "the copy holds no personal link"


async def test_what_can_be_stopped_says_how_in_one_click(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    office = the_office(database, postbox)
    await send(office, row.hub_id, row.id)
    (letter,) = postbox.letters
    address = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token, _, query = address.removeprefix("https://halfterm.example/unsubscribe/").partition("?")
    assert read_link(office.settings.secret, "unsubscribe", token) == (row.hub_id, row.person_id)
    assert query == "kind=reminder"
    assert address in "".join(str(letter.get_body(("plain",)).get_content()).split("\n"))  # type: ignore[union-attr]


async def test_what_cannot_be_stopped_does_not_say_so(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, Written(Kind.OFFICE, "jo@school.example", "Your data", "Here is what we hold."))
    await send(the_office(database, postbox), row.hub_id, row.id)
    assert "List-Unsubscribe" not in postbox.letters[0]


async def test_an_invitation_is_a_part_for_mail_programs_and_a_file(database: Database, postbox: Postbox) -> None:
    invitation = Written(Kind.INVITATION, "jo@school.example", "A date", "Come.", calendar=INVITE, method="REQUEST")
    (row,) = await posted(database, invitation)
    await send(the_office(database, postbox), row.hub_id, row.id)
    (letter,) = postbox.letters
    assert letter.get_content_type() == "multipart/mixed"
    alternative, file = letter.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [  # type: ignore[attr-defined]
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    part = list(alternative.iter_parts())[2]  # type: ignore[attr-defined]
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    date = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    assert (date["UID"], date["SEQUENCE"]) == ("one@example", 2)
    assert date["SUMMARY"] == "Work Group at Ysgol Tŷ Gwyn"
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_payload(decode=True) == INVITE.encode()


async def test_a_job_that_runs_twice_sends_once(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    office = the_office(database, postbox)
    await asyncio.gather(*(send(office, row.hub_id, row.id) for _ in range(2)))
    await send(office, row.hub_id, row.id)
    assert len(postbox.letters) == 1


async def test_an_address_that_is_refused_for_good_bounces(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    postbox.refuses["jo@school.example"] = ["550 5.1.1 No such person here"]
    await send(the_office(database, postbox), row.hub_id, row.id)
    kept = await again(database, row)
    assert (kept.state, kept.because) == ("bounced", "550 5.1.1 No such person here")
    async with database.transaction(row.hub_id) as db:
        choice = await db.get_one(MailChoice, row.person_id)
    assert (choice.bounced_at, choice.bounced_because) == (MONDAY, "550 5.1.1 No such person here")
    assert not postbox.letters


async def test_an_address_that_is_busy_is_tried_again(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    office = the_office(database, postbox)
    postbox.refuses["jo@school.example"] = ["451 4.7.1 Come back later"]
    with pytest.raises(SMTPException):
        await send(office, row.hub_id, row.id)
    assert (await again(database, row)).state == "waiting"
    await send(office, row.hub_id, row.id)
    assert (await again(database, row)).state == "sent"
    assert len(postbox.letters) == 1


async def test_the_last_try_says_on_the_message_that_it_did_not_leave(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    postbox.refuses["jo@school.example"] = ["451 4.7.1 Come back later"]
    await send(the_office(database, postbox), row.hub_id, row.id, last=True)
    kept = await again(database, row)
    assert kept.state == "failed"
    assert "Come back later" in kept.because


async def test_an_address_that_is_none_is_not_tried_again(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, Written(Kind.OFFICE, "nobody at all", "Your data", "Here."))
    await send(the_office(database, postbox), row.hub_id, row.id)
    assert (await again(database, row)).state in {"failed", "bounced"}


async def test_whoever_has_left_is_written_to_about_their_data_only(database: Database, postbox: Postbox) -> None:
    rows = await posted(database, A_REMINDER, Written(Kind.OFFICE, "jo@school.example", "Your data", "Here."))
    async with database.transaction(rows[0].hub_id) as db:
        (await db.get_one(Person, rows[0].person_id)).left_on = NOW.date()
    for row in rows:
        await send(the_office(database, postbox), row.hub_id, row.id)
    assert [letter["Subject"] for letter in postbox.letters] == ["Your data"]
    assert (await again(database, rows[0])).because == "They have left the hub."


async def test_a_notice_that_it_could_not_be_delivered_finds_its_message(database: Database, postbox: Postbox) -> None:
    (row,) = await posted(database, A_REMINDER)
    await send(the_office(database, postbox), row.hub_id, row.id)
    header = str(postbox.letters[0]["Message-ID"])
    async with database.transaction(row.hub_id) as db:
        assert await outbox.bounced(db, "<nobody@nowhere>", "5.1.1", NOW) is None
        found = await outbox.bounced(db, f" {header} ", "5.1.1 unknown", NOW)
        assert found is not None
        assert found.id == row.id
    assert (await again(database, row)).state == "bounced"


async def test_messages_are_in_the_trail_and_wait_for_quiet_hours(database: Database) -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    (row,) = await posted(database, A_REMINDER, now=late)
    assert row.due_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    async with database.transaction(row.hub_id) as db:
        jobs = text("SELECT scheduled_at - now() FROM procrastinate_jobs WHERE task_name = 'send_message'")
        wait = (await db.execute(jobs)).scalar_one()
        entry = (await db.execute(select(TrailEntry).where(col(TrailEntry.did) == "Mailed"))).scalar_one()
    assert timedelta(hours=10, minutes=59) < wait <= timedelta(hours=11)
    assert (entry.about, entry.kind, entry.thing_id) == (row.subject, "person", str(row.person_id))
    assert entry.facts["message"] == str(row.id)


async def test_many_messages_take_as_many_statements_as_one(database: Database) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    counts = []
    for many in (1, 30):
        async with database.transaction() as db:
            hub = await a_hub(db)
            letters = [Written(Kind.GROUP, f"p{one}@school.example", "Hello", "Hello") for one in range(many)]
            seen.clear()
            assert len(set(await post(db, hub.id, letters, MONDAY))) == many
            await db.flush()
            counts.append(len(seen))
    assert counts[0] == counts[1], "the jobs aside, which go by a connection of their own"


async def test_nothing_to_post_is_nothing_done(database: Database) -> None:
    async with database.transaction() as db:
        assert await post(db, uuid.uuid4(), [], MONDAY) == []
