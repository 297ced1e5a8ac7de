"""A change of school: from which day, and what becomes of Work Groups and headship. Rules: docs/rules/people.md."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

Head = Literal["", "there", "both", "neither"]
HEADS: dict[Head, str] = {
    "there": "Head of the new school, and no longer of the old one",
    "both": "Head of both",
    "neither": "Not a headteacher any more",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A Work Group that somebody comes to for a school; `member` when the new school belongs to it too."""

    group_id: uuid.UUID
    code: str
    urn: int
    school: str
    member: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """Where to, from which day, which Work Groups of the new school they leave all the same, and what of headship."""

    urn: int
    day: date
    leaves: frozenset[uuid.UUID] = frozenset()
    head: Head = ""

    def keeps(self, part: Part) -> bool:
        """Whether they go on coming to this Work Group, from the new school."""
        return part.member and part.group_id not in self.leaves


def head_of(text: str) -> Head:
    """What a form says of being head; anything strange counts as not said."""
    return next((head for head in HEADS if head == text), "")
