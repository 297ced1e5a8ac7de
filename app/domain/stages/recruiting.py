"""How a school comes into a programme: referred, invited, interested, applied, or it declined.

Source: docs/rules/recruitment.md. A state is never stored: it follows from the days that are.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from app.domain.imports import read_date
from app.domain.stages.ladder import RUNGS
from app.domain.stages.ladder import Fault as Refused
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_date
from app.kit.typed import Reader, Typed

# Why a school is offered Mastery Readiness; the words of the programme itself.
REASONS = {
    "ofsted": "Ofsted: requires improvement or inadequate",
    "not_convinced": "Staff are not convinced",
    "turnover": "High staff turnover",
    "no_structures": "No structures, systems or understanding",
    "competing": "Competing priorities",
    "other": "Something else",
}
MOST_AT_ONCE = 200  # schools on one form
LONGEST_NAME, LONGEST_WORDS, LONGEST_BECAUSE = 200, 2000, 500
Read = TypeVar("Read")
EARLIEST = date(2014, 9, 1)  # Maths Hubs began in that year


class Way(StrEnum):
    """How far a school is on its way."""

    LISTED = "listed"
    REFERRED = "referred"
    INVITED = "invited"
    INTERESTED = "interested"
    APPLIED = "applied"
    DECLINED = "declined"
    ENROLLED = "enrolled"

    @property
    def says(self) -> str:
        """In words, as a label."""
        return {"listed": "To be invited", "interested": "Showed interest"}.get(self.value, self.value.capitalize())

    @property
    def told(self) -> str:
        """In words, after the school's name."""
        return {
            "listed": "is on the list",
            "referred": "was referred",
            "invited": "was invited",
            "interested": "showed interest",
            "enrolled": "is enrolled",
        }.get(self.value, self.value)


STEPS = (Way.REFERRED, Way.INVITED, Way.INTERESTED, Way.APPLIED, Way.DECLINED)  # in the order in which they happen
DAY_OF = {way: f"{way.value}_on" for way in STEPS}
COMING = frozenset({Way.APPLIED, Way.ENROLLED})  # what the next year's groups are formed from


class Approached(Protocol):
    """A stored approach, as far as the rules read it."""

    referred_on: date | None
    invited_on: date | None
    interested_on: date | None
    applied_on: date | None
    declined_on: date | None
    enrolment_id: uuid.UUID | None


def day_of(one: Approached, way: Way) -> date | None:
    """The day of a step; None where it was not taken, and for what is no step."""
    found: date | None = getattr(one, DAY_OF[way]) if way in DAY_OF else None
    return found


def state_of(one: Approached) -> Way:
    """How far a school is: enrolled, else declined, else the furthest step that was taken."""
    if one.enrolment_id:
        return Way.ENROLLED
    return next((way for way in reversed(STEPS) if day_of(one, way)), Way.LISTED)


def next_steps(now: Way) -> tuple[Way, ...]:
    """What may happen next: any later step, for schools apply that nobody invited; nothing after the end."""
    if now in {Way.DECLINED, Way.ENROLLED}:
        return ()
    return STEPS if now is Way.LISTED else STEPS[STEPS.index(now) + 1 :]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a school as somebody typed it. `by` is whoever referred it, or applied for it."""

    what: Way
    day: date | None = None
    by: str = ""
    because: str = ""
    reasons: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """Schools to be put on the list of a year, by their URNs."""

    urns: tuple[int, ...]
    year: int
    kind: str


@dataclass(frozen=True, slots=True)
class Referral:
    """What can be written anew of an approach: which programme of which year, and its referral."""

    year: int
    kind: str
    day: date | None
    by: str
    reasons: tuple[str, ...]
    words: str


def may_take(one: Approached, step: Step) -> Refused | None:
    """Whether a school may take this step on its day."""
    now = state_of(one)
    if step.what not in next_steps(now):
        return Refused(f"This school {now.told} already. Load the page again to see what can happen next.")
    since = day_of(one, now)
    if since and step.day and step.day < since:
        return Refused(f"Choose a day that is not before {spoken_date(since)}, when the school {now.told}.")
    return None


def read_step(typed: Typed, what: Way, today: date) -> Step:
    """A step as typed. Raises BadInputError with a fault for each field."""
    form = Reader(typed)
    if what is Way.LISTED:
        return Step(what)
    day = form.read("day", lambda text: _day(text, today))
    by, words, because, reasons = "", "", "", tuple[str, ...]()
    if what is Way.REFERRED:
        by = form.read("by", lambda text: _words(text, LONGEST_NAME, "Say who referred the school.")) or ""
        reasons, words = _reasons(form)
    if what is Way.APPLIED:
        asks = "Say who applied for the school, by name and part."
        by = form.read("by", lambda text: _words(text, LONGEST_NAME, asks)) or ""
    if what is Way.DECLINED:
        asks = "Say why the school declined: it helps whoever asks again next year."
        because = form.read("because", lambda text: _words(text, LONGEST_BECAUSE, asks)) or ""
    form.finish()
    return Step(what, day, by, because, reasons, words)


def read_referral(typed: Typed, today: date, years: Collection[int]) -> Referral:
    """The programme and the referral as typed; without a day there is no referral. Raises BadInputError."""
    form = Reader(typed)
    year = form.read("year", lambda text: read_year(text, years))
    kind = form.read("kind", read_kind)
    day, by, words, reasons = None, "", typed.text("words"), tuple[str, ...]()
    if typed.text("day"):
        day = form.read("day", lambda text: _day(text, today))
        by = form.read("by", lambda text: _words(text, LONGEST_NAME, "Say who referred the school.")) or ""
        reasons, words = _reasons(form)
    elif typed.text("by") or typed.every("reasons"):
        form.faults.append(Fault("day", "Say on which day the school was referred."))
    form.finish()
    if year is None or kind is None:
        raise BadInputError("Choose a programme and its year.")
    return Referral(year, kind, day, by, reasons, words)


def read_new(typed: Typed, urns: tuple[int, ...], years: Collection[int]) -> New:
    """Which programme these schools would begin in, and when, as typed. Raises BadInputError."""
    form = Reader(typed)
    year = form.read("year", lambda text: read_year(text, years))
    kind = form.read("kind", read_kind)
    form.finish()
    if year is None or kind is None:
        raise BadInputError("Choose a programme and its year.")
    return New(urns, year, kind)


def read_first(typed: Typed, urns: tuple[int, ...], years: Collection[int], what: Way, today: date) -> tuple[New, Step]:
    """Schools that are new on the list with their first step, as typed. Raises BadInputError with every fault."""
    faults: list[Fault] = []
    new = _gathered(lambda: read_new(typed, urns, years), faults)
    step = _gathered(lambda: read_step(typed, what, today), faults)
    if new is None or step is None:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    return new, step


def _gathered(read: Callable[[], Read], faults: list[Fault]) -> Read | None:
    try:
        return read()
    except BadInputError as error:
        faults.extend(error.faults)
        return None


def read_enrolling(typed: Typed, today: date) -> tuple[uuid.UUID, date]:
    """A programme of the year and the day of the application, as typed. Raises BadInputError."""
    form = Reader(typed)
    programme = form.read("programme", _known_id)
    day = form.read("day", lambda text: _day(text, today))
    form.finish()
    if programme is None or day is None:
        raise BadInputError("Choose a programme and a day.")
    return programme, day


def _known_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ValueError("Choose a programme. Without any to choose from, open the year first.") from None


def read_year(text: str, years: Collection[int]) -> int:
    """One of the years on offer; raises ValueError with a sentence."""
    if text not in {str(one) for one in years}:
        raise ValueError("Choose the academic year in which the school would begin.")
    return int(text)


def read_kind(text: str) -> str:
    """A kind of programme; raises ValueError with a sentence."""
    if text not in RUNGS:
        raise ValueError("Choose a programme.")
    return text


def read_urns(text: str) -> tuple[int, ...]:
    """URNs as pasted: parted by anything, each once, in order. Raises BadInputError for what is none."""
    words = text.replace(",", " ").replace(";", " ").split()
    strange = [word for word in words if not (word.isascii() and word.isdigit() and 4 <= len(word) <= 9)]
    if strange:
        because = f"{strange[0][:40]} is not a URN. A URN is the school's number in GIAS, such as 112345; one a line."
        raise BadInputError(because, (Fault("urns", because),))
    found = tuple(dict.fromkeys(int(word) for word in words))
    if len(found) > MOST_AT_ONCE:
        because = f"These are {len(found):,} schools. Take at most {MOST_AT_ONCE} at once."
        raise BadInputError(because, (Fault("urns", because),))
    return found


def reasons_in_words(reasons: Collection[str], words: str) -> tuple[str, ...]:
    """The reasons of a referral, one a line; what is none of them in the words that were written."""
    known = [says for key, says in REASONS.items() if key in reasons and key != "other"]
    return (*known, words) if words else tuple(known)


def _reasons(form: Reader) -> tuple[tuple[str, ...], str]:
    reasons = tuple(key for key in REASONS if key in form.typed.every("reasons"))
    words = form.typed.text("words")
    if not reasons:
        form.faults.append(Fault("reasons", "Tick at least one reason."))
    if "other" in reasons and not words:
        form.faults.append(Fault("words", "Say what the other reason is."))
    if len(words) > LONGEST_WORDS:
        form.faults.append(Fault("words", f"Keep this to {LONGEST_WORDS:,} letters."))
    return reasons, words


def _day(text: str, today: date) -> date:
    try:
        day = read_date(text)
    except ValueError:
        raise ValueError("Enter a day, such as 24 September 2026 or 24/09/2026.") from None
    if day > today:
        raise ValueError("This day is still to come. Enter the day on which it happened.")
    if day < EARLIEST:
        raise ValueError(f"Enter a day from {spoken_date(EARLIEST)} on.")
    return day


def _words(text: str, longest: int, when_empty: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise ValueError(when_empty)
    if len(tidy) > longest:
        raise ValueError(f"Keep this to {longest} letters.")
    return tidy
