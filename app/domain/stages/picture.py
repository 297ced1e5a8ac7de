"""The hub's picture of one day: schools, Work Groups, what was held and missed, who came and went. It names no person.

Source: docs/rules/picture.md. A picture goes to JSON and back whole; whatever is drawn of it is drawn from it alone.
"""

import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from app.domain.stages.ladder import RUNGS, Stage

Place = tuple[int, int]  # metres east and north on the British National Grid
TAKES_PART = frozenset({"agreed", "active", "completed"})  # states of an enrolment of a school that is in its year
NOT_ENROLLED = "not enrolled"
NEW, LEFT = "new", "left"


@dataclass(frozen=True, slots=True)
class School:
    """A school of the year; `kind` of programme and `state` of its enrolment are empty before it has one."""

    urn: int
    name: str
    at: Place | None = None
    authority: str = ""
    kind: str = ""
    state: str = ""
    group: str = ""

    @property
    def stage(self) -> Stage | None:
        """The rung it stands on, or applied to."""
        return RUNGS.get(self.kind)

    @property
    def in_year(self) -> bool:
        """Whether it takes part: its agreement is signed, and it has not withdrawn."""
        return self.state in TAKES_PART


@dataclass(frozen=True, slots=True)
class Count:
    """How many events are still to come, were held, are over without anybody having said so, were called off."""

    planned: int = 0
    held: int = 0
    missed: int = 0
    cancelled: int = 0

    @property
    def stands(self) -> int:
        """All but those called off."""
        return self.planned + self.held + self.missed


@dataclass(frozen=True, slots=True)
class Group:
    """A Work Group: where whoever leads it is based, its schools, and six half terms of meetings and visits."""

    code: str
    kind: str = ""
    base: Place | None = None
    base_school: str = ""
    members: tuple[int, ...] = ()
    meetings: tuple[Count, ...] = ()
    visits: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """How many schools went from one stage to another into this year; `source` may be new, `target` may be left."""

    year: int
    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """Schools that first took part in `year`: how many of them did in that year and in each one after it."""

    year: int
    stays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Visits:
    """A school's visits of the year, as docs/rules/visits.md counts them."""

    urn: int
    allowed: int = 0
    due: int = 0
    booked: int = 0
    held: int = 0
    overdue: int = 0
    at_risk: bool = False
    last_day: date | None = None
    unmarked: int = 0

    @property
    def left(self) -> int:
        """Visits still to book."""
        return max(0, self.allowed - self.held - self.booked - self.unmarked)


@dataclass(frozen=True, slots=True)
class Barriers:
    """Open barriers of one lever and weight, and how many of them are over their day."""

    lever: str
    weight: str
    count: int
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Flagged:
    """A rule of risk that speaks of a school, by its key and name, and what it says: they name nobody."""

    urn: int
    key: str
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A hub's year as it stood on one day."""

    hub: str = ""
    year: int = 0
    day: date = date.min
    schools: tuple[School, ...] = ()
    groups: tuple[Group, ...] = ()
    flows: tuple[Flow, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    visits: tuple[Visits, ...] = ()
    barriers: tuple[Barriers, ...] = ()
    flags: tuple[Flagged, ...] = ()


def to_json(picture: Picture) -> dict[str, Any]:
    """The picture as plain values; days as ISO texts."""
    told: dict[str, Any] = _plain(asdict(picture))
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def from_json(told: dict[str, Any]) -> Picture:
    """A picture as it was kept; what an older one does not have stays empty, what this one does not know is left."""
    made: Picture = _of(Picture, told)
    return made


def _of(kind: Any, told: dict[str, Any]) -> Any:
    hints = typing.get_type_hints(kind)
    known = {one.name for one in fields(kind)}
    return kind(**{name: _value(hints[name], value) for name, value in told.items() if name in known})


def _value(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) is types.UnionType:
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
        return None if value is None else _value(hint, value)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, one) for one in value)
    if hint is date:
        return date.fromisoformat(value)
    return _of(hint, value) if is_dataclass(hint) else value
