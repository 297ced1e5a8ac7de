"""An XLSX file looked over before it is opened: its true size unpacked, its sheets, the extent of the one to read.

A workbook is a zip of XML. A small file can unpack to gigabytes, one far cell can ask for a table of billions, and a
formula may carry no result: all three are found here, streaming, before anything is built in memory.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat  # the parts are bounded first and any DOCTYPE is refused

from app.domain.imports import Limits
from app.kit.errors import BadInputError

CHUNK = 1 << 18
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(slots=True)
class Scan:
    """What one sheet holds: its last row and column (1-based) and the cells that cannot be read."""

    last_row: int = 0
    last_column: int = 0
    unreadable: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


def check_archive(path: Path, name: str, limits: Limits) -> None:
    """Unpack every part to nowhere and count. Raises BadInputError for a zip bomb, a damaged zip or another archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _BOOK not in archive.namelist():
                raise BadInputError(
                    f"{name} is a zip archive but not an Excel workbook: save the table as .xlsx or CSV."
                )
            _count(archive, path.stat().st_size, name, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        raise BadInputError(f"{name} is damaged and cannot be opened: save it again from Excel.") from problem


def _count(archive: zipfile.ZipFile, packed: int, name: str, limits: Limits) -> None:
    # Small files may pack tightly without being a trap, so the ratio counts from ten megabytes on.
    most = min(limits.unpacked_bytes, max(packed * limits.unpacked_ratio, 10_000_000))
    total = 0
    for part in archive.infolist():
        # The size a part claims may be a lie: let it run up to the limit and count what really comes.
        part.file_size = most + 2 * CHUNK
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > most:
                    because = (
                        f"{name} unpacks to more than {most / 1_000_000:,.0f} MB, far more than a table needs, "
                        "so it is not opened: copy the sheet into a new workbook and save that."
                    )
                    raise BadInputError(because)


def sheets(path: Path, name: str) -> dict[str, str]:
    """The visible sheets in order, each with the part of the archive that holds it."""
    found: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def book(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            link = next((value for key, value in attributes.items() if key.endswith("|id")), "")
            found.append((attributes["name"], link))

    def links(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    with zipfile.ZipFile(path) as archive:
        _parse(archive, _BOOK, book, name)
        if _LINKS in archive.namelist():
            _parse(archive, _LINKS, links, name)
        names = set(archive.namelist())
    parts = {sheet: _part(targets.get(link, "")) for sheet, link in found}
    return {sheet: part for sheet, part in parts.items() if part in names}


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"


def scan(path: Path, part: str, name: str, limits: Limits) -> Scan:
    """Look over one sheet. Raises BadInputError when its extent is beyond the limits."""
    reader = _SheetReader(name, limits)
    with zipfile.ZipFile(path) as archive:
        _parse(archive, part, reader.start, name, end=reader.end, text=reader.text)
    return reader.seen


class _SheetReader:
    """Follows rows and cells of one worksheet part."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits, self.seen = name, limits, Scan()
        self.row = self.column = 0
        self.kind = self.value = self.formula = ""
        self.inside = ""
        self.has_formula = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
        elif tag == "c":
            self._at(attributes.get("r", ""))
            self.kind, self.value, self.formula, self.has_formula = attributes.get("t", "n"), "", "", False
        elif tag in {"v", "f"}:
            self.inside = tag
            self.has_formula = self.has_formula or tag == "f"

    def text(self, text: str) -> None:
        if self.inside == "v":
            self.value += text
        elif self.inside == "f":
            self.formula += text

    def end(self, tag: str) -> None:
        if tag in {"v", "f"}:
            self.inside = ""
        elif tag == "c":
            self._judge()

    def _at(self, place: str) -> None:
        match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", place)
        self.column = column_number(match[1]) if match else self.column + 1
        self.row = int(match[2]) if match else self.row

    def _judge(self) -> None:
        if not (self.value or self.has_formula or self.kind == "inlineStr"):
            return  # an empty cell with only a colour or a border
        self._stretch()
        cell = f"{column_letters(self.column)}{self.row}"
        shown = f"={self.formula}" if self.formula else self.value
        because = ""
        if self.kind == "e":
            because = f"Cell {cell} shows the error {self.value}: correct it in Excel and save the workbook again."
        elif self.has_formula and not self.value and self.kind != "str":
            because = (
                f"Cell {cell} holds a formula without its result: open the workbook in Excel and save it again, "
                "or paste the values."
            )
        if because:
            self.seen.unreadable[self.row, self.column - 1] = (shown, because)

    def _stretch(self) -> None:
        seen, limits = self.seen, self.limits
        seen.last_row, seen.last_column = max(seen.last_row, self.row), max(seen.last_column, self.column)
        if (
            seen.last_row > limits.rows
            or seen.last_column > limits.columns
            or seen.last_row * seen.last_column > limits.cells
        ):
            because = (
                f"{self.name} reaches to cell {column_letters(seen.last_column)}{seen.last_row}, beyond the "
                f"{limits.rows:,} rows and {limits.columns} columns that are taken: delete the cells far from it."
            )
            raise BadInputError(because)


def column_number(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is A, 26 Z, 27 AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    name: str,
    *,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition("|")[2], attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition("|")[2])
    if text:
        parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise BadInputError(f"{name} holds a document type, which Excel never writes: save it again from Excel.")

    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in _chunks(archive, part):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003  expat takes no names
    except (expat.ExpatError, KeyError, ValueError) as problem:
        raise BadInputError(f"{name} is damaged and cannot be read: save it again from Excel.") from problem


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
