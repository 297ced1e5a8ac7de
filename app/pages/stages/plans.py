"""A school's action plan for a year: aims, actions with owner, day and evidence, gap tasks beneath."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.stages.barriers import is_overdue
from app.domain.stages.plans import AREA_NAMES, STATES, may_agree, told
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import Empty
from app.pages.stages.now import may_at
from app.pages.trail import history_of
from app.store.schools import reading
from app.store.stages import journey, plans
from app.store.stages.plans import ActionRow, PlanRow, TaskRow

CSV_HEADER = ("Area", "What", "Who", "By", "State", "What shows it", "Gap tasks")
KINDS = {"meeting": "a meeting", "visit": "a visit", "observation": "a lesson observation"}


@dataclass(frozen=True, slots=True)
class TaskTold:
    """A gap task under an action; its words only for whoever may read its record."""

    says: str
    what: str
    tried: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action. Empty addresses for those who may only look."""

    id: uuid.UUID
    what: str
    area: str
    owner: str
    due: str
    due_day: date | None
    late: bool
    state_key: str
    state: str
    evidence: str
    from_record: str
    tasks: tuple[TaskTold, ...]
    href: str


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The school's plan in another year."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plan. `agreed` says who agreed it and when, else what waits; empty addresses for those who may only look."""

    template: ClassVar[str] = "stages/plan.html"
    home: str
    school_href: str
    journey_href: str
    name: str
    year: str
    aims: str
    counted: str
    agreed: str
    is_agreed: bool
    actions: tuple[ActionLine, ...]
    empty: Empty
    others: tuple[YearPlan, ...]
    edit_href: str
    draft_href: str
    add_href: str
    agree_href: str
    csv_href: str
    history: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action of a plan."""

    template: ClassVar[str] = "stages/plan_action.html"
    home: str
    name: str
    year: str
    plan_href: str
    school_href: str
    action: ActionLine
    edit_href: str
    done_href: str
    drop_href: str
    reopen_href: str
    tasks_href: str


async def load(db: AsyncSession, member: Member, urn: int, year: int, now: datetime) -> PlanPage:
    """The plan: at most six statements. Raises NotFoundError for a year that the hub does not have."""
    name = await journey.known(db, member, urn)
    if name is None or year not in await reading.years(db, member.hub_id):
        raise NotFoundError
    found = await plans.of_year(db, member, urn, year)
    rows = await plans.actions(db, found.row.id) if found else []
    tasks = await plans.tasks_under(db, member, [one.row.id for one in rows]) if rows else []
    here = f"/hubs/{member.hub_code}/schools/{urn}"
    own = f"{here}/plan/{year}"
    writes, aims = may_at(member, Can.PLAN_SCHOOL, urn), found.row.aims if found else ""
    waits = found is not None and found.row.agreed_at is None and may_agree(aims, [one.row for one in rows]) is None
    return PlanPage(
        home=f"/hubs/{member.hub_code}",
        school_href=here,
        journey_href=f"{here}/journey",
        name=name,
        year=spoken_year(year),
        aims=aims,
        counted=told(aims, [one.row for one in rows]),
        agreed=_agreed(found, waits=waits),
        is_agreed=found is not None and found.row.agreed_at is not None,
        actions=_lines(member, rows, tasks, in_london(now).date()),
        empty=_empty(own, writes=writes),
        others=tuple(
            YearPlan(spoken_year(one), f"{here}/plan/{one}")
            for one in await plans.years(db, member, urn)
            if one != year
        ),
        edit_href=f"{own}/edit" if writes else "",
        draft_href=f"{own}/draft" if writes else "",
        add_href=f"{own}/add" if writes else "",
        agree_href=f"{own}/agree" if waits and may_at(member, Can.AGREE_PLAN, urn) else "",
        csv_href=f"{own}?format=csv",
        history=history_of(member, "school", urn),
    )


async def load_action(db: AsyncSession, member: Member, action_id: uuid.UUID, now: datetime) -> ActionPage:
    """One action: two statements. Raises NotFoundError."""
    found = await plans.of_action(db, member, action_id)
    if found is None:
        raise NotFoundError
    plan, action = found
    tasks = await plans.tasks_under(db, member, [action_id])
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/actions/{action_id}"
    writes, opened = may_at(member, Can.PLAN_SCHOOL, plan.row.urn), action.row.state == "open"
    return ActionPage(
        home=home,
        name=plan.school,
        year=spoken_year(plan.row.year),
        plan_href=f"{home}/schools/{plan.row.urn}/plan/{plan.row.year}",
        school_href=f"{home}/schools/{plan.row.urn}",
        action=_lines(member, [action], tasks, in_london(now).date())[0],
        edit_href=f"{here}/edit" if writes and opened else "",
        done_href=f"{here}/done" if writes and opened else "",
        drop_href=f"{here}/drop" if writes and opened else "",
        reopen_href=f"{here}/open-again" if writes and not opened else "",
        tasks_href=f"{here}/tasks" if writes else "",
    )


def csv_row(line: ActionLine) -> tuple[object, ...]:
    """An action under `CSV_HEADER`."""
    return (line.area, line.what, line.owner, line.due_day, line.state, line.evidence, len(line.tasks))


def _agreed(found: PlanRow | None, *, waits: bool) -> str:
    if found is None:
        return ""
    if found.row.agreed_at:
        day = spoken_date(in_london(found.row.agreed_at).date())
        return f"By {found.agreed_by or 'the head'}, {day}. A change of aims or actions asks them to agree again."
    return "It waits for the head to agree it." if waits else "The head agrees it once it has aims and an action."


def _empty(own: str, *, writes: bool) -> Empty:
    says = "The year's aims and actions will be here, each action with who does it, by when, and what shows it."
    return Empty(says, "Draft it from what visits agreed as next steps", f"{own}/draft") if writes else Empty(says)


def _lines(member: Member, rows: Sequence[ActionRow], tasks: Sequence[TaskRow], today: date) -> tuple[ActionLine, ...]:
    under: dict[uuid.UUID | None, list[TaskTold]] = {}
    for one in tasks:
        under.setdefault(one.action_id, []).append(_task(one))
    home = f"/hubs/{member.hub_code}"
    return tuple(
        ActionLine(
            id=one.row.id,
            what=one.row.what,
            area=AREA_NAMES.get(one.row.area, ""),
            owner=one.owner,
            due=spoken_date(one.row.due) if one.row.due else "",
            due_day=one.row.due,
            late=is_overdue(one.row.state, one.row.due, today),
            state_key=one.row.state,
            state=STATES[one.row.state],
            evidence=one.row.evidence,
            from_record=f"{home}/events/{one.row.event_id}" if one.row.event_id else "",
            tasks=tuple(under.get(one.row.id, ())),
            href=f"{home}/actions/{one.row.id}",
        )
        for one in rows
    )


def _task(one: TaskRow) -> TaskTold:
    """Without its words it is still told that there is one, and whether it was tried."""
    tried = "tried" if one.tried else "not tried yet"
    source = f"from {KINDS[one.kind]} on {spoken_date(one.day)}"
    if not one.open_to:
        return TaskTold(f"A gap task {source}; its words are for those who may read that record", "", tried)
    due = f", by {spoken_date(one.due)}" if one.due else ""
    return TaskTold(f"{one.who or 'Somebody'}, {source}{due}", one.what, tried)
