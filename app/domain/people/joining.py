"""Invitations into a hub: who is asked as what, how an invitation stands, and what its letter says.

Source: docs/rules/people.md.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.domain.access import Role
from app.domain.imports import read_email
from app.domain.people.written import LONGEST_NAME

LASTS = timedelta(days=14)
MOST_AT_ONCE = 60
LONGEST_NOTE = 1000

Standing = Literal["waiting", "accepted", "declined", "withdrawn", "run out"]
STANDINGS: dict[Standing, str] = {
    "waiting": "Waiting",
    "accepted": "Accepted",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
    "run out": "Run out",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to ask: their name and address as typed, and the field that names them."""

    name: str
    email: str
    path: str = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """People asked into a hub with the same roles, from the same school, with the same word."""

    people: tuple[Asked, ...]
    roles: tuple[Role, ...] = ()
    urn: int | None = None
    group_id: uuid.UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says in words, to those whom it asks: `by` and the school, and so on, may be empty."""

    hub: str
    name: str
    by: str
    roles: tuple[Role, ...]
    school: str
    group: str
    note: str
    until: str


def standing(stored: str, expires_at: datetime, now: datetime) -> Standing:
    """How an invitation stands: one that nobody answered runs out."""
    if stored == "waiting":
        return "waiting" if now < expires_at else "run out"
    known: dict[str, Standing] = {"accepted": "accepted", "declined": "declined"}
    return known.get(stored, "withdrawn")


def read_lines(text: str) -> tuple[Asked, ...]:
    """One person a line, "name, e-mail" or the other way round; raises ValueError naming the first line amiss."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip(" <>;\t\"'") for part in line.replace("\t", ",").replace("<", ",").split(",")]
        parts = [part for part in parts if part]
        addresses = [part for part in parts if "@" in part]
        names = [part for part in parts if "@" not in part]
        if len(addresses) != 1 or not names:
            raise ValueError(f"Line {number}: write a name, a comma and one e-mail address.")
        found.append(Asked(" ".join(names), addresses[0], "others"))
    if len(found) > MOST_AT_ONCE:
        raise ValueError(f"Invite at most {MOST_AT_ONCE} people at once.")
    return tuple(found)


def faults_of(asking: Asking) -> dict[str, str]:
    """What is wrong, field by field, in sentences; empty when the invitations can be sent."""
    found: dict[str, str] = {}
    if not asking.people:
        found["email"] = "Enter whom to invite: a name and an e-mail address."
    for one in asking.people:
        try:
            read_email(one.email)
        except ValueError as problem:
            found.setdefault(one.path, str(problem))
        if not 0 < len(one.name.strip()) <= LONGEST_NAME:
            where = "name" if one.path == "email" else one.path
            found.setdefault(where, f"Enter their name, at most {LONGEST_NAME} characters.")
    if twice := _twice([one.email.strip().lower() for one in asking.people]):
        found.setdefault("others", f"{twice} is there twice. Each address needs one invitation.")
    return found | _faults_of_part(asking)


def _faults_of_part(asking: Asking) -> dict[str, str]:
    found = {}
    if not asking.roles:
        found["roles"] = "Tick what they will do in the hub."
    if Role.HEADTEACHER in asking.roles and asking.urn is None:
        found["urn"] = "Choose the school they are head of."
    if asking.group_id is not None and Role.PARTICIPANT not in asking.roles:
        found["group"] = "Only a lead participant takes part in a Work Group: tick that role, or choose none."
    if asking.group_id is not None and asking.urn is None:
        found["urn"] = "Choose the school they come from: it must be in the Work Group."
    if len(asking.note) > LONGEST_NOTE:
        found["note"] = f"Use at most {LONGEST_NOTE:,} characters."
    return found


def _twice(addresses: Sequence[str]) -> str:
    return next((one for number, one in enumerate(addresses) if one in addresses[:number]), "")


def as_what(roles: Sequence[Role], school: str, group: str) -> str:
    """As Lead participant from Ash Vale Primary, in Work Group NCP26-11-03."""
    words = [f"{role.value} of {school}" if role is Role.HEADTEACHER and school else role.value for role in roles]
    said = " and ".join(words) or "somebody who works with it"
    if school and Role.HEADTEACHER not in roles:
        said += f" from {school}"
    return said + (f", in Work Group {group}" if group else "")


def letter(of: Invited) -> tuple[str, str]:
    """Subject and text of the mailed invitation; {join} and {privacy} stand for its links."""
    who = f"{of.by} asks" if of.by else "The hub asks"
    said = [
        f"Hello {of.name}",
        f"{who} you to join {of.hub} in Halfterm, as {as_what(of.roles, of.school, of.group)}.",
        *([_quoted(of.by, of.note)] if of.note else []),
        f"Read more, and accept or decline, here. It works once, until {of.until}:",
        "{join}",
        "What the hub holds about people, and why:",
        "{privacy}",
        "If you do not know why you were asked, you need do nothing: the invitation runs out by itself.",
    ]
    return f"{of.hub} asks you to join", "\n\n".join(said)


def _quoted(by: str, note: str) -> str:
    kept = note.strip().replace("{", "(").replace("}", ")")  # braces stand for links here
    return f"{by} writes:\n{kept}" if by else kept
