"""When a school may enter a programme, and when it moves: the rules behind enrolments and moves.

Source: docs/rules/stages.md. A move to another stage is proposed and agreed by two people; entering is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.stages.ladder import FOLLOWS, NAMES, NEXT, Enrolled, Fault, State, stage_of, too_often
from app.kit.periods import spoken_date, spoken_year


class MoveState(StrEnum):
    """How far a move is."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    REVERSED = "reversed"

    @property
    def says(self) -> str:
        """In words."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a school would enter: a programme of one year, and what the programme allows."""

    kind: str
    name: str
    year: int
    years: int = 1  # how many academic years it lasts
    most_times: int | None = None


def takes(years: Iterable[int], length: int) -> int:
    """How often a programme that lasts `length` academic years was begun, by the years of its enrolments."""
    begun: list[int] = []
    for year in sorted(set(years)):
        if not begun or year >= begun[-1] + length:
            begun.append(year)
    return len(begun)


def may_enter(history: Sequence[Enrolled], entry: Entry, school: str) -> Fault | None:
    """Whether a school with this history may be enrolled so, without a move.

    What it withdrew from does not count; whoever returned after withdrawing enters where the hub thinks right.
    """
    stayed = [one for one in history if one.state != State.WITHDRAWN]
    same = [one for one in stayed if one.kind == entry.kind]
    if any(one.year == entry.year for one in same):
        return Fault(f"{school} is in {entry.name} of {spoken_year(entry.year)} already.")
    before = takes((one.year for one in same), entry.years)
    if takes([*(one.year for one in same), entry.year], entry.years) > before and (
        fault := too_often(before, entry.most_times, entry.name)
    ):
        return fault
    latest = max(history, key=lambda one: (one.year, one.state != State.WITHDRAWN), default=None)
    if latest is None or latest.state == State.WITHDRAWN or not _moves_there(latest.kind, entry.kind):
        return None
    return Fault(
        f"{school} has been in {NAMES[stage_of(latest.kind)]} of {spoken_year(latest.year)}. Propose that it moves to "
        f"{entry.name}: the evidence goes along, and a second person agrees."
    )


def _moves_there(now: str, then: str) -> bool:
    """Whether going from one kind to the other is a move to another stage."""
    return then in NEXT.get(now, ()) and stage_of(now) != stage_of(then)


def returns(history: Sequence[Enrolled]) -> bool:
    """Whether a school that is enrolled now had withdrawn: the last it did was to leave."""
    if not history or any(one.state in {State.APPLIED, State.AGREED, State.ACTIVE} for one in history):
        return False
    last = max(one.year for one in history)
    return all(one.state == State.WITHDRAWN for one in history if one.year == last)


def may_become(now: str, then: State) -> Fault | None:
    """Whether an enrolment goes from one state to another."""
    state = State(now)
    if then in FOLLOWS[state]:
        return None
    match state:
        case State.WITHDRAWN:
            return Fault("This school has withdrawn. Enrol it again when it returns.")
        case State.COMPLETED:
            return Fault("This school has completed the programme already.")
        case State.APPLIED if then == State.ACTIVE:
            return Fault("The agreement is not signed yet. The school takes part once its head has signed.")
        case State.APPLIED | State.AGREED:
            return Fault("This school does not take part yet. Record first that it began.")
        case _:
            return Fault("This school takes part already.")


def fault_of_day(day: date, since: date | None, today: date) -> Fault | None:
    """Whether a step can be of this day: nothing is recorded before it happened, nor before what it follows."""
    if day > today:
        return Fault(f"{spoken_date(day)} is still to come. Record this when it has happened.")
    if since and day < since:
        return Fault(f"Choose {spoken_date(since)} or a later day: what comes before it happened then.")
    return None


def may_leave(state: str) -> Fault | None:
    """Whether a move can be proposed out of an enrolment in this state."""
    if state in {State.ACTIVE, State.COMPLETED}:
        return None
    return Fault(
        f"This school has {State(state).says}: it moves on from a programme that it takes part in or completed."
    )
