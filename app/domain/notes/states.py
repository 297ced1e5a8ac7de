"""Submitting, agreeing and correcting a record: who may take which step now, and what it does.

Rules: docs/rules/notes.md. The deciders return what is to happen, or say why not; nothing is changed here.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from app.domain.access import No
from app.domain.notes.forms import EventKind
from app.domain.notes.readable import listed
from app.kit.periods import spoken_date

State = Literal["open", "submitted", "agreed", "correcting"]
STATES: dict[str, State] = {"open": "open", "submitted": "submitted", "agreed": "agreed", "correcting": "correcting"}
LONGEST_BECAUSE = 1000  # characters


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands on which side of a record.

    `here`: those who take part and belong to the visited school; `heads`: its headteachers.
    """

    kind: EventKind
    lead: uuid.UUID
    teacher: uuid.UUID | None = None
    takers: frozenset[uuid.UUID] = frozenset()
    here: frozenset[uuid.UUID] = frozenset()
    heads: frozenset[uuid.UUID] = frozenset()

    @property
    def other(self) -> frozenset[uuid.UUID]:
        """Those of whom one agrees: the observed teacher; the visited school; any participant of a meeting."""
        if self.kind == "observation":
            return frozenset({self.teacher} if self.teacher else ())
        if self.kind == "visit":
            return (self.here | self.heads) - {self.lead}
        return self.takers - {self.lead}

    @property
    def correctors(self) -> frozenset[uuid.UUID]:
        """Those who may begin a correction: both sides, as far as they read the record itself."""
        return frozenset({self.lead}) | (self.other & (self.takers | {self.teacher}))


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered to a version; whoever submitted it withdraws it by an answer of their own."""

    person: uuid.UUID
    agrees: bool
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A submitted version as far as steps depend on it."""

    number: int
    rev: int
    by: uuid.UUID
    answers: tuple[Answered, ...] = ()
    agreed: bool = False
    superseded: bool = False

    @property
    def withdrawn(self) -> bool:
        """Whether its submitter took it back."""
        return any(one.person == self.by and not one.agrees for one in self.answers)

    @property
    def others(self) -> tuple[Answered, ...]:
        """The answers of the other side."""
        return tuple(one for one in self.answers if one.person != self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as the deciders see it. `versions` in their order; `begun`: the event took place, as far as we know."""

    sides: Sides
    state: State = "open"
    versions: tuple[Version, ...] = ()
    begun: bool = True
    cancelled: bool = False

    @property
    def standing(self) -> Version | None:
        """The version that counts now: the newest that was neither withdrawn nor superseded."""
        return next((one for one in reversed(self.versions) if not one.withdrawn and not one.superseded), None)


@dataclass(frozen=True, slots=True)
class Content:
    """What would be submitted: whether anything is written, has changed since, and places where texts stand apart."""

    empty: bool = False
    unchanged: bool = False
    apart: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Submit:
    """Keep the shared places as this version; the earlier one and its evidence no longer count."""

    number: int
    supersedes: int | None


@dataclass(frozen=True, slots=True)
class Agree:
    """The version is agreed and the record locked."""

    number: int


@dataclass(frozen=True, slots=True)
class AskForChange:
    """The version waits for its leader, who is told what to change."""

    number: int
    because: str


@dataclass(frozen=True, slots=True)
class Correct:
    """The record opens again, for this reason, until it is submitted as the next version."""

    because: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The version is taken back; the one before it, if there is one, stands again, and so does the earlier state."""

    number: int
    reinstates: int | None
    state: State


KIND_WORDS: dict[EventKind, str] = {"meeting": "meeting", "visit": "visit", "observation": "lesson observation"}


def titled(kind: EventKind, school: str, day: date) -> str:
    """An event in the words of a sentence: the visit at Ash Vale Primary on Thursday 24 September 2026."""
    return f"the {KIND_WORDS[kind]} at {school} on {spoken_date(day)}"


def submit(record: Record, person: uuid.UUID, content: Content) -> Submit | No:
    """What submitting does now. Whoever leads the event submits."""
    if person != record.sides.lead:
        return No("Whoever leads this submits its record. You can write in it until then, and afterwards you answer.")
    if record.cancelled:
        return No("This was cancelled, so there is nothing to agree. Bring the event back first if it took place.")
    if not record.begun:
        return No("This has not begun. Submit the record when it has taken place.")
    if record.state == "agreed":
        return No("This record is agreed. Start a correction first, and say why.")
    if content.empty:
        return No("Nobody has written anything that could be agreed. Write first, then submit.")
    if content.apart:
        return No(f"Two different texts stand at {listed(content.apart)}. Choose between them, then submit.")
    last = record.standing
    if last and record.state == "submitted" and content.unchanged and not last.others:
        return No(f"Nothing has changed since version {last.number}, which waits for an answer.")
    return Submit(max((one.number for one in record.versions), default=0) + 1, last.number if last else None)


def agree(record: Record, person: uuid.UUID, number: int) -> Agree | No:
    """What agreeing to this version does now."""
    waiting = _waiting(record, person, number)
    if isinstance(waiting, No):
        return waiting
    asked = [one for one in waiting.others if not one.agrees and one.person != person]
    if asked:
        return No("Somebody of your side asked for a change to this version. It is submitted again first.")
    return Agree(number)


def ask_for_change(record: Record, person: uuid.UUID, number: int, because: str) -> AskForChange | No:
    """What asking for a change to this version does now."""
    waiting = _waiting(record, person, number)
    if isinstance(waiting, No):
        return waiting
    told = because.strip()
    if not told:
        return No("Say what should change, so that it can be changed.")
    if len(told) > LONGEST_BECAUSE:
        return No(f"Say it in at most {LONGEST_BECAUSE:,} characters.")
    return AskForChange(number, told)


def _waiting(record: Record, person: uuid.UUID, number: int) -> Version | No:
    """The version that waits for an answer of this person."""
    if person == record.sides.lead:
        return No("You lead this: submitting the record is your own agreement. The other side answers.")
    if person not in record.sides.other:
        return No(f"{SIDE[record.sides.kind]} answers this record.")
    last = record.standing
    if record.state == "agreed":
        return No("This record is agreed already. If something in it is wrong, start a correction.")
    if record.state != "submitted" or last is None:
        return No("This record is not submitted, so there is nothing to answer yet.")
    if last.number != number:
        return No(f"Version {last.number} was submitted while you had this open. Read it, then answer.")
    return last


SIDE: dict[EventKind, str] = {
    "observation": "The observed teacher",
    "visit": "Somebody of the visited school who takes part, or its headteacher,",
    "meeting": "Anybody who takes part in the meeting",
}


def correct(record: Record, person: uuid.UUID, because: str) -> Correct | No:
    """What beginning a correction does now."""
    if person not in record.sides.correctors:
        return No("Those who agreed this record correct it.")
    if record.state == "correcting":
        return No("This record is being corrected already. Write in it, then it is submitted again.")
    if record.state != "agreed":
        return No("This record is not agreed, so it needs no correction: write in it.")
    told = because.strip()
    if not told:
        return No("Say what was wrong. It stays in the record's history.")
    if len(told) > LONGEST_BECAUSE:
        return No(f"Say it in at most {LONGEST_BECAUSE:,} characters.")
    return Correct(told)


def withdraw(record: Record, person: uuid.UUID) -> Withdraw | No:
    """What taking back the submitted version does now: possible until somebody has answered it."""
    last = record.standing
    if record.state != "submitted" or last is None:
        return No("This record is not submitted, so there is nothing to take back.")
    if person != last.by:
        return No("Whoever submitted this version takes it back.")
    if last.others:
        return No("Somebody has answered this version. Change what should change, and submit again.")
    before = [one for one in record.versions if one.number < last.number and not one.withdrawn]
    if not before:
        return Withdraw(last.number, None, "open")
    return Withdraw(last.number, before[-1].number, "correcting" if before[-1].agreed else "submitted")
