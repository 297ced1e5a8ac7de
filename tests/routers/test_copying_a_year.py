"""A year copied into the next, as a coordinator does it."""

import uuid
from datetime import date, timedelta

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import HubYear, Programme
from app.models.meetings import GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person
from app.models.schedule import Proposal
from app.models.schools import Calendar, HalfTerm, HubSchool
from app.store.database import Database
from tests.makers import (
    HALF_TERMS,
    NOW,
    YEAR,
    Team,
    a_group,
    a_hub,
    a_meeting,
    a_person,
    a_programme,
    a_visit_series,
    sign_in,
)


class Hub:
    """A hub with two Work Groups of its year, and a signed-in coordinator."""

    def __init__(self, teams: list[Team], code: str, csrf: str) -> None:
        self.teams, self.csrf, self.hub_id = teams, csrf, teams[0].group.hub_id
        self.path = f"/hubs/{code}/years/{YEAR}/copy"

    def everything(self, page: dict[str, object]) -> dict[str, object]:
        """What a browser sends when nothing is touched."""
        groups = [group for group in page["groups"] if not group["tick"]["because"]]  # type: ignore[attr-defined]
        typed: dict[str, object] = {"csrf": self.csrf, "group": [group["tick"]["value"] for group in groups]}
        typed |= {group["code_name"]: group["code"] for group in groups}
        typed["school"] = [one["value"] for group in groups for one in group["schools"] if one["ticked"]]
        typed |= {one["name"]: "yes" for one in page["general"] if one["ticked"]}  # type: ignore[attr-defined]
        typed["programme"] = [one["value"] for one in page["programmes"] if one["ticked"]]  # type: ignore[attr-defined]
        return typed


async def a_year(database: Database, client: httpx.AsyncClient) -> Hub:
    async with database.transaction() as db:
        hub = await a_hub(db)
        year = await db.get_one(HubYear, (hub.id, YEAR))
        year.meetings_per_day, year.weights = 5, {"meeting_edge": 20}
        programme = await a_programme(db, hub, least_gap=21)
        teams = [await a_group(db, hub, schools=2, programme=programme, code=f"NCP26-0{n}") for n in (1, 2)]
        await a_visit_series(db, teams[0], (0, 2))
        await a_meeting(db, teams[0], pinned=True)
        gone = await db.get_one(Person, teams[1].participants[0].id)
        gone.left_on = NOW.date()
        return Hub(teams, hub.code, await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR)))


async def shown(client: httpx.AsyncClient, hub: Hub) -> dict[str, object]:
    page: dict[str, object] = (await client.get(hub.path, headers={"Accept": "application/json"})).json()
    return page


async def counted(database: Database, hub_id: uuid.UUID, year: int) -> tuple[int, ...]:
    async with database.transaction(hub_id) as db:
        in_groups = select(col(WorkGroup.id)).where(col(WorkGroup.year) == year)
        asked = (
            select(func.count()).select_from(in_groups.subquery()),
            select(func.count()).where(col(GroupSchool.group_id).in_(in_groups)),
            select(func.count()).where(col(Participant.group_id).in_(in_groups)),
            select(func.count()).where(col(VisitSeries.year) == year),
            select(func.count()).where(col(HubSchool.year) == year),
        )
        return tuple([(await db.execute(one)).scalar_one() for one in asked])


async def test_a_year_is_copied_whole_and_never_twice(database: Database, client: httpx.AsyncClient) -> None:
    hub = await a_year(database, client)
    page = await shown(client, hub)
    html = (await client.get(hub.path)).text
    assert "2027/28 begins with it." in html
    assert f"{hub.teams[1].participants[0].name} has left and is left out." in html
    answer = await client.post(hub.path, data=hub.everything(page))
    assert answer.status_code == 303, answer.text
    assert await counted(database, hub.hub_id, YEAR + 1) == (2, 4, 3, 1, 4)
    async with database.transaction(hub.hub_id) as db:
        year = await db.get_one(HubYear, (hub.hub_id, YEAR + 1))
        assert (year.meetings_per_day, year.weights) == (5, {"meeting_edge": 20})
        found = (await db.execute(select(WorkGroup).where(col(WorkGroup.year) == YEAR + 1))).scalars().all()
        assert sorted(group.code for group in found) == ["NCP27-01", "NCP27-02"]
        assert sorted(group.weekday_cost for group in found) == [[0] * 5, [0] * 5]
        programme = await db.get_one(Programme, found[0].programme_id)
        assert (programme.year, programme.least_gap) == (YEAR + 1, 21)
        host = (await db.execute(select(HubSchool).where(col(HubSchool.year) == YEAR + 1))).scalars()
        assert {one.urn: one.hosted_before for one in host}[hub.teams[0].schools[0].urn] == 1
    again = await shown(client, hub)
    assert {group["tick"]["because"] for group in again["groups"]} == {  # type: ignore[attr-defined]
        "2027/28 has a Work Group NCP27-01 already.",
        "2027/28 has a Work Group NCP27-02 already.",
    }
    refused = await client.post(hub.path, data=hub.everything(page))
    assert refused.status_code == 409
    assert await counted(database, hub.hub_id, YEAR + 1) == (2, 4, 3, 1, 4)


async def test_a_code_that_is_refused_keeps_what_was_typed_and_writes_nothing(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub = await a_year(database, client)
    typed = hub.everything(await shown(client, hub))
    typed |= {f"code_{team.group.id}": "Same" for team in hub.teams}
    refused = await client.post(hub.path, data=typed)
    assert refused.status_code == 422
    assert "Two of the Work Groups would have the code Same" in refused.text
    assert 'value="Same"' in refused.text
    assert await counted(database, hub.hub_id, YEAR + 1) == (0, 0, 0, 0, 0)
    async with database.transaction(hub.hub_id) as db:
        assert await db.get(HubYear, (hub.hub_id, YEAR + 1)) is None
    unknown = await client.get(hub.path.replace(str(YEAR), "1999"))
    assert unknown.status_code == 404


async def test_pinned_dates_of_last_year_are_kept_where_the_new_calendars_allow(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub = await a_year(database, client)
    await client.post(hub.path, data=hub.everything(await shown(client, hub)))
    here = hub.path.replace(f"{YEAR}/copy", f"{YEAR + 1}/kept-dates")
    assert "has no calendar for this year" in (await client.get(here)).text
    async with database.transaction(hub.hub_id) as db:
        calendar = Calendar(hub_id=hub.hub_id, year=YEAR + 1, name="Next")
        db.add(calendar)
        await db.flush()
        for k, (first, last) in enumerate(HALF_TERMS):
            db.add(HalfTerm(calendar_id=calendar.id, number=k, hub_id=hub.hub_id, first=later(first), last=later(last)))
        for own in (await db.execute(select(HubSchool).where(col(HubSchool.year) == YEAR + 1))).scalars():
            own.calendar_id = calendar.id
    page = (await client.get(here, headers={"Accept": "application/json"})).json()
    [group] = page["groups"]
    [date_kept] = group["dates"]
    assert (group["code"], date_kept["ticked"], date_kept["because"]) == ("NCP27-01", True, "")
    assert date_kept["label"].startswith("Autumn 2: Thursday 25 November 2027, morning, at ")
    nothing = await client.post(here, data={"csrf": hub.csrf})
    assert (nothing.status_code, "Tick at least one date to keep." in nothing.text) == (422, True)
    unknown = await client.post(here, data={"csrf": hub.csrf, "keep": "x/0"})
    assert unknown.status_code == 409
    async with database.transaction(hub.hub_id) as db:
        held = Proposal(hub_id=hub.hub_id, year=YEAR + 1, status="ready", problem={}, made_at=NOW, sent_at=NOW)
        db.add(held)
    question = await client.post(here, data={"csrf": hub.csrf, "keep": date_kept["event"]})
    assert (question.status_code, "while dates are held?" in question.text) == (200, True)
    typed = {"csrf": hub.csrf, "keep": date_kept["event"], "sure": "yes"}
    made = await client.post(here, data=typed)
    assert made.status_code == 303, made.text
    assert "Thursday 25 November 2027" in (await client.get(made.headers["location"])).text
    async with database.transaction(hub.hub_id) as db:
        assert (await db.get_one(Proposal, held.id)).status == "set aside"
    assert (await client.get(here.replace(str(YEAR + 1), "1999"))).status_code == 404


def later(day: date) -> date:
    """The same weekday a year on."""
    return day + timedelta(364)
