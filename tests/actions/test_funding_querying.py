"""A school asks about a line of its own: it waits, is answered once, and can be taken back."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.actions.access import Actor
from app.actions.funding import querying
from app.domain.access import Role
from app.domain.funding.statements import Entry
from app.kit.errors import BadInputError, ConflictError, ForbiddenError
from app.kit.periods import spoken_date
from app.models.hubs import Hub
from app.models.people import Person
from app.pages._parts import Asked
from app.pages.funding import owed
from app.pages.funding import queries as pages
from app.store import people
from app.store.database import Database
from app.store.funding import ledger_lines, queries, renewing
from tests.makers import NOW, YEAR, a_group, a_hub, a_meeting, a_person
from tests.worlds_funding import rows_of_funding
from tests.worlds_stages import rows_of_stages


@asynccontextmanager
async def _as(database: Database, hub: Hub, person: Person) -> AsyncIterator[Actor]:
    async with database.transaction(hub.id) as db:
        viewer = await people.viewer(db, person.account_id, person.email)
        member = viewer.member(hub.id)
        assert member
        yield Actor(db, viewer, member, NOW)


async def test_a_line_that_a_school_asks_about_waits_until_it_is_answered(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        await rows_of_stages(db, team, await a_meeting(db, team))
        rows = await rows_of_funding(db, team)
        head, other = [
            await a_person(db, hub, Role.HEADTEACHER, head_of=school.urn)
            for school in (team.schools[0], team.schools[1])
        ]
        office = await a_person(db, hub, Role.COORDINATOR)
    line, waits = uuid.UUID(rows["lines"]), uuid.UUID(rows["queries"])
    async with _as(database, hub, head) as actor:
        with pytest.raises(ConflictError, match="queried already"):
            await querying.ask(actor, line, "Once more?")
        held = await ledger_lines.one(actor.db, actor.member, line)
        assert held is not None
        assert held.held == "Was it two days?"
        with pytest.raises(ForbiddenError):
            await querying.answer(actor, waits, "Yes.")
    async with _as(database, hub, office) as actor:
        with pytest.raises(BadInputError):
            await querying.answer(actor, waits, "  ")
        await querying.answer(actor, waits, "Yes, both days are on the sheet.")
        with pytest.raises(ConflictError, match="answered already"):
            await querying.answer(actor, waits, "No.")
        assert not await queries.every(actor.db, actor.member, waiting=True)
    async with _as(database, hub, other) as actor:
        with pytest.raises(ForbiddenError):
            await querying.ask(actor, line, "What is theirs?")
        assert not await queries.every(actor.db, actor.member)
    async with _as(database, hub, head) as actor:
        again = await querying.ask(actor, line, "And the third day?")
        assert await querying.take_back(actor, again) == line
        with pytest.raises(ConflictError):
            await querying.take_back(actor, again)
        told = [(one.row.words, one.row.answer) for one in await queries.every(actor.db, actor.member)]
        assert set(told) == {
            ("Was it two days?", "Yes, both days are on the sheet."),
            ("And the third day?", "Taken back by the school."),
        }


async def test_a_question_outlives_its_line(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        await rows_of_stages(db, team, await a_meeting(db, team))
        rows = await rows_of_funding(db, team)
        urn = team.schools[0].urn
        head, other = [
            await a_person(db, hub, Role.HEADTEACHER, head_of=school.urn)
            for school in (team.schools[0], team.schools[1])
        ]
        office = await a_person(db, hub, Role.COORDINATOR)
    line = uuid.UUID(rows["lines"])
    async with _as(database, hub, office) as actor:
        await querying.answer(actor, uuid.UUID(rows["queries"]), "Yes.")
    async with _as(database, hub, head) as actor:
        asked = await querying.ask(actor, line, "And the third day?")
        held = await ledger_lines.one(actor.db, actor.member, line)
        assert held is not None
        await renewing.remove(actor.db, hub.id, [Entry(str(line), held.line)])
    async with _as(database, hub, head) as actor:
        page = await pages.load(actor.db, actor.member, Asked("/", {}))
        first = page.lines[0]
        said = f"£50.00 on {spoken_date(NOW.date())}: Came to a meeting."
        assert (first.gone, first.waits, first.line_href) == (f"{pages.GONE}. {said}", True, "")
        assert len(await queries.every(actor.db, actor.member, gone_of=urn)) == 2
        of_school = await owed.load(actor.db, actor.viewer, actor.member, urn, Asked("/", {"year": str(YEAR)}), NOW)
        assert [one.words for one in of_school.gone] == ["And the third day?", "Was it two days?"]
        assert {row[-1] for row in await pages.table(actor.db, actor.member, Asked("/", {}))} == {said, ""}
    async with _as(database, hub, other) as actor:
        assert not await queries.every(actor.db, actor.member)
        with pytest.raises(ForbiddenError):
            await querying.take_back(actor, asked)
    async with _as(database, hub, office) as actor:
        form = await pages.to_answer(actor.db, actor.member, asked)
        assert (form.because, form.back) == (said, f"/hubs/{hub.code}/queries")
        await querying.answer(actor, asked, "Nobody came on it.")
    async with _as(database, hub, head) as actor:
        with pytest.raises(ConflictError, match="answered already"):
            await querying.take_back(actor, asked)
