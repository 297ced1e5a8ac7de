"""What must hold before a rate pays: known kinds of conditions with the numbers a hub sets (docs/rules/money.md)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from app.domain.stages.criteria import Ask, times


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """The school's agreement is signed."""

    kind: ClassVar[str] = "agreement"
    title: ClassVar[str] = "Agreement signed"
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return "The agreement is signed."


@dataclass(frozen=True, slots=True)
class MeetingsAttended:
    """The school was at so many of its Work Group's meetings; of whoever leads: led so many."""

    kind: ClassVar[str] = "meetings"
    title: ClassVar[str] = "Meetings attended"
    asks: ClassVar[tuple[Ask, ...]] = (Ask("least", "Meetings, at least", 1, 40), Ask("of", "Out of", 1, 40))
    least: int = 5
    of: int = 6

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return f"At least {self.least} of {times(self.of, 'meeting')} attended."


@dataclass(frozen=True, slots=True)
class EvaluationReceived:
    """The school's evaluation came back."""

    kind: ClassVar[str] = "evaluation"
    title: ClassVar[str] = "Evaluation received"
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return "The evaluation is returned."


@dataclass(frozen=True, slots=True)
class ProgrammeCompleted:
    """The school completed the programme."""

    kind: ClassVar[str] = "completed"
    title: ClassVar[str] = "Programme completed"
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return "The programme is completed."


@dataclass(frozen=True, slots=True)
class NotOnline:
    """What happened online is not paid; it still counts as attended."""

    kind: ClassVar[str] = "not_online"
    title: ClassVar[str] = "Not for online"
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return "Nothing is paid for what is online."


@dataclass(frozen=True, slots=True)
class LeastMinutes:
    """Somebody must have been there for so many minutes; all of a meeting is always enough."""

    kind: ClassVar[str] = "minutes"
    title: ClassVar[str] = "Long enough"
    asks: ClassVar[tuple[Ask, ...]] = (Ask("least", "Minutes, at least", 1, 600),)
    least: int = 60

    @property
    def says(self) -> str:
        """The sentence a coordinator reads."""
        return f"Whoever came was there for at least {times(self.least, 'minute')}."


OfTheSchool = AgreementSigned | MeetingsAttended | EvaluationReceived | ProgrammeCompleted
OfTheDay = NotOnline | LeastMinutes
Condition = OfTheSchool | OfTheDay
KNOWN: dict[str, Callable[..., Condition]] = {
    one.kind: one
    for one in (AgreementSigned, MeetingsAttended, EvaluationReceived, ProgrammeCompleted, NotOnline, LeastMinutes)
}


def to_data(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """As they are stored and sent."""
    return [{"kind": one.kind, **asdict(one)} for one in conditions]


def from_data(stored: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Out of what `to_data` made; raises KeyError for a kind nobody knows."""
    return tuple(KNOWN[one["kind"]](**{name: value for name, value in one.items() if name != "kind"}) for one in stored)


def faults_of(one: Condition) -> dict[str, str]:
    """What is wrong with a condition, by the name of its number; empty when it can be used."""
    values = asdict(one)
    found = {ask.name: fault for ask in one.asks if (fault := ask.fault(values[ask.name]))}
    if not found and isinstance(one, MeetingsAttended) and one.least > one.of:
        found["least"] = f"Enter at most {one.of}: nobody comes to more meetings than there are."
    return found
