"""A school's whole life on the ladder."""

import uuid
from datetime import date

import httpx

from app.actions.stages import enrolling, moving, recruiting, signing
from app.actions.stages.enrolling import Enrolling
from app.actions.stages.moving import Agreeing, Proposing
from app.domain.stages.agreements import Signing
from app.domain.stages.ladder import State
from app.domain.stages.recruiting import New, Step, Way
from app.models.stages import StageStep
from app.store.database import Database
from tests.actions.lives import FIRST, Life, a_life, a_year_of_work, so_far
from tests.makers import (
    YEAR,
    sign_in,
)


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
