"""Groups of a coming year on their way: proposed, moved by hand, undone, set aside (docs/rules/forming.md)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.schedule.facts import in_words
from app.domain.schedule.forming import read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_moves import Moves, Option
from app.domain.schedule.forming_plan import Formation, formation_json
from app.domain.stages.forming_facts import names, problem, told
from app.domain.stages.forming_groups import Groups, Step
from app.domain.stages.forming_pins import NONE, Pins
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import spoken_year
from app.models.schedule import Forming
from app.store import jobs
from app.store.stages import forming_facts, formings

STALE = "Someone changed these groups while you had them open. Load the page again and make your change once more."
BROKE_A_RULE = "The groups broke a rule when they were checked, so they were not kept. Propose groups again."


async def propose(actor: Actor, year: int, pins: Pins = NONE, *, in_background: bool = True) -> uuid.UUID:
    """Have groups formed of whoever comes into a year. Raises ForbiddenError, BadInputError when facts are lacking."""
    actor.require(Can.PLAN)
    facts = await forming_facts.of_year(actor.db, actor.member, year)
    made = problem(facts, pins)
    forming = await formings.add(
        actor.db,
        Forming(
            hub_id=actor.member.hub_id,
            year=year,
            status="waiting",
            problem=made,
            names=names(facts),
            told=told(facts, made),
            made_by_id=actor.person_id,
            made_at=actor.now,
        ),
    )
    await actor.record("Proposed", f"Work Groups for {spoken_year(year)}", forming=str(forming.id))
    if in_background:
        await jobs.defer_solving(actor.db, "form_groups", forming.hub_id, forming_id=str(forming.id))
    return forming.id


async def begin(db: AsyncSession, hub_id: uuid.UUID, forming_id: uuid.UUID) -> dict[str, Any] | None:
    """Take a waiting one up: its problem; None when it was set aside or done meanwhile."""
    forming = await formings.held(db, hub_id, forming_id)
    if forming is None or forming.status not in {"waiting", "solving"}:
        return None
    forming.status = "solving"
    return forming.problem


async def finish(db: AsyncSession, of: tuple[uuid.UUID, uuid.UUID], found: Formation, now: datetime) -> None:
    """Keep what the solver found (`of`: hub and forming), if the judge has nothing against it."""
    forming = await formings.held(db, *of)
    if forming is None or forming.status != "solving":
        return
    forming.finished_at = now
    forming.version += 1
    if found.status == "infeasible":
        forming.status = "impossible"
        forming.because = [in_words(sentence, forming.names) for sentence in found.because]
        return
    forming.plan = formation_json(found)
    fine = judge_groups(read_forming(forming.problem), found).fine
    forming.status = "ready" if fine else "failed"
    forming.because = [] if fine else [BROKE_A_RULE]


async def fail(db: AsyncSession, of: tuple[uuid.UUID, uuid.UUID], because: str, now: datetime) -> None:
    """Note that forming broke off (`of`: hub and forming)."""
    forming = await formings.held(db, *of)
    if forming is not None and forming.status in {"waiting", "solving"}:
        forming.status, forming.because, forming.finished_at = "failed", [because], now


async def move(actor: Actor, forming_id: uuid.UUID, version: int, step: Step) -> str:
    """Move a school to another group, or exchange it for another school; what happened in words.

    Raises ForbiddenError, NotFoundError, StaleError, BadInputError for no such move, ConflictError for a forbidden one.
    """
    forming = await ready(actor, forming_id, version)
    groups = Groups(forming.problem, forming.names, forming.plan).after(forming.steps)
    option = _chosen(groups, step)
    if not option.allowed:
        raise ConflictError(" ".join(groups.said(because) for because in option.forbids))
    _keep(forming, groups.after([step.as_json()]), [*forming.steps, step.as_json()])
    school = groups.names.get(step.school, step.school)
    where = groups.names[step.group] if step.group else "those that wait"
    about = f"{school} to {where}"
    if step.other:
        about += f" in exchange for {groups.names.get(step.other, step.other)}"
    await actor.record("Moved", about, forming=str(forming.id))
    return about


def _chosen(groups: Groups, step: Step) -> Option:
    moves = Moves(groups.forming, groups.now)
    every = moves.exchanges(step.school) if step.other else moves.of(step.school)
    here = moves.where[step.school]
    for option in every:
        if (option.group, option.other) == (step.group, step.other) and (step.other or step.group != here):
            return option
    because = "Choose another group for this school, or a school to exchange it for."
    raise BadInputError(because, (Fault("group", because),))


async def undo(actor: Actor, forming_id: uuid.UUID, version: int) -> str:
    """Take the last move by hand back; the school's name. Raises as `move` does, ConflictError when none is left."""
    forming = await ready(actor, forming_id, version)
    if not forming.steps:
        raise ConflictError("No move by hand is left to take back.")
    steps = list(forming.steps)
    last = steps.pop()
    groups = Groups(forming.problem, forming.names, forming.plan).after(steps)
    _keep(forming, groups, steps)
    school = groups.names.get(str(last["school"]), "the school")
    await actor.record("Undone", f"a move of {school}", forming=str(forming.id))
    return school


def _keep(forming: Forming, groups: Groups, steps: list[dict[str, Any]]) -> None:
    forming.steps = steps
    forming.moved = formation_json(groups.now) if steps else None
    forming.version += 1


async def set_aside(actor: Actor, forming_id: uuid.UUID) -> int:
    """Drop groups on their way; their year. Raises ForbiddenError, NotFoundError, ConflictError when used."""
    actor.require(Can.PLAN)
    forming = await formings.held(actor.db, actor.member.hub_id, forming_id)
    if forming is None:
        raise NotFoundError
    if forming.status == "used":
        raise ConflictError("Work Groups were made of these. Change them on their own pages.")
    if forming.status != "set aside":
        forming.status, forming.finished_at = "set aside", forming.finished_at or actor.now
        forming.version += 1
        await actor.record("Set aside", f"Work Groups for {spoken_year(forming.year)}", forming=str(forming.id))
    return forming.year


async def ready(actor: Actor, forming_id: uuid.UUID, version: int | None = None) -> Forming:
    """The groups, locked, when they can be moved and used.

    Raises ForbiddenError, NotFoundError, ConflictError when they are not ready, StaleError for an older version.
    """
    actor.require(Can.PLAN)
    forming = await formings.held(actor.db, actor.member.hub_id, forming_id)
    if forming is None:
        raise NotFoundError
    if forming.status == "used":
        raise ConflictError("Work Groups were made of these already. Change them on their own pages.")
    if forming.status != "ready":
        raise ConflictError("There are no groups here to change. Propose groups again.")
    if version is not None and forming.version != version:
        raise StaleError(STALE)
    return forming
