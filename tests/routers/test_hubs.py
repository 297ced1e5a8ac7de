from datetime import date, time

import httpx
import pytest
from sqlmodel import col

from app.actions.hubs import Founder, create_hub
from app.domain.access import Role
from app.kit.errors import BadInputError, ConflictError
from app.models.hubs import Closure, Hub, HubYear, Programme, SpecialistCohort
from app.models.people import Person, RoleHeld
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.makers import NOW, a_group, a_person, a_programme
from tests.routers.desks import Desk

HOURS = {"morning_starts": "9:15am", "morning_ends": "12:00", "afternoon_starts": "13:00", "afternoon_ends": "3.15pm"}


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


async def test_a_new_hub_begins_with_its_year_five_programmes_a_test_week_and_a_lead(database: Database) -> None:
    async with database.transaction() as db:
        hub_id = await create_hub(db, "SW", "South West", NOW, Founder("dana@hub.example", "Dana Reed"))
    desk = Desk(database, httpx.AsyncClient())
    desk.hub = Hub(id=hub_id, code="SW", name="", created_at=NOW)
    assert [one.year for one in await desk.rows(HubYear)] == [2026]
    assert len(await desk.rows(Programme)) == 5
    assert sorted(one.day for one in await desk.rows(Closure)) == [date(2027, 5, day) for day in (10, 11, 12, 13)]
    assert [one.name for one in await desk.rows(Person)] == ["Dana Reed"]
    assert [one.role for one in await desk.rows(RoleHeld)] == ["hub_lead"]


async def test_one_code_is_one_hub(database: Database) -> None:
    async with database.transaction() as db:
        await create_hub(db, "SW", "South West", NOW)
    with pytest.raises(ConflictError, match="SW already"):
        async with database.transaction() as db:
            await create_hub(db, "SW", "Another", NOW)
    with pytest.raises(BadInputError):
        async with database.transaction() as db:
            await create_hub(db, "S W", "Another", NOW)


async def test_name_and_half_days_are_saved_once_for_each_version(desk: Desk) -> None:
    assert 'value="09:15"' in await desk.get("/settings")
    form = {**HOURS, "name": "Moor and Coast", "morning_starts": "9.30am", "version": "1"}
    assert (await desk.post("/settings", **form)).status_code == 303
    hub = (await desk.rows(Hub))[0]
    assert (hub.name, hub.morning_starts, hub.afternoon_ends) == ("Moor and Coast", time(9, 30), time(15, 15))
    assert (await desk.post("/settings", **form)).status_code == 412


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter the hub&#39;s name"),
        ("morning_starts", "quarter past", "Enter a time"),
        ("morning_ends", "9am", "has to end after it starts"),
        ("afternoon_starts", "11am", "before the morning ends"),
    ],
)
async def test_a_setting_that_cannot_be_is_said_beside_its_field(desk: Desk, field: str, typed: str, says: str) -> None:
    answer = await desk.post("/settings", **{**HOURS, "name": "Moor", "version": "1", field: typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{typed}"' in answer.text


async def test_a_year_begins_with_its_programmes_and_is_begun_once(desk: Desk) -> None:
    for _ in range(2):
        answer = await desk.post("/years", year="2027")
        assert answer.headers["location"] == f"{desk.home}/years/2027"
    assert len(await desk.rows(Programme, col(Programme.year) == 2027)) == 5
    assert "Key Stage 2 tests" in await desk.get("/years/2027")
    assert (await desk.post("/years", year="27")).status_code == 422
    assert (await desk.client.get(f"{desk.home}/years/2031")).status_code == 404
    assert (await desk.client.get(f"{desk.home}/years/soon")).status_code == 404


async def test_closures_stand_beside_the_bank_holidays_and_are_taken_away(desk: Desk) -> None:
    page = await desk.get("/years/2026")
    assert "Friday 25 December 2026" in page
    assert "Christmas Day" in page
    answer = await desk.post("/years/2026/closures", first="2026-12-03", last="2026-12-05", name="Hub conference")
    assert answer.status_code == 303
    closed = await desk.rows(Closure)
    assert sorted(one.day.day for one in closed) == [3, 4]
    assert "Hub conference" in await desk.get("/years/2026")
    assert "2026-12-03,Hub conference" in await desk.get("/years/2026?format=csv")
    for one in closed:
        await desk.post(f"/years/2026/closures/{one.id}/remove")
    assert not await desk.rows(Closure)


@pytest.mark.parametrize(
    ("first", "last", "name", "says"),
    [
        ("", "", "Conference", "The day is empty"),
        ("2026-12-04", "2026-12-03", "Conference", "cannot come before"),
        ("2026-08-31", "", "Conference", "2026/27"),
        ("2026-12-05", "", "Conference", "weekends or bank holidays"),
        ("2026-12-03", "", "", "Say why"),
        ("2026-12-01", "2027-02-01", "Conference", "three weeks"),
    ],
)
async def test_a_closure_that_makes_no_sense_is_said_so(
    desk: Desk, first: str, last: str, name: str, says: str
) -> None:
    answer = await desk.post("/years/2026/closures", first=first, last=last, name=name)
    assert answer.status_code == 422
    assert says in answer.text
    assert not await desk.rows(Closure)


async def test_the_most_meetings_on_one_day_can_be_set_and_left_open(desk: Desk) -> None:
    assert (await desk.post("/years/2026", meetings_per_day="8")).status_code == 303
    assert (await desk.rows(HubYear))[0].meetings_per_day == 8
    assert (await desk.post("/years/2026", meetings_per_day="")).status_code == 303
    assert (await desk.rows(HubYear))[0].meetings_per_day is None
    assert (await desk.post("/years/2026", meetings_per_day="many")).status_code == 422


async def test_a_programme_is_changed_and_the_trail_says_from_what_to_what(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        programme = await a_programme(db, desk.hub)
    form = {
        "name": "Development",
        "fewest_schools": "5",
        "most_schools": "7",
        "meetings": "6",
        "visits": "2",
        "visit_half_terms": ["1", "3"],
        "least_gap": "14",
        "participants": "2",
        "people": "Two teachers",
        "led_by": "Mastery Specialist",
        "head_attends": "",
        "years": "1",
        "version": "1",
    }
    here = f"/programmes/{programme.id}"
    assert (await desk.post(here, **form)).status_code == 303
    saved = (await desk.rows(Programme))[0]
    assert (saved.visit_half_terms, saved.visits, saved.kind) == ([1, 3], 2, "development")
    assert (await desk.rows(TrailEntry))[0].facts["changed"]["visits"] == [3, 2]
    assert (await desk.post(here, **form)).status_code == 412
    wrong = await desk.post(here, **{**form, "visits": "4", "version": "2"})
    assert wrong.status_code == 422
    assert "Choose 4 half terms" in wrong.text


async def test_programmes_are_filtered_by_year_and_downloaded(desk: Desk) -> None:
    await desk.post("/years", year="2027")
    assert (await desk.get("/programmes?year=2027")).count("<tr") == 6
    csv = await desk.get("/programmes?year=2027&q=readi&format=csv")
    assert csv.splitlines()[1].startswith("2027,readiness,Mastery Readiness,1,8,6,6")


async def test_cohorts_name_their_specialists(desk: Desk) -> None:
    assert (await desk.post("/cohorts", number="7", began="2023", notes="")).status_code == 303
    cohort = (await desk.rows(SpecialistCohort))[0]
    async with desk.database.transaction(desk.hub.id) as db:
        await a_person(db, desk.hub, Role.SPECIALIST, name="Sol Reed", cohort_id=cohort.id)
    page = await desk.get("/cohorts")
    assert "Cohort 7" in page
    assert "Sol Reed" in page
    assert (await desk.post("/cohorts", number="7", began="2023")).status_code == 422
    assert (await desk.post(f"/cohorts/{cohort.id}", number="8", began="2023")).status_code == 303
    assert (await desk.post("/cohorts", number="x", began="2023")).status_code == 422


async def test_the_trail_is_searched_and_downloaded(desk: Desk) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    await desk.post("/years", year="2027")
    assert "Cora Lane" in await desk.get("/trail")
    found = await desk.get("/trail?q=cohort")
    assert "Specialist cohort 7" in found
    assert "2027/28" not in found
    assert "Opened" in await desk.get("/trail?format=csv&did=Opened")


@pytest.mark.parametrize("path", ["/programmes", "/cohorts", "/trail", "/settings", "/years/2026"])
async def test_every_page_takes_a_fixed_number_of_queries(desk: Desk, path: str) -> None:
    counts = []
    for number in (1, 2):
        await desk.post("/cohorts", number=str(number), began="2023")
        async with desk.database.transaction(desk.hub.id) as db:
            await a_group(db, desk.hub)
        counts.append(await desk.queries_of(path))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.SPECIALIST, "/settings", 403),
        (Role.SPECIALIST, "/programmes", 200),
        (Role.BOARD, "/cohorts", 200),
        (Role.BOARD, "/cohorts/new", 403),
        (Role.PARTICIPANT, "/programmes", 403),
        (Role.HEADTEACHER, "/trail", 403),
    ],
)
async def test_who_may_see_what(
    database: Database, client: httpx.AsyncClient, role: Role, path: str, status: int
) -> None:
    desk = await Desk(database, client).open(role)
    assert (await client.get(desk.home + path)).status_code == status
