"""An XLSX file to rows of text, as they would stand in a CSV: formulas by their results, days as 2026-09-24."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from app.domain.imports import Limits
from app.kit.errors import BadInputError
from app.render.sheets.unpacking import check_archive, scan, sheets

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Unreadable = Mapping[tuple[int, int], tuple[str, str]]


def read_xlsx(path: Path, name: str, limits: Limits) -> tuple[Iterator[tuple[int, list[str]]], Unreadable]:
    """The rows of the first visible sheet that holds anything, and its unreadable cells. Raises BadInputError."""
    check_archive(path, name, limits)
    for sheet, part in sheets(path, name).items():
        seen = scan(path, part, name, limits)
        if seen.last_row:
            opened = _opened(path, sheet, name)
            left = opened.start[1] if opened.start else 0
            # calamine leaves out empty columns on the left; the rows then begin at the first that holds anything.
            unreadable = {(row, column - left): told for (row, column), told in seen.unreadable.items()}
            return _rows(opened, max((row for row, _ in unreadable), default=0)), unreadable
    raise BadInputError(f"{name} holds nothing in its visible sheets: put the table in the first sheet.")


def _opened(path: Path, sheet: str, name: str) -> CalamineSheet:
    try:
        return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    except CalamineError as problem:
        raise BadInputError(f"{name} is damaged and cannot be read: save it again from Excel.") from problem


def _rows(sheet: CalamineSheet, last: int) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [as_text(cell) for cell in cells]
    # Rows of nothing but unreadable cells at the end are empty to calamine; they must still be told.
    yield from ((below, []) for below in range(number + 1, last + 1))


def as_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)
