"""What every import shares: the report, the layout of a file, its limits, and how a date or a yes is read."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter

from app.kit.errors import BadInputError

SHOWN_CHARACTERS = 80
SHOWN_HEADINGS = 12
_SPACES = re.compile(r"\s+")
_YES = frozenset({"yes", "y", "true", "1", "x", "✓"})
_NO = frozenset({"no", "n", "false", "0"})
_DATE_FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken: bytes on disk, bytes once unpacked, rows, columns and cells, rejected rows."""

    file_bytes: int = 100_000_000
    unpacked_bytes: int = 250_000_000
    unpacked_ratio: int = 200
    rows: int = 250_000
    columns: int = 500
    cells: int = 5_000_000
    rejected: int = 5_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One cell that cannot be taken: where it is, what it says, and what to do about it."""

    row: int
    column: str
    value: str
    because: str

    def as_json(self) -> dict[str, object]:
        """The four keys of the import report."""
        return {"row": self.row, "column": self.column, "value": self.value, "because": self.because}

    def spoken(self, file: str) -> str:
        """The whole sentence for one line of a terminal: file, row, column, value, because."""
        column = f", column {self.column}" if self.column else ""
        value = f", “{self.value}”" if self.value else ""
        return f"{file}, row {self.row}{column}{value}: {self.because}"


def rejected(row: int, column: str, value: str, because: str) -> Rejected:
    """A `Rejected` whose value is short enough to show."""
    shown = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return Rejected(row, column, shown, because)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows or things, and every row that was not taken."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The report as commands and pages give it: `docs/rules/imports.md`."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [fault.as_json() for fault in self.rejected],
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings that one kind of file has; anything else in it is passed over."""

    what: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every heading that is read."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file: its name, its headings, and its rows as they come, each with the number Excel shows."""

    file: str
    header: tuple[str, ...]
    header_row: int
    rows: Iterator[tuple[int, list[str]]]
    unreadable: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


Values = tuple[int, tuple[str, ...], tuple[Rejected, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row by heading; a heading that the file lacks reads as an empty text."""

    number: int
    cells: Mapping[str, str]
    rejected: tuple[Rejected, ...] = ()

    def reject(self, column: str, because: str) -> Rejected:
        """This row's cell, refused."""
        return rejected(self.number, column, self.cells.get(column, ""), because)


def plain(text: str) -> str:
    """A text without doubled, odd or outer spaces."""
    return _SPACES.sub(" ", text.replace("\ufeff", "").replace("\u200b", "")).strip()


def folded(text: str) -> str:
    """A text for comparing: spaces and capitals do not matter."""
    return plain(unicodedata.normalize("NFKC", text)).casefold()


def match_header(header: Sequence[str], layout: Layout, *, file: str) -> dict[str, int]:
    """Where each known heading stands. Raises BadInputError that names every doubled or missing heading."""
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(header):
        places.setdefault(folded(heading), []).append(place)
    doubled = [known for known in layout.known if len(places.get(folded(known), ())) > 1]
    missing = [known for known in layout.required if folded(known) not in places]
    wrong = [f"{known} stands in {len(places[folded(known)])} columns" for known in doubled]
    if missing:
        *others, last = missing
        wrong.insert(0, f"there is no column {', '.join(others)} or {last}" if others else f"there is no column {last}")
    if wrong:
        found = ", ".join(plain(heading) for heading in header[:SHOWN_HEADINGS] if plain(heading)) or "nothing"
        more = " and others" if len(header) > SHOWN_HEADINGS else ""
        because = (
            f"{file} cannot be read as {layout.what}: {'; '.join(wrong)}. Its headings are: {found}{more}. "
            "Correct the headings, or pick another file."
        )
        raise BadInputError(because)
    return {known: places[folded(known)][0] for known in layout.known if folded(known) in places}


def read_rows(sheet: Sheet, layout: Layout) -> Iterator[Row]:
    """The rows of the sheet by heading, in order, empty ones passed over. Raises BadInputError for the headings."""
    known = layout.known
    return (
        Row(number, dict(zip(known, cells, strict=True)), told) for number, cells, told in read_values(sheet, layout)
    )


def read_values(sheet: Sheet, layout: Layout) -> Iterator[Values]:
    """The same as `read_rows` without naming each cell: a national extract has millions. At least two headings."""
    places = match_header(sheet.header, layout, file=sheet.file)
    width = len(sheet.header)
    # A heading that the file lacks is picked from an empty cell added behind the last.
    pick = itemgetter(*(places.get(known, width) for known in layout.known))
    return _values(sheet, places, pick)


def _values(
    sheet: Sheet, places: Mapping[str, int], pick: Callable[[Sequence[str]], tuple[str, ...]]
) -> Iterator[Values]:
    width = len(sheet.header)
    odd_rows = {row for row, _ in sheet.unreadable}
    for number, cells in sheet.rows:
        told: tuple[Rejected, ...] = ()
        if len(cells) != width or number in odd_rows:
            if not any(cells) and number not in odd_rows:
                continue
            told = tuple(_row_faults(sheet, number, cells, places))
            cells = [*cells, *[""] * (width - len(cells))][:width]  # noqa: PLW2901 - the same row, made regular
        elif not any(cells):
            continue
        cells.append("")
        picked = pick(cells)
        # Looking once at all cells is four times as fast as asking each for its outer spaces.
        line = "\t".join(("", *picked, ""))
        yield number, tuple(map(str.strip, picked)) if " \t" in line or "\t " in line else picked, told


def _row_faults(sheet: Sheet, number: int, cells: Sequence[str], places: Mapping[str, int]) -> Iterator[Rejected]:
    width = len(sheet.header)
    beyond = " ".join(cell for cell in cells[width:] if cell.strip())
    if beyond:
        because = (
            f"The row has {len(cells)} cells and the headings are {width}: "
            "a text that holds a comma needs quotation marks around it."
        )
        yield rejected(number, "", beyond, because)
    for heading, place in places.items():
        if (number, place) in sheet.unreadable:
            value, because = sheet.unreadable[number, place]
            yield rejected(number, heading, value, because)


def collect(faults: list[Rejected], more: Iterable[Rejected], *, file: str, limits: Limits = LIMITS) -> None:
    """Add to the rejected rows. Raises BadInputError once there are so many that the file must be a wrong one."""
    faults.extend(more)
    if len(faults) > limits.rejected:
        because = (
            f"More than {limits.rejected:,} rows of {file} cannot be taken, so it is probably another kind of file. "
            f"The first: {faults[0].spoken(file)}"
        )
        raise BadInputError(because)


def read_date(text: str) -> date:
    """A day as England writes it (2026-09-24, 24/09/2026, 24 September 2026). Raises ValueError with a sentence."""
    tidy = re.sub(r"^[a-z]+day,? ", "", plain(text), flags=re.IGNORECASE)
    if not tidy:
        raise ValueError("The day is empty: write it as 2026-09-24 or 24/09/2026.")
    tidy = re.sub(r"[T ]00:00(:00(\.0+)?)?Z?$", "", tidy)
    tidy = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", tidy, flags=re.IGNORECASE)
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(tidy, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError("This is not a day that exists: write it as 2026-09-24 or 24/09/2026.")


def read_yes(text: str, *, blank: bool) -> bool:
    """Yes or no; `blank` when nothing is written. Raises ValueError with a sentence."""
    tidy = folded(text)
    if not tidy:
        return blank
    if tidy in _YES or tidy in _NO:
        return tidy in _YES
    raise ValueError("Write yes or no.")


def read_email(text: str) -> str:
    """An e-mail address in small letters. Raises ValueError with a sentence."""
    tidy = plain(text).removeprefix("mailto:").casefold()
    if not tidy:
        raise ValueError("An e-mail address is needed: it is how the calendar reaches the person.")
    local, at, host = tidy.rpartition("@")
    parts = host.split(".")
    fine = at and local and len(tidy) <= 254 and len(parts) > 1 and all(parts)
    if not fine or re.search(r"[\s,;<>()\"\\]|@.*@|\.\.", tidy) or local.startswith(".") or local.endswith("."):
        raise ValueError("This is not one e-mail address: write it as name@school.org.")
    return tidy


def read_urn(text: str) -> int:
    """A school's unique reference number, five to seven digits. Raises ValueError with a sentence."""
    tidy = plain(text).removesuffix(".0")
    if not re.fullmatch(r"[1-9][0-9]{4,6}", tidy):
        raise ValueError("A school's URN is a number of six digits: look it up on Get Information About Schools.")
    return int(tidy)
