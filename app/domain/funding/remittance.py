"""A bank's or finance system's file against what is owed: every row told, nothing applied (docs/rules/money.md)."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.funding.pence import pounds, read_pence
from app.domain.imports import Rejected, read_date, rejected
from app.domain.stages.criteria import times

MOST_ROWS = 100_000
SHORTEST = 6  # characters of a reference that is looked for among other words
_PLAIN = re.compile(r"[^A-Z0-9]+")


class Came(StrEnum):
    """What a row is to what is owed."""

    MATCHED = "matched"
    SHORT = "short"
    OVER = "over"
    DOUBLED = "doubled"
    UNKNOWN = "unknown"


CAME_WORDS = {
    Came.MATCHED: "Matched",
    Came.SHORT: "Too little",
    Came.OVER: "Too much",
    Came.DOUBLED: "Paid twice",
    Came.UNKNOWN: "Not known",
}
APPLIED = frozenset({Came.MATCHED, Came.SHORT})


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a file: money in one column, or paid out and paid in apart (`back`: what came back)."""

    reference: str
    amount: str
    day: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One row as it was read: its number in the file, its reference, pence (minus: paid back), its day if known."""

    row: int
    reference: str
    pence: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file: those that could be read, and what is wrong with the others."""

    payments: tuple[Payment, ...]
    faults: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """A statement that waits for money, by its reference; `paid` before this file, in pence.

    `also` are other names it goes by in the file, such as the number of the only school it can be.
    """

    id: str
    reference: str
    pence: int
    paid: int = 0
    name: str = ""
    also: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Pence still to be paid."""
        return self.pence - self.paid


@dataclass(frozen=True, slots=True)
class Match:
    """What one row is: of which thing owed (None: not known), what is left of it after the row, and the sentence.

    `alike` is an earlier row that nothing tells apart from this one: same amount, day and words; both are applied.
    """

    payment: Payment
    came: Came
    owed: Owed | None
    left: int
    because: str
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Matched:
    """A whole file against what is owed. Applied only as a whole: the rows `ready` once a person confirms it."""

    rows: tuple[Match, ...]
    faults: tuple[Rejected, ...]
    waiting: tuple[Owed, ...]
    unnamed: tuple[Owed, ...]

    @property
    def ready(self) -> bool:
        """Whether every row is matched or in part: no row is doubtful and none could not be read."""
        return bool(self.rows) and not self.faults and all(row.came in APPLIED for row in self.rows)

    def count(self, came: Came) -> int:
        """How many rows are of this kind."""
        return sum(row.came is came for row in self.rows)

    @property
    def alike(self) -> tuple[str, ...]:
        """A sentence for each row that is applied and may be an earlier one told twice."""
        return tuple(
            f"Row {row.payment.row} says the same as row {row.alike}: "
            f"{pounds(row.payment.pence)}, to be recorded twice. "
            "If the money moved once, take one of the two rows out of the file first."
            for row in self.rows
            if row.alike and row.came in APPLIED
        )

    @property
    def stamp(self) -> str:
        """What was looked at, in short: another one where any row would be applied otherwise."""
        said = [(row.payment.row, row.came, row.payment.pence, row.left, row.owed and row.owed.id) for row in self.rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    @property
    def pence(self) -> int:
        """What all rows come to."""
        return sum(row.payment.pence for row in self.rows)


# How finance systems head what we need, most telling first.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": (
        "our reference",
        "invoice number",
        "payment reference",
        "reference",
        "ref",
        "narrative",
        "description",
    ),
    "amount": ("amount paid", "paid out", "net amount", "amount", "value", "debit"),
    "day": ("payment date", "date paid", "value date", "posting date", "date"),
    "back": ("paid in", "credit"),
}


def guess(header: Sequence[str]) -> Columns:
    """The columns that the headings speak of; empty where none does."""
    free = {heading.strip().casefold(): heading.strip() for heading in header if heading.strip()}
    found: dict[str, str] = {}
    for name, words in _HEADINGS.items():
        heading = next((known for word in words for known in free if word in known), "")
        found[name] = free.pop(heading, "")
    return Columns(**found)


def read(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], columns: Columns) -> Read:
    """The payments of a file; blank rows are passed over, and each cell that cannot be read is told in a sentence."""
    places = {heading.strip().casefold(): place for place, heading in reversed(list(enumerate(header)))}
    faults = [
        rejected(1, heading, "", f"The file has no column “{heading}”: choose which column it is.")
        for heading in (columns.reference, columns.amount, columns.day, columns.back)
        if heading and heading.strip().casefold() not in places
    ]
    payments: list[Payment] = []
    for number, cells in () if faults else rows:
        if number > MOST_ROWS:
            faults.append(rejected(number, "", "", f"A file has at most {MOST_ROWS:,} rows: split it."))
            break
        if not any(cell.strip() for cell in cells):
            continue
        found = _payment(number, {name: cells[at].strip() for name, at in places.items() if at < len(cells)}, columns)
        if isinstance(found, Rejected):
            faults.append(found)
        elif found:
            payments.append(found)
    return Read(tuple(payments), tuple(faults))


def _payment(number: int, cells: Mapping[str, str], columns: Columns) -> Payment | Rejected | None:
    def cell(heading: str) -> str:
        return cells.get(heading.strip().casefold(), "") if heading else ""

    amount, back = cell(columns.amount), cell(columns.back)
    heading = columns.back if back and not amount else columns.amount
    if not amount and not back:
        return rejected(number, heading, "", "The amount is empty: enter it, or remove the row from the file.")
    if amount and back and read_or_none(amount) and read_or_none(back):
        return rejected(number, heading, amount, "The row says both an amount and one that came back: keep one.")
    try:
        pence = read_pence(amount) if amount else 0
        if not pence and back:
            heading = columns.back
            pence = -abs(read_pence(back))
    except ValueError as problem:
        return rejected(number, heading, amount or back, str(problem))
    day = None
    if cell(columns.day):
        try:
            day = read_date(cell(columns.day))
        except ValueError as problem:
            return rejected(number, columns.day, cell(columns.day), str(problem))
    if not pence:
        return rejected(number, heading, amount or back, "The amount is nought: remove the row from the file.")
    return Payment(number, cell(columns.reference), pence, day)


def read_or_none(text: str) -> int | None:
    """The pence of an amount, or nothing where it cannot be read."""
    try:
        return read_pence(text)
    except ValueError:
        return None


def plain(reference: str) -> str:
    """A reference as banks leave it: capitals and numbers, without what they drop between them."""
    return _PLAIN.sub("", reference.upper())


def match(found: Read, owed: Iterable[Owed]) -> Matched:
    """Each payment against what is owed, in the file's order; nothing is changed by it.

    A row belongs to the thing whose reference it says, alone or among other words; of several the longest.
    """
    things = sorted(owed, key=lambda one: (-len(plain(one.reference)), one.reference, one.id))
    named: dict[str, Owed] = {}
    for one in things:
        if plain(one.reference):
            named.setdefault(plain(one.reference), one)
    for one in things:
        for other in filter(None, map(plain, one.also)):
            named.setdefault(other, one)
    left = {one.id: one.left for one in things}
    said: Said = {}
    rows = []
    for payment in found.payments:
        meant = _meant(payment.reference, named)
        if len(meant) == 1:
            rows.append(_matched(payment, meant[0], left, said))
        else:
            rows.append(Match(payment, Came.UNKNOWN, None, 0, _unknown(payment, meant)))
    paid = {row.owed.id for row in rows if row.owed}
    waiting = tuple(one for one in things if one.left and one.id not in paid and plain(one.reference))
    unnamed = tuple(one for one in things if not plain(one.reference))
    return Matched(tuple(rows), found.faults, waiting, unnamed)


def _meant(reference: str, named: Mapping[str, Owed]) -> list[Owed]:
    """What a reference can mean; a name that is only part of another that was found does not count."""
    said = plain(reference)
    if said in named:
        return [named[said]]
    words = [plain(word) for word in reference.split()]
    if whole := [word for word in words if word in named]:
        return _each_once(named[word] for word in whole)
    found = [key for key in named if len(key) >= SHORTEST and key in said and _stands(key, reference)]
    return _each_once(named[key] for key in found if not any(key != other and key in other for other in found))


def _stands(key: str, reference: str) -> bool:
    """Whether the name stands among these words as it is: SW-26-0001 is not part of SW-26-00012."""
    spread = r"[^A-Z0-9]*".join(key)
    before, after = ("(?<![0-9])" if key[0].isdigit() else ""), ("(?![0-9])" if key[-1].isdigit() else "")
    return re.search(f"{before}{spread}{after}", reference.upper()) is not None


def _each_once(meant: Iterable[Owed]) -> list[Owed]:
    return list({one.id: one for one in meant}.values())


def _unknown(payment: Payment, meant: Sequence[Owed]) -> str:
    amount = pounds(payment.pence)
    if meant:
        both = " and ".join(one.reference for one in meant)
        return f"“{payment.reference}” names {both}: split the row into one for each."
    what = f"Nothing bears the reference “{payment.reference}”" if payment.reference else "It has no reference"
    return f"{what}: {amount} belongs to nothing that is owed."


Said = dict[tuple[str, int], list[Payment]]  # by what is owed and the amount


def _beside(payment: Payment, earlier: Sequence[Payment]) -> tuple[int, str]:
    """The earlier row that nothing tells apart from this one, and what is to be said of rows of the same amount."""
    if not earlier:
        return 0, ""
    known = (payment.day, plain(payment.reference))
    if same := next((one for one in earlier if (one.day, plain(one.reference)) == known), None):
        return same.row, f" Row {same.row} says the very same: look whether the money moved twice."
    last = earlier[-1]
    other = "another day" if last.day != payment.day else "another reference"
    return 0, f" It is another payment than row {last.row}, of the same amount, which has {other}."


def _matched(payment: Payment, thing: Owed, left: dict[str, int], said: Said) -> Match:
    amount = pounds(payment.pence)
    before = left[thing.id]
    rest = before - payment.pence
    of_amount = said.setdefault((thing.id, payment.pence), [])
    alike, beside = _beside(payment, of_amount)
    of_amount.append(payment)
    fits = before * rest >= 0 and abs(rest) < abs(before)
    if fits and rest:
        left[thing.id] = rest
        told = f"{amount} of {pounds(before)} that was left: {pounds(rest)} is still to come.{beside}"
        return Match(payment, Came.SHORT, thing, rest, told, alike)
    if fits:
        left[thing.id] = 0
        told = f"{amount} is all that was left of {thing.reference}.{beside}"
        return Match(payment, Came.MATCHED, thing, 0, told, alike)
    if len(of_amount) > 1:
        told = f"{amount} to {thing.reference} is in row {of_amount[0].row} already."
        return Match(payment, Came.DOUBLED, thing, before, told)
    if not before and payment.pence == thing.pence:
        told = f"{thing.reference} was paid {amount} before this file."
        return Match(payment, Came.DOUBLED, thing, before, told)
    if payment.pence * thing.pence < 0:
        way = "from" if thing.pence > 0 else "to"
        told = f"{amount} went {way} the school, and {thing.reference} is of {pounds(thing.pence)}: look at its sign."
        return Match(payment, Came.OVER, thing, before, told)
    told = f"{amount} is more than the {pounds(before)} that was left of {thing.reference}."
    return Match(payment, Came.OVER, thing, before, told)


def says(found: Matched) -> str:
    """What the file holds in one sentence: 12 rows: 10 matched, 1 too little, 1 not known; 2 could not be read."""
    counts = [f"{found.count(came):,} {CAME_WORDS[came].lower()}" for came in Came if found.count(came)]
    unread = f"; {len(found.faults):,} could not be read" if found.faults else ""
    return f"{times(len(found.rows), 'row')}{': ' if counts else ''}{', '.join(counts)}{unread}."
