"""How a record stands and whose turn it is, in a few words for lists."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["blue", "yellow", "green"]


@dataclass(frozen=True, slots=True)
class Stand:
    """A word for its tag, and whose turn it is: empty where it is nobody's."""

    word: str
    tone: Tone
    turn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What of a record decides on it; `asked`: somebody asks for a change of what was submitted."""

    kind: str
    state: str
    lead: str
    teacher: str = ""
    school: str = ""
    asked: bool = False


def stand(record: Record) -> Stand:
    """How it stands (docs/rules/notes.md, States)."""
    if record.state == "agreed":
        return Stand("Agreed", "green", "")
    if record.state == "correcting":
        return Stand("Being corrected", "yellow", f"{record.lead} submits it again")
    if record.state == "submitted":
        asked = f"{record.lead}: a change is asked for"
        return Stand("Submitted", "yellow", asked if record.asked else f"{_other_side(record)} to agree")
    return Stand("Being written", "blue", f"{record.lead} submits it when it is finished")


def _other_side(record: Record) -> str:
    if record.kind == "observation":
        return record.teacher or "The observed teacher"
    if record.kind == "visit":
        return f"Somebody of {record.school}" if record.school else "Somebody of the school"
    return "Anybody who took part"
