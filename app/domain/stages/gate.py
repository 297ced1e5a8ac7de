"""The gate: what of its criteria a school has met, what shows it, and what would meet the rest.

Source: docs/rules/stages.md.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

ProofKind = Literal["event", "evidence", "barrier", "agreement", "plan", "review"]


class Standing(StrEnum):
    """How far a criterion is."""

    MET = "met"
    PARTLY = "partly"
    MISSING = "missing"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact that a verdict rests on, or that no longer counts. `event_id`: whose record shows it, of evidence."""

    kind: ProofKind
    id: uuid.UUID
    day: date | None
    counts: bool
    event_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion: what it says, how far it is, what there is, what would meet it and by when."""

    key: str
    says: str
    state: Standing
    have: str
    wants: str
    by: date | None
    proof: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An enrolment held against the criteria in use; `criteria_id` is empty while the hub has those that ship."""

    criteria_id: uuid.UUID | None
    version: int
    verdicts: tuple[Verdict, ...]

    @property
    def all_met(self) -> bool:
        """Whether nothing is left to show."""
        return all(one.state is Standing.MET for one in self.verdicts)

    def count(self, state: Standing) -> int:
        """How many criteria stand so."""
        return sum(one.state is state for one in self.verdicts)


def as_data(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as a snapshot keeps them: ids, days and numbers, nobody's name."""
    return [
        {
            "key": one.key,
            "says": one.says,
            "state": one.state.value,
            "have": one.have,
            "wants": one.wants,
            "by": one.by and one.by.isoformat(),
            "proof": [
                {
                    "kind": proof.kind,
                    "id": str(proof.id),
                    "day": proof.day and proof.day.isoformat(),
                    "counts": proof.counts,
                    **({"event_id": str(proof.event_id)} if proof.event_id else {}),
                }
                for proof in one.proof
            ],
        }
        for one in verdicts
    ]


def from_data(stored: Iterable[dict[str, Any]]) -> tuple[Verdict, ...]:
    """Verdicts out of a snapshot's `verdicts`."""
    return tuple(
        Verdict(
            key=one["key"],
            says=one["says"],
            state=Standing(one["state"]),
            have=one["have"],
            wants=one["wants"],
            by=_day(one["by"]),
            proof=tuple(
                Proof(
                    kind=proof["kind"],
                    id=uuid.UUID(proof["id"]),
                    day=_day(proof["day"]),
                    counts=proof["counts"],
                    event_id=uuid.UUID(proof["event_id"]) if proof.get("event_id") else None,
                )
                for proof in one["proof"]
            ),
        )
        for one in stored
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
