"""A file of either kind, opened as one `Sheet`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domain.imports import LIMITS, Limits, Sheet
from app.kit.errors import BadInputError
from app.render.sheets.kinds import Kind, checked_kind
from app.render.sheets.text import read_csv
from app.render.sheets.workbook import read_xlsx


def open_sheet(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Sheet:
    """The table in a CSV or XLSX file; its rows are read as they are asked for. Raises BadInputError with a sentence.

    `name` is what the person calls the file, when it is kept under another name.
    """
    name = name or path.name
    kind = checked_kind(path, name, limits)
    if kind is Kind.ICS:
        raise BadInputError(f"{name} is {kind.value}, which is read for term dates only: pick a CSV or XLSX file.")
    if kind is Kind.XLSX:
        rows, unreadable = read_xlsx(path, name, limits)
        number, header = _header(rows, name)
        return Sheet(name, header, number, rows, unreadable)
    lines = read_csv(path, name, limits)
    number, header = _header(lines, name)
    if len(header) > limits.columns:
        raise BadInputError(f"{name} has {len(header):,} columns and at most {limits.columns} are taken.")
    return Sheet(name, header, number, lines)


def _header(rows: Iterator[tuple[int, list[str]]], name: str) -> tuple[int, tuple[str, ...]]:
    """The first row with anything in it, its empty cells at the end cut off."""
    for number, cells in rows:
        if 1 <= len(cells) <= 2 and cells[0].lower().startswith("sep="):
            continue
        if any(cell.strip() for cell in cells):
            return number, tuple(_cut(cells))
    raise BadInputError(f"{name} is empty: save it again, with its headings in the first row.")


def _cut(cells: Sequence[str]) -> Sequence[str]:
    last = max(place for place, cell in enumerate(cells) if cell.strip())
    return cells[: last + 1]
