"""Open statements follow what happened, closed ones stay, and together they say what a fresh computation says."""

import random
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.actions.funding import renewing
from app.domain.access import Role
from app.domain.funding.corrections import due
from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line
from app.domain.funding.rates import Amount, empty_card, to_data
from app.domain.funding.statements import close, differs
from app.kit.ids import new_id
from app.models.funding import FundingYear, LedgerLine, LineQuery, RateCard, Statement
from app.models.hubs import Hub
from app.models.meetings import Attendance, Event
from app.models.people import Person
from app.store.database import Database
from app.store.funding import renewing as stored
from app.store.funding import rows, statements
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_school, number, sign_in

FIRST = date(2026, 9, 10)
LATER = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


async def a_card(db: AsyncSession, team: Team, version: int = 1, pence: int = 5_000) -> RateCard:
    """A published card that pays for every half-day at a meeting and its leading, and charges for unused places."""
    rates = [
        replace(one, conditions=(), amounts=(Amount(date(YEAR, 9, 1), pence + place),))
        for place, one in enumerate(empty_card("", YEAR).rates)
    ]
    card = RateCard(
        hub_id=team.group.hub_id,
        year=YEAR,
        version=version,
        rates=to_data(replace(empty_card("", YEAR), rates=tuple(rates)))["rates"],
        made_at=NOW,
        published_at=NOW,
    )
    db.add(card)
    await db.flush()
    return card


async def a_year_of(db: AsyncSession, *, schools: int, meetings: int) -> tuple[Team, list[Event]]:
    hub = await a_hub(db)
    base = await a_school(db)
    team = await a_group(db, hub, schools=schools, leader=await a_person(db, hub, base_urn=base.urn))
    held = [
        await a_meeting(
            db, team, FIRST + timedelta(35 * place), status="held", slot_key=f"{number()}", half_term=place % 6
        )
        for place in range(meetings)
    ]
    return team, held


async def said(db: AsyncSession, event: Event, guest: Person, state: str, at: datetime) -> None:
    db.add(
        Attendance(
            op_id=new_id(),
            hub_id=event.hub_id,
            event_id=event.id,
            guest_id=guest.id,
            person_id=guest.id,
            state=state,
            how="grid",
            said_at=at,
            at=at,
        )
    )
    await db.flush()


async def closed(db: AsyncSession, statement: Statement, by: Person) -> None:
    """Close it as the rules do."""
    done = close(rows.statement("H", statement), await statements.entries(db, statement.id), by.id, LATER)
    statement.state, statement.pence, statement.lines = "closed", done.statement.pence, done.statement.lines
    statement.digest, statement.closed_by, statement.closed_at = done.statement.digest, by.id, LATER
    await db.flush()


def summed(lines: list[Line]) -> dict[tuple[str, int, str], int]:
    found: dict[tuple[str, int, str], int] = {}
    for line in lines:
        what = line.key, line.urn, line.payee.value
        found[what] = found.get(what, 0) + line.pence
    return {what: pence for what, pence in found.items() if pence}


async def every_statement(db: AsyncSession, team: Team, *states: str) -> list[Statement]:
    found = await db.execute(
        select(Statement)
        .where(col(Statement.hub_id) == team.group.hub_id, col(Statement.state).in_(states))
        .order_by(col(Statement.reference))
    )
    return list(found.scalars())


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_changes_late_the_statements_sum_to_a_fresh_computation(database: Database, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  no secret
    async with database.transaction() as db:
        team, held = await a_year_of(db, schools=3, meetings=3)
        hub_id = team.group.hub_id
        await a_card(db, team)
        db.add(FundingYear(hub_id=hub_id, year=YEAR, per=dice.choice(["school", "hub"]), every="term"))
        await db.flush()
        frozen: dict[str, bytes] = {}
        for turn in range(5):
            for _ in range(dice.randint(2, 8)):
                state = dice.choice(["present", "absent", "stand_in", ""])
                at = NOW + timedelta(days=turn, seconds=number())
                await said(db, dice.choice(held), dice.choice(team.participants), state, at)
            dice.choice(held).status = dice.choice(["held", "held", "cancelled"])
            if turn == 3:
                await a_card(db, team, version=2, pence=7_000)
            await db.flush()
            await renewing.renew(db, hub_id, YEAR, LATER)
            assert (await renewing.renew(db, hub_id, YEAR, LATER)).nothing
            ledger = await renewing.fresh(db, hub_id, team.group.code, YEAR, LATER)
            stands = await statements.frozen_entries(db, hub_id, YEAR) + await statements.open_entries(db, hub_id, YEAR)
            assert summed([one.line for one in stands]) == summed(list(ledger.lines))
            assert not due(stands, ledger.lines).lines
            for one in await every_statement(db, team, "open"):
                if dice.random() < 0.4 and await statements.entries(db, one.id):
                    await closed(db, one, team.leader)
            for one in await every_statement(db, team, "closed"):
                entries = await statements.entries(db, one.id)
                assert not differs(rows.statement("H", one), entries)
                says = repr(entries).encode()
                assert frozen.setdefault(one.reference, says) == says


async def test_lines_open_statements_by_period_and_follow_what_is_said(database: Database) -> None:
    async with database.transaction() as db:
        team, held = await a_year_of(db, schools=1, meetings=4)
        hub_id, teacher = team.group.hub_id, team.participants[0]
        code = await stored.code_of(db, hub_id)
        await a_card(db, team)
        for event in held:
            await said(db, event, teacher, "present", NOW)
        done = await renewing.renew(db, hub_id, YEAR, LATER)
        own = [one for one in await every_statement(db, team, "open") if one.urn == team.schools[0].urn]
        assert [one.first.month for one in own] == [9]
        assert done.opened == 2
        assert {one.reference for one in await every_statement(db, team, "open")} == {
            f"{code}-26-0001",
            f"{code}-26-0002",
        }
        await closed(db, own[0], team.leader)
        await said(db, held[0], teacher, "absent", NOW + timedelta(1))
        told = await renewing.renew(db, hub_id, YEAR, LATER)
        assert told.opened == 1
        assert told.says.startswith("Lines of open statements: 3 new")
        corrections = [one.line for one in await statements.open_entries(db, hub_id, YEAR) if one.line.corrects]
        assert sorted(line.pence for line in corrections) == [-5_002, -2_501]
        assert all("taken back" in line.because for line in corrections)


async def test_a_query_an_adjustment_and_what_was_brought_stay_as_they_are(database: Database) -> None:
    async with database.transaction() as db:
        team, held = await a_year_of(db, schools=1, meetings=1)
        hub_id, teacher = team.group.hub_id, team.participants[0]
        await a_card(db, team)
        await said(db, held[0], teacher, "present", NOW)
        await renewing.renew(db, hub_id, YEAR, LATER)
        entries = [one for one in await statements.open_entries(db, hub_id, YEAR) if one.line.rate == "attendance"]
        [attended] = entries
        row = await db.get_one(LedgerLine, uuid.UUID(attended.id))
        db.add(LineQuery(hub_id=hub_id, line_id=row.id, words="Was it two of us?", asked_at=NOW))
        for kind in (Kind.ADJUSTMENT, Kind.BROUGHT):
            other = attended.line._replace(key=kind.value, kind=kind, rate="")
            db.add(rows.line_row(hub_id, row.statement_id, other))
        await said(db, held[0], teacher, "absent", NOW + timedelta(1))
        await renewing.renew(db, hub_id, YEAR, LATER)
        left = {one.line.kind: one for one in await statements.open_entries(db, hub_id, YEAR) if one.held}
        assert left[Kind.DERIVED].held == "Was it two of us?"
        kinds = sorted(one.line.key.partition("|")[0] for one in await statements.open_entries(db, hub_id, YEAR))
        assert kinds == ["adjustment", "attendance", "brought", "no-show", "specialist", "supply"]
        await said(db, held[0], teacher, "present", NOW + timedelta(2))
        await renewing.renew(db, hub_id, YEAR, LATER)
        again = await statements.open_entries(db, hub_id, YEAR)
        assert attended.id in {one.id for one in again}


async def test_a_known_year_gives_known_lines(database: Database) -> None:
    async with database.transaction() as db:
        team, held = await a_year_of(db, schools=2, meetings=2)
        hub_id, (first, second) = team.group.hub_id, team.participants
        await a_card(db, team)
        held[1].online = True
        for event, guest, state in (
            (held[0], first, "present"),
            (held[0], second, "absent"),
            (held[1], first, "stand_in"),
            (held[1], second, "present"),
        ):
            await said(db, event, guest, state, NOW)
        await renewing.renew(db, hub_id, YEAR, LATER)
        told = [
            (entry.line.rate, (entry.line.urn - team.schools[0].urn), entry.line.pence, entry.line.because)
            for entry in await statements.open_entries(db, hub_id, YEAR)
            if entry.line.payee is Payee.PARTICIPANT and entry.line.rate != "supply"
        ]
        thursday, later = "Thursday 10 September 2026", "Thursday 15 October 2026"
        other = team.schools[1].urn - team.schools[0].urn
        assert sorted(told) == sorted(
            [
                ("attendance", 0, 5_002, f"Coming to a meeting on {thursday}; 1 at £50.02 a half-day."),
                ("attendance", 0, 5_002, f"Coming to a meeting on {later}; 1 at £50.02 a half-day."),
                ("attendance", other, 5_002, f"Coming to a meeting on {later}; 1 at £50.02 a half-day."),
                ("no-show", other, -5_010, f"A place that was not used on {thursday}; 1 at £50.10 a time."),
                ("release", 0, 2_501, f"Freeing somebody from class on {thursday}; 1/2 at £50.01 a day."),
            ]
        )


async def test_the_office_renews_at_once_and_heads_do_not(database: Database, client: httpx.AsyncClient) -> None:
    async with database.transaction() as db:
        team, held = await a_year_of(db, schools=1, meetings=1)
        await a_card(db, team)
        await said(db, held[0], team.participants[0], "present", NOW)
        hub = await db.get_one(Hub, team.group.hub_id)
        office, head = await a_person(db, hub, Role.COORDINATOR), await a_person(db, hub, Role.HEADTEACHER)
        csrf = await sign_in(db, client, office)
    renew, sent = f"/hubs/{hub.code}/funding/renew", {"csrf": csrf, "year": str(YEAR)}
    asked = {"accept": "application/json"}
    answer = (await client.post(renew, data=sent, headers=asked)).json()
    assert answer["notice"].startswith("Lines of open statements: 4 new, 0 changed, 0 taken out; together £")
    again = (await client.post(renew, data=sent, headers=asked)).json()
    assert again["notice"] == "Nothing has changed: the open statements say all that happened."
    async with database.transaction(hub.id) as db:
        csrf = await sign_in(db, client, head)
    assert (await client.post(renew, data={**sent, "csrf": csrf})).status_code == 403
