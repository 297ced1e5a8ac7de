"""A found text in parts, with what was searched for marked; never as markup.

The database marks hits with characters of Unicode's private use area, taken out of the text before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BEGINS, ENDS = "\ue000", "\ue001"
LESS_THAN = "\ue002"  # goes through the database in place of <, which it would take for markup and leave out


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `hit` when they were searched for."""

    text: str
    hit: bool = False


def pieces(marked: str) -> tuple[Piece, ...]:
    """The text in its parts. A mark without its other half marks to the end, or nothing."""
    return tuple(one for one in _pieces(marked.replace(LESS_THAN, "<")) if one.text)


def _pieces(marked: str) -> Iterator[Piece]:
    first, *rest = marked.split(BEGINS)
    yield Piece(first.replace(ENDS, ""))
    for part in rest:
        hit, _, after = part.partition(ENDS)
        yield Piece(hit, hit=True)
        yield Piece(after.replace(ENDS, ""))
