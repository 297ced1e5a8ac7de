"""Agreements: what a headteacher signs, with words that are filled in for each school, and how it is signed.

Source: docs/rules/recruitment.md. What was read is what is kept: a later version of the text changes no signature.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.imports import read_date
from app.domain.mail.words import filled, strange
from app.domain.stages.ladder import OPEN, State
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Reader, Typed

LONGEST_NAME, LONGEST_TEXT, LONGEST_BECAUSE = 200, 20_000, 500
PLACES = {
    "school": "the school's name",
    "hub": "the hub's name",
    "programme": "the programme's name",
    "year": "the academic year, such as 2026/27",
    "meetings": "how many meetings the programme has, such as 6 meetings",
    "visits": "how many visits, such as 3 visits",
    "people": "who takes part",
    "leader": "who leads the Work Group",
    "head": "what the headteacher comes to",
}


class How(StrEnum):
    """How an agreement was signed."""

    PAGE = "page"
    PAPER = "paper"

    @property
    def says(self) -> str:
        """In words."""
        if self is How.PAGE:
            return "By the headteacher, who typed their name after reading it"
        return "On paper; the office entered it and keeps the paper"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the words in braces stand for: one school in one programme of one year."""

    school: str
    hub: str
    programme: str
    year: int
    meetings: int
    visits: int
    people: str
    leader: str
    head: str


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature as typed: whose name, their part at the school, and the day."""

    name: str
    part: str
    day: date


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: a heading, a paragraph, or the lines of a list."""

    kind: str  # heading, words, list
    lines: tuple[str, ...]


def text_for(text: str, terms: Terms) -> str:
    """The text as one school reads it."""
    return filled(text, values(terms))


def values(terms: Terms) -> Mapping[str, str]:
    """What each word in braces stands for."""
    return {
        "school": terms.school,
        "hub": terms.hub,
        "programme": terms.programme,
        "year": spoken_year(terms.year),
        "meetings": _count(terms.meetings, "meeting"),
        "visits": _count(terms.visits, "visit"),
        "people": _lower(terms.people) or "those whom the school names",
        "leader": terms.leader or "Mastery Specialist",
        "head": terms.head or "what is agreed with whoever leads the Work Group",
    }


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def seal(text: str) -> str:
    """What tells whether a text is the one that was read."""
    return hashlib.sha256(text.encode()).hexdigest()


def blocks(text: str) -> tuple[Block, ...]:
    """A text as pieces: a line with # in front is a heading, lines with - a list, others paragraphs."""
    made: list[Block] = []
    begun: list[str] = []
    kind = ""
    for line in [*text.splitlines(), ""]:
        tidy = line.strip()
        now = "heading" if tidy.startswith("# ") else "list" if tidy.startswith("- ") else "words" if tidy else ""
        if begun and (now != kind or now == "heading"):
            made.append(Block(kind, tuple(begun)))
            begun = []
        kind = now
        if now:
            begun.append(tidy.removeprefix("# " if now == "heading" else "- " if now == "list" else ""))
    return tuple(made)


def read_text(typed: Typed) -> str:
    """An agreement's text as typed. Raises BadInputError."""
    text = typed.text("text")
    because = ""
    if not text:
        because = "Write what the school and the hub agree."
    elif len(text) > LONGEST_TEXT:
        because = f"Keep this to {LONGEST_TEXT:,} letters: there are {len(text):,}."
    elif wrong := strange(text, PLACES):
        known = ", ".join("{" + word + "}" for word in PLACES)
        because = f"Nobody can fill in {{{wrong[0]}}}. The words in braces that work are {known}."
    if because:
        raise BadInputError("Look at what is marked below.", (Fault("text", because),))
    return text


def read_signature(typed: Typed, today: date, how: How) -> Signing:
    """A signature as typed: on the page it is of today, of one on paper the day is asked. Raises BadInputError."""
    form = Reader(typed)
    name = form.read("name", lambda text: _words(text, "Type the name of whoever signs, first name and surname."))
    part = form.read("part", lambda text: _words(text, "Say their part at the school, such as headteacher."))
    day = form.read("day", lambda text: _day(text, today)) if how is How.PAPER else today
    if typed.text("read") != "yes":
        asks = (
            "Tick that you have read the agreement." if how is How.PAGE else "Tick that the hub keeps the signed paper."
        )
        form.faults.append(Fault("read", asks))
    form.finish()
    if name is None or part is None or day is None:
        raise BadInputError("Look at what is marked below.")
    return Signing(name, part, day)


def read_because(typed: Typed, asks: str) -> str:
    """Why, as typed; raises BadInputError with this sentence when nothing was."""
    because = " ".join(typed.text("because").split())
    if because and len(because) <= LONGEST_BECAUSE:
        return because
    says = asks if not because else f"Keep this to {LONGEST_BECAUSE} letters."
    raise BadInputError("Look at what is marked below.", (Fault("because", says),))


def reminder(school: str, programme: str, year: int, name: str) -> tuple[str, str]:
    """Subject and text that ask a headteacher to sign; {see} stands for the page's address."""
    subject = f"The agreement of {school} for {programme} waits for you"
    text = (
        f"Hello {name}\n\nThe agreement of {school} for {programme} in {spoken_year(year)} is ready to be read. It "
        "says what the school and the hub do for each other in the year.\n\nRead it and sign it here, which takes "
        "a few minutes: {see}\n\nIf something in it cannot work for your school, tell us before you sign."
    )
    return subject, text


def may_sign(state: str) -> bool:
    """Whether an enrolment in this state takes a signature: neither before nor after it is one."""
    return State(state) in OPEN


def since_words(days: int) -> str:
    """How long something has been waiting: today, 1 day, 3 weeks."""
    if days < 1:
        return "since today"
    if days < 14:
        return f"for {days} day{'' if days == 1 else 's'}"
    return f"for {days // 7} weeks"


def named(names: Iterable[str]) -> str:
    """Ada Moor and Ben Hill; nobody."""
    every = list(names)
    if not every:
        return ""
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


def _words(text: str, when_empty: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) < 2 or not any(letter.isalpha() for letter in tidy):
        raise ValueError(when_empty)
    if len(tidy) > LONGEST_NAME:
        raise ValueError(f"Keep this to {LONGEST_NAME} letters.")
    return tidy


def _day(text: str, today: date) -> date:
    try:
        day = read_date(text)
    except ValueError:
        raise ValueError("Enter the day on which it was signed, such as 24/09/2026.") from None
    if day > today:
        raise ValueError("This day is still to come. Enter the day on which it was signed.")
    return day
