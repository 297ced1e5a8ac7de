"""What a hub writes of a person, and what may be wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.access import Role
from app.domain.imports import read_email

LONGEST_NAME = 120
PHONE = re.compile(r"(\+?[0-9][0-9 ().-]{4,28}( ?(x|ext\.?) ?[0-9]{1,6})?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPerson:
    """A person as typed: half-days as `{"mon": ["am"]}`, schools by URN."""

    name: str
    email: str
    phone: str = ""
    roles: tuple[Role, ...] = ()
    head_of: tuple[int, ...] = ()
    works: Mapping[str, Sequence[str]] = field(default_factory=dict)
    base_urn: int | None = None
    cohort: str = ""


def faults_of(person: WrittenPerson) -> dict[str, str]:
    """What is wrong, field by field, in sentences; empty when the person can be written."""
    found = {}
    if not 0 < len(person.name.strip()) <= LONGEST_NAME:
        found["name"] = f"Enter their name, at most {LONGEST_NAME} characters."
    try:
        read_email(person.email)
    except ValueError as problem:
        found["email"] = str(problem)
    if not PHONE.fullmatch(person.phone.strip()):
        found["phone"] = "Write the number with digits and blanks, like 07700 900123, or leave it empty."
    if Role.HEADTEACHER in person.roles and not person.head_of:
        found["head_of"] = "Say which school they are head of, by its URN."
    if person.head_of and Role.HEADTEACHER not in person.roles:
        found["head_of"] = "Only a headteacher is head of a school: tick Headteacher too, or empty this."
    return found
