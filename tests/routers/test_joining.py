"""Invitations into a hub: asked, mailed, looked at by scanners, accepted once, declined, withdrawn."""

import asyncio
import uuid
from datetime import date, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col

from app.domain.access import Role
from app.kit.links import signed_link
from app.models.mail import Message
from app.models.meetings import Booking, Event, Participant
from app.models.people import Joining, Person, RoleHeld, Session
from app.models.trail import TrailEntry
from app.routers.deps import World
from app.settings import Settings
from app.store.database import Database
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, number, sign_in
from tests.routers.desks import Desk

FORM = {"name": "Ines Marlow", "email": "ines@fernhill.example", "roles": "participant"}


class Asking(Desk):
    """The desk, and whoever opens a mailed link in a browser of their own."""

    app: FastAPI

    @property
    def settings(self) -> Settings:
        """The server's settings."""
        world: World = self.app.state.world
        return world.settings

    async def invited(self, **form: str) -> Joining:
        """Ask somebody and take the invitation out of the table."""
        answer = await self.post("/people/invitations", **{**FORM, **form})
        assert answer.status_code == 303, answer.text
        found: Joining = (await self.rows(Joining, col(Joining.email) == {**FORM, **form}["email"]))[-1]
        return found

    def link(self, joining: Joining, hub_id: uuid.UUID | None = None) -> str:
        """The address in the message."""
        return "/join/" + signed_link(self.settings.secret, "join", hub_id or joining.hub_id, joining.id)

    def stranger(self) -> httpx.AsyncClient:
        """A browser that nobody is signed in with."""
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")

    async def change(self, joining: Joining, **columns: object) -> None:
        """Write columns of an invitation."""
        async with self.database.transaction(self.hub.id) as db:
            found = await db.get_one(Joining, joining.id)
            for name, value in columns.items():
                setattr(found, name, value)


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient, app: FastAPI) -> Asking:
    made = Asking(database, client)
    made.app = app
    await made.open()
    return made


async def a_team(desk: Asking) -> Team:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code=f"NCP26-{number()}")
        await a_meeting(db, team, date(2026, 11, 26))
    return team


async def test_whoever_is_asked_joins_takes_part_and_is_signed_in_by_one_press(desk: Asking) -> None:
    team = await a_team(desk)
    school = team.schools[0]
    asked = await desk.invited(urn=str(school.urn), group=str(team.group.id), note="See you {join} soon")
    [message] = await desk.rows(Message, col(Message.to) == "ines@fernhill.example")
    assert message.links["join"] == {"kind": "join", "id": str(asked.id)}
    assert "See you (join) soon" in message.text
    async with desk.stranger() as browser:
        scanned = [await browser.get(desk.link(asked)) for _ in range(2)]
        assert [one.status_code for one in scanned] == [200, 200]
        assert f"Lead participant from {school.name}, in Work Group {team.group.code}" in scanned[0].text
        assert "Cora Lane asks Ines Marlow" in scanned[0].text
        assert f"/privacy/{desk.hub.code}" in scanned[0].text
        assert not await desk.rows(Person, col(Person.email) == "ines@fernhill.example")
        answer = await browser.post(desk.link(asked), data={"name": "Inès Marlow", "works": "Mon Tue Thu"})
        assert (answer.status_code, answer.headers["location"]) == (303, desk.home)
        home = await browser.get(desk.home)
        assert "Welcome to Moorland Maths Hub. 1 date of yours is in the calendar." in home.text
        assert (await browser.post(desk.link(asked), data={"name": "X"})).status_code == 410
    [person] = await desk.rows(Person, col(Person.email) == "ines@fernhill.example")
    assert (person.name, person.base_urn, sorted(person.works)) == ("Inès Marlow", school.urn, ["mon", "thu", "tue"])
    [part] = await desk.rows(Participant, col(Participant.person_id) == person.id)
    assert part.urn == school.urn
    assert [one.expected for one in await desk.rows(Booking, col(Booking.person_id) == person.id)] == [True]
    told = {(one.did, one.about) for one in await desk.rows(TrailEntry)}
    assert {("Invited", "Ines Marlow"), ("Joined", "Inès Marlow")} <= told


async def test_of_two_who_accept_at_once_one_wins_and_there_is_no_twin(desk: Asking) -> None:
    asked = await desk.invited()
    async with desk.stranger() as one, desk.stranger() as other:
        answers = await asyncio.gather(
            *(browser.post(desk.link(asked), data={"name": "Ines Marlow"}) for browser in (one, other))
        )
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    assert len(await desk.rows(Person, col(Person.email) == "ines@fernhill.example")) == 1
    assert len(await desk.rows(RoleHeld, col(RoleHeld.role) == "participant")) == 1


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"expires_at": NOW - timedelta(hours=1)}, "could be accepted until Saturday 21 November 2026"),
        ({"state": "withdrawn"}, "has taken it back"),
        ({"state": "accepted"}, "an invitation works once"),
        ({"state": "declined"}, "ask Cora Lane to send it again"),
    ],
)
async def test_a_link_that_asks_nothing_any_more_says_why(desk: Asking, columns: dict[str, object], says: str) -> None:
    asked = await desk.invited()
    await desk.change(asked, **columns)
    async with desk.stranger() as browser:
        for answer in (
            await browser.get(desk.link(asked)),
            await browser.post(desk.link(asked), data={"name": "Ines"}),
            await browser.post(desk.link(asked) + "/decline"),
        ):
            assert answer.status_code == 410
            assert says in answer.text


async def test_a_link_made_for_another_hub_or_for_something_else_opens_nothing(desk: Asking) -> None:
    asked = await desk.invited()
    async with desk.database.transaction() as db:
        other = await a_hub(db)
    secret = desk.settings.secret
    async with desk.stranger() as browser:
        for address in (
            desk.link(asked, other.id),
            "/join/" + signed_link(secret, "answer", asked.hub_id, asked.id),
            "/join/" + signed_link(b"another", "join", asked.hub_id, asked.id),
        ):
            assert (await browser.get(address)).status_code == 410
            assert (await browser.post(address, data={"name": "Ines"})).status_code == 410
    assert not await desk.rows(Person, col(Person.email) == asked.email)


async def test_declining_asks_first_and_whoever_asked_sees_it(desk: Asking) -> None:
    asked = await desk.invited()
    async with desk.stranger() as browser:
        assert (
            "Decline the invitation of Moorland Maths Hub?" in (await browser.get(desk.link(asked) + "/decline")).text
        )
        assert "You have declined" in (await browser.post(desk.link(asked) + "/decline")).text
    assert "Declined" in await desk.get("/people/invitations?state=declined")
    assert (await desk.post(f"/people/invitations/{asked.id}/again")).status_code == 303
    async with desk.stranger() as browser:
        assert (await browser.get(desk.link(asked))).status_code == 200


async def test_somebody_else_who_is_signed_in_is_asked_to_sign_out_first(desk: Asking) -> None:
    asked = await desk.invited()
    page = await desk.client.get(desk.link(asked))
    assert f"signed in as {desk.me.email}" in page.text
    assert "Join Moorland" not in page.text
    assert (await desk.client.post(desk.link(asked), data={"name": "Ines"})).status_code == 409
    assert not await desk.rows(Person, col(Person.email) == asked.email)


async def test_somebody_of_another_hub_joins_with_the_account_they_have(desk: Asking) -> None:
    async with desk.database.transaction() as db:
        other = await a_hub(db)
        twice = await a_person(db, other, Role.SPECIALIST, email="ines@fernhill.example")
    asked = await desk.invited()
    async with desk.stranger() as browser:
        async with desk.database.transaction(other.id) as db:
            await sign_in(db, browser, twice)
        cookie = browser.cookies["halfterm"]
        answer = await browser.post(desk.link(asked), data={"name": "Ines Marlow"})
        assert answer.headers["location"] == desk.home
        assert browser.cookies["halfterm"] == cookie
        assert (await browser.get(desk.home)).status_code == 200
        assert (await browser.get(f"/hubs/{other.code}")).status_code == 200
    [person] = await desk.rows(Person, col(Person.email) == asked.email)
    assert person.account_id == twice.account_id


async def test_whoever_had_left_comes_back_as_the_same_person(desk: Asking) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        gone = await a_person(db, desk.hub, Role.PARTICIPANT, email=FORM["email"], left_on=date(2026, 7, 1))
    asked = await desk.invited(roles="specialist")
    async with desk.stranger() as browser:
        await browser.post(desk.link(asked), data={"name": "Ines Marlow", "works": "Mon"})
    [person] = await desk.rows(Person, col(Person.email) == FORM["email"])
    assert (person.id, person.left_on, person.name) == (gone.id, None, "Ines Marlow")
    held = await desk.rows(RoleHeld, col(RoleHeld.person_id) == person.id)
    assert sorted(one.role for one in held) == ["participant", "specialist"]


async def test_a_hub_that_asks_its_office_for_passkeys_asks_whoever_joins_it_too(desk: Asking) -> None:
    asked = await desk.invited(roles="coordinator")
    async with desk.database.transaction(desk.hub.id) as db:
        (await db.merge(desk.hub)).passkeys_required = True
    async with desk.stranger() as browser:
        await browser.post(desk.link(asked), data={"name": "Ines Marlow"})
        assert (await browser.get(desk.home)).headers["location"].startswith("/my/account/passkeys/needed")


async def test_who_is_here_or_asked_already_is_told_and_nobody_is_asked(desk: Asking) -> None:
    await desk.invited()
    lines = f"Cora Lane, {desk.me.email}\nInes, INES@fernhill.example\nNew, new@fernhill.example"
    answer = await desk.post("/people/invitations", others=lines, roles="participant")
    assert answer.status_code == 422
    assert "Cora Lane is in the hub already" in answer.text
    assert "Ines Marlow is invited already (ines@fernhill.example), until Saturday 5 December 2026" in answer.text
    assert len(await desk.rows(Joining)) == 1


async def test_several_are_asked_at_once_by_pasted_lines(desk: Asking) -> None:
    lines = "Ada Holt, ada@fernhill.example\n\nBen Lowe <ben@fernhill.example>\nCy\tcy@fernhill.example"
    answer = await desk.post("/people/invitations", others=lines, roles="specialist")
    assert answer.status_code == 303, answer.text
    made = await desk.rows(Joining)
    assert sorted((one.name, one.email) for one in made) == [
        ("Ada Holt", "ada@fernhill.example"),
        ("Ben Lowe", "ben@fernhill.example"),
        ("Cy", "cy@fernhill.example"),
    ]
    assert len(await desk.rows(Message)) == 3
    csv = (await desk.client.get(f"{desk.home}/people/invitations?format=csv&sort=name")).text.splitlines()
    assert [line.split(",")[0] for line in csv[1:]] == ["Ada Holt", "Ben Lowe", "Cy"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "", "email": ""}, "Enter whom to invite"),
        ({"others": "nobody"}, "Line 1: write a name"),
        ({"roles": "headteacher"}, "Choose the school they are head of"),
        ({"roles": ""}, "Tick what they will do"),
        ({"group": str(uuid.uuid4()), "urn": "143308"}, "No school with the URN 143308"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(desk: Asking, form: dict[str, str], says: str) -> None:
    answer = await desk.post("/people/invitations", **{**FORM, **form})
    assert answer.status_code == 422
    assert says in answer.text
    assert not await desk.rows(Joining)


async def test_an_invitation_is_withdrawn_after_a_question(desk: Asking) -> None:
    asked = await desk.invited()
    here = f"/people/invitations/{asked.id}"
    assert "Withdraw the invitation to Ines Marlow?" in await desk.get(here + "/withdraw")
    await desk.post(here + "/withdraw")
    assert [one.state for one in await desk.rows(Joining)] == ["withdrawn"]
    assert (await desk.post(here + "/withdraw")).status_code == 409


async def test_leaving_frees_what_lies_ahead_and_ends_sign_ins_and_coming_back_books_again(desk: Asking) -> None:
    team = await a_team(desk)
    teacher = team.participants[0]
    async with desk.stranger() as browser:
        async with desk.database.transaction(desk.hub.id) as db:
            await a_meeting(db, team, date(2026, 9, 24), status="held")
            await sign_in(db, browser, teacher)
            watched = {"kind": "observation", "teacher_id": teacher.id, "slot_key": "watched", "group_id": None}
            seen = await a_meeting(db, Team(team.group, team.leader, team.schools), date(2026, 12, 3), **watched)
        own = col(Booking.person_id) == teacher.id
        assert len(await desk.rows(Booking, own)) == 2
        asked = await desk.get(f"/people/{teacher.id}/leave")
        assert "1 date ahead is free again" in asked
        assert "1 lesson observation of theirs will be cancelled" in asked
        await desk.post(f"/people/{teacher.id}/leave")
        assert len(await desk.rows(Booking, own)) == 1
        assert [one.status for one in await desk.rows(Event, col(Event.id) == seen.id)] == ["cancelled"]
        assert not await desk.rows(Session, col(Session.account_id) == teacher.account_id)
        assert (await browser.get(desk.home)).status_code == 303
    await desk.post(f"/people/{teacher.id}/back")
    assert len(await desk.rows(Booking, own)) == 2


async def test_a_telephone_number_is_for_the_office_their_leader_and_themselves(desk: Asking) -> None:
    team, other = await a_team(desk), await a_team(desk)
    teacher = team.participants[0]
    form = {"name": teacher.name, "email": teacher.email, "roles": "participant", "version": "1"}
    assert (
        "Write the number with digits" in (await desk.post(f"/people/{teacher.id}/edit", **form, phone="ask me")).text
    )
    await desk.post(f"/people/{teacher.id}/edit", **form, phone="07700 900123")
    seen = {}
    for who in (desk.me, teacher, team.leader, team.participants[1], other.leader):
        async with desk.stranger() as browser:
            async with desk.database.transaction(desk.hub.id) as db:
                await sign_in(db, browser, who)
            page = await browser.get(f"{desk.home}/people/{teacher.id}")
            told = await browser.get(f"/api/v1/hubs/{desk.hub.code}/people/{teacher.id}")
            seen[who.id] = ("07700 900123" in page.text, "07700 900123" in told.text)
    assert list(seen.values()) == [(True, True), (True, True), (True, True), (False, False), (False, False)]
    assert "07700 900123" in (await desk.client.get(f"{desk.home}/people?format=csv")).text
