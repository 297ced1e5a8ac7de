"""The six half terms of a year from its lines, however they are given, and what is wrong with them.

Given as they are ("Autumn 1"); or as three terms with the half-term holiday in each; or as the seven holidays
around them, summer to summer. The rules are told in docs/rules/imports.md.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from app.domain.imports import Rejected, rejected
from app.domain.schools.term_dates import Entry, half_term_named
from app.kit.periods import HALF_TERMS, Span, spoken_date, spoken_year

LONGEST_HALF_TERM_WEEKS = 10
SHORTEST_HALF_TERM_DAYS = 10
LONGEST_HOLIDAY_DAYS = 23


def half_terms(lines: Sequence[Entry]) -> tuple[list[Entry], list[Rejected]]:
    """The six half terms of one calendar's year in order; with any fault the list is not to be used."""
    by_kind = {kind: [line for line in lines if line.kind == kind] for kind in ("half term", "term", "holiday")}
    if by_kind["half term"]:
        blocks, faults = _named(by_kind["half term"])
    elif by_kind["term"]:
        blocks, faults = _from_terms(_in_order(by_kind["term"]), by_kind["holiday"])
    else:
        blocks, faults = _from_holidays(lines[0], _in_order(by_kind["holiday"]))
    return blocks, faults or [*_length_faults(blocks), *_order_faults(blocks)]


def lacking(line: Entry, because: str) -> Rejected:
    """The calendar of this line, refused as a whole."""
    told = f"The calendar {line.calendar} for {spoken_year(line.year)} {because}."
    return rejected(line.row, "calendar", line.calendar, told)


def _in_order(lines: Sequence[Entry]) -> list[Entry]:
    return sorted(lines, key=lambda line: line.span)


def _named(lines: Sequence[Entry]) -> tuple[list[Entry], list[Rejected]]:
    faults: list[Rejected] = []
    found: dict[int, Entry] = {}
    for line in lines:
        place = half_term_named(line.name)
        if place is None:
            because = f"Name the half term as one of: {', '.join(HALF_TERMS)}."
            faults.append(rejected(line.row, "name", line.name, because))
        elif place in found:
            because = (
                f"{HALF_TERMS[place]} of {line.calendar} is in row {found[place].row} already: keep one of the two."
            )
            faults.append(rejected(line.row, "name", line.name, because))
        else:
            found[place] = line
    missing = [HALF_TERMS[place] for place in range(6) if place not in found]
    if missing and not faults:
        faults.append(lacking(lines[0], f"lacks {_listed(missing)}: add {'it' if len(missing) == 1 else 'them'}"))
    return [found[place] for place in sorted(found)], faults


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _from_terms(terms: list[Entry], holidays: Sequence[Entry]) -> tuple[list[Entry], list[Rejected]]:
    if len(terms) == 6:
        return terms, []
    if len(terms) != 3:
        because = f"has {len(terms)} terms: give six half terms, or three terms and the half-term holiday in each"
        return [], [lacking(terms[0], because)]
    blocks: list[Entry] = []
    faults: list[Rejected] = []
    for term in terms:
        inside = [rest for rest in holidays if term.span.first < rest.span.first and rest.span.last < term.span.last]
        if len(inside) == 1:
            blocks += _halves(term, inside[0])
            continue
        how = f"{len(inside)} holidays in it" if inside else "no half-term holiday in it"
        because = f"{term.name or 'The term'} has {how}: give one row of kind holiday, for its half-term week."
        faults.append(rejected(term.row, "name", term.name, because))
    return blocks, faults


def _halves(term: Entry, rest: Entry) -> list[Entry]:
    before, after = _school_day(rest.span.first, -1), _school_day(rest.span.last, 1)
    return [
        Entry(term.row, term.calendar, "half term", term.name, Span(term.span.first, before)),
        Entry(term.row, term.calendar, "half term", term.name, Span(after, term.span.last)),
    ]


def _from_holidays(line: Entry, holidays: list[Entry]) -> tuple[list[Entry], list[Rejected]]:
    if not holidays:
        return [], [lacking(line, "has no half terms: add the six, each with its first and last day")]
    if len(holidays) != 7:
        because = (
            f"gives {len(holidays)} holidays and no terms: add the first day of Autumn 1 and the last day of Summer 2, "
            "as the six half terms or as the summer holidays before and after"
        )
        return [], [lacking(line, because)]
    return [
        Entry(one.row, one.calendar, "half term", name, _between(one.span, other.span))
        for name, (one, other) in zip(HALF_TERMS, pairwise(holidays), strict=True)
    ], []


def _between(one: Span, other: Span) -> Span:
    return Span(_school_day(one.last, 1), _school_day(other.first, -1))


def _school_day(day: date, step: int) -> date:
    """The nearest Monday to Friday before (step -1) or after (step 1) a day."""
    day += timedelta(step)
    while day.weekday() > 4:
        day += timedelta(step)
    return day


def _length_faults(blocks: Sequence[Entry]) -> Iterator[Rejected]:
    for name, block in zip(HALF_TERMS, blocks, strict=True):
        first, last = block.span
        length = (last - first).days + 1
        if length > LONGEST_HALF_TERM_WEEKS * 7:
            because = (
                f"{name} of {block.calendar} would last {length // 7} weeks, from {spoken_date(first)}: "
                f"a half term has at most {LONGEST_HALF_TERM_WEEKS}, so check its first and last day."
            )
            yield rejected(block.row, "to", last.isoformat(), because)
        elif length < SHORTEST_HALF_TERM_DAYS:
            because = (
                f"{name} of {block.calendar} would last {max(length, 0)} days, from {spoken_date(first)}: "
                "give the weeks of teaching, not the holiday."
            )
            yield rejected(block.row, "to", last.isoformat(), because)


def _order_faults(blocks: Sequence[Entry]) -> Iterator[Rejected]:
    pairs = list(pairwise(zip(HALF_TERMS, blocks, strict=True)))
    # Where two stand in the wrong order, the gaps and overlaps around them say nothing of their own.
    backwards = [(one, other) for one, other in pairs if other[1].span.last < one[1].span.first]
    for (name, block), (next_name, after) in backwards or pairs:
        ends, gap = spoken_date(block.span.last), (after.span.first - block.span.last).days - 1
        because = ""
        if backwards:
            begins = spoken_date(block.span.first)
            because = f"{next_name} comes before {name}, which begins on {begins}: set the dates right."
        elif gap < 0:
            because = f"{next_name} overlaps {name}, which ends on {ends}: correct one of them."
        elif gap > LONGEST_HOLIDAY_DAYS:
            because = (
                f"Between {name}, which ends on {ends}, and {next_name} lies a gap of {gap} days: "
                f"a holiday within the year has at most {LONGEST_HOLIDAY_DAYS}, so correct one of the dates."
            )
        if because:
            yield rejected(after.row, "from", after.span.first.isoformat(), f"{after.calendar}: {because}")
