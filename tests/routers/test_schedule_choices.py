"""No plan exists: a coordinator looks for ways out, chooses, and a new plan stands on what was let go."""

import uuid
from datetime import date

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.actions.schedule.choosing_search import find_choices
from app.actions.schedule.solving import solve_in_background
from app.domain.access import Role
from app.kit.clock import clock_from
from app.models.meetings import Event, WorkGroup
from app.models.people import Person
from app.models.schedule import Proposal
from app.models.schools import HubSchool
from app.store.database import Database
from tests.makers import NOW, Team, a_group, a_hub, a_person, a_programme, sign_in


class Stuck:
    """A hub with one small Work Group, and a signed-in coordinator."""

    def __init__(self, team: Team, code: str, csrf: str) -> None:
        self.team, self.hub_id, self.csrf = team, team.group.hub_id, csrf
        self.home = f"/hubs/{code}"
        self.path = f"{self.home}/proposals"


async def a_stuck_hub(database: Database, client: httpx.AsyncClient, **of_schools: object) -> Stuck:
    """One group of three schools that meets in Autumn 1 only; `of_schools` is written on each school."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        programme = await a_programme(db, hub, observation_half_terms=[])
        team = await a_group(db, hub, schools=3, programme=programme)
        team.group.half_terms = [0]
        for own in (await db.execute(select(HubSchool).where(col(HubSchool.hub_id) == hub.id))).scalars():
            for name, value in of_schools.items():
                setattr(own, name, value)
        csrf = await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
        return Stuck(team, hub.code, csrf)


async def planned(database: Database, client: httpx.AsyncClient, stuck: Stuck) -> uuid.UUID:
    answer = await client.post(stuck.path, data={"csrf": stuck.csrf, "year": "2026"})
    return await solved(database, stuck, answer)


async def solved(database: Database, stuck: Stuck, answer: httpx.Response) -> uuid.UUID:
    assert answer.status_code == 303, answer.text
    proposal = uuid.UUID(answer.headers["location"].rsplit("/", 1)[1])
    await solve_in_background(database, clock_from(NOW), stuck.hub_id, proposal)
    return proposal


async def looked(database: Database, client: httpx.AsyncClient, stuck: Stuck, proposal: uuid.UUID) -> dict[str, object]:
    here = f"{stuck.path}/{proposal}/choices"
    await client.post(f"{here}/look", data={"csrf": stuck.csrf})
    waiting = (await client.get(here)).text
    assert "Finding out what stands in the way." in waiting
    await find_choices(database, clock_from(NOW), stuck.hub_id, proposal)
    page: dict[str, object] = (await client.get(here, headers={"Accept": "application/json"})).json()
    assert page["state"] == "found", page
    return page


def keys(page: dict[str, object], kind: str, *, works: bool | None = True) -> list[str]:
    groups = [group for group in page["groups"] if group["works"] is works]  # type: ignore[attr-defined]
    return [line["key"] for group in groups for line in group["offers"] if line["key"].startswith(kind)]


async def test_a_meeting_without_a_lesson_is_let_through_pinned_and_stays_when_planned_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    stuck = await a_stuck_hub(database, client, maths={})
    first = await planned(database, client, stuck)
    page = await looked(database, client, stuck, first)
    assert "without a maths lesson" in str(page["because"])
    [key] = keys(page, "no_lesson")
    typed = {"csrf": stuck.csrf, "seen": page["seen"], "take": key}
    here = f"{stuck.path}/{first}/choices"
    asked = await client.post(here, data=typed)
    assert f"Hold the meeting of {stuck.team.group.code} in Autumn 1 without a maths lesson to watch." in asked.text
    assert "Only this one date is let through" in asked.text
    second = await solved(database, stuck, await client.post(f"{here}/take", data=typed))
    done = await client.post(f"{stuck.path}/{second}/accept", data={"csrf": stuck.csrf})
    assert done.status_code == 303, done.text
    async with database.transaction(stuck.hub_id) as db:
        event = (await db.execute(select(Event))).scalar_one()
        before = (event.day, event.slot, event.urn)
        assert (event.status, event.pinned) == ("confirmed", True)
    third = await planned(database, client, stuck)
    async with database.transaction(stuck.hub_id) as db:
        assert (await db.get_one(Proposal, third)).status == "ready"
        event = (await db.execute(select(Event))).scalar_one()
        assert (event.day, event.slot, event.urn) == before


async def test_a_kept_date_that_leaves_no_room_is_offered_to_move_and_loses_its_pin(
    database: Database, client: httpx.AsyncClient
) -> None:
    stuck = await a_stuck_hub(database, client)
    async with database.transaction(stuck.hub_id) as db:
        (await db.get_one(WorkGroup, stuck.team.group.id)).half_terms = [3, 4]
    first = await planned(database, client, stuck)
    done = await client.post(f"{stuck.path}/{first}/accept", data={"csrf": stuck.csrf})
    assert done.status_code == 303, done.text
    late = date(2027, 3, 23)
    async with database.transaction(stuck.hub_id) as db:
        event = (await db.execute(select(Event).order_by(col(Event.day)).limit(1))).scalar_one()
        event.day, event.pinned, key = late, True, event.slot_key
        (await db.get_one(WorkGroup, stuck.team.group.id)).least_gap = 70
    second = await planned(database, client, stuck)
    page = await looked(database, client, stuck, second)
    assert keys(page, "let_move") == [f"let_move {key}"]
    here, typed = (
        f"{stuck.path}/{second}/choices",
        {"csrf": stuck.csrf, "seen": page["seen"], "take": f"let_move {key}"},
    )
    question = (await client.post(here, data=typed)).text
    assert f"Let the meeting of {stuck.team.group.code} in Spring 2 move." in question
    assert "on the morning of Tuesday 23 March 2027 now, and would go to another day." in question
    assert "Its pin is taken off in the calendar." in question
    third = await solved(database, stuck, await client.post(f"{here}/take", data=typed))
    async with database.transaction(stuck.hub_id) as db:
        event = (await db.execute(select(Event).where(col(Event.slot_key) == key))).scalar_one()
        assert (event.day, event.pinned) == (late, False), "the calendar changes when the plan is accepted"
        assert (await db.get_one(Proposal, third)).status == "ready"
    done = await client.post(f"{stuck.path}/{third}/accept", data={"csrf": stuck.csrf})
    assert done.status_code == 303, done.text
    async with database.transaction(stuck.hub_id) as db:
        meetings = list((await db.execute(select(col(Event.day)).order_by(col(Event.day)))).scalars())
        assert (meetings[1] - meetings[0]).days >= 70
        assert meetings[0] < late


async def test_facts_are_written_where_they_belong_and_only_after_a_confirmation(
    database: Database, client: httpx.AsyncClient
) -> None:
    stuck = await a_stuck_hub(database, client)
    async with database.transaction(stuck.hub_id) as db:
        leader = await db.get_one(Person, stuck.team.leader.id)
        leader.works = {}
    first = await planned(database, client, stuck)
    page = await looked(database, client, stuck, first)
    [key] = keys(page, "more_days")
    typed = {"csrf": stuck.csrf, "seen": page["seen"], "take": key}
    here = f"{stuck.path}/{first}/choices"
    asked = (await client.post(here, data=typed)).text
    assert f"This is written in the working days of {stuck.team.leader.name}." in asked
    assert f"{stuck.home}/people/{stuck.team.leader.id}" in asked
    async with database.transaction(stuck.hub_id) as db:
        assert (await db.get_one(Person, stuck.team.leader.id)).works == {}
    second = await solved(database, stuck, await client.post(f"{here}/take", data=typed))
    async with database.transaction(stuck.hub_id) as db:
        assert (await db.get_one(Person, stuck.team.leader.id)).works
        assert (await db.get_one(Proposal, second)).status == "ready"


async def test_what_is_stale_or_does_not_go_together_is_refused_and_nothing_changes(
    database: Database, client: httpx.AsyncClient
) -> None:
    stuck = await a_stuck_hub(database, client, maths={})
    first = await planned(database, client, stuck)
    here = f"{stuck.path}/{first}/choices"
    assert "Look for ways out" in (await client.get(here)).text
    page = await looked(database, client, stuck, first)
    typed = {"csrf": stuck.csrf, "seen": page["seen"]}
    nothing = await client.post(here, data=typed)
    assert (nothing.status_code, "Tick what you would let go." in nothing.text) == (422, True)
    both = [*keys(page, "no_lesson"), *keys(page, "leave_out")]
    twice = await client.post(here, data={**typed, "take": both})
    assert (twice.status_code, "about the same date" in twice.text) == (422, True)
    stale = await client.post(f"{here}/take", data={**typed, "take": both[:1], "seen": "earlier"})
    assert stale.status_code == 412
    refused = await client.post(f"{here}/take", data={**typed, "take": both})
    assert refused.status_code == 422
    async with database.transaction(stuck.hub_id) as db:
        assert (await db.execute(select(Proposal))).scalars().all()[0].id == first
        assert (await db.get_one(WorkGroup, stuck.team.group.id)).half_terms == [0]


async def test_a_search_that_finds_a_plan_or_lacks_facts_says_so(database: Database, client: httpx.AsyncClient) -> None:
    stuck = await a_stuck_hub(database, client, maths={})
    first = await planned(database, client, stuck)
    here = f"{stuck.path}/{first}/choices"
    async with database.transaction(stuck.hub_id) as db:
        for own in (await db.execute(select(HubSchool))).scalars():
            own.maths = {"thu": ["am"]}
    await client.post(f"{here}/look", data={"csrf": stuck.csrf})
    await find_choices(database, clock_from(NOW), stuck.hub_id, first)
    assert "As things are today there is a plan" in (await client.get(here)).text
    async with database.transaction(stuck.hub_id) as db:
        for own in (await db.execute(select(HubSchool))).scalars():
            own.calendar_id = None
    await client.post(f"{here}/look", data={"csrf": stuck.csrf})
    await find_choices(database, clock_from(NOW), stuck.hub_id, first)
    assert "has no calendar for this year" in (await client.get(here)).text
