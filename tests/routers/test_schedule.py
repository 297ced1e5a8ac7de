"""A plan from the button to the calendar, as a coordinator meets it."""

import asyncio
import csv
import io
import uuid
from datetime import date, datetime, timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from app.actions.schedule.solving import solve_in_background, solve_three_in_background
from app.domain.access import Role
from app.kit.clock import clock_from
from app.models.hubs import Hub
from app.models.meetings import Booking, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.schedule import Proposal
from app.models.schools import HubSchool
from app.pages._parts import PAGE_SIZE
from app.store.database import Database
from app.store.hubs.details import open_year
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_person, a_programme, a_school, a_visit_series, sign_in


class Planned:
    """A small hub with a signed-in coordinator."""

    def __init__(self, hub: Hub, team: Team, csrf: str) -> None:
        self.hub, self.team, self.csrf = hub, team, csrf
        self.path = f"/hubs/{hub.code}/proposals"


async def a_small_hub(database: Database, client: httpx.AsyncClient) -> Planned:
    async with database.transaction() as db:
        hub = await a_hub(db)
        programme = await a_programme(db, hub)
        team = await a_group(db, hub, schools=3, programme=programme)
        await a_visit_series(db, team, (0, 2, 4))
        coordinator = await a_person(db, hub, Role.COORDINATOR)
        return Planned(hub, team, await sign_in(db, client, coordinator))


async def proposed(database: Database, client: httpx.AsyncClient, small: Planned, now: datetime = NOW) -> uuid.UUID:
    answer = await client.post(small.path, data={"csrf": small.csrf, "year": "2026"})
    assert answer.status_code == 303
    proposal = uuid.UUID(answer.headers["location"].rsplit("/", 1)[1])
    await solve_in_background(database, clock_from(now), small.hub.id, proposal)
    return proposal


async def statuses(database: Database, hub: Hub) -> dict[str, int]:
    async with database.transaction(hub.id) as db:
        found = await db.execute(select(col(Event.status), func.count()).group_by(col(Event.status)))
        return {row[0]: row[1] for row in found}


async def test_proposed_dates_are_tentative_and_accepting_makes_them_certain(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    assert await statuses(database, small.hub) == {"tentative": 6 + 3 + 9}
    page = await client.get(f"{small.path}/{proposal}")
    assert "Accept this plan" in page.text
    assert "there is none better" in page.text
    asked = await client.get(f"{small.path}/{proposal}/accept")
    assert "18 dates become certain in the calendars of 4 people." in asked.text
    answer = await client.post(f"{small.path}/{proposal}/accept", data={"csrf": small.csrf})
    assert answer.status_code == 303
    assert await statuses(database, small.hub) == {"confirmed": 18}
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.min(col(Event.sequence))))).scalar_one() == 1
        held = await db.execute(select(func.count()).where(col(Booking.holds)))
        assert held.scalar_one() == 6 * 4 + 3 * 2 + 9 * 2


async def test_who_plans_a_year_that_has_begun_is_told_first(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    assert "Autumn 1 is over. A first plan has a date in every half term" in (await client.get(small.path)).text
    await proposed(database, client, small)
    assert "is over. A first plan" not in (await client.get(small.path)).text


async def test_a_proposal_on_changed_facts_is_refused_with_what_changed(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    school = small.team.schools[0]
    async with database.transaction(small.hub.id) as db:
        own = (await db.execute(select(HubSchool).where(col(HubSchool.urn) == school.urn))).scalar_one()
        own.hosts = False
    answer = await client.post(f"{small.path}/{proposal}/accept", data={"csrf": small.csrf})
    assert answer.status_code == 409
    assert f"{school.name}: whether it hosts changed." in answer.text
    assert await statuses(database, small.hub) == {"tentative": 18}


async def test_a_second_plan_moves_nothing_when_nothing_changed(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    first = await proposed(database, client, small)
    await client.post(f"{small.path}/{first}/accept", data={"csrf": small.csrf})
    async with database.transaction(small.hub.id) as db:
        before = {e.uid: (e.day, e.sequence) for e in (await db.execute(select(Event))).scalars()}
    second = await proposed(database, client, small)
    await client.post(f"{small.path}/{second}/accept", data={"csrf": small.csrf})
    async with database.transaction(small.hub.id) as db:
        after = {e.uid: (e.day, e.sequence) for e in (await db.execute(select(Event))).scalars()}
    assert before == after


async def test_a_leader_who_cannot_come_moves_one_date_and_keeps_every_identity(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    first = await proposed(database, client, small)
    await client.post(f"{small.path}/{first}/accept", data={"csrf": small.csrf})
    async with database.transaction(small.hub.id) as db:
        events = list((await db.execute(select(Event).order_by(col(Event.day)))).scalars())
        before = {event.uid: (event.day, event.sequence) for event in events}
        hit = next(event for event in events if event.day > date(2027, 1, 10))
        from app.models.people import Away

        db.add(Away(hub_id=small.hub.id, person_id=small.team.leader.id, day=hit.day))
    second = await proposed(database, client, small)
    assert (await statuses(database, small.hub)) == {"confirmed": 18}
    await client.post(f"{small.path}/{second}/accept", data={"csrf": small.csrf})
    async with database.transaction(small.hub.id) as db:
        after = {e.uid: (e.day, e.sequence) for e in (await db.execute(select(Event))).scalars()}
    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid][0] != after[uid][0]]
    assert hit.uid in moved
    assert all(after[uid][1] > before[uid][1] for uid in moved)
    assert len(moved) <= 2


async def test_each_date_of_a_plan_says_why_it_is_there(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    async with database.transaction(small.hub.id) as db:
        kept = await db.get_one(Proposal, proposal)
        placed = (kept.plan or {})["events"]
    here = f"{small.path}/{proposal}/why"
    for one in (placed[0], placed[-1]):
        page = await client.get(here, params={"event": one["event"]})
        assert page.status_code == 200
        assert "It is here now." in page.text
        assert "None of them would be better" in page.text  # the plan is proved
        told = (await client.get(here, params={"event": one["event"], "format": "csv"})).text
        rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))[1:]
        assert [row[3] for row in rows if row[0] == one["date"]] == ["yes"]
        assert all(int(row[4]) >= 0 for row in rows if row[3] == "yes")
        shut = [row for row in rows if row[3] == "no"]
        assert shut
        assert all(row[5] for row in shut)  # each with the rule against it
    assert (await client.get(here, params={"event": "no-such/1"})).status_code == 404
    listed = await client.get(f"{small.path}/{proposal}")
    assert f"{here}?event=" in listed.text


async def test_a_plan_can_be_proposed_for_any_year_that_is_open_and_not_over(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        for year in (YEAR - 1, YEAR + 1):
            await open_year(db, hub.id, year, {})
        await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
    here = f"/hubs/{hub.code}/proposals"
    offered = {asked: (await client.get(here, params={"year": asked})).text for asked in ("", "2027", "2025", "soon")}
    assert "three plans for 2026/27" in offered[""]
    assert "three plans for 2027/28" in offered["2027"]
    assert "three plans for 2026/27" in offered["2025"]  # it is over
    assert "three plans for 2026/27" in offered["soon"]


async def test_a_year_that_cannot_be_planned_yet_says_what_is_missing(
    database: Database, client: httpx.AsyncClient
) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        csrf = await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
    answer = await client.post(f"/hubs/{hub.code}/proposals", data={"csrf": csrf, "year": "2026"})
    assert answer.status_code == 422
    assert "There is no Work Group in this year yet." in answer.text
    nonsense = await client.post(f"/hubs/{hub.code}/proposals", data={"csrf": csrf, "year": "soon"})
    assert nonsense.status_code == 422
    assert "like 2026" in nonsense.text


async def test_no_plan_says_which_group_and_half_term(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    async with database.transaction(small.hub.id) as db:
        for own in (await db.execute(select(HubSchool))).scalars():
            own.hosts = False
    proposal = await proposed(database, client, small)
    page = await client.get(f"{small.path}/{proposal}")
    assert "No plan exists" in page.text
    assert small.team.group.code in page.text
    assert "Autumn 1" in page.text
    assert str(small.team.group.id) not in page.text


async def test_a_plan_set_aside_is_struck_out(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    await client.post(f"{small.path}/{proposal}/set-aside", data={"csrf": small.csrf})
    assert await statuses(database, small.hub) == {"cancelled": 18}
    answer = await client.post(f"{small.path}/{proposal}/accept", data={"csrf": small.csrf})
    assert answer.status_code == 409


async def test_two_who_accept_at_once_do_it_once(database: Database, client: httpx.AsyncClient, app: FastAPI) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    posts = [client.post(f"{small.path}/{proposal}/accept", data={"csrf": small.csrf}) for _ in range(3)]
    answers = sorted(answer.status_code for answer in await asyncio.gather(*posts))
    assert answers == [303, 409, 409]
    async with database.transaction(small.hub.id) as db:
        kept = (await db.execute(select(Proposal))).scalar_one()
        assert kept.status == "accepted"


async def test_progress_is_told_until_it_is_done(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    proposal = await proposed(database, client, small)
    stream = await client.get(f"{small.path}/{proposal}/progress")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert '"done": true' in stream.text
    as_json = (await client.get(f"{small.path}/{proposal}", headers={"Accept": "application/json"})).json()
    assert as_json["status"] == "ready"
    table = await client.get(f"{small.path}/{proposal}?format=csv&kind=meeting")
    assert len(table.text.strip().splitlines()) == 1 + 6


async def test_what_was_held_and_is_planned_no_more_stays_and_is_in_nobodys_way(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    first = await proposed(database, client, small)
    assert (await client.post(f"{small.path}/{first}/accept", data={"csrf": small.csrf})).status_code == 303
    async with database.transaction(small.hub.id) as db:
        events = list((await db.execute(select(Event).order_by(col(Event.day)))).scalars())
        gone = [next(event for event in events if event.kind == kind) for kind in ("meeting", "visit", "observation")]
        for event in gone:
            event.status = "held"
        group = await db.get_one(WorkGroup, small.team.group.id)
        group.half_terms = [each for each in group.half_terms if each != gone[0].half_term]
        await db.execute(delete(VisitSeries))
        await db.execute(delete(Participant).where(col(Participant.person_id) == gone[2].teacher_id))
        hosted = next(event for event in events if event.kind == "meeting" and event is not gone[0])
        hosted.status, hosted.urn = "held", (await a_school(db, small.hub, name="Gone Away Primary")).urn
        await db.execute(update(HubSchool).where(col(HubSchool.urn) == hosted.urn).values(calendar_id=None))
    second = await proposed(database, client, small)
    async with database.transaction(small.hub.id) as db:
        assert (await db.get_one(Proposal, second)).status == "ready"
    done = await client.post(f"{small.path}/{second}/accept", data={"csrf": small.csrf})
    assert done.status_code == 303, done.text
    async with database.transaction(small.hub.id) as db:
        for event in gone:
            kept = await db.get_one(Event, event.id)
            assert (kept.status, kept.day, kept.slot) == ("held", event.day, event.slot)
        await db.execute(delete(Participant))
        await db.execute(delete(GroupSchool))
    third = await proposed(database, client, small)
    done = await client.post(f"{small.path}/{third}/accept", data={"csrf": small.csrf})
    assert done.status_code == 303, done.text
    async with database.transaction(small.hub.id) as db:
        stays = list((await db.execute(select(Event).where(col(Event.status) == "confirmed"))).scalars())
        assert all(event.day < NOW.date() for event in stays), "all schools have left, but what is over is over"
    assert (await statuses(database, small.hub))["held"] == 4


async def test_the_file_of_all_plans_holds_those_of_every_page(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    async with database.transaction(small.hub.id) as db:
        db.add_all(
            Proposal(hub_id=small.hub.id, year=2025, status="set aside", made_at=NOW - timedelta(days=n))
            for n in range(PAGE_SIZE + 3)
        )
    assert len((await client.get(small.path, headers={"Accept": "application/json"})).json()["proposals"]) == PAGE_SIZE
    table = await client.get(f"{small.path}?format=csv&page=2")
    assert len(table.text.splitlines()) == PAGE_SIZE + 4


async def three_proposed(database: Database, client: httpx.AsyncClient, small: Planned) -> list[Proposal]:
    """Three plans that were asked for on the page and solved."""
    answer = await client.post(small.path, data={"csrf": small.csrf, "year": "2026", "three": "yes"})
    assert answer.headers["location"].endswith("/compare")
    async with database.transaction(small.hub.id) as db:
        set_id = (await db.execute(select(col(Proposal.set_id)).limit(1))).scalar_one()
    waiting = await client.get(answer.headers["location"])
    assert waiting.text.count("Stop and keep the best so far") == 1
    assert set_id is not None
    await solve_three_in_background(database, clock_from(NOW), small.hub.id, set_id)
    async with database.transaction(small.hub.id) as db:
        return list((await db.execute(select(Proposal).order_by(col(Proposal.favours)))).scalars())


async def test_three_plans_stand_side_by_side_and_choosing_one_sets_the_others_aside(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    three = await three_proposed(database, client, small)
    assert await statuses(database, small.hub) == {}
    here = f"{small.path}/{three[0].id}/compare"
    page = await client.get(here)
    for words in ("Fewest absences", "Least travel", "Most even", "Minutes travelled", "Hold these dates"):
        assert words in page.text
    as_json = (await client.get(here, headers={"Accept": "application/json"})).json()
    assert [len(one["bars"]) for one in as_json["measures"]] == [3] * 6
    cost = as_json["measures"][-1]["bars"]
    assert sorted(int(bar["number"].replace(",", "")) for bar in cost) == [
        int(bar["number"].replace(",", "")) for bar in cost
    ]
    hosts = (await client.get(f"{here}?format=csv&what=hosts")).text
    assert hosts.count("Hosts,") == len(small.team.schools)
    assert "Plan,," in hosts
    assert "Compare it with the plans" in (await client.get(f"{small.path}/{three[1].id}")).text
    await client.post(f"{small.path}/{three[1].id}/accept", data={"csrf": small.csrf})
    assert await statuses(database, small.hub) == {"confirmed": 18}
    listed = (await client.get(small.path, headers={"Accept": "application/json"})).json()["proposals"]
    assert sorted(line["state"] for line in listed) == ["Accepted", "Set aside", "Set aside"]


async def test_a_new_set_strikes_out_what_was_proposed_before(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    first = await proposed(database, client, small)
    assert await statuses(database, small.hub) == {"tentative": 18}
    await client.post(small.path, data={"csrf": small.csrf, "year": "2026", "three": "yes"})
    assert await statuses(database, small.hub) == {"cancelled": 18}
    assert "Set aside" in (await client.get(f"{small.path}/{first}")).text


async def test_dates_that_are_held_are_not_given_up_without_a_question(
    database: Database, client: httpx.AsyncClient
) -> None:
    small = await a_small_hub(database, client)
    first = await proposed(database, client, small)
    async with database.transaction(small.hub.id) as db:
        (await db.get_one(Proposal, first)).sent_at = NOW
    form = {"csrf": small.csrf, "year": "2026", "three": "yes"}
    asked = await client.post(small.path, data=form)
    assert "Propose three new plans while dates are held?" in asked.text
    assert await statuses(database, small.hub) == {"tentative": 18}
    assert (await client.post(small.path, data={**form, "sure": "yes"})).status_code == 303
    assert "Set aside" in (await client.get(f"{small.path}/{first}")).text


async def test_without_a_plan_each_of_three_says_why(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    async with database.transaction(small.hub.id) as db:
        for own in (await db.execute(select(HubSchool))).scalars():
            own.hosts = False
    three = await three_proposed(database, client, small)
    page = await client.get(f"{small.path}/{three[0].id}/compare")
    assert page.text.count("No plan exists") == 3
    assert "In numbers" not in page.text


async def test_planning_that_has_ended_is_not_stopped(database: Database, client: httpx.AsyncClient) -> None:
    small = await a_small_hub(database, client)
    answer = await client.post(small.path, data={"csrf": small.csrf, "year": "2026"})
    here = answer.headers["location"]
    assert (await client.post(f"{here}/stop", data={"csrf": small.csrf})).status_code == 303
    assert "Stopping: the best plan so far is kept." in (await client.get(here)).text
    await solve_in_background(database, clock_from(NOW), small.hub.id, uuid.UUID(here.rsplit("/", 1)[1]))
    late = await client.post(f"{here}/stop", data={"csrf": small.csrf})
    assert late.status_code == 409
    assert "Planning has ended already." in late.text
