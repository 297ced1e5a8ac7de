"""What a hub's grant year will have been if all goes as planned: what happened, and the plan's dates as if they had.

For the budget alone; what is foreseen bears an id that begins with `plan/`. How far somebody will drive is not
foreseen.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.evidence import named, planned
from app.domain.funding.facts import Attended, Completed, EvaluationReturned, Fact, Released, Signed
from app.domain.funding.happened import frees_somebody
from app.kit.periods import in_london, year_span
from app.models.hubs import Programme
from app.models.meetings import Attendance, Booking, Event, GroupSchool, Invitation, Participant, WorkGroup
from app.models.stages import Enrolment
from app.store.funding import facts
from app.store.stages.facts_asked import rows_of


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> tuple[Fact, ...]:
    """Facts so far, and beside them what is expected: ten statements."""
    happened = await facts.of_year(db, hub_id, year, now)
    ahead = (col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.status).in_(("tentative", "confirmed")))
    found = [*await _coming(db, hub_id, year, ahead)]
    led = [facts.fact_of_event(row) for row in await rows_of(db, facts.led(ahead))]
    found += [replace(fact, id=planned(fact.id)) for fact in led]
    last = max((fact.day for fact in [*happened, *found]), default=year_span(year).last)
    schools = await _taking_part(db, hub_id, year)
    today = max(in_london(now).date(), year_span(year).first)
    return (*happened, *found, *_papers(schools, happened, today, max(last, today)))


async def _coming(db: AsyncSession, hub_id: uuid.UUID, year: int, ahead: tuple[ColumnElement[bool], ...]) -> list[Fact]:
    """Everybody who is expected at dates ahead, and at meetings that were held where nothing was said yet."""
    stands_in = select(col(Invitation.id)).where(
        col(Invitation.event_id) == col(Booking.event_id), col(Invitation.stand_in_id) == col(Booking.person_id)
    )
    nothing_said = ~select(col(Attendance.op_id)).where(col(Attendance.event_id) == col(Event.id)).exists()
    held = (col(Event.hub_id) == hub_id, col(Event.year) == year, col(Event.status) == "held", nothing_said)
    asked = (
        select(
            col(Event.id),
            col(Booking.person_id),
            func.coalesce(col(Booking.urn), col(Participant.urn), 0),
            col(Event.day),
            col(Event.starts_at),
            col(Event.ends_at),
            col(Event.online),
            facts.CODE,
            facts.GROUP_CODE,
        )
        .select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .outerjoin(
            Participant,
            and_(
                col(Participant.group_id) == col(Event.group_id), col(Participant.person_id) == col(Booking.person_id)
            ),
        )
    )
    coming = col(Booking.part) == "comes", col(Booking.expected), col(Event.kind) == "meeting", ~stands_in.exists()
    rows = await rows_of(db, facts.with_programme(asked).where(*coming, or_(and_(*ahead), and_(*held))))
    return [fact for row in rows for fact in _guest(row)]


def _guest(row: Any) -> Iterator[Fact]:
    event, guest, urn, day, starts, ends, online, code, group = row
    common = {
        "id": planned(named("attendance", event, guest)),
        "day": day,
        "urn": urn,
        "programme": code,
        "group": group,
        "event": str(event),
        "person": str(guest),
    }
    yield Attended(**common, length=(ends - starts) // timedelta(minutes=1), online=online)
    if not online and frees_somebody(starts):
        yield Released(**common)


async def _taking_part(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[tuple[int, str, str]]:
    """Schools with the programme and Work Group they are in: enrolled and not withdrawn, or a group's member."""
    enrolled = facts.enrolments(col(Enrolment.state)).where(
        col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year
    )
    members = (
        select(col(GroupSchool.group_id), col(GroupSchool.urn), facts.CODE, facts.GROUP_CODE)
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
    )
    rows = await rows_of(db, enrolled)
    stay = [(urn, code, group) for _, urn, code, group, state in rows if state != "withdrawn"]
    gone = {(row[1], row[2]) for row in rows} - {(urn, code) for urn, code, _ in stay}
    known = {(urn, code): group for urn, code, group in stay}
    for _, urn, code, group in await rows_of(db, members):
        if (urn, code) not in gone:
            known[urn, code] = known.get((urn, code)) or group
    return [(urn, code, group) for (urn, code), group in sorted(known.items())]


def _papers(
    schools: Iterable[tuple[int, str, str]], happened: Iterable[Fact], today: date, last: date
) -> Iterator[Fact]:
    """Agreements as if signed today; evaluations and completions as if they came with the last date of the plan."""
    done = {(type(fact), fact.urn, fact.programme) for fact in happened}
    for urn, code, group in schools:
        common: dict[str, Any] = {"urn": urn, "programme": code, "group": group}
        for kind, name, day in (
            (Signed, "agreement", today),
            (EvaluationReturned, "evaluation", last),
            (Completed, "enrolment", last),
        ):
            if (kind, urn, code) not in done:
                yield kind(id=planned(named(name, code or "programme", urn)), day=day, **common)
