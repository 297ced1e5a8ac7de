"""What keeps money from being claimed, whose turn it is, and the one message that asks each for all of theirs."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.funding.conditions import EvaluationReceived
from app.domain.funding.rates import RateCard

SUBJECT = "What is still missing before the hub can claim"
DAYS_BETWEEN = 3  # nobody is chased twice within so many days
MOST_TOLD = 20


class What(StrEnum):
    """The kinds of things that are missing."""

    AGREEMENT = "agreement"
    ATTENDANCE = "attendance"
    EVALUATION = "evaluation"
    BASE = "base"
    REFERENCE = "reference"


WHAT_WORDS = {
    What.AGREEMENT: "Agreement not signed",
    What.ATTENDANCE: "Nobody has said who came",
    What.EVALUATION: "Evaluation not returned",
    What.BASE: "Leader without a school",
    What.REFERENCE: "No finance reference",
}
OFFICE = "The hub's office"
CHASED = frozenset({What.AGREEMENT, What.ATTENDANCE, What.EVALUATION})  # the office need not write to itself


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """Somebody whose turn it is."""

    name: str
    email: str
    person_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: `says` is its sentence, `tail` where in the hub it is put right.

    `turns` is empty where it is the office's turn, or where nobody is known who could do it.
    """

    what: What
    urn: int
    school: str
    group: str
    says: str
    tail: str
    turns: tuple[Turn, ...] = ()

    @property
    def leads(self) -> str:
        """Where whoever is asked can see it: a head has no list of evaluations, but what the school is paid."""
        return f"/schools/{self.urn}/owed" if self.what is What.EVALUATION else self.tail

    @property
    def whose(self) -> str:
        """Whose turn it is, in words."""
        if self.what not in CHASED:
            return OFFICE
        return " or ".join(one.name for one in self.turns) or "Nobody is known: add a headteacher of the school"


def asks_for_evaluations(card: RateCard) -> bool:
    """Whether some rate is paid only once the evaluation is back."""
    return any(isinstance(one, EvaluationReceived) for rate in card.rates for one in rate.conditions)


def by_person(found: Iterable[Missing]) -> dict[Turn, tuple[Missing, ...]]:
    """What each person can put right, by name; what nobody can is left out."""
    held: dict[Turn, list[Missing]] = {}
    for one in found:
        if one.what in CHASED:
            for turn in one.turns:
                held.setdefault(turn, []).append(one)
    return {turn: tuple(held[turn]) for turn in sorted(held)}


def letter(name: str, hub: str, found: Sequence[Missing]) -> tuple[str, str]:
    """Subject and text that ask somebody for all that waits for them; {page0} and so on stand for addresses."""
    shown = found[:MOST_TOLD]
    points = "\n\n".join(f"{one.says} {{page{place}}}" for place, one in enumerate(shown))
    more = f"\n\nAnd {len(found) - len(shown):,} more, which you find in Halfterm." if len(found) > len(shown) else ""
    return (
        SUBJECT,
        f"Hello {name}\n\n{hub} can claim the next payments once this is done:\n\n{points}{more}\n\nThank you.",
    )
