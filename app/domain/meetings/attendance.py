"""Who came: what was said of each guest, what of it stands, and what follows (docs/rules/attendance.md)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

EARLY = timedelta(minutes=60)  # before an event: from then on it can be said who is here
SETTLED = timedelta(days=7)  # after an event: from then on a change is a correction and needs a because


class State(StrEnum):
    """What can be said of a guest."""

    PRESENT = "present"
    PART = "part"
    ABSENT = "absent"
    STAND_IN = "stand_in"
    VISITOR = "visitor"


WORDS = {
    State.PRESENT: "Present",
    State.PART: "Part of the time",
    State.ABSENT: "Absent",
    State.STAND_IN: "Somebody came in their place",
    State.VISITOR: "Visitor",
    "": "Nothing said",
}
HOW = {"code": "by the code on the screen", "grid": "on the page", "device": "on a device", "api": "by a program"}
NOTHING: tuple[object, ...] = ("",)
CAME = frozenset({State.PRESENT, State.PART, State.STAND_IN, State.VISITOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said of one guest of an event; it mirrors the table and is never changed.

    `guest_id` is the person who was asked (of a visitor, an id of their own). `person_id` is the person of the hub who
    was there or was missed: the guest, but of a stand-in whoever came, and None for visitors and stand-ins from
    elsewhere, whose `name` is written. `state` is a State, or empty: taken back. The database gives `number`.
    """

    op_id: uuid.UUID
    hub_id: uuid.UUID
    event_id: uuid.UUID
    guest_id: uuid.UUID
    state: str
    said_at: datetime
    at: datetime
    person_id: uuid.UUID | None = None
    name: str = ""
    urn: int | None = None
    organisation: str = ""
    because: str = ""
    minutes: int | None = None
    how: str = "grid"
    correction: str = ""
    by_id: uuid.UUID | None = None
    number: int = 0

    @property
    def says(self) -> tuple[object, ...]:
        """What it says, without who said it when: two that say the same do not differ."""
        return _says(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a form says of one guest; `seen` is the number of the newest saying that it showed, 0 for none."""

    guest_id: uuid.UUID
    seen: int
    state: str
    person_id: uuid.UUID | None = None
    name: str = ""
    urn: int | None = None
    organisation: str = ""
    because: str = ""
    minutes: int | None = None

    @property
    def says(self) -> tuple[object, ...]:
        """As Said.says."""
        return _says(self)


def _says(one: Said | Wish) -> tuple[object, ...]:
    if not one.state:
        return NOTHING
    who = one.person_id if one.state == State.STAND_IN else None
    return one.state, one.name, who, one.organisation, one.because, one.minutes


@dataclass(frozen=True, slots=True)
class Decided:
    """What to keep of a form, and where somebody else has said something different since it was opened."""

    kept: tuple[Wish, ...]
    clashes: tuple[tuple[Wish, Said], ...]


class Timed(Protocol):
    """Whatever has a beginning and an end."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        ...

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        ...


def hours(event: Timed) -> int:
    """How long an event lasts, in minutes."""
    return round((event.ends_at - event.starts_at).total_seconds() / 60)


def newest(ops: Iterable[Said]) -> dict[uuid.UUID, Said]:
    """The newest saying of each guest, also where it takes the others back: by `said_at`, then by number."""
    found: dict[uuid.UUID, Said] = {}
    for op in ops:
        known = found.get(op.guest_id)
        if known is None or (op.said_at, op.number) > (known.said_at, known.number):
            found[op.guest_id] = op
    return found


def standing(ops: Iterable[Said]) -> dict[uuid.UUID, Said]:
    """What counts of each guest: their newest saying, unless it was taken back."""
    return {guest: op for guest, op in newest(ops).items() if op.state}


def settle(ops: Sequence[Said], wishes: Iterable[Wish]) -> Decided:
    """Which wishes to keep: what the form did not touch stays as others left it, and nobody overwrites unseen words."""
    numbered, stands = {op.number: op for op in ops}, newest(ops)
    kept, clashes = [], []
    for wish in wishes:
        was, now = numbered.get(wish.seen), stands.get(wish.guest_id)
        before = was.says if was and was.guest_id == wish.guest_id else NOTHING
        if wish.says in (before, now.says if now else NOTHING):
            continue
        if now is None or now.number == wish.seen:
            kept.append(wish)
        else:
            clashes.append((wish, now))
    return Decided(tuple(kept), tuple(clashes))


def is_late(event: Timed, now: datetime, *, certified: bool) -> bool:
    """Whether a change is a correction that needs a because: seven days after the event, or once it is certified."""
    return certified or now > event.ends_at + SETTLED


def absences_in_a_row(states: Sequence[str]) -> int:
    """How many of somebody's meetings of a Work Group, in order, they missed since they last came.

    A stand-in came in their place, so it is no absence; meetings of which nothing was said are left aside.
    """
    count = 0
    for state in reversed(states):
        if state == State.ABSENT:
            count += 1
        elif state:
            break
    return count
