"""Rows to CSV for a download: UTF-8 with the mark Excel needs, and no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The whole table at once."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The table line by line, for a response that streams (RFC 4180, lines end with CR LF)."""
    held = StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    held.write(BOM)
    writer.writerow([_cell(value) for value in header])
    yield _taken(held)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield _taken(held)


def _taken(held: StringIO) -> bytes:
    line = held.getvalue().encode()
    held.seek(0)
    held.truncate()
    return line


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    # A spreadsheet runs a text that begins like a formula; an apostrophe before it keeps it a text.
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text
