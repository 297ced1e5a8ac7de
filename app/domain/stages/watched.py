"""What the rules of risk read of a school: each fact with the day on which it happened."""

import uuid
from dataclasses import dataclass
from datetime import date

from app.domain.stages.entitlement import Facts
from app.kit.periods import Span


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that began: whether anything was said of who came, how many did of this school, and its head."""

    id: uuid.UUID
    day: date
    said: bool
    asked: int
    came: int
    head_came: bool = False
    first: bool = False  # of a Work Group whose programme says that the head attends the first


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's part in a Work Group: each meeting's day and what was said of them then, in order."""

    group_id: uuid.UUID
    states: tuple[tuple[date, str], ...] = ()
    gone_on: date | None = None  # left the hub or the school
    head: bool = False


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A barrier: when it was found, by when it should be gone, and when it was."""

    id: uuid.UUID
    made_on: date
    due: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit that was held, and when its record was first submitted."""

    id: uuid.UUID
    day: date
    submitted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """All that the rules read of one school in one year. `wanted`: lead participants its programmes ask for."""

    visits: Facts
    places: tuple[Place, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    wanted: int = 0
    barriers: tuple[Hindrance, ...] = ()
    records: tuple[Recorded, ...] = ()
    enrolment_id: uuid.UUID | None = None
    enrolled_on: date | None = None  # empty: no agreement is asked for
    signed_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def terms(self) -> tuple[Span, ...]:
        """The school's half terms."""
        return self.visits.year.terms

    def leads(self, day: date) -> list[Place]:
        """The lead participants who take part on this day."""
        return [one for one in self.places if not one.head and (one.gone_on is None or one.gone_on > day)]
