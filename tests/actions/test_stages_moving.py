"""Enrolling and moving: what is refused, what is restored, and who is told of two at once."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.actions.stages import enrolling, moving
from app.actions.stages.enrolling import Enrolling
from app.actions.stages.from_groups import enrol_from_groups
from app.actions.stages.moving import Agreeing, Proposing
from app.domain.stages.ladder import State
from app.kit.errors import BadInputError, ConflictError, ForbiddenError, StaleError
from app.models.hubs import Programme
from app.models.stages import Enrolment, StageMove, StageStep
from app.models.trail import TrailEntry
from app.store.database import Database
from tests.actions.lives import FIRST, a_life, so_far
from tests.makers import (
    NOW,
    YEAR,
    a_group,
    a_meeting,
)


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
        with pytest.raises(ConflictError, match="evidence has changed"):
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
