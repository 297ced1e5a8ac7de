"""What people say of dates that are held for them: what can be said, until when, and how it is counted.

Source: docs/rules/schedule.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.domain.mail.quiet import working_day_before
from app.domain.schedule.holding import LONGEST_REASON
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.typed import Typed

NUDGE_DAYS = 2  # before the last day to answer
WORDS = {"can": "I can", "cannot": "I cannot"}
HOW = {"link": "by the personal link", "page": "on the page", "office": "told to the office"}
CLOSED = {
    "accepted": "These dates are settled, and in your calendar. If you cannot come to one, tell whoever leads it.",
    "set aside": "These dates are not planned any more, so there is nothing to answer. You will be asked about others.",
}


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of one date: can or cannot, and why, if they like to say."""

    answer: str
    because: str = ""


def closed(status: str) -> str:
    """Why a plan with this status takes no answers any more; empty while it does."""
    return "" if status == "ready" else CLOSED.get(status, CLOSED["set aside"])


def refuse_unless_open(status: str) -> None:
    """Answers are taken until the plan is accepted or set aside: raises ConflictError with the reason."""
    if because := closed(status):
        raise ConflictError(because)


def read_words(typed: Typed) -> dict[UUID, Word]:
    """What a form says of each date: answer-EVENT and because-EVENT; every one of them where `all` is pressed.

    Dates without an answer are left out.
    """
    found: dict[UUID, Word] = {}
    everything = typed.text("all")
    for name in typed.values:
        kind, _, event = name.partition("-")
        if kind not in {"answer", "asks"}:
            continue
        try:
            key = UUID(event)
        except ValueError:
            continue
        said = everything or typed.text(f"answer-{event}")
        if said:
            found[key] = Word(said, typed.text(f"because-{event}") if said == "cannot" else "")
    return found


def check(words: Mapping[UUID, Word]) -> None:
    """Refuse what cannot be taken: raises BadInputError, which names each field."""
    faults = []
    for event, word in words.items():
        if word.answer not in WORDS:
            faults.append(Fault(f"answer-{event}", "Say that you can, or that you cannot."))
        if len(word.because) > LONGEST_REASON:
            faults.append(Fault(f"because-{event}", f"Use at most {LONGEST_REASON} characters."))
    if not words:
        faults.append(Fault("", "Say of at least one date whether you can."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))


def may_be_nudged(last: Iterable[date], today: date) -> bool:
    """Nobody is written to twice on a day."""
    return all(day < today for day in last)


def nudge_is_due(answer_by: date | None, today: date) -> bool:
    """Two days before the last day to answer, on a working day; also later, where that day was missed."""
    return answer_by is not None and working_day_before(answer_by - timedelta(NUDGE_DAYS)) <= today <= answer_by
