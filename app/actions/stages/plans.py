"""What is done to a school's action plan: written, drafted from visits, agreed by the head; actions done, dropped."""

import uuid
from collections.abc import Collection, Sequence

from app.actions.access import Actor
from app.actions.stages.barriers import planned_with
from app.domain.access import Can, Target
from app.domain.stages import plans as rules
from app.domain.stages.plans import ActionChange, NextStep
from app.kit.errors import BadInputError, ConflictError, NotFoundError, StaleError
from app.kit.ids import new_id
from app.kit.periods import spoken_year
from app.models.stages import ActionPlan, PlanAction
from app.store.schools import reading
from app.store.stages import journey, plans

CHANGED = "Someone changed this while you had it open. Load the page again and make your change once more."
Task = tuple[uuid.UUID, str]


async def write_aims(actor: Actor, at: tuple[int, int], version: int, aims: str) -> bool:
    """Write a plan's aims; `at` is (URN, year). The first begins the plan. Returns whether it must be agreed again.

    Raises NotFoundError, ForbiddenError, StaleError.
    """
    plan, school = await _plan(actor, at)
    if plan.aims and plan.version != version:
        raise StaleError(CHANGED)
    changed = plan.aims != aims
    plan.aims = aims
    again = _changed(plan) if changed else False
    await actor.db.flush()
    await _noted(actor, "Wrote", plan, school)
    return again


async def add_action(actor: Actor, at: tuple[int, int], new: ActionChange) -> bool:
    """Add an action; returns whether the plan must be agreed again. Raises NotFoundError, ForbiddenError."""
    plan, school = await _plan(actor, at)
    await plans.add_action(actor.db, _action(actor, plan, new))
    again = _changed(plan)
    await actor.db.flush()
    await _noted(actor, "Added an action to", plan, school)
    return again


async def take_up(actor: Actor, at: tuple[int, int], chosen: Sequence[NextStep]) -> int:
    """Next steps of visits become actions; what was taken up already is passed over. Returns how many were new.

    Whoever calls this has read them out of records that the actor may read. Raises NotFoundError, ForbiddenError.
    """
    plan, school = await _plan(actor, at)
    made = 0
    for one in chosen:
        new = PlanAction(
            hub_id=plan.hub_id,
            plan_id=plan.id,
            area=one.item,
            what=one.what[: rules.LONGEST_WHAT],
            event_id=one.event_id,
            item=one.item,
            made_at=actor.now,
        )
        made += await plans.add_action(actor.db, new)
    if made:
        _changed(plan)
        await actor.db.flush()
        await _noted(actor, "Drafted", plan, school, actions=made)
    return made


async def change_action(actor: Actor, action_id: uuid.UUID, version: int, new: ActionChange) -> bool:
    """Write an action; returns whether the plan must be agreed again.

    Raises NotFoundError, ForbiddenError, StaleError.
    """
    plan, action, school = await _held(actor, action_id, version)
    action.area, action.what, action.due = new.area, new.what, new.due
    action.owner_id, action.owner = new.owner.person_id, new.owner.part
    action.version += 1
    again = _changed(plan)
    await actor.db.flush()
    await _noted(actor, "Changed an action of", plan, school, action=str(action_id))
    return again


async def finish(actor: Actor, action_id: uuid.UUID, version: int, evidence: str) -> None:
    """An action is done, and what shows it. What was agreed stays agreed.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError when it is not open.
    """
    plan, action, school = await _held(actor, action_id, version)
    _close(action, "done", evidence)
    action.done_at = actor.now
    await actor.db.flush()
    await _noted(actor, "Finished an action of", plan, school, action=str(action_id))


async def drop(actor: Actor, action_id: uuid.UUID, version: int, because: str) -> bool:
    """An action is dropped, and why; returns whether the plan must be agreed again. Raises as finish does."""
    plan, action, school = await _held(actor, action_id, version)
    _close(action, "dropped", because)
    again = _changed(plan)
    await actor.db.flush()
    await _noted(actor, "Dropped an action of", plan, school, action=str(action_id))
    return again


async def reopen(actor: Actor, action_id: uuid.UUID) -> bool:
    """Undo: an action that was done or dropped is open again; returns whether the plan must be agreed again.

    Raises NotFoundError, ForbiddenError, ConflictError when it is open.
    """
    plan, action, school = await _held(actor, action_id, None)
    if action.state == "open":
        raise ConflictError("This action is open.")
    again = _changed(plan) if action.state == "dropped" else False
    action.state, action.done_at, action.evidence = "open", None, ""
    action.version += 1
    await actor.db.flush()
    await _noted(actor, "Opened again an action of", plan, school, action=str(action_id))
    return again


async def hang(actor: Actor, action_id: uuid.UUID, chosen: Collection[Task]) -> None:
    """These gap tasks hang under an action, of those whose words the actor may read; the others stay as they are.

    Raises NotFoundError, ForbiddenError.
    """
    plan, action, school = await _held(actor, action_id, None)
    seen = {
        (one.event_id, one.item) for one in await plans.tasks_of_school(actor.db, actor.member, plan.urn, plan.year)
    }
    await plans.set_tasks(actor.db, action, seen, [one for one in chosen if one in seen])
    await _noted(actor, "Sorted gap tasks of", plan, school, action=str(action_id))


async def agree(actor: Actor, at: tuple[int, int], version: int) -> None:
    """The head agrees the plan as it was on the page.

    Raises NotFoundError, ForbiddenError, StaleError when it has changed since, BadInputError while it is empty.
    """
    urn, year = at
    school = await journey.known(actor.db, actor.member, urn)
    plan = await plans.locked(actor.db, actor.member, urn, year)
    if school is None or plan is None:
        raise NotFoundError
    actor.require(Can.AGREE_PLAN, Target(actor.member.hub_id, urns=frozenset({urn})))
    if plan.version != version:
        raise StaleError("The plan changed while you had it open. Read it again, then agree it.")
    actions = await plans.actions(actor.db, plan.id)
    if wrong := rules.may_agree(plan.aims, [one.row for one in actions]):
        raise BadInputError(wrong.because, (wrong,))
    if plan.agreed_at is None:
        plan.agreed_at, plan.agreed_by = actor.now, actor.person_id
        await actor.db.flush()
        await _noted(actor, "Agreed", plan, school)


async def _plan(actor: Actor, at: tuple[int, int]) -> tuple[ActionPlan, str]:
    """The school's plan of the year, begun if need be. Raises NotFoundError for a year the hub does not have."""
    urn, year = at
    school = await planned_with(actor, urn)
    found = await plans.locked(actor.db, actor.member, urn, year)
    if found is None:
        if year not in await reading.years(actor.db, actor.member.hub_id):
            raise NotFoundError
        new = ActionPlan(id=new_id(), hub_id=actor.member.hub_id, urn=urn, year=year, made_at=actor.now)
        await plans.begin(actor.db, new)
        found = await plans.locked(actor.db, actor.member, urn, year)
    if found is None:
        raise NotFoundError
    return found, school


async def _held(actor: Actor, action_id: uuid.UUID, version: int | None) -> tuple[ActionPlan, PlanAction, str]:
    """An action with its plan, both held for a change."""
    found = await plans.of_action(actor.db, actor.member, action_id)
    if found is None:
        raise NotFoundError
    seen, _ = found
    school = await planned_with(actor, seen.row.urn)
    plan = await plans.locked(actor.db, actor.member, seen.row.urn, seen.row.year)
    if plan is None:
        raise NotFoundError
    action = await plans.locked_action(actor.db, action_id)
    if version is not None and action.version != version:
        raise StaleError(CHANGED)
    return plan, action, school


def _close(action: PlanAction, state: str, evidence: str) -> None:
    if action.state != "open":
        raise ConflictError("This action is closed already. Open it again first, if that was too early.")
    action.state, action.evidence = state, evidence
    action.version += 1


def _changed(plan: ActionPlan) -> bool:
    """What was agreed has changed: it must be agreed again. Returns whether it was agreed."""
    was = plan.agreed_at is not None
    plan.agreed_at = plan.agreed_by = None
    plan.version += 1
    return was


def _action(actor: Actor, plan: ActionPlan, new: ActionChange) -> PlanAction:
    return PlanAction(
        hub_id=plan.hub_id,
        plan_id=plan.id,
        area=new.area,
        what=new.what,
        owner_id=new.owner.person_id,
        owner=new.owner.part,
        due=new.due,
        made_at=actor.now,
    )


async def _noted(actor: Actor, did: str, plan: ActionPlan, school: str, **facts: object) -> None:
    about = f"the action plan of {school} for {spoken_year(plan.year)}"
    await actor.record(did, about, urn=plan.urn, plan=str(plan.id), **facts)
