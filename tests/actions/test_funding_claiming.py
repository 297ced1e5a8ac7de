"""Closing, approving, paying and adjusting: two people, nothing twice, and a queried line waits."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.actions.access import Actor
from app.actions.funding import adjusting, claiming, moving_lines, querying
from app.actions.funding.adjusting import New
from app.actions.funding.claiming import Chosen, Payment
from app.domain.access import Role
from app.domain.funding import statements as rules
from app.domain.funding.statements import Step, Why
from app.kit.errors import BadInputError, ConflictError, ForbiddenError, StaleError
from app.models.funding import Adjustment, LedgerLine, LineQuery, Payee, Statement, StatementStep
from app.models.hubs import Hub
from app.models.people import Person
from app.models.trail import TrailEntry
from app.store import people
from app.store.database import Database
from app.store.funding import rows, statements
from tests.makers import NOW, YEAR, a_hub, a_person, a_school

DAY = date(2026, 10, 1)


@dataclass
class Office:
    """Two people of a hub's office, and a school with its first statement, of what was agreed besides."""

    database: Database
    hub: Hub
    ann: Person
    bea: Person
    urn: int

    @asynccontextmanager
    async def by(self, who: Person) -> AsyncIterator[Actor]:
        async with self.database.transaction(self.hub.id) as db:
            viewer = await people.viewer(db, who.account_id, who.email)
            member = viewer.member(self.hub.id)
            assert member
            yield Actor(db, viewer, member, NOW)

    async def adjusted(self, pence: int = 5000, urn: int = 0) -> uuid.UUID:
        """An adjustment that Ann wrote and Bea agreed; its line."""
        new = New(YEAR, urn or self.urn, Why.FUNDER, DAY, pence, "Agreed in May.")
        async with self.by(self.ann) as actor:
            made = await adjusting.propose(actor, new)
        async with self.by(self.bea) as actor:
            await adjusting.agree(actor, made, 1)
        return (await self.rows(Adjustment, col(Adjustment.id) == made))[0].line_id  # type: ignore[no-any-return]

    async def rows(self, of: type[Any], *where: Any) -> list[Any]:
        async with self.database.transaction(self.hub.id) as db:
            return list((await db.execute(select(of).where(*where))).scalars())

    async def seen(self) -> list[Chosen]:
        """Every statement as a page shows it, by reference."""
        async with self.by(self.ann) as actor:
            found = await statements.every(actor.db, actor.member)
        return [Chosen(one.row.id, one.row.version, one.pence, one.lines, one.queried) for one in found]

    async def states(self) -> list[tuple[str, str]]:
        found = await self.rows(Statement)
        return sorted((one.reference.removeprefix(self.hub.code), one.state) for one in found)


async def an_office(database: Database) -> Office:
    async with database.transaction() as db:
        hub = await a_hub(db)
        ann = await a_person(db, hub, Role.COORDINATOR, name="Ann")
        bea = await a_person(db, hub, Role.HUB_LEAD, name="Bea")
        school = await a_school(db, hub)
        db.add(Payee(hub_id=hub.id, urn=school.urn, reference="V1"))
    return Office(database, hub, ann, bea, school.urn)


async def test_a_statement_goes_from_one_person_to_another_until_it_is_reconciled(database: Database) -> None:
    office = await an_office(database)
    await office.adjusted()
    (seen,) = await office.seen()
    async with office.by(office.ann) as actor:
        await claiming.close(actor, [seen])
    closed = Chosen(seen.id, 2)
    async with office.by(office.ann) as actor:
        with pytest.raises(ForbiddenError, match="second person"):
            await claiming.take(actor, Step.APPROVE, [closed])
        with pytest.raises(ConflictError, match="closed"):
            await claiming.take(actor, Step.SUBMIT, [closed])
    async with office.by(office.bea) as actor:
        await claiming.take(actor, Step.APPROVE, [closed])
        with pytest.raises(BadInputError, match="Say why"):
            await claiming.take(actor, Step.REVERSE, [Chosen(seen.id, 3)])
        await claiming.take(actor, Step.REVERSE, [Chosen(seen.id, 3)], "The wrong school.")
        await claiming.take(actor, Step.APPROVE, [Chosen(seen.id, 4)])
        with pytest.raises(StaleError):
            await claiming.take(actor, Step.SUBMIT, [Chosen(seen.id, 4)])
        await claiming.take(actor, Step.SUBMIT, [Chosen(seen.id, 5)])
        with pytest.raises(BadInputError, match="does not fit"):
            await claiming.pay(actor, Chosen(seen.id, 6), Payment(9999, NOW.date()))
        with pytest.raises(BadInputError):
            await claiming.pay(actor, Chosen(seen.id, 6), Payment(2000, date(2026, 12, 24)))
        await claiming.pay(actor, Chosen(seen.id, 6), Payment(2000, NOW.date()))
        await claiming.pay(actor, Chosen(seen.id, 7), Payment(3000, NOW.date()))
        await claiming.take(actor, Step.RECONCILE, [Chosen(seen.id, 8)])
    (row,) = await office.rows(Statement)
    assert (row.state, row.paid, row.closed_by, row.approved_by) == ("reconciled", 5000, office.ann.id, office.bea.id)
    taken = [(one.step, one.because) for one in sorted(await office.rows(StatementStep), key=lambda one: str(one.id))]
    assert taken == [
        ("close", ""),
        ("approve", ""),
        ("reverse", "The wrong school."),
        ("approve", ""),
        ("submit", ""),
        ("pay", ""),
        ("pay", ""),
        ("reconcile", ""),
    ]
    assert "Took back the approval of" in [one.did for one in await office.rows(TrailEntry)]


async def test_what_is_closed_is_what_was_seen(database: Database) -> None:
    office = await an_office(database)
    await office.adjusted()
    (seen,) = await office.seen()
    await office.adjusted(100)
    async with office.by(office.ann) as actor:
        with pytest.raises(ConflictError, match="figures have changed"):
            await claiming.close(actor, [seen])
    assert await office.states() == [("-26-0001", "open")]


async def test_a_queried_line_waits_in_the_next_statement(database: Database) -> None:
    office = await an_office(database)
    line = await office.adjusted()
    await office.adjusted(700)
    async with office.by(office.ann) as actor:
        actor.db.add(LineQuery(hub_id=office.hub.id, line_id=line, words="Was it two days?", asked_at=NOW))
    (seen,) = await office.seen()
    assert (seen.pence, seen.lines, seen.queried) == (5700, 2, 1)
    async with office.by(office.ann) as actor:
        await claiming.close(actor, [seen])
    assert await office.states() == [("-26-0001", "closed"), ("-26-0002", "open")]
    first, second = sorted(await office.rows(Statement), key=lambda one: str(one.reference))
    assert (first.pence, first.lines) == (700, 1)
    (waits,) = await office.rows(LedgerLine, col(LedgerLine.id) == line)
    assert waits.statement_id == second.id
    (_, one) = await office.seen()
    async with office.by(office.ann) as actor:
        with pytest.raises(BadInputError, match="every line in it is queried"):
            await claiming.close(actor, [one])


async def test_several_are_closed_at_once_or_none(database: Database) -> None:
    office = await an_office(database)
    async with database.transaction(office.hub.id) as db:
        other = await a_school(db, office.hub)
    await office.adjusted()
    await office.adjusted(800, other.urn)
    seen = await office.seen()
    async with office.by(office.ann) as actor:
        with pytest.raises(StaleError):
            await claiming.close(actor, [seen[0], Chosen(seen[1].id, 9, 800, 1)])
    assert {state for _, state in await office.states()} == {"open"}
    async with office.by(office.ann) as actor:
        await claiming.close(actor, seen)
    async with office.by(office.bea) as actor:
        await claiming.take(actor, Step.APPROVE, [Chosen(one.id, 2) for one in seen])
        with pytest.raises(ConflictError, match="no finance reference"):
            await claiming.take(actor, Step.SUBMIT, [Chosen(one.id, 3) for one in seen])
        for row in await office.rows(Statement):
            domain = rows.statement(office.hub.code, row)
            assert rules.differs(domain, await statements.entries(actor.db, row.id)) == ()


async def test_an_adjustment_is_agreed_by_another_person_and_can_be_declined_or_taken_back(database: Database) -> None:
    office = await an_office(database)
    new = New(YEAR, office.urn, Why.REPAID, DAY, -1250, "Paid back by cheque.")
    async with office.by(office.ann) as actor:
        with pytest.raises(BadInputError) as wrong:
            await adjusting.propose(actor, New(YEAR, 1, Why.OTHER, date(2025, 1, 1), 0, " "))
        assert {one.path for one in wrong.value.faults} == {"pence", "because", "day", "school"}
        first, second, third = [await adjusting.propose(actor, new) for _ in range(3)]
        for act in (adjusting.agree(actor, first, 1), adjusting.decline(actor, first, 1, "No.")):
            with pytest.raises(ForbiddenError, match="second person"):
                await act
        await adjusting.take_back(actor, third, 1)
    async with office.by(office.bea) as actor:
        with pytest.raises(ForbiddenError, match="Somebody else wrote"):
            await adjusting.take_back(actor, first, 1)
        with pytest.raises(BadInputError):
            await adjusting.decline(actor, second, 1, "")
        await adjusting.decline(actor, second, 1, "It never came.")
        await adjusting.agree(actor, first, 1)
        with pytest.raises(ConflictError, match="settled already"):
            await adjusting.agree(actor, first, 2)
    (line,) = await office.rows(LedgerLine)
    assert (line.pence, line.kind, line.because) == (-1250, "adjustment", "Paid back: Paid back by cheque.")
    assert sorted(one.state for one in await office.rows(Adjustment)) == ["agreed", "declined", "taken_back"]


async def test_a_line_moves_only_between_open_statements(database: Database) -> None:
    office = await an_office(database)
    line = await office.adjusted()
    async with office.by(office.ann) as actor:
        hubs = Statement(hub_id=office.hub.id, year=YEAR, first=DAY, last=DAY, reference="Whole", opened_at=NOW)
        actor.db.add(hubs)
    (here, *_), there = await office.seen(), hubs.id
    async with office.by(office.ann) as actor:
        with pytest.raises(BadInputError):
            await moving_lines.move(actor, line, here.id, here.id)
        await moving_lines.move(actor, line, here.id, there)
        with pytest.raises(ConflictError):
            await moving_lines.move(actor, line, here.id, there)
        await claiming.close(actor, [Chosen(there, 1, 5000, 1)])
    async with office.by(office.bea) as actor:
        with pytest.raises(BadInputError) as closed:
            await moving_lines.move(actor, line, there, here.id)
        assert "is closed" in closed.value.faults[0].because


async def test_of_two_who_close_at_once_one_closes_and_the_other_is_told(database: Database) -> None:
    office = await an_office(database)
    await office.adjusted()
    seen = await office.seen()

    async def closing(who: Person) -> str:
        try:
            async with office.by(who) as actor:
                await claiming.close(actor, seen)
        except (ConflictError, StaleError) as told:
            return told.because
        return "closed"

    said = await asyncio.gather(closing(office.ann), closing(office.bea))
    assert sorted("closed" if one == "closed" else "told" for one in said) == ["closed", "told"]
    assert await office.states() == [("-26-0001", "closed")]
    assert len(await office.rows(StatementStep)) == 1


async def test_a_question_waits_for_whoever_closes(database: Database) -> None:
    office = await an_office(database)
    line = await office.adjusted()
    async with office.by(office.ann) as closing, office.by(office.bea) as asking:
        await statements.year_locked(closing.db, office.hub.id, YEAR)
        await asking.db.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            await querying.ask(asking, line, "Is this all?")
        await asking.db.rollback()
