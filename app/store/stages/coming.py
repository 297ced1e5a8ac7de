"""The schools that come into a year: applied, enrolled, or proposed to move there; and what each still lacks."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.reaching import At
from app.models.hubs import Programme
from app.models.meetings import GroupSchool, WorkGroup
from app.models.schools import HubSchool, School
from app.models.stages import Agreement, Approach, Enrolment, StageMove

_Wanted = Select[uuid.UUID, str, bool, Any]  # what says that a school comes, the kind, whether it signed, the URN
OPEN_STATES = ("applied", "agreed", "active")


@dataclass(frozen=True, slots=True)
class Row:
    """A school that comes: `source` is applied, enrolled or proposed, and `key` the id of what says so."""

    source: str
    key: uuid.UUID
    kind: str
    signed: bool
    urn: int
    name: str
    town: str
    authority: str
    at: At | None
    has_calendar: bool


async def of_year(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Row]:
    """Every school that comes into this year, by name: three statements."""
    signed = (
        select(col(Agreement.id))
        .where(col(Agreement.enrolment_id) == col(Enrolment.id), col(Agreement.withdrawn_at).is_(None))
        .correlate(Enrolment)
        .exists()
    )
    enrolled: _Wanted = select(col(Enrolment.id), col(Enrolment.kind), signed, col(Enrolment.urn).label("urn")).where(
        col(Enrolment.hub_id) == hub_id, col(Enrolment.year) == year, col(Enrolment.state).in_(OPEN_STATES)
    )
    no = col(Approach.id).is_(None)
    applied: _Wanted = select(col(Approach.id), col(Approach.kind), no, col(Approach.urn).label("urn")).where(
        col(Approach.hub_id) == hub_id,
        col(Approach.year) == year,
        col(Approach.applied_on).is_not(None),
        col(Approach.declined_on).is_(None),
        col(Approach.enrolment_id).is_(None),
    )
    never = col(StageMove.id).is_(None)
    proposed: _Wanted = (
        select(col(StageMove.id), col(Programme.kind), never, col(StageMove.urn).label("urn"))
        .join(Programme, col(Programme.id) == col(StageMove.to_programme_id))
        .where(col(StageMove.hub_id) == hub_id, col(StageMove.state) == "proposed", col(Programme.year) == year)
    )
    wanted = (("enrolled", enrolled), ("applied", applied), ("proposed", proposed))
    rows = [row for source, query in wanted for row in await _rows(db, source, query, (hub_id, year))]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.urn))


async def _rows(db: AsyncSession, source: str, query: _Wanted, of: tuple[uuid.UUID, int]) -> list[Row]:
    asked = query.subquery()
    key, kind, signed, urn = asked.c
    kept = and_(
        col(HubSchool.urn) == urn,
        col(HubSchool.hub_id) == of[0],
        col(HubSchool.year) == of[1],
        col(HubSchool.calendar_id).is_not(None),
    )
    found = await db.execute(
        select(
            key,
            kind,
            signed,
            col(School.urn),
            col(School.name),
            col(School.town),
            col(School.la_name),
            col(School.easting),
            col(School.northing),
            col(HubSchool.id).is_not(None),
        )
        .select_from(asked)
        .join(School, col(School.urn) == urn)
        .outerjoin(HubSchool, kept)
    )
    return [
        Row(
            source=source,
            key=found_key,
            kind=found_kind,
            signed=has_signed,
            urn=number,
            name=name,
            town=town,
            authority=authority,
            at=None if east is None or north is None else (east, north),
            has_calendar=calendar,
        )
        for found_key, found_kind, has_signed, number, name, town, authority, east, north, calendar in found.all()
    ]


async def groups(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[tuple[int, str], tuple[uuid.UUID, str]]:
    """The Work Group of a school in each kind of programme of the year: (URN, kind) to its id and code."""
    found = await db.execute(
        select(col(GroupSchool.urn), col(Programme.kind), col(WorkGroup.id), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.id) == col(GroupSchool.group_id))
        .join(Programme, col(Programme.id) == col(WorkGroup.programme_id))
        .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.year) == year)
        .order_by(func.lower(col(WorkGroup.code)).desc())
    )
    return {(urn, kind): (group_id, code) for urn, kind, group_id, code in found.all()}


async def put_in_group(db: AsyncSession, programme_id: uuid.UUID, group_id: uuid.UUID, urns: Collection[int]) -> None:
    """What these schools are enrolled in, in this programme, names this Work Group, where it names none."""
    await db.execute(
        update(Enrolment)
        .where(
            col(Enrolment.programme_id) == programme_id,
            col(Enrolment.urn).in_(urns),
            col(Enrolment.group_id).is_(None),
            col(Enrolment.state).in_(OPEN_STATES),
        )
        .values(group_id=group_id, version=col(Enrolment.version) + 1)
    )
