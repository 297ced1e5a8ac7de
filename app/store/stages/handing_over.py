"""Open barriers, actions and gap tasks that somebody holds, what others are at schools, and the giving."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import String, and_, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.stages.barriers import takes_part_as_head
from app.domain.stages.handing_over import Gives, Held, Ties
from app.models.meetings import Participant, WorkGroup
from app.models.notes import GapTask
from app.models.people import Person, RoleHeld
from app.models.schools import School
from app.models.stages import ActionPlan, Barrier, PlanAction


async def held(db: AsyncSession, person_id: uuid.UUID, led: Collection[uuid.UUID]) -> tuple[Held, ...]:
    """What this person holds by school, but for gap tasks of Work Groups that they lead: three statements."""
    barriers = select(col(Barrier.urn), cast(col(Barrier.id), String)).where(
        col(Barrier.owner_id) == person_id, col(Barrier.state) == "open"
    )
    actions = (
        select(col(ActionPlan.urn), cast(col(PlanAction.id), String))
        .join(ActionPlan, col(ActionPlan.id) == col(PlanAction.plan_id))
        .where(col(PlanAction.owner_id) == person_id, col(PlanAction.state) == "open")
    )
    own = select(col(Person.base_urn)).where(col(Person.id) == person_id).scalar_subquery()
    tasks = (
        select(
            func.coalesce(col(Participant.urn), own, 0),
            cast(col(GapTask.event_id), String) + "/" + col(GapTask.item),
        )
        .outerjoin(
            Participant,
            and_(col(Participant.group_id) == col(GapTask.group_id), col(Participant.person_id) == person_id),
        )
        .where(
            col(GapTask.person_id) == person_id,
            ~col(GapTask.removed),
            col(GapTask.went) == "",
            or_(col(GapTask.group_id).is_(None), col(GapTask.group_id).not_in(list(led))),
        )
    )
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, query in (("barriers", barriers), ("actions", actions), ("tasks", tasks)):
        for urn, key in (await db.execute(query)).all():
            found[kind, urn].append(key)
    names = await _names(db, {urn for _, urn in found})
    return tuple(Held(kind, urn, names.get(urn, ""), tuple(sorted(ids))) for (kind, urn), ids in sorted(found.items()))


async def _names(db: AsyncSession, urns: Collection[int]) -> dict[int, str]:
    if not urns:
        return {}
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(urns)))
    return {row[0]: row[1] for row in found.all()}


async def ties(db: AsyncSession, hub_id: uuid.UUID, people: Iterable[uuid.UUID], year: int) -> dict[uuid.UUID, Ties]:
    """What each of these people is at schools, from this academic year on: three statements."""
    ids = list(people)
    if not ids:
        return {}
    heads: dict[uuid.UUID, set[int]] = defaultdict(set)
    at: dict[uuid.UUID, set[int]] = defaultdict(set)
    part: dict[uuid.UUID, str] = {}
    held_as = select(col(RoleHeld.person_id), col(RoleHeld.urn)).where(
        col(RoleHeld.hub_id) == hub_id,
        col(RoleHeld.person_id).in_(ids),
        col(RoleHeld.role) == Role.HEADTEACHER.stored,
        col(RoleHeld.urn).is_not(None),
    )
    for person_id, urn in (await db.execute(held_as)).all():
        heads[person_id].add(urn or 0)
    based = select(col(Person.id), col(Person.base_urn)).where(
        col(Person.id).in_(ids), col(Person.base_urn).is_not(None)
    )
    for person_id, urn in (await db.execute(based)).all():
        at[person_id].add(urn or 0)
    parts: Any = (
        select(col(Participant.person_id), col(Participant.urn), col(Participant.role), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(Participant.person_id).in_(ids), col(WorkGroup.year) >= year)
        .order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    for person_id, urn, role, code in (await db.execute(parts)).all():
        at[person_id].add(urn)
        if not takes_part_as_head(role):
            part.setdefault(person_id, code)
    return {one: Ties(frozenset(heads[one]), frozenset(at[one]), part.get(one, "")) for one in ids}


async def give(db: AsyncSession, gives: Iterable[Gives]) -> None:
    """These have their new owners from now on; records stay as they were written."""
    for one in gives:
        if one.held.kind == "tasks":
            for key in one.held.ids:
                event_id, _, item = key.partition("/")
                await db.execute(
                    update(GapTask)
                    .where(col(GapTask.event_id) == uuid.UUID(event_id), col(GapTask.item) == item)
                    .values(person_id=one.taker)
                )
            continue
        table = Barrier if one.held.kind == "barriers" else PlanAction
        ids = [uuid.UUID(key) for key in one.held.ids]
        values = {"owner_id": one.taker, "owner": "", "version": col(table.version) + 1}
        await db.execute(update(table).where(col(table.id).in_(ids)).values(**values))
