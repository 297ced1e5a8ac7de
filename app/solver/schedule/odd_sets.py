"""Odd-set cuts: of three, five or seven events, at most one, two or three pairs can share days (Edmonds 1965)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from app.solver.schedule.model import Row

SLACK = 1e-4
WHOLE = 14  # up to so many linked events every odd set is looked at
SIZES = (3, 5, 7)

Pair = tuple[str, str]


class OddSets:
    """Finds the odd sets that a fractional solution breaks."""

    def __init__(self, pairs: dict[Pair, list[int]]) -> None:
        """`pairs` gives, for each two events, the columns in which they share a day."""
        self.pairs = pairs

    def cuts(self, values: Sequence[float]) -> list[Row]:
        """Rows for every odd set that is broken."""
        weight = {}
        for pair, columns in self.pairs.items():
            shared = sum(values[column] for column in columns)
            if shared > SLACK:
                weight[pair] = shared
        found: list[Row] = []
        for members in _linked(weight):
            for odd in _odd_sets(members, weight):
                inside = [pair for pair in combinations(odd, 2) if pair in weight]
                if sum(weight[pair] for pair in inside) > (len(odd) - 1) / 2 + SLACK:
                    every = [self.pairs[pair] for pair in combinations(odd, 2) if pair in self.pairs]
                    found.append(([(each, 1.0) for columns in every for each in columns], (len(odd) - 1) / 2))
        return found


def _linked(weight: dict[Pair, float]) -> list[list[str]]:
    """Events linked by shared days, each set sorted."""
    next_to: dict[str, set[str]] = defaultdict(set)
    for a, b in weight:
        next_to[a].add(b)
        next_to[b].add(a)
    seen: set[str] = set()
    sets = []
    for start in sorted(next_to):
        if start in seen:
            continue
        stack, members = [start], {start}
        while stack:
            for other in next_to[stack.pop()] - members:
                members.add(other)
                stack.append(other)
        seen |= members
        sets.append(sorted(members))
    return sets


def _odd_sets(members: list[str], weight: dict[Pair, float]) -> Iterator[tuple[str, ...]]:
    """Every odd set of a small link; of a large one its triangles and what grows from them."""
    if len(members) <= WHOLE:
        for size in SIZES:
            yield from combinations(members, size)
        return
    next_to: dict[str, set[str]] = defaultdict(set)
    for a, b in weight:
        next_to[a].add(b)
        next_to[b].add(a)
    for a, b in sorted(weight):
        for c in sorted(next_to[a] & next_to[b]):
            odd = [a, b, c]
            yield tuple(sorted(odd))
            for _ in SIZES[1:]:
                odd += _best_two(odd, next_to, weight)
                if len(odd) % 2 == 0 or len(set(odd)) != len(odd):
                    break
                yield tuple(sorted(odd))


def _best_two(odd: list[str], next_to: dict[str, set[str]], weight: dict[Pair, float]) -> list[str]:
    """The two events that are linked most to an odd set, one after the other."""
    chosen: list[str] = []
    for _ in range(2):
        inside = odd + chosen
        around = sorted({each for member in inside for each in next_to[member]} - set(inside))
        if not around:
            break
        chosen.append(max(around, key=lambda each: sum(weight.get(_pair(each, m), 0.0) for m in inside)))
    return chosen


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)
