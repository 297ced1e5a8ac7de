"""A hub in which a school goes its way: two people of its office, a head, a Work Group, programmes of five years."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.actions.access import Actor
from app.actions.stages import moving
from app.actions.stages.moving import Proposing
from app.domain.access import Role
from app.models.hubs import Hub, HubYear, Programme
from app.models.meetings import Attendance, Event
from app.models.notes import Evidence, NoteVersion
from app.models.people import Person
from app.models.stages import ActionPlan, ConditionReview, Enrolment, StageMove
from app.store import people
from app.store.database import Database
from tests.makers import (
    NOW,
    YEAR,
    Team,
    a_group,
    a_hub,
    a_meeting,
    a_person,
    a_record,
    a_visit_series,
)

AREAS = ("vision", "mindsets", "subject", "systems", "arithmetic")
FIRST = 2023  # the year of Mastery Readiness: the life ends today
KINDS = ("readiness", "development", "embedding", "sustaining")
MEETINGS = (
    date(2023, 9, 21),
    date(2023, 11, 9),
    date(2024, 1, 18),
    date(2024, 3, 7),
    date(2024, 4, 25),
    date(2024, 6, 13),
)


@dataclass
class Life:
    """A hub with two people of its office, and a school with its Work Group in Mastery Readiness."""

    database: Database
    hub: Hub
    proposer: Person
    agreer: Person
    head: Person
    team: Team
    programmes: dict[tuple[str, int], uuid.UUID] = field(default_factory=dict)

    @property
    def urn(self) -> int:
        return self.team.schools[0].urn

    @asynccontextmanager
    async def on(self, day: date, person: Person | None = None) -> AsyncIterator[Actor]:
        """Somebody of the office at work on this day, in a transaction of their own."""
        who = person or self.proposer
        async with self.database.transaction(self.hub.id) as db:
            viewer = await people.viewer(db, who.account_id, who.email)
            member = viewer.member(self.hub.id)
            assert member
            yield Actor(db, viewer, member, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    async def rows(self, of: type[Any], *where: Any) -> list[Any]:
        async with self.database.transaction(self.hub.id) as db:
            return list((await db.execute(select(of).where(*where))).scalars())

    async def move(self, key: uuid.UUID) -> StageMove:
        return (await self.rows(StageMove, col(StageMove.id) == key))[0]  # type: ignore[no-any-return]

    async def enrolment(self, key: uuid.UUID) -> Enrolment:
        return (await self.rows(Enrolment, col(Enrolment.id) == key))[0]  # type: ignore[no-any-return]

    async def enrolled(self, kind: str = "readiness", year: int = YEAR, state: str = "active") -> uuid.UUID:
        """An enrolment that has come this far by itself."""
        async with self.database.transaction(self.hub.id) as db:
            made = Enrolment(
                hub_id=self.hub.id,
                urn=self.urn,
                programme_id=self.programmes[kind, year],
                year=year,
                kind=kind,
                state=state,
                began_on=date(year, 9, 1),
            )
            db.add(made)
            await db.flush()
            return made.id

    async def proposed(self, since: uuid.UUID, to: tuple[str, int], day: date = NOW.date()) -> uuid.UUID:
        """A move although not everything is shown."""
        async with self.on(day) as actor:
            new = Proposing(since, self.programmes[to], override=True, because="The next group begins in January.")
            return await moving.propose(actor, new)


def _terms(hub: Hub, kind: str, year: int) -> Programme:
    return Programme(
        hub_id=hub.id,
        year=year,
        kind=kind,
        name=kind.capitalize(),
        fewest_schools=1,
        most_schools=8,
        meetings=6,
        visits=6,
        participants=1,
        people="Maths lead",
        led_by="Mastery Specialist",
        head_attends="",
        most_times=1 if kind == "development" else None,
    )


async def a_life(database: Database) -> Life:
    """The world; its programmes stand in every year from the first one to the next."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        office = [await a_person(db, hub, Role.ASSISTANT_LEAD), await a_person(db, hub, Role.HUB_LEAD)]
        terms = {(kind, year): _terms(hub, kind, year) for year in range(FIRST, YEAR + 2) for kind in KINDS}
        db.add_all(HubYear(hub_id=hub.id, year=year) for year in range(FIRST, YEAR + 2) if year != YEAR)
        await db.flush()
        db.add_all(terms.values())
        await db.flush()
        team = await a_group(db, hub, schools=1, programme=terms["readiness", FIRST])
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
    programmes = {key: one.id for key, one in terms.items()}
    return Life(database, hub, office[0], office[1], head, team, programmes)


async def a_year_of_work(life: Life) -> None:
    """Six meetings and six visits with their records, who came, two reviews, and a plan the head agreed."""
    async with life.database.transaction(life.hub.id) as db:
        group = await db.merge(life.team.group)
        group.year = FIRST
        series = await a_visit_series(db, life.team)
        series.year = FIRST
        for k, day in enumerate(MEETINGS):
            meeting = await a_meeting(db, life.team, day, slot_key=f"{group.id}/{k}", half_term=k, status="held")
            visit = await a_meeting(
                db,
                life.team,
                day + timedelta(7),
                kind="visit",
                slot_key=f"{series.id}/{k}",
                half_term=k,
                status="held",
                group_id=None,
                series_id=series.id,
            )
            meeting.year = visit.year = FIRST
            here = [life.team.participants[0], *([life.head] if k == 0 else [])]
            db.add_all(_came(meeting, one) for one in here)
            await _shown(db, life, meeting, "met")
            await _shown(db, life, visit, "visited", AREAS if k == 5 else ())
        for day in (date(2023, 11, 20), date(2024, 5, 20)):
            db.add(ConditionReview(hub_id=life.hub.id, urn=life.urn, day=day, made_at=NOW))
        agreed = datetime(2024, 2, 1, tzinfo=UTC)
        db.add(ActionPlan(hub_id=life.hub.id, urn=life.urn, year=FIRST, agreed_at=agreed, made_at=agreed))


def _came(event: Event, person: Person) -> Attendance:
    return Attendance(
        op_id=uuid.uuid4(),
        hub_id=event.hub_id,
        event_id=event.id,
        person_id=person.id,
        guest_id=person.id,
        state="present",
        how="grid",
        said_at=event.ends_at,
        at=event.ends_at,
    )


async def _shown(db: Any, life: Life, event: Event, kind: str, areas: tuple[str, ...] = ()) -> None:
    await a_record(db, event, life.team.leader)
    version = (await db.execute(select(NoteVersion).where(col(NoteVersion.event_id) == event.id))).scalar_one()
    found = [(kind, "", {}), *(("reviewed", area, {"stands": "establishing"}) for area in areas)]
    for each, key, facts in found:
        row = {"hub_id": event.hub_id, "event_id": event.id, "version_id": version.id, "urn": life.urn}
        db.add(Evidence(**row, kind=each, key=key, facts=facts, day=event.day, made_at=event.ends_at))


async def so_far(life: Life) -> list[tuple[str, int, str]]:
    rows = await life.rows(Enrolment, col(Enrolment.urn) == life.urn)
    return [(one.kind, one.year, one.state) for one in sorted(rows, key=lambda one: one.year)]
