"""Whether somebody comes: what can be answered, until when, and what a stand-in needs.

Source: docs/rules/invitations.md.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kit.errors import BadInputError, ConflictError, Fault

WORDS = {"yes": "Yes", "maybe": "Maybe", "no": "No", "": "No answer yet"}
ANSWERS = ("yes", "maybe", "no")
HOW = {"mail": "by mail", "link": "by the link in the mail", "page": "on the page", "office": "told to somebody"}
LONGEST_REASON = 500  # characters
ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who comes in somebody's place: a person of the hub, or a name and an e-mail address from elsewhere."""

    person_id: UUID | None = None
    name: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return self.person_id is not None or bool(self.name or self.email)


NOBODY = StandIn()


def check(answer: str, because: str, stand_in: StandIn) -> None:
    """Refuse an answer that cannot be taken: raises BadInputError, which names each field."""
    faults = []
    if answer not in ANSWERS:
        faults.append(Fault("answer", "Say yes, maybe or no."))
    if len(because) > LONGEST_REASON:
        faults.append(Fault("because", f"Use at most {LONGEST_REASON} characters."))
    if stand_in and answer == "yes":
        faults.append(Fault("stand_in", "You come yourself, so nobody stands in. Say no, or leave this empty."))
    if stand_in and stand_in.person_id is None:
        faults += _of_stranger(stand_in)
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))


def _of_stranger(stand_in: StandIn) -> list[Fault]:
    faults = []
    if not stand_in.name:
        faults.append(Fault("stand_in_name", "Write their name."))
    if not ADDRESS.fullmatch(stand_in.email) or len(stand_in.email) > 200:
        faults.append(Fault("stand_in_email", "Write their e-mail address, so that the details reach them."))
    if len(stand_in.name) > 100:
        faults.append(Fault("stand_in_name", "Use at most 100 characters."))
    return faults


def refuse_unless_open(status: str, ends: datetime, now: datetime) -> None:
    """Answers are taken for a fixed date until it ends: raises ConflictError with the reason."""
    if status == "cancelled":
        raise ConflictError("This date was cancelled, so there is nothing to answer.")
    if status == "tentative":
        raise ConflictError("This date is not fixed yet. You can answer once it is.")
    if ends <= now:
        raise ConflictError("This date is over, so it can no longer be answered.")


def told(answer: str, *, gave_reason: bool, stand_in: str) -> dict[str, object]:
    """What the trail keeps of an answer: never the reason itself, which can be about somebody's health."""
    return {"answer": WORDS.get(answer, answer), "gave a reason": gave_reason, "stand-in": stand_in}
