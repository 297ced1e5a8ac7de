"""The pages of schools and calendars, as a browser and a program see them."""

import re

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.access import Role
from app.models.hubs import Hub, HubYear
from app.models.people import Person
from app.models.schools import HubSchool
from app.models.trail import TrailEntry
from app.store.database import Database
from tests import makers
from tests.routers.statements import statements

JSON = {"accept": "application/json"}


async def a_signed_in(
    database: Database, client: httpx.AsyncClient, role: Role = Role.COORDINATOR
) -> tuple[Hub, Person, str]:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        person = await makers.a_person(db, hub, role)
        csrf = await makers.sign_in(db, client, person)
    return hub, person, csrf


async def test_the_list_shows_the_schools_of_the_year_and_answers_json_and_csv(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, _, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, schools=2, code="NCP26-11-03")
        await makers.a_school(db, hub, name="=Alone Primary", town="Farway")
    page = await client.get("/hubs/MOOR/schools")
    assert page.status_code == 200
    assert "NCP26-11-03" in page.text
    told = (await client.get("/hubs/MOOR/schools", headers=JSON)).json()
    assert told["lines"][0]["name"] == "=Alone Primary"
    assert told["listing"]["total"] == 3
    assert len(told["map"]["points"]) == 3
    sheet = await client.get("/hubs/MOOR/schools?format=csv&q=farway")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.text.count("\r\n") == 2
    assert "'=Alone Primary" in sheet.text
    assert str(team.schools[0].urn) not in sheet.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("programme=readiness", 1),
        ("programme=none", 1),
        ("group=R-01", 1),
        ("calendar=missing", 1),
        ("q=fernhill+zz1", 3),
        ("q=nowhere", 0),
        ("authority=Devon", 1),
        ("sort=-hosted", 3),
        ("page=99", 3),
    ],
)
async def test_the_list_narrows_and_sorts(
    database: Database, client: httpx.AsyncClient, query: str, count: int
) -> None:
    hub, _, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        readiness = await makers.a_programme(db, hub, kind="readiness")
        await makers.a_group(db, hub, schools=1, programme=readiness, code="R-01")
        await makers.a_group(db, hub, schools=1, code="D-01")
        alone = await makers.a_school(db, hub, la_name="Devon", hosted_before=3)
        kept = (await db.execute(select(HubSchool).where(HubSchool.urn == alone.urn))).scalar_one()
        kept.calendar_id = None
    told = (await client.get(f"/hubs/MOOR/schools?{query}", headers=JSON)).json()
    assert told["listing"]["total"] == count
    if "hosted" in query:
        assert told["lines"][0]["urn"] == alone.urn


async def test_two_hundred_schools_take_as_many_statements_as_one(
    database: Database, client: httpx.AsyncClient, app: FastAPI
) -> None:
    hub, _, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        calendar = await makers.a_calendar(db, hub)
        await makers.a_school(db, hub, calendar)
    with statements(app) as few:
        await client.get("/hubs/MOOR/schools")
    async with database.transaction(hub.id) as db:
        for _ in range(199):
            await makers.a_school(db, hub, calendar)
    with statements(app) as many:
        page = await client.get("/hubs/MOOR/schools")
    assert "1 to 50 of 200" in page.text
    assert len(many) == len(few)
    assert len([one for one in many if "school" in one and "FROM" in one]) <= 5


async def test_a_participant_sees_the_schools_of_their_groups_and_no_others(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        team = await makers.a_group(db, hub, schools=2)
        other = await makers.a_school(db, hub)
        await makers.sign_in(db, client, team.participants[0])
    told = (await client.get("/hubs/MOOR/schools", headers=JSON)).json()
    assert {line["urn"] for line in told["lines"]} == {school.urn for school in team.schools}
    assert (await client.get(f"/hubs/MOOR/schools/{other.urn}")).status_code == 404
    assert (await client.get(f"/hubs/MOOR/schools/{team.schools[1].urn}")).status_code == 200
    assert (await client.get(f"/hubs/MOOR/schools/{team.schools[1].urn}/edit")).status_code == 403


@pytest.mark.parametrize("urn", ["0", "999999999", "9" * 30, "-1", "abc", "٣", "143308%00", "../x"])
async def test_a_school_that_is_not_there_is_not_found(database: Database, client: httpx.AsyncClient, urn: str) -> None:
    await a_signed_in(database, client)
    for tail in ("", "/edit", "/days", "/own-calendar"):
        assert (await client.get(f"/hubs/MOOR/schools/{urn}{tail}")).status_code == 404


async def test_another_hubs_school_calendar_and_day_are_not_found(
    database: Database, client: httpx.AsyncClient
) -> None:
    _, _, csrf = await a_signed_in(database, client)
    async with database.transaction() as db:
        theirs = await makers.a_hub(db, code="FEN")
        calendar = await makers.a_calendar(db, theirs)
        school = await makers.a_school(db, theirs, calendar)
    assert (await client.get(f"/hubs/MOOR/schools/{school.urn}")).status_code == 404
    assert (await client.get(f"/hubs/MOOR/calendars/{calendar.id}")).status_code == 404
    assert (await client.get(f"/hubs/FEN/schools/{school.urn}")).status_code == 404
    answer = await client.post(f"/hubs/MOOR/calendars/{calendar.id}/edit", data={"csrf": csrf, "name": "Mine"})
    assert answer.status_code == 404


async def test_a_school_shows_its_facts_its_days_and_its_meetings(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, _, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        team = await makers.a_group(db, hub, schools=2, code="NCP26-11-03")
        await makers.a_meeting(db, team)
    host, guest = team.schools
    page = await client.get(f"/hubs/MOOR/schools/{host.urn}")
    assert "NCP26-11-03 meets at" in page.text
    assert "Monday morning" in page.text
    assert team.participants[0].name in page.text
    told = (await client.get(f"/hubs/MOOR/schools/{guest.urn}", headers=JSON)).json()
    assert len(told["events"]) == 1


async def test_a_school_is_changed_and_the_trail_says_so(database: Database, client: httpx.AsyncClient) -> None:
    hub, _, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        school = await makers.a_school(db, hub)
    form = {"csrf": csrf, "version": "1", "hosts": "yes", "maths": ["mon-am", "tue-pm"], "hosted_before": "4"}
    form |= {"rather_not_host": ["1", "5"], "notes": "Park behind the hall."}
    answer = await client.post(f"/hubs/MOOR/schools/{school.urn}/edit?year=2026", data=form)
    assert answer.status_code == 303
    async with database.transaction(hub.id) as db:
        kept = (await db.execute(select(HubSchool).where(HubSchool.urn == school.urn))).scalar_one()
        trail = (await db.execute(select(TrailEntry))).scalars().all()
    assert (kept.maths, kept.hosted_before, kept.rather_not_host) == ({"mon": ["am"], "tue": ["pm"]}, 4, [1, 5])
    assert (kept.calendar_id, kept.version) == (None, 2)
    assert trail[-1].did == "Changed"
    assert (trail[-1].after or {})["notes"] == "Park behind the hall."


async def test_a_wrong_form_keeps_what_was_typed_and_says_what_to_do(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, _, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        school = await makers.a_school(db, hub)
    form = {
        "csrf": csrf,
        "version": "1",
        "hosts": "yes",
        "hosted_before": "lots",
        "notes": "Ring the bell.",
        "calendar": "x",
    }
    answer = await client.post(f"/hubs/MOOR/schools/{school.urn}/edit", data=form)
    assert answer.status_code == 422
    for said in ("Ring the bell.", 'value="lots"', "tick at least one half-day", "Choose a calendar", "from 0 to 99"):
        assert said in answer.text


async def test_a_stale_form_is_refused_and_nothing_typed_is_lost(database: Database, client: httpx.AsyncClient) -> None:
    hub, _, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        school = await makers.a_school(db, hub)
    form = {"csrf": csrf, "version": "1", "hosts": "no", "notes": "First."}
    address = f"/hubs/MOOR/schools/{school.urn}/edit"
    assert (await client.post(address, data=form)).status_code == 303
    late = await client.post(address, data={**form, "notes": "Second."})
    assert late.status_code == 412
    assert "Second." in late.text
    assert "Someone else saved this" in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    assert (await client.post(address, data={**form, "notes": "Second.", "version": version[1]})).status_code == 303


async def test_a_closed_day_is_added_once_and_removed_after_a_question(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, _, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        school = await makers.a_school(db, hub)
    address = f"/hubs/MOOR/schools/{school.urn}/days?year=2026"
    day = {"csrf": csrf, "day": "24/09/2026", "kind": "busy", "called": "Harvest fair"}
    assert (await client.post(address, data=day)).status_code == 303
    assert (await client.post(address, data=day)).status_code == 422
    weekend = await client.post(address, data={**day, "day": "2026-09-26"})
    assert "is at a weekend" in weekend.text
    assert "is not in 2026/27" in (await client.post(address, data={**day, "day": "2028-01-05"})).text
    page = await client.get(f"/hubs/MOOR/schools/{school.urn}")
    assert "Thursday 24 September 2026: Harvest fair (busy)" in page.text
    found = re.search(r'href="(/hubs/MOOR/schools/\d+/days/[0-9a-f-]+/remove)"', page.text)
    assert found is not None
    assert "Remove Thursday 24 September 2026" in (await client.get(found[1])).text
    assert (await client.post(found[1], data={"csrf": csrf})).status_code == 303
    assert (await client.post(found[1], data={"csrf": csrf})).status_code == 404
    assert "Harvest fair" not in (await client.get(f"/hubs/MOOR/schools/{school.urn}", headers=JSON)).text


async def test_a_school_of_gias_is_found_by_name_town_urn_or_postcode_and_added_once(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, _, csrf = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        school = await makers.a_school(db, name="Ash Vale Primary", town="Tidewell", postcode="ZZ9 4QQ")
        await makers.a_school(db, name="Ash Gone Primary", status="closed")
    for words in ("ash vale", "TIDEWELL", str(school.urn), "zz94qq", "ZZ9 4"):
        told = (await client.get("/hubs/MOOR/schools/add", params={"q": words}, headers=JSON)).json()
        assert [one["urn"] for one in told["found"]] == [school.urn], words
    for words in ("100%", "_sh", "a\x00b", "\\"):
        assert (await client.get("/hubs/MOOR/schools/add", params={"q": words}, headers=JSON)).json()["found"] == []
    added = await client.post("/hubs/MOOR/schools/add?year=2026", data={"csrf": csrf, "urn": str(school.urn)})
    assert added.headers["location"] == f"/hubs/MOOR/schools/{school.urn}/edit?year=2026"
    again = await client.post("/hubs/MOOR/schools/add?year=2026", data={"csrf": csrf, "urn": str(school.urn)})
    assert again.status_code == 409
    assert "Works with the hub" in (await client.get("/hubs/MOOR/schools/add?q=ash")).text
    assert (await client.get("/hubs/MOOR/schools/add?year=2031")).status_code == 404


async def test_another_year_has_its_own_schools(database: Database, client: httpx.AsyncClient) -> None:
    hub, _, _ = await a_signed_in(database, client)
    async with database.transaction(hub.id) as db:
        await makers.a_school(db, hub)
        db.add(HubYear(hub_id=hub.id, year=2027))
    told = (await client.get("/hubs/MOOR/schools?year=2027", headers=JSON)).json()
    assert (told["year"], told["lines"]) == ("2027/28", [])
    assert [(one["words"], one["here"]) for one in told["years"]] == [("2027/28", True), ("2026/27", False)]
