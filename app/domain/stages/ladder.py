"""The ladder: which stages there are, the states of an enrolment, and where a school stands.

Source: docs/rules/stages.md. Nothing moves because a date passed: every change is somebody's, and recorded as a step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar


class Stage(StrEnum):
    """A rung. Introductory groups prepare for none of them and stand beside the ladder."""

    READINESS = "readiness"
    DEVELOPMENT = "development"
    SUSTAINING = "sustaining"
    INTRODUCTORY = "introductory"

    @property
    def says(self) -> str:
        """Its name on a page."""
        return NAMES[self]


NAMES = {
    Stage.READINESS: "Mastery Readiness",
    Stage.DEVELOPMENT: "Development",
    Stage.SUSTAINING: "Sustaining/Embedding",
    Stage.INTRODUCTORY: "Introductory",
}
# Two kinds of programme, Embedding and Sustaining, are one rung.
RUNGS = {
    "readiness": Stage.READINESS,
    "development": Stage.DEVELOPMENT,
    "embedding": Stage.SUSTAINING,
    "sustaining": Stage.SUSTAINING,
    "introductory": Stage.INTRODUCTORY,
}
ORDER = tuple(RUNGS)  # kinds of programme, as a school goes through them
# From one kind of programme to the next; what stands first is what is offered first.
NEXT: dict[str, tuple[str, ...]] = {
    "readiness": ("development", "introductory", "readiness"),
    "introductory": ("development", "embedding"),
    "development": ("embedding", "sustaining", "development"),
    "embedding": ("sustaining", "embedding"),
    "sustaining": ("sustaining",),
}


class State(StrEnum):
    """How far an enrolment is."""

    APPLIED = "applied"
    AGREED = "agreed"
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"

    @property
    def says(self) -> str:
        """In words."""
        return {"agreed": "agreement signed", "active": "taking part"}.get(self.value, self.value)


OPEN = frozenset({State.APPLIED, State.AGREED, State.ACTIVE})
# Of several enrolments of a year, the first of these says where a school stands.
STANDS = (State.ACTIVE, State.AGREED, State.COMPLETED, State.APPLIED, State.WITHDRAWN)
FOLLOWS: dict[State, tuple[State, ...]] = {
    State.APPLIED: (State.AGREED, State.WITHDRAWN),
    State.AGREED: (State.ACTIVE, State.WITHDRAWN),
    State.ACTIVE: (State.COMPLETED, State.WITHDRAWN),
    State.COMPLETED: (),
    State.WITHDRAWN: (),
}
DAY_OF = {  # the column that says since when
    State.APPLIED: "applied_on",
    State.AGREED: "agreed_on",
    State.ACTIVE: "began_on",
    State.COMPLETED: "completed_on",
    State.WITHDRAWN: "withdrawn_on",
}


class Did(StrEnum):
    """What a step of a school's journey was."""

    REFERRED = "referred"
    APPLIED = "applied"
    SIGNED = "signed"  # the agreement
    UNSIGNED = "unsigned"  # the agreement was withdrawn
    BEGAN = "began"
    REVIEWED = "reviewed"  # system conditions, with leaders
    PROPOSED = "proposed"
    DECLINED = "declined"
    MOVED = "moved"
    COMPLETED = "completed"
    WITHDREW = "withdrew"
    RETURNED = "returned"
    REVERSED = "reversed"
    SUCCEEDED = "succeeded"  # another school took its place in the register

    @property
    def says(self) -> str:
        """In words, after the school's name."""
        return {
            "referred": "was referred",
            "signed": "signed the agreement",
            "unsigned": "no longer has a signed agreement",
            "reviewed": "was reviewed with its leaders",
            "proposed": "was proposed to move",
            "declined": "was not moved",
            "moved": "moved",
            "reversed": "was moved back",
            "succeeded": "was succeeded by another school",
        }.get(self.value, self.value)


class Enrolled(Protocol):
    """A stored enrolment, as far as the ladder reads it."""

    @property
    def kind(self) -> str:
        """Of programme."""

    @property
    def year(self) -> int:
        """Academic year."""

    @property
    def state(self) -> str:
        """How far it is."""


AnyEnrolled = TypeVar("AnyEnrolled", bound=Enrolled)


def stage_of(kind: str) -> Stage:
    """The rung of a kind of programme; raises KeyError for a strange one."""
    return RUNGS[kind]


def standing(enrolments: Iterable[AnyEnrolled], year: int) -> AnyEnrolled | None:
    """Where a school stands in a year: of what it is in, the highest; else what it completed; else what it applied to.

    An enrolment of several years counts in its first year only if the hub enrols the school again in the next.
    """
    of_year = [one for one in enrolments if one.year == year]
    if len(of_year) < 2:
        return of_year[0] if of_year else None
    return min(of_year, key=lambda one: (STANDS.index(State(one.state)), -ORDER.index(one.kind)))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a step cannot be taken, in a sentence that says what to do."""

    because: str


def too_often(times: int, most: int | None, name: str) -> Fault | None:
    """Whether a school that took a programme this often may take it again."""
    if most is not None and times >= most:
        word = "once" if most == 1 else f"{most} times"
        return Fault(f"A school takes {name} {word}. Change that on the programme's page if your hub allows more.")
    return None
