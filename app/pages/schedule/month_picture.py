"""A small picture of the weeks in which a date can be: one square a weekday, with a mark and words for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.kit.periods import spoken_date

DayState = Literal["here", "better", "free", "missed", "barred"]
MARKS: dict[DayState, str] = {"here": "●", "better": "★", "free": "✓", "missed": "!", "barred": "-"}
WORDS: dict[DayState, str] = {
    "here": "it is here now",
    "better": "possible, and better than now",
    "free": "possible",
    "missed": "possible, but somebody could not come",
    "barred": "a rule is against it",
}


@dataclass(frozen=True, slots=True)
class DayCell:
    """A weekday; `href` shows all that is known of it; without a mark it is outside the time this can be in."""

    number: str
    mark: str
    state: str
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday; `says` names the month where one begins."""

    says: str
    days: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the key."""

    mark: str
    state: str
    says: str


def picture(states: Mapping[date, DayState], address: str) -> tuple[Week, ...]:
    """The weeks from the first to the last of these days; `address` shows a day with its date put behind it."""
    if not states:
        return ()
    monday = min(states) - timedelta(min(states).weekday())
    weeks: list[Week] = []
    month = 0
    while monday <= max(states):
        days = [monday + timedelta(n) for n in range(5)]
        shown = next((day for day in days if day.month != month), None)
        month = shown.month if shown else month
        says = f"{shown:%B %Y}" if shown else ""
        weeks.append(Week(says, tuple(_cell(day, states.get(day), address) for day in days)))
        monday += timedelta(7)
    return tuple(weeks)


def _cell(day: date, state: DayState | None, address: str) -> DayCell:
    if state is None:
        return DayCell(str(day.day), "", "", f"{spoken_date(day)}: outside the time this can be in", "")
    return DayCell(str(day.day), MARKS[state], state, f"{spoken_date(day)}: {WORDS[state]}", f"{address}{day}")


def legend(states: Iterable[DayState]) -> tuple[Mark, ...]:
    """What the marks that are used mean."""
    used = set(states)
    return tuple(Mark(MARKS[state], state, WORDS[state]) for state in MARKS if state in used)
