"""What is known of one enrolment, as far as its criteria ask: ids, days and states, and nobody's name or words."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Half(NamedTuple):
    """A visit to the school, or a meeting of its Work Group, that was not called off.

    `shown`: a submitted version that stands says it took place. `earlier`: evidence that a later version superseded.
    """

    id: uuid.UUID
    day: date
    status: str  # tentative, confirmed, held
    shown: bool = False
    earlier: tuple[uuid.UUID, ...] = ()


class Seen(NamedTuple):
    """Where one record found one area; `stands`: no later version superseded it."""

    id: uuid.UUID
    event_id: uuid.UUID
    area: str
    level: str
    day: date
    stands: bool = True


class InTheWay(NamedTuple):
    """A barrier: open from `since` until `until`."""

    id: uuid.UUID
    weight: str
    due: date
    since: date
    until: date | None = None


class Taker(NamedTuple):
    """Somebody of the school at its Work Group: meetings they came to, and those somebody came to in their place."""

    id: uuid.UUID
    came: frozenset[uuid.UUID] = frozenset()
    replaced: frozenset[uuid.UUID] = frozenset()


class Paper(NamedTuple):
    """An agreement, a plan or a review: the day it counts from, empty while it does not; `until`: withdrawn."""

    id: uuid.UUID
    day: date | None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of one enrolment. `ends`: the last day on which the school can still show something in its year."""

    ends: date
    visits: tuple[Half, ...] = ()
    meetings: tuple[Half, ...] = ()
    seen: tuple[Seen, ...] = ()
    barriers: tuple[InTheWay, ...] = ()
    people: tuple[Taker, ...] = ()  # lead participants
    heads: tuple[Taker, ...] = ()
    agreements: tuple[Paper, ...] = ()
    plan: Paper | None = None
    reviews: tuple[Paper, ...] = ()
