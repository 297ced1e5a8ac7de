import httpx
import pytest

from app.domain.access import Role
from app.kit.errors import NotFoundError
from app.models.trail import TrailEntry
from app.pages import trail as pages
from app.store.database import Database
from tests.makers import a_group, a_meeting, a_person
from tests.routers.desks import Desk

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    client.headers["user-agent"] = FIREFOX
    return await Desk(database, client).open()


async def test_an_entry_tells_before_and_after_in_words_and_where_it_came_from(desk: Desk) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    await desk.post("/years/2026", meetings_per_day="3")
    page = await desk.get("/trail")
    assert "A page, in Firefox on Linux" in page
    assert "Most meetings on one day" in page
    assert "<del>Nothing</del>" in page
    assert "<ins>3</ins>" in page
    assert "2 entries" in page


async def test_what_happened_to_one_thing_is_a_click_away_for_the_office(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub)
        meeting = await a_meeting(db, team)
        event, person, urn = meeting.id, team.leader.id, team.schools[0].urn
        version = meeting.version
    form = {"version": str(version), "notes": "Bring counters", "starts": "", "ends": "", "place": "school"}
    await desk.post(f"/events/{event}/edit", **form)
    for path, kind, thing in (
        (f"/events/{event}", "event", event),
        (f"/groups/{team.group.id}", "group", team.group.id),
        (f"/people/{person}", "person", person),
        (f"/schools/{urn}", "school", urn),
    ):
        assert f'href="{desk.home}/trail?kind={kind}&amp;thing={thing}"' in await desk.get(path), path
    page = await desk.get(f"/trail?kind=event&thing={event}")
    assert "Bring counters" in page
    assert "What to bring" in page
    assert str(event) not in page.split("<table")[1].split("</table>")[0]
    assert "Bring counters" not in await desk.get(f"/trail?kind=person&thing={person}")


async def test_the_trail_is_narrowed_by_who_kind_days_and_words(desk: Desk) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    await desk.post("/years", year="2027")
    at = (await desk.rows(TrailEntry))[0].at.date().isoformat()
    for query, is_there in (
        ("who=Cora+Lane", True),
        ("who=Nobody", False),
        ("kind=cohort", True),
        ("kind=person", False),
        (f"since={at}&until={at}", True),
        ("until=2020-01-01", False),
        ("since=some+day", True),
        ("q=cohort+cora", True),
        ("q=cohort+dana", False),
    ):
        assert ("Specialist cohort 7" in await desk.get(f"/trail?{query}")) is is_there, query
    assert "that was no day" in await desk.get("/trail?since=some+day")


async def test_the_whole_chain_is_checked_on_the_page_and_by_the_api(desk: Desk) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    await desk.post("/cohorts", number="8", began="2024")
    assert "Whole, checked up to entry 2." in await desk.get("/trail?check=now")
    last = (await desk.rows(TrailEntry, TrailEntry.number == 2))[0]
    assert last.hash in await desk.get("/trail?format=csv")
    api = f"/api/v1{desk.home}/trail"
    found = (await desk.client.get(f"{api}/check")).json()
    assert found == {"whole": True, "number": 2, "hash": last.hash, "forgotten": 0, "fault": ""}
    told = (await desk.client.get(api, params={"kind": "cohort", "q": "cohort 8"})).json()["items"]
    assert [one["hash"] for one in told] == [last.hash]
    assert told[0]["after"] == {"number": 8, "began": 2024, "notes": ""}
    assert told[0]["thing"] == {"kind": "cohort", "id": "8"}
    assert (told[0]["who"], told[0]["source"]) == ("Cora Lane", "page")


async def test_a_trail_too_long_to_wait_for_is_left_to_the_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    monkeypatch.setattr(pages, "MOST_CHECKED", 0)
    assert "halfterm trail verify" in await desk.get("/trail?check=now")
    assert (await desk.client.get(f"/api/v1{desk.home}/trail/check")).status_code == 409


async def test_the_command_walks_every_hub_or_the_one_it_is_asked_for(desk: Desk) -> None:
    await desk.post("/cohorts", number="7", began="2023")
    found = [(code, one.number) async for code, one in pages.check_hubs(desk.database)]
    assert found == [(desk.hub.code, 1)]
    assert [code async for code, _ in pages.check_hubs(desk.database, desk.hub.code)] == [desk.hub.code]
    with pytest.raises(NotFoundError, match="XX"):
        assert [code async for code, _ in pages.check_hubs(desk.database, "XX")]


async def test_who_may_not_see_the_trail_is_not_shown_the_way(database: Database, client: httpx.AsyncClient) -> None:
    desk = await Desk(database, client).open(Role.SPECIALIST)
    async with database.transaction(desk.hub.id) as db:
        person = await a_person(db, desk.hub, name="Ida Else")
    assert "What happened to this" not in await desk.get(f"/people/{person.id}")
