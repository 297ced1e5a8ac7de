"""Rules of risk: plain sentences about a school that a lead can read, switch off and change. Never about a person.

Source: docs/rules/risk.md. Each rule reads facts by the day on which they happened, so that the same rule tells what it
would have said on any day of last year.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.meetings.attendance import absences_in_a_row
from app.domain.stages.entitlement import counted, half_term_of, late_then, windows
from app.domain.stages.watched import Watched
from app.kit.periods import HALF_TERMS, spoken_date

ON, OFF = "on", "off"  # as a form says it
PATIENCE = timedelta(days=28)  # a school that joins late has so long before its agreement is missed


@dataclass(frozen=True, slots=True)
class Flag:
    """What a rule says of a school: the rule's key, and a sentence that names nobody.

    `about` is the event, Work Group, barrier or enrolment where it can be mended.
    """

    key: str
    says: str
    about: uuid.UUID | None = None


Finds = Callable[[Watched, date, int], Flag | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it ships. `says` has {n} for its number; without `least` it has none."""

    key: str
    name: str
    says: str
    finds: Finds
    number: int = 0
    asks: str = ""  # the label of the number's field
    least: int | None = None
    most: int = 0
    why: str = ""

    def words(self, number: int) -> str:
        """The rule with its number, as a sentence."""
        return self.says.format(n=number, half_term=HALF_TERMS[(number - 1) % 6])


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule as a hub has it."""

    rule: Rule
    active: bool
    number: int


def flags(watched: Watched, rules: Iterable[Kept], day: date) -> tuple[Flag, ...]:
    """What the rules that are on say of a school on this day, in their order."""
    if not _takes_part(watched, day):
        return ()
    found = (one.rule.finds(watched, day, one.number) for one in rules if one.active)
    return tuple(flag for flag in found if flag)


def flagged(watched: Watched, rule: Rule, number: int, day: date) -> bool:
    """Whether one rule, with this number, says something of a school on this day."""
    return _takes_part(watched, day) and rule.finds(watched, day, number) is not None


def _takes_part(watched: Watched, day: date) -> bool:
    return not (watched.withdrawn_on and watched.withdrawn_on <= day)


def _absences(school: Watched, day: date, number: int) -> Flag | None:
    missed: list[tuple[int, date, uuid.UUID]] = []
    for place in school.leads(day):
        known = [(when, state) for when, state in place.states if when <= day]
        count = absences_in_a_row([state for _, state in known])
        if count >= number:
            last = max(when for when, state in known if state)
            missed.append((count, last, place.group_id))
    if not missed:
        return None
    count, last, group_id = max(missed)
    who = "A lead participant has" if len(missed) == 1 else f"{len(missed)} lead participants have"
    many = f"{counted(count, 'meeting')} in a row" if count > 1 else "the meeting"
    when = f"the last on {spoken_date(last)}" if count > 1 else f"on {spoken_date(last)}"
    return Flag("absences", f"{who} missed {many}{', ' if count > 1 else ' '}{when}.", group_id)


def _nobody(school: Watched, day: date, number: int) -> Flag | None:
    missed = [one for one in school.meetings if one.day <= day and one.said and one.asked and not one.came]
    if len(missed) < number:
        return None
    last = max(missed, key=lambda one: one.day)
    if len(missed) == 1:
        return Flag("nobody", f"Nobody from the school came to the meeting on {spoken_date(last.day)}.", last.id)
    says = f"Nobody from the school came to {len(missed)} meetings, the last on {spoken_date(last.day)}."
    return Flag("nobody", says, last.id)


def _no_visit(school: Watched, day: date, number: int) -> Flag | None:
    terms = school.terms
    now = half_term_of(terms, day)
    if not terms or day < terms[0].first or (day - terms[now].first).days < 7 * number:
        return None
    for first, last in windows(school.visits.half_terms):
        if last == now and not _visited(school, day, first, last):
            period = "term" if first != last else "half term"
            return Flag("no_visit", f"No visit is held or booked in this {period} ({HALF_TERMS[now]}).")
    return None


def _visited(school: Watched, day: date, first: int, last: int) -> bool:
    """Whether a visit lies between these half terms: held by then, or in the calendar."""
    return any(
        first <= half_term_of(school.terms, one.day) <= last
        for one in school.visits.visits
        if one.became != "held" or one.day <= day
    )


def _behind(school: Watched, day: date, number: int) -> Flag | None:
    held = sum(one.became == "held" and one.day <= day for one in school.visits.visits)
    late = late_then(school.visits.half_terms, school.terms, day, held)
    return Flag("behind", f"{counted(late)} of earlier half terms not held.") if late >= number else None


def _left(school: Watched, day: date, _number: int) -> Flag | None:
    gone = [one for one in school.places if not one.head and one.gone_on and one.gone_on <= day]
    here = len(school.leads(day))
    if not gone or here >= school.wanted:
        return None
    remain = f"{here} of {school.wanted} {'takes' if here == 1 else 'take'} part now" if here else "none takes part now"
    who = "A lead participant has" if len(gone) == 1 else f"{len(gone)} lead participants have"
    return Flag("left", f"{who} left, and {remain}.", gone[-1].group_id)


def _barrier(school: Watched, day: date, number: int) -> Flag | None:
    late = [
        ((day - one.due).days, one.id)
        for one in school.barriers
        if one.made_on <= day and not (one.closed_on and one.closed_on <= day) and (day - one.due).days >= number
    ]
    if not late:
        return None
    days, key = max(late)
    if len(late) == 1:
        return Flag("barrier", f"A barrier is {counted(days, 'day')} past its day.", key)
    return Flag("barrier", f"{len(late)} barriers are past their day, one by {counted(days, 'day')}.", key)


def _head(school: Watched, day: date, _number: int) -> Flag | None:
    for one in school.meetings:
        if one.first and one.said and one.day <= day and not one.head_came:
            return Flag(
                "head", f"Nobody wrote that the head came to the first meeting, {spoken_date(one.day)}.", one.id
            )
    return None


def _agreement(school: Watched, day: date, number: int) -> Flag | None:
    if not school.enrolled_on or not school.terms or (school.signed_on and school.signed_on <= day):
        return None
    by = max(school.terms[min(number, len(school.terms)) - 1].last, school.enrolled_on + PATIENCE)
    return Flag("agreement", "The agreement is not signed.", school.enrolment_id) if by < day else None


def _record(school: Watched, day: date, number: int) -> Flag | None:
    missing = [
        one
        for one in school.records
        if (day - one.day).days >= number and not (one.submitted_on and one.submitted_on <= day)
    ]
    if not missing:
        return None
    first = missing[0]
    if len(missing) == 1:
        return Flag("record", f"The visit on {spoken_date(first.day)} has no record.", first.id)
    says = f"{len(missing)} visits have no record, the first of {spoken_date(first.day)}."
    return Flag("record", says, first.id)


RULES: tuple[Rule, ...] = (
    Rule(
        "absences",
        "Absences in a row",
        "A lead participant missed {n} or more meetings in a row, and has not come since.",
        _absences,
        2,
        "Meetings in a row",
        1,
        6,
        "A stand-in counts as coming; meetings of which nobody said who came are left aside.",
    ),
    Rule(
        "nobody",
        "Nobody came",
        "Nobody from the school came to {n} or more meetings of the year.",
        _nobody,
        1,
        "Meetings",
        1,
        6,
        "Only meetings of which somebody said who came.",
    ),
    Rule(
        "no_visit",
        "No visit this half term",
        "The school is due a visit in this half term, {n} or more weeks of it are over, and none is held or booked.",
        _no_visit,
        2,
        "Weeks into the half term",
        0,
        7,
        "Where a programme gives one visit a term, it speaks in the last half term of the term.",
    ),
    Rule(
        "behind",
        "Visits behind",
        "{n} or more visits that were due in half terms that are over were not held.",
        _behind,
        2,
        "Visits",
        1,
        6,
    ),
    Rule(
        "left",
        "Lead participant left",
        "A lead participant left during the year, and the school has fewer than its programme asks for.",
        _left,
        why="It ends when somebody has taken their place.",
    ),
    Rule(
        "barrier",
        "Barrier past its day",
        "A barrier is open {n} or more days after the day by which a leader meant to see to it.",
        _barrier,
        1,
        "Days past its day",
        1,
        180,
    ),
    Rule(
        "head",
        "Head not at the first meeting",
        "The programme says that the head attends the first meeting, and nobody wrote that they came.",
        _head,
        why="Only where somebody said who came to that meeting.",
    ),
    Rule(
        "agreement",
        "Agreement not signed",
        "The agreement is not signed by the end of half term {n} of the year ({half_term}).",
        _agreement,
        1,
        "Half term of the year, 1 to 6",
        1,
        6,
        "A school that joins later has four weeks.",
    ),
    Rule(
        "record",
        "No record of a visit",
        "A visit was held {n} or more days ago, and no record of it was submitted.",
        _record,
        14,
        "Days after the visit",
        1,
        90,
    ),
)
BY_KEY: Mapping[str, Rule] = {one.key: one for one in RULES}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a hub has otherwise than it ships."""

    key: str
    active: bool
    number: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A rule as a form wants it."""

    active: bool
    number: int
    faults: Mapping[str, str] = field(default_factory=dict)


def kept(chosen: Iterable[Chosen]) -> tuple[Kept, ...]:
    """Every rule as this hub has it; rules that it never touched stand as they ship."""
    own = {one.key: one for one in chosen}
    made = []
    for rule in RULES:
        mine = own.get(rule.key)
        number = mine.number if mine and mine.number is not None else rule.number
        made.append(Kept(rule, mine.active if mine else True, number))
    return tuple(made)


def read_change(rule: Rule, *, active: str, typed: str) -> Change:
    """A rule's form: whether it is on, and its number; `faults` says what to change."""
    faults = {} if active in {ON, OFF} else {"active": "Say whether the rule is on or off."}
    if rule.least is None:
        return Change(active == ON, rule.number, faults)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None
    if number is None or not rule.least <= number <= rule.most:
        faults["number"] = f"Enter a whole number from {rule.least} to {rule.most}."
        number = rule.number
    return Change(active == ON, number, faults)
