"""What people may ask about their data, by when they are answered, and what they may allow.

Source: UK GDPR, Articles 12(3) (one month) and 15 to 21; docs/rules/rights.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST = 4000
SOON = timedelta(days=7)


class Asked(StrEnum):
    """What somebody asks; the value is what the database keeps."""

    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"

    @property
    def says(self) -> str:
        """In words, as a thing."""
        return {"correct": "Correction", "erase": "Erasure", "restrict": "Restriction"}[self.value]

    @property
    def explains(self) -> str:
        """What it means."""
        return {
            "correct": "Something that is held about me is wrong or not complete.",
            "erase": "I want what is held about me to be erased.",
            "restrict": "I want what is held about me to be kept, and not used for now.",
        }[self.value]


class State(StrEnum):
    """Where a request stands; the value is what the database keeps."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"

    @property
    def says(self) -> str:
        """In words."""
        return {"open": "Open", "done": "Done", "refused": "Refused"}[self.value]


def due(asked: date) -> date:
    """One calendar month later; on the month's last day where there is no such day (Article 12(3))."""
    month = asked.month % 12 + 1
    year = asked.year + (asked.month == 12)
    after = date(year + (month == 12), month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, min(asked.day, after.day))


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near the day of an answer is."""

    late: bool
    soon: bool


def nearness(due_on: date, today: date) -> Nearness:
    """Whether the day is over, or comes within a week."""
    return Nearness(due_on < today, today <= due_on <= today + SOON)


def fault_of(text: str, what: str) -> str:
    """What is wrong with what was written; empty when nothing is."""
    if not text.strip():
        return f"Write {what}."
    return f"Write at most {MOST:,} characters." if len(text) > MOST else ""


PHOTOS = "photos"  # the one kind of consent so far
SCHOOL_SAID_NO = "This school does not want photos. Take it out, and write down what it would show."
