"""Documents as PDF, by Typst: tagged (PDF/UA-1), from templates that get texts as data and never as markup."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from app.domain.notes.papers import Row
from app.domain.notes.summaries import Summary
from app.render.meetings.typesetting import typeset

LINES = {"text": 4, "line": 1, "choices": 1, "choice": 0, "number": 1, "date": 1, "person": 1, "clock": 1}


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printed form says above its rows; `intros` are those of its sections, by title."""

    title: str
    kind: str
    day: str
    hours: str
    who: str
    intros: dict[str, str]


def form_pdf(printed: Printed, rows: Sequence[Row], at: datetime) -> bytes:
    """The form to be filled in by hand, each row with its id; a person's own notes are left empty on paper."""
    sections = [
        {"title": title, "intro": printed.intros.get(title, ""), "questions": _questions(list(kept))}
        for title, kept in groupby(rows, key=lambda row: row.section)
    ]
    told = {"title": printed.title, "kind": printed.kind, "day": printed.day, "hours": printed.hours}
    return typeset("notes/form.typ", {**told, "who": printed.who, "sections": sections}, at)


def _questions(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"label": label, "hint": kept[0].hint, "items": _items(kept)}
        for label, kept in ((label, list(found)) for label, found in groupby(rows, key=lambda row: row.question))
    ]


def _items(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"name": name, "rows": _rows([_box(row) for row in kept])}
        for name, kept in groupby(rows, key=lambda row: row.item)
    ]


def _rows(boxes: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Short boxes that follow one another stand side by side, two at a time."""
    rows: list[list[dict[str, Any]]] = []
    for box in boxes:
        beside = rows and len(rows[-1]) == 1 and _short(rows[-1][0]) and _short(box)
        if beside:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _short(box: dict[str, Any]) -> bool:
    return box["lines"] == 1 and not (box["options"] or box["text"] or box["apart"])


def _box(row: Row) -> dict[str, Any]:
    text = "" if row.own else row.text
    return {
        "id": row.path,
        "label": row.box,
        "text": text,
        "apart": [] if row.own else list(row.apart),
        "options": [option.label for option in row.options],
        "lines": _lines(row, written=bool(text)),
    }


def _lines(row: Row, *, written: bool) -> int:
    """Lines to write on: fewer in one of several items, and where something stands already."""
    lines = LINES[row.kind]
    if lines > 1 and (row.item or written):
        return 2 if written else 3
    return lines


def summary_pdf(summary: Summary, at: datetime) -> bytes:
    """An agreed summary; `at` is when it was agreed, so that the same summary always makes the same bytes."""
    return typeset("notes/summary.typ", asdict(summary), at)
