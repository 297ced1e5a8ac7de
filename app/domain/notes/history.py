"""A record at earlier moments, and what changed between two texts, word by word."""

import difflib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

Kind = Literal["same", "added", "taken"]
_WORDS = re.compile(r"\s+|[^\s]+")
_LINES = re.compile(r"[^\n.!?]*[\n.!?]+|[^\n.!?]+")
MOST_WORDS = 3000  # in one text; longer ones are compared by sentence, which stays quick
OUTCOMES = {
    "applied": "Saved",
    "merged": "Saved beside other changes",
    "conflict": "Saved beside another text, for a person to choose",
}


class Written(Protocol):
    """An operation, as far as earlier moments depend on it."""

    @property
    def op_id(self) -> uuid.UUID:
        """Which one."""

    @property
    def rev(self) -> int:
        """The record's revision that it made."""

    @property
    def replaces(self) -> Iterable[uuid.UUID]:
        """The operations whose values its writer saw."""


Op = TypeVar("Op", bound=Written)


def heads_at(ops: Iterable[Op], rev: int) -> list[Op]:
    """The operations that stood when the record had this revision, in order of theirs."""
    then = sorted((op for op in ops if op.rev <= rev), key=lambda op: op.rev)
    gone = {named for op in then for named in op.replaces}
    return [op for op in then if op.op_id not in gone]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: Kind
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what came and what went, word by word; long texts sentence by sentence."""
    if old == new:
        return (Piece("same", new),) if new else ()
    split = _WORDS if max(len(old), len(new)) < MOST_WORDS * 6 else _LINES
    before, after = split.findall(old), split.findall(new)
    found: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=True).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(after[c:d])))
            continue
        if a < b:
            found.append(Piece("taken", "".join(before[a:b])))
        if c < d:
            found.append(Piece("added", "".join(after[c:d])))
    return tuple(_joined(found))


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """A blank between two changed words belongs to the change: whole phrases read better than words and holes."""
    joined: list[Piece] = []
    taken, added = "", ""
    for n, piece in enumerate(found):
        between = piece.kind == "same" and not piece.text.strip() and 0 < n < len(found) - 1
        if piece.kind == "taken" or (between and (taken or added)):
            taken += piece.text
        if piece.kind == "added" or (between and (taken or added)):
            added += piece.text
        if piece.kind == "same" and not (between and (taken or added)):
            joined += [*_both(taken, added), piece]
            taken, added = "", ""
    return [*joined, *_both(taken, added)]


def _both(taken: str, added: str) -> list[Piece]:
    kinds: tuple[tuple[Kind, str], ...] = (("taken", taken), ("added", added))
    return [Piece(kind, text) for kind, text in kinds if text]


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose values differ between two moments."""

    path: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]


def changes(before: dict[str, tuple[Any, ...]], after: dict[str, tuple[Any, ...]]) -> list[Change]:
    """The places that differ, by path; a place without a value has none."""
    places = sorted({*before, *after})
    both = [Change(path, before.get(path, ()), after.get(path, ())) for path in places]
    return [one for one in both if one.before != one.after]
