"""Schools never reached, and the next year's schools that Work Groups are made of."""

import httpx

from app.domain.access import Role
from app.models.hubs import HubYear
from app.models.meetings import GroupSchool, WorkGroup
from app.models.stages import Approach, Enrolment
from app.store.database import Database
from tests import makers
from tests.routers.desks import Desk

JSON = {"accept": "application/json"}
COMING = makers.YEAR + 1


async def test_who_was_never_reached_is_counted_by_authority_and_distance(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        team = await makers.a_group(db, desk.hub, schools=1)
        at = team.schools[0]
        for away, columns in (
            (5_000, {"name": "Near Primary"}),
            (25_000, {"name": "Far Primary", "la_code": at.la_code}),
            (1_000, {"name": "Senior School", "phase": "Secondary"}),
            (1_000, {"name": "Gone Primary", "status": "Closed"}),
            (1_000, {"name": "Elsewhere Primary", "la_code": 350}),
        ):
            await makers.a_school(db, **{"easting": (at.easting or 0) + away, "northing": at.northing, **columns})
        asked = await makers.a_school(db, name="Asked Primary")
        db.add(Approach(hub_id=desk.hub.id, year=COMING, urn=asked.urn, kind="readiness", made_at=makers.NOW))
    told = (await desk.client.get(f"{desk.home}/recruitment/cold-spots", headers=JSON)).json()
    assert [(line["name"], line["distance"]) for line in told["lines"]] == [
        ("Near Primary", "5.0 km"),
        ("Far Primary", "25 km"),
    ]
    (cornwall,) = told["authorities"]
    assert (cornwall["schools"], cornwall["reached"], cornwall["never"]) == (4, 2, 2)
    page = await desk.get("/recruitment/cold-spots?within=10")
    assert "Far Primary" not in page
    assert 'name="urn"' in page
    assert "1 school was never reached" in page
    sheet = await desk.get("/recruitment/cold-spots?format=csv")
    assert "Far Primary,Fernhill,ZZ1 1ZZ,Cornwall,,25000," in sheet
    assert "Cornwall,4,2,2,50,25000" in await desk.get("/recruitment/cold-spots?format=csv&table=authorities")
    assert (await desk.get("/recruitment/cold-spots/map.svg")).startswith("<svg xmlns=")


async def test_a_work_group_is_made_of_those_who_come(database: Database, client: httpx.AsyncClient) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        schools = [await makers.a_school(db, name=f"Sedgemoor Primary {number}") for number in range(3)]
        leader = await makers.a_person(db, desk.hub, Role.SPECIALIST, name="Otto March")
        db.add(HubYear(hub_id=desk.hub.id, year=COMING))
        programme = await makers.a_programme(db, desk.hub)
        programme.year = COMING
        await db.flush()
        other = {"hub_id": desk.hub.id, "year": COMING, "kind": "development"}
        today = makers.NOW.date()
        db.add(Enrolment(**other, urn=schools[0].urn, programme_id=programme.id, state="applied", applied_on=today))
        db.add(Approach(**other, urn=schools[1].urn, applied_on=today, made_at=makers.NOW))
        db.add(Approach(**{**other, "kind": "readiness"}, urn=schools[2].urn, applied_on=today, made_at=makers.NOW))
    told = (await desk.client.get(f"{desk.home}/recruitment/next", headers=JSON)).json()
    needs = {line["name"][-1]: (line["source"], line["needs"][0], line["kind"]) for line in told["lines"]}
    assert needs == {
        "0": ("enrolled", "the agreement, signed", "development"),
        "1": ("applied", "to be enrolled", "development"),
        "2": ("applied", "to be enrolled", "readiness"),
    }
    urns = [str(one.urn) for one in schools]
    assert "These are 3." in await desk.get("/recruitment/next/group?urn=" + "&urn=".join(urns))
    form = {"code": "NCP27-01", "programme": str(programme.id), "leader": str(leader.id)}
    form |= {"half_terms": ["0", "1", "2"], "least_gap": "14"}  # type: ignore[dict-item]
    mixed = await desk.post("/recruitment/next/group", urn=urns, **form)
    assert "Sedgemoor Primary 2 does not come for Development" in mixed.text
    assert not await desk.rows(WorkGroup)
    made = await desk.post("/recruitment/next/group", urn=urns[:2], **form)
    assert made.status_code == 303, made.text
    (group,) = await desk.rows(WorkGroup)
    assert (group.year, group.leader_id) == (COMING, leader.id)
    assert {str(one.urn) for one in await desk.rows(GroupSchool)} == set(urns[:2])
    (enrolment,) = await desk.rows(Enrolment)
    assert enrolment.group_id == group.id
    again = await desk.post("/recruitment/next/group", urn=urns[:2], **form)
    assert again.status_code == 422
    assert "NCP27-01" in await desk.get("/recruitment/next?grouped=yes")


async def test_before_the_year_is_open_no_group_can_be_made(database: Database, client: httpx.AsyncClient) -> None:
    desk = await Desk(database, client).open()
    async with database.transaction(desk.hub.id) as db:
        school = await makers.a_school(db)
        today = makers.NOW.date()
        coming = {"hub_id": desk.hub.id, "year": COMING, "kind": "development", "made_at": makers.NOW}
        db.add(Approach(**coming, urn=school.urn, applied_on=today))
    page = await desk.get("/recruitment/next")
    assert "2027/28 is not open yet" in page
    assert "Make a Work Group of the ticked" not in page
    asked = await desk.client.get(f"{desk.home}/recruitment/next/group?urn={school.urn}")
    assert (asked.status_code, "Open 2027/28 first" in asked.text) == (422, True)
