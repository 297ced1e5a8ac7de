"""Forms about an action plan: its aims, a draft from visits, an action, the gap tasks beneath, and its agreement."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.stages import plans as rules
from app.domain.stages.barriers import Days, Owner, ahead
from app.domain.stages.plans import AREA_NAMES, NextStep
from app.kit.errors import ConflictError, ForbiddenError, NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year, year_span
from app.kit.typed import Typed
from app.pages._parts import Choice, Confirm, Field, Form
from app.pages.stages.asking import AskFirstPage, AskPage, anybody_fields, up_to
from app.pages.stages.barrier_forms import planned_with
from app.pages.stages.now import may_at
from app.store.notes import reads
from app.store.schools import reading
from app.store.stages import journey, leaders, plans, words
from app.store.stages.plans import ActionRow, PlanRow

AREAS = (Choice("", "None of the five"), *(Choice(key, name) for key, name in AREA_NAMES.items()))
AGAIN = "The head has agreed this plan. Once it changes, they are asked to agree it again."


@dataclass(frozen=True, slots=True)
class ActionAsking:
    """A form of an action with who may be chosen and which days may be named."""

    page: AskPage
    people: tuple[uuid.UUID, ...]
    days: Days


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Next steps of the five areas out of visits' records that the viewer may read, to choose from."""

    template: ClassVar[str] = "stages/plan_draft.html"
    heading: str
    notes: tuple[str, ...]
    up: tuple[tuple[str, str], ...]
    back: str
    form: Form
    offered: tuple[NextStep, ...]


async def aims_form(db: AsyncSession, member: Member, urn: int, year: int) -> AskPage:
    """The aims of a plan. Raises NotFoundError, ForbiddenError."""
    school, plan = await _plan(db, member, urn, year)
    field = Field(
        name="aims",
        label="What does the school want to reach this year?",
        kind="textarea",
        value=plan.row.aims if plan else "",
        hint="In a few sentences that staff, the head and the hub would sign.",
    )
    own = _own(member, urn, year)
    form = Form(
        action=f"{own}/edit",
        submit="Save the aims",
        fields=(field,),
        kept=(("version", str(plan.row.version if plan else 0)),),
    )
    return AskPage(f"Aims of {school} for {spoken_year(year)}", _again(plan), _up(member, school, urn, year), own, form)


async def add_form(db: AsyncSession, member: Member, urn: int, year: int, now: datetime) -> ActionAsking:
    """An empty form of an action. Raises NotFoundError, ForbiddenError."""
    school, plan = await _plan(db, member, urn, year)
    own = _own(member, urn, year)
    people = await _people(db, member, urn, year)
    form = Form(action=f"{own}/add", submit="Add this action", fields=_fields(people, None))
    page = AskPage("Add an action", _again(plan), _up(member, school, urn, year), own, form)
    return ActionAsking(page, tuple(key for key, _ in people), ahead(in_london(now).date()))


async def edit_form(db: AsyncSession, member: Member, action_id: uuid.UUID, now: datetime) -> ActionAsking:
    """The form with what an action is. Raises NotFoundError, ForbiddenError, ConflictError for a closed one."""
    plan, action = await _action(db, member, action_id, opened=True)
    urn, year = plan.row.urn, plan.row.year
    here = f"/hubs/{member.hub_code}/actions/{action_id}"
    people = await _people(db, member, urn, year)
    if action.row.owner_id and all(key != action.row.owner_id for key, _ in people):
        people.append((action.row.owner_id, action.owner))  # who has left the school is not lost by a change of the day
    form = Form(
        action=f"{here}/edit",
        submit="Save",
        kept=(("version", str(action.row.version)),),
        fields=_fields(people, action),
    )
    page = AskPage("Change this action", _again(plan), _up(member, plan.school, urn, year), here, form)
    return ActionAsking(page, tuple(key for key, _ in people), ahead(in_london(now).date(), action.row.due))


async def end_form(db: AsyncSession, member: Member, action_id: uuid.UUID, how: str) -> AskPage:
    """What shows that an action was done, or why it is dropped. Raises as edit_form does."""
    plan, action = await _action(db, member, action_id, opened=True)
    here = f"/hubs/{member.hub_code}/actions/{action_id}"
    done = how == "done"
    label = "What shows that it was done?" if done else "Why is it dropped?"
    form = Form(
        action=f"{here}/{how}",
        submit="It is done" if done else "Drop this action",
        kept=(("version", str(action.row.version)),),
        fields=(Field(name="evidence", label=label, kind="textarea"),),
        warning=not done,
    )
    notes = (action.row.what, "You can open it again later.", *(() if done else _again(plan)))
    heading = "Is this action done?" if done else "Drop this action?"
    return AskPage(heading, notes, _up(member, plan.school, plan.row.urn, plan.row.year), here, form)


async def tasks_form(db: AsyncSession, member: Member, action_id: uuid.UUID) -> AskPage:
    """Gap tasks to hang under an action: of the school's people, out of records that the viewer may read.

    Raises NotFoundError, ForbiddenError.
    """
    plan, action = await _action(db, member, action_id, opened=False)
    here = f"/hubs/{member.hub_code}/actions/{action_id}"
    found = await plans.tasks_of_school(db, member, plan.row.urn, plan.row.year)
    choices = tuple(
        Choice(f"{one.event_id}/{one.item}", one.what, f"{one.who}, {'tried' if one.tried else 'not tried yet'}")
        for one in found
    )
    under = {f"{one.event_id}/{one.item}" for one in await plans.tasks_under(db, member, [action_id]) if one.open_to}
    field = Field(
        name="task", label="Gap tasks of the school's people", kind="checkboxes", choices=choices, chosen=tuple(under)
    )
    form = Form(action=f"{here}/tasks", submit="Save", fields=(field,) if choices else ())
    notes = (
        action.row.what,
        "Tick what teachers try for this action."
        if choices
        else "There is none that you may read: gap tasks are read by those who take part in their meeting or visit.",
    )
    up = _up(member, plan.school, plan.row.urn, plan.row.year)
    return AskPage("Which gap tasks belong to this action?", notes, up, here, form)


def read_tasks(typed: Typed) -> list[tuple[uuid.UUID, str]]:
    """The ticked gap tasks; what names none is passed over."""
    chosen = []
    for one in typed.every("task"):
        event, _, item = one.partition("/")
        try:
            chosen.append((uuid.UUID(event), item))
        except ValueError:
            continue
    return chosen


async def draft_form(db: AsyncSession, member: Member, urn: int, year: int, now: datetime) -> DraftPage:
    """Next steps that visits of the year agreed, to take up as actions; each record read for it is noted.

    Raises NotFoundError, ForbiddenError.
    """
    school, plan = await _plan(db, member, urn, year)
    found = await words.evidence(db, member.hub_id, [urn], ["reviewed"])
    span = year_span(year)
    told = await words.of_versions(db, member, {one.version_id for one in found if span.holds(one.day)})
    visits = [one for one in told.values() if one.kind == "visit"]
    await reads.notes_read(db, member, {one.event_id for one in visits}, "page", now)
    steps = [step for one in visits for step in rules.next_steps(one.event_id, one.day, one.form, one.places)]
    taken = await plans.taken_up(db, member.hub_id, {one.event_id for one in visits})
    written = [one.row.what for one in await plans.actions(db, plan.row.id)] if plan else []
    offered = rules.draft(steps, taken, written)
    own = _own(member, urn, year)
    hidden = len({one.event_id for one in found if span.holds(one.day) and one.version_id not in told})
    field = Field(
        name="step",
        label="Next steps of the five areas",
        kind="checkboxes",
        choices=tuple(
            Choice(f"{one.event_id}/{one.item}", one.what, f"{one.area}, visit of {spoken_date(one.day)}")
            for one in offered
        ),
        chosen=tuple(f"{one.event_id}/{one.item}" for one in offered),
    )
    return DraftPage(
        heading=f"Draft the plan of {school} for {spoken_year(year)}",
        notes=(*_draft_notes(offered, hidden), *_again(plan)),
        up=_up(member, school, urn, year),
        back=own,
        form=Form(action=f"{own}/draft", submit="Take these up as actions", fields=(field,) if offered else ()),
        offered=tuple(offered),
    )


def chosen_of(page: DraftPage, typed: Typed) -> list[NextStep]:
    """Those of the offered next steps that are ticked."""
    ticked = set(typed.every("step"))
    return [one for one in page.offered if f"{one.event_id}/{one.item}" in ticked]


async def agree_form(db: AsyncSession, member: Member, urn: int, year: int) -> AskFirstPage:
    """The question before the head agrees. Raises NotFoundError, ForbiddenError, ConflictError."""
    school = await journey.known(db, member, urn)
    plan = await plans.of_year(db, member, urn, year)
    if school is None or plan is None:
        raise NotFoundError
    if not may_at(member, Can.AGREE_PLAN, urn):
        raise ForbiddenError("Only the school's own head agrees its action plan.")
    rows = [one.row for one in await plans.actions(db, plan.row.id)]
    if plan.row.agreed_at:
        raise ConflictError("This plan is agreed already.")
    if wrong := rules.may_agree(plan.row.aims, rows):
        raise ConflictError(wrong.because)
    own = _own(member, urn, year)
    count = sum(one.state != "dropped" for one in rows)
    return AskFirstPage(
        Confirm(
            question=f"Do you agree the action plan of {school} for {spoken_year(year)}?",
            happens=(
                f"You agree its aims and {count} action{'' if count == 1 else 's'} as they stand now.",
                "Your name and today's date stand on the plan.",
                "When an aim or an action changes, you are asked again.",
            ),
            action=f"{own}/agree",
            submit="I agree this plan",
            back=own,
            kept=(("version", str(plan.row.version)),),
            harm=False,
        )
    )


def _draft_notes(offered: Sequence[NextStep], hidden: int) -> tuple[str, ...]:
    notes = []
    if offered:
        notes.append(
            "Tick what becomes an action. You name who does it and by when next; change the words as you like."
        )
    else:
        notes.append("No visit of this year names a next step that you may read and that is not taken up yet.")
    if hidden:
        many = "1 visit's record is" if hidden == 1 else f"{hidden} visits' records are"
        notes.append(f"{many} not yours to read: ask whoever visited to draft from it.")
    return tuple(notes)


async def _plan(db: AsyncSession, member: Member, urn: int, year: int) -> tuple[str, PlanRow | None]:
    school = await planned_with(db, member, urn)
    if year not in await reading.years(db, member.hub_id):
        raise NotFoundError
    return school, await plans.of_year(db, member, urn, year)


async def _action(db: AsyncSession, member: Member, action_id: uuid.UUID, *, opened: bool) -> tuple[PlanRow, ActionRow]:
    found = await plans.of_action(db, member, action_id)
    if found is None:
        raise NotFoundError
    await planned_with(db, member, found[0].row.urn)
    if opened and found[1].row.state != "open":
        raise ConflictError("This action is closed. Open it again first to change it.")
    return found


async def _people(db: AsyncSession, member: Member, urn: int, year: int) -> list[tuple[uuid.UUID, str]]:
    known = await leaders.of_school(db, member.hub_id, urn, year)
    return [(one.id, f"{one.name}, headteacher" if one.heads else one.name) for one in known]


def _fields(people: Sequence[tuple[uuid.UUID, str]], was: ActionRow | None) -> tuple[Field, ...]:
    owner = Owner(was.row.owner_id, was.row.owner) if was else None
    return (
        Field(name="what", label="What will be done?", kind="textarea", value=was.row.what if was else ""),
        Field(
            name="area",
            label="For which of the five areas?",
            kind="select",
            choices=AREAS,
            value=was.row.area if was else "",
        ),
        *anybody_fields(people, owner),
        Field(
            name="due",
            label="By when?",
            kind="date",
            width="10",
            value=was.row.due.isoformat() if was and was.row.due else "",
            hint="It may stay open.",
        ),
    )


def _again(plan: PlanRow | None) -> tuple[str, ...]:
    return (AGAIN,) if plan and plan.row.agreed_at else ()


def _own(member: Member, urn: int, year: int) -> str:
    return f"/hubs/{member.hub_code}/schools/{urn}/plan/{year}"


def _up(member: Member, school: str, urn: int, year: int) -> tuple[tuple[str, str], ...]:
    plan = (f"Action plan {spoken_year(year)}", _own(member, urn, year))
    return up_to(f"/hubs/{member.hub_code}", school, urn, plan)
