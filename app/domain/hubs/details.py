"""What a hub says of itself: its code, its name and the times of its half-days."""

import re
from dataclasses import dataclass
from datetime import time

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Hours:
    """When the hub's half-days start and end, London time."""

    morning_starts: time = time(9, 15)
    morning_ends: time = time(12, 0)
    afternoon_starts: time = time(13, 0)
    afternoon_ends: time = time(15, 15)


def code_fault(code: str) -> str:
    """Why this cannot be a hub's code; empty when it can."""
    if CODE.fullmatch(code):
        return ""
    return "A hub's code is up to 20 letters, digits and hyphens, such as SW or NCP26-11: it stands in addresses."


def name_fault(name: str) -> str:
    """Why this cannot be a hub's name; empty when it can."""
    if 0 < len(name.strip()) <= LONGEST_NAME:
        return ""
    return f"Enter the hub's name, at most {LONGEST_NAME} characters."


def hour_faults(hours: Hours) -> dict[str, str]:
    """What is wrong with the times, field by field; empty when they follow each other."""
    found = {}
    if hours.morning_ends <= hours.morning_starts:
        found["morning_ends"] = "The morning has to end after it starts."
    if hours.afternoon_starts < hours.morning_ends:
        found["afternoon_starts"] = "The afternoon cannot start before the morning ends."
    if hours.afternoon_ends <= hours.afternoon_starts:
        found["afternoon_ends"] = "The afternoon has to end after it starts."
    return found
