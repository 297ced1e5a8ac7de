"""The hub's picture: it costs a fixed number of statements, and what is frozen stays byte for byte."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.models.hubs import Programme
from app.models.schools import School
from app.models.stages import Barrier, Enrolment, HubSnapshot
from app.pages.stages.picture_charts import names
from app.store.database import Database
from tests.makers import NOW, YEAR, Team, a_group, a_meeting, a_programme, a_visit_series
from tests.routers.desks import Desk

NAMES = names()


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


async def a_team(desk: Desk, programme: Programme | None = None) -> Team:
    """A Work Group of two enrolled schools with a meeting, a visit and a barrier; one took part last year too."""
    async with desk.database.transaction(desk.hub.id) as db:
        programme = programme or await a_programme(db, desk.hub, "readiness", name="Mastery Readiness")
        team = await a_group(db, desk.hub, programme=programme)
        team.leader.base_urn = team.schools[0].urn
        await a_meeting(db, team, status="held")
        series = await a_visit_series(db, team)
        of_series: dict[str, Any] = {"slot_key": f"{series.id}/0", "series_id": series.id, "group_id": None}
        await a_meeting(db, team, slot="pm", kind="visit", **of_series)
        for turn, school in enumerate(team.schools):
            for year in range(YEAR - 1 + turn, YEAR + 1):
                now = year == YEAR
                row = Enrolment(
                    hub_id=desk.hub.id,
                    urn=school.urn,
                    programme_id=programme.id,
                    year=year,
                    kind="readiness",
                    state="active" if now else "withdrawn",
                    group_id=team.group.id if now else None,
                )
                db.add(row)
        urn = team.schools[0].urn
        due = NOW.date()
        db.add(Barrier(hub_id=desk.hub.id, urn=urn, lever="marking", what="Books.", owner="Head", due=due, made_at=NOW))
    return team


async def files(desk: Desk, tail: str, some: Sequence[str] = NAMES) -> dict[str, bytes]:
    """The two files of each chart, or of some."""
    found = {}
    for name in some:
        for file in ("chart.svg", "table.csv"):
            answer = await desk.client.get(f"{desk.home}{tail}/{name}/{file}")
            assert answer.status_code == 200, answer.text
            found[f"{name}/{file}"] = answer.content
    return found


def charts_of(page: str) -> str:
    """The part of a page that shows the picture."""
    return page[page.index('<div class="picture">') : page.index("Delete this picture")]


async def test_more_groups_and_schools_take_no_more_statements(desk: Desk) -> None:
    programme = (await a_team(desk)).group.programme_id
    few, home = await desk.queries_of("/picture"), await desk.queries_of("")
    for _ in range(2):
        async with desk.database.transaction(desk.hub.id) as db:
            kept = await db.get_one(Programme, programme)
        await a_team(desk, kept)
    assert await desk.queries_of("/picture") == few <= 34
    assert await desk.queries_of("") == home
    page = await desk.get("/picture")
    assert "6 of 6 schools take part: 6 in Mastery Readiness." in page
    assert "3 of 3 meetings held." in page
    assert "Marking and feedback" in page


async def test_a_frozen_picture_stays_byte_for_byte_and_can_be_put_back(desk: Desk) -> None:
    team = await a_team(desk)
    refused = await desk.post("/snapshots", name="", year=YEAR)
    assert refused.status_code == 422
    assert "Give the picture a name" in refused.text
    for name in ("Autumn", "Spring"):
        assert (await desk.post("/snapshots", name=name, year=YEAR)).status_code == 303
        if name == "Autumn":
            one = (await desk.rows(HubSnapshot))[0]
            here = f"/snapshots/{one.id}"
            page, kept = charts_of(await desk.get(here)), await files(desk, f"{here}/picture")
            live = await files(desk, "/picture", ["map"])
            assert live.items() <= kept.items()
            await _change_all(desk, team)
    assert charts_of(await desk.get(here)) == page
    assert await files(desk, f"{here}/picture") == kept
    assert await files(desk, "/picture", ["map"]) != live
    other = next(row for row in await desk.rows(HubSnapshot) if row.id != one.id)
    beside = await desk.get(f"{here}?with={other.id}")
    assert "1 left" in beside
    assert (await desk.post(f"{here}/delete")).status_code == 303
    assert (await desk.client.get(desk.home + here)).status_code == 404
    assert "Put back" in await desk.get("/snapshots")
    assert (await desk.post(f"{here}/put-back")).status_code == 303
    assert charts_of(await desk.get(here)) == page


async def _change_all(desk: Desk, team: Team) -> None:
    """A school gets another name and place and withdraws; the Work Group gets another code; the barrier is done."""
    async with desk.database.transaction(desk.hub.id) as db:
        hub, urn = {"hub": desk.hub.id}, team.schools[0].urn
        school = await db.get_one(School, urn)
        school.name, school.easting = "Renamed Primary", 1
        for change in (
            "UPDATE work_group SET code = 'Other' WHERE hub_id = :hub",
            "UPDATE event SET status = 'confirmed' WHERE hub_id = :hub",
            "UPDATE barrier SET state = 'done' WHERE hub_id = :hub",
        ):
            await db.execute(text(change), hub)
        await db.execute(text("UPDATE enrolment SET state = 'withdrawn' WHERE urn = :urn"), {"urn": urn})


async def test_the_database_refuses_to_change_a_frozen_picture(desk: Desk) -> None:
    await desk.post("/snapshots", name="Autumn", year=YEAR)
    with pytest.raises(ProgrammingError):
        async with desk.database.transaction(desk.hub.id) as db:
            await db.execute(text("UPDATE hub_snapshot SET picture = '{}'"))
