"""Answers given on a page, by a link, and told to somebody; who may see and do what; mail handed over by a provider."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.domain.mail.incoming import signature_of
from app.kit.clock import clock_from
from app.kit.links import signed_link
from app.models.hubs import Hub
from app.models.mail import IncomingMail, Message
from app.models.meetings import Booking, Event, Invitation
from app.models.people import Person
from app.models.trail import TrailEntry
from app.routers.deps import World
from app.settings import read_settings
from app.store.database import Database
from app.store.feeds import event_changed
from tests.feeds.answers import Told, apple
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in


@dataclass
class Scene:
    """A meeting to come, its people and its office, and the browser that comes to it."""

    app: FastAPI
    client: httpx.AsyncClient
    database: Database
    hub: Hub
    team: Team
    event: Event
    office: Person
    row: uuid.UUID

    @property
    def here(self) -> str:
        return f"/hubs/{self.hub.code}/events/{self.event.id}"

    @property
    def ann(self) -> Person:
        return self.team.participants[0]

    @property
    def link(self) -> str:
        secret = self.app.state.world.settings.secret
        return f"/answer/{signed_link(secret, 'answer', self.hub.id, self.row)}"

    async def come_as(self, person: Person) -> str:
        async with self.database.transaction(self.hub.id) as db:
            return await sign_in(db, self.client, person)

    async def stands(self) -> Invitation:
        async with self.database.transaction(self.hub.id) as db:
            return await db.get_one(Invitation, self.row)

    async def over(self) -> None:
        async with self.database.transaction(self.hub.id) as db:
            event = await db.get_one(Event, self.event.id)
            event.starts_at, event.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)


@pytest.fixture
async def scene(app: FastAPI, client: httpx.AsyncClient) -> Scene:
    database: Database = app.state.world.database
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        event = await a_meeting(db, team, joining_link="https://meet.example/secret", notes="Bring counters.")
        office = await a_person(db, hub, Role.COORDINATOR)
        row = Invitation(hub_id=hub.id, event_id=event.id, person_id=team.participants[0].id)
        db.add(row)
        await event_changed(db, [event.id], NOW - timedelta(days=9))
    return Scene(app, client, database, hub, team, event, office, row.id)


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


async def test_a_scanner_that_opens_the_link_first_changes_nothing(scene: Scene) -> None:
    for _ in range(3):
        assert (await scene.client.get(scene.link)).status_code == 200
    assert (await scene.client.head(scene.link)).status_code in {200, 405}
    assert (await scene.stands()).answer == ""
    page = (await scene.client.get(scene.link)).text
    sent = {"answer": "no", "because": "Training", "version": version_in(page)}
    assert (await scene.client.post(scene.link, data=sent)).status_code == 303
    stands = await scene.stands()
    assert (stands.answer, stands.because, stands.how, stands.version) == ("no", "Training", "link", 2)


async def test_the_same_form_sent_again_changes_nothing_and_says_what_stands(scene: Scene) -> None:
    page = (await scene.client.get(scene.link)).text
    sent = {"answer": "yes", "version": version_in(page)}
    await scene.client.post(scene.link, data=sent)
    other = await scene.client.post(
        scene.link, data={"answer": "no", "version": sent["version"]}, follow_redirects=True
    )
    assert "Nothing was changed" in other.text
    assert "Yes, by the link in the mail" in other.text
    assert (await scene.stands()).answer == "yes"
    async with scene.database.transaction(scene.hub.id) as db:
        told = (await db.execute(select(TrailEntry).where(col(TrailEntry.did) == "Answered"))).scalars().all()
    assert [(one.after or {})["answer"] for one in told] == ["Yes"]


async def test_the_link_shows_that_date_and_nothing_of_anybody_else(scene: Scene) -> None:
    page = (await scene.client.get(scene.link)).text
    assert "Bring counters." in page
    others = [scene.team.participants[1].name, scene.team.participants[1].email, scene.ann.email, scene.office.name]
    assert not [one for one in others if f">{one}<" in page or f"{one}," in page]
    await scene.over()
    closed = (await scene.client.get(scene.link)).text
    assert "This date is over" in closed
    assert "Bring counters." not in closed
    refused = await scene.client.post(scene.link, data={"answer": "yes", "version": "1"})
    assert refused.status_code == 409
    assert (await scene.stands()).answer == ""


async def test_a_link_for_something_else_or_with_another_letter_is_not_there(scene: Scene) -> None:
    secret = scene.app.state.world.settings.secret
    for token in (
        signed_link(secret, "join", scene.hub.id, scene.row),
        signed_link(secret, "answer", scene.hub.id, uuid.uuid4()),
        signed_link(secret, "answer", uuid.uuid4(), scene.row),
        scene.link[8:-1] + ("A" if scene.link[-1] != "A" else "B"),
    ):
        assert (await scene.client.get(f"/answer/{token}")).status_code == 404
        assert (await scene.client.post(f"/answer/{token}", data={"answer": "yes", "version": "1"})).status_code == 404


async def test_whoever_lost_their_place_sees_no_more_of_the_date(scene: Scene) -> None:
    async with scene.database.transaction(scene.hub.id) as db:
        await db.delete(await db.get_one(Booking, (scene.event.id, scene.ann.id)))
    page = (await scene.client.get(scene.link)).text
    assert "You no longer have a place" in page
    assert "Bring counters." not in page


async def test_my_dates_take_an_answer_with_one_press(scene: Scene) -> None:
    csrf = await scene.come_as(scene.team.participants[1])
    page = (await scene.client.get("/my/dates")).text
    assert "1 date to come has no answer of yours yet." in page
    assert f'action="{scene.here}/answer"' in page
    sent = {"csrf": csrf, "version": version_in(page), "quick": "yes", "answer": "no"}
    told = await scene.client.post(f"{scene.here}/answer", data=sent, follow_redirects=True)
    assert "Your answer is no." in told.text
    csv = (await scene.client.get("/my/dates?answer=no&format=csv")).text
    assert csv.splitlines()[1].split(",")[-2] == "No"


async def test_a_stand_in_must_have_a_name_and_an_address(scene: Scene) -> None:
    csrf = await scene.come_as(scene.ann)
    sent = {"csrf": csrf, "version": "1", "answer": "no", "stand_in": "other", "stand_in_email": "not an address"}
    refused = await scene.client.post(f"{scene.here}/answer", data=sent)
    assert refused.status_code == 422
    assert "Write their name." in refused.text
    sent |= {"stand_in_name": "Cy Vale", "stand_in_email": "cy@elsewhere.example"}
    assert (await scene.client.post(f"{scene.here}/answer", data=sent)).status_code == 303
    async with scene.database.transaction(scene.hub.id) as db:
        (letter,) = (await db.execute(select(Message).where(col(Message.to) == "cy@elsewhere.example"))).scalars()
    assert "named you to come in their place" in letter.text


async def test_a_press_of_one_button_keeps_why_and_who_comes_instead_until_it_is_a_yes(scene: Scene) -> None:
    first = {"answer": "no", "because": "Training", "version": "1"}
    cover = {"stand_in_name": "Cy Vale", "stand_in_email": "cy@elsewhere.example"}
    await scene.client.post(scene.link, data=first | cover)
    csrf = await scene.come_as(scene.ann)
    for version, said in (("2", "maybe"), ("3", "yes")):
        sent = {"csrf": csrf, "version": version, "quick": "yes", "answer": said}
        await scene.client.post(f"{scene.here}/answer", data=sent)
        stands = await scene.stands()
        left = ("Training", "Cy Vale") if said == "maybe" else ("", "")
        assert (stands.answer, stands.because, stands.stand_in_name) == (said, *left)


async def test_reasons_are_for_the_leader_the_office_and_the_person_alone(scene: Scene) -> None:
    await scene.client.post(scene.link, data={"answer": "no", "because": "Hospital", "version": "1"})
    for person, seen in ((scene.team.leader, 200), (scene.office, 200), (scene.team.participants[1], 403)):
        await scene.come_as(person)
        page = await scene.client.get(f"{scene.here}/people")
        assert page.status_code == seen
        assert ("Hospital" in page.text) == (seen == 200)
        assert "Hospital" not in (await scene.client.get(scene.here)).text


async def test_the_office_writes_down_what_somebody_told_it(scene: Scene) -> None:
    csrf = await scene.come_as(scene.office)
    address = f"{scene.here}/people/{scene.ann.id}"
    page = (await scene.client.get(address)).text
    sent = {"csrf": csrf, "version": version_in(page), "answer": "maybe"}
    assert (await scene.client.post(address, data=sent)).status_code == 303
    stands = await scene.stands()
    assert (stands.answer, stands.how) == ("maybe", "office")
    async with scene.database.transaction(scene.hub.id) as db:
        (told,) = (await db.execute(select(TrailEntry).where(col(TrailEntry.did) == "Answered"))).scalars()
    assert (told.who, told.person_id) == (scene.office.name, scene.office.id)
    assert scene.ann.name in told.about


async def test_those_without_an_answer_are_asked_again_once_a_day(scene: Scene) -> None:
    csrf = await scene.come_as(scene.office)
    listed = f"/hubs/{scene.hub.code}/answers"
    page = (await scene.client.get(f"{listed}?within=7")).text
    keys = re.findall(r'name="ask" value="([^"]+)"', page)
    assert len(keys) == 2
    sent = {"csrf": csrf, "ask": keys, "back": f"{listed}?within=7"}
    told = await scene.client.post(listed, data=sent, follow_redirects=True)
    assert "2 people will be asked again." in told.text
    assert 'name="ask"' not in told.text
    again = await scene.client.post(listed, data=sent, follow_redirects=True)
    assert "Nobody was asked" in again.text
    assert len((await scene.client.get(f"{listed}?format=csv")).text.splitlines()) == 3


async def test_a_confirmation_says_who_gets_an_invitation(scene: Scene) -> None:
    csrf = await scene.come_as(scene.team.leader)
    page = (await scene.client.get(f"{scene.here}/invite")).text
    assert "3 people will be mailed" in page
    assert (await scene.client.post(f"{scene.here}/invite", data={"csrf": csrf})).status_code == 303
    assert "Everybody is invited already." in (await scene.client.get(f"{scene.here}/invite")).text
    group = f"/hubs/{scene.hub.code}/groups/{scene.team.group.id}/invite"
    assert "Everybody is invited already" in (await scene.client.get(group)).text
    async with scene.database.transaction(scene.hub.id) as db:
        sent = (await db.execute(select(Message).where(col(Message.method) == "REQUEST"))).scalars().all()
    assert len(sent) == 3
    await scene.come_as(scene.ann)
    assert (await scene.client.get(f"{scene.here}/invite")).status_code == 403


async def test_mail_that_waits_is_settled_by_a_person(scene: Scene) -> None:
    raw = b"From: ann@school.example\r\nSubject: Sorry\r\n\r\nI cannot come."
    async with scene.database.transaction(scene.hub.id) as db:
        filed = IncomingMail(
            hub_id=scene.hub.id,
            digest=hashlib.sha256(raw).digest(),
            came_at=NOW,
            sender="ann@school.example",
            subject="Sorry",
            text="I cannot come.",
            because="It holds no answer that a program could read.",
            raw=raw,
        )
        db.add(filed)
    csrf = await scene.come_as(scene.office)
    assert "1 message came in that no program can read." in (await scene.client.get(f"/hubs/{scene.hub.code}")).text
    address = f"/hubs/{scene.hub.code}/mail/{filed.id}"
    assert "I cannot come." in (await scene.client.get(address)).text
    assert (await scene.client.get(f"{address}/message.eml")).content == raw
    empty = await scene.client.post(address, data={"csrf": csrf, "answer": "no"})
    assert "Choose the date that it is about." in empty.text
    sent = {"csrf": csrf, "answer": "no", "event": str(scene.event.id), "person": str(scene.ann.id)}
    assert (await scene.client.post(address, data=sent)).status_code == 303
    assert (await scene.stands()).answer == "no"
    assert (await scene.client.post(address, data=sent)).status_code == 409
    await scene.come_as(scene.team.leader)
    assert (await scene.client.get(address)).status_code == 403


async def test_a_provider_hands_over_signed_mail_only(scene: Scene, tmp_path: Path) -> None:
    raw = apple(Told(scene.event.uid, scene.ann.email))
    unset = await scene.client.post("/mail/incoming", content=raw)
    assert unset.status_code == 404
    settings = read_settings(now=NOW, mail_incoming_secret="quiet", data_dir=tmp_path)
    scene.app.state.world = World(settings, scene.database, clock_from(settings.now), {})
    now = int(NOW.timestamp())

    async def hand_over(stamp: int, signature: str) -> httpx.Response:
        headers = {"Halfterm-Timestamp": str(stamp), "Halfterm-Signature": signature, "Content-Type": "message/rfc822"}
        return await scene.client.post("/mail/incoming", content=raw, headers=headers)

    assert (await hand_over(now, signature_of("loud", now, raw))).status_code == 403
    assert (await hand_over(now - 900, signature_of("quiet", now - 900, raw))).status_code == 403
    assert (await hand_over(now, signature_of("quiet", now, raw))).text == "answered\n"
    assert (await scene.stands()).answer == "yes"


async def test_a_hub_says_whether_it_invites_by_itself(scene: Scene) -> None:
    csrf = await scene.come_as(scene.office)
    address = f"/hubs/{scene.hub.code}/settings"
    sent = {"csrf": csrf, "version": "1", "invites": "yes"}
    assert (await scene.client.post(f"{address}/invites", data=sent)).status_code == 303
    assert (await scene.client.post(f"{address}/invites", data=sent)).status_code == 412
    async with scene.database.transaction(scene.hub.id) as db:
        assert (await db.get_one(Hub, scene.hub.id)).invites
    await scene.come_as(scene.team.leader)
    assert (await scene.client.get(address)).status_code == 403


async def test_leaders_see_how_many_calendars_follow(scene: Scene) -> None:
    await scene.come_as(scene.team.leader)
    group = f"/hubs/{scene.hub.code}/groups/{scene.team.group.id}"
    for address in (group, f"{scene.here}/people"):
        assert "0 of 3 have subscribed to their calendar." in (await scene.client.get(address)).text
    await scene.come_as(scene.ann)
    assert "have subscribed" not in (await scene.client.get(group)).text
