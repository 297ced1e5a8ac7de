"""What a submitted version shows for stages and money: that an event took place, and what was found there.

Free text stays in the version, behind the record's own doors: evidence holds days, minutes, choices and people, says
which boxes were written, and cites its version.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar

from app.domain.notes.forms import EventKind, Field, NoteForm
from app.domain.notes.paths import read

FindingKind = Literal["met", "visited", "observed", "reviewed", "judged", "blocked", "agreed"]
TOOK_PLACE: dict[EventKind, FindingKind] = {"meeting": "met", "visit": "visited", "observation": "observed"}
FOUND: dict[str, FindingKind] = {"areas": "reviewed", "levers": "judged", "barriers": "blocked"}
MINUTES = "minutes"  # a question of this name, a number, says how long it took
TELLING = frozenset({"choice", "date", "person", "number"})  # what evidence may hold of a box


class Kept(Protocol):
    """A place of a submitted version."""

    @property
    def path(self) -> str:
        """Where."""

    @property
    def value(self) -> Any:
        """What."""

    @property
    def by(self) -> uuid.UUID:
        """Who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event that took place. `urn`: the visited or the teacher's school, the host of a meeting.

    `schools` of those who were booked, by person.
    """

    kind: EventKind
    day: date
    starts: datetime
    ends: datetime
    urn: int
    schools: Mapping[uuid.UUID, int] = field(default_factory=dict)

    @property
    def concerned(self) -> tuple[int, ...]:
        """The schools it counts for: the visited one, the teacher's, or all that met."""
        if self.kind != "meeting":
            return (self.urn,)
        return tuple(sorted({self.urn, *self.schools.values()}))

    @property
    def minutes(self) -> int:
        """How long it was planned to take."""
        return int((self.ends - self.starts).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence; `key` names the area, the lever or the barrier's item."""

    urn: int
    kind: FindingKind
    key: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def findings(form: NoteForm, content: Sequence[Kept], happened: Happened) -> tuple[Finding, ...]:
    """All that a version shows.

    What was found is said of one school: the visited one, the teacher's, and in a meeting that of whoever wrote it.
    A barrier that a meeting's leader wrote is no school's until one of them takes it up.
    """
    facts = {"day": happened.day.isoformat(), MINUTES: _minutes(content, happened)}
    took_place = [Finding(urn, TOOK_PLACE[happened.kind], facts=facts) for urn in happened.concerned]
    found = [made for one in form.fields() if one.feeds in FOUND for made in _found(one, content, happened)]
    return (*took_place, *found)


def agreed(happened: Happened, people: Iterable[uuid.UUID]) -> tuple[Finding, ...]:
    """That both sides agreed, for each school concerned."""
    by = sorted(str(person) for person in people)
    return tuple(Finding(urn, "agreed", facts={"by": by}) for urn in happened.concerned)


def _minutes(content: Sequence[Kept], happened: Happened) -> int:
    said = next((one.value for one in content if one.path == MINUTES), None)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else happened.minutes


def _found(one: Field, content: Sequence[Kept], happened: Happened) -> list[Finding]:
    items: dict[str, list[tuple[str, Kept]]] = {}
    for kept in content:
        path = read(kept.path)
        if path and path.field == one.key and path.item and kept.value not in {"", None}:
            items.setdefault(path.item, []).append((path.part, kept))
    made = [_finding(one, key, boxes, happened) for key, boxes in sorted(items.items())]
    return [finding for finding in made if finding]


def _finding(one: Field, key: str, boxes: list[tuple[str, Kept]], happened: Happened) -> Finding | None:
    urn = happened.urn if happened.kind != "meeting" else happened.schools.get(boxes[0][1].by)
    if urn is None:
        return None
    kinds = {part.key: part.kind for part in one.parts}
    facts = {part: kept.value for part, kept in boxes if kinds.get(part) in TELLING}
    return Finding(urn, FOUND[one.feeds], key, {**facts, "written": sorted(part for part, _ in boxes)})


class Row(Protocol):
    """A stored piece of evidence, as far as it counts."""

    @property
    def superseded_at(self) -> datetime | None:
        """When a later version took its place."""


AnyRow = TypeVar("AnyRow", bound=Row)


def standing(rows: Iterable[AnyRow]) -> list[AnyRow]:
    """The evidence that counts: what no later version superseded."""
    return [row for row in rows if row.superseded_at is None]
