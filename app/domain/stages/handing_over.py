"""Open actions that go along when somebody hands over: barriers, actions of a school's plan, their own gap tasks.

Source: docs/rules/people.md. A barrier is a leader's and never goes to somebody who takes part; what belongs to a
school stays among its people.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.meetings.handing_over import Chosen

NOUNS = {
    "barriers": ("open barrier", "open barriers"),
    "actions": ("action of the plan", "actions of the plan"),
    "tasks": ("open gap task", "open gap tasks"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What of one kind somebody holds at one school; `ids` are rows, a gap task's as EVENT/ITEM."""

    kind: str  # barriers, actions, tasks
    urn: int
    school: str
    ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in forms."""
        return f"{self.kind}-{self.urn}"

    @property
    def words(self) -> str:
        """How many of what, and where."""
        one, many = NOUNS[self.kind]
        of = f" of {self.school}" if self.school else ""
        return f"{len(self.ids)} {one if len(self.ids) == 1 else many}{of}"


@dataclass(frozen=True, slots=True)
class Ties:
    """What somebody is at schools: of which they are head, from which they come, and in what they take part."""

    heads: frozenset[int] = frozenset()
    at: frozenset[int] = frozenset()
    takes_part: str = ""  # the Work Group in which they take part other than as a head


@dataclass(frozen=True, slots=True)
class Gives:
    """What goes to whom."""

    held: Held
    taker: uuid.UUID


@dataclass(frozen=True, slots=True)
class Stays:
    """What stays although somebody was chosen, and why."""

    held: Held
    because: str


def against(held: Held, name: str, ties: Ties) -> str:
    """Why this person cannot take it on, as a sentence; empty when they can."""
    where = held.school or "that school"
    if held.kind == "barriers" and held.urn not in ties.heads:
        if ties.takes_part:
            return f"{name} takes part in {ties.takes_part}: a barrier is a leader's, never a participant's."
        return f"{name} does not lead {where}."
    if held.urn and held.urn not in ties.heads | ties.at:
        return f"{name} does not work at {where}."
    return ""


def settle(
    everything: Iterable[Held], chosen: Chosen, takers: Mapping[uuid.UUID, tuple[str, Ties]]
) -> tuple[tuple[Gives, ...], tuple[Stays, ...]]:
    """What goes to whom, and what stays although somebody was chosen for it; `takers`: name and ties by id."""
    gives: list[Gives] = []
    stays: list[Stays] = []
    for held in everything:
        taker = chosen.of_thing(held.key)
        if taker is None or taker not in takers:
            continue
        because = against(held, *takers[taker])
        if because:
            stays.append(Stays(held, because))
        else:
            gives.append(Gives(held, taker))
    return tuple(gives), tuple(stays)


def with_roles(ties: Mapping[uuid.UUID, Ties], roles: Mapping[str, uuid.UUID]) -> dict[uuid.UUID, Ties]:
    """The same once roles have gone along: whoever becomes head of a school in the same act leads it."""
    known = dict(ties)
    for key, taker in roles.items():
        role, _, urn = key.removeprefix("role-").rpartition("-")
        if role == "headteacher" and urn.isdigit() and int(urn):
            own = known.get(taker, Ties())
            known[taker] = replace(own, heads=own.heads | {int(urn)})
    return known


def told(everything: Sequence[Held]) -> list[str]:
    """What there was to see, for the digest that the act compares."""
    return sorted(f"{one.key} {' '.join(sorted(one.ids))}" for one in everything)
