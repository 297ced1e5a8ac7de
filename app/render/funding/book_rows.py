"""Rows of a workbook's sheet, written whole: a file's time went into a value for each cell, and into taking it apart.

The bytes are those that XlsxWriter makes of the same cells, which a test holds side by side. A row with a text that
asks for care, such as one with a control character, is left to XlsxWriter.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

LONGEST = 32_767  # characters of a cell
LONGEST_PLAIN = LONGEST // 2  # a character may count as two
_FIRST_DAY = date(1899, 12, 30).toordinal()
# Controls, what looks like one written out or like markup of the writer's own, and blanks at an end.
_asks_care = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^<r>|^\\s|\\s$").search
_marks = re.compile("[&<>]").search


def text(sheet: Any, row: int, column: int, words: str, look: Any = None) -> None:
    """A text as a text, whatever it begins with; what no cell holds is cut."""
    if words:
        sheet.write_string(row, column, _plain(words), look)


def _plain(words: str) -> str:
    """What the writer takes for markup of its own gets a blank behind it."""
    cut = words[:LONGEST]
    return f"{cut[: LONGEST - 1]} " if cut.startswith("<r>") and cut.endswith("</r>") else cut


class SheetRows:
    """Writes rows beneath one another and beneath the headings of all columns, each column in its look."""

    def __init__(self, sheet: Any, looks: Sequence[Any]) -> None:
        from xlsxwriter.utility import xl_col_to_name  # late: it costs every start 50 milliseconds, and few need it

        self.sheet, self.looks = sheet, looks
        indices = [look._get_xf_index() if look else 0 for look in looks]  # noqa: SLF001  only it knows the number
        styles = [f'" s="{index}"' if index else '"' for index in indices]
        self.cells = [(f'<c r="{xl_col_to_name(column)}', style) for column, style in enumerate(styles)]

    def write(self, row: int, values: Sequence[object]) -> None:
        """One row: texts, days and numbers; nothing stands where a value is empty."""
        number = str(row + 1)
        made = []
        for (cell, style), value in zip(self.cells, values, strict=True):
            if type(value) is str:
                if not value:
                    continue
                if _asks_care(value) or len(value) > LONGEST_PLAIN:
                    return self._with_care(row, values)
                words = escape(value, quote=False) if _marks(value) else value
                made.append(f'{cell}{number}{style} t="inlineStr"><is><t>{words}</t></is></c>')
            elif (figure := _figure(value)) is not None:
                made.append(f"{cell}{number}{style}><v>{figure:.16G}</v></c>")
        if made:
            self._put(row, f'<row r="{number}">{"".join(made)}</row>')
        return None

    def _put(self, row: int, words: str) -> None:
        """Behind the row before it, which XlsxWriter holds back until it knows that nothing more comes of it."""
        sheet = self.sheet
        if sheet.table:
            sheet._write_single_row(row)  # noqa: SLF001  what its own cells do when a row begins
        sheet.previous_row = sheet.dim_rowmax = row
        sheet.fh.write(words)

    def _with_care(self, row: int, values: Sequence[object]) -> None:
        for column, (value, look) in enumerate(zip(values, self.looks, strict=True)):
            if isinstance(value, str):
                text(self.sheet, row, column, value, look)
            elif (figure := _figure(value)) is not None:
                self.sheet.write_number(row, column, figure, look)


def _figure(value: object) -> float | None:
    """A number as such, a day as spreadsheets count them; nothing for what has no figure."""
    if isinstance(value, date):
        return value.toordinal() - _FIRST_DAY
    return float(value) if isinstance(value, Decimal | int) else None
