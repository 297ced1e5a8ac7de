"""Writes Work Groups: the group itself, its schools, its people and its visits."""

import uuid

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.meetings.groups import GroupChange, SeriesChange, TakerChange
from app.kit.errors import StaleError
from app.models.meetings import GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import RoleHeld

CHANGED = "Someone changed this Work Group while you had it open. Load the page again and make your change once more."


async def add(db: AsyncSession, hub_id: uuid.UUID, year: int, new: GroupChange) -> uuid.UUID | None:
    """A new Work Group; None when the year has one with this code."""
    if await code_taken(db, hub_id, year, new.code):
        return None
    made = WorkGroup(hub_id=hub_id, year=year, code=new.code, programme_id=new.programme_id, leader_id=new.leader_id)
    _fill(made, new)
    try:
        async with db.begin_nested():
            db.add(made)
            await db.flush()
    except IntegrityError:  # somebody else took the code at the same moment
        return None
    return made.id


async def code_taken(
    db: AsyncSession, hub_id: uuid.UUID, year: int, code: str, besides: uuid.UUID | None = None
) -> bool:
    """Whether another Work Group of the year has this code, whatever its case."""
    found = await db.execute(
        select(col(WorkGroup.id)).where(
            col(WorkGroup.hub_id) == hub_id,
            col(WorkGroup.year) == year,
            func.lower(col(WorkGroup.code)) == code.lower(),
        )
    )
    return any(one != besides for one in found.scalars())


async def change(
    db: AsyncSession, hub_id: uuid.UUID, group_id: uuid.UUID, version: int, new: GroupChange
) -> WorkGroup | None:
    """Write a Work Group; None when it is not there. Raises StaleError when the version is not the newest."""
    found = (
        await db.execute(
            select(WorkGroup)
            .where(col(WorkGroup.hub_id) == hub_id, col(WorkGroup.id) == group_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    if found is None:
        return None
    if found.version != version:
        raise StaleError(CHANGED)
    _fill(found, new)
    found.version += 1
    await db.flush()
    return found


async def remove(db: AsyncSession, group_id: uuid.UUID) -> None:
    """The Work Group goes with who is in it and with its visits."""
    await db.execute(delete(WorkGroup).where(col(WorkGroup.id) == group_id))


async def touched(db: AsyncSession, group_id: uuid.UUID) -> None:
    """Its schools or people changed: whoever has the group open must load it again."""
    await db.execute(update(WorkGroup).where(col(WorkGroup.id) == group_id).values(version=col(WorkGroup.version) + 1))


async def add_school(db: AsyncSession, hub_id: uuid.UUID, group_id: uuid.UUID, urn: int) -> bool:
    """The school joins the Work Group; False when it was in it."""
    done = await db.execute(
        insert(GroupSchool)
        .values(group_id=group_id, urn=urn, hub_id=hub_id)
        .on_conflict_do_nothing()
        .returning(col(GroupSchool.urn))
    )
    return done.first() is not None


async def has_school(db: AsyncSession, group_id: uuid.UUID, urn: int) -> bool:
    """Whether the school is a member of the Work Group."""
    return await db.get(GroupSchool, (group_id, urn)) is not None


async def remove_school(db: AsyncSession, group_id: uuid.UUID, urn: int) -> bool:
    """The school leaves the Work Group with its people and its visits; False when it was not in it."""
    await db.execute(delete(Participant).where(col(Participant.group_id) == group_id, col(Participant.urn) == urn))
    await db.execute(delete(VisitSeries).where(col(VisitSeries.group_id) == group_id, col(VisitSeries.urn) == urn))
    await db.execute(
        update(WorkGroup)
        .where(col(WorkGroup.id) == group_id, col(WorkGroup.first_host_urn) == urn)
        .values(first_host_urn=None)
    )
    done = await db.execute(
        delete(GroupSchool)
        .where(col(GroupSchool.group_id) == group_id, col(GroupSchool.urn) == urn)
        .returning(col(GroupSchool.urn))
    )
    return done.first() is not None


async def add_taker(db: AsyncSession, hub_id: uuid.UUID, group_id: uuid.UUID, new: TakerChange) -> bool:
    """A person takes part for a school, and has the role that lets them see it; False when they did already."""
    done = await db.execute(
        insert(Participant)
        .values(group_id=group_id, person_id=new.person_id, urn=new.urn, hub_id=hub_id, role=new.role)
        .on_conflict_do_nothing()
        .returning(col(Participant.person_id))
    )
    if done.first() is None:
        return False
    stored = Role.PARTICIPANT.stored
    held = select(col(RoleHeld.id)).where(col(RoleHeld.person_id) == new.person_id, col(RoleHeld.role) == stored)
    if (await db.execute(held)).first() is None:
        db.add(RoleHeld(hub_id=hub_id, person_id=new.person_id, role=stored))
        await db.flush()
    return True


async def remove_taker(db: AsyncSession, group_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """A person takes part no more; False when they did not."""
    done = await db.execute(
        delete(Participant)
        .where(col(Participant.group_id) == group_id, col(Participant.person_id) == person_id)
        .returning(col(Participant.person_id))
    )
    return done.first() is not None


async def set_series(db: AsyncSession, hub_id: uuid.UUID, at: tuple[int, int, uuid.UUID], new: SeriesChange) -> None:
    """Write the visits of a school; `at` is (year, URN, the Work Group they belong to). No half terms: none at all."""
    year, urn, group_id = at
    if not new.half_terms or new.visitor_id is None:
        await db.execute(
            delete(VisitSeries).where(
                col(VisitSeries.hub_id) == hub_id, col(VisitSeries.year) == year, col(VisitSeries.urn) == urn
            )
        )
        return
    values = {
        "group_id": group_id,
        "visitor_id": new.visitor_id,
        "half_terms": list(new.half_terms),
        "least_gap": new.least_gap,
    }
    await db.execute(
        insert(VisitSeries)
        .values(id=uuid.uuid4(), hub_id=hub_id, year=year, urn=urn, **values)
        .on_conflict_do_update(index_elements=["hub_id", "year", "urn"], set_=values)
    )


def _fill(group: WorkGroup, new: GroupChange) -> None:
    group.code = new.code
    group.name = new.name
    group.programme_id = new.programme_id
    group.leader_id = new.leader_id
    group.half_terms = list(new.half_terms)
    group.least_gap = new.least_gap
    group.weekday_cost = list(new.weekday_cost)
    group.first_host_urn = new.first_host
    group.online = new.online
    group.joining_link = new.joining_link
    group.morning_starts, group.morning_ends, group.afternoon_starts, group.afternoon_ends = new.times
