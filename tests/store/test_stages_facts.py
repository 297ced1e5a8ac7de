"""What the gate asks of the database, held against the rows themselves, and how many statements that takes."""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.stages.facts import Facts
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Attendance, Event
from app.models.notes import Evidence, NoteVersion
from app.models.people import Person
from app.models.stages import Agreement, Barrier, CriteriaSet, Enrolment
from app.store.database import Database
from app.store.stages import facts, gate
from tests import makers
from tests.makers import NOW, YEAR, Team

TODAY = date(2027, 3, 1)
SAID = ("present", "part", "absent", "stand_in", "")


@dataclass
class Told:
    """What was written, row by row, for a slow reading."""

    evidence: list[Evidence] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)


async def an_enrolment(db: AsyncSession, team: Team, urn: int, *, named: bool = True) -> Enrolment:
    one = Enrolment(
        hub_id=team.group.hub_id,
        urn=urn,
        programme_id=team.group.programme_id,
        year=YEAR,
        kind="readiness",
        state="active",
        group_id=team.group.id if named else None,
    )
    db.add(one)
    await db.flush()
    return one


async def a_visit(db: AsyncSession, team: Team, urn: int, day: date, status: str) -> Event:
    hub = await db.get_one(Hub, team.group.hub_id)
    visitor = await makers.a_person(db, hub, Role.READINESS_LEAD)
    columns = {"kind": "visit", "status": status, "urn": urn, "group_id": None, "slot_key": f"v{makers.number()}"}
    return await makers.a_meeting(db, Team(team.group, visitor, team.schools), day, **columns)


async def versions(db: AsyncSession, one: Event, urn: int, chance: random.Random, told: Told) -> None:
    """Up to three versions of a record; the last stands, unless it was withdrawn."""
    count, withdrawn = chance.randrange(4), chance.random() < 0.2
    if not count:
        return
    await makers.a_record(db, one, await db.get_one(Person, one.lead_id))
    version_id = (await db.execute(select(col(NoteVersion.id)).where(col(NoteVersion.event_id) == one.id))).scalar_one()
    for n in range(count):
        gone = None if n == count - 1 and not withdrawn else NOW
        kind = "met" if one.kind == "meeting" else "visited"
        shows: list[tuple[str, str, dict[str, str]]] = [(kind, "", {})]
        if kind == "visited":
            areas = chance.sample(["vision", "systems", "mindsets"], chance.randrange(4))
            shows += [("reviewed", area, _stands(chance)) for area in areas]
        for what, key, held in shows:
            row = Evidence(
                hub_id=one.hub_id,
                event_id=one.id,
                version_id=version_id,
                urn=urn,
                kind=what,
                key=key,
                facts=held,
                day=one.day,
                made_at=NOW,
                superseded_at=gone,
            )
            told.evidence.append(row)
            db.add(row)
    await db.flush()


def _stands(chance: random.Random) -> dict[str, str]:
    level = chance.choice(["focusing", "developing", "establishing", "enhancing", "", "thriving"])
    return {"stands": level} if level else {}


async def test_a_random_history_is_gathered_as_its_rows_say(database: Database) -> None:
    chance, told = random.Random(20), Told()  # noqa: S311 -- the same history every time
    async with database.transaction() as db:
        hub = await makers.a_hub(db)
        team = await makers.a_group(db, hub, schools=3)
        urns = [school.urn for school in team.schools]
        enrolments = [await an_enrolment(db, team, urn, named=n > 0) for n, urn in enumerate(urns)]
        meetings = [
            await makers.a_meeting(
                db, team, date(2026, 9, 10) + timedelta(days=40 * n), slot_key=f"m{n}", status=status
            )
            for n, status in enumerate(("held", "held", "confirmed", "cancelled", "held", "tentative"))
        ]
        visits = []
        for urn in urns:
            for n, status in enumerate(("held", "cancelled", "confirmed", "held")):
                visits.append(await a_visit(db, team, urn, date(2026, 9, 15) + timedelta(days=60 * n), status))
        for one in visits:
            await versions(db, one, one.urn, chance, told)
        for one in meetings:
            await versions(db, one, urns[0], chance, told)
        for one in meetings:
            for person in team.participants:
                for n in range(chance.randrange(4)):
                    row = Attendance(
                        op_id=uuid.uuid4(),
                        hub_id=hub.id,
                        event_id=one.id,
                        person_id=person.id,
                        guest_id=person.id,
                        state=chance.choice(SAID),
                        how="grid",
                        said_at=NOW + timedelta(minutes=chance.choice([0, n])),
                        at=NOW,
                    )
                    db.add(row)
                    await db.flush()
                    told.attendance.append(row)
        gathered = await facts.of(db, hub.id, enrolments, TODAY)
        for_a_list = await facts.of(db, hub.id, enrolments, TODAY, superseded=False)
    assert for_a_list == {key: without_superseded(one) for key, one in gathered.items()}
    for enrolment, person in zip(enrolments, team.participants, strict=True):
        mine = gathered[enrolment.id]
        own_visits = [one for one in visits if one.urn == enrolment.urn]
        slowly(mine, told, enrolment.urn, (own_visits, meetings))
        assert {one.id: (one.came, one.replaced) for one in mine.people} == {
            person.id: (came(told, person.id, "present", "part"), came(told, person.id, "stand_in"))
        }
        assert mine.ends == makers.HALF_TERMS[5][1]


def without_superseded(one: Facts) -> Facts:
    visits, meetings = (tuple(half._replace(earlier=()) for half in halves) for halves in (one.visits, one.meetings))
    return replace(one, visits=visits, meetings=meetings, seen=tuple(seen for seen in one.seen if seen.stands))


def slowly(mine: Facts, told: Told, urn: int, events: tuple[list[Event], list[Event]]) -> None:
    """The same read row by row."""
    for halves, every in zip((mine.visits, mine.meetings), events, strict=True):
        assert [half.id for half in halves] == [one.id for one in every if one.status != "cancelled"]
        for half in halves:
            own = [row for row in told.evidence if row.event_id == half.id and row.urn == urn and not row.key]
            assert half.shown == any(row.superseded_at is None for row in own)
            assert set(half.earlier) == {row.id for row in own if row.superseded_at}
    found = [row for row in told.evidence if row.urn == urn and row.kind == "reviewed"]
    gone = {row.id for row in found if row.superseded_at}
    assert {one.id for one in mine.seen if not one.stands} == gone
    levels = {"focusing", "developing", "establishing", "enhancing"}
    newest: dict[str, Evidence] = {}
    for row in sorted(found, key=lambda row: (row.day, row.id)):
        if not row.superseded_at and row.day <= TODAY and row.facts.get("stands") in levels:
            newest[row.key] = row
    assert {one.area: one.id for one in mine.seen if one.stands} == {area: row.id for area, row in newest.items()}


def came(told: Told, person: uuid.UUID, *states: str) -> frozenset[uuid.UUID]:
    """Meetings of which the last that was said of the person is one of these."""
    last: dict[uuid.UUID, Attendance] = {}
    for row in sorted(told.attendance, key=lambda row: (row.said_at, row.number)):
        if row.guest_id == person:
            last[row.event_id] = row
    return frozenset(key for key, row in last.items() if row.state in states)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_many_schools_take_as_many_statements_as_one_and_a_snapshot_keeps_what_ships(database: Database) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db)
        team = await makers.a_group(db, hub, schools=6)
        every = [await an_enrolment(db, team, school.urn) for school in team.schools]
        with statements(database) as few:
            await gate.verdicts(db, hub.id, every[:1], NOW)
        with statements(database) as many:
            judged = await gate.verdicts(db, hub.id, every, NOW)
        assert len(few) == len(many) == 13
        assert {one.criteria_id for one in judged.values()} == {None}
        criteria_id, kept = await gate.snapshot(db, hub.id, every[0], NOW)
        again, _ = await gate.snapshot(db, hub.id, every[1], NOW)
        stored = await db.get_one(CriteriaSet, criteria_id)
        assert again == criteria_id
        assert (stored.kind, stored.version, stored.published_at) == ("readiness", 1, NOW)
        assert kept["verdicts"]
        assert not kept["all_met"]


async def test_barriers_and_agreements_count_from_the_day_they_began_to_the_day_they_ended(database: Database) -> None:
    async with database.transaction() as db:
        hub = await makers.a_hub(db)
        team = await makers.a_group(db, hub, schools=1)
        one = await an_enrolment(db, team, team.schools[0].urn)
        shared: dict[str, Any] = {
            "hub_id": hub.id,
            "urn": one.urn,
            "lever": "schedules",
            "due": TODAY,
            "weight": "high",
        }
        closed = Barrier(**shared, made_at=datetime(2026, 9, 30, 23, 30, tzinfo=UTC), closed_at=NOW, state="done")
        db.add_all([closed, Barrier(**shared, made_at=NOW, state="dropped")])
        signed: dict[str, Any] = {"hub_id": hub.id, "enrolment_id": one.id, "name": "H", "part": "Head", "how": "paper"}
        pdf: dict[str, Any] = {"signed_at": NOW, "digest": b"", "pdf": b""}
        db.add(Agreement(id=new_id(), **signed, **pdf, signed_on=date(2026, 9, 1), withdrawn_at=NOW))
        await db.flush()
        mine = (await facts.of(db, hub.id, [one], TODAY))[one.id]
    assert [(each.since, each.until) for each in mine.barriers if each.id == closed.id] == [
        (date(2026, 10, 1), NOW.date())
    ]
    assert all(each.until for each in mine.barriers)
    assert [(each.day, each.until) for each in mine.agreements] == [(date(2026, 9, 1), NOW.date())]
