"""Action plans of schools with their actions, and the gap tasks that hang under them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member
from app.kit.ids import new_id
from app.models.meetings import Event, Participant, WorkGroup
from app.models.notes import GapTask
from app.models.people import Person
from app.models.schools import School
from app.models.stages import ActionPlan, ActionTask, PlanAction
from app.store import visible


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with its school's name and that of the head who agreed it."""

    row: ActionPlan
    school: str
    agreed_by: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its owner's name."""

    row: PlanAction
    owner: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A gap task. Its words and whose it is are there for those who may read its record, else `open_to` is False."""

    action_id: uuid.UUID | None
    event_id: uuid.UUID
    item: str
    kind: str
    day: date
    open_to: bool
    who: str
    what: str
    due: date | None
    tried: bool


def _seen(member: Member) -> Select[ActionPlan, str, str]:
    return (
        select(ActionPlan, col(School.name), func.coalesce(col(Person.name), ""))
        .join(School, col(School.urn) == col(ActionPlan.urn))
        .outerjoin(Person, col(Person.id) == col(ActionPlan.agreed_by))
        .where(
            col(ActionPlan.hub_id) == member.hub_id,
            visible.at_schools(member, Can.SEE_STAGES, col(ActionPlan.urn)),
        )
    )


async def of_year(db: AsyncSession, member: Member, urn: int, year: int) -> PlanRow | None:
    """The school's plan of this year, where the member may see it."""
    query = _seen(member).where(col(ActionPlan.urn) == urn, col(ActionPlan.year) == year)
    found = (await db.execute(query)).one_or_none()
    return PlanRow(found[0], found[1], found[2]) if found else None


async def of_action(db: AsyncSession, member: Member, action_id: uuid.UUID) -> tuple[PlanRow, ActionRow] | None:
    """An action with its plan, where the member may see it."""
    owner = aliased(Person)
    query = (
        _seen(member)
        .join(PlanAction, col(PlanAction.plan_id) == col(ActionPlan.id))
        .outerjoin(owner, col(owner.id) == col(PlanAction.owner_id))
        .where(col(PlanAction.id) == action_id)
        .add_columns(PlanAction, func.coalesce(col(owner.name), col(PlanAction.owner)))
    )
    found = (await db.execute(query)).one_or_none()
    return (PlanRow(found[0], found[1], found[2]), ActionRow(found[3], found[4])) if found else None


async def years(db: AsyncSession, member: Member, urn: int) -> list[int]:
    """The years in which the school has a plan that the member may see, the newest first: one statement."""
    query = _seen(member).where(col(ActionPlan.urn) == urn).with_only_columns(col(ActionPlan.year))
    return sorted((await db.execute(query)).scalars(), reverse=True)


async def actions(db: AsyncSession, plan_id: uuid.UUID) -> list[ActionRow]:
    """The actions of a plan, by day, those without one last: one statement."""
    found = await db.execute(
        select(PlanAction, func.coalesce(col(Person.name), col(PlanAction.owner)))
        .outerjoin(Person, col(Person.id) == col(PlanAction.owner_id))
        .where(col(PlanAction.plan_id) == plan_id)
        .order_by(col(PlanAction.due).nulls_last(), col(PlanAction.made_at), col(PlanAction.id))
    )
    return [ActionRow(row[0], row[1]) for row in found.all()]


async def locked(db: AsyncSession, member: Member, urn: int, year: int) -> ActionPlan | None:
    """The plan's row, held for a change, where the member may see it."""
    found = await db.execute(
        select(ActionPlan)
        .where(
            col(ActionPlan.hub_id) == member.hub_id,
            col(ActionPlan.urn) == urn,
            col(ActionPlan.year) == year,
            visible.at_schools(member, Can.SEE_STAGES, col(ActionPlan.urn)),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def locked_action(db: AsyncSession, action_id: uuid.UUID) -> PlanAction:
    """An action's row, held for a change; whoever asks has seen that it is theirs to change."""
    found = await db.execute(
        select(PlanAction)
        .where(col(PlanAction.id) == action_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def begin(db: AsyncSession, new: ActionPlan) -> bool:
    """Keep a new plan; False when the school has one of that year, even made at this moment."""
    done = await db.execute(
        insert(ActionPlan)
        .values(
            id=new.id,
            hub_id=new.hub_id,
            urn=new.urn,
            year=new.year,
            aims=new.aims,
            made_at=new.made_at,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["hub_id", "year", "urn"])
        .returning(col(ActionPlan.id))
    )
    return done.first() is not None


async def add_action(db: AsyncSession, new: PlanAction) -> bool:
    """Keep a new action; False when its record's item was taken up already."""
    if new.event_id is None:
        db.add(new)
        await db.flush()
        return True
    values = {name: getattr(new, name) for name in PlanAction.model_fields}
    done = await db.execute(
        insert(PlanAction).values(**{**values, "id": new_id()}).on_conflict_do_nothing().returning(col(PlanAction.id))
    )
    return done.first() is not None


async def taken_up(db: AsyncSession, hub_id: uuid.UUID, event_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, str]]:
    """Which items of these records are actions already: one statement."""
    found = await db.execute(
        select(col(PlanAction.event_id), col(PlanAction.item)).where(
            col(PlanAction.hub_id) == hub_id, col(PlanAction.event_id).in_(list(event_ids))
        )
    )
    return {(event_id, item) for event_id, item in found.all() if event_id}


def _tasks(member: Member) -> Select[Event]:
    return visible.records(member).with_only_columns(col(Event.id))


async def tasks_under(db: AsyncSession, member: Member, action_ids: Collection[uuid.UUID]) -> list[TaskRow]:
    """The gap tasks under these actions; of those whose record the member may not read, only the day: one statement."""
    readable = col(Event.id).in_(_tasks(member))
    found = await db.execute(
        select(
            col(ActionTask.action_id),
            col(GapTask.event_id),
            col(GapTask.item),
            col(Event.kind),
            col(Event.day),
            readable,
            func.coalesce(col(Person.name), ""),
            col(GapTask.what),
            col(GapTask.due),
            col(GapTask.went) != "",
        )
        .join(
            GapTask,
            (col(GapTask.event_id) == col(ActionTask.event_id)) & (col(GapTask.item) == col(ActionTask.item)),
        )
        .join(Event, col(Event.id) == col(GapTask.event_id))
        .outerjoin(Person, col(Person.id) == col(GapTask.person_id))
        .where(col(ActionTask.action_id).in_(list(action_ids)), col(GapTask.removed).is_(False))
        .order_by(col(Event.day), col(GapTask.item))
    )
    rows: list[Any] = list(found.all())
    return [_task(TaskRow(*row)) for row in rows]


def _task(row: TaskRow) -> TaskRow:
    """As much of it as the member may see."""
    if row.open_to:
        return row
    return replace(row, who="", what="", due=None)


async def tasks_of_school(db: AsyncSession, member: Member, urn: int, year: int) -> list[TaskRow]:
    """Gap tasks of the school's people out of that year's records that the member may read: one statement."""
    taking = (
        select(col(Participant.person_id))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(col(Participant.urn) == urn, col(WorkGroup.year) == year, col(WorkGroup.hub_id) == member.hub_id)
    )
    based = select(col(Person.id)).where(col(Person.hub_id) == member.hub_id, col(Person.base_urn) == urn)
    under = (
        select(col(ActionTask.action_id))
        .where(col(ActionTask.event_id) == col(GapTask.event_id), col(ActionTask.item) == col(GapTask.item))
        .limit(1)
        .scalar_subquery()
    )
    found = await db.execute(
        select(
            under,
            col(GapTask.event_id),
            col(GapTask.item),
            col(Event.kind),
            col(Event.day),
            true(),
            col(Person.name),
            col(GapTask.what),
            col(GapTask.due),
            col(GapTask.went) != "",
        )
        .join(Event, col(Event.id) == col(GapTask.event_id))
        .join(Person, col(Person.id) == col(GapTask.person_id))
        .where(
            col(Event.year) == year,
            col(Event.id).in_(_tasks(member)),
            col(GapTask.removed).is_(False),
            col(GapTask.what) != "",
            or_(col(GapTask.person_id).in_(taking), col(GapTask.person_id).in_(based)),
        )
        .order_by(func.lower(col(Person.name)), col(Event.day), col(GapTask.item))
    )
    rows: list[Any] = list(found.all())
    return [TaskRow(*row) for row in rows]


async def set_tasks(
    db: AsyncSession,
    action: PlanAction,
    seen: Collection[tuple[uuid.UUID, str]],
    chosen: Collection[tuple[uuid.UUID, str]],
) -> None:
    """Of the tasks that somebody saw, those chosen hang under the action and the others do not; unseen ones stay."""
    for event_id, item in seen:
        if (event_id, item) not in chosen:
            await db.execute(
                delete(ActionTask).where(
                    col(ActionTask.action_id) == action.id,
                    col(ActionTask.event_id) == event_id,
                    col(ActionTask.item) == item,
                )
            )
    for event_id, item in chosen:
        values = {"action_id": action.id, "event_id": event_id, "item": item, "hub_id": action.hub_id}
        await db.execute(insert(ActionTask).values(**values).on_conflict_do_nothing())


async def waiting(db: AsyncSession, member: Member, year: int) -> list[tuple[int, int]]:
    """Plans (URN, year) from this year on that wait for the member, as head, to agree them: one statement."""
    has_actions = exists().where(col(PlanAction.plan_id) == col(ActionPlan.id), col(PlanAction.state) != "dropped")
    found = await db.execute(
        select(col(ActionPlan.urn), col(ActionPlan.year))
        .where(
            col(ActionPlan.hub_id) == member.hub_id,
            col(ActionPlan.year) >= year,
            col(ActionPlan.agreed_at).is_(None),
            col(ActionPlan.aims) != "",
            visible.at_schools(member, Can.AGREE_PLAN, col(ActionPlan.urn)),
            has_actions,
        )
        .order_by(col(ActionPlan.year), col(ActionPlan.urn))
    )
    return [(row[0], row[1]) for row in found.all()]
