"""Handing over what somebody leads: the preview, a clash, one transaction, calendars, messages, and back."""

import re
from datetime import date

import httpx
import pytest
from sqlmodel import col

from app.domain.access import Role
from app.models.mail import Message
from app.models.meetings import Booking, Event, VisitSeries, WorkGroup
from app.models.notes import GapTask
from app.models.people import Away, Person, RoleHeld
from app.models.trail import TrailEntry
from app.store.database import Database
from app.store.feeds import event_changed
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, a_record, a_visit_series, book, sign_in
from tests.routers.desks import Desk


class Office(Desk):
    """The desk with a team whose leader goes, and somebody who could take over."""

    team: Team
    taker: Person
    meeting: Event
    held: Event

    async def begin(self) -> "Office":
        """One held meeting, one ahead that feeds have shown, visits."""
        await self.open()
        async with self.database.transaction(self.hub.id) as db:
            self.team = await a_group(db, self.hub, code="NCP26-77")
            self.taker = await a_person(db, self.hub, Role.SPECIALIST, name="Ada Holt")
            self.held = await a_meeting(db, self.team, date(2026, 9, 24), status="held")
            self.meeting = await a_meeting(db, self.team, date(2026, 11, 26))
            await a_visit_series(db, self.team)
            await event_changed(db, [self.meeting.id, self.held.id], NOW)
        self.here = f"/people/{self.team.leader.id}/hand-over"
        return self

    async def seen(self, **chosen: str) -> str:
        """What the preview's form says was on the page."""
        page = await self.client.get(self.home + self.here, params={"look": "yes", **chosen})
        assert page.status_code == 200, page.text
        found = re.search(r'name="seen" value="(\w+)"', page.text)
        assert found
        return found[1]

    async def give(self, **chosen: str) -> httpx.Response:
        """Look, then hand over."""
        return await self.post(self.here, seen=await self.seen(**chosen), **chosen)

    async def event(self, one: Event) -> Event:
        """As it stands now."""
        found: Event = (await self.rows(Event, col(Event.id) == one.id))[0]
        return found


@pytest.fixture
async def office(database: Database, client: httpx.AsyncClient) -> Office:
    return await Office(database, client).begin()


async def test_everything_goes_to_one_successor_in_one_act_and_calendars_follow(office: Office) -> None:
    before = await office.event(office.meeting)
    to = str(office.taker.id)
    page = await office.get(f"{office.here}?look=yes&to={to}")
    assert "Work Group NCP26-77, 2026/27: to Ada Holt." in page
    assert "Thursday 26 November 2026, 9.15am to 12 noon" in page
    assert (await office.event(office.meeting)).lead_id == office.team.leader.id
    answer = await office.give(to=to)
    assert answer.status_code == 303, answer.text
    after = await office.event(office.meeting)
    assert (after.lead_id, after.uid) == (office.taker.id, before.uid)
    assert after.sequence == before.sequence + 1
    assert (await office.event(office.held)).lead_id == office.team.leader.id
    assert [one.leader_id for one in await office.rows(WorkGroup)] == [office.taker.id]
    assert [one.visitor_id for one in await office.rows(VisitSeries)] == [office.taker.id]
    leads = await office.rows(Booking, col(Booking.event_id) == office.meeting.id, col(Booking.part) == "leads")
    assert [(one.person_id, one.holds) for one in leads] == [(office.taker.id, True)]
    told = [one for one in await office.rows(TrailEntry) if one.did == "Handed over"]
    assert len(told) == 1
    assert told[0].after["Work Group NCP26-77, 2026/27"] == "Ada Holt"
    mailed = {one.to for one in await office.rows(Message)}
    assert mailed == {one.email for one in (office.taker, office.team.leader, *office.team.participants)}


async def test_what_stands_against_the_successor_is_named_and_must_be_chosen(office: Office) -> None:
    to = str(office.taker.id)
    async with office.database.transaction(office.hub.id) as db:
        db.add(Away(hub_id=office.hub.id, person_id=office.taker.id, day=date(2026, 11, 26)))
    refused = await office.give(to=to)
    assert refused.status_code == 422
    assert "Ada Holt is away on Thursday 26 November 2026." in refused.text
    assert (await office.event(office.meeting)).lead_id == office.team.leader.id
    assert not [one for one in await office.rows(TrailEntry) if one.did == "Handed over"]
    name = f"date-{office.meeting.id}"
    assert (await office.give(**{"to": to, name: f"{to}!"})).status_code == 303
    assert (await office.event(office.meeting)).lead_id == office.taker.id


async def test_days_off_are_waved_through_all_at_once(office: Office) -> None:
    to = str(office.taker.id)
    async with office.database.transaction(office.hub.id) as db:
        (await db.merge(office.taker)).works = {"mon": ["am"]}
        await a_meeting(db, office.team, date(2027, 1, 14))
    page = await office.get(f"{office.here}?look=yes&to={to}")
    assert "Hand over all 2 dates" in page
    assert "Ada Holt does not work on Thursday mornings." in page
    assert (await office.give(to=to)).status_code == 422
    assert (await office.give(to=to, same="yes")).status_code == 303
    assert {one.lead_id for one in await office.rows(Event) if one.status == "confirmed"} == {office.taker.id}


async def test_a_double_booking_is_refused_and_another_person_or_nobody_takes_that_date(office: Office) -> None:
    to, name = str(office.taker.id), f"date-{office.meeting.id}"
    async with office.database.transaction(office.hub.id) as db:
        await a_meeting(db, await a_group(db, office.hub, leader=office.taker), date(2026, 11, 26))
        ben = await a_person(db, office.hub, Role.SPECIALIST, name="Ben Lowe")
    page = await office.get(f"{office.here}?look=yes&to={to}")
    assert "Ada Holt is booked elsewhere then." in page
    assert "all the same" not in page
    assert (await office.give(**{"to": to, name: f"{to}!"})).status_code == 422
    assert (await office.give(**{"to": to, name: str(ben.id)})).status_code == 303
    assert (await office.event(office.meeting)).lead_id == ben.id
    assert [one.leader_id for one in await office.rows(WorkGroup, col(WorkGroup.code) == "NCP26-77")] == [
        office.taker.id
    ]


async def test_a_place_in_another_hub_which_the_wall_hides_is_refused_all_the_same(office: Office) -> None:
    async with office.database.transaction() as db:
        elsewhere = await a_hub(db)
        twin = await a_person(db, elsewhere, Role.SPECIALIST, email=office.taker.email)
        await a_meeting(db, await a_group(db, elsewhere, leader=twin), date(2026, 11, 26))
    refused = await office.give(to=str(office.taker.id))
    assert refused.status_code == 422
    assert "Ada Holt is booked in another hub then." in refused.text
    assert (await office.event(office.meeting)).lead_id == office.team.leader.id
    assert [one.leader_id for one in await office.rows(WorkGroup)] == [office.team.leader.id]


async def test_a_date_that_moved_since_the_preview_is_looked_at_again(office: Office) -> None:
    to = str(office.taker.id)
    kept = await office.seen(to=to)
    async with office.database.transaction(office.hub.id) as db:
        await a_meeting(db, office.team, date(2027, 1, 14))
    answer = await office.post(office.here, seen=kept, to=to)
    assert answer.status_code == 422
    assert "Something has changed since you looked" in answer.text
    assert [one.leader_id for one in await office.rows(WorkGroup)] == [office.team.leader.id]


async def test_a_leaver_hands_over_and_goes_in_the_same_act_and_what_is_left_open_is_said(office: Office) -> None:
    to, name = str(office.taker.id), f"date-{office.meeting.id}"
    assert "who takes over?" in await office.get(f"/people/{office.team.leader.id}/leave")
    chosen = {"to": to, name: "stay", "gone": "yes"}
    assert (await office.give(**chosen)).status_code == 303
    [gone] = await office.rows(Person, col(Person.id) == office.team.leader.id)
    assert gone.left_on == NOW.date()
    assert not await office.rows(Booking, col(Booking.person_id) == gone.id, col(Booking.event_id) == office.meeting.id)
    home = await office.get("")
    assert "1 date ahead is led by somebody who has left." in home
    assert (await office.give(to=to)).status_code == 303
    assert (await office.event(office.meeting)).lead_id == office.taker.id


async def test_a_hand_over_is_handed_back_by_the_same_preview(office: Office) -> None:
    leader = office.team.leader
    await office.give(**{"to": str(office.taker.id), "to-role-specialist-0": str(office.taker.id)})
    assert not await office.rows(RoleHeld, col(RoleHeld.person_id) == leader.id)
    page = await office.get(f"/people/{leader.id}")
    found = re.search(r'href="([^"]+)">Hand it back', page)
    assert found
    office.here = f"/people/{office.taker.id}/hand-over"
    address = found[1].replace("&amp;", "&")
    shown = (await office.client.get(address)).text
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', shown))
    assert (await office.post(office.here, **{**kept, "csrf": office.csrf})).status_code == 303
    assert (await office.event(office.meeting)).lead_id == leader.id
    assert [one.leader_id for one in await office.rows(WorkGroup)] == [leader.id]


async def test_nobody_of_another_hub_takes_over_and_nobody_below_the_office_hands_over(office: Office) -> None:
    async with office.database.transaction() as db:
        stranger = await a_person(db, await a_hub(db), Role.SPECIALIST)
    answer = await office.give(to=str(stranger.id))
    assert answer.status_code == 409
    async with office.database.transaction(office.hub.id) as db:
        csrf = await sign_in(db, office.client, office.team.leader)
    assert (await office.client.get(office.home + office.here)).status_code == 403
    assert (await office.client.post(office.home + office.here, data={"csrf": csrf})).status_code == 403


async def test_open_gap_tasks_of_a_work_group_go_along_and_records_stay(office: Office) -> None:
    leader = office.team.leader
    async with office.database.transaction(office.hub.id) as db:
        await a_record(db, office.held, leader)
        for item, went in (("open", ""), ("done", "Well.")):
            task = {"group_id": office.team.group.id, "person_id": leader.id, "what": "Bars", "went": went}
            db.add(GapTask(event_id=office.held.id, item=item, hub_id=office.hub.id, **task))
    page = await office.get(office.here)
    assert "1 open gap task of these Work Groups will go" in page
    assert "1 record of past dates not agreed yet" in page
    await office.give(to=str(office.taker.id))
    kept = {one.item: one.person_id for one in await office.rows(GapTask)}
    assert kept == {"open": office.taker.id, "done": leader.id}


async def test_somebody_else_leads_one_date_and_the_group_stays(office: Office) -> None:
    here = f"/events/{office.meeting.id}/lead"
    assert "Ada Holt" in await office.get(here)
    version = str((await office.event(office.meeting)).version)
    shown = await office.get(f"{here}?to={office.taker.id}")
    assert "Ada Holt" in shown
    answer = await office.post(here, to=str(office.taker.id), version=version)
    assert answer.status_code == 303, answer.text
    after = await office.event(office.meeting)
    assert (after.lead_id, after.sequence) == (office.taker.id, office.meeting.sequence + 1)
    assert [one.leader_id for one in await office.rows(WorkGroup)] == [office.team.leader.id]
    assert (await office.post(here, to=str(office.taker.id), version=version)).status_code == 422


async def test_a_stand_in_who_is_away_is_asked_about_first(office: Office) -> None:
    async with office.database.transaction(office.hub.id) as db:
        db.add(Away(hub_id=office.hub.id, person_id=office.taker.id, day=date(2026, 11, 26)))
        other = await a_meeting(db, office.team, date(2027, 1, 14))
        await book(db, other, office.taker, "comes")
    here, to = f"/events/{office.meeting.id}/lead", str(office.taker.id)
    version = str((await office.event(office.meeting)).version)
    asked = await office.post(here, to=to, version=version)
    assert asked.status_code == 422
    assert "Ada Holt is away on Thursday 26 November 2026." in asked.text
    assert (await office.post(here, to=to, version=version, same="yes")).status_code == 303
    version = str((await office.event(other)).version)
    assert (await office.post(f"/events/{other.id}/lead", to=to, version=version)).status_code == 303
    [seat] = await office.rows(Booking, col(Booking.event_id) == other.id, col(Booking.person_id) == office.taker.id)
    assert seat.part == "leads"
