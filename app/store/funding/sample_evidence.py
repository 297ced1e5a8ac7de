"""The evidence of sampled lines as it may be shown: who came, what was held, what was signed. Never a note's words."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.funding.evidence import read
from app.models.funding import Evaluation, Travel
from app.models.hubs import Programme
from app.models.meetings import Attendance, Event, WorkGroup
from app.models.people import Person
from app.models.schools import School, SchoolLink
from app.models.stages import Agreement, Enrolment

HEADERS: dict[str, tuple[str, ...]] = {
    "attendance": (
        "event",
        "day",
        "person",
        "school_urn",
        "state",
        "minutes",
        "reason_given",
        "said_at",
        "entered_at",
        "how",
        "entered_by",
    ),
    "event": ("event", "kind", "status", "day", "starts", "ends", "online", "school_urn", "school", "group", "led_by"),
    "agreement": ("agreement", "school_urn", "programme", "year", "signed_as", "part", "how", "signed_on", "sha256"),
    "enrolment": ("enrolment", "school_urn", "programme", "year", "state", "began", "completed", "withdrew"),
    "evaluation": ("enrolment", "school_urn", "programme", "year", "returned_on", "entered_at", "entered_by"),
    "travel": ("event", "day", "person", "metres", "entered_at", "entered_by"),
    "link": ("urn", "other_urn", "how", "since"),
}
Rows = dict[tuple[str, ...], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows under HEADERS by kind of evidence, each under the ids that name it."""

    of: Mapping[str, Rows] = field(default_factory=dict)

    def rows(self, names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
        """What these names lead to, by kind; an event stands beside who came to it and who drove there."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        events: list[tuple[str, ...]] = []
        for one in filter(None, map(read, dict.fromkeys(names))):
            if one.kind in {"attendance", "event", "travel"}:
                events.append(one.ids[:1])
            if one.kind != "event":
                found.setdefault(one.kind, []).extend(self.of.get(one.kind, {}).get(one.ids, ()))
        for ids in dict.fromkeys(events):
            found.setdefault("event", []).extend(self.of.get("event", {}).get(ids, ()))
        return {kind: found[kind] for kind in HEADERS if found.get(kind)}


async def of(db: AsyncSession, hub_id: uuid.UUID, names: Iterable[str]) -> Evidence:
    """All that these evidence ids lead to within the hub: at most seven statements."""
    ids: dict[str, set[tuple[str, ...]]] = {}
    for one in filter(None, map(read, names)):
        ids.setdefault(one.kind, set()).add(one.ids)
        if one.kind in {"attendance", "travel"}:
            ids.setdefault("event", set()).add(one.ids[:1])
    found: dict[str, Rows] = {}
    for kind, wanted in ids.items():
        asked = _ASKED[kind](hub_id, wanted)
        rows: Rows = {}
        for row in (await db.execute(asked)).all():
            width = _WIDTH.get(kind, 1)
            rows.setdefault(tuple(str(one) for one in row[:width]), []).append(tuple(row[width:]))
        found[kind] = rows
    return Evidence(found)


def _uuids(wanted: Collection[tuple[str, ...]]) -> list[uuid.UUID]:
    """The ids that are any; what was brought from elsewhere may call itself what it likes."""
    found = []
    for ids in sorted(wanted):
        try:
            found.append(uuid.UUID(ids[0]))
        except ValueError:
            continue
    return found


def _pairs(wanted: Collection[tuple[str, ...]]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    found = []
    for ids in sorted(wanted):
        try:
            found.append((uuid.UUID(ids[0]), uuid.UUID(ids[1])))
        except (ValueError, IndexError):
            continue
    return found


_BY = aliased(Person)


def _attendance(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    """All that was said of these guests; of an absence only whether a reason was given."""
    key = tuple_(col(Attendance.event_id), col(Attendance.guest_id))
    return (
        select(
            col(Attendance.event_id),
            col(Attendance.guest_id),
            col(Attendance.event_id),
            col(Event.day),
            func.coalesce(func.nullif(col(Attendance.name), ""), col(Person.name), ""),
            col(Attendance.urn),
            col(Attendance.state),
            col(Attendance.minutes),
            col(Attendance.excused) | (col(Attendance.because) != ""),
            col(Attendance.said_at),
            col(Attendance.at),
            col(Attendance.how),
            func.coalesce(col(_BY.name), ""),
        )
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .outerjoin(Person, col(Person.id) == col(Attendance.person_id))
        .outerjoin(_BY, col(_BY.id) == col(Attendance.by_id))
        .where(col(Attendance.hub_id) == hub_id, key.in_(_pairs(wanted)))
        .order_by(col(Attendance.number))
    )


def _event(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Event.id),
            col(Event.id),
            col(Event.kind),
            col(Event.status),
            col(Event.day),
            col(Event.starts_at),
            col(Event.ends_at),
            col(Event.online),
            col(Event.urn),
            col(School.name),
            func.coalesce(col(WorkGroup.code), ""),
            func.coalesce(col(Person.name), ""),
        )
        .outerjoin(School, col(School.urn) == col(Event.urn))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Event.group_id))
        .outerjoin(Person, col(Person.id) == col(Event.lead_id))
        .where(col(Event.hub_id) == hub_id, col(Event.id).in_(_uuids(wanted)))
        .order_by(col(Event.day), col(Event.id))
    )


def _agreement(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Agreement.id),
            col(Agreement.id),
            col(Enrolment.urn),
            col(Programme.name),
            col(Enrolment.year),
            col(Agreement.name),
            col(Agreement.part),
            col(Agreement.how),
            col(Agreement.signed_on),
            func.encode(col(Agreement.digest), "hex"),
        )
        .join(Enrolment, col(Enrolment.id) == col(Agreement.enrolment_id))
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .where(col(Agreement.hub_id) == hub_id, col(Agreement.id).in_(_uuids(wanted)))
        .order_by(col(Agreement.signed_on), col(Agreement.id))
    )


def _enrolment(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Enrolment.id),
            col(Enrolment.id),
            col(Enrolment.urn),
            col(Programme.name),
            col(Enrolment.year),
            col(Enrolment.state),
            col(Enrolment.began_on),
            col(Enrolment.completed_on),
            col(Enrolment.withdrawn_on),
        )
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .where(col(Enrolment.hub_id) == hub_id, col(Enrolment.id).in_(_uuids(wanted)))
        .order_by(col(Enrolment.id))
    )


def _evaluation(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Evaluation.enrolment_id),
            col(Evaluation.enrolment_id),
            col(Enrolment.urn),
            col(Programme.name),
            col(Enrolment.year),
            col(Evaluation.returned_on),
            col(Evaluation.made_at),
            func.coalesce(col(Person.name), ""),
        )
        .join(Enrolment, col(Enrolment.id) == col(Evaluation.enrolment_id))
        .join(Programme, col(Programme.id) == col(Enrolment.programme_id))
        .outerjoin(Person, col(Person.id) == col(Evaluation.by_id))
        .where(col(Evaluation.hub_id) == hub_id, col(Evaluation.enrolment_id).in_(_uuids(wanted)))
        .order_by(col(Evaluation.enrolment_id))
    )


def _travel(hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    key = tuple_(col(Travel.event_id), col(Travel.person_id))
    return (
        select(
            col(Travel.event_id),
            col(Travel.person_id),
            col(Travel.event_id),
            col(Event.day),
            func.coalesce(col(Person.name), ""),
            col(Travel.metres),
            col(Travel.made_at),
            func.coalesce(col(_BY.name), ""),
        )
        .join(Event, col(Event.id) == col(Travel.event_id))
        .outerjoin(Person, col(Person.id) == col(Travel.person_id))
        .outerjoin(_BY, col(_BY.id) == col(Travel.by_id))
        .where(col(Travel.hub_id) == hub_id, key.in_(_pairs(wanted)))
        .order_by(col(Event.day), col(Travel.event_id), col(Travel.person_id))
    )


def _link(_hub_id: uuid.UUID, wanted: Collection[tuple[str, ...]]) -> Select[*tuple[Any, ...]]:
    """The register's links are public, of no hub."""
    urns = [int(ids[0]) for ids in sorted(wanted) if len(ids) == 2 and all(one.isdigit() for one in ids)]
    link = SchoolLink
    return (
        select(col(link.urn), col(link.other_urn), col(link.urn), col(link.other_urn), col(link.kind), col(link.since))
        .where(col(link.urn).in_(urns))
        .order_by(col(link.urn), col(link.other_urn), col(link.kind))
    )


_ASKED = {
    "attendance": _attendance,
    "event": _event,
    "agreement": _agreement,
    "enrolment": _enrolment,
    "evaluation": _evaluation,
    "travel": _travel,
    "link": _link,
}
_WIDTH = {"attendance": 2, "travel": 2, "link": 2}  # how many ids name one; else 1


async def agreement_pdf(db: AsyncSession, hub_id: uuid.UUID, agreement_id: uuid.UUID) -> bytes:
    """The agreement as it was signed: one statement, one PDF at a time."""
    found = await db.execute(
        select(col(Agreement.pdf)).where(col(Agreement.hub_id) == hub_id, col(Agreement.id) == agreement_id)
    )
    return found.scalar_one_or_none() or b""
