"""What happened, as far as money rests on it: facts with the evidence each came from, and one order for all of them.

A fact's `id` names its evidence ("attendance/0192…"); ids of one kind of fact are given once. `day` is a London date.
`programme` is the programme's code, `group` the Work Group's. `urn` is the school that would be paid: the
participant's, or of whoever leads, visits, observes or travels, their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any, ClassVar


class Payee(StrEnum):
    """Whose school is paid."""

    PARTICIPANT = "participant"
    SPECIALIST = "specialist"
    READINESS = "readiness"


PAYEE_WORDS = {
    Payee.PARTICIPANT: "the participant's school",
    Payee.SPECIALIST: "the Mastery Specialist's school",
    Payee.READINESS: "the Mastery Readiness Lead's school",
}


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Fact:
    """What every fact says of itself."""

    kind: ClassVar[str] = ""
    words: ClassVar[str] = ""
    id: str
    day: date
    urn: int
    programme: str = ""
    group: str = ""
    role: Payee = Payee.PARTICIPANT

    @property
    def thing(self) -> str:
        """What it happened at: the event, or the day where no event is named."""
        return getattr(self, "event", "") or self.day.isoformat()


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Signed(Fact):
    """The school's agreement for the programme was signed; of a leader's school (`role`), the one with that school."""

    kind: ClassVar[str] = "signed"
    words: ClassVar[str] = "agreement signed"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Attended(Fact):
    """Somebody of the school came to a meeting of its Work Group, for `minutes` of its `length` (0: all of it)."""

    kind: ClassVar[str] = "attended"
    words: ClassVar[str] = "came to a meeting"
    event: str = ""
    person: str = ""
    minutes: int = 0
    length: int = 0
    online: bool = False


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Led(Fact):
    """Somebody led a meeting."""

    kind: ClassVar[str] = "led"
    words: ClassVar[str] = "led a meeting"
    role: Payee = Payee.SPECIALIST
    event: str = ""
    person: str = ""
    online: bool = False


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Visited(Fact):
    """A visit to `host` was held."""

    kind: ClassVar[str] = "visited"
    words: ClassVar[str] = "visited a school"
    role: Payee = Payee.READINESS
    event: str = ""
    person: str = ""
    host: int = 0
    online: bool = False


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Observed(Fact):
    """A lesson at `host` was observed."""

    kind: ClassVar[str] = "observed"
    words: ClassVar[str] = "observed a lesson"
    role: Payee = Payee.SPECIALIST
    event: str = ""
    person: str = ""
    host: int = 0
    online: bool = False


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Released(Fact):
    """Somebody was freed from class for one or two half-days."""

    kind: ClassVar[str] = "released"
    words: ClassVar[str] = "freed from class"
    event: str = ""
    person: str = ""
    half_days: int = 1


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class NoShow(Fact):
    """Somebody was expected and neither came nor told."""

    kind: ClassVar[str] = "no_show"
    words: ClassVar[str] = "did not come and did not tell"
    event: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class EvaluationReturned(Fact):
    """The school's evaluation of the programme came back."""

    kind: ClassVar[str] = "evaluation_returned"
    words: ClassVar[str] = "evaluation returned"
    person: str = ""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Travelled(Fact):
    """Somebody travelled so many metres for the programme."""

    kind: ClassVar[str] = "travelled"
    words: ClassVar[str] = "travelled"
    event: str = ""
    person: str = ""
    metres: int = 0


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Completed(Fact):
    """The school completed the programme."""

    kind: ClassVar[str] = "completed"
    words: ClassVar[str] = "completed the programme"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Withdrew(Fact):
    """The school left the programme; `day` is its last day in it."""

    kind: ClassVar[str] = "withdrew"
    words: ClassVar[str] = "withdrew"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Succeeded(Fact):
    """The school `urn` became the school `to`, which it is from `day` on."""

    kind: ClassVar[str] = "succeeded"
    words: ClassVar[str] = "became another school"
    to: int


KINDS: tuple[type[Fact], ...] = (
    Signed,
    Attended,
    Led,
    Visited,
    Observed,
    Released,
    NoShow,
    EvaluationReturned,
    Travelled,
    Completed,
    Withdrew,
    Succeeded,
)
KNOWN = {one.kind: one for one in KINDS}
_PLACE = {one: place for place, one in enumerate(KINDS)}
PAID: tuple[type[Fact], ...] = (
    Attended,
    Led,
    Visited,
    Observed,
    Released,
    NoShow,
    Travelled,
)  # each may earn by itself


@dataclass(frozen=True, slots=True)
class Buckets:
    """The facts of each kind in order, each id once; `doubled` are those whose id another fact of the kind bears."""

    of: Mapping[type[Fact], list[Any]]
    doubled: tuple[Fact, ...]


def buckets(facts: Iterable[Fact]) -> Buckets:
    """The facts by kind, whatever their order was. Of two with one id and other words the greater counts."""
    by_kind: dict[type[Fact], dict[str, Fact]] = {one: {} for one in KINDS}
    doubled: set[Fact] = set()
    for fact in facts:
        bucket = by_kind[type(fact)]
        known = bucket.setdefault(fact.id, fact)
        if known is not fact and known != fact:
            bucket[fact.id] = max(known, fact)
            doubled.add(min(known, fact))
    held = {kind: sorted(found.values(), key=attrgetter("day", "id")) for kind, found in by_kind.items()}
    return Buckets(held, tuple(in_order(doubled)))


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """By day, then by kind, then by id: the same list whatever order they came in."""
    return sorted(sorted(facts, key=repr), key=lambda fact: (fact.day, _PLACE[type(fact)], fact.id))


_USUAL = {one: tuple((each.name, each.default) for each in fields(one)) for one in KINDS}


def to_data(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """As they are kept and sent: only what differs from a kind's usual value, in order."""
    return [_data(fact) for fact in in_order(facts)]


def _data(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": fact.kind}
    for name, usual in _USUAL[type(fact)]:
        value = getattr(fact, name)
        if value != usual:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def from_data(stored: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """The facts out of what `to_data` made; raises KeyError for a kind nobody knows, TypeError for a strange field."""
    return tuple(_fact(one) for one in stored)


def _fact(stored: Mapping[str, Any]) -> Fact:
    values = {name: value for name, value in stored.items() if name != "kind"}
    values["day"] = date.fromisoformat(values["day"])
    if "role" in values:
        values["role"] = Payee(values["role"])
    return KNOWN[stored["kind"]](**values)
