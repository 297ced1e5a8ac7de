"""Whose evaluation came back, and how far somebody drove: on their pages."""

from datetime import date
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.models.funding import Evaluation, Travel
from app.models.stages import Enrolment
from app.store.database import Database, see_hubs
from tests.makers import YEAR, a_group, a_hub, a_meeting, a_person, a_programme, a_school, sign_in


async def test_evaluations_are_entered_for_many_put_right_and_taken_back(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        programme = await a_programme(db, hub)
        schools = [await a_school(db, name=name) for name in ("Ash Vale", "Birch Hill", "Cold Brook")]
        common: dict[str, Any] = {"hub_id": hub.id, "programme_id": programme.id, "year": YEAR, "kind": "development"}
        rows = [Enrolment(urn=school.urn, state="active", **common) for school in schools]
        db.add_all(rows)
        csrf = await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
    home = f"/hubs/{hub.code}/evaluations"
    nothing = await client.post(home, data={"csrf": csrf, "returned_on": "2026-11-20"})
    assert nothing.status_code == 422
    assert "Tick the schools whose evaluation came back." in nothing.text
    ahead = {"csrf": csrf, "returned_on": "2026-11-22", "enrolment": [str(row.id) for row in rows[:2]]}
    refused = await client.post(home, data=ahead)
    assert "Enter the day on which it came back: today or before." in refused.text
    assert refused.text.count(" checked") == 2
    assert (await client.post(home, data={**ahead, "returned_on": "20/11/2026"})).status_code == 303
    again = await client.post(home, data={**ahead, "returned_on": "1/11/2026"}, headers={"accept": "application/json"})
    assert again.json()["notice"] == "0 evaluations entered. 2 schools had one already, which stays as it is."
    csv = (await client.get(f"{home}?format=csv&state=returned")).text
    assert [line.split(",")[1] for line in csv.splitlines()[1:]] == ["Ash Vale", "Birch Hill"]
    one = f"{home}/{rows[0].id}"
    stale = await client.post(one, data={"csrf": csrf, "returned_on": "2026-11-19", "seen": ""})
    assert stale.status_code == 412
    right = {"csrf": csrf, "returned_on": "2026-11-19", "seen": "2026-11-20"}
    assert (await client.post(one, data=right)).status_code == 303
    assert "Returned on Thursday 19 November 2026." in (await client.get(one)).text
    assert "Take the evaluation of Ash Vale back?" in (await client.get(f"{one}/take-back")).text
    assert (await client.post(f"{one}/take-back", data={"csrf": csrf, "seen": "2026-11-19"})).status_code == 303
    async with database.transaction(hub.id) as db:
        left = (await db.execute(select(Evaluation))).scalars().all()
        assert [(row.enrolment_id, row.returned_on) for row in left] == [(rows[1].id, date(2026, 11, 20))]


async def test_whoever_led_says_how_far_it_was_and_nobody_elses(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        base = await a_school(db, easting=200_000, northing=60_000)
        leader = await a_person(db, hub, Role.SPECIALIST, base_urn=base.urn)
        team = await a_group(db, hub, leader=leader)
        team.schools[0].easting, team.schools[0].northing = 208_047, 60_000
        held = await a_meeting(db, team, date(2026, 11, 12), status="held")
        ahead = await a_meeting(db, team, date(2027, 1, 14), half_term=2, slot_key="ahead")
        other = await a_group(db, hub)
        theirs = await a_meeting(db, other, date(2026, 11, 13), status="held")
        csrf = await sign_in(db, client, leader)
    home, field = f"/hubs/{hub.code}/events", f"miles-{leader.id}"
    shown = (await client.get(f"{home}/{held.id}")).text
    assert f"{home}/{held.id}/travel" in shown
    assert f"{home}/{ahead.id}/travel" not in (await client.get(f"{home}/{ahead.id}")).text
    page = (await client.get(f"{home}/{held.id}/travel")).text
    assert "it is 10 miles there and back as the crow flies" in page
    assert (await client.get(f"{home}/{theirs.id}/travel")).status_code == 404
    assert (await client.post(f"{home}/{theirs.id}/travel", data={"csrf": csrf})).status_code == 403
    assert (await client.post(f"{home}/{ahead.id}/travel", data={"csrf": csrf, field: "3"})).status_code == 409
    seen = f"seen-{leader.id}"
    wrong = await client.post(f"{home}/{held.id}/travel", data={"csrf": csrf, field: "12,4", seen: "0"})
    assert "Enter 0 to 600 miles, with at most one figure after the point, such as 12.4." in wrong.text
    sent = {"csrf": csrf, field: "12.4 miles", seen: "0", f"miles-{other.leader.id}": "99"}
    assert (await client.post(f"{home}/{held.id}/travel", data=sent)).status_code == 303
    assert (await client.post(f"{home}/{held.id}/travel", data={**sent, field: "3"})).status_code == 412
    assert 'value="12.4"' in (await client.get(f"{home}/{held.id}/travel")).text
    async with database.transaction() as db:
        await see_hubs(db, hub.id)
        rows = (await db.execute(select(Travel).where(col(Travel.hub_id) == hub.id))).scalars().all()
        assert [(row.person_id, row.metres) for row in rows] == [(leader.id, 19_956)]
