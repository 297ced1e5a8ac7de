"""Gap tasks: what somebody will try between two meetings, read out of the places of a record."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from app.domain.notes.paths import REMOVED

SOON = timedelta(days=7)
Nearness = Literal["late", "soon", "calm"]


@dataclass(frozen=True, slots=True)
class Task:
    """What a person will try, by when, and how it went; `person` is None until somebody is named or writes it."""

    what: str = ""
    person: uuid.UUID | None = None
    due: date | None = None
    went: str = ""
    went_at: datetime | None = None
    photo: str = ""
    removed: bool = False


def written(part: str, value: Any, now: datetime, task: Task) -> Task:
    """The task after one of its boxes was written; a box that tasks do not have leaves it as it was."""
    match part:
        case "what":
            return replace(task, what=value)
        case "who":
            return replace(task, person=_person(value) or task.person)
        case "by":
            return replace(task, due=_day(value))
        case "went":
            return replace(task, went=value, went_at=now if value else None)
        case "photo":
            return replace(task, photo=value)
        case REMOVED.key:
            return replace(task, removed=value)
    return task


def nearness(due: date | None, today: date) -> Nearness:
    """How near the day of an open task is: over, within a week, or further off."""
    if due is None or due > today + SOON:
        return "calm"
    return "late" if due < today else "soon"


def named(values: Iterable[tuple[str, Any]]) -> set[uuid.UUID]:
    """The people whom these (box, value) pairs name."""
    return {person for part, value in values if part == "who" and (person := _person(value))}


def _person(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
