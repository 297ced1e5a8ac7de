"""Messages on pages: the log, writing to a group, templates, own choices, and the link that stops a kind."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.domain.access import Role
from app.domain.mail.choices import State
from app.domain.mail.kinds import Kind
from app.kit.links import signed_link
from app.models.mail import MailChoice, MailTemplate, Message
from app.models.trail import TrailEntry
from app.settings import read_settings
from app.store.database import Database
from app.store.mail.posting import Written, post
from tests.makers import NOW, Team, a_group, a_meeting, a_person, sign_in
from tests.routers.desks import Desk

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


async def a_team(desk: Desk) -> Team:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub)
        await a_meeting(db, team)
    return team


async def some_mail(desk: Desk, *letters: Written) -> list[Message]:
    async with desk.database.transaction(desk.hub.id) as db:
        ids = await post(db, desk.hub.id, letters, NOW)
        return [await db.get_one(Message, key) for key in ids]


def to_me(desk: Desk, kind: Kind, subject: str, text: str = "Hello") -> Written:
    return Written(kind, desk.me.email, subject, text, desk.me.id, {"answer": ("answer", desk.me.id)})


async def test_the_office_reads_what_was_written_and_narrows_it(desk: Desk) -> None:
    await some_mail(desk, to_me(desk, Kind.REMINDER, "Soon"), to_me(desk, Kind.GROUP, "Cake", "Bring a cake."))
    page = await desk.get("/messages")
    assert "Soon" in page
    assert "Cake" in page
    assert "Soon" not in await desk.get("/messages?kind=group")
    assert "Soon" not in await desk.get("/messages?q=cake")
    assert "Soon" not in await desk.get("/messages?state=sent")
    assert "Soon" in await desk.get("/messages?person=lane&state=waiting&sort=to")
    assert "Bring" not in await desk.get("/messages?format=csv")
    assert await desk.queries_of("/messages") == await desk.queries_of("/messages?kind=group")


async def test_one_message_is_shown_as_it_was_sent_without_its_personal_link(desk: Desk) -> None:
    (row,) = await some_mail(desk, to_me(desk, Kind.REMINDER, "Soon", "Say whether you come: {answer}"))
    page = await desk.get(f"/messages/{row.id}")
    assert "Say whether you come: [personal link]" in page
    assert "Halfterm wrote it." in page


async def test_what_concerns_records_or_rights_is_not_read_by_the_office(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        other = await a_person(db, desk.hub)
    rows = await some_mail(
        desk,
        *(Written(kind, other.email, "Concerning you", "Secret.", other.id) for kind in (Kind.RECORD, Kind.OFFICE)),
    )
    for row in rows:
        page = await desk.get(f"/messages/{row.id}")
        assert "Secret." not in page
        assert "Its text is shown to its reader alone." in page
    assert "Concerning you" not in await desk.get("/messages?q=secret")


async def bounce(desk: Desk, row: Message) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        gone = update(Message).where(col(Message.id) == row.id)
        await db.execute(gone.values(state=State.BOUNCED.value, because="550 nobody"))
        db.add(MailChoice(person_id=row.person_id, hub_id=desk.hub.id, bounced_at=NOW, bounced_because="550 nobody"))


async def test_what_came_back_is_a_need_until_it_is_sent_again_to_the_address_of_today(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        other = await a_person(db, desk.hub, email="old@school.example")
    (row,) = await some_mail(desk, Written(Kind.REMINDER, other.email, "Soon", "Soon", other.id))
    assert "comes back" not in await desk.get("")
    await bounce(desk, row)
    assert "Mail to 1 person comes back." in await desk.get("")
    assert (await desk.post(f"/messages/{row.id}/again")).status_code == 303
    assert "comes back" not in await desk.get("")
    states = {one.state for one in await desk.rows(Message, col(Message.subject) == "Soon")}
    assert states == {"bounced", "waiting"}
    assert (await desk.post(f"/messages/{row.id}/take-back")).status_code == 409


async def test_a_message_to_a_group_is_looked_at_sent_and_taken_back(desk: Desk) -> None:
    team = await a_team(desk)
    text = "Hello {name}\n\n{group} meets {next meeting}."
    form = {"groups": str(team.group.id), "subject": "News of {group}", "text": text}
    seen = (await desk.post("/messages/new", **form)).text
    assert "Send this to 3 people?" in seen
    assert f"News of {team.group.code}" in seen
    assert "2026 at 9.15am, at " in seen
    assert not await desk.rows(Message), "nothing leaves before it is confirmed"
    kept = {name: value for name, value in HIDDEN.findall(seen) if name != "csrf"}
    sent = await desk.post("/messages/send", **kept)
    assert sent.status_code == 303
    rows = await desk.rows(Message)
    assert {row.person_id for row in rows} == {team.leader.id, *(one.id for one in team.participants)}
    assert all(row.made_by == desk.me.id and row.due_at >= NOW + timedelta(minutes=2) for row in rows)
    assert rows[0].text.startswith("Hello Person ")
    batch = sent.headers["location"]
    assert "3 of these messages have not left yet." in (await desk.client.get(batch)).text
    assert (await desk.post(f"/messages/{rows[0].id}/take-back")).status_code == 303
    assert {row.state for row in await desk.rows(Message)} == {"stopped"}
    assert {one.did for one in await desk.rows(TrailEntry)} >= {"Mailed", "Wrote", "Took back"}
    assert (await desk.post(f"/messages/{rows[0].id}/take-back")).status_code == 409


async def test_what_cannot_be_sent_keeps_its_words_and_says_why(desk: Desk) -> None:
    await a_team(desk)
    answer = await desk.post("/messages/new", subject="Hello {school}", text="")
    assert answer.status_code == 422
    assert "Choose at least one Work Group, or a role." in answer.text
    assert "Nobody can fill in {school}." in answer.text
    assert "Write your message." in answer.text
    nobody = await desk.post("/messages/new", roles="board", subject="Hello", text="Hello")
    assert "Nobody there has an e-mail address, but you." in nobody.text
    assert 'value="Hello"' in (await desk.post("/messages/new/change", subject="Hello", text="")).text


async def test_the_office_writes_to_everyone_of_a_role(desk: Desk) -> None:
    await a_team(desk)
    assert (
        "Send this to 1 person?" in (await desk.post("/messages/new", roles="specialist", subject="A", text="B")).text
    )
    assert "Send this to 3 people?" in (await desk.post("/messages/new", roles="everyone", subject="A", text="B")).text


async def test_a_leader_writes_to_their_own_groups_and_sees_only_what_they_wrote(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open(Role.COORDINATOR)
    mine, others = await a_team(desk), await a_team(desk)
    await some_mail(desk, to_me(desk, Kind.REMINDER, "Not theirs"))
    async with database.transaction(desk.hub.id) as db:
        desk.csrf = await sign_in(db, client, mine.leader)
    form = await desk.get("/messages/new")
    assert mine.group.code in form
    assert others.group.code not in form
    assert "Everyone in the hub" not in form
    words = {"subject": "Hello", "text": "Hello"}
    assert (await desk.post("/messages/send", groups=str(others.group.id), **words)).status_code == 422
    assert (await desk.post("/messages/send", groups=str(mine.group.id), roles="everyone", **words)).status_code == 303
    page = await desk.get("/messages")
    assert "Not theirs" not in page
    assert page.count('data-label="Written"') == len(mine.participants)


async def test_templates_are_copied_changed_used_and_removed(desk: Desk) -> None:
    assert "Templates that come with Halfterm" in await desk.get("/templates")
    copied = await desk.post("/templates/copy", which="before")
    (row,) = await desk.rows(MailTemplate)
    assert copied.headers["location"] == f"{desk.home}/templates/{row.id}/edit"
    assert (await desk.post("/templates/copy", which="before")).status_code == 422
    changed = {"name": "Ours", "subject": "We meet", "text": "Hello {name}"}
    assert (await desk.post(f"/templates/{row.id}/edit", version="1", **changed)).status_code == 303
    assert (await desk.post(f"/templates/{row.id}/edit", version="1", **changed)).status_code == 412
    assert (await desk.post("/templates/new", **changed)).status_code == 422
    assert 'value="We meet"' in await desk.get(f"/messages/new?template={row.id}")
    assert (await desk.post(f"/templates/{row.id}/remove")).status_code == 303
    assert not await desk.rows(MailTemplate)


async def test_own_copies_and_what_is_wanted_by_mail(desk: Desk) -> None:
    await some_mail(desk, to_me(desk, Kind.RECORD, "A record", "It waits."), to_me(desk, Kind.GROUP, "Cake"))
    page = (await desk.client.get("/my/messages")).text
    assert "It waits." in page, "one's own is read by oneself"
    assert "Cake" not in (await desk.client.get("/my/messages?kind=record")).text
    form = {"hub": desk.hub.code, "kinds": ["reminder", "change"], "digest": "yes", "csrf": desk.csrf}
    assert (await desk.client.post("/my/messages", data=form)).status_code == 303
    (choice,) = await desk.rows(MailChoice)
    assert choice.digest
    assert {"group", "record"} <= set(choice.stopped)
    assert not {"reminder", "change", "office"} & set(choice.stopped)
    rows = await some_mail(desk, to_me(desk, Kind.GROUP, "More cake"), to_me(desk, Kind.REMINDER, "Soon"))
    assert [row.state for row in rows] == ["stopped", "gathered"]
    assert "More cake" in (await desk.client.get("/my/messages")).text


async def test_a_link_stops_its_kind_in_one_click_and_lets_it_come_again(desk: Desk) -> None:
    secret = read_settings(now=NOW).secret
    here = f"/unsubscribe/{signed_link(secret, 'unsubscribe', desk.hub.id, desk.me.id)}?kind=reminder"
    desk.client.cookies.clear()
    assert "Stop these messages?" in (await desk.client.get(here)).text
    assert not await desk.rows(MailChoice), "looking changes nothing"
    one_click = await desk.client.post(here, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert [row.stopped for row in await desk.rows(MailChoice)] == [["reminder"]]
    undo = dict(HIDDEN.findall(one_click.text))
    assert undo == {"undo": "reminder"}
    assert "Stop these messages?" in (await desk.client.post(here, data=undo)).text
    assert [row.stopped for row in await desk.rows(MailChoice)] == [[]]


async def test_the_link_of_a_message_of_the_day_stops_all_that_comes_in_it(desk: Desk) -> None:
    secret = read_settings(now=NOW).secret
    link = f"/unsubscribe/{signed_link(secret, 'unsubscribe', desk.hub.id, desk.me.id)}"
    await desk.client.post(f"{link}?kind=digest")
    (choice,) = await desk.rows(MailChoice)
    assert {"reminder", "group", "record"} <= set(choice.stopped)
    assert "cannot be stopped" in (await desk.client.post(f"{link}?kind=office")).text
    assert (await desk.client.get("/unsubscribe/nothing?kind=group")).status_code == 410


async def test_a_hub_sets_its_quiet_hours(desk: Desk) -> None:
    assert 'value="18:30"' in await desk.get("/quiet-hours")
    assert (await desk.post("/quiet-hours", version="1", since="late", until="8am")).status_code == 422
    assert (await desk.post("/quiet-hours", version="1", since="5pm", until="8am")).status_code == 303
    assert (await desk.post("/quiet-hours", version="1", since="5pm", until="8am")).status_code == 412
    assert 'value="17:00"' in await desk.get("/quiet-hours")
