"""The ledger as an XLSX workbook, written row by row: totals are formulas whose cached values are right.

Equal lines make equal bytes: the workbook bears no time of its making.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from app.domain.funding.selection import About, Kept, Sum, Totals
from app.kit.errors import BadInputError
from app.render.funding.book_rows import SheetRows, text
from app.render.funding.columns import AMOUNT, CODE, DAY, HEADER, ONE, REASON_HEADER, UNITS, URN, cells, evidence

MOST_LINES = 1_000_000  # a sheet holds 1,048,576 rows
TOP = 3  # the first row of a sheet's table, from 0: its headings
WIDTHS = (12, 32, 9, 30, 16, 9, 12, 13, 60, 24, 16, 16, 18, 12, 16, 14, 30, 38)
REASON_WIDTHS = (12, 32, 9, 30, 16, 16, 70, 40)
STATE = HEADER.index("State")
POUNDS = "£#,##0.00;[Red]-£#,##0.00"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(to: IO[bytes], title: str, day: date) -> Any:
    """A workbook that is written to a file row by row; `day` stands for the time of its making."""
    import xlsxwriter  # late: it costs every start 50 milliseconds, and few need it

    made = xlsxwriter.Workbook(to, OPTIONS)
    made.set_properties({"title": title, "author": "Halfterm", "created": datetime.combine(day, time(0))})
    return made


def dropped(book: Any) -> None:
    """Give back what a workbook that is not finished holds on the disk."""
    for sheet in book.worksheets():
        sheet.row_data_fh.close()
        Path(sheet.row_data_filename).unlink(missing_ok=True)


class Looks:
    """The formats of a workbook's cells."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.plain = book.add_format(font)
        self.wrapped = book.add_format({**font, "text_wrap": True})
        self.bold = book.add_format({**font, "bold": True})
        self.title = book.add_format({**font, "bold": True, "font_size": 16})
        self.heading = book.add_format({**font, "bold": True, "bg_color": "#14213d", "font_color": "#ffffff"})
        self.day = book.add_format({**font, "num_format": "dd/mm/yyyy"})
        self.money = book.add_format({**font, "num_format": POUNDS})
        self.count = book.add_format({**font, "num_format": "#,##0"})
        self.right = book.add_format({**font, "align": "right"})
        total = {**font, "bold": True, "top": 1}
        self.total = book.add_format(total)
        self.total_money = book.add_format({**total, "num_format": POUNDS})
        self.total_count = book.add_format({**total, "num_format": "#,##0"})


class LedgerBook:
    """Writes lines as they come, then what they come to, what did not earn, and the rules."""

    def __init__(self, to: IO[bytes], about: About) -> None:
        self.about = about
        self.totals = Totals()
        self.book = workbook(to, f"{about.title}, {about.hub}", about.first)
        self.looks = Looks(self.book)
        names = ("Summary", "Lines", "By school", "By rate", "Did not earn", "Rules")
        self.summary, self.lines, self.schools, self.rates, self.reasons, self.rules = (
            self.book.add_worksheet(name) for name in names
        )
        self.row = TOP + 1
        self._head(self.lines, HEADER, WIDTHS)
        own = {DAY: self.looks.day, ONE: self.looks.money, AMOUNT: self.looks.money, UNITS: self.looks.right}
        self.rows = SheetRows(self.lines, [own.get(column, self.looks.plain) for column in range(len(HEADER))])

    def _head(self, sheet: Any, header: Sequence[str], widths: Sequence[int]) -> None:
        """Title, what was selected, and headings that stay on the screen."""
        text(sheet, 0, 0, f"{self.about.title}: {self.about.hub}", self.looks.title)
        text(sheet, 1, 0, ". ".join(self.about.says), self.looks.plain)
        for column, words in enumerate(header):
            text(sheet, TOP, column, words, self.looks.heading)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if header:
            sheet.freeze_panes(TOP + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(TOP)

    def add(self, kept: Iterable[Kept]) -> None:
        """Write these lines beneath those before them; raises BadInputError when no sheet holds them all."""
        rows = list(kept)
        if self.row + len(rows) > MOST_LINES:
            raise BadInputError(f"A spreadsheet holds {MOST_LINES:,} lines: narrow the list, or take it as CSV.")
        self.totals.add(rows)
        for one in rows:
            self.rows.write(self.row, cells(one))
            self.row += 1

    def drop(self) -> None:
        """Leave the file unfinished."""
        dropped(self.book)

    def end(self) -> None:
        """Write the totals and the other sheets, and close the file."""
        last = max(self.row - 1, TOP + 1)
        self._total(self.lines, self.row, AMOUNT, (f"H{TOP + 2}:H{last + 1}", self.totals.every.pence))
        if self.row > TOP + 1:
            self.lines.autofilter(TOP, 0, last, len(HEADER) - 1)
        self._summary(last)
        schools = sorted(self.totals.schools.items())
        self._sums(self.schools, ("School", "URN"), [(*key, held) for key, held in schools], ("B", URN, last))
        rates = [(name, code, held) for (code, name), held in sorted(self.totals.rates.items())]
        self._sums(self.rates, ("Rate", "Rate code"), _named_once(rates), ("B", CODE, last))
        self._reasons()
        self._rules()
        self.summary.activate()
        self.book.close()

    def _total(self, sheet: Any, row: int, column: int, of: tuple[str, int]) -> None:
        cells_of, pence = of
        for before in range(column):
            sheet.write_blank(row, before, None, self.looks.total)
        text(sheet, row, 0, "Total", self.looks.total)
        sheet.write_formula(row, column, f"=ROUND(SUM({cells_of}),2)", self.looks.total_money, pence / 100)

    def _summary(self, last: int) -> None:
        rows = [(state, "", held) for state, held in self.totals.by_state]
        self._sums(self.summary, ("State of the statement", ""), rows, ("A", STATE, last))
        row = TOP + len(rows) + 3
        for says in (
            f"{self.totals.every.lines:,} lines. Totals are formulas over the sheet Lines.",
            "By school and By rate sum the same lines. Did not earn says what happened and was not paid, and why.",
            "Rules are the rates in words, as they hold for these lines.",
        ):
            text(self.summary, row, 0, says, self.looks.plain)
            row += 1

    def _sums(
        self, sheet: Any, header: tuple[str, str], rows: Sequence[tuple[str, object, Sum]], by: tuple[str, int, int]
    ) -> None:
        """A row for each name with its lines and amount, by the column `by` of the sheet Lines, and their totals."""
        named, place, last = by
        self._head(sheet, (*header, "Lines", "Amount (£)"), (44, 18, 10, 16))
        keys, amounts = (f"Lines!${_letter(one)}${TOP + 2}:${_letter(one)}${last + 1}" for one in (place, AMOUNT))
        row = TOP + 1
        for name, code, held in rows:
            text(sheet, row, 0, name, self.looks.plain)
            if isinstance(code, int):
                sheet.write_number(row, 1, code, self.looks.plain)
            else:
                text(sheet, row, 1, str(code), self.looks.plain)
            which = f"{keys},{named}{row + 1}"
            sheet.write_formula(row, 2, f"=COUNTIFS({which})", self.looks.count, held.lines)
            amount = f"=ROUND(SUMIFS({amounts},{which}),2)"
            sheet.write_formula(row, 3, amount, self.looks.money, held.pence / 100)
            row += 1
        text(sheet, row, 0, "Total", self.looks.total)
        sheet.write_blank(row, 1, None, self.looks.total)
        end = max(row, TOP + 2)
        count, pence = self.totals.every.lines, self.totals.every.pence
        sheet.write_formula(row, 2, f"=SUM(C{TOP + 2}:C{end})", self.looks.total_count, count)
        sheet.write_formula(row, 3, f"=ROUND(SUM(D{TOP + 2}:D{end}),2)", self.looks.total_money, pence / 100)

    def _reasons(self) -> None:
        self._head(self.reasons, REASON_HEADER, REASON_WIDTHS)
        rows = SheetRows(self.reasons, [self.looks.day, *(self.looks.plain for _ in REASON_HEADER[1:])])
        for row, one in enumerate(self.about.reasons, TOP + 1):
            said = (one.day, one.school, one.urn, one.rate_name, one.programme, one.group, one.because)
            rows.write(row, (*said, evidence(one.evidence)))

    def _rules(self) -> None:
        self._head(self.rules, (), (24, 110))
        row = TOP
        for card in self.about.rules:
            text(self.rules, row, 0, card.title, self.looks.bold)
            row += 1
            for key, says, conditions in card.rates:
                text(self.rules, row, 0, key, self.looks.plain)
                text(self.rules, row, 1, " ".join((says, *conditions)), self.looks.wrapped)
                row += 1
            row += 1


def _named_once(rates: Sequence[tuple[str, str, Sum]]) -> list[tuple[str, object, Sum]]:
    """Each code once: where versions of the card called a rate otherwise, all its names with what it comes to."""
    found: dict[str, tuple[list[str], Sum]] = {}
    for name, code, held in rates:
        names, sums = found.setdefault(code, ([], Sum()))
        names.append(name)
        sums.lines += held.lines
        sums.pence += held.pence
    return sorted((", ".join(names), code, held) for code, (names, held) in found.items())


def _letter(place: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place]
