"""How far Mastery Specialists are, how many Work Groups each can lead, and what of it does not fit.

Source: docs/rules/specialists.md. What does not fit is told, not forbidden: the office knows more than a rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_year

MOST = 12  # Work Groups that one person can be said to lead in a year
LONGEST_NOTE = 500


class Stand(StrEnum):
    """How far a Specialist is. In training they change their own classroom first, and lead nobody's group."""

    RECRUITED = "recruited"
    TRAINING = "training"
    LEADING = "leading"
    RESTING = "resting"
    LEFT = "left"

    @property
    def says(self) -> str:
        """In words."""
        return {"training": "in training", "left": "left the programme"}.get(self.value, self.value)


UNSAID = "not said yet"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one Specialist can lead in a year and what they lead; `state` is empty until somebody says it."""

    state: Stand | None
    most: int
    led: int
    gone: bool = False  # has left the hub
    began: int | None = None  # the academic year in which their cohort was trained

    @property
    def can(self) -> int:
        """Work Groups that they can lead this year."""
        return self.most if self.state is Stand.LEADING and not self.gone else 0

    @property
    def free(self) -> int:
        """Work Groups that they could take on."""
        return max(0, self.can - self.led)

    @property
    def coming(self) -> int:
        """Work Groups that they can lead once they are trained."""
        return self.most if self.state in {Stand.RECRUITED, Stand.TRAINING} and not self.gone else 0


@dataclass(frozen=True, slots=True)
class Total:
    """What a hub's Specialists can lead, lead and could take on, and what comes with those in training."""

    can: int
    led: int
    free: int
    coming: int


def total(everybody: Iterable[Capacity]) -> Total:
    """The hub's, or a cohort's, own."""
    known = list(everybody)
    return Total(
        sum(one.can for one in known),
        sum(one.led for one in known),
        sum(one.free for one in known),
        sum(one.coming for one in known),
    )


def told(one: Capacity, year: int) -> tuple[str, ...]:
    """What does not fit together, as sentences for the office; none when all is well."""
    said = []
    groups = "1 Work Group" if one.led == 1 else f"{one.led} Work Groups"
    if one.gone and one.state not in {Stand.LEFT, None}:
        said.append("Has left the hub: say so here as well.")
    if one.led and one.state in {Stand.RECRUITED, Stand.TRAINING}:
        said.append(f"Leads {groups}, although the training year is for their own classroom.")
    elif one.led and (one.gone or one.state in {Stand.RESTING, Stand.LEFT}):
        said.append(f"Still leads {groups}: hand over, or change the state.")
    elif one.state is Stand.LEADING and one.led > one.most:
        said.append(f"Leads {groups}, more than they can.")
    if one.state is Stand.LEADING and one.began is not None and one.began >= year:
        said.append(f"Their cohort is trained in {spoken_year(one.began)}: they lead from the next year.")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class Said:
    """What the office says of a Specialist."""

    state: Stand
    since: date
    most: int
    note: str = ""


def check(said: Said, today: date, *, gone: bool) -> None:
    """Raise BadInputError for what cannot be."""
    faults = []
    if gone and said.state is not Stand.LEFT:
        faults.append(Fault("state", "They have left the hub: choose that they left."))
    if said.since > today:
        faults.append(Fault("since", "Choose a day that is not ahead."))
    if said.most > MOST:
        faults.append(Fault("most", f"Enter at most {MOST} Work Groups."))
    if said.state is Stand.LEFT and said.most:
        faults.append(Fault("most", "Somebody who has left can lead none: enter 0."))
    if len(said.note) > LONGEST_NOTE:
        faults.append(Fault("note", f"Use at most {LONGEST_NOTE} characters."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
