"""One line of term dates as schools and authorities write it: its calendar, its kind, its name, its days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.imports import Layout, Rejected, Row, folded, plain, read_date
from app.kit.periods import Span, academic_year, spoken_date

LAYOUT = Layout("a file of term dates", ("calendar", "kind", "name", "from", "to"))
KINDS = ("half term", "term", "holiday", "inset", "closed", "bank holiday")
_KIND_OF = {
    "half term": "half term",
    "halfterm": "half term",
    "term": "term",
    "holiday": "holiday",
    "holidays": "holiday",
    "break": "holiday",
    "inset": "inset",
    "inset day": "inset",
    "staff training": "inset",
    "closed": "closed",
    "closure": "closed",
    "occasional day": "closed",
    "bank holiday": "bank holiday",
}
_SEASONS = ("autumn", "spring", "summer")
# Some schools start in the last days of August: those days belong to the year that begins.
_EARLY_START = timedelta(days=22)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `kind` is one of KINDS, both days are included, `row` is its place in the file."""

    row: int
    calendar: str
    kind: str
    name: str
    span: Span

    @property
    def year(self) -> int:
        """The academic year it belongs to, by its first day."""
        return academic_year(self.span.first + _EARLY_START)

    @property
    def is_summer_holiday(self) -> bool:
        """Four weeks or more: the holiday between two academic years."""
        return self.kind == "holiday" and (self.span.last - self.span.first).days >= 27


def half_term_named(text: str) -> int | None:
    """Which half term (0 to 5) a text such as "Autumn 1", "Spring term first half" or "Term 4" names; else None."""
    told = re.sub(r"[^a-z0-9]+", " ", folded(text)).strip()
    found = re.search(r"\b(?:half )?term ([1-6])\b|\bht ?([1-6])\b", told)
    number = int(found[1] or found[2]) - 1 if found else None
    season = term_named(told)
    if season is None:
        return number
    if re.search(r"\b(1|1st|first|one)\b", told):
        return season * 2
    if re.search(r"\b(2|2nd|second|two)\b", told):
        return season * 2 + 1
    return number if number in {season * 2, season * 2 + 1} else None


def term_named(text: str) -> int | None:
    """Which term (0 autumn, 1 spring, 2 summer) a text names; else None."""
    return next((place for place, word in enumerate(_SEASONS) if re.search(rf"\b{word}\b", folded(text))), None)


def read_entry(row: Row) -> Entry | list[Rejected]:
    """The line of term dates in a row, or every cell of it that cannot be taken."""
    faults = list(row.rejected)
    kind = _KIND_OF.get(folded(row.cells["kind"]).replace("-", " "))
    if not plain(row.cells["calendar"]):
        faults.append(row.reject("calendar", "Every row needs the name of its calendar."))
    if kind is None:
        faults.append(row.reject("kind", f"Write one of: {', '.join(KINDS)}."))
    span = _span(row, faults, one_day=kind not in {"half term", "term"})
    if kind is None or span is None or faults:
        return faults
    return Entry(row.number, plain(row.cells["calendar"]), kind, plain(row.cells["name"]), span)


def _span(row: Row, faults: list[Rejected], *, one_day: bool) -> Span | None:
    found: list[date] = []
    for column in ("from", "to"):
        # An INSET day is often given by its first day alone.
        text = row.cells[column] or (row.cells["from"] if one_day else "")
        try:
            found.append(read_date(text))
        except ValueError as problem:
            faults.append(row.reject(column, str(problem)))
    if len(found) < 2:
        return None
    if found[1] < found[0]:
        faults.append(row.reject("to", f"The last day is before the first, {spoken_date(found[0])}."))
    return Span(found[0], found[1])
