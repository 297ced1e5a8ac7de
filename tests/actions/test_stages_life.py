"""A school's whole life on the ladder, and what is refused on the way."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.actions.access import Actor
from app.actions.stages import enrolling, moving, recruiting, signing
from app.actions.stages.enrolling import Enrolling
from app.actions.stages.from_groups import enrol_from_groups
from app.actions.stages.moving import Agreeing, Proposing
from app.domain.access import Role
from app.domain.stages.agreements import Signing
from app.domain.stages.ladder import State
from app.domain.stages.recruiting import New, Step, Way
from app.kit.errors import BadInputError, ConflictError, ForbiddenError, StaleError
from app.models.hubs import Hub, HubYear, Programme
from app.models.meetings import Attendance, Event
from app.models.notes import Evidence, NoteVersion
from app.models.people import Person
from app.models.stages import ActionPlan, ConditionReview, Enrolment, StageMove, StageStep
from app.models.trail import TrailEntry
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
    a_programme,
    a_record,
    a_visit_series,
    sign_in,
)

AREAS = ("vision", "mindsets", "subject", "systems", "arithmetic")
FIRST = 2023  # the year of Mastery Readiness: the life ends today
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


async def a_life(database: Database) -> Life:
    """The world; its programmes stand in every year from the first one to the next."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        office = [await a_person(db, hub, Role.ASSISTANT_LEAD), await a_person(db, hub, Role.HUB_LEAD)]
        terms: dict[tuple[str, int], Programme] = {}
        for year in range(FIRST, YEAR + 2):
            if year != YEAR:
                db.add(HubYear(hub_id=hub.id, year=year))
            for kind in ("readiness", "development", "embedding", "sustaining"):
                terms[kind, year] = await a_programme(db, hub, kind=f"{kind}{year}", name=kind.capitalize())
                terms[kind, year].kind, terms[kind, year].year = kind, year
                terms[kind, year].most_times = 1 if kind == "development" else None
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


async def test_a_whole_school_life(database: Database, client: httpx.AsyncClient) -> None:
    life = await a_life(database)
    readiness = await referred_and_signed(life)
    await a_year_of_work(life)
    async with life.on(date(2024, 7, 8)) as actor:
        first = await moving.propose(actor, Proposing(readiness, life.programmes["development", 2024]))
    move = await life.move(first)
    assert (move.override, move.because, move.snapshot["all_met"]) == (False, "", True)
    async with life.on(date(2024, 9, 5), life.agreer) as actor:
        development = await moving.agree(actor, first, 1, Agreeing(date(2024, 9, 4), State.ACTIVE))
    async with life.on(date(2025, 9, 3)) as actor:
        second = await moving.propose(
            actor,
            Proposing(
                development, life.programmes["embedding", 2025], override=True, because="Its head is new, and keen."
            ),
        )
    async with life.on(date(2025, 9, 8), life.agreer) as actor:
        embedding = await moving.agree(actor, second, 1, Agreeing(date(2025, 9, 8), State.AGREED))
    async with life.on(date(2025, 9, 29)) as actor:
        await enrolling.begin(actor, embedding, date(2025, 9, 25))
    async with life.on(date(2026, 3, 2)) as actor:
        await enrolling.withdraw(actor, embedding, date(2026, 2, 27), "Two teachers have left at once.")
    async with life.on(date(2026, 9, 10)) as actor:
        back = await enrolling.enrol(actor, Enrolling(life.urn, life.programmes["sustaining", YEAR], date(2026, 9, 9)))
    assert await so_far(life) == [
        ("readiness", FIRST, "completed"),
        ("development", 2024, "completed"),
        ("embedding", 2025, "withdrawn"),
        ("sustaining", YEAR, "applied"),
    ]
    steps = await life.rows(StageStep)
    steps.sort(key=lambda one: (one.at, one.id))
    assert [one.what for one in steps] == [
        *("referred", "applied", "signed", "began", "proposed", "completed", "moved"),
        *("proposed", "completed", "moved", "began", "withdrew", "returned"),
    ]
    assert all(one.snapshot for one in steps)
    assert all(one.snapshot["verdicts"] and one.criteria_id for one in steps if one.enrolment_id)
    await shown_on_pages(life, client, (readiness, back, first))


async def referred_and_signed(life: Life) -> uuid.UUID:
    """On the list, applied, signed on paper, begun; returns the enrolment in Mastery Readiness."""
    async with life.on(date(2023, 5, 4)) as actor:
        step = Step(Way.REFERRED, date(2023, 5, 2), "Cornwall", reasons=("leadership",))
        made = await recruiting.approach(actor, New((life.urn,), FIRST, "readiness"), step)
    async with life.on(date(2023, 6, 5)) as actor:
        programme = life.programmes["readiness", FIRST]
        enrolment = await recruiting.enrol_school(actor, made.ids[0], 1, (programme, date(2023, 6, 2)))
    async with life.on(date(2023, 6, 20)) as actor:
        await signing.enter(actor, enrolment, Signing("Ada Hill", "Headteacher", date(2023, 6, 19)))
    async with life.on(date(2023, 9, 5)) as actor:
        await enrolling.begin(actor, enrolment, date(2023, 9, 1))
    return enrolment


async def so_far(life: Life) -> list[tuple[str, int, str]]:
    rows = await life.rows(Enrolment, col(Enrolment.urn) == life.urn)
    return [(one.kind, one.year, one.state) for one in sorted(rows, key=lambda one: one.year)]


async def shown_on_pages(life: Life, client: httpx.AsyncClient, keys: tuple[uuid.UUID, uuid.UUID, uuid.UUID]) -> None:
    """The pages and the API tell the same life."""
    readiness, back, first = keys
    async with life.database.transaction(life.hub.id) as db:
        await sign_in(db, client, life.agreer)
    home, api = f"/hubs/{life.hub.code}", f"/api/v1/hubs/{life.hub.code}"
    page = (await client.get(f"{home}/enrolments/{readiness}")).text
    assert "Evidence as it stood: All criteria met." in page
    assert "It was" not in page
    assert ": returned<" in (await client.get(f"{home}/enrolments/{back}")).text
    assert "Reverse this move" in (await client.get(f"{home}/moves/{first}")).text
    assert (await client.get(f"{home}/moves?format=csv")).text.count("\n") == 3
    journey = (await client.get(f"{api}/schools/{life.urn}/journey")).json()
    assert [one["state"] for one in journey["enrolments"]] == ["completed", "completed", "withdrawn", "applied"]
    assert [one["what"] for one in journey["steps"]][-2:] == ["withdrew", "returned"]
    assert all(one["evidence"] for one in journey["steps"] if one["enrolment_id"])
    assert [one["state"] for one in (await client.get(f"{api}/moves")).json()["items"]] == ["agreed", "agreed"]


async def test_who_proposed_a_move_does_not_agree_it(database: Database) -> None:
    life = await a_life(database)
    move = await life.proposed(await life.enrolled(), ("development", YEAR + 1))
    async with life.on(NOW.date()) as actor:
        for act in (
            moving.agree(actor, move, 1, Agreeing(NOW.date(), State.AGREED)),
            moving.decline(actor, move, 1, "Not yet."),
        ):
            with pytest.raises(ForbiddenError, match="another person agrees"):
                await act
    async with life.on(NOW.date(), life.agreer) as actor:
        with pytest.raises(ForbiddenError, match="Somebody else proposed"):
            await moving.take_back(actor, move, 1)
    same = update(StageMove).values(state="agreed", settled_by=life.proposer.id).where(col(StageMove.id) == move)
    async with life.on(NOW.date()) as actor:
        with pytest.raises(IntegrityError, match="stage_move_by_two"):
            await actor.db.execute(same)
        await actor.db.rollback()


async def test_a_move_without_all_evidence_needs_a_because(database: Database) -> None:
    life = await a_life(database)
    enrolment = await life.enrolled()
    to = life.programmes["development", YEAR + 1]
    async with life.on(NOW.date()) as actor:
        with pytest.raises(BadInputError, match="marked below") as without:
            await moving.propose(actor, Proposing(enrolment, to, because="We want to."))
        assert [one.path for one in without.value.faults] == ["override"]
        with pytest.raises(BadInputError) as silent:
            await moving.propose(actor, Proposing(enrolment, to, override=True, because="  "))
        assert [one.path for one in silent.value.faults] == ["because"]
        made = await moving.propose(actor, Proposing(enrolment, to, override=True, because="A new group begins."))
        with pytest.raises(ConflictError, match="waits to be agreed already"):
            await moving.propose(actor, Proposing(enrolment, to, override=True, because="Once more."))
    assert (await life.move(made)).override


async def test_a_reversal_restores_both_enrolments_and_stays_on_record(database: Database) -> None:
    life = await a_life(database)
    enrolment = await life.enrolled()
    before = await life.enrolment(enrolment)
    move = await life.proposed(enrolment, ("development", YEAR + 1))
    async with life.on(NOW.date(), life.agreer) as actor:
        made = await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.AGREED))
    assert (await life.enrolment(enrolment)).state == "completed"
    async with life.on(NOW.date(), life.agreer) as actor:
        with pytest.raises(BadInputError):
            await moving.reverse(actor, move, 2, " ")
        await moving.reverse(actor, move, 2, "It was the wrong school.")
    after = await life.enrolment(enrolment)
    days = ("state", "applied_on", "agreed_on", "began_on", "completed_on", "withdrawn_on", "group_id")
    assert [getattr(after, name) for name in days] == [getattr(before, name) for name in days]
    assert not await life.rows(Enrolment, col(Enrolment.id) == made)
    kept = await life.move(move)
    assert (kept.state, kept.reversed_because, kept.to_id) == ("reversed", "It was the wrong school.", None)
    assert [one.what for one in await life.rows(StageStep)] == ["proposed", "completed", "moved", "reversed"]
    assert "Reversed" in [one.did for one in await life.rows(TrailEntry)]
    await life.proposed(enrolment, ("development", YEAR + 1))  # it can be proposed anew


async def test_a_reversal_gives_an_application_its_state_back(database: Database) -> None:
    life = await a_life(database)
    enrolment = await life.enrolled("readiness", FIRST, "completed")
    applied = await life.enrolled("development", YEAR, "applied")
    move = await life.proposed(enrolment, ("development", YEAR))
    async with life.on(NOW.date(), life.agreer) as actor:
        assert await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.ACTIVE)) == applied
    assert (await life.enrolment(applied)).state == "active"
    async with life.on(NOW.date(), life.agreer) as actor:
        await moving.reverse(actor, move, 2, "Agreed too soon.")
    assert await so_far(life) == [("readiness", FIRST, "completed"), ("development", YEAR, "applied")]


async def test_a_move_from_which_a_school_went_on_is_not_reversed(database: Database) -> None:
    life = await a_life(database)
    move = await life.proposed(await life.enrolled("readiness", 2025), ("development", YEAR))
    async with life.on(NOW.date(), life.agreer) as actor:
        made = await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.ACTIVE))
    await life.proposed(made, ("embedding", YEAR + 1))
    async with life.on(NOW.date(), life.agreer) as actor:
        with pytest.raises(ConflictError, match="A further move"):
            await moving.reverse(actor, move, 2, "Too soon.")


async def test_what_was_agreed_is_what_was_seen(database: Database) -> None:
    life = await a_life(database)
    move = await life.proposed(await life.enrolled(), ("development", YEAR + 1))
    async with life.on(NOW.date(), life.agreer) as actor:
        with pytest.raises(StaleError, match="evidence has changed"):
            await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.AGREED, seen="something else"))
        with pytest.raises(StaleError):
            await moving.decline(actor, move, 7, "Not yet.")
        with pytest.raises(BadInputError) as early:
            await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.ACTIVE))
    assert [one.path for one in early.value.faults] == ["state"]  # the year has not begun


async def test_of_two_who_settle_a_move_at_once_one_is_told(database: Database) -> None:
    life = await a_life(database)
    move = await life.proposed(await life.enrolled(), ("development", YEAR + 1))

    async def agree() -> object:
        async with life.on(NOW.date(), life.agreer) as actor:
            return await moving.agree(actor, move, 1, Agreeing(NOW.date(), State.AGREED))

    done = await asyncio.gather(agree(), agree(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["StaleError", "UUID"]


async def test_of_two_who_enrol_a_school_at_once_one_is_told(database: Database) -> None:
    life = await a_life(database)

    async def enrol() -> object:
        async with life.on(NOW.date()) as actor:
            new = Enrolling(life.urn, life.programmes["development", YEAR], NOW.date())
            return await enrolling.enrol(actor, new)

    done = await asyncio.gather(enrol(), enrol(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ConflictError", "UUID"]
    assert len(await life.rows(Enrolment)) == 1


async def test_an_enrolment_goes_one_step_after_the_other(database: Database) -> None:
    life = await a_life(database)
    async with life.on(NOW.date()) as actor:
        new = Enrolling(life.urn, life.programmes["development", YEAR], date(2026, 9, 1))
        made = await enrolling.enrol(actor, new)
        with pytest.raises(ConflictError, match="not signed yet"):
            await enrolling.begin(actor, made, date(2026, 9, 3))
        await enrolling.signed(actor, made, date(2026, 9, 3))
        with pytest.raises(BadInputError, match="still to come"):
            await enrolling.begin(actor, made, date(2026, 12, 3))
        with pytest.raises(BadInputError, match="Choose Thursday 3 September 2026"):
            await enrolling.begin(actor, made, date(2026, 9, 1))
        await enrolling.begin(actor, made, date(2026, 9, 4))
        with pytest.raises(StaleError):
            await enrolling.complete(actor, made, NOW.date(), version=1)
        with pytest.raises(BadInputError):
            await enrolling.withdraw(actor, made, NOW.date(), "")
        await enrolling.complete(actor, made, NOW.date(), version=3)
        with pytest.raises(ConflictError, match="completed the programme already"):
            await enrolling.withdraw(actor, made, NOW.date(), "Too late.")
        again = Enrolling(life.urn, life.programmes["development", YEAR + 1], NOW.date())
        with pytest.raises(ConflictError, match="takes Development once"):
            await enrolling.enrol(actor, again)
        with pytest.raises(ConflictError, match="Propose that it moves to"):
            await enrolling.enrol(actor, Enrolling(life.urn, life.programmes["embedding", YEAR + 1], NOW.date()))


async def test_schools_of_work_groups_are_enrolled_once_somebody_says_so(database: Database) -> None:
    life = await a_life(database)
    async with database.transaction(life.hub.id) as db:
        programme = await db.get_one(Programme, life.programmes["development", YEAR])
        team = await a_group(db, life.hub, schools=2, programme=programme)
        await a_meeting(db, team, date(2026, 9, 24), status="held")
    chosen = {(team.group.id, one.urn) for one in team.schools}
    assert not await life.rows(Enrolment)
    async with life.on(NOW.date()) as actor:
        with pytest.raises(BadInputError, match="at least one"):
            await enrol_from_groups(actor, YEAR, set(), since_meeting=False)
        assert await enrol_from_groups(actor, YEAR, chosen, since_meeting=True) == 2
        assert await enrol_from_groups(actor, YEAR, chosen, since_meeting=True) == 0
    rows = await life.rows(Enrolment)
    assert {(one.state, one.began_on, one.group_id) for one in rows} == {("active", date(2026, 9, 24), team.group.id)}
    assert [one.what for one in await life.rows(StageStep)] == ["began", "began"]
