"""My gap tasks: what I will try and by when, and how it went."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.meetings.states import says
from app.domain.notes.applying import Operation
from app.domain.notes.form_values import op_id, read_seen, seen
from app.domain.notes.tasks import Nearness, nearness
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import in_london, spoken_date
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.store.notes import gap_task_lists
from app.store.notes.gap_task_lists import OwnTask, Spot

PATH = "/my/tasks"
CSV_HEADER = ("What I will try", "By", "From", "Day", "Group", "How it went", "Written on")
COLUMNS = (Column("when", "Written on"), Column("what", "What I tried"), Column("", "How it went"), Column("", "From"))
NOTHING = "Write in a sentence or two how it went, then save it."


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A gap task. `due` says calmly how near its day is; `href` leads to its record, `device` to it on this device."""

    id: str
    what: str
    due: str
    due_day: date | None
    urgency: Nearness
    source: str
    href: str
    went: str
    went_on: str
    photo: str
    device: str
    day: date
    group: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class TasksPage:
    """The page: what is open, then what was tried."""

    template: ClassVar[str] = "notes/tasks.html"
    open: tuple[TaskLine, ...]
    listing: Listing
    done: tuple[TaskLine, ...]


async def load(db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime) -> TasksPage:
    """The page: two statements whatever the number of tasks."""
    asked = asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-when"})
    column, down = asked.order(tuple(_ORDERS))
    every = await _lines(db, viewer, now)
    tried = [one for one in every if one.went]
    done = sorted((one for one in tried if _fits(one, asked)), key=_ORDERS[column], reverse=down)
    empty = Empty("What you have tried will be here, with how it went.")
    first = (asked.page - 1) * PAGE_SIZE
    return TasksPage(
        open=tuple(sorted((one for one in every if not one.went), key=_nearest)),
        listing=listing(
            asked, "What I have tried", COLUMNS, total=len(done), empty=empty, filters=_filters(asked, tried)
        ),
        done=tuple(done[first : first + PAGE_SIZE]),
    )


async def rows(db: AsyncSession, viewer: Viewer, now: datetime) -> list[tuple[object, ...]]:
    """Every task of the viewer under `CSV_HEADER`, open ones too."""
    return [
        (one.what, one.due_day, one.source, one.day, one.group, one.went, one.went_on)
        for one in sorted(await _lines(db, viewer, now), key=_nearest)
    ]


async def operation(db: AsyncSession, viewer: Viewer, typed: Typed, now: datetime) -> Operation:
    """What the sent form writes in its record. Raises NotFoundError, and BadInputError where nothing was written."""
    name = box(typed.text("task"))
    if not typed.text(name):
        raise BadInputError(NOTHING, (Fault(name, NOTHING),))
    for task in await gap_task_lists.mine(db, viewer):
        if _id(task) == typed.text("task") and task.may_write:
            return await _written(db, task, typed, now)
    raise NotFoundError


async def _written(db: AsyncSession, task: OwnTask, typed: Typed, now: datetime) -> Operation:
    spot = (await gap_task_lists.spots(db, [task.event_id])).get((task.event_id, task.item))
    if spot is None:
        raise NotFoundError
    text = typed.text(box(_id(task)))
    return Operation(
        op_id=op_id(_seed(typed), spot.path, text),
        note_id=task.event_id,
        path=spot.path,
        value=text,
        replaces=read_seen(typed.text("seen")).heads,
        base_rev=task.rev,
        form_version=task.form_version,
        device_time=now,
    )


def _seed(typed: Typed) -> uuid.UUID:
    try:
        return uuid.UUID(typed.text("seed"))
    except ValueError:
        return new_id()


def again(page: TasksPage, typed: Typed, faults: Sequence[Fault]) -> TasksPage:
    """The page with what was typed, and beside its box what to change."""
    return replace(page, open=tuple(_again(one, typed, faults) for one in page.open))


def _again(line: TaskLine, typed: Typed, faults: Sequence[Fault]) -> TaskLine:
    if line.form is None or line.id != typed.text("task"):
        return line
    return replace(line, form=refilled(line.form, typed, faults))


async def _lines(db: AsyncSession, viewer: Viewer, now: datetime) -> list[TaskLine]:
    tasks = await gap_task_lists.mine(db, viewer)
    spots = await gap_task_lists.spots(db, {one.event_id for one in tasks})
    today = in_london(now).date()
    return [_line(one, spots.get((one.event_id, one.item)), today) for one in tasks]


def _line(task: OwnTask, spot: Spot | None, today: date) -> TaskLine:
    group, lead, teacher = task.group, task.lead, task.teacher
    return TaskLine(
        id=_id(task),
        what=task.what,
        due=_due(task.due, today),
        due_day=task.due,
        urgency=nearness(task.due, today),
        source=says(task.kind, school=task.school, group=group, lead=lead, teacher=teacher, online=task.online)
        + f", {spoken_date(task.day)}",
        href=f"/hubs/{task.hub}/events/{task.event_id}/note",
        went=task.went,
        went_on=spoken_date(in_london(task.went_at).date()) if task.went_at else "",
        photo=f"/my/notes/{task.event_id}/photos/{task.photo}" if task.photo else "",
        device=f"/my/notes#/record/{task.event_id}" if task.may_write else "",
        day=task.day,
        group=task.group,
        form=_form(task, spot) if spot and task.may_write and not task.went else None,
    )


def box(task: str) -> str:
    """The name of the box in which it is written how this task went."""
    return f"went-{task}"


def _id(task: OwnTask) -> str:
    return f"{task.event_id}-{task.item}"


def _due(due: date | None, today: date) -> str:
    """By Thursday 10 December 2026; a day that is over is said, and nobody is hurried."""
    if due is None:
        return "No day was set"
    if due == today:
        return "Today"
    return f"By {spoken_date(due)}" + (", which is over" if due < today else "")


def _form(task: OwnTask, spot: Spot) -> Form:
    went = Field(
        name=box(_id(task)),
        label="How did it go?",
        kind="textarea",
        hint="What you tried and what pupils did. Those who read the record read this too.",
    )
    kept = (("task", _id(task)), ("seed", str(new_id())), ("seen", str(seen(task.went, spot.heads))))
    return Form(action=PATH, submit="Save how it went", fields=(went,), kept=kept)


def _nearest(line: TaskLine) -> tuple[Any, ...]:
    return (line.due_day is None, line.due_day or line.day, line.id)


_ORDERS: dict[str, Callable[[TaskLine], Any]] = {
    "when": lambda line: (line.day, line.id),
    "what": lambda line: line.what.casefold(),
}


def _fits(line: TaskLine, asked: Asked) -> bool:
    said = f"{line.what} {line.went} {line.source}".casefold()
    return all(word in said for word in asked.value("q").casefold().split()) and asked.value("group") in {
        "",
        line.group,
    }


def _filters(asked: Asked, lines: Sequence[TaskLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    groups = sorted({line.group for line in lines if line.group})
    return (
        Filter("q", "What I tried, or how it went", asked.value("q")),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(one, one) for one in groups)),
    )
