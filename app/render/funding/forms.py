"""Lines in a funder's form: CSV or XLSX, with the columns that the hub chose."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO

from app.domain.funding.line import Line
from app.domain.funding.mapping import SOURCES, Cell, Export, Given, Rows, rows
from app.domain.funding.selection import Kept, Totals
from app.kit.errors import BadInputError
from app.render.funding.book import MOST_LINES, POUNDS, Looks, dropped, workbook
from app.render.funding.book_rows import SheetRows, text
from app.render.sheets.downloads import csv_lines


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with all that fills it; `day` stands for the time of making."""

    export: Export
    given: Given
    day: date

    @property
    def header(self) -> list[str]:
        """The headings."""
        return [column.name for column in self.export.columns]

    def rows(self, kept: Sequence[Kept]) -> Iterator[list[Cell]]:
        """The rows of these lines; a row for each line names that line's own statement."""
        if self.export.rows is Rows.LINE:
            for one in kept:
                yield from rows(self.export, [one.line], self._given([one]))
        else:
            yield from rows(self.export, [one.line for one in kept], self._given(kept))

    def _given(self, kept: Iterable[Kept]) -> Given:
        statements = {one.statement for one in kept}
        said = min(statements) if len(statements) == 1 else ""
        return replace(self.given, of_file={**self.given.of_file, "statement": said})


class FormFile:
    """Takes lines as they come; rows for each line are written at once, others when all lines are known."""

    def __init__(self, to: IO[bytes], form: str, filled: Filled) -> None:
        self.filled, self.totals = filled, Totals()
        self.table = CsvTable(to, filled.header) if form == "csv" else BookTable(to, filled)
        self.held: list[Kept] = []

    def add(self, kept: Iterable[Kept]) -> None:
        """Write these lines too; raises BadInputError for more than a sheet holds."""
        found = list(kept)
        self.totals.add(found)
        if self.filled.export.rows is Rows.LINE:
            self.table.add(self.filled.rows(found))
        else:
            self.held += [one._replace(line=_short(one.line)) for one in found]

    def drop(self) -> None:
        """Leave the file unfinished."""
        self.table.drop()

    def end(self) -> None:
        """Write what could not be written before."""
        if self.held:
            self.table.add(self.filled.rows(self.held))
        self.table.end()


def _short(line: Line) -> Line:
    """A line without the texts that no row of several lines shows."""
    return line._replace(because="", evidence=(), key="")


class CsvTable:
    """Rows as CSV; no cell that a spreadsheet would run."""

    def __init__(self, to: IO[bytes], header: Sequence[str]) -> None:
        self.to, self.header = to, header
        self.to.writelines(csv_lines(header, ()))

    def add(self, found: Iterable[Sequence[Cell]]) -> None:
        """Write these rows."""
        lines = csv_lines(self.header, found)
        next(lines)
        self.to.writelines(lines)

    def end(self) -> None:
        """Nothing comes after the rows."""

    def drop(self) -> None:
        """Nothing lies beside the file."""


class BookTable:
    """Rows as a workbook of one sheet: texts, days and numbers as the form says, pounds formatted as such."""

    def __init__(self, to: IO[bytes], filled: Filled) -> None:
        self.book = workbook(to, filled.export.name, filled.day)
        self.looks = Looks(self.book)
        self.sheet = self.book.add_worksheet("Export")
        self.row = 1
        two = self.book.add_format({"num_format": POUNDS.replace("£", "")})
        columns = [two if _in_pounds(column.source, column.form) else None for column in filled.export.columns]
        for place, words in enumerate(filled.header):
            text(self.sheet, 0, place, words, self.looks.heading)
            self.sheet.set_column(place, place, max(12, min(44, len(words) + 4)))
        self.sheet.freeze_panes(1, 0)
        self.rows = SheetRows(self.sheet, columns)

    def add(self, found: Iterable[Sequence[Cell]]) -> None:
        """Write these rows; raises BadInputError for more than a sheet holds."""
        for row in found:
            if self.row > MOST_LINES:
                raise BadInputError(f"A spreadsheet holds {MOST_LINES:,} rows: narrow the days, or take it as CSV.")
            self.rows.write(self.row, row)
            self.row += 1

    def end(self) -> None:
        """Close the file."""
        self.book.close()

    def drop(self) -> None:
        """Leave the file unfinished."""
        dropped(self.book)


def _in_pounds(source: str, form: str) -> bool:
    return source in SOURCES and SOURCES[source].kind == "money" and form == "pounds"
