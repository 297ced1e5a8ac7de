"""Schools on their way: put on the list, a step further, back again, enrolled; the story follows."""

from datetime import date

import httpx
from sqlalchemy import select

from app.domain.access import Role
from app.models.stages import Approach, Enrolment, StageStep
from app.store.database import Database
from tests import makers
from tests.routers.desks import Desk

JSON = {"accept": "application/json"}
COMING = makers.YEAR + 1


async def a_desk(database: Database, client: httpx.AsyncClient, schools: int = 1) -> tuple[Desk, list[int]]:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        urns = [(await makers.a_school(db, name=f"Sedgemoor Primary {number}")).urn for number in range(schools)]
    return desk, urns


async def begun(desk: Desk, urns: list[int], what: str = "invited", **more: str) -> httpx.Response:
    form = {"what": what, "day": "2026-11-02", "year": str(COMING), "kind": "development", **more}
    return await desk.post("/approaches/new", urn=[str(urn) for urn in urns], **form)


async def test_a_school_comes_from_the_list_into_the_year(database: Database, client: httpx.AsyncClient) -> None:
    desk, (urn,) = await a_desk(database, client)
    referral = {"by": "Moor Trust", "reasons": ["turnover", "other"], "words": "The head is new."}
    assert (await begun(desk, [urn], "referred", **referral)).status_code == 303  # type: ignore[arg-type]
    (row,) = await desk.rows(Approach)
    here = f"/approaches/{row.id}"
    for version, (what, more) in enumerate(
        (("invited", {}), ("interested", {}), ("applied", {"by": "Ada Moor, headteacher"})), start=1
    ):
        sent = {"what": what, "day": "2026-11-09", "version": str(version), **more}
        assert (await desk.post(f"{here}/step", **sent)).status_code == 303
    page = await desk.get(here)
    for said in ("by Moor Trust", "High staff turnover", "The head is new.", "Ada Moor, headteacher", "Enrol it"):
        assert said in page
    async with database.transaction(desk.hub.id) as db:
        programme = await makers.a_programme(db, desk.hub)
        programme.year = COMING
    enrolling = {"programme": str(programme.id), "day": "2026-11-09", "version": "4"}
    answer = await desk.post(f"{here}/enrol", **enrolling)
    (enrolment,) = await desk.rows(Enrolment)
    assert answer.headers["location"] == f"{desk.home}/enrolments/{enrolment.id}"
    steps = {(one.what, one.day) for one in await desk.rows(StageStep)}
    assert steps == {("referred", date(2026, 11, 2)), ("applied", date(2026, 11, 9))}
    assert "Enrolled" in await desk.get(f"/recruitment?year={COMING}&state=enrolled")
    assert (await desk.post(f"{here}/undo", version="5")).status_code == 409


async def test_several_at_once_and_whoever_is_there_stays(database: Database, client: httpx.AsyncClient) -> None:
    desk, urns = await a_desk(database, client, schools=3)
    await begun(desk, urns[:1], "applied", by="Ada Moor")
    assert "3 schools" in await desk.get("/approaches/new?urns=" + "%0A".join(map(str, urns)))
    await begun(desk, urns)
    told = (await desk.client.get(f"{desk.home}/recruitment?year={COMING}", headers=JSON)).json()
    assert sorted(line["state"] for line in told["lines"]) == ["applied", "invited", "invited"]
    assert {one["counts"]: one["number"] for one in told["figures"]}["Invited"] == "2"
    sheet = await desk.client.get(f"{desk.home}/recruitment?year={COMING}&format=csv&state=applied")
    assert "Ada Moor" in sheet.text
    assert sheet.text.count("\n") == 2


async def test_declined_says_why_and_can_be_taken_back(database: Database, client: httpx.AsyncClient) -> None:
    desk, (urn,) = await a_desk(database, client)
    await begun(desk, [urn])
    (row,) = await desk.rows(Approach)
    here = f"/approaches/{row.id}"
    refused = await desk.post(f"{here}/step", what="declined", day="2026-11-10", version="1")
    assert refused.status_code == 422
    assert "Say why the school declined" in refused.text
    early = await desk.post(f"{here}/step", what="declined", day="2026-10-10", version="1", because="No time.")
    assert "not before Monday 2 November 2026" in early.text
    await desk.post(f"{here}/step", what="declined", day="2026-11-10", version="1", because="No time.")
    assert "declined: No time." in await desk.get(here)
    assert (await desk.post(f"{here}/undo", version="1")).status_code == 412
    await desk.post(f"{here}/undo", version="2")
    (row,) = await desk.rows(Approach)
    assert (row.declined_on, row.because, row.invited_on) == (None, "", date(2026, 11, 2))
    await desk.post(f"{here}/remove")
    assert not await desk.rows(Approach)


async def test_what_cannot_be_is_said_beside_its_field(database: Database, client: httpx.AsyncClient) -> None:
    desk, (urn,) = await a_desk(database, client)
    assert "GIAS knows no school 999999" in (await begun(desk, [999999])).text
    assert "Choose at least one school" in (await begun(desk, [])).text
    assert "still to come" in (await begun(desk, [urn], day="2027-01-01")).text
    assert "Choose a programme" in (await begun(desk, [urn], kind="readyness")).text
    assert "Tick at least one reason" in (await begun(desk, [urn], "referred", by="Somebody")).text
    assert "is not a URN" in (await desk.client.get(f"{desk.home}/approaches/new?urns=Ash+Vale")).text
    async with database.transaction(desk.hub.id) as db:
        closed = await makers.a_school(db, status="Closed")
    assert "has closed" in (await begun(desk, [closed.urn])).text
    assert not await desk.rows(Approach)


async def test_only_the_office_recruits(database: Database, client: httpx.AsyncClient) -> None:
    desk = await Desk(database, client).open(Role.SPECIALIST)
    assert (await desk.client.get(f"{desk.home}/recruitment")).status_code == 403
    async with database.transaction(desk.hub.id) as db:
        assert not (await db.execute(select(Approach))).all()
