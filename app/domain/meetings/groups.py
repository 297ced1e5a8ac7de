"""A Work Group as a person types it, its weekdays in plain words, and the visits of a school."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Literal
from urllib.parse import urlsplit

from app.domain.schools.keeping import CHECK, read_half_terms
from app.kit.errors import BadInputError, Fault
from app.kit.periods import WEEKDAYS
from app.kit.typed import Reader, Typed, time_of_day, whole_number

LONGEST_CODE, LONGEST_NAME, LONGEST_ROLE, LONGEST_LINK = 40, 100, 60, 500
MOST_GAP_DAYS = 60
TIMES = ("morning_starts", "morning_ends", "afternoon_starts", "afternoon_ends")
WEEKDAY_NAMES = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), strict=True))

Wish = Literal["fine", "rather not", "last resort"]
COSTS: dict[Wish, int] = {"fine": 0, "rather not": 5, "last resort": 15}  # against 15 for an edge of a half term
WISHES: dict[Wish, str] = {
    "fine": "Fine",
    "rather not": "Rather not",
    "last resort": "Only if nothing else fits",
}

STAYS = (
    "{code} has had dates in the calendar, so it stays on record. Remove its schools, and nothing of it is planned "
    "any more."
)


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What can be written of a Work Group; the gap in days, half terms from 0, times as (am, am, pm, pm)."""

    code: str
    name: str
    programme_id: uuid.UUID
    leader_id: uuid.UUID
    half_terms: tuple[int, ...]
    least_gap: int
    weekday_cost: tuple[int, ...]
    first_host: int | None
    online: bool
    joining_link: str
    times: tuple[time | None, time | None, time | None, time | None]


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """Who visits a school, in which half terms (from 0; none: nobody visits), how many days apart at least."""

    visitor_id: uuid.UUID | None
    half_terms: tuple[int, ...]
    least_gap: int


@dataclass(frozen=True, slots=True)
class TakerChange:
    """A person who takes part for a school, with their role in words."""

    person_id: uuid.UUID
    urn: int
    role: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form lets a person choose: ids of programmes and people, URNs of member schools."""

    programmes: Collection[str]
    people: Collection[str]
    schools: Collection[str]


def wish_of(cost: int) -> Wish:
    """A weekday's cost in words: what an import or a program wrote is said by the nearest word."""
    if cost <= 0:
        return "fine"
    return "rather not" if cost < 10 else "last resort"


def weekdays_in_words(costs: Sequence[int]) -> str:
    """Rather not on Mondays or Fridays; only if nothing else fits on Tuesdays."""
    said = []
    for wish, words in (("rather not", "rather not on"), ("last resort", "only if nothing else fits on")):
        days = [f"{name}s" for name, cost in zip(WEEKDAY_NAMES.values(), costs, strict=False) if wish_of(cost) == wish]
        if days:
            said.append(f"{words} {', '.join(days[:-1])}{' or ' if len(days) > 1 else ''}{days[-1]}")
    told = "; ".join(said) or "any weekday"
    return told[0].upper() + told[1:]


def read_group(typed: Typed, offered: Offered, costs: Sequence[int] = ()) -> GroupChange:
    """The Work Group as typed; `costs` are the weekdays' old ones, kept where the word stays the same.

    Raises BadInputError with a fault for each field.
    """
    form = Reader(typed)
    code = form.read("code", lambda text: _words(text, LONGEST_CODE, "Give the Work Group a code, like NCP26-11-03."))
    name = form.read("name", lambda text: _words(text, LONGEST_NAME))
    programme = form.read("programme", lambda text: _chosen(text, offered.programmes, "Choose a programme."))
    leader = form.read("leader", lambda text: _chosen(text, offered.people, "Choose who leads the Work Group."))
    gap = form.read("least_gap", _gap)
    host = form.read("first_host", lambda text: _host(text, offered.schools))
    link = form.read("joining_link", _link)
    half_terms = read_half_terms(typed, "half_terms")
    if not half_terms:
        form.faults.append(Fault("half_terms", "Tick at least one half term in which the Work Group meets."))
    times = _times(form)
    form.finish()
    assert code and name is not None and programme and leader and gap is not None and link is not None  # noqa: S101, PT018  finish() raised otherwise
    online = typed.text("online") == "yes"
    return GroupChange(
        code,
        name,
        programme,
        leader,
        half_terms,
        gap,
        _costs(typed, costs),
        host,
        online,
        link if online else "",
        times,
    )


def read_series(typed: Typed, people: Collection[str]) -> SeriesChange:
    """The visits of a school as typed. Raises BadInputError."""
    form = Reader(typed)
    half_terms = read_half_terms(typed, "half_terms")
    visitor = None
    if half_terms:
        visitor = form.read("visitor", lambda text: _chosen(text, people, "Choose who visits the school."))
    gap = form.read("least_gap", _gap)
    form.finish()
    return SeriesChange(visitor, half_terms, gap or 0)


def read_taker(typed: Typed, people: Collection[str], schools: Collection[str]) -> TakerChange:
    """Someone to take part, as typed. Raises BadInputError."""
    form = Reader(typed)
    person = form.read("person", lambda text: _chosen(text, people, "Choose who takes part."))
    urn = form.read("school", lambda text: _member(text, schools))
    role = form.read("role", lambda text: _words(text, LONGEST_ROLE))
    form.finish()
    if person is None or urn is None:
        raise BadInputError(CHECK)
    return TakerChange(person, urn, role or "teacher")


def _words(text: str, longest: int, when_empty: str = "") -> str:
    tidy = " ".join(text.split())
    if not tidy and when_empty:
        raise ValueError(when_empty)
    if len(tidy) > longest:
        raise ValueError(f"Keep this to {longest} characters.")
    return tidy


def _chosen(text: str, offered: Collection[str], because: str) -> uuid.UUID:
    if text not in offered:
        raise ValueError(because)
    return uuid.UUID(text)


def _member(text: str, schools: Collection[str]) -> int:
    if text not in schools:
        raise ValueError("Choose one of the schools of the Work Group.")
    return int(text)


def _host(text: str, schools: Collection[str]) -> int | None:
    return _member(text, schools) if text else None


def _gap(text: str) -> int:
    days = whole_number(text)
    if not 1 <= days <= MOST_GAP_DAYS:
        raise ValueError(f"Write a number of days from 1 to {MOST_GAP_DAYS}.")
    return days


def _link(text: str) -> str:
    parts = urlsplit(text) if text else None
    if parts and (parts.scheme not in {"http", "https"} or not parts.netloc or len(text) > LONGEST_LINK):
        raise ValueError("Paste the whole address of the meeting: it begins with https://.")
    return text


def _costs(typed: Typed, old: Sequence[int]) -> tuple[int, ...]:
    costs = []
    for number in range(len(WEEKDAYS)):
        was = old[number] if number < len(old) else 0
        wish = next((one for one in COSTS if one == typed.text(f"weekday_{number}")), wish_of(was))
        costs.append(was if wish == wish_of(was) else COSTS[wish])
    return tuple(costs)


def _times(form: Reader) -> tuple[time | None, time | None, time | None, time | None]:
    """Own times of the half-days: none, or both start and end of one, in order through the day."""
    read: Mapping[str, time | None] = {
        name: form.read(name, time_of_day) if form.typed.text(name) else None for name in TIMES
    }
    for starts, ends in ((TIMES[0], TIMES[1]), (TIMES[2], TIMES[3])):
        first, last = read[starts], read[ends]
        if bool(form.typed.text(starts)) != bool(form.typed.text(ends)):
            missing = ends if form.typed.text(starts) else starts
            form.faults.append(Fault(missing, "Give both start and end, or neither: then the hub's own times hold."))
        elif first and last and last <= first:
            form.faults.append(Fault(ends, "Choose an end that is after the start."))
    morning, afternoon = read[TIMES[1]], read[TIMES[2]]
    if morning and afternoon and afternoon < morning:
        form.faults.append(Fault(TIMES[2], "The afternoon begins before the morning has ended: correct one of them."))
    return (read[TIMES[0]], read[TIMES[1]], read[TIMES[2]], read[TIMES[3]])
