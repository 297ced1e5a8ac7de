"""A payment file's bytes as headings and rows, and as payments."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.funding.remittance import Columns, Read, read
from app.domain.imports import Limits
from app.render.sheets import open_sheet

MOST_BYTES = 10_000_000
NAMES = ("reference", "amount", "day", "back")


def opened(name: str, file: bytes) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """The headings of a CSV or XLSX file, and its rows with their numbers. Raises BadInputError with a sentence."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(file)
        sheet = open_sheet(path, name=name, limits=Limits(file_bytes=MOST_BYTES))
        return tuple(heading.strip() for heading in sheet.header), list(sheet.rows)


def columns_of(chosen: Mapping[str, str]) -> Columns | None:
    """Which column is what; nothing while the reference or the amount is not chosen."""
    columns = Columns(**{name: chosen.get(name, "") for name in NAMES})
    return columns if columns.reference and columns.amount else None


def payments(name: str, file: bytes, columns: Columns) -> Read:
    """What the file pays, row by row. Raises BadInputError where it cannot be opened."""
    header, rows = opened(name, file)
    return read(header, rows, columns)
