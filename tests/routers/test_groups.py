"""Work Groups: the list, one of them, and what changes them, with the calendars of those concerned."""

import re
from datetime import UTC, date, datetime, time

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.access import Role
from app.kit.periods import london
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person, RoleHeld
from app.store.database import Database
from tests import makers
from tests.routers.statements import statements

JSON = {"accept": "application/json"}


async def a_signed_in(database: Database, client: httpx.AsyncClient) -> tuple[Hub, str]:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        csrf = await makers.sign_in(db, client, await makers.a_person(db, hub, Role.COORDINATOR))
    return hub, csrf


def a_form(csrf: str, group: WorkGroup, **changes: object) -> dict[str, object]:
    """A Work Group's form as a browser sends it."""
    form: dict[str, object] = {"csrf": csrf, "version": str(group.version), "code": group.code, "name": group.name}
    form |= {"programme": str(group.programme_id), "leader": str(group.leader_id), "least_gap": "14"}
    form |= {"half_terms": ["0", "1", "2", "3", "4", "5"], "online": "no", "joining_link": "", "first_host": ""}
    form |= {f"weekday_{number}": "fine" for number in range(5)}
    form |= dict.fromkeys(("morning_starts", "morning_ends", "afternoon_starts", "afternoon_ends"), "")
    return {**form, **changes}


async def test_the_list_says_who_leads_and_when_they_meet_next(database: Database, client: httpx.AsyncClient) -> None:
    hub, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, code="NCP26-11-03", name="North")
        await makers.a_meeting(db, team, date(2026, 9, 24))
        await makers.a_meeting(db, team, date(2026, 11, 26))
        await makers.a_group(db, hub, code="NCP26-11-04", schools=0)
    page = await client.get("/hubs/MOOR/groups")
    assert "Thursday 26 November 2026, 9.15am to 12 noon" in page.text
    assert "Too few" in page.text
    told = (await client.get("/hubs/MOOR/groups?sort=-code", headers=JSON)).json()
    assert [(one["code"], one["schools"], one["people"]) for one in told["lines"]] == [
        ("NCP26-11-04", 0, 0),
        ("NCP26-11-03", 2, 2),
    ]
    only = (await client.get(f"/hubs/MOOR/groups?leader={team.leader.id}&q=north", headers=JSON)).json()
    assert [one["code"] for one in only["lines"]] == ["NCP26-11-03"]
    sheet = await client.get("/hubs/MOOR/groups?format=csv")
    assert "NCP26-11-03,North,Development," in sheet.text
    assert "2026-11-26 09:15" in sheet.text


async def test_thirty_groups_take_as_many_statements_as_one(
    database: Database, client: httpx.AsyncClient, app: FastAPI
) -> None:
    hub, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        programme = await makers.a_programme(db, hub)
        await makers.a_meeting(db, await makers.a_group(db, hub, schools=1, programme=programme))
    with statements(app) as few:
        await client.get("/hubs/MOOR/groups")
    async with database.transaction(hub.id) as db:
        for _ in range(29):
            await makers.a_meeting(db, await makers.a_group(db, hub, schools=1, programme=programme))
    with statements(app) as many:
        told = (await client.get("/hubs/MOOR/groups", headers=JSON)).json()
    assert told["listing"]["total"] == 30
    assert len(many) == len(few)


async def test_a_group_says_what_it_lacks(database: Database, client: httpx.AsyncClient) -> None:
    hub, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, weekday_cost=[5, 0, 0, 0, 15])
        await makers.a_meeting(db, team, date(2026, 9, 24))
        await makers.a_visit_series(db, team, (0, 2))
    page = await client.get(f"/hubs/MOOR/groups/{team.group.id}")
    for said in (
        "has 2 of at least 6 schools",
        "1 of 2 people of",
        "is not marked as held",
        "Rather not on Mondays; only if nothing else fits on Fridays",
        "visits in Autumn 1, Spring 1.",
        "after the meeting of Autumn 1, Spring 1, Summer 1",
    ):
        assert said in page.text, said


async def test_one_group_takes_as_many_statements_whatever_its_size(
    database: Database, client: httpx.AsyncClient, app: FastAPI
) -> None:
    hub, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        small, large = await makers.a_group(db, hub, schools=1), await makers.a_group(db, hub, schools=8)
    with statements(app) as few:
        await client.get(f"/hubs/MOOR/groups/{small.group.id}")
    with statements(app) as many:
        await client.get(f"/hubs/MOOR/groups/{large.group.id}")
    assert len(many) == len(few)


@pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000", "%00", "1" * 80])
async def test_a_group_that_is_not_there_is_not_found(database: Database, client: httpx.AsyncClient, key: str) -> None:
    _, csrf = await a_signed_in(database, client)
    for tail in ("", "/edit", "/schools/add", "/people/add", "/schools/1/remove", "/schools/1/visits"):
        assert (await client.get(f"/hubs/MOOR/groups/{key}{tail}")).status_code == 404, tail
    assert (await client.post(f"/hubs/MOOR/groups/{key}/edit", data={"csrf": csrf})).status_code == 404


async def test_another_hubs_group_school_and_person_are_not_found(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction() as db:
        theirs = await makers.a_group(db, await makers.a_hub(db, code="FEN"))
    async with database.transaction(hub.id) as db:
        mine = await makers.a_group(db, hub)
    there, here = f"/hubs/MOOR/groups/{theirs.group.id}", f"/hubs/MOOR/groups/{mine.group.id}"
    assert (await client.get(there)).status_code == 404
    assert (await client.post(f"{there}/edit", data=a_form(csrf, theirs.group))).status_code == 404
    form = {"csrf": csrf, "school": str(theirs.schools[0].urn), "person": str(theirs.participants[0].id)}
    assert (await client.post(f"{here}/schools/add", data=form)).status_code == 422
    assert (await client.post(f"{here}/people/add", data=form)).status_code == 422
    foreign = a_form(csrf, mine.group, leader=str(theirs.leader.id), programme=str(theirs.group.programme_id))
    assert (await client.post(f"{here}/edit", data=foreign)).status_code == 422


async def test_a_specialist_changes_their_own_group_and_no_other(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        mine, other = await makers.a_group(db, hub), await makers.a_group(db, hub)
        csrf = await makers.sign_in(db, client, mine.leader)
    saved = await client.post(f"/hubs/MOOR/groups/{mine.group.id}/edit", data=a_form(csrf, mine.group, name="Mine"))
    assert saved.status_code == 303
    assert (await client.get(f"/hubs/MOOR/groups/{other.group.id}")).status_code == 200
    for tail, form in (("edit", a_form(csrf, other.group)), (f"schools/{other.schools[0].urn}/remove", {"csrf": csrf})):
        assert (await client.post(f"/hubs/MOOR/groups/{other.group.id}/{tail}", data=form)).status_code == 403
    assert (await client.get(f"/hubs/MOOR/groups/{other.group.id}/edit")).status_code == 403
    assert (await client.get("/hubs/MOOR/groups/new")).status_code == 403


async def test_a_group_is_made_and_its_code_is_taken_then(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        programme = await makers.a_programme(db, hub)
        leader = await makers.a_person(db, hub, Role.SPECIALIST)
    blank = WorkGroup(hub_id=hub.id, year=2026, code="NCP26-11-09", programme_id=programme.id, leader_id=leader.id)
    assert "Choose a programme" in (await client.get("/hubs/MOOR/groups/new")).text
    made = await client.post("/hubs/MOOR/groups/new", data=a_form(csrf, blank))
    assert made.status_code == 303
    again = await client.post("/hubs/MOOR/groups/new", data=a_form(csrf, blank, code="ncp26-11-09"))
    assert again.status_code == 422
    assert "choose another code" in again.text


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"code": " "}, "code", "Give the Work Group a code"),
        ({"programme": "x"}, "programme", "Choose a programme"),
        ({"half_terms": []}, "half_terms", "Tick at least one"),
        ({"least_gap": "soon"}, "least_gap", "whole number"),
        ({"least_gap": "0"}, "least_gap", "from 1 to 60"),
        ({"morning_starts": "10:00"}, "morning_ends", "both start and end"),
        ({"morning_starts": "10:00", "morning_ends": "9:00"}, "morning_ends", "after the start"),
        ({"morning_starts": "late", "morning_ends": "12:00"}, "morning_starts", "Enter a time"),
        ({"online": "yes", "joining_link": "javascript:alert(1)"}, "joining_link", "begins with https://"),
        ({"first_host": "143308"}, "first_host", "one of the schools"),
    ],
)
async def test_a_wrong_form_keeps_what_was_typed(
    database: Database, client: httpx.AsyncClient, changes: dict[str, object], path: str, said: str
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub)
    form = a_form(csrf, team.group, **{"name": "Kept as typed", "weekday_2": "last resort", **changes})
    answer = await client.post(f"/hubs/MOOR/groups/{team.group.id}/edit", data=form, headers=JSON)
    assert answer.status_code == 422
    fields = {field["name"]: field for field in answer.json()["form"]["fields"]}
    assert said in fields[path]["fault"]
    assert (fields["name"]["value"], fields["weekday_2"]["value"]) == ("Kept as typed", "last resort")


async def test_a_stale_form_loses_nothing(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, weekday_cost=[7, 0, 0, 0, 0])
    address = f"/hubs/MOOR/groups/{team.group.id}/edit"
    first = a_form(csrf, team.group, weekday_0="rather not", weekday_4="last resort")
    assert (await client.post(address, data=first)).status_code == 303
    late = await client.post(address, data=a_form(csrf, team.group, name="Too late"))
    assert late.status_code == 412
    assert "Too late" in late.text
    async with database.transaction(hub.id) as db:
        kept = await db.get_one(WorkGroup, team.group.id)
    assert kept.weekday_cost == [7, 0, 0, 0, 15]


async def test_meetings_to_come_follow_the_groups_times(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub)
        past = await makers.a_meeting(db, team, date(2026, 9, 24))
        ahead = await makers.a_meeting(db, team, date(2027, 1, 14))
        by_hand = await makers.a_meeting(db, team, date(2027, 2, 25), own_times=True)
    link = "https://meet.example/moor"
    form = a_form(csrf, team.group, morning_starts="10am", morning_ends="12:30", online="yes", joining_link=link)
    assert (await client.post(f"/hubs/MOOR/groups/{team.group.id}/edit", data=form)).status_code == 303
    async with database.transaction(hub.id) as db:
        events = {one.id: one for one in (await db.execute(select(Event))).scalars()}
        spans = (await db.execute(select(Booking.during).where(Booking.event_id == ahead.id))).scalars().all()
    starts, ends = datetime(2027, 1, 14, 10, 0, tzinfo=UTC), datetime(2027, 1, 14, 12, 30, tzinfo=UTC)
    assert (events[ahead.id].starts_at, events[ahead.id].ends_at) == (starts, ends)
    assert {(span.lower, span.upper) for span in spans} == {(starts, ends)}
    assert (events[ahead.id].online, events[ahead.id].joining_link) == (True, link)
    assert (events[past.id].starts_at, events[past.id].online) == (past.starts_at, False)
    assert (events[by_hand.id].starts_at, events[by_hand.id].online) == (by_hand.starts_at, True)


async def test_times_that_would_book_somebody_twice_change_nothing(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub)
        other = await makers.a_group(db, hub, leader=team.leader)
        morning = await makers.a_meeting(db, team, date(2027, 1, 14))
        await makers.a_meeting(db, other, date(2027, 1, 14), slot="pm")
    form = a_form(csrf, team.group, name="Longer", morning_starts="9:00", morning_ends="14:00")
    answer = await client.post(f"/hubs/MOOR/groups/{team.group.id}/edit", data=form)
    assert answer.status_code == 422
    assert "at two places at once" in answer.text
    async with database.transaction(hub.id) as db:
        event, group = await db.get_one(Event, morning.id), await db.get_one(WorkGroup, team.group.id)
    assert (event.ends_at, event.version) == (london(date(2027, 1, 14), time(12)), 1)
    assert (group.name, group.version) == ("", 1)


async def test_a_school_joins_with_its_visits_and_leaves_with_its_people(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, schools=1)
        school = await makers.a_school(db, hub, name="Ash Vale Primary")
    here = f"/hubs/MOOR/groups/{team.group.id}"
    assert "Ash Vale Primary" in (await client.get(f"{here}/schools/add")).text
    form = {"csrf": csrf, "school": str(school.urn)}
    assert (await client.post(f"{here}/schools/add", data=form)).status_code == 303
    assert (await client.post(f"{here}/schools/add", data=form)).status_code == 422
    async with database.transaction(hub.id) as db:
        series = (await db.execute(select(VisitSeries))).scalar_one()
        assert (series.urn, series.visitor_id, series.half_terms) == (school.urn, team.leader.id, [0, 2, 4])
        teacher = await makers.a_person(db, hub, base_urn=school.urn)
    taker = {"csrf": csrf, "person": str(teacher.id), "school": str(school.urn), "role": "maths lead"}
    assert (await client.post(f"{here}/people/add", data=taker)).status_code == 303
    question = await client.get(f"{here}/schools/{school.urn}/remove")
    assert f"{teacher.name} no longer take part" in question.text
    assert (await client.post(f"{here}/schools/{school.urn}/remove", data={"csrf": csrf})).status_code == 303
    async with database.transaction(hub.id) as db:
        assert (await db.execute(select(GroupSchool.urn))).scalars().all() == [team.schools[0].urn]
        assert (await db.execute(select(Participant.urn))).scalars().all() == [team.schools[0].urn]
        assert (await db.execute(select(VisitSeries))).scalars().all() == []


async def test_a_group_made_by_mistake_goes_and_one_that_has_had_dates_stays(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, schools=2)
        await makers.a_visit_series(db, team)
        met = await makers.a_group(db, hub, schools=1)
        await makers.a_meeting(db, met, status="cancelled")
    here = f"/hubs/MOOR/groups/{team.group.id}"
    assert f'href="{here}/remove"' in (await client.get(here)).text
    question = (await client.get(f"{here}/remove")).text
    assert f"Remove {team.group.code} from 2026/27?" in question
    assert team.schools[0].name in question
    assert (await client.post(f"{here}/remove", data={"csrf": csrf})).status_code == 303
    assert (await client.get(here)).status_code == 404
    async with database.transaction(hub.id) as db:
        assert (await db.execute(select(WorkGroup.code))).scalars().all() == [met.group.code]
        assert (await db.execute(select(VisitSeries))).scalars().all() == []
        left = (await db.execute(select(Participant.group_id).distinct())).scalars().all()
        assert left == [met.group.id]
        assert await db.get(Person, team.participants[0].id) is not None
    there = f"/hubs/MOOR/groups/{met.group.id}"
    assert f'href="{there}/remove"' not in (await client.get(there)).text
    for answer in (await client.get(f"{there}/remove"), await client.post(f"{there}/remove", data={"csrf": csrf})):
        assert answer.status_code == 409
        assert "has had dates in the calendar, so it stays on record" in answer.text
    assert (await client.get(there)).status_code == 200


async def test_who_joins_gets_the_meetings_to_come_and_who_leaves_loses_them(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub)
        past = await makers.a_meeting(db, team, date(2026, 9, 24))
        ahead = await makers.a_meeting(db, team, date(2026, 11, 26))
        mine = await makers.a_person(db, hub, name="Late Comer", works={"mon": ["am"]})
    here = f"/hubs/MOOR/groups/{team.group.id}"
    form = {"csrf": csrf, "person": str(mine.id), "school": str(team.schools[0].urn), "role": ""}
    assert (await client.post(f"{here}/people/add", data=form)).status_code == 303
    assert await _places(database, hub, mine) == [(ahead.id, "comes", False, True)]
    async with database.transaction(hub.id) as db:
        roles = (await db.execute(select(RoleHeld.role).where(RoleHeld.person_id == mine.id))).scalars().all()
        sequence = (await db.get_one(Event, ahead.id)).sequence
    assert roles == ["participant"]
    assert sequence >= 0
    assert "Late Comer" in (await client.get(f"{here}/people/{mine.id}/remove")).text
    assert (await client.post(f"{here}/people/{mine.id}/remove", data={"csrf": csrf})).status_code == 303
    assert (await client.post(f"{here}/people/{mine.id}/remove", data={"csrf": csrf})).status_code == 404
    assert await _places(database, hub, mine) == []
    async with database.transaction(hub.id) as db:
        there = (await db.execute(select(Booking.event_id).where(Booking.event_id == past.id))).scalars().all()
    assert len(there) == 3


async def _places(database: Database, hub: Hub, person: Person) -> list[tuple[object, ...]]:
    async with database.transaction(hub.id) as db:
        found = await db.execute(select(Booking).where(Booking.person_id == person.id))
        return [(one.event_id, one.part, one.expected, one.holds) for one in found.scalars()]


async def test_someone_booked_elsewhere_comes_without_being_booked_twice(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team, other = await makers.a_group(db, hub), await makers.a_group(db, hub)
        meeting = await makers.a_meeting(db, team, date(2026, 11, 26))
        await makers.a_meeting(db, other, date(2026, 11, 26))
    busy = other.participants[0]
    form = {"csrf": csrf, "person": str(busy.id), "school": str(team.schools[0].urn), "role": "teacher"}
    assert (await client.post(f"/hubs/MOOR/groups/{team.group.id}/people/add", data=form)).status_code == 303
    assert (meeting.id, "comes", True, False) in await _places(database, hub, busy)


async def test_visits_are_set_and_taken_away(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub)
    address = f"/hubs/MOOR/groups/{team.group.id}/schools/{team.schools[0].urn}/visits"
    assert re.search(r'<option value="[0-9a-f-]+" selected>', (await client.get(address)).text)
    form = {"csrf": csrf, "visitor": str(team.leader.id), "half_terms": ["5", "1"], "least_gap": "20"}
    assert (await client.post(address, data=form)).status_code == 303
    async with database.transaction(hub.id) as db:
        series = (await db.execute(select(VisitSeries))).scalar_one()
    assert (series.half_terms, series.least_gap) == ([1, 5], 20)
    assert (await client.post(address, data={**form, "visitor": ""})).status_code == 422
    assert (await client.post(address, data={"csrf": csrf, "least_gap": "14"})).status_code == 303
    async with database.transaction(hub.id) as db:
        assert (await db.execute(select(VisitSeries))).scalars().all() == []
