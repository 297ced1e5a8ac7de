"""Documents as PDF, by Typst: tagged (PDF/UA-1), from templates that get texts as data and never as markup."""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import typst

from app.domain.notes.papers import Row
from app.domain.notes.summaries import Summary
from app.render.html import TEMPLATES

_MISSING = re.compile(r'the text `?"((?:[^"\\]|\\.)*)"`? could not be displayed')
_LETTER = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENDLESS = re.compile(r"\S{60}(?=\S)")
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
    return _pdf("form.typ", {**told, "who": printed.who, "sections": sections}, at)


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
    return _pdf("summary.typ", asdict(summary), at)


def _pdf(template: str, data: dict[str, Any], at: datetime) -> bytes:
    """The document. Characters that no font here draws are told by their names, for PDF/UA has no empty boxes."""
    unseen: set[str] = set()
    for _ in range(6):
        try:
            return _compiled(template, _each(data, partial(_named, unseen=frozenset(unseen))), at)
        except typst.TypstError as problem:
            found = _undrawn(problem) - unseen
            if not found:
                raise
            unseen |= found
    return _compiled(template, _each(data, _latin), at)


def _compiled(template: str, data: Any, at: datetime) -> bytes:
    made: Any = typst.compile(
        TEMPLATES / "notes" / template,
        root=TEMPLATES / "notes",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=at.replace(microsecond=0),
    )
    return bytes(made)


def _each(data: Any, change: Callable[[str], str]) -> Any:
    """The same shape with every text changed. Words too long for a line may be broken, or they would leave the page."""
    if isinstance(data, str):
        plain = _NEVER.sub("", data.replace("\r\n", "\n").replace("\r", "\n"))
        return change(_ENDLESS.sub("\\g<0>\u200b", plain))
    if isinstance(data, dict):
        return {key: _each(value, change) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_each(value, change) for value in data]
    return data


def _undrawn(problem: typst.TypstError) -> set[str]:
    """The characters that Typst found no font for."""
    told = f"{problem.message}\n{problem.diagnostic}"
    texts = (_LETTER.sub(lambda one: chr(int(one[1], 16)), text) for text in _MISSING.findall(told))
    return {character for text in texts for character in text if not character.isascii()}


def _named(text: str, unseen: frozenset[str]) -> str:
    return "".join(_name(one) if one in unseen else one for one in text) if unseen else text


def _name(character: str) -> str:
    """(grinning face); nothing for joiners and marks that only change others."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Sk", "Co", "Cn"}:
        return ""
    return f"({unicodedata.name(character, 'a character').lower()})"


def _latin(text: str) -> str:
    return "".join(one if one in "\n\t" or " " <= one < "\u0250" else _name(one) for one in text)
