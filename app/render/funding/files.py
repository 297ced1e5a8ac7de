"""Lines of the ledger to a file: CSV, JSON or XLSX, part by part, so that memory does not grow with them."""

import json
from collections.abc import Iterable
from typing import IO, Any, Protocol

from app.domain.funding.line import to_data
from app.domain.funding.selection import About, Kept, Sum, Totals
from app.render.funding.book import LedgerBook
from app.render.funding.columns import HEADER, cells
from app.render.sheets.downloads import csv_lines

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FORM = "halfterm-lines-1"  # the form of the JSON; another form gets another number


class Sink(Protocol):
    """Takes lines as they come, and makes a whole file of them."""

    totals: Totals

    def add(self, kept: Iterable[Kept]) -> None:
        """Write these lines too."""

    def end(self) -> None:
        """Write what comes after the lines. Whoever opened the file closes it."""

    def drop(self) -> None:
        """Leave the file unfinished, and nothing on the disk beside it."""


class CsvFile:
    """A row for each line, as other lists are downloaded; no cell that a spreadsheet would run."""

    def __init__(self, to: IO[bytes], about: About) -> None:
        del about
        self.to, self.totals = to, Totals()
        self._write(csv_lines(HEADER, ()))

    def add(self, kept: Iterable[Kept]) -> None:
        """Write these lines too."""
        rows = list(kept)
        self.totals.add(rows)
        lines = csv_lines(HEADER, map(cells, rows))
        next(lines)
        self._write(lines)

    def _write(self, lines: Iterable[bytes]) -> None:
        self.to.writelines(lines)

    def end(self) -> None:
        """Nothing comes after the lines: a total in the same column would be counted twice."""

    def drop(self) -> None:
        """Nothing lies beside the file."""


class JsonFile:
    """One object: what was asked, the lines, what they come to, what did not earn, and the rules."""

    def __init__(self, to: IO[bytes], about: About) -> None:
        self.to, self.about, self.totals = to, about, Totals()
        head = {"form": FORM, "hub": about.code, "name": about.hub, "title": about.title, "asked": list(about.says)}
        self.to.write(_json(head)[:-1] + b',"lines":[')
        self.first = True

    def add(self, kept: Iterable[Kept]) -> None:
        """Write these lines too."""
        rows = list(kept)
        self.totals.add(rows)
        for one in rows:
            self.to.write((b"\n" if self.first else b",\n") + _json(_line(one)))
            self.first = False

    def drop(self) -> None:
        """Nothing lies beside the file."""

    def end(self) -> None:
        """Write the totals, the reasons and the rules."""
        tail = {
            "totals": _totals(self.totals),
            "reasons": [one._asdict() | {"day": one.day.isoformat()} for one in self.about.reasons],
            "rules": [
                {"title": card.title, "rates": [{"key": key, "says": [says, *asks]} for key, says, asks in card.rates]}
                for card in self.about.rules
            ],
        }
        self.to.write(b"\n]," + _json(tail)[1:] + b"\n")


def _line(one: Kept) -> dict[str, Any]:
    beside = {"id": one.id, "school": one.school, "rate_name": one.rate_name}
    return beside | {"statement": one.statement, "state": one.state.value} | to_data(one.line)


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        **_sum(totals.every),
        "by_state": [{"state": state.value, **_sum(held)} for state, held in sorted(totals.states.items())],
        "by_school": [
            {"urn": urn, "school": school, **_sum(held)} for (school, urn), held in sorted(totals.schools.items())
        ],
        "by_rate": [{"rate": code, "name": name, **_sum(held)} for (code, name), held in sorted(totals.rates.items())],
    }


def _sum(held: Sum) -> dict[str, int]:
    return {"lines": held.lines, "pence": held.pence}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


_SINKS: dict[str, type[CsvFile] | type[JsonFile] | type[LedgerBook]] = {
    "csv": CsvFile,
    "json": JsonFile,
    "xlsx": LedgerBook,
}


def sink(form: str, to: IO[bytes], about: About) -> Sink:
    """What writes lines to the file in this form: csv, json or xlsx."""
    return _SINKS[form](to, about)
