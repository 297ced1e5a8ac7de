"""Whatever befalls a hub within a year, it can be planned again: people and schools come and go, days close."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.kit.clock import clock_from
from app.models.hubs import Closure
from app.models.meetings import Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Away, Person, Session
from app.models.schedule import Proposal
from app.models.schools import HubSchool
from app.store.database import Database
from tests.makers import NOW, a_person, a_school
from tests.routers.test_schedule import Planned, a_small_hub, proposed

LATER = (NOW, NOW + timedelta(days=60), NOW + timedelta(days=115), NOW + timedelta(days=170))
JSON = {"accept": "application/json"}


class Fate:
    """Things that happen to a small hub within a year."""

    def __init__(self, db: AsyncSession, small: Planned, dice: random.Random, today: date) -> None:
        self.db, self.small, self.dice, self.today = db, small, dice, today
        self.hub, self.group_id = small.hub, small.team.group.id

    async def _events(self, *wanted: object) -> list[Event]:
        asked = select(Event).where(col(Event.hub_id) == self.hub.id, *wanted).order_by(col(Event.day), col(Event.uid))
        return list((await self.db.execute(asked)).scalars())

    async def _group(self) -> WorkGroup:
        return await self.db.get_one(WorkGroup, self.group_id)

    async def what_is_over_was_held(self) -> None:
        for event in await self._events(col(Event.day) <= self.today, col(Event.status) == "confirmed"):
            event.status = self.dice.choice(("held", "held", "confirmed", "cancelled"))

    async def dates_are_pinned(self) -> None:
        for event in await self._events(col(Event.status) == "confirmed"):
            event.pinned = self.dice.random() < 0.2

    async def a_school_leaves(self) -> None:
        urn = self.dice.choice(self.small.team.schools).urn
        for table in (Participant, VisitSeries, GroupSchool):
            await self.db.execute(delete(table).where(col(table.urn) == urn))
        if self.dice.random() < 0.5:
            await self.db.execute(delete(HubSchool).where(col(HubSchool.urn) == urn))

    async def a_school_joins(self) -> None:
        school = await a_school(self.db, self.hub)
        self.db.add(GroupSchool(group_id=self.group_id, urn=school.urn, hub_id=self.hub.id))
        await self.db.flush()
        teacher = await a_person(self.db, self.hub, Role.PARTICIPANT)
        where = {"group_id": self.group_id, "urn": school.urn, "hub_id": self.hub.id}
        self.db.add(Participant(person_id=teacher.id, role="maths lead", **where))

    async def a_teacher_leaves(self) -> None:
        gone = self.dice.choice(self.small.team.participants)
        if self.dice.random() < 0.5:
            await self.db.execute(delete(Participant).where(col(Participant.person_id) == gone.id))
        else:
            await self.db.execute(update(Person).where(col(Person.id) == gone.id).values(left_on=self.today))

    async def another_leads(self) -> None:
        (await self._group()).leader_id = (await a_person(self.db, self.hub, Role.SPECIALIST)).id

    async def a_half_term_is_taken_off(self) -> None:
        group = await self._group()
        group.half_terms = sorted(self.dice.sample(group.half_terms, max(1, len(group.half_terms) - 1)))

    async def _some_days(self) -> list[date]:
        every = await self._events()
        shut = set((await self.db.execute(select(col(Closure.day)))).scalars())
        return sorted({event.day for event in self.dice.sample(every, min(3, len(every)))} - shut)

    async def days_close(self) -> None:
        for day in await self._some_days():
            self.db.add(Closure(hub_id=self.hub.id, day=day, name="Shut"))

    async def the_leader_is_away(self) -> None:
        leader = (await self._group()).leader_id
        await self.db.execute(delete(Away).where(col(Away.person_id) == leader))
        for day in await self._some_days():
            self.db.add(Away(hub_id=self.hub.id, person_id=leader, day=day))


FATES: tuple[Callable[[Fate], Awaitable[None]], ...] = (
    Fate.dates_are_pinned,
    Fate.a_school_leaves,
    Fate.a_school_joins,
    Fate.a_teacher_leaves,
    Fate.another_leads,
    Fate.a_half_term_is_taken_off,
    Fate.days_close,
    Fate.the_leader_is_away,
)


@pytest.mark.parametrize("seed", range(8))
async def test_a_year_is_planned_again_whatever_befell_it(
    seed: int, app: FastAPI, database: Database, client: httpx.AsyncClient
) -> None:
    small, dice = await a_small_hub(database, client), random.Random(seed)  # noqa: S311  no secret
    proposal, told = await proposed(database, client, small), list[str]()
    world, now = app.state.world, LATER[seed % len(LATER)]
    for _ in range(2):
        done = await client.post(f"{small.path}/{proposal}/accept", headers=JSON, data={"csrf": small.csrf})
        assert done.status_code == 200, (told, done.json())
        async with database.transaction(small.hub.id) as db:
            await db.execute(update(Session).values(seen_at=now, expires_at=now + timedelta(days=1)))
            fate = Fate(db, small, dice, now.date())
            await fate.what_is_over_was_held()
            befell = dice.sample(FATES, 3)
            for each in befell:
                await each(fate)
                await db.flush()
        told = [each.__name__ for each in befell]
        app.state.world = replace(world, clock=clock_from(now))
        proposal = await proposed(database, client, small, now)
        async with database.transaction(small.hub.id) as db:
            row = await db.get_one(Proposal, proposal)
            assert row.status == "ready", (told, row.because)
            events = list((await db.execute(select(Event.id).where(col(Event.status) != "cancelled"))).scalars())
        here = f"{small.path}/{proposal}"
        for page in (here, f"{here}/why", f"/hubs/{small.hub.code}/year?hand=yes"):
            assert (await client.get(page)).status_code == 200, (told, page)
        for event in dice.sample(events, min(4, len(events))):
            for page in ("", "/move", "/replace"):
                status = (await client.get(f"/hubs/{small.hub.code}/events/{event}{page}")).status_code
                assert status in ({200} if not page else {200, 409}), (told, event, page, status)
