"""A sample of lines for assurance: the same seed draws the same lines, on any machine and in any order of them.

Each line's place is the SHA-256 of the UTF-8 bytes of "seed, line feed, key, line feed, URN, line feed, kind, line
feed, id of the line it corrects"; the lines with the smallest digests are the sample (docs/rules/money.md).
"""

import hashlib
from collections.abc import Iterable
from heapq import nsmallest

from app.domain.funding.line import Line
from app.domain.funding.statements import Entry


def place(seed: str, line: Line) -> str:
    """Where the seed puts a line: 64 hexadecimal digits."""
    said = f"{seed}\n{line.key}\n{line.urn}\n{line.kind}\n{line.corrects}"
    return hashlib.sha256(said.encode()).hexdigest()


def sample(seed: str, lines: Iterable[Line], count: int) -> tuple[Line, ...]:
    """So many of the lines, or all where there are fewer, in the order in which the seed draws them.

    A larger sample of the same seed begins with the smaller one. Raises ValueError without a seed or with no count.
    """
    if not seed.strip():
        raise ValueError("Give the sample a seed: any words, which then draw the same lines again.")
    if count < 1:
        raise ValueError("Enter how many lines to draw, from 1.")
    return tuple(nsmallest(count, lines, key=lambda line: (place(seed, line), line)))


def drawn(seed: str, entries: Iterable[Entry], count: int) -> tuple[str, ...]:
    """The ids of the entries whose lines `sample` draws, in its order; of two equal lines the earlier id first.

    Raises ValueError as `sample` does.
    """
    sample(seed, (), count)
    chosen = nsmallest(count, entries, key=lambda one: (place(seed, one.line), one.line, one.id))
    return tuple(one.id for one in chosen)
