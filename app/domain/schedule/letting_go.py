"""What could be let go, as it is kept with a proposal, and what choosing several of them together asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.schedule.problem import Problem
from app.domain.schedule.relaxing import RULES, Choice
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import WEEKDAYS

ANEW = "Somebody looked for ways out anew while you had this page open. Look at them once more, then choose."
NOT_HERE = "Observations follow from the programme: change there in which half terms teachers are observed."
WAITING = "would no longer wait for it."  # a meeting is left out as a half term of its group, and they go with it
PLACES = frozenset(RULES.values())  # kinds that let one event through at one place; the others change facts


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could be let go. `exists`: whether a plan exists then (None: not known in the time given).

    `sets` is what it writes: a place as `fixed` has it, or the new value of a fact.
    """

    kind: str
    about: str
    says: str
    means: tuple[str, ...]
    exists: bool | None
    sets: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Names it among the offers of a proposal."""
        return f"{self.kind} {self.about}"

    @property
    def is_place(self) -> bool:
        """Whether it lets one event through, rather than change a fact."""
        return self.kind in PLACES

    @property
    def event(self) -> str:
        """The event it lets through, leaves out or lets move; empty where it changes another fact."""
        return str(next((self.sets[each] for each in ("event", "left_out", "let_move") if each in self.sets), ""))

    @property
    def can_be_taken(self) -> bool:
        """Whether choosing it has something to write: an observation is left out by changing its programme."""
        return self.kind != "leave_out" or "/" in self.about


def offered(choice: Choice, *, exists: bool | None) -> Offer:
    """A choice that was tried, without the problem it makes."""
    means = tuple(each for each in choice.consequences if not each.endswith(WAITING))
    return Offer(choice.kind, choice.about, choice.says, means, exists, _sets(choice))


def _sets(choice: Choice) -> dict[str, Any]:
    problem = choice.problem
    if choice.kind in PLACES:
        placed = problem.fixed[-1]
        sets = {"event": placed.event, "date": placed.date.isoformat(), "slot": placed.slot}
        return sets | ({"host": placed.host} if placed.host else {})
    if choice.kind == "shorter_gap":
        gaps = {each.id: each.least_gap for each in problem.groups} | {
            each.id: each.least_gap for each in problem.visits
        }
        return {"least_gap": gaps[choice.about]}
    if choice.kind == "more_days":
        return {"works": _works(problem, choice.about)}
    if choice.kind == "more_a_day":
        return {"meetings_per_day": problem.meetings_per_day}
    return {"let_move" if choice.kind == "let_move" else "left_out": choice.about}


def _works(problem: Problem, person: str) -> dict[str, list[str]]:
    works: dict[str, list[str]] = {}
    for day, slot in sorted(problem.person[person].works):
        works.setdefault(WEEKDAYS[day], []).append(slot)
    return works


def as_json(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """Offers as JSON values."""
    return [asdict(offer) | {"means": list(offer.means)} for offer in offers]


def from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Offer, ...]:
    """Offers as they were kept."""
    return tuple(Offer(**{**row, "means": tuple(row["means"])}) for row in rows)


def places(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """The places among these offers, as `fixed` has them."""
    return [dict(offer.sets) for offer in offers if offer.is_place]


def clash(offers: Sequence[Offer]) -> str:
    """Why these cannot be chosen together: two of them are about the same event; empty when they can."""
    seen: dict[str, Offer] = {}
    for offer in offers:
        event = offer.event
        if event and event in seen:
            both = f"{seen[event].says.rstrip('.')}” and “{offer.says.rstrip('.')}"
            return f"“{both}” are about the same date: choose one of them."
        if event:
            seen[event] = offer
    return ""


def chosen(kept: Mapping[str, Any] | None, keys: Iterable[str], seen: str) -> tuple[Offer, ...]:
    """The offers with these keys among those kept; `seen` is when what was on the page had been found.

    Raises StaleError, and BadInputError when they cannot be chosen like that.
    """
    kept = kept or {}
    if not seen or kept.get("at") != seen:
        raise StaleError(ANEW)
    by_key = {offer.key: offer for offer in from_json(kept["offers"])}
    offers = tuple(by_key[key] for key in dict.fromkeys(keys) if key in by_key)
    because = clash(offers) if offers else "Tick what you would let go."
    because = because or next((NOT_HERE for offer in offers if not offer.can_be_taken), "")
    if because:
        raise BadInputError("Nothing has been proposed yet.", (Fault("take", because),))
    return offers
