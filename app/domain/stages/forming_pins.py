"""What the lead sets before groups are formed: who is with whom, led by whom, may wait; and how many each can lead."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from app.domain.stages.specialists import MOST
from app.kit.errors import Fault
from app.kit.typed import Reader, Typed, whole_number

Kind = Literal["together", "apart", "led_by", "may_wait", "asked"]
KINDS: dict[Kind, str] = {
    "together": "is in one group with",
    "apart": "is not in one group with",
    "led_by": "is led by",
    "may_wait": "may wait for a group",
    "asked": "gets a group although it has a Mastery Specialist",
}
EVERY = "*"  # every school: of those that may wait
ROWS = 3  # for new rules on the page


@dataclass(frozen=True, slots=True)
class Rule:
    """One wish about a school (by its id in the problem) and, where it needs one, another school or a leader."""

    kind: Kind
    school: str
    other: str = ""

    @property
    def written(self) -> str:
        """As a form keeps it."""
        return f"{self.kind} {self.school} {self.other}".strip()


@dataclass(frozen=True, slots=True)
class Pins:
    """All wishes; `most` is how many groups a leader can lead, where that was changed by hand."""

    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    led_by: tuple[tuple[str, str], ...] = ()
    may_wait: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)

    def among(self, schools: Collection[str], leaders: Collection[str]) -> "Pins":
        """What is left of them for these schools and leaders: others have gone."""
        return Pins(
            tuple(each for each in self.together if all(one in schools for one in each)),
            tuple(each for each in self.apart if all(one in schools for one in each)),
            tuple((school, leader) for school, leader in self.led_by if school in schools and leader in leaders),
            frozenset(self.may_wait & set(schools)),
            frozenset(self.asked & set(schools)),
            {person: most for person, most in self.most.items() if person in leaders},
        )


NONE = Pins()


def rules_of(problem: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The wishes that a forming problem holds, in the order of the page."""
    return tuple(_rules(problem))


def _rules(problem: Mapping[str, Any]) -> Iterator[Rule]:
    for each in problem.get("together", ()):
        yield from (Rule("together", each[0], other) for other in each[1:])
    for each in problem.get("apart", ()):
        yield from (Rule("apart", *pair) for pair in combinations(each, 2))
    for one in problem.get("led_by", ()):
        yield Rule("led_by", one["school"], one["leader"])
    schools = problem.get("schools", ())
    waits = [one["id"] for one in schools if one["may_wait"]]
    yield from [Rule("may_wait", EVERY)] if len(waits) == len(schools) > 1 else (Rule("may_wait", key) for key in waits)
    yield from (Rule("asked", one["id"]) for one in schools if one["asked"])


def gathered(rules: Collection[Rule], most: Mapping[str, int], schools: Collection[str]) -> Pins:
    """Rules and numbers as pins."""
    waits = {rule.school for rule in rules if rule.kind == "may_wait"}
    return Pins(
        tuple(sorted({(rule.school, rule.other) for rule in rules if rule.kind == "together"})),
        tuple(sorted({(rule.school, rule.other) for rule in rules if rule.kind == "apart"})),
        tuple(sorted({(rule.school, rule.other) for rule in rules if rule.kind == "led_by"})),
        frozenset(schools if EVERY in waits else waits),
        frozenset(rule.school for rule in rules if rule.kind == "asked"),
        dict(most),
    )


def read_rule(text: str) -> Rule | None:
    """A rule that a form kept; None for anything else."""
    kind, _, rest = text.partition(" ")
    school, _, other = rest.partition(" ")
    known = next((one for one in KINDS if one == kind), None)
    return Rule(known, school, other) if known and school else None


def read_pins(typed: Typed, schools: Collection[str], leaders: Collection[str]) -> Pins:
    """What the form sets: `keep` names rules that stay, `kind_N`, `school_N` and `other_N` a new one.

    `most_PERSON` is how many groups somebody can lead. Raises BadInputError with a fault for each field.
    """
    form = Reader(typed)
    most = {one: form.read(f"most_{one}", _most) for one in sorted(leaders) if typed.text(f"most_{one}")}
    kept = [rule for rule in map(read_rule, typed.every("keep")) if rule and _stands(rule, schools, leaders)]
    new = [rule for number in range(ROWS) if (rule := _new(form, number, schools, leaders))]
    form.finish()
    return gathered([*kept, *new], {one: number for one, number in most.items() if number is not None}, schools)


def _most(text: str) -> int:
    number = whole_number(text)
    if number > MOST:
        raise ValueError(f"Enter at most {MOST} Work Groups.")
    return number


def _stands(rule: Rule, schools: Collection[str], leaders: Collection[str]) -> bool:
    """Whether a rule names schools and leaders that there are."""
    if rule.kind == "may_wait" and rule.school == EVERY:
        return True
    others = leaders if rule.kind == "led_by" else schools
    needs = rule.kind in {"together", "apart", "led_by"}
    return rule.school in schools and (rule.other in others and rule.other != rule.school if needs else not rule.other)


def _new(form: Reader, number: int, schools: Collection[str], leaders: Collection[str]) -> Rule | None:
    """The rule of one row of the form; None where the row was left empty."""
    school, text = form.typed.text(f"school_{number}"), form.typed.text(f"kind_{number}")
    with_school, leader = form.typed.text(f"other_{number}"), form.typed.text(f"leader_{number}")
    if not school and not with_school and not leader:
        return None
    kind = next((one for one in KINDS if one == text), None)
    if kind is None:
        form.faults.append(Fault(f"kind_{number}", "Choose what you wish for this school."))
        return None
    other = {"together": with_school, "apart": with_school, "led_by": leader}.get(kind, "")
    rule = Rule(kind, school, other)
    if school not in schools and not (kind == "may_wait" and school == EVERY):
        form.faults.append(Fault(f"school_{number}", "Choose the school that you wish this for."))
    elif not _stands(rule, schools, leaders):
        field_name, what = ("leader", "who leads it") if kind == "led_by" else ("other", "the other school")
        form.faults.append(Fault(f"{field_name}_{number}", f"Choose {what}."))
    return rule
