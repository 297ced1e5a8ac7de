"""The ladder of a 500-school hub at the end of a full year, server time and statements, beside that of 7 schools.

python -m bench.ladder [ROUNDS]. Each school has six visits, six meetings, two lead participants with their attendance,
the five areas in each visit's record, corrections of every tenth record, barriers, reviews, a plan and an agreement.
"""

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.domain.notes.defaults_visit import AREAS, STANDS
from app.kit.ids import new_id
from app.kit.periods import london
from app.main import create_app
from app.models.meetings import Attendance, Event, GroupSchool, Participant, WorkGroup
from app.models.notes import Evidence, Note, NoteVersion
from app.models.people import Account, Person
from app.models.schools import HubSchool, School
from app.models.stages import ActionPlan, Agreement, Barrier, ConditionReview, Enrolment
from app.settings import read_settings
from app.store import people
from app.store.database import Database
from app.store.notes import forms
from tests.databases import app_address, cluster
from tests.makers import HALF_TERMS, MORNINGS, YEAR, a_calendar, a_hub, a_person, a_programme, number

NOW = datetime(2027, 7, 5, 10, 0, tzinfo=UTC)
PER_GROUP, WANTED = 7, 300
Rows = dict[Any, list[dict[str, Any]]]


def _event(kind: str, half_term: int, more: dict[str, Any]) -> dict[str, Any]:
    first, last = HALF_TERMS[half_term]
    day = first + (last - first) // 2 + timedelta(days=number() % 9)
    return {
        "id": new_id(),
        "year": YEAR,
        "slot_key": f"{kind}/{number()}",
        "kind": kind,
        "status": "held",
        "half_term": half_term,
        "day": day,
        "slot": "am",
        "starts_at": london(day, clock(9, 15)),
        "ends_at": london(day, clock(12)),
        "uid": f"{uuid.uuid4()}@bench.example",
        "changed_at": NOW,
        **more,
    }


def _record(
    rows: Rows, made: dict[str, Any], form_id: uuid.UUID, shows: list[tuple[int, str, str, dict[str, str]]]
) -> None:
    """The record of an event with what it shows; every tenth was corrected once."""
    hub_id, lead = made["hub_id"], made["lead_id"]
    rows[Note].append(
        {"event_id": made["id"], "hub_id": hub_id, "form_id": form_id, "rev": 1, "state": "agreed"}
        | {"began_at": NOW, "changed_at": NOW}
    )
    for version in (1, 2) if number() % 10 == 0 else (2,):
        version_id, gone = new_id(), NOW if version == 1 else None
        rows[NoteVersion].append(
            {"id": version_id, "hub_id": hub_id, "event_id": made["id"], "number": version, "rev": 1, "content": []}
            | {"submitted_at": NOW, "submitted_by": lead, "superseded_at": gone}
        )
        rows[Evidence].extend(
            {"id": new_id(), "hub_id": hub_id, "event_id": made["id"], "version_id": version_id, "urn": urn}
            | {"kind": kind, "key": key, "facts": facts, "day": made["day"], "made_at": NOW, "superseded_at": gone}
            for urn, kind, key, facts in shows
        )


def _group(rows: Rows, shared: dict[str, Any], programme_id: uuid.UUID, lead: uuid.UUID) -> uuid.UUID:
    group_id = new_id()
    rows[WorkGroup].append(
        {"id": group_id, "year": YEAR, "code": f"NCP26-{number()}", "programme_id": programme_id, "leader_id": lead}
        | shared
    )
    return group_id


def _school(
    rows: Rows, shared: dict[str, Any], group_id: uuid.UUID, calendar_id: uuid.UUID
) -> tuple[int, list[uuid.UUID]]:
    """A school in a Work Group with two lead participants: (URN, the participants)."""
    urn = 700000 + number()
    rows[School].append({"urn": urn, "name": f"School {urn}", "la_code": 908, "town": "Fernhill", "status": "Open"})
    rows[HubSchool].append(
        {"id": new_id(), "year": YEAR, "urn": urn, "calendar_id": calendar_id, "maths": MORNINGS} | shared
    )
    rows[GroupSchool].append({"group_id": group_id, "urn": urn} | shared)
    takers = []
    for _ in range(2):
        account, person = new_id(), new_id()
        email = f"teacher{number()}@bench.example"
        rows[Account].append({"id": account, "email": email, "created_at": NOW})
        rows[Person].append({"id": person, "account_id": account, "name": f"P {number()}", "email": email} | shared)
        rows[Participant].append({"group_id": group_id, "person_id": person, "urn": urn, "role": "teacher"} | shared)
        takers.append(person)
    return urn, takers


def _year(
    rows: Rows, shared: dict[str, Any], form_id: uuid.UUID, lead: uuid.UUID, found: list[tuple[int, list[uuid.UUID]]]
) -> None:
    """All that happened to the schools of one Work Group."""
    group_id = rows[WorkGroup][-1]["id"]
    for k in range(6):
        met = _event("meeting", k, {"urn": found[0][0], "group_id": group_id, "lead_id": lead} | shared)
        rows[Event].append(met)
        _record(rows, met, form_id, [(urn, "met", "", {}) for urn, _ in found])
        for urn, takers in found:
            rows[Attendance].extend(
                {"op_id": new_id(), "event_id": met["id"], "person_id": taker, "guest_id": taker, "how": "grid"}
                | {"state": "absent" if number() % 9 == 0 else "present", "said_at": NOW, "at": NOW}
                | shared
                for taker in takers
            )
            visit = _event("visit", k, {"urn": urn, "group_id": None, "lead_id": lead} | shared)
            rows[Event].append(visit)
            areas = [(urn, "reviewed", area.key, {"stands": STANDS[number() % 4].key}) for area in AREAS]
            _record(rows, visit, form_id, [(urn, "visited", "", {}), *areas])


def _kept(rows: Rows, shared: dict[str, Any], programme_id: uuid.UUID, group_id: uuid.UUID, urn: int) -> None:
    enrolment, whose = new_id(), {"urn": urn, **shared}
    rows[Enrolment].append(
        {"id": enrolment, "programme_id": programme_id, "year": YEAR, "kind": "readiness", "state": "active"}
        | {"group_id": group_id}
        | whose
    )
    rows[Agreement].append(
        {"id": new_id(), "enrolment_id": enrolment, "name": "A Head", "part": "Headteacher", "how": "page"}
        | {"signed_on": date(2026, 9, 7), "signed_at": NOW, "digest": b"", "pdf": b""}
        | shared
    )
    rows[ActionPlan].append({"id": new_id(), "year": YEAR, "made_at": NOW, "agreed_at": NOW} | whose)
    for _ in range(2):
        rows[ConditionReview].append({"id": new_id(), "day": date(2027, 2, 1), "made_at": NOW} | whose)
        closed = NOW if number() % 3 else None
        rows[Barrier].append(
            {"id": new_id(), "lever": "schedules", "weight": "high", "due": date(2027, 7, 12), "made_at": NOW}
            | {"state": "done" if closed else "open", "closed_at": closed}
            | whose
        )


ORDER = (School, HubSchool, Account, Person, WorkGroup, GroupSchool, Participant, Event, Attendance, Note, NoteVersion)


async def a_hub_of(database: Database, groups: int) -> tuple[str, str]:
    """A hub with this many Work Groups of seven schools after a full year: (its code, a lead's session cookie)."""
    async with database.transaction() as db:
        hub = await a_hub(db)
        lead = await a_person(db, hub, Role.HUB_LEAD)
        programme = await a_programme(db, hub, "readiness", name="Mastery Readiness")
        calendar = await a_calendar(db, hub)
        form_id, _ = await forms.begin_with(db, hub.id, "visit", 1, NOW)
        shared = {"hub_id": hub.id}
        rows: Rows = {
            table: [] for table in (*ORDER, Evidence, Enrolment, Agreement, ActionPlan, ConditionReview, Barrier)
        }
        for _ in range(groups):
            group_id = _group(rows, shared, programme.id, lead.id)
            found = [_school(rows, shared, group_id, calendar.id) for _ in range(PER_GROUP)]
            _year(rows, shared, form_id, lead.id, found)
            for urn, _takers in found:
                _kept(rows, shared, programme.id, group_id, urn)
        for table, made in rows.items():
            await _insert(db, table, made)
        cookie = await people.new_session(db, lead.account_id, NOW, "bench")
    return hub.code, cookie


async def _insert(db: AsyncSession, table: Any, made: list[dict[str, Any]]) -> None:
    for first in range(0, len(made), 2000):
        await db.execute(insert(table), made[first : first + 2000])


async def measured(app: FastAPI, address: str, cookie: str, rounds: int) -> tuple[list[float], float, int, int]:
    """(milliseconds of each round, the least that the program itself worked, statements of one, bytes)."""
    counted: list[str] = []
    engine = app.state.world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    transport = httpx.ASGITransport(app=app)
    taken, own = [], []
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies={"halfterm": cookie}) as web:
        for _ in range(rounds + 2):
            counted.clear()
            began, worked = time.perf_counter(), time.process_time()
            answer = await web.get(address)
            taken.append((time.perf_counter() - began) * 1000)
            own.append((time.process_time() - worked) * 1000)
            assert answer.status_code == 200
    return taken[2:], min(own[2:]), len(counted), len(answer.content)


async def run(owner: str, rounds: int) -> None:
    app = create_app(read_settings(mode="test", now=NOW), app_address(owner), with_worker=False)
    async with app.router.lifespan_context(app):  # as a server that has started
        heads = f"{'min ms':>7} {'median ms':>9} {'p95 ms':>7} {'program ms':>10} {'kB':>5}"
        print(f"{'schools':>7} {'what':>10} {'statements':>10} {heads}")
        medians = {}
        for groups in (1, 72):
            database: Database = app.state.world.database
            code, cookie = await a_hub_of(database, groups)
            with psycopg.connect(owner, autocommit=True) as db:
                db.execute("VACUUM ANALYZE")  # as a database that has run for a while
            for what, tail in (("page", ""), ("by verdict", "?verdict=missing&sort=met"), ("CSV", "?format=csv")):
                taken, own, statements, size = await measured(app, f"/hubs/{code}/ladder{tail}", cookie, rounds)
                median, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
                medians[groups, what] = median
                shown = f"{min(taken):7.0f} {median:9.0f} {late:7.0f} {own:10.0f} {size // 1024:5}"
                print(f"{groups * PER_GROUP:7} {what:>10} {statements:10} {shown}")
        worst = max(medians[72, "page"], medians[72, "by verdict"])
        ratio = medians[72, "page"] / medians[1, "page"]
        print(f"504 schools take {ratio:.1f} times as long as 7; slower page's median {worst:.0f} ms, wanted {WANTED}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as made, made.fresh() as owner:
        asyncio.run(run(owner, rounds))


if __name__ == "__main__":
    main()
