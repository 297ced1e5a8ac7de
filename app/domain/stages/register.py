"""What the national register says happened to a school, and what of a hub's own points to it.

Source: docs/rules/register.md. Nothing moves before somebody says so; what is past stays with the school it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_BECAUSE = 500


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of thing that can point to a school: its words for one and for many, and what moving does with it."""

    key: str
    one: str
    many: str
    does: str


THINGS = (
    Thing(
        "enrolments",
        "enrolment that is not completed",
        "enrolments that are not completed",
        "Each goes on at the successor, with its agreement and what is proposed for it.",
    ),
    Thing("approaches", "way into a programme", "ways into a programme", "The successor is on its way instead."),
    Thing("dates", "date ahead", "dates ahead", "Each is at the successor; calendars are told."),
    Thing("groups", "place in a Work Group", "places in Work Groups", "The successor has the place."),
    Thing("participants", "person who takes part", "people who take part", "They come from the successor."),
    Thing("series", "series of visits", "series of visits", "The successor is visited from now on."),
    Thing("people", "person based there", "people based there", "They are based at the successor."),
    Thing("heads", "headteacher", "headteachers", "Whoever is head of the one is head of the other."),
    Thing("invitations", "invitation to join", "invitations to join", "They join from the successor."),
    Thing("barriers", "open barrier", "open barriers", "The successor's leaders own them."),
    Thing("plans", "action plan", "action plans", "The successor goes on with it."),
    Thing(
        "years",
        "year as a school of the hub",
        "years as a school of the hub",
        "The successor takes part with the same calendar, maths and hosting.",
    ),
    Thing("days", "day of its own ahead", "days of its own ahead", "They are the successor's."),
    Thing(
        "claims",
        "open statement",
        "open statements",
        "What was earned until the change stays under the old number; what is earned from then on is the successor's, "
        "once the ledger is brought up to date.",
    ),
    Thing("adjustments", "adjustment to be agreed", "adjustments to be agreed", "Each is for the successor."),
)
BY_KEY: Mapping[str, Thing] = {one.key: one for one in THINGS}


def counted(key: str, count: int) -> str:
    """How many of one kind, in words."""
    thing = BY_KEY[key]
    return f"{count:,} {thing.one if count == 1 else thing.many}"


def listed(counts: Mapping[str, int]) -> str:
    """What was moved, in the order of THINGS, as one sentence's middle; empty when nothing was."""
    said = [counted(one.key, counts[one.key]) for one in THINGS if counts.get(one.key)]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


_MEETS = {
    "enrolments": "{successor} is in {names} already: the old school's enrolment there is recorded as withdrawn.",
    "approaches": "{successor} is on its own way into {names}: the old school's is closed.",
    "groups": "{successor} has a place in {names} already: it keeps one place, and everybody who takes part.",
    "series": (
        "{successor} has its own visits in {names}: those of the old school that are ahead are added to them. Cancel "
        "what is too much."
    ),
    "heads": (
        "{successor} has its own headteacher in the hub, {names}: nobody else becomes its head. Change that on the "
        "person's page."
    ),
    "plans": "{successor} has its own action plan for {names}: open actions of the old one join it.",
    "years": "{successor} works with the hub in {names} already: its own calendar, maths and hosting stay.",
}


def meets(what: str, names: Sequence[str], successor: str) -> str:
    """What becomes of what both schools have, before anybody moves anything."""
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return _MEETS[what].format(successor=successor, names=said)


def happened(kind: str, name: str, successor: str) -> str:
    """What the register says, as a sentence."""
    if kind == "closed":
        then = f" {successor} continues it." if successor else " It names no successor."
        return f"The national register says that {name} has closed.{then}"
    return f"The national register says that {successor or 'another school'} continues {name}."


TAKE_BACK = (
    "Nothing moves back by itself. To take it back, change the school on each page it stands on: Work Groups, dates, "
    "people and enrolments. The trail of the hub holds what was moved."
)
