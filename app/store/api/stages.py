"""Enrolments, moves and the steps of schools' journeys, as the API tells them."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.domain.stages.ladder import stage_of
from app.models.hubs import Programme
from app.models.meetings import WorkGroup
from app.models.schools import HubSchool, School
from app.models.stages import Enrolment, StageMove
from app.store import visible
from app.store.api.shelf import Asked, Order, Row, Slice, names, narrowed, part
from app.store.stages import steps

ENROLMENTS = {
    "id": lambda key: col(Enrolment.id) == key,
    "year": lambda year: col(Enrolment.year) == year,
    "school": lambda urn: col(Enrolment.urn) == urn,
    "state": lambda state: col(Enrolment.state) == state,
    "kind": lambda kind: col(Enrolment.kind) == kind,
}
MOVES = {
    "id": lambda key: col(StageMove.id) == key,
    "school": lambda urn: col(StageMove.urn) == urn,
    "state": lambda state: col(StageMove.state) == state,
}
DAYS = ("applied_on", "agreed_on", "began_on", "completed_on", "withdrawn_on")


async def enrolments(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Schools in programmes, of the schools whose journey this member may see: four statements."""
    query = narrowed(visible.enrolments(member), asked, ENROLMENTS)
    rows, following = await part(db, query, Order((col(Enrolment.id),), (uuid.UUID,)), asked)
    schools, programmes = await _schools(db, rows), await _programmes(db, {row.programme_id for row in rows})
    found = await db.execute(
        select(col(WorkGroup.id), col(WorkGroup.code)).where(col(WorkGroup.id).in_({row.group_id for row in rows}))
    )
    groups: dict[uuid.UUID | None, Row] = {row[0]: {"id": row[0], "code": row[1]} for row in found.all()}
    return Slice(
        [
            row.model_dump(include={"id", "year", "kind", "state", "because", "version", *DAYS})
            | {
                "stage": stage_of(row.kind).value,
                "school": schools[row.urn],
                "programme": programmes[row.programme_id],
                "group": groups.get(row.group_id),
            }
            for row in rows
        ],
        following,
    )


async def moves(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """Moves of the schools whose journey this member may see, with their evidence: four statements."""
    query = select(StageMove).where(
        col(StageMove.hub_id) == member.hub_id, visible.at_schools(member, Can.SEE_STAGES, col(StageMove.urn))
    )
    rows, following = await part(db, narrowed(query, asked, MOVES), Order((col(StageMove.id),), (uuid.UUID,)), asked)
    schools, programmes = await _schools(db, rows), await _programmes(db, {row.to_programme_id for row in rows})
    people = await names(db, {one for row in rows for one in (row.proposed_by, row.settled_by, row.reversed_by)})
    return Slice(
        [
            row.model_dump(exclude={"hub_id", "urn", "to_programme_id", "were", "snapshot", "agreed_snapshot"})
            | {
                "school": schools[row.urn],
                "to_programme": programmes[row.to_programme_id],
                "evidence": row.snapshot.get("verdicts", []),
                "agreed_evidence": (row.agreed_snapshot or {}).get("verdicts"),
                "proposed_by": people.get(row.proposed_by),
                "settled_by": people.get(row.settled_by),
                "reversed_by": people.get(row.reversed_by),
            }
            for row in rows
        ],
        following,
    )


async def journey(db: AsyncSession, member: Member, urn: int) -> Row | None:
    """A school's enrolments and steps, the earliest first; None for one that the member may not see."""
    school = await db.get(School, urn)
    known = await db.execute(
        select(col(HubSchool.id)).where(
            col(HubSchool.hub_id) == member.hub_id,
            col(HubSchool.urn) == urn,
            visible.at_schools(member, Can.SEE_STAGES, col(HubSchool.urn)),
        )
    )
    is_known = known.first() is not None
    found = await enrolments(db, member, Asked(limit=1000, only={"school": urn}))
    taken = await steps.of_school(db, member, urn)
    if school is None or not (is_known or found.items or taken):
        return None
    return {
        "urn": urn,
        "name": school.name,
        "enrolments": sorted(found.items, key=lambda one: (one["year"], one["id"])),
        "steps": [
            one.row.model_dump(include={"id", "what", "day", "at", "because", "enrolment_id", "move_id"})
            | {
                "by": {"id": one.row.by_id, "name": one.by} if one.row.by_id else None,
                "evidence": one.row.snapshot.get("verdicts", []),
            }
            for one in taken
        ],
    }


async def _schools(db: AsyncSession, rows: Any) -> dict[int, Row]:
    urns = {row.urn for row in rows}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    return {row[0]: {"urn": row[0], "name": row[1]} for row in found.all()}


async def _programmes(db: AsyncSession, ids: set[uuid.UUID]) -> dict[uuid.UUID, Row]:
    found = await db.execute(select(Programme).where(col(Programme.id).in_(ids)))
    return {one.id: {"id": one.id, "kind": one.kind, "name": one.name, "year": one.year} for one in found.scalars()}
