"""Who signed up and who completed in each programme as of a day: the counts a funder asks for twice a year."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.domain.funding.facts import Completed, Fact, Payee, Signed, Succeeded, Withdrew, buckets
from app.domain.funding.families import families


@dataclass(frozen=True, slots=True)
class Count:
    """Schools of one programme: `signed_up` an agreement by the day, of them `completed` and `withdrew` by the day."""

    programme: str
    signed_up: int
    completed: int
    withdrew: int

    @property
    def going_on(self) -> int:
        """Signed up, and neither completed nor withdrew."""
        return self.signed_up - self.completed - self.withdrew


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The counts as they stood on the day, with the ids of what was counted."""

    day: date
    counts: tuple[Count, ...]
    evidence: tuple[str, ...]


def snapshot(facts: Iterable[Fact], day: date) -> Snapshot:
    """The counts on the day, by programme code; a school under two URNs counts once.

    Completed without an agreement counts as signed up too; who completed and later withdrew counts as completed.
    """
    found = buckets(fact for fact in facts if fact.day <= day)
    schools = families(found.of[Succeeded])
    sets: dict[str, dict[type[Fact], set[int]]] = {}
    evidence: set[str] = set()
    for kind in (Signed, Completed, Withdrew):
        for fact in found.of[kind]:
            if fact.role is not Payee.PARTICIPANT:
                continue
            sets.setdefault(fact.programme, {}).setdefault(kind, set()).add(schools.of(fact.urn))
            evidence.add(fact.id)
    return Snapshot(day, tuple(_count(code, sets[code]) for code in sorted(sets)), tuple(sorted(evidence)))


def _count(programme: str, of: dict[type[Fact], set[int]]) -> Count:
    completed = of.get(Completed, set())
    signed_up = of.get(Signed, set()) | completed
    withdrew = (of.get(Withdrew, set()) & signed_up) - completed
    return Count(programme, len(signed_up), len(completed), len(withdrew))


def spoken_counts(one: Count) -> str:
    """14 signed up, 11 completed, 2 withdrew."""
    return f"{one.signed_up:,} signed up, {one.completed:,} completed, {one.withdrew:,} withdrew"


def to_data(one: Snapshot) -> dict[str, Any]:
    """As it is frozen."""
    return {"day": one.day.isoformat(), "counts": [asdict(each) for each in one.counts], "evidence": list(one.evidence)}


def from_data(stored: Mapping[str, Any]) -> Snapshot:
    """Out of what `to_data` made; raises KeyError, TypeError or ValueError for what it never makes."""
    counts = tuple(Count(**each) for each in stored["counts"])
    return Snapshot(date.fromisoformat(stored["day"]), counts, tuple(stored["evidence"]))
