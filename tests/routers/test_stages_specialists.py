"""The page of Specialists: who is not said yet, what is saved, and who may."""

import httpx

from app.domain.access import Role
from app.store.database import Database
from tests.makers import a_group, a_person
from tests.routers.desks import Desk


async def test_the_office_says_how_far_a_specialist_is_and_reads_what_the_hub_could_take_on(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code="NCP26-77")
        other = await a_person(db, desk.hub, Role.COORDINATOR)
    leader = team.leader
    assert "Not said yet" in await desk.get("/specialists")
    here = f"/specialists/{leader.id}"
    assert "Leads NCP26-77" in await desk.get(here)
    said = {"state": "leading", "since": "2025-09-01", "note": "Prefers mornings."}
    refused = await desk.post(here, **said, most="many", version="0")
    assert (refused.status_code, "Enter a whole number." in refused.text) == (422, True)
    assert (await desk.post(here, **said, most="3", version="0")).status_code == 303
    assert (await desk.post(here, **said, most="1", version="0")).status_code == 422
    page = await desk.get("/specialists")
    assert "No cohort: 1 led, 2 free" in page
    csv = (await client.get(f"{desk.home}/specialists?format=csv")).text
    assert f"No cohort,{leader.name},leading" in csv
    assert (await client.get(f"{desk.home}/specialists/{other.id}")).status_code == 404
