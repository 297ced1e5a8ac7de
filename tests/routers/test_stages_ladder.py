"""The ladder of a year as a lead, a Specialist and a head see it."""

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.models.stages import Agreement, Enrolment
from app.store.database import Database
from tests import makers
from tests.makers import NOW, YEAR, Team
from tests.routers.statements import statements

JSON = {"accept": "application/json"}
LADDER = "/hubs/MOOR/ladder"


async def enrolled(db: AsyncSession, team: Team, kind: str = "sustaining", state: str = "active") -> list[Enrolment]:
    """The schools of a team, taking part in a programme, each with its agreement signed."""
    made = [
        Enrolment(
            hub_id=team.group.hub_id,
            urn=school.urn,
            programme_id=team.group.programme_id,
            year=YEAR,
            kind=kind,
            group_id=team.group.id,
            state=state,
        )
        for school in team.schools
    ]
    db.add_all(made)
    await db.flush()
    db.add_all(
        Agreement(
            hub_id=one.hub_id,
            enrolment_id=one.id,
            name="A Head",
            part="Headteacher",
            how="page",
            signed_on=NOW.date(),
            signed_at=NOW,
            digest=b"",
            pdf=b"",
        )
        for one in made
    )
    await db.flush()
    return made


async def test_a_lead_sees_every_school_with_what_it_needs_next(
    database: Database, client: httpx.AsyncClient, app: FastAPI
) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        await makers.sign_in(db, client, await makers.a_person(db, hub, Role.HUB_LEAD))
        await makers.a_school(db, hub, name="Larkhill Primary")
        await enrolled(db, await makers.a_group(db, hub, schools=2, code="NCP26-11-03"))
        await enrolled(db, await makers.a_group(db, hub, schools=1), "readiness", state="withdrawn")
    with statements(app) as few:
        page = await client.get(LADDER)
    assert page.status_code == 200
    assert "1 school of the year is in no programme yet." in page.text
    assert "2 of 4 met" in page.text
    assert "And 1 more." in page.text
    told = (await client.get(f"{LADDER}?state=active&sort=-name", headers=JSON)).json()
    assert [(one["look"], one["groups"], one["state"]) for one in told["lines"]] == [
        ("sustaining", "NCP26-11-03", "taking part")
    ] * 2
    assert (await client.get(f"{LADDER}?verdict=all", headers=JSON)).json()["listing"]["total"] == 0
    missing = (await client.get(f"{LADDER}?verdict=missing&stage=sustaining", headers=JSON)).json()
    assert missing["listing"]["total"] == 2
    sheet = (await client.get(f"{LADDER}?format=csv&state=active")).text
    assert 'Sustaining/Embedding,Development,taking part,NCP26-11-03,1,4,2,0,2,0,"Meetings held: Hold 4 more' in sheet
    async with database.transaction(hub.id) as db:
        await enrolled(db, await makers.a_group(db, hub, schools=30), "readiness")
    with statements(app) as many:
        again = (await client.get(LADDER, headers=JSON)).json()
    assert again["listing"]["total"] == 33
    assert len(many) == len(few)


async def test_a_specialist_and_a_head_see_their_own_schools_and_a_teacher_none(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        mine, other = await makers.a_group(db, hub, schools=2), await makers.a_group(db, hub, schools=1)
        await enrolled(db, mine)
        await enrolled(db, other)
        head = await makers.a_person(db, hub, Role.HEADTEACHER, head_of=other.schools[0].urn)
    for person, urns in ((mine.leader, {one.urn for one in mine.schools}), (head, {other.schools[0].urn})):
        async with database.transaction(hub.id) as db:
            await makers.sign_in(db, client, person)
        told = (await client.get(LADDER, headers=JSON)).json()
        assert {one["urn"] for one in told["lines"]} == urns
        assert not told["criteria_href"]
    async with database.transaction(hub.id) as db:
        await makers.sign_in(db, client, mine.participants[0])
    assert (await client.get(LADDER)).status_code == 403
