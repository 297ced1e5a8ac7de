"""A school that closes: one task with its successor, and nothing moves before somebody says so."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.actions.imports.outcome import File, How
from app.actions.imports.schools import import_school_links, import_schools
from app.domain.access import Role
from app.models.funding import Adjustment, LedgerLine, Statement
from app.models.meetings import Event, GroupSchool, Participant, VisitSeries
from app.models.people import RoleHeld
from app.models.schools import HubSchool, School
from app.models.stages import Barrier, Enrolment, SchoolChange, StageStep
from app.store.database import Database
from app.store.feeds import event_changed
from app.store.stages import entitlement, facts
from tests.files import a_csv, a_gias_file, a_gias_row
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_school, a_visit_series
from tests.routers.desks import Desk

LINK_HEADINGS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")


class Office(Desk):
    """A hub with a school that is visited, enrolled and has a head, and an academy that will continue it."""

    team: Team
    old: School
    heir: School
    visit: Event
    held: Event

    async def begin(self, folder: Path) -> "Office":
        await self.open()
        self.folder = folder
        async with self.database.transaction(self.hub.id) as db:
            self.team = await a_group(db, self.hub, code="NCP26-77")
            self.old, self.heir = self.team.schools[0], await a_school(db, name="Fernhill Academy")
            series = await a_visit_series(db, self.team)
            visit: dict[str, Any] = {"kind": "visit", "group_id": None, "series_id": series.id}
            self.held = await a_meeting(db, self.team, date(2026, 9, 24), status="held", slot_key="V/0", **visit)
            self.visit = await a_meeting(db, self.team, date(2026, 12, 3), slot_key="V/1", **visit)
            await a_person(db, self.hub, Role.HEADTEACHER, head_of=self.old.urn, base_urn=self.old.urn)
            at: dict[str, Any] = {"hub_id": self.hub.id, "urn": self.old.urn}
            enrolled: dict[str, Any] = {
                "programme_id": self.team.group.programme_id,
                "year": YEAR,
                "kind": "development",
            }
            db.add(Enrolment(**at, **enrolled, state="active"))
            db.add(Barrier(**at, lever="schedules", what="No time", owner="Head", due=date(2027, 1, 8), made_at=NOW))
            await event_changed(db, [self.visit.id, self.held.id], NOW)
        return self

    async def take_in(self, *, closed: bool = True, dry_run: bool = False) -> None:
        """The Department's file, which names this school alone."""
        how: dict[str, Any] = (
            {"EstablishmentStatus (code)": 2, "EstablishmentStatus (name)": "Closed"} if closed else {}
        )
        row = a_gias_row(self.old.urn, EstablishmentName=self.old.name, **how)
        await self._import(import_schools, a_gias_file(row), How(dry_run, now=NOW))

    async def link(self, kind: str = "Successor") -> None:
        """The links file, in one of its two ways to say it."""
        pair: dict[str, Any] = {"URN": self.old.urn, "LinkURN": self.heir.urn}
        if kind.startswith("Predecessor"):
            pair = {"URN": self.heir.urn, "LinkURN": self.old.urn}
        await self._import(import_school_links, a_csv(LINK_HEADINGS, {**pair, "LinkType": kind}), How(now=NOW))

    async def _import(self, taking: Any, content: bytes, how: How) -> None:
        path = self.folder / "gias.csv"
        path.write_bytes(content)
        async with self.database.transaction() as db:
            await taking(db, File(path, path.name), how)

    async def changes(self) -> list[SchoolChange]:
        return await self.rows(SchoolChange)

    async def urns(self, of: type[Any], *where: Any) -> list[int]:
        found: Sequence[Any] = await self.rows(of, *where)
        return sorted(one.urn for one in found)


@pytest.fixture
async def office(database: Database, client: httpx.AsyncClient, tmp_path: Path) -> Office:
    return await Office(database, client).begin(tmp_path)


async def test_a_school_that_closes_is_one_task_and_moves_only_when_somebody_says_so(office: Office) -> None:
    old, heir = office.old.urn, office.heir.urn
    await office.take_in(dry_run=True)
    assert not await office.changes()
    await office.link("Predecessor - amalgamated")
    [task] = await office.changes()
    assert (task.kind, task.successor_urn, task.state) == ("replaced", heir, "open")
    await office.take_in()
    await office.take_in()
    [task] = await office.changes()
    assert (task.urn, task.kind, task.successor_urn) == (old, "closed", heir)
    assert "1 school is gone by the national register" in await office.get("")
    assert office.old.name in await office.get("/register")
    page = await office.get(f"/register/{task.id}")
    for said in ("1 date ahead", "1 enrolment that is not completed", "1 open barrier", "1 headteacher"):
        assert said in page
    assert await office.urns(Event, col(Event.id) == office.visit.id) == [old]
    before = office.visit.sequence
    answer = await office.post(f"/register/{task.id}/move", to=str(heir), version=str(task.version))
    assert answer.status_code == 303, answer.text
    [visit] = await office.rows(Event, col(Event.id) == office.visit.id)
    assert (visit.urn, visit.sequence) == (heir, before + 1)
    assert await office.urns(Event, col(Event.id) == office.held.id) == [old]
    assert await office.urns(Enrolment) == [heir]
    assert await office.urns(Barrier) == [heir]
    assert await office.urns(VisitSeries) == [heir]
    assert await office.urns(RoleHeld, col(RoleHeld.urn).is_not(None)) == [heir]
    assert heir in await office.urns(GroupSchool)
    assert old not in await office.urns(Participant)
    kept = {one.urn: one for one in await office.rows(HubSchool, col(HubSchool.year) == YEAR)}
    assert (kept[heir].hosts, kept[heir].calendar_id, kept[old].hosts) == (True, kept[old].calendar_id, False)
    [step] = await office.rows(StageStep)
    assert (step.what, step.urn) == ("succeeded", old)
    [task] = await office.changes()
    assert (task.state, task.moved["dates"], task.moved["enrolments"]) == ("moved", 1, 1)
    assert "Moved to Fernhill Academy" in await office.get(f"/register/{task.id}")
    async with office.database.transaction(office.hub.id) as db:
        assert (await entitlement.of_year(db, office.hub.id, YEAR, NOW))[heir].held == 1
        [enrolled] = (await db.execute(select(Enrolment))).scalars()
        seen = (await facts.of(db, office.hub.id, [enrolled], NOW.date()))[enrolled.id]
        assert [half.day for half in seen.visits] == [office.held.day, office.visit.day]
    await office.take_in()
    await office.link()
    assert len(await office.changes()) == 1


async def test_what_both_have_is_told_first_and_merged(office: Office) -> None:
    await office.take_in()
    [task] = await office.changes()
    assert task.successor_urn is None
    other = office.team.schools[1]
    async with office.database.transaction(office.hub.id) as db:
        enrolled: dict[str, Any] = {"programme_id": office.team.group.programme_id, "year": YEAR, "kind": "development"}
        db.add(Enrolment(hub_id=office.hub.id, urn=other.urn, state="active", **enrolled))
        head = await a_person(db, office.hub, Role.HEADTEACHER, head_of=other.urn)
        db.add(VisitSeries(**{**(await a_row_of(office)), "urn": other.urn}))
    page = await office.get(f"/register/{task.id}?to={other.urn}")
    for said in ("has a place in NCP26-77 already", "recorded as withdrawn", head.name, "Cancel what is too much"):
        assert said in page
    refused = await office.post(f"/register/{task.id}/move", to="123", version=str(task.version))
    assert (refused.status_code, "No school has the URN 123" in refused.text) == (422, True)
    done = await office.post(f"/register/{task.id}/move", to=str(other.urn), version=str(task.version))
    assert done.status_code == 303, done.text
    assert await office.urns(GroupSchool) == [other.urn]
    states = {(one.urn, one.state) for one in await office.rows(Enrolment)}
    assert states == {(office.old.urn, "withdrawn"), (other.urn, "active")}
    assert await office.urns(RoleHeld, col(RoleHeld.urn).is_not(None)) == sorted([office.old.urn, other.urn])
    assert await office.urns(Event, col(Event.id) == office.visit.id) == [other.urn]
    assert (await office.post(f"/register/{task.id}/keep", because="x", version="9")).status_code == 409


async def a_row_of(office: Office) -> dict[str, Any]:
    [series] = await office.rows(VisitSeries)
    kept = series.model_dump(exclude={"id"})
    return dict(kept)


async def test_keeping_needs_a_because_and_only_the_same_cause_stays_settled(office: Office) -> None:
    async with office.database.transaction() as db:
        elsewhere = await a_hub(db)
        await a_group(db, elsewhere)
    await office.link()
    [task] = await office.changes()
    here = f"/register/{task.id}/keep"
    assert (await office.post(here, because=" ", version=str(task.version))).status_code == 422
    kept = await office.post(here, because="It closes in July.", version=str(task.version))
    assert kept.status_code == 303, kept.text
    await office.link()
    assert [one.state for one in await office.changes()] == ["kept"]
    await office.take_in()
    assert sorted(one.state for one in await office.changes()) == ["kept", "open"]
    assert await office.urns(Event, col(Event.id) == office.visit.id) == [office.old.urn]
    async with office.database.transaction(elsewhere.id) as db:
        assert not (await db.execute(select(SchoolChange))).scalars().all()


async def test_an_open_claim_is_told_and_only_what_nobody_agreed_goes_to_the_successor(office: Office) -> None:
    at: dict[str, Any] = {"hub_id": office.hub.id, "urn": office.old.urn, "year": YEAR}
    async with office.database.transaction(office.hub.id) as db:
        statement = Statement(**at, first=NOW.date(), last=NOW.date(), reference="S1", opened_at=NOW)
        db.add(statement)
        db.add(Adjustment(**at, why="other", day=NOW.date(), pence=900, because="As said.", made_at=NOW))
        await db.flush()
        earned: dict[str, Any] = {"key": "a", "payee": "participant", "rate": "release", "day": NOW.date()}
        units = {"quantity": 1, "of": 1, "rate_pence": 900, "pence": 900}
        line = {"hub_id": office.hub.id, "urn": office.old.urn, "statement_id": statement.id}
        db.add(LedgerLine(**line, **earned, **units))
    await office.link()
    [task] = await office.changes()
    page = await office.get(f"/register/{task.id}")
    assert "1 open statement" in page
    assert "1 adjustment to be agreed" in page
    assert await office.urns(Adjustment) == [office.old.urn]
    done = await office.post(f"/register/{task.id}/move", to=str(office.heir.urn), version=str(task.version))
    assert done.status_code == 303, done.text
    assert await office.urns(Adjustment) == [office.heir.urn]
    assert await office.urns(LedgerLine) == [office.old.urn]
    assert (await office.changes())[0].moved["adjustments"] == 1
