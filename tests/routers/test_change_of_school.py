"""A change of school: what was stays, what is to come follows."""

from datetime import date

import httpx
import pytest
from sqlmodel import col

from app.domain.access import Role
from app.models.mail import Message
from app.models.meetings import Booking, Event, GroupSchool, Participant
from app.models.people import Person, RoleHeld
from app.models.schools import School
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.makers import Team, a_group, a_meeting, a_person, a_school
from tests.routers.desks import Desk


class Office(Desk):
    """The desk with a teacher who comes from one school, one meeting held and two ahead."""

    team: Team
    teacher: Person
    new: School

    async def begin(self) -> "Office":
        """Make them."""
        await self.open()
        async with self.database.transaction(self.hub.id) as db:
            self.team = await a_group(db, self.hub, code="NCP26-77")
            self.teacher = self.team.participants[0]
            self.new = await a_school(db, self.hub, name="Oak Bank Primary")
            (await db.merge(self.teacher)).base_urn = self.team.schools[0].urn
            for day, status in ((date(2026, 9, 24), "held"), (date(2026, 11, 26), "confirmed")):
                await a_meeting(db, self.team, day, status=status)
            await a_meeting(db, self.team, date(2027, 1, 14))
        self.here = f"/people/{self.teacher.id}/change-school"
        return self

    async def joins(self, urn: int) -> None:
        """The school becomes a member of the Work Group."""
        async with self.database.transaction(self.hub.id) as db:
            db.add(GroupSchool(group_id=self.team.group.id, urn=urn, hub_id=self.hub.id))

    async def places(self) -> dict[date, int | None]:
        """Where the teacher has a place, and which school is kept with it."""
        days = {one.id: one.day for one in await self.rows(Event)}
        found = await self.rows(Booking, col(Booking.person_id) == self.teacher.id)
        return {days[one.event_id]: one.urn for one in found}


@pytest.fixture
async def office(database: Database, client: httpx.AsyncClient) -> Office:
    return await Office(database, client).begin()


async def test_from_a_day_on_they_leave_a_group_that_their_new_school_is_not_in(office: Office) -> None:
    old = office.team.schools[0]
    page = await office.get(f"{office.here}?urn={office.new.urn}&day=2027-01-04")
    assert "Oak Bank Primary is not in NCP26-77, so they leave it" in page
    answer = await office.post(office.here, urn=str(office.new.urn), day="2027-01-04")
    assert answer.status_code == 303, answer.text
    assert await office.places() == {date(2026, 9, 24): old.urn, date(2026, 11, 26): old.urn}
    assert not await office.rows(Participant, col(Participant.person_id) == office.teacher.id)
    held = next(one for one in await office.rows(Event) if one.status == "held")
    assert f"{office.teacher.name}, {old.name}" in await office.get(f"/events/{held.id}")
    [told] = [one for one in await office.rows(TrailEntry) if one.did == "Changed school"]
    assert (told.before["base_urn"], told.after["base_urn"]) == (old.urn, office.new.urn)
    [message] = await office.rows(Message)
    assert message.to == office.teacher.email
    assert "no longer take part in NCP26-77" in message.text


async def test_they_go_on_coming_from_a_new_school_that_is_a_member(office: Office) -> None:
    await office.joins(office.new.urn)
    assert "Go on, from the new school" in await office.get(f"{office.here}?urn={office.new.urn}")
    answer = await office.post(office.here, urn=str(office.new.urn), **{f"group-{office.team.group.id}": "keep"})
    assert answer.status_code == 303, answer.text
    old = office.team.schools[0].urn
    assert await office.places() == {date(2026, 9, 24): old, date(2026, 11, 26): None, date(2027, 1, 14): None}
    [part] = await office.rows(Participant, col(Participant.person_id) == office.teacher.id)
    assert part.urn == office.new.urn


async def test_they_may_leave_a_group_all_the_same(office: Office) -> None:
    await office.joins(office.new.urn)
    await office.post(office.here, urn=str(office.new.urn), **{f"group-{office.team.group.id}": "leave"})
    assert list(await office.places()) == [date(2026, 9, 24)]


@pytest.mark.parametrize(("said", "schools"), [("there", {"new"}), ("both", {"old", "new"}), ("neither", set())])
async def test_a_headteacher_says_what_becomes_of_being_head(office: Office, said: str, schools: set[str]) -> None:
    old = office.team.schools[0].urn
    async with office.database.transaction(office.hub.id) as db:
        head = await a_person(db, office.hub, Role.HEADTEACHER, head_of=old, base_urn=old)
    here, urn = f"/people/{head.id}/change-school", str(office.new.urn)
    refused = await office.post(here, urn=urn)
    assert refused.status_code == 422
    assert "Say what becomes of being head." in refused.text
    assert (await office.post(here, urn=urn, head=said)).status_code == 303
    held = await office.rows(RoleHeld, col(RoleHeld.person_id) == head.id)
    assert {"old" if one.urn == old else "new" for one in held} == schools


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"urn": ""}, "Choose one of the hub"),
        ({"urn": "999999"}, "Choose one of the hub"),
        ({"day": "never"}, "not a day"),
        ({"day": "2031-01-01"}, "within a year of today"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(office: Office, form: dict[str, str], says: str) -> None:
    answer = await office.post(office.here, **{"urn": str(office.new.urn), **form})
    assert answer.status_code == 422
    assert says in answer.text
