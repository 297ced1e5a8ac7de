"""Taking operations into a record: what each becomes, and what is answered. Rules: docs/rules/notes.md."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.notes import paths
from app.domain.notes.forms import NoteForm
from app.domain.notes.paths import Place
from app.domain.notes.registers import Head, Outcome, fold

NOT_YOURS = "You do not take part in this, so you cannot write in its record."
LOCKED = "This record is agreed, so it cannot be changed. Start a correction, then send this again."
NO_PLACE = "The form of this record has no such question. Copy your words to another one."
ANOTHERS = "Only the person whose part this is can write here."
USED_TWICE = "Something else was sent under the same number. Copy your words and write them again."


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of one place, as a device made it; `replaces` names the operations whose values were seen there."""

    op_id: uuid.UUID
    note_id: uuid.UUID
    path: str
    value: Any
    replaces: frozenset[uuid.UUID]
    base_rev: int
    form_version: int
    device_time: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """An event in whose record somebody writes."""

    id: uuid.UUID
    hub_id: uuid.UUID
    kind: str
    group_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as a person of the record's hub, and on which device."""

    person_id: uuid.UUID
    device_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an operation; `rev` is the record's revision that it made, 0 when refused."""

    op_id: uuid.UUID
    outcome: Outcome
    because: str = ""
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """An operation that came before."""

    path: str
    value: Any
    answer: Answer


@dataclass(frozen=True, slots=True)
class Taken:
    """An operation to be kept: where it stands, and which heads it removes."""

    op: Operation
    place: Place
    answer: Answer
    removes: frozenset[uuid.UUID]
    becomes_head: bool


@dataclass(slots=True)
class Desk:
    """A record, open to be written in: what must be known of it to take operations one after another.

    `replaced` holds operations that known ones replace, whether they have come or not. `others_rev` is the newest
    revision that another device made.
    """

    form: NoteForm
    state: str
    rev: int = 0
    others_rev: int = 0
    heads: dict[str, list[Head]] = field(default_factory=dict)
    known: dict[uuid.UUID, Known] = field(default_factory=dict)
    replaced: set[uuid.UUID] = field(default_factory=set)

    def take(self, op: Operation, writer: Writer) -> tuple[Answer, Taken | None]:
        """Decide on one operation and remember it: its answer, and what is to be kept (None: nothing new)."""
        known = self.known.get(op.op_id)
        if known is not None:
            same = known.path == op.path and known.value == op.value
            return (known.answer if same else Answer(op.op_id, "refused", USED_TWICE)), None
        place = paths.place(self.form, op.path)
        because = NO_PLACE if place is None else self._because(place, op.value, writer)
        if place is None or because:
            return Answer(op.op_id, "refused", because), None
        return self._taken(op, place)

    def _because(self, place: Place, value: Any, writer: Writer) -> str:
        if place.path.person is not None and place.path.person != writer.person_id:
            return ANOTHERS
        if self.state == "agreed" and not place.after:
            return LOCKED
        return paths.wrong(place, value)

    def _taken(self, op: Operation, place: Place) -> tuple[Answer, Taken]:
        before = self.heads.get(op.path, [])
        done = fold(
            Head(op.op_id, op.value),
            op.replaces,
            before,
            replaced=op.op_id in self.replaced,
            others_wrote=self.others_rev > op.base_rev,
        )
        self.rev += 1
        answer = Answer(op.op_id, done.outcome, rev=self.rev)
        stays = [head for head in before if head.op_id in done.stays]
        self.heads[op.path] = [*stays, Head(op.op_id, op.value)] if done.becomes_head else stays
        self.known[op.op_id] = Known(op.path, op.value, answer)
        self.replaced |= op.replaces
        removes = frozenset(head.op_id for head in before) - done.stays
        return answer, Taken(op, place, answer, removes, done.becomes_head)


def standing(heads: Mapping[str, list[Head]]) -> dict[str, list[Any]]:
    """The values that stand at each place, in the order of their operations: what every device must end with."""
    return {
        path: [head.value for head in sorted(found, key=lambda one: one.op_id)]
        for path, found in sorted(heads.items())
        if found
    }
