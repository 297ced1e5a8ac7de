"""The funder's form as data: which columns in which order, what fills each, and how it is written.

A hub edits it because the form changes each year; the rows come out of the same lines as every other view. A cell that
a spreadsheet would run is made harmless where the file is written (app/render/sheets/downloads.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.domain.funding.facts import PAYEE_WORDS, Payee
from app.domain.funding.line import KIND_WORDS, Line, total
from app.domain.funding.pence import pounds
from app.domain.funding.periods import financial_year
from app.kit.errors import Fault
from app.kit.periods import academic_year, spoken_date, spoken_year

MOST_COLUMNS = 60
Cell = str | int | Decimal


class Rows(StrEnum):
    """What one row of the file is."""

    LINE = "line"
    SCHOOL = "school"
    SCHOOL_RATE = "school_rate"
    PROGRAMME = "programme"


ROWS_WORDS = {
    Rows.LINE: "a row for each line",
    Rows.SCHOOL: "a row for each school",
    Rows.SCHOOL_RATE: "a row for each school and rate",
    Rows.PROGRAMME: "a row for each programme",
}
_BY: dict[Rows, tuple[str, ...]] = {
    Rows.SCHOOL: ("urn",),
    Rows.SCHOOL_RATE: ("urn", "rate", "payee"),
    Rows.PROGRAMME: ("programme",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What can fill a column: its name for people and the kind of its forms; `one_of`: rows that have one of it."""

    label: str
    kind: str
    one_of: frozenset[Rows] = frozenset(Rows)


_LINES = frozenset({Rows.LINE})
_RATES = frozenset({Rows.LINE, Rows.SCHOOL_RATE})
_SCHOOLS = frozenset({Rows.LINE, Rows.SCHOOL, Rows.SCHOOL_RATE})
_PROGRAMMES = frozenset({Rows.LINE, Rows.PROGRAMME})
SOURCES: dict[str, Source] = {
    "urn": Source("URN", "text", _SCHOOLS),
    "school": Source("School's name", "text", _SCHOOLS),
    "authority": Source("Local authority", "text", _SCHOOLS),
    "number": Source("Local authority's number", "text", _SCHOOLS),
    "postcode": Source("Postcode", "text", _SCHOOLS),
    "amount": Source("Amount", "money"),
    "lines": Source("How many lines", "number"),
    "quantity": Source("Units", "number"),
    "rate_amount": Source("Amount of one unit", "money", _LINES),
    "rate": Source("Rate", "text", _RATES),
    "payee": Source("Whose school", "text", _RATES),
    "programme": Source("Programme code", "text", _PROGRAMMES),
    "group": Source("Work Group", "text", _LINES),
    "day": Source("Day", "date", _LINES),
    "kind": Source("Earned, corrected or adjusted", "text", _LINES),
    "because": Source("Because", "text", _LINES),
    "evidence": Source("Evidence", "text", _LINES),
    "corrects": Source("Line that it corrects", "text", _LINES),
    "key": Source("Line's key", "text", _LINES),
    "hub": Source("Hub", "text"),
    "year": Source("Grant year", "text"),
    "statement": Source("Statement", "text"),
    "constant": Source("Always the same words", "text"),
}
_OF_SCHOOL = ("school", "authority", "number", "postcode")
_GIVEN = ("hub", "year", "statement")


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str | int | Decimal) else str(value)


FORMS: dict[str, dict[str, tuple[str, Callable[[Any], Cell]]]] = {
    "text": {
        "plain": ("as it is", str),
        "capitals": ("in capitals", lambda value: str(value).upper()),
    },
    "number": {"plain": ("as a number", _plain)},
    "money": {
        "pounds": ("pounds as a number: 1234.50", lambda pence: (Decimal(pence) / 100).quantize(Decimal("0.01"))),
        "pence": ("pence as a number: 123450", int),
        "spoken": ("as people write it: £1,234.50", pounds),
    },
    "date": {
        "iso": ("2026-09-24", date.isoformat),
        "numbers": ("24/09/2026", lambda day: f"{day:%d/%m/%Y}"),
        "spoken": ("Thursday 24 September 2026", spoken_date),
        "month": ("September 2026", lambda day: f"{day:%B} {day.year}"),
        "grant_year": ("grant year 2026/27", lambda day: spoken_year(academic_year(day))),
        "financial_year": ("financial year 2026/27", lambda day: spoken_year(financial_year(day))),
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what fills it, how that is written, and the words of one that is always the same."""

    name: str
    source: str
    form: str
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """One form of a funder: its name, what a row is, and its columns in order."""

    name: str
    rows: Rows
    columns: tuple[Column, ...]


def to_data(export: Export) -> dict[str, Any]:
    """As it is stored and sent."""
    return {"name": export.name, "rows": export.rows.value, "columns": [asdict(one) for one in export.columns]}


def from_data(stored: Mapping[str, Any]) -> Export:
    """Out of what `to_data` made; raises KeyError, TypeError or ValueError for what it never makes."""
    return Export(stored["name"], Rows(stored["rows"]), tuple(Column(**one) for one in stored["columns"]))


def faults_of(draft: Export) -> tuple[Fault, ...]:
    """What to change before the export can be used, each with its place; empty when it can."""
    found = [] if draft.name.strip() else [Fault("name", "Give the export the name of the funder's form.")]
    if not 1 <= len(draft.columns) <= MOST_COLUMNS:
        found.append(Fault("columns", f"Choose 1 to {MOST_COLUMNS} columns."))
    names: set[str] = set()
    for place, one in enumerate(draft.columns):
        name = one.name.strip().casefold()
        if not name:
            found.append(Fault(f"columns.{place}.name", "Enter the heading as the funder's form has it."))
        elif name in names:
            found.append(Fault(f"columns.{place}.name", f"Another column is called “{one.name}”: give each its own."))
        names.add(name)
        found += [Fault(f"columns.{place}.{field}", because) for field, because in _column_faults(one, draft.rows)]
    return tuple(found)


def _column_faults(one: Column, rows: Rows) -> list[tuple[str, str]]:
    source = SOURCES.get(one.source)
    if source is None:
        return [("source", f"Nothing is called “{one.source}”: choose what fills the column from the list.")]
    found = []
    if rows not in source.one_of:
        because = f"With {ROWS_WORDS[rows]} there is not one “{source.label}”: remove the column or change the rows."
        found.append(("source", because))
    if one.form not in FORMS[source.kind]:
        could = ", ".join(words for words, _ in FORMS[source.kind].values())
        found.append(("form", f"“{source.label}” can be written {could}: choose one of these."))
    if one.source == "constant" and not one.constant.strip():
        found.append(("constant", "Enter the words that every row has here."))
    return found


@dataclass(frozen=True, slots=True)
class Given:
    """What lines do not say: of the hub and statement by source, of each URN its school by source, names of rates."""

    of_file: Mapping[str, str]
    of_school: Mapping[int, Mapping[str, str]]
    rate_names: Mapping[str, str]


def rows(export: Export, lines: Iterable[Line], given: Given) -> list[list[Cell]]:
    """The rows in order, of an export without faults; amounts of all rows sum to those of the lines."""
    return [[_cell(column, held, given) for column in export.columns] for held in _held(export.rows, lines)]


def _held(by: Rows, lines: Iterable[Line]) -> list[list[Line]]:
    if by is Rows.LINE:
        return [[line] for line in lines]
    places = [Line._fields.index(name) for name in _BY[by]]
    found: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        found.setdefault(tuple(line[place] for place in places), []).append(line)
    return [found[key] for key in sorted(found)]


def _cell(column: Column, held: Sequence[Line], given: Given) -> Cell:
    source = SOURCES[column.source]
    return FORMS[source.kind][column.form][1](_value(column, held, given))


def _value(column: Column, held: Sequence[Line], given: Given) -> Any:
    first, name = held[0], column.source
    if name == "constant":
        return column.constant
    if name in _GIVEN:
        return given.of_file.get(name, "")
    if name in _OF_SCHOOL:
        return given.of_school.get(first.urn, {}).get(name, "")
    made: dict[str, Callable[[], Any]] = {
        "amount": lambda: total(held),
        "lines": lambda: len(held),
        "quantity": lambda: _units(held),
        "rate": lambda: given.rate_names.get(first.rate, first.rate),
        "rate_amount": lambda: first.rate_pence,
        "payee": lambda: PAYEE_WORDS[Payee(first.payee)],
        "kind": lambda: KIND_WORDS[first.kind],
        "evidence": lambda: ", ".join(first.evidence),
    }
    return made[name]() if name in made else getattr(first, name)


def _units(held: Sequence[Line]) -> Cell:
    """How many units the lines are, to four places where they are not whole."""
    units = sum((Fraction(line.quantity, line.of) for line in held), Fraction(0))
    if units.denominator == 1:
        return units.numerator
    return (Decimal(units.numerator) / units.denominator).quantize(Decimal("0.0001"))
