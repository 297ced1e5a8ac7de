"""What is held about somebody, as one file that they take away: JSON for programs, a page to read, and papers."""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import IO, Any

IN_MEMORY = 8_000_000  # bytes; what is larger lies in a file until it is sent


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is held: its name, how long it is kept, and the rows, each a name and a value at a time."""

    hub: str
    says: str
    keeps: str
    rows: Sequence[dict[str, Any]]

    @property
    def path(self) -> str:
        """Where it lies in the file."""
        return f"{_plain(self.hub)}/{_plain(self.says)}.json"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document beside the rows."""

    name: str
    data: bytes


def bundle(title: str, kinds: Sequence[Kind], papers: Iterable[Paper]) -> IO[bytes]:
    """The ZIP, at its beginning, ready to be read; it closes and deletes itself."""
    made: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  it is read after this
    kept = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for kind in kinds:
            told = {"what": kind.says, "in": kind.hub, "kept": kind.keeps, "rows": list(kind.rows)}
            file.writestr(kind.path, json.dumps(told, indent=2, ensure_ascii=False))
        for paper in papers:
            file.writestr(f"papers/{paper.name}", paper.data)
            kept.append(paper.name)
        file.writestr("index.html", _index(title, kinds, kept))
    made.seek(0)
    return made


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60]


def _index(title: str, kinds: Sequence[Kind], papers: Sequence[str]) -> str:
    parts = [
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>",
    ]
    for kind in kinds:
        parts.append(f"<h2>{escape(kind.hub)}: {escape(kind.says)}</h2><p>{escape(kind.keeps)} ")
        parts.append(f'<a href="{escape(kind.path)}">As a file for programs</a></p>')
        parts += (_row(row) for row in kind.rows)
    if papers:
        parts.append("<h2>Papers</h2><ul>")
        parts += (f'<li><a href="papers/{escape(name)}">{escape(name)}</a></li>' for name in papers)
        parts.append("</ul>")
    return "".join((*parts, "</body></html>"))


def _row(row: dict[str, Any]) -> str:
    told = ((name, _said(value)) for name, value in row.items())
    return "<ul>" + "".join(f"<li>{escape(name)}: {escape(said)}</li>" for name, said in told if said) + "</ul>"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
