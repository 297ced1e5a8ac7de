"""Events of an authority's calendar file, told by their titles: half terms, holidays, INSET days, edges."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.imports import folded, plain
from app.domain.schools.term_dates import Entry, half_term_named, term_named
from app.kit.periods import Span

_INSET = re.compile(
    r"\binset\b|\bins\.?e\.?t\b|(staff|teacher|teachers'?|professional)[ -](training|development|day)|"
    r"\b(training|development|non[ -]?pupil|pupil[ -]free|baker) day"
)
_BANK = re.compile(
    r"bank holiday|good friday|easter (sunday|monday)|christmas (day|eve)|boxing day|"
    r"new year'?s? (day|eve)|may ?day|coronation"
)
_STARTS = re.compile(
    r"\b(starts?|begins?|opens?|reopens?|re-opens?|returns?|resumes?|first day|start of|beginning of|back to)\b"
)
_ENDS = re.compile(r"\b(ends?|finish(es)?|closes?|breaks? up|last day|end of)\b")
_HOLIDAY = re.compile(r"\b(holidays?|break|vacation|half[ -]?term|christmas|easter|whitsun|recess)\b")
_NOT_AN_EDGE = re.compile(r"\bholidays? (starts?|begins?|ends?)\b|\b(start|end|first day|last day) of .*holidays?\b")
_SHUT = re.compile(r"\bclos(ed|ure)\b|\boccasional day\b")
BLOCK_DAYS = 14
LONGEST_BREAK_DAYS = 70


@dataclass(frozen=True, slots=True)
class TermEvent:
    """One event of a calendar file: its place in the file, its title, its days with both ends included."""

    place: int
    title: str
    span: Span


def entries(events: Sequence[TermEvent], calendar: str) -> list[Entry]:
    """The lines of term dates that the events make for one calendar; other events are passed over.

    Where no event spans a term, single days that say where terms start and end are paired in their order.
    """
    told = [(event, kind_of(event)) for event in sorted(events, key=lambda event: event.span)]
    found = [
        Entry(event.place, calendar, kind, plain(event.title), event.span) for event, kind in told if kind in _LINES
    ]
    if not any(entry.kind in {"term", "half term"} for entry in found):
        found += _paired([(event, kind) for event, kind in told if kind in {"starts", "ends"}], calendar)
    return found


_LINES = frozenset({"half term", "term", "holiday", "inset", "closed", "bank holiday"})


def kind_of(event: TermEvent) -> str:
    """A kind of term dates, or "starts" or "ends" for a single day at the edge of a term, or "" for anything else."""
    title, length = folded(event.title), (event.span.last - event.span.first).days + 1
    if _INSET.search(title):
        return "inset"
    if _BANK.search(title) and length <= 4:
        return "bank holiday"
    if length == 1:
        return _single_day(title)
    if length >= BLOCK_DAYS and _is_half_term(title):
        return "half term"
    if _HOLIDAY.search(title) and length <= LONGEST_BREAK_DAYS:
        return "holiday"
    if length >= BLOCK_DAYS and "term" in title and term_named(title) is not None:
        return "term"
    return "closed" if _SHUT.search(title) and length < BLOCK_DAYS else ""


def _is_half_term(title: str) -> bool:
    return half_term_named(title) is not None and not re.search(r"\b(holidays?|break|vacation)\b", title)


def _single_day(title: str) -> str:
    if not _NOT_AN_EDGE.search(title):
        if _STARTS.search(title):
            return "starts"
        if _ENDS.search(title):
            return "ends"
    return "closed" if _SHUT.search(title) else ""


def _paired(edges: Sequence[tuple[TermEvent, str]], calendar: str) -> list[Entry]:
    found: list[Entry] = []
    opened: TermEvent | None = None
    for event, kind in edges:
        if kind == "starts":
            opened = opened or event
        elif opened:
            span = Span(opened.span.first, event.span.last)
            found.append(Entry(opened.place, calendar, "term", plain(opened.title), span))
            opened = None
    return found
