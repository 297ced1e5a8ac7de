"""Moving one date by hand: the days it could be on, the move itself and back, what falls through, and who may."""

import re
from datetime import date

import httpx
import pytest
from sqlmodel import col

from app.models.meetings import Booking, Event
from app.models.people import Away
from app.models.trail import TrailEntry
from app.store.database import Database
from app.store.feeds import event_changed
from tests.makers import NOW, Team, a_group, a_meeting, sign_in
from tests.routers.desks import Desk

STATEMENTS = 45  # of the page of one date's days, the door's own among them


class Planner(Desk):
    """The desk with a team of three schools and two meetings ahead that feeds have shown."""

    team: Team
    first: Event
    second: Event

    async def begin(self) -> "Planner":
        """Meetings at the end of November and in January, at the same host."""
        await self.open()
        async with self.database.transaction(self.hub.id) as db:
            self.team = await a_group(db, self.hub, schools=3, code="NCP26-41")
            self.first = await a_meeting(db, self.team, date(2026, 12, 3))
            self.second = await a_meeting(db, self.team, date(2027, 1, 28), urn=self.team.schools[1].urn)
            await event_changed(db, [self.first.id, self.second.id], NOW)
        return self

    def here(self, one: Event) -> str:
        """The date's address below the hub's."""
        return f"/events/{one.id}"

    async def event(self, one: Event) -> Event:
        """As it stands now."""
        found: Event = (await self.rows(Event, col(Event.id) == one.id))[0]
        return found


def chosen(page: str) -> list[str]:
    """What the links of a page would have moved."""
    return re.findall(r"/move\?to=([^\"#]+)", page)


@pytest.fixture
async def planner(database: Database, client: httpx.AsyncClient) -> Planner:
    return await Planner(database, client).begin()


async def test_every_day_shows_what_it_would_mean_or_why_not(planner: Planner) -> None:
    async with planner.database.transaction(planner.hub.id) as db:
        db.add(Away(hub_id=planner.hub.id, person_id=planner.team.leader.id, day=date(2026, 12, 8)))
    page = await planner.get(f"{planner.here(planner.first)}/move")
    assert "Now: Thursday 3 December 2026 in the morning" in page
    assert f"{planner.team.leader.name} does not work then or is away." in page
    assert "Nearer to an even spacing of the year." in page
    one_day = await planner.get(f"{planner.here(planner.first)}/move?day=2026-12-10")
    assert {to.split(".")[2] for to in chosen(one_day)} >= {"20261210"}
    table = await planner.get(f"{planner.here(planner.first)}/move?format=csv")
    assert table.count("\n") > 20


async def test_a_date_moves_with_its_places_and_goes_back_again(planner: Planner) -> None:
    before, here = await planner.event(planner.first), planner.here(planner.first)
    to = next(each for each in chosen(await planner.get(f"{here}/move")) if ".20261210." in each)
    asked = await planner.get(f"{here}/move?to={to}")
    assert "4 people are told" in asked
    assert (await planner.event(planner.first)).day == date(2026, 12, 3)
    answer = await planner.post(f"{here}/move", to=to)
    assert answer.status_code == 303, answer.text
    after = await planner.event(planner.first)
    assert (after.day, after.uid) == (date(2026, 12, 10), before.uid)
    assert after.sequence == before.sequence + 1
    places = await planner.rows(Booking, col(Booking.event_id) == after.id)
    assert {place.during.lower for place in places} == {after.starts_at}
    assert len(places) == 4
    said = [one for one in await planner.rows(TrailEntry) if one.did == "Moved"]
    assert len(said) == 1
    moved = (await planner.client.get(answer.headers["location"])).text
    assert (await planner.post(f"{here}/move", to=chosen(moved)[0])).status_code == 303
    assert (await planner.event(planner.first)).day == date(2026, 12, 3)


async def test_what_was_seen_before_somebody_else_moved_it_is_not_done(planner: Planner) -> None:
    here = planner.here(planner.first)
    first, other = chosen(await planner.get(f"{here}/move?show=possible"))[:2]
    assert (await planner.post(f"{here}/move", to=first)).status_code == 303
    assert (await planner.post(f"{here}/move", to=other)).status_code == 412


async def test_a_forbidden_place_is_refused_with_the_rule(planner: Planner) -> None:
    here, one = planner.here(planner.first), await planner.event(planner.first)
    saturday = f"{one.id.hex}.{one.version}.20261212.am.{one.urn}"
    answer = await planner.post(f"{here}/move", to=saturday)
    assert answer.status_code == 409
    assert "That day is at a weekend." in answer.text
    assert (await planner.post(f"{here}/move", to="tomorrow")).status_code == 422
    assert (await planner.event(planner.first)).day == date(2026, 12, 3)


async def test_two_meetings_swap_their_hosts_in_one_act(planner: Planner) -> None:
    here = planner.here(planner.first)
    swap = next(each for each in chosen(await planner.get(f"{here}/move")) if "_" in each)
    assert (await planner.post(f"{here}/move", to=swap)).status_code == 303
    hosts = [(await planner.event(each)).urn for each in (planner.first, planner.second)]
    assert hosts == [planner.team.schools[1].urn, planner.team.schools[0].urn]


async def test_two_dates_of_one_leader_change_places_at_once(planner: Planner) -> None:
    async with planner.database.transaction(planner.hub.id) as db:
        team = await a_group(db, planner.hub, schools=2, leader=planner.team.leader)
        other = await a_meeting(db, team, date(2026, 12, 10))
    one = await planner.event(planner.first)
    alone = f"{one.id.hex}.{one.version}.20261210.am.{one.urn}"
    both = f"{alone}_{other.id.hex}.{other.version}.20261203.am.{other.urn}"
    here = planner.here(planner.first)
    refused = await planner.post(f"{here}/move", to=alone)
    assert refused.status_code == 409
    assert f"{planner.team.leader.name} has the meeting of {team.group.code} in Autumn 2 that day" in refused.text
    assert (await planner.post(f"{here}/move", to=both)).status_code == 303
    assert [(await planner.event(each)).day.day for each in (planner.first, other)] == [10, 3]
    assert len([entry for entry in await planner.rows(TrailEntry) if entry.did == "Moved"]) == 1


async def test_a_pinned_date_stays_until_the_pin_is_off(planner: Planner) -> None:
    here = planner.here(planner.first)
    to = chosen(await planner.get(f"{here}/move"))[0]
    assert (await planner.post(f"{here}/pin", version=1, pinned="yes")).status_code == 303
    assert "Take the pin off" in await planner.get(f"{here}/move")
    assert not chosen(await planner.get(f"{here}/replace"))
    event = await planner.event(planner.first)
    pinned = to.replace(".1.", f".{event.version}.", 1)
    assert (await planner.post(f"{here}/move", to=pinned)).status_code == 409
    assert (await planner.post(f"{here}/pin", version=event.version)).status_code == 303
    assert not (await planner.event(planner.first)).pinned


async def test_what_falls_through_has_three_replacements_and_none_of_them_on_its_day(planner: Planner) -> None:
    here = planner.here(planner.first)
    page = await planner.get(f"{here}/replace")
    ways = chosen(page)
    assert len(ways) == 3
    assert not [way for way in ways if ".20261203." in way]
    assert "4 people of 3 schools are told." in page
    later = chosen(await planner.get(f"{here}/replace?until=2026-12-11"))
    assert all(way.split(".")[2] > "20261211" for way in later)
    assert (await planner.post(f"{here}/move", to=ways[0])).status_code == 303


async def test_leaders_move_their_own_dates_and_nobody_elses(planner: Planner, client: httpx.AsyncClient) -> None:
    async with planner.database.transaction(planner.hub.id) as db:
        other = await a_group(db, planner.hub, schools=2)
        foreign = await a_meeting(db, other, date(2026, 12, 4))
        planner.csrf = await sign_in(db, client, planner.team.leader)
    here = planner.here(planner.first)
    mine = chosen(await planner.get(f"{here}/move"))[0]
    theirs = f"{foreign.id.hex}.{foreign.version}.20261211.am.{foreign.urn}"
    assert (await client.get(f"{planner.home}{planner.here(foreign)}/move")).status_code == 404
    assert (await client.get(f"{planner.home}{here}/move?to={mine}_{theirs}")).status_code == 404
    assert (await planner.post(f"{here}/move", to=f"{mine}_{theirs}")).status_code == 403
    assert (await planner.event(planner.first)).day == date(2026, 12, 3)
    assert (await planner.post(f"{here}/move", to=mine)).status_code == 303


async def test_the_days_take_the_same_few_statements_however_many_meetings_there_are(planner: Planner) -> None:
    few = await planner.queries_of(f"{planner.here(planner.first)}/move")
    async with planner.database.transaction(planner.hub.id) as db:
        for day in (date(2026, 12, 8), date(2026, 12, 9)):
            await a_meeting(db, await a_group(db, planner.hub, schools=2), day)
    assert await planner.queries_of(f"{planner.here(planner.first)}/move") == few
    assert await planner.queries_of(f"{planner.here(planner.first)}/replace") <= few
    assert few <= STATEMENTS


async def test_what_is_past_or_struck_out_has_no_days(planner: Planner) -> None:
    async with planner.database.transaction(planner.hub.id) as db:
        past = await a_meeting(db, planner.team, date(2026, 10, 8))
    answer = await planner.client.get(f"{planner.home}{planner.here(past)}/move")
    assert answer.status_code == 409
