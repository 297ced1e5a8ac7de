"""When a school may enter a programme, and when it moves: the rules behind enrolments and moves.

Source: docs/rules/stages.md. A move to another stage is proposed and agreed by two people; entering is not.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.domain.stages.gate import Standing, Verdict
from app.domain.stages.ladder import FOLLOWS, NAMES, NEXT, AnyEnrolled, Enrolled, Fault, State, stage_of, too_often
from app.kit.periods import spoken_date, spoken_year, year_span


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


class Offered(Protocol):
    """A programme of one year, as far as entering and moving read it."""

    @property
    def kind(self) -> str:
        """Of programme."""

    @property
    def name(self) -> str:
        """As schools know it."""

    @property
    def year(self) -> int:
        """Academic year."""

    @property
    def years(self) -> int:
        """How many academic years it lasts."""

    @property
    def most_times(self) -> int | None:
        """How often one school may take it; None: as often as it wants."""


def takes(years: Iterable[int], length: int) -> int:
    """How often a programme that lasts `length` academic years was begun, by the years of its enrolments."""
    begun: list[int] = []
    for year in sorted(set(years)):
        if not begun or year >= begun[-1] + length:
            begun.append(year)
    return len(begun)


def may_take(history: Sequence[Enrolled], entry: Offered, school: str) -> Fault | None:
    """Whether a school with this history may take part in the programme once more; what it withdrew from is no time."""
    same = [one for one in history if one.kind == entry.kind and one.state != State.WITHDRAWN]
    if any(one.year == entry.year and one.state in {State.ACTIVE, State.COMPLETED} for one in same):
        return Fault(f"{school} is in {entry.name} of {spoken_year(entry.year)} already.")
    before = [one.year for one in same if one.year != entry.year]
    times = takes(before, entry.years)
    if takes([*before, entry.year], entry.years) == times:
        return None  # a later year of what it began
    return too_often(times, entry.most_times, entry.name)


def may_enter(history: Sequence[Enrolled], entry: Offered, school: str) -> Fault | None:
    """Whether a school with this history may be enrolled so, without a move.

    Whoever returns after withdrawing enters where the hub thinks right.
    """
    if any(one.kind == entry.kind and one.year == entry.year and one.state != State.WITHDRAWN for one in history):
        return Fault(f"{school} is in {entry.name} of {spoken_year(entry.year)} already.")
    if fault := may_take(history, entry, school):
        return fault
    latest = by_a_move(history, entry)
    if latest is None:
        return None
    return Fault(
        f"{school} has been in {NAMES[stage_of(latest.kind)]} of {spoken_year(latest.year)}. Propose that it moves to "
        f"{entry.name}: the evidence goes along, and a second person agrees."
    )


def by_a_move(history: Sequence[AnyEnrolled], entry: Offered) -> AnyEnrolled | None:
    """The enrolment from which a school comes into this programme by a move; None where it enters without one."""
    latest = max(history, key=lambda one: (one.year, one.state != State.WITHDRAWN), default=None)
    if latest is None or latest.state == State.WITHDRAWN or not _moves_there(latest.kind, entry.kind):
        return None
    return latest


def _moves_there(now: str, then: str) -> bool:
    """Whether going from one kind to the other is a move to another stage."""
    return then in NEXT.get(now, ()) and stage_of(now) != stage_of(then)


def first_day(year: int, met: date | None, *, since_meeting: bool) -> date:
    """Since when a school of a Work Group takes part: 1 September, or the day its group first met once it has."""
    return met if since_meeting and met else year_span(year).first


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


def may_leave(now: Enrolled, history: Iterable[Enrolled]) -> Fault | None:
    """Whether a move can be proposed out of this enrolment of a school's history."""
    if now.state not in {State.ACTIVE, State.COMPLETED}:
        return Fault(
            "A school moves on from a programme that it takes part in, or has completed. This one does neither."
        )
    later = {State.ACTIVE, State.COMPLETED}
    if any(one.year > now.year and one.state in later for one in history):
        return Fault("This school has gone on since. Propose a move from where it is now.")
    return None


def may_move(kind: str, year: int, to: Offered) -> Fault | None:
    """Whether a move can lead from this kind and year of programme to that one."""
    if to.kind not in NEXT.get(kind, ()):
        return Fault(f"A school does not go on to {to.name} from here. Choose another programme.")
    if to.year < year or (to.year == year and to.kind == kind):
        return Fault(f"Choose a programme of a later year than {spoken_year(year)}.")
    return None


def may_settle(state: str, proposed_by: uuid.UUID | None, person_id: uuid.UUID | None) -> Fault | None:
    """Whether this person can agree or decline a move: it is open, and somebody else proposed it."""
    if fault := still_open(state):
        return fault
    if proposed_by == person_id:
        return Fault("You proposed this move, so another person agrees or declines it. You can take it back.")
    return None


def still_open(state: str) -> Fault | None:
    """Whether a move waits to be settled."""
    if state == MoveState.PROPOSED:
        return None
    return Fault(f"This move is {MoveState(state).says} already.")


def unmet(verdicts: Sequence[Verdict]) -> str:
    """How much of the criteria is not met, in a sentence; empty when all is."""
    left = sum(one.state is not Standing.MET for one in verdicts)
    if not left:
        return ""
    return f"{left} of {len(verdicts)} criteria {'is' if left == 1 else 'are'} not met."


def got_worse(then: Sequence[Verdict], now: Sequence[Verdict]) -> bool:
    """Whether something that was met when a move was proposed is not met any more."""
    met = {one.key for one in then if one.state is Standing.MET}
    return any(one.key in met and one.state is not Standing.MET for one in now)


@dataclass(frozen=True, slots=True)
class Side:
    """A criterion as it stood on one of two days; empty where there was no such criterion."""

    state: str = ""
    have: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A criterion on two days, side by side."""

    key: str
    says: str
    then: Side
    now: Side
    differs: bool


def compared(then: Sequence[Verdict], now: Sequence[Verdict]) -> tuple[Compared, ...]:
    """Every criterion of either day, and whether its verdict or what counts for it differs."""
    before, after = {one.key: one for one in then}, {one.key: one for one in now}
    return tuple(
        Compared(
            key,
            one.says,
            _side(before.get(key)),
            _side(after.get(key)),
            _told(before.get(key)) != _told(after.get(key)),
        )
        for key, one in {**before, **after}.items()
    )


def _side(verdict: Verdict | None) -> Side:
    return Side(verdict.state.value, verdict.have) if verdict else Side()


def _told(verdict: Verdict | None) -> tuple[object, ...]:
    """What makes two verdicts differ: not the words of what is wanted, which change with the day."""
    if verdict is None:
        return ()
    return (verdict.state, verdict.have, frozenset((one.kind, one.id, one.counts) for one in verdict.proof))


def fingerprint(verdicts: Sequence[Verdict]) -> str:
    """A digest of what a page shows of the evidence: another one, once something counts or does not any more."""
    told = [
        (one.key, one.state.value, one.have, sorted((p.kind, str(p.id), p.counts) for p in one.proof))
        for one in verdicts
    ]
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()[:32]


class Gone(Protocol):
    """What happened in an enrolment since a move made it (store/stages/moves.py)."""

    @property
    def moved_on(self) -> bool:
        """A further move leads from it."""

    @property
    def signed(self) -> bool:
        """Its agreement was signed."""

    @property
    def held(self) -> int:
        """Meetings and visits that were held."""


def may_reverse(state: str, gone: Gone) -> Fault | None:
    """Whether the move that made an enrolment can be reversed: nothing has come of it yet."""
    if gone.moved_on:
        return Fault("A further move was proposed from there. The later one comes first.")
    if gone.held:
        held = "1 meeting or visit was" if gone.held == 1 else f"{gone.held} meetings and visits were"
        return Fault(f"{held} held there since. Record that the school withdraws, and why, instead.")
    if gone.signed:
        return Fault("The agreement for it was signed. Record that the school withdraws, and why, instead.")
    if state not in {State.AGREED, State.ACTIVE}:
        return Fault(f"What the move led to is {State(state).says} by now. It stays as it is.")
    return None
