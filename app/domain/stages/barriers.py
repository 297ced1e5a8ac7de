"""Barriers: what in a school's systems stands in the way. A leader owns each, never whoever takes part.

Source: docs/rules/school-plans.md.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.domain.imports import read_date
from app.domain.notes.defaults_visit import LEVERS
from app.domain.schools.keeping import CHECK
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_date
from app.kit.typed import Reader, Typed

LONGEST_WHAT, LONGEST_OWNER, LONGEST_BECAUSE = 1000, 100, 1000
FURTHEST_YEARS = 3
OTHER = "other"  # the owner is no person of the hub: named by their part
LEVER_NAMES = {one.key: one.label for one in LEVERS}
HEADS = frozenset({"head", "headteacher", "head teacher", "acting head", "acting headteacher", "executive head"})
NO_LEADER = re.compile(
    r"(?:class |classroom |supply |lead )?teachers?|(?:lead )?participants?|teaching assistants?|tas?", re.IGNORECASE
)


class Weight(StrEnum):
    """How much it stands in the way, in words."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def says(self) -> str:
        """What it means."""
        return {
            "high": "High: the school cannot move on while it stands",
            "medium": "Medium: it slows the school down",
            "low": "Low: worth a leader's eye",
        }[self.value]


STATES = {"open": "Open", "done": "Dealt with", "dropped": "Dropped"}


class Candidate(Protocol):
    """A person of the hub who might own a barrier."""

    @property
    def id(self) -> UUID:
        """Who."""

    @property
    def name(self) -> str:
        """As the hub writes it."""

    @property
    def heads(self) -> bool:
        """Whether they are head of this school."""

    @property
    def takes_part(self) -> str:
        """The Work Group in which they take part other than as a head; empty when they do not."""


def own(person: Candidate | None, words: str, taking_part: Collection[str]) -> Fault | None:
    """Why this owner cannot be: every path that names one asks here.

    `words` is a leader's part, where no person of the hub is named; `taking_part` are the names of the school's people
    in Work Groups.
    """
    if person is not None:
        return _own(person)
    said = " ".join(words.split())
    if not said:
        return Fault("owner", "Choose who sees to it: the head, or another leader by their part.")
    if NO_LEADER.fullmatch(said):
        because = "A barrier belongs to a leader, never to a teacher. Write a leader's part, such as Deputy head."
        return Fault("part", because)
    named = next((name for name in taking_part if _names(said, name)), "")
    return Fault("part", _refused(named, "a Work Group")) if named else None


def _own(person: Candidate) -> Fault | None:
    if person.takes_part:
        return Fault("owner", _refused(person.name, person.takes_part))
    if not person.heads:
        because = f"{person.name} is not head of this school. Name another leader by their part, such as Deputy head."
        return Fault("owner", because)
    return None


def _refused(name: str, group: str) -> str:
    return (
        f"{name} takes part in {group}. What stands in the way belongs to a leader, never to whoever takes part: "
        "choose the head, or another leader by their part."
    )


def _names(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said, re.IGNORECASE) is not None


def takes_part_as_head(role: str) -> bool:
    """Whether a part in a Work Group, in the hub's own words, is that of the head: programmes ask heads to come."""
    return " ".join(role.casefold().split()) in HEADS


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a barrier or an action: a person of the hub, else a part in words."""

    person_id: UUID | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class BarrierChange:
    """What can be written of a barrier."""

    lever: str
    what: str
    weight: Weight
    owner: Owner
    due: date


def read_barrier(
    typed: Typed, candidates: Sequence[Candidate], taking_part: Collection[str], days: "Days"
) -> BarrierChange:
    """A barrier as typed. Raises BadInputError with a fault for each field."""
    form = Reader(typed)
    lever = form.read("lever", read_lever)
    what = form.read("what", lambda text: words(text, LONGEST_WHAT, "Write what stands in the way, in a sentence."))
    weight = form.read("weight", read_weight)
    due = form.read("due", days.read)
    owner = read_owner(typed, candidates, taking_part, form.faults)
    form.finish()
    assert lever and what and weight and due and owner  # noqa: S101, PT018  finish() raised otherwise
    return BarrierChange(lever, what, weight, owner, due)


def read_lever(text: str) -> str:
    """One of the five levers; raises ValueError with a sentence."""
    if text not in LEVER_NAMES:
        raise ValueError("Choose where it sits.")
    return text


def read_weight(text: str) -> Weight:
    """How much it stands in the way; raises ValueError with a sentence."""
    if text not in set(Weight):
        raise ValueError("Choose how much it stands in the way.")
    return Weight(text)


def read_owner(
    typed: Typed, candidates: Sequence[Candidate], taking_part: Collection[str], faults: list[Fault], end: str = ""
) -> Owner | None:
    """The owner as typed under `owner` and `part` (with this ending); what is wrong goes to the faults."""
    chosen, part = typed.text(f"owner{end}"), " ".join(typed.text(f"part{end}").split())
    person = next((one for one in candidates if str(one.id) == chosen), None)
    if chosen and chosen != OTHER and person is None:
        faults.append(Fault(f"owner{end}", "Choose the head, or another leader by their part."))
        return None
    if len(part) > LONGEST_OWNER:
        faults.append(Fault(f"part{end}", f"Keep the part to {LONGEST_OWNER} characters."))
        return None
    if chosen == OTHER and not part:
        faults.append(Fault(f"part{end}", "Write the leader's part, such as Deputy head."))
        return None
    if wrong := own(person, part, taking_part):
        faults.append(Fault(wrong.path + end, wrong.because))
        return None
    return Owner(person.id) if person else Owner(None, part)


def words(text: str, longest: int, otherwise: str = "") -> str:
    """A text of so many characters; raises ValueError with a sentence, also where one is asked for and none there."""
    if otherwise and not text:
        raise ValueError(otherwise)
    if len(text) > longest:
        raise ValueError(f"Keep this to {longest:,} characters: there are {len(text):,}.")
    return text


@dataclass(frozen=True, slots=True)
class Days:
    """Which days may be named: from the first to the last; `kept` is the day that stood there before."""

    first: date
    last: date
    kept: date | None = None

    def read(self, text: str) -> date:
        """A day in words or figures; raises ValueError with a sentence."""
        if not text:
            raise ValueError("Enter a day, such as 15/1/2027.")
        day = read_date(text)
        if day != self.kept and not self.first <= day <= self.last:
            raise ValueError(f"Choose a day from {spoken_date(self.first)} to {spoken_date(self.last)}.")
        return day


def ahead(today: date, kept: date | None = None) -> Days:
    """Days on which something is to be done: from today on, three years at most."""
    return Days(today, date(today.year + FURTHEST_YEARS, today.month, min(today.day, 28)), kept)


def is_overdue(state: str, due: date | None, today: date) -> bool:
    """Whether it is open after its day. Nothing else follows from that: it is told, and stays open."""
    return state == "open" and due is not None and due < today


def told_due(state: str, due: date, today: date) -> str:
    """By Friday 15 January 2027; a day that is over is said."""
    if is_overdue(state, due, today):
        late = (today - due).days
        return f"{spoken_date(due)}, {late} day{'s' if late > 1 else ''} ago"
    return spoken_date(due)


def read_closing(typed: Typed) -> tuple[str, str]:
    """How a barrier ends, and what was done or why it is dropped. Raises BadInputError."""
    faults = []
    state, because = typed.text("state"), typed.text("because")
    if state not in {"done", "dropped"}:
        faults.append(Fault("state", "Choose how it ends."))
    if not because:
        faults.append(Fault("because", "Say what was done, or why it is dropped, in a sentence."))
    elif len(because) > LONGEST_BECAUSE:
        faults.append(Fault("because", f"Keep this to {LONGEST_BECAUSE:,} characters: there are {len(because):,}."))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    return state, because
