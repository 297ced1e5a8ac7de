"""What a school must show before it moves on: known kinds of criteria, each with the numbers a hub sets.

Source: docs/rules/stages.md. A set of criteria is data in versions; a published one never changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, cast

from app.domain.notes.defaults_visit import AREAS, STANDS

LEVELS = tuple(one.key for one in STANDS)  # the lowest first
LEVEL_WORDS = {one.key: one.label for one in STANDS}
AREA_WORDS = {one.key: one.label for one in AREAS}
WEIGHTS = ("high", "medium", "low")
WEIGHT_WORDS = {
    "high": "of high weight",
    "medium": "of medium or high weight",
    "low": "of any weight",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One number or choice of a criterion: a whole number from `least` to `most`, or one of the choices."""

    name: str
    label: str
    least: int = 0
    most: int = 0
    choices: tuple[tuple[str, str], ...] = ()

    def fault(self, value: object) -> str:
        """What to change, in a sentence; empty when it can be used."""
        if self.choices:
            return "" if value in dict(self.choices) else "Choose one of these."
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and self.least <= cast("int", value) <= self.most:
            return ""
        return f"Enter a whole number from {self.least} to {self.most}."


def times(count: int, one: str, many: str = "") -> str:
    """1 visit, 6 visits."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits of the year that were held, each with its submitted record."""

    kind: ClassVar[str] = "visits"
    title: ClassVar[str] = "Visits held"
    tells: ClassVar[str] = "A visit counts once its record is written and submitted."
    asks: ClassVar[tuple[Ask, ...]] = (Ask("least", "Visits, at least", 1, 40),)
    least: int = 6

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return f"At least {times(self.least, 'visit')} held, each with its record."


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings of the Work Group that were held, each with its submitted record."""

    kind: ClassVar[str] = "meetings"
    title: ClassVar[str] = "Meetings held"
    tells: ClassVar[str] = "A meeting of the school's Work Group counts once its record is written and submitted."
    asks: ClassVar[tuple[Ask, ...]] = (Ask("least", "Meetings, at least", 1, 40),)
    least: int = 6

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return f"At least {times(self.least, 'meeting')} of its Work Group held, each with its record."


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas of Mastery Readiness that were found at a level or above, not too long ago."""

    kind: ClassVar[str] = "areas"
    title: ClassVar[str] = "Areas reviewed"
    tells: ClassVar[str] = "The newest review of each area counts, for as many months as you set."
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("areas", "How many of the five areas", 1, len(AREAS)),
        Ask("level", "At this level or above", choices=tuple(LEVEL_WORDS.items())),
        Ask("months", "Reviewed within this many months", 1, 60),
    )
    areas: int = len(AREAS)
    level: str = "establishing"
    months: int = 12

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        many = "All five areas" if self.areas == len(AREAS) else f"{self.areas} of the five areas"
        since = times(self.months, "month")
        return f"{many} reviewed at {LEVEL_WORDS.get(self.level, self.level)} or above within the last {since}."


@dataclass(frozen=True, slots=True)
class NoBarrier:
    """No open barrier of a weight or above."""

    kind: ClassVar[str] = "barriers"
    title: ClassVar[str] = "No open barrier"
    tells: ClassVar[str] = "A barrier is open until a leader of the school has closed it."
    asks: ClassVar[tuple[Ask, ...]] = (Ask("weight", "Barriers that count", choices=tuple(WEIGHT_WORDS.items())),)
    weight: str = "high"

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return f"No open barrier {WEIGHT_WORDS.get(self.weight, self.weight)}."


@dataclass(frozen=True, slots=True)
class Attendance:
    """Each lead participant at so many of the meetings."""

    kind: ClassVar[str] = "attendance"
    title: ClassVar[str] = "Lead participants at meetings"
    tells: ClassVar[str] = (
        "All of a meeting or part of it counts. Somebody who comes in their place counts for the school, "
        "not for the person."
    )
    asks: ClassVar[tuple[Ask, ...]] = (
        Ask("least", "Each lead participant at this many meetings", 1, 40),
        Ask("of", "Out of this many", 1, 40),
    )
    least: int = 5
    of: int = 6

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return f"Each lead participant at {self.least} of {times(self.of, 'meeting')} at least."


@dataclass(frozen=True, slots=True)
class Signed:
    """The agreement is signed."""

    kind: ClassVar[str] = "agreement"
    title: ClassVar[str] = "Agreement signed"
    tells: ClassVar[str] = "By the head on the page, or on paper and entered by the office."
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return "The agreement is signed."


@dataclass(frozen=True, slots=True)
class Planned:
    """The head has agreed the year's action plan."""

    kind: ClassVar[str] = "plan"
    title: ClassVar[str] = "Action plan agreed"
    tells: ClassVar[str] = "A plan that is written but not agreed by the head counts as partly."
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return "The head has agreed the school's action plan of the year."


@dataclass(frozen=True, slots=True)
class HeadFirst:
    """The head came to the first meeting."""

    kind: ClassVar[str] = "head_first"
    title: ClassVar[str] = "Head at the first meeting"
    tells: ClassVar[str] = (
        "All of the meeting or part of it counts. Somebody who comes in their place counts as partly."
    )
    asks: ClassVar[tuple[Ask, ...]] = ()

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        return "The head was at the first meeting of the Work Group."


@dataclass(frozen=True, slots=True)
class Reviews:
    """System conditions reviewed with the school's leaders."""

    kind: ClassVar[str] = "reviews"
    title: ClassVar[str] = "System conditions reviewed"
    tells: ClassVar[str] = "A review with the school's leaders in the academic year."
    asks: ClassVar[tuple[Ask, ...]] = (Ask("least", "Reviews, at least", 1, 12),)
    least: int = 2

    @property
    def says(self) -> str:
        """The sentence a lead reads."""
        often = {1: "once", 2: "twice"}.get(self.least, f"{self.least} times")
        return f"System conditions reviewed with the school's leaders at least {often} in the year."


Criterion = Visits | Meetings | Areas | NoBarrier | Attendance | Signed | Planned | HeadFirst | Reviews
KNOWN: dict[str, Callable[..., Criterion]] = {
    one.kind: one for one in (Signed, Visits, Meetings, Attendance, HeadFirst, Areas, Reviews, NoBarrier, Planned)
}


@dataclass(frozen=True, slots=True)
class CriteriaOf:
    """All that a school must show to leave one kind of programme, in one version; each kind of criterion once."""

    kind: str
    version: int
    items: tuple[Criterion, ...]


def _shipped(kind: str, *items: Criterion) -> CriteriaOf:
    return CriteriaOf(kind, 1, items)


DEFAULTS: dict[str, CriteriaOf] = {
    one.kind: one
    for one in (
        _shipped(
            "readiness",
            Signed(),
            Visits(6),
            Attendance(5, 6),
            HeadFirst(),
            Areas(5, "establishing", 12),
            Reviews(2),
            NoBarrier("high"),
            Planned(),
        ),
        _shipped("introductory", Signed(), Meetings(6), Attendance(4, 6), HeadFirst(), NoBarrier("high")),
        _shipped(
            "development",
            Signed(),
            Visits(3),
            Meetings(6),
            Attendance(5, 6),
            Areas(3, "establishing", 12),
            NoBarrier("high"),
            Planned(),
        ),
        _shipped("embedding", Signed(), Meetings(6), Attendance(4, 6), NoBarrier("high")),
        _shipped("sustaining", Signed(), Meetings(4), Attendance(4, 6), NoBarrier("high")),
    )
}


def to_data(items: Iterable[Criterion]) -> list[dict[str, Any]]:
    """As they are stored and sent."""
    return [{"kind": one.kind, **asdict(one)} for one in items]


def from_data(kind: str, version: int, stored: Sequence[Mapping[str, Any]]) -> CriteriaOf:
    """The set out of what `to_data` made; raises KeyError for a kind nobody knows."""
    items = (KNOWN[one["kind"]](**{name: value for name, value in one.items() if name != "kind"}) for one in stored)
    return CriteriaOf(kind, version, tuple(items))


def faults_of(one: Criterion) -> dict[str, str]:
    """What is wrong with a criterion a hub wrote, by the name of its number; empty when it can be used."""
    values = asdict(one)
    found = {ask.name: fault for ask in one.asks if (fault := ask.fault(values[ask.name]))}
    if not found and isinstance(one, Attendance) and one.least > one.of:
        found["least"] = f"Enter at most {one.of}: nobody comes to more meetings than there are."
    return found


def differences(old: CriteriaOf, new: CriteriaOf) -> tuple[str, ...]:
    """What another version changes, in sentences: what is added, what is no longer asked, what reads otherwise."""
    before, after = ({one.kind: one for one in each.items} for each in (old, new))
    return (
        *(f"New: {one.says}" for kind, one in after.items() if kind not in before),
        *(f"No longer asked: {one.says}" for kind, one in before.items() if kind not in after),
        *(
            f"Was: {before[kind].says} Now: {one.says}"
            for kind, one in after.items()
            if kind in before and before[kind] != one
        ),
    )
