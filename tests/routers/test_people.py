from datetime import date

import httpx
import pytest
from sqlmodel import col

from app.domain.access import Role
from app.models.meetings import Booking
from app.models.people import Away, Person, RoleHeld
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.makers import a_group, a_hub, a_meeting, a_person, a_school, sign_in
from tests.routers.desks import Desk

FORM = {"name": "Ines Marlow", "email": "ines@fernhill.example", "roles": "participant", "works": "Mon Tue am"}


class Folk(Desk):
    """The desk, with the people's pages at hand."""

    async def person(self, name: str) -> Person:
        """The person of this name."""
        found: Person = (await self.rows(Person, col(Person.name) == name))[0]
        return found


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Folk:
    made = Folk(database, client)
    await made.open()
    return made


async def test_a_coordinator_adds_a_person_who_then_stands_in_the_list(desk: Folk) -> None:
    answer = await desk.post("/people", **FORM)
    assert answer.status_code == 303
    page = await desk.client.get(desk.home + "/people")
    assert "Ines Marlow" in page.text
    assert "Mon Tue am" in page.text
    told = await desk.rows(TrailEntry)
    assert [(one.did, one.about) for one in told] == [("Added", "Ines Marlow")]


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter their name"),
        ("email", "ines", "not one e-mail address"),
        ("works", "Blursday", "cannot be read as working days"),
        ("head_of", "143308", "Only a headteacher"),
        ("base_urn", "999999", "No school with the URN 999999"),
    ],
)
async def test_a_wrong_field_is_named_and_everything_typed_is_kept(
    desk: Folk, field: str, typed: str, says: str
) -> None:
    answer = await desk.post("/people", **{**FORM, field: typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Ines Marlow"' in answer.text or field == "name"
    assert not await desk.rows(Person, col(Person.name) == "Ines Marlow")


async def test_one_address_is_one_person(desk: Folk) -> None:
    await desk.post("/people", **FORM)
    answer = await desk.post("/people", **{**FORM, "name": "Another", "email": "INES@fernhill.example"})
    assert answer.status_code == 422
    assert "Ines Marlow has this address already" in answer.text


async def test_a_change_keeps_the_version_that_was_on_the_page(desk: Folk) -> None:
    await desk.post("/people", **FORM)
    person = await desk.person("Ines Marlow")
    here = f"/people/{person.id}"
    form = await desk.client.get(f"{desk.home}{here}/edit")
    assert 'name="version" value="1"' in form.text
    assert (await desk.post(f"{here}/edit", **{**FORM, "name": "Ines Holt"}, version="1")).status_code == 303
    assert (await desk.post(f"{here}/edit", **{**FORM, "name": "Ines Late"}, version="1")).status_code == 412
    assert (await desk.person("Ines Holt")).version == 2


async def test_a_headteacher_stands_for_a_school(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        school = await a_school(db, desk.hub)
    await desk.post("/people", **{**FORM, "roles": "headteacher"}, head_of=str(school.urn))
    held = await desk.rows(RoleHeld, col(RoleHeld.role) == "headteacher")
    assert [one.urn for one in held] == [school.urn]
    person = await desk.person("Ines Marlow")
    assert f"Headteacher of {school.name}" in (await desk.client.get(f"{desk.home}/people/{person.id}")).text


async def test_the_last_person_in_charge_keeps_a_role_that_can_change_the_hub(desk: Folk) -> None:
    answer = await desk.post(
        f"/people/{desk.me.id}/edit", **{**FORM, "email": desk.me.email}, version=str(desk.me.version)
    )
    assert answer.status_code == 422
    assert "Nobody else could change the hub" in answer.text


async def test_bookings_follow_a_person_to_a_new_address(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub)
        await a_meeting(db, team)
    before = (await desk.rows(Booking, col(Booking.person_id) == team.leader.id))[0]
    form = {**FORM, "roles": "specialist", "email": "new@fernhill.example"}
    answer = await desk.post(f"/people/{team.leader.id}/edit", **form, version="1")
    assert answer.status_code == 303
    after = (await desk.rows(Booking, col(Booking.person_id) == team.leader.id))[0]
    assert after.account_number != before.account_number


async def test_days_away_are_weekdays_noted_once_and_taken_back(desk: Folk) -> None:
    await desk.post("/people", **FORM)
    here = f"/people/{(await desk.person('Ines Marlow')).id}"
    for _ in range(2):
        assert (await desk.post(f"{here}/away", first="2026-12-04", last="2026-12-07")).status_code == 303
    noted = await desk.rows(Away)
    assert sorted(one.day for one in noted) == [date(2026, 12, 4), date(2026, 12, 7)]
    assert "Friday 4 December 2026" in (await desk.client.get(desk.home + here)).text
    await desk.post(f"{here}/away/{noted[0].id}")
    assert len(await desk.rows(Away)) == 1


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [("", "", "The day is empty"), ("2026-12-07", "2026-12-01", "cannot come before"), ("2026-12-05", "", "weekend")],
)
async def test_days_away_that_make_no_sense_are_said_so(desk: Folk, first: str, last: str, says: str) -> None:
    await desk.post("/people", **FORM)
    here = f"/people/{(await desk.person('Ines Marlow')).id}"
    answer = await desk.post(f"{here}/away", first=first, last=last, why="A trip")
    assert answer.status_code == 422
    assert says in answer.text
    assert "A trip" in answer.text


async def test_somebody_who_left_can_no_longer_sign_in_and_can_come_back(desk: Folk) -> None:
    await desk.post("/people", **FORM)
    here = f"/people/{(await desk.person('Ines Marlow')).id}"
    assert "Has Ines Marlow left?" in (await desk.client.get(f"{desk.home}{here}/leave")).text
    await desk.post(f"{here}/leave")
    assert (
        "Ines Marlow" not in (await desk.client.get(desk.home + "/people", headers={"accept": "application/json"})).text
    )
    assert "Ines Marlow" in (await desk.client.get(f"{desk.home}/people?status=left")).text
    await desk.post(f"{here}/back")
    assert (await desk.person("Ines Marlow")).left_on is None


async def test_nobody_leaves_while_a_group_relies_on_them(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code="NCP26-77")
    answer = await desk.post(f"/people/{team.leader.id}/leave")
    assert answer.status_code == 409
    assert "NCP26-77" in answer.text


async def test_the_list_is_searched_filtered_sorted_and_downloaded(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        await a_person(db, desk.hub, Role.SPECIALIST, name="Zoe =SUM(1)")
        await a_person(db, desk.hub, Role.PARTICIPANT, name="=cmd Ada")
    found = (await desk.client.get(f"{desk.home}/people?role=specialist")).text
    assert "Zoe" in found
    assert "Ada" not in found
    assert "Zoe" in (await desk.client.get(f"{desk.home}/people?q=zoe")).text
    csv = await desk.client.get(f"{desk.home}/people?format=csv&sort=-name")
    lines = csv.text.splitlines()
    assert lines[1].startswith("Zoe")
    assert any(line.startswith("'=cmd") for line in lines)


async def test_a_participant_sees_only_people_of_their_groups_and_changes_nobody(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        mine, other = await a_group(db, hub), await a_group(db, hub)
        csrf = await sign_in(db, client, mine.participants[0])
    home = f"/hubs/{hub.code}/people"
    listed = (await client.get(home, headers={"accept": "application/json"})).json()
    names = {person["name"] for person in listed["people"]}
    assert names == {mine.leader.name, *(person.name for person in mine.participants)}
    assert (await client.get(f"{home}/{other.leader.id}")).status_code == 404
    assert (await client.get(f"{home}/new")).status_code == 403
    assert (await client.post(f"{home}/{mine.leader.id}/leave", data={"csrf": csrf})).status_code == 403


async def test_the_list_and_a_person_take_a_fixed_number_of_queries(desk: Folk) -> None:
    counts = []
    here = ""
    for _ in range(2):
        async with desk.database.transaction(desk.hub.id) as db:
            team = await a_group(db, desk.hub, schools=4)
            await a_meeting(db, team)
        here = here or f"/people/{team.leader.id}"
        counts.append([await desk.queries_of(path) for path in ("/people", here)])
    assert counts[0] == counts[1]


async def test_the_list_shows_each_person_with_their_own_work_groups_alone(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        teams = [await a_group(db, desk.hub, code=f"NCP26-7{n}") for n in range(2)]
    told = (await desk.client.get(desk.home + "/people", headers={"accept": "application/json"})).json()
    groups = {one["name"]: one["groups"] for one in told["people"]}
    assert [groups[team.participants[0].name] for team in teams] == ["NCP26-70", "NCP26-71"]
    assert groups[teams[0].leader.name] == "NCP26-70"


async def test_who_is_away_is_not_expected_at_the_meetings_of_that_day(desk: Folk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub)
        await a_meeting(db, team, date(2026, 11, 26))
    teacher = team.participants[0]
    own = col(Booking.person_id) == teacher.id
    await desk.post(f"/people/{teacher.id}/away", first="2026-11-26")
    assert [one.expected for one in await desk.rows(Booking, own)] == [False]
    away = (await desk.rows(Away))[0]
    await desk.post(f"/people/{teacher.id}/away/{away.id}")
    assert [one.expected for one in await desk.rows(Booking, own)] == [True]
    form = {"name": teacher.name, "email": teacher.email, "roles": "participant", "version": "1"}
    await desk.post(f"/people/{teacher.id}/edit", **form, works="Mon Tue")
    assert [one.expected for one in await desk.rows(Booking, own)] == [False]
