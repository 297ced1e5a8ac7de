"""Calendars: written by hand, changed, kept by schools, copied for one of them."""

from datetime import date

import httpx
import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.schools import CalendarDay, HalfTerm, HubSchool
from app.store.database import Database
from tests import makers

JSON = {"accept": "application/json"}


def a_form(csrf: str, **changes: str) -> dict[str, str]:
    """A whole calendar as a browser sends it."""
    form = {"csrf": csrf, "name": "Carn Trust", "day_0": "2026-09-03", "kind_0": "inset", "called_0": "INSET"}
    form |= {"day_1": "", "kind_1": "inset", "called_1": ""}
    for number, (first, last) in enumerate(makers.HALF_TERMS):
        form |= {f"first_{number}": first.isoformat(), f"last_{number}": last.isoformat()}
    return {**form, **changes}


async def a_coordinator(database: Database, client: httpx.AsyncClient) -> tuple[Hub, str]:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        csrf = await makers.sign_in(db, client, await makers.a_person(db, hub, Role.COORDINATOR))
    return hub, csrf


async def test_a_calendar_is_written_listed_and_shown(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_coordinator(database, client)
    made = await client.post("/hubs/MOOR/calendars/new?year=2026", data=a_form(csrf))
    assert made.status_code == 303
    page = await client.get(made.headers["location"])
    assert "Thursday 3 September 2026 to Friday 23 October 2026" in page.text
    told = (await client.get("/hubs/MOOR/calendars", headers=JSON)).json()
    assert [(one["name"], one["days"], one["schools"]) for one in told["lines"]] == [("Carn Trust", 1, 0)]
    sheet = await client.get("/hubs/MOOR/calendars?format=csv")
    assert "Carn Trust,half term,Autumn 1,2026-09-03,2026-10-23" in sheet.text
    async with database.transaction(hub.id) as db:
        days = (await db.execute(select(CalendarDay))).scalars().all()
    assert [(day.day, day.kind, day.name) for day in days] == [(date(2026, 9, 3), "inset", "INSET")]


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"name": ""}, "name", "Give the calendar a name"),
        ({"first_2": "soon"}, "first_2", "first day of Spring 1"),
        ({"last_0": "2026-08-01"}, "last_0", "ends before it begins"),
        ({"first_1": "2026-10-20"}, "first_1", "overlaps Autumn 1"),
        ({"first_5": "2027-07-10"}, "first_5", "gap"),
        ({"day_1": "2026-09-03"}, "day_1", "in the list already"),
        ({"called_1": "Feast day"}, "day_1", "Write the day of Feast day"),
        ({"day_0": "2026-08-01"}, "day_0", "more than two weeks away"),
    ],
)
async def test_a_wrong_calendar_keeps_what_was_typed(
    database: Database, client: httpx.AsyncClient, changes: dict[str, str], path: str, said: str
) -> None:
    _, csrf = await a_coordinator(database, client)
    form = a_form(csrf, **{"called_0": "Training of all staff", **changes})
    told = (await client.post("/hubs/MOOR/calendars/new?year=2026", data=form, headers=JSON)).json()
    fields = {field["name"]: field for field in told["form"]["fields"]}
    assert said in fields[path]["fault"]
    assert fields["called_0"]["value"] == "Training of all staff"
    assert fields["last_5"]["value"] == "2027-07-21"
    page = await client.post("/hubs/MOOR/calendars/new?year=2026", data=form)
    assert page.status_code == 422
    assert f'href="#{path}"' in page.text


async def test_dates_of_another_year_are_refused(database: Database, client: httpx.AsyncClient) -> None:
    _, csrf = await a_coordinator(database, client)
    form = a_form(csrf)
    later = {name: value.replace("2027", "2028").replace("2026", "2027") for name, value in form.items()}
    answer = await client.post("/hubs/MOOR/calendars/new?year=2026", data=later)
    assert "These are dates of 2027/28" in answer.text
    assert (await client.get("/hubs/MOOR/calendars/new?year=2031")).status_code == 404


async def test_two_calendars_of_one_year_have_two_names(database: Database, client: httpx.AsyncClient) -> None:
    _, csrf = await a_coordinator(database, client)
    await client.post("/hubs/MOOR/calendars/new?year=2026", data=a_form(csrf))
    again = await client.post("/hubs/MOOR/calendars/new?year=2026", data=a_form(csrf, name="carn trust"))
    assert again.status_code == 422
    assert "choose another name" in again.text


async def test_a_calendar_is_changed_once_for_each_version(database: Database, client: httpx.AsyncClient) -> None:
    hub, csrf = await a_coordinator(database, client)
    async with database.transaction(hub.id) as db:
        calendar = await makers.a_calendar(db, hub)
    address = f"/hubs/MOOR/calendars/{calendar.id}/edit"
    assert 'value="2026-09-03"' in (await client.get(address)).text
    form = a_form(csrf, version="1", last_5="2027-07-23", day_0="")
    form["called_0"] = ""
    assert (await client.post(address, data=form)).status_code == 303
    late = await client.post(address, data=form)
    assert late.status_code == 412
    assert 'value="2027-07-23"' in late.text
    async with database.transaction(hub.id) as db:
        last = (await db.execute(select(HalfTerm.last).where(HalfTerm.number == 5))).scalar_one()
        assert (await db.execute(select(CalendarDay))).scalars().all() == []
    assert last == date(2027, 7, 23)


async def test_a_school_gets_a_copy_of_its_own_and_the_others_keep_theirs(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_coordinator(database, client)
    async with database.transaction(hub.id) as db:
        calendar = await makers.a_calendar(db, hub, name="County")
        one = await makers.a_school(db, hub, calendar, name="Ash Vale Primary")
        other = await makers.a_school(db, hub, calendar)
    address = f"/hubs/MOOR/schools/{one.urn}/own-calendar?year=2026"
    assert "The dates of County are copied" in (await client.get(address)).text
    made = await client.post(address, data={"csrf": csrf})
    assert made.headers["location"].startswith("/hubs/MOOR/calendars/")
    told = (await client.get("/hubs/MOOR/calendars", headers=JSON)).json()
    assert [(row["name"], row["schools"]) for row in told["lines"]] == [("Ash Vale Primary", 1), ("County", 1)]
    async with database.transaction(hub.id) as db:
        kept = {row[0]: row[1] for row in (await db.execute(select(HubSchool.urn, HubSchool.calendar_id))).all()}
    assert kept[other.urn] == calendar.id != kept[one.urn]


async def test_calendars_of_other_schools_stay_unseen_by_a_participant(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        team = await makers.a_group(db, hub, schools=1)
        other = await makers.a_calendar(db, hub)
        await makers.sign_in(db, client, team.participants[0])
    told = (await client.get("/hubs/MOOR/calendars", headers=JSON)).json()
    assert len(told["lines"]) == 1
    assert (await client.get(told["lines"][0]["href"])).status_code == 200
    assert (await client.get(f"/hubs/MOOR/calendars/{other.id}")).status_code == 404
    assert (await client.get("/hubs/MOOR/calendars/new")).status_code == 403
