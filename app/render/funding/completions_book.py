"""Who signed up and who completed as an XLSX workbook. Equal counts make equal bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from app.render.funding.book import Looks, workbook
from app.render.funding.book_rows import text

HEADER = ("Programme", "Code", "Signed up", "Completed", "Withdrew", "Going on")
WIDTHS = (32, 20, 12, 12, 12, 12)
FIRST = 4  # the first row of counts, from 0


@dataclass(frozen=True, slots=True)
class CountRow:
    """A programme with its counts in the order of the headings."""

    name: str
    code: str
    counts: tuple[int, int, int, int]


def completions_book(title: str, says: str, day: date, rows: Sequence[CountRow]) -> bytes:
    """The workbook: a row for each programme, and their sums as formulas with the right values."""
    held = BytesIO()
    book = workbook(held, title, day)
    looks = Looks(book)
    sheet = book.add_worksheet("Completions")
    text(sheet, 0, 0, title, looks.title)
    text(sheet, 1, 0, says, looks.plain)
    for column, (heading, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        text(sheet, FIRST - 1, column, heading, looks.heading)
    for row, one in enumerate(rows, FIRST):
        text(sheet, row, 0, one.name, looks.plain)
        text(sheet, row, 1, one.code, looks.plain)
        for column, count in enumerate(one.counts, 2):
            sheet.write_number(row, column, count, looks.count)
    last = FIRST + len(rows)
    text(sheet, last, 0, "All programmes", looks.total)
    sheet.write_blank(last, 1, None, looks.total)
    for column in range(4):
        letter = "CDEF"[column]
        formula = f"=SUM({letter}{FIRST + 1}:{letter}{last})" if rows else "=0"
        sheet.write_formula(last, column + 2, formula, looks.total_count, sum(one.counts[column] for one in rows))
    sheet.freeze_panes(FIRST, 1)
    book.close()
    return held.getvalue()
