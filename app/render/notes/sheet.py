"""The form of a record as a workbook to fill in without Halfterm, and the filled one read back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from app.domain.imports import Limits
from app.domain.notes.papers import Row
from app.domain.notes.sheet_values import digest
from app.domain.notes.sheets import Line, Made, read_ids, read_mark
from app.kit.errors import BadInputError
from app.render.sheets import open_sheet

LIMITS = Limits(file_bytes=5_000_000, unpacked_bytes=40_000_000, rows=5_000, columns=60, cells=100_000)
LONGEST_CELL = 32_767  # what Excel takes in one cell, in UTF-16 units
PLACE, REPLACES, WAS, SECTION, QUESTION, BOX, ANSWER = range(7)
HEADINGS = ("Place", "Replaces", "Was", "Section", "Question", "What to write", "Your answer")
TOO_LONG = "This text is too long for a spreadsheet. It stays as it is; change it in Halfterm."
BRING_BACK = (
    "Save the file and bring it back: open the record in Halfterm and choose Bring in a filled form. "
    "What others wrote meanwhile stays beside yours."
)
HOW = (
    "Write in the column Your answer only. Leave a row as it is, and nothing changes there.",
    "The grey column says where each answer belongs: do not change it, and keep the rows as they are.",
    "Some answers have a list to choose from. Write dates as 26/11/2026, times as 10:05, and ; between several things.",
    "Call pupils by a letter, never by name. Photos are added in Halfterm.",
    BRING_BACK,
)
NOT_OURS = (
    "This is not a form that Halfterm made. Download the form of this record, fill that one in, "
    "and keep its columns as they are."
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows: the event in words, and the making of this file."""

    title: str
    day: str
    who: str  # whose own places are in it
    made: Made
    at: datetime


def to_xlsx(head: Head, rows: Sequence[Row], names: Sequence[str]) -> bytes:
    """The form with what stands in it now; only the answers can be written in. `names` are those to choose from."""
    import xlsxwriter  # late, here and below: it costs every start 50 milliseconds, and few need it

    held = BytesIO()
    book = xlsxwriter.Workbook(
        held,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": f"{head.title}, {head.day}", "author": "Halfterm", "created": _bare(head.at)})
    _Sheet(book, head, names).fill(rows)
    book.close()
    return held.getvalue()


def _bare(at: datetime) -> datetime:
    return at.replace(tzinfo=None)  # a workbook's own properties are in UTC and say no zone


class _Sheet:
    """Writes the one visible sheet, and the hidden one with what can be chosen."""

    def __init__(self, book: Any, head: Head, names: Sequence[str]) -> None:
        self.head = head
        self.sheet = book.add_worksheet("Record")
        self.lists = book.add_worksheet("Choices")
        self.lists.hide()
        self.known: dict[tuple[str, ...], str] = {}
        self.names = tuple(names)
        wrap = {"text_wrap": True, "valign": "top", "font_name": "Calibri", "font_size": 11}
        grey = {"font_color": "#767676", "bg_color": "#eeeeee", "font_size": 8, "valign": "top"}
        self.plain = book.add_format(wrap)
        self.bold = book.add_format({**wrap, "bold": True})
        self.title = book.add_format({"bold": True, "font_size": 16, "font_name": "Calibri"})
        self.grey = book.add_format(grey)
        self.heading = book.add_format({**wrap, "bold": True, "bg_color": "#14213d", "font_color": "#ffffff"})
        self.answer = book.add_format(
            {**wrap, "locked": False, "num_format": "@", "border": 1, "border_color": "#767676", "bg_color": "#fffbe6"}
        )
        self.shut = book.add_format({**wrap, "border": 1, "border_color": "#767676", "bg_color": "#eeeeee"})

    def fill(self, rows: Sequence[Row]) -> None:
        """Everything, from the title to the last row."""
        first = self._top()
        for number, row in enumerate(rows, start=first):
            self._row(number, row, above=rows[number - first - 1] if number > first else None)
        self._look(first, first + len(rows))

    def _top(self) -> int:
        self._text(0, PLACE, "Record", self.grey)
        self._text(0, REPLACES, str(self.head.made), self.grey)
        self._text(0, SECTION, self.head.title, self.title)
        self._text(1, SECTION, f"{self.head.day}. For {self.head.who} to fill in.", self.bold)
        for number, says in enumerate(HOW, start=2):
            self.sheet.merge_range(number, SECTION, number, ANSWER, "", self.plain)
            self._text(number, SECTION, says, self.plain)
            self.sheet.set_row(number, 32 if len(says) > 120 else 17)
        top = len(HOW) + 3
        for column, words in enumerate(HEADINGS):
            self._text(top, column, words, self.heading)
        return top + 1

    def _row(self, number: int, row: Row, above: Row | None) -> None:
        fits = len(row.text.encode("utf-16-le")) // 2 <= LONGEST_CELL
        text = row.text if fits else ""
        self._text(number, PLACE, row.path, self.grey)
        self._text(number, REPLACES, " ".join(map(str, row.replaces)) if fits else "", self.grey)
        self._text(number, WAS, digest(text), self.grey)
        self._text(number, SECTION, row.section, self.plain)
        new = above is None or above.question != row.question or above.section != row.section
        self._text(number, QUESTION, _question(row), self.bold if new else self.plain)
        self._text(number, BOX, _prompt(row, first=new, fits=fits), self.plain)
        self._text(number, ANSWER, text, self.answer if fits else self.shut)
        self.sheet.set_row(number, _height(row, text, first=new))
        self._choices(number, row)

    def _choices(self, number: int, row: Row) -> None:
        labels = self.names if row.kind == "person" else tuple(option.label for option in row.options)
        if row.kind not in {"choice", "person"} or not labels:
            return
        self.sheet.data_validation(
            number,
            ANSWER,
            number,
            ANSWER,
            {
                "validate": "list",
                "source": self._list(labels),
                "error_title": "Choose from the list",
                "error_message": "Please choose one of the answers in the list, or leave this empty.",
            },
        )

    def _list(self, labels: tuple[str, ...]) -> str:
        """Where the labels stand on the hidden sheet: a list within the rule itself must not hold commas."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        if labels not in self.known:
            column = len(self.known)
            for number, label in enumerate(labels):
                self.lists.write_string(number, column, label)
            ends = [xl_rowcol_to_cell(n, column, row_abs=True, col_abs=True) for n in (0, len(labels) - 1)]
            self.known[labels] = f"=Choices!{ends[0]}:{ends[1]}"
        return self.known[labels]

    def _look(self, first: int, end: int) -> None:
        sheet = self.sheet
        for column, width in ((PLACE, 12), (SECTION, 14), (QUESTION, 30), (BOX, 34), (ANSWER, 70)):
            sheet.set_column(column, column, width)
        sheet.set_column(REPLACES, WAS, 2, None, {"hidden": True})
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first - 1)
        sheet.print_area(0, SECTION, max(first, end - 1), ANSWER)
        sheet.set_selection(first, ANSWER, first, ANSWER)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _text(self, row: int, column: int, text: str, look: Any) -> None:
        """Always a text: nothing that somebody wrote is ever run as a formula or followed as a link."""
        if text:
            self.sheet.write_string(row, column, text, look)
        else:
            self.sheet.write_blank(row, column, None, look)


def _question(row: Row) -> str:
    return f"{row.question} {row.item}" if row.item else row.question


def _prompt(row: Row, *, first: bool, fits: bool) -> str:
    if not fits:
        return TOO_LONG
    said = [row.box or ("" if row.hint else "Write here")]
    if first:
        said.append(row.hint)
    if row.own:
        said.append("Only you ever read this.")
    if row.kind == "choices" and row.options:
        said.append("One or more of: " + "; ".join(option.label for option in row.options))
    if row.apart:
        said.append(
            "Different answers stand here: "
            + " | ".join(_short(one) for one in row.apart)
            + ". Write the one that is to stay."
        )
    return "\n".join(one for one in said if one)


def _short(text: str) -> str:
    return text if len(text) <= 600 else f"{text[:400]} ... {text[-150:]}"


def _height(row: Row, text: str, *, first: bool) -> float:
    """Points: room for what stands there, and for some lines where there is much to say."""
    lines = sum(len(line) // 70 + 1 for line in text.split("\n")) if text else (3 if row.kind == "text" else 1)
    prompt = sum(len(line) // 34 + 1 for line in _prompt(row, first=first, fits=True).split("\n"))
    question = len(_question(row)) // 28 + 1
    return float(min(400, max(18, 15 * max(lines, prompt, question) + 4)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form: its making, and its rows."""

    made: Made
    lines: tuple[Line, ...]


def read_xlsx(path: Path, name: str) -> Filled:
    """A filled form. Raises BadInputError for what is none, with a sentence."""
    sheet = open_sheet(path, name=name, limits=LIMITS)
    made = read_mark(sheet.header[REPLACES]) if len(sheet.header) > REPLACES else None
    if made is None:
        raise BadInputError(NOT_OURS)
    return Filled(made, tuple(_lines(sheet.rows, sheet.unreadable)))


def _lines(
    rows: Iterator[tuple[int, list[str]]], unreadable: Mapping[tuple[int, int], tuple[str, str]]
) -> Iterator[Line]:
    begun = False
    for number, cells in rows:
        row = [*cells, *[""] * (len(HEADINGS) - len(cells))]
        if not begun:
            begun = tuple(row[: len(HEADINGS)]) == HEADINGS
            continue
        shown, because = unreadable.get((number, ANSWER), ("", ""))
        text = row[ANSWER] or shown
        if row[PLACE].strip() or text.strip():
            yield Line(
                number=number,
                path=row[PLACE].strip(),
                replaces=read_ids(row[REPLACES]),
                was=row[WAS].strip(),
                text=text,
                fault=because,
            )
    if not begun:
        raise BadInputError(NOT_OURS)
