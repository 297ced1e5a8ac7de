"""How operations on one place come together: whatever order they arrive in, every device ends with the same.

A place keeps the values that no later operation replaced: its heads. Each operation names those it saw and replaces
(`replaces`), so what somebody wrote without having seen another's text stands beside it until a person chooses.
The history is the operations themselves. docs/rules/notes.md tells it in prose.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["applied", "merged", "conflict", "refused"]


@dataclass(frozen=True, slots=True)
class Head:
    """A value that stands at a place, and the operation that put it there."""

    op_id: uuid.UUID
    value: Any


@dataclass(frozen=True, slots=True)
class Fold:
    """What an operation does to its place: the heads that stay, whether it becomes one, and what is told."""

    stays: frozenset[uuid.UUID]
    becomes_head: bool
    outcome: Outcome


def fold(
    new: Head, replaces: Collection[uuid.UUID], heads: Sequence[Head], *, replaced: bool, others_wrote: bool
) -> Fold:
    """Bring an operation to its place.

    `replaced`: an operation that came earlier names this one already. `others_wrote`: the record changed elsewhere
    since the device saw it.
    """
    stays = [head for head in heads if head.op_id not in replaces]
    kept = frozenset(head.op_id for head in stays)
    if replaced:
        return Fold(kept, becomes_head=False, outcome="merged")
    if any(head.value != new.value for head in stays):
        return Fold(kept, becomes_head=True, outcome="conflict")
    return Fold(kept, becomes_head=True, outcome="merged" if others_wrote or stays else "applied")


def texts_apart(heads: Sequence[Head]) -> list[Head]:
    """The heads that differ, the earliest first: more than one is a conflict for a person to settle."""
    apart: list[Head] = []
    for head in sorted(heads, key=lambda one: one.op_id):
        if all(head.value != other.value for other in apart):
            apart.append(head)
    return apart
