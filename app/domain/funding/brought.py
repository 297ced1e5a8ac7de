"""A ledger that was kept elsewhere, read from a spreadsheet: every row becomes a line, or is told in a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line
from app.domain.funding.pence import pounds, read_pence
from app.domain.funding.remittance import plain
from app.domain.imports import Rejected, folded, read_date, rejected
from app.domain.stages.criteria import times
from app.kit.periods import spoken_date, spoken_year, year_span

MOST_ROWS = 100_000
LONGEST = 60  # letters of a statement's reference
NAMES = ("school", "amount", "day", "what", "programme", "reference", "paid")
NEEDED = ("school", "amount")
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "school": ("urn", "school"),
    "reference": ("statement", "claim", "invoice", "reference"),
    "paid": ("date paid", "paid on", "paid"),
    "amount": ("amount", "total", "value", "payment"),
    "day": ("date", "day"),
    "programme": ("programme", "project", "code"),
    "what": ("what for", "description", "rate", "category", "type", "detail"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Schools that a row can mean: every URN on record, and URNs by name as compared; two of one name are none."""

    urns: frozenset[int]
    by_name: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was read: the statement it names, and its line."""

    number: int
    reference: str
    line: Line


@dataclass(frozen=True, slots=True)
class Brought:
    """A whole file: what it becomes, and each cell that cannot be taken."""

    rows: tuple[Row, ...]
    faults: tuple[Rejected, ...]

    @property
    def ready(self) -> bool:
        """Whether it can be taken in: whole or not at all."""
        return bool(self.rows) and not self.faults

    @property
    def pence(self) -> int:
        """What all rows come to."""
        return sum(row.line.pence for row in self.rows)


def guess(header: Sequence[str]) -> dict[str, str]:
    """Which column is what, as the headings say; empty where none does."""
    free = {folded(heading): heading.strip() for heading in header if heading.strip()}
    found = {}
    for name, words in _HEADINGS.items():
        heading = next((known for word in words for known in free if word in known), "")
        found[name] = free.pop(heading, "")
    return found


def read(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Mapping[str, str],
    year: int,
    known: Known,
) -> Brought:
    """The lines of a file of one grant year; blank rows are passed over.

    A line's key names its row, so that two rows are two lines also where they say the same.
    """
    places = {heading.strip(): place for place, heading in reversed(list(enumerate(header)))}
    found: list[Row] = []
    faults: list[Rejected] = []
    for number, cells in rows:
        if number > MOST_ROWS:
            faults.append(rejected(number, "", "", f"A file has at most {MOST_ROWS:,} rows: split it."))
            break
        if any(cell.strip() for cell in cells):
            row = _Cells(number, columns, {name: cells[at].strip() for name, at in places.items() if at < len(cells)})
            line, wrong = _line(row, year, known)
            faults += wrong
            if line:
                found.append(Row(number, row.said("reference"), line))
    return Brought(tuple(found), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Cells:
    number: int
    columns: Mapping[str, str]
    cells: Mapping[str, str]

    def said(self, name: str) -> str:
        return self.cells.get(self.columns.get(name, ""), "")

    def refuse(self, name: str, because: str) -> Rejected:
        return rejected(self.number, self.columns.get(name, ""), self.said(name), because)


def _line(row: _Cells, year: int, known: Known) -> tuple[Line | None, list[Rejected]]:
    faults = []
    urn = _urn(row.said("school"), known)
    if urn is None:
        because = "No school is known by this: write its URN, or its name as your list of schools has it."
        faults.append(row.refuse("school", because))
    pence = 0
    try:
        pence = read_pence(row.said("amount"))
        if not pence:
            faults.append(row.refuse("amount", "The amount is nought: remove the row from the file."))
    except ValueError as problem:
        faults.append(row.refuse("amount", str(problem)))
    if len(row.said("reference")) > LONGEST:
        faults.append(row.refuse("reference", f"A reference has at most {LONGEST} letters: shorten it."))
    day, wrong = _day(row, year)
    faults += wrong
    if faults or urn is None:
        return None, faults
    what = row.said("what")
    return (
        Line(
            key=f"brought|{year}|{row.number}",
            urn=urn,
            payee=Payee.PARTICIPANT,
            rate="",
            programme=row.said("programme")[:40],
            group="",
            day=day,
            quantity=1,
            of=1,
            rate_pence=pence,
            pence=pence,
            because=_because(what, row.said("paid")),
            kind=Kind.BROUGHT,
        ),
        [],
    )


def _because(what: str, paid: str) -> str:
    about = f"Brought forward: {what[:200]}" if what else "Brought forward from the ledger that was kept before"
    return f"{about}. Paid: {paid[:40]}." if paid else f"{about}."


def _urn(said: str, known: Known) -> int | None:
    number = said.removesuffix(".0")
    if number.isascii() and number.isdigit():
        return int(number) if len(number) < 9 and int(number) in known.urns else None
    return known.by_name.get(folded(said))


def _day(row: _Cells, year: int) -> tuple[date, list[Rejected]]:
    span = year_span(year)
    said = row.said("day")
    if not said:
        return span.last, []
    try:
        day = read_date(said)
    except ValueError as problem:
        return span.last, [row.refuse("day", str(problem))]
    if not span.holds(day):
        because = (
            f"{spoken_date(day)} is outside the grant year {spoken_year(year)}: choose another year or correct it."
        )
        return day, [row.refuse("day", because)]
    return day, []


def by_reference(found: Brought) -> dict[str, tuple[Row, ...]]:
    """The rows by the statement that they name, in the order of the file; those that name none together last.

    Two ways of writing one reference name one statement, as they do in a payment file.
    """
    held: dict[str, list[Row]] = {}
    for row in found.rows:
        held.setdefault(plain(row.reference) or row.reference, []).append(row)
    unnamed = held.pop("", None)
    kept = {some[0].reference: tuple(some) for some in held.values()}
    return kept | ({"": tuple(unnamed)} if unnamed else {})


def says(found: Brought) -> str:
    """What the file holds in a sentence: 120 rows of 40 schools come to £96,000.00; 2 cannot be taken."""
    schools = len({row.line.urn for row in found.rows})
    unread = f"; {len(found.faults):,} cannot be taken" if found.faults else ""
    rows, of = times(len(found.rows), "row"), times(schools, "school")
    return f"{rows} of {of} {'comes' if len(found.rows) == 1 else 'come'} to {pounds(found.pence)}{unread}."
