"""The year's grid in hand: whose marks can be taken, what a date's days say to the script, and the way back to it."""

from datetime import date

import httpx
import pytest

from app.domain.access import Role
from app.store.database import Database
from tests.makers import a_group, a_meeting, a_person, sign_in
from tests.routers.test_schedule_by_hand import Planner, chosen

GRID = "/year?hand=yes"


@pytest.fixture
async def planner(database: Database, client: httpx.AsyncClient) -> Planner:
    return await Planner(database, client).begin()


async def test_each_date_ahead_leads_to_its_days_once_dates_are_moved_by_hand(planner: Planner) -> None:
    plain = await planner.get("/year")
    assert "Move dates by hand" in plain
    assert f"{planner.here(planner.first)}/move" not in plain
    grid = await planner.get(GRID)
    assert f'{planner.here(planner.first)}/move" title=' in grid
    assert grid.count('class="by-hand"') == 2
    assert "Move dates by hand" not in await planner.get("/year?view=list&hand=yes")
    assert await planner.queries_of(GRID) == await planner.queries_of("/year")


async def test_leaders_take_their_own_dates_and_who_only_comes_takes_none(
    planner: Planner, client: httpx.AsyncClient
) -> None:
    async with planner.database.transaction(planner.hub.id) as db:
        foreign = await a_meeting(db, await a_group(db, planner.hub, schools=2), date(2026, 12, 4))
        await sign_in(db, client, planner.team.leader)
    grid = await planner.get(GRID)
    assert grid.count('class="by-hand"') == 2
    assert f"{planner.here(foreign)}/move" not in grid
    async with planner.database.transaction(planner.hub.id) as db:
        reader = await a_person(db, planner.hub, Role.PARTICIPANT)
        await sign_in(db, client, reader)
    grid = await planner.get(GRID)
    assert "by-hand" not in grid
    assert "data-hand" not in grid


async def test_one_answer_tells_every_day_with_what_it_would_mean_or_the_rule_against_it(planner: Planner) -> None:
    address = f"{planner.home}{planner.here(planner.first)}/move"
    found = (await planner.client.get(address, headers={"Accept": "application/json"})).json()
    assert found["on"] == "2026-12-03"
    assert {day["state"] for day in found["days"]} >= {"here", "free"}
    assert len({day["day"] for day in found["days"]}) == len(found["days"]) > 10
    assert all(day["says"] for day in found["days"])
    assert all(bool(day["href"]) == (day["state"] not in {"here", "barred"}) for day in found["days"])


async def test_a_move_from_the_grid_ends_there_with_the_way_back(planner: Planner) -> None:
    here = planner.here(planner.first)
    to = next(each for each in chosen(await planner.get(f"{here}/move")) if ".20261210." in each)
    asked = await planner.get(f"{here}/move?to={to}&year=2026")
    assert "Or on the same day" in asked
    assert all(each.endswith("year=2026") for each in chosen(asked.replace("&amp;", "&")))
    answer = await planner.post(f"{here}/move", to=to, year="2026")
    address = answer.headers["location"]
    assert address.startswith(f"{planner.home}/year?year=2026&hand=yes&at={planner.first.id.hex}&undo=")
    grid = (await planner.client.get(address)).text
    assert "by-hand by-hand--latest" in grid
    [back] = chosen(grid.replace("&amp;", "&"))
    assert (await planner.post(f"{here}/move", to=back.partition("&")[0], year="2026")).status_code == 303
    assert (await planner.event(planner.first)).day == date(2026, 12, 3)


async def test_a_pin_from_the_grid_shows_there_and_nonsense_in_the_address_is_nothing(planner: Planner) -> None:
    answer = await planner.post(f"{planner.here(planner.first)}/pin", version=1, pinned="yes", year="2026")
    assert "by-hand by-hand--pinned by-hand--latest" in (await planner.client.get(answer.headers["location"])).text
    assert "Undo" not in await planner.get(f"{GRID}&undo=%22%3E&at=x")
    elsewhere = await planner.post(f"{planner.here(planner.second)}/pin", version=1, pinned="yes", year="//evil")
    assert elsewhere.headers["location"].endswith(f"{planner.here(planner.second)}/move")
