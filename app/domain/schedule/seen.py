"""What was seen while a plan was solved: cost and bound over time, thinned, and drawn as two lines for each stage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 60  # points that are kept
STAGES = ("meetings", "visits", "observations")
WIDTH, HEIGHT = 240, 96

Point = tuple[float, str, int | None, int | None]  # seconds since the beginning, stage, cost, bound


def with_point(seen: Sequence[Point], point: Point, most: int = MOST) -> list[Point]:
    """The series with one more point; where it grows too long, the point goes whose neighbours are nearest in time.

    The first and the last point of each stage stay.
    """
    kept = [*seen, point]
    if len(kept) > 1 and kept[-2][1:] == point[1:]:
        return [*seen]
    while len(kept) > most:
        inner = [n for n in range(1, len(kept) - 1) if kept[n - 1][1] == kept[n][1] == kept[n + 1][1]]
        if not inner:
            return kept[-most:]
        del kept[min(inner, key=lambda n: kept[n + 1][0] - kept[n - 1][0])]
    return kept


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage as it was seen: in words, and as paths in a box of WIDTH and HEIGHT.

    `cost` and `bound` are the newest; `falling` is the line of the cost, `rising` of the bound (empty: nothing yet).
    """

    stage: str
    state: str
    cost: str
    bound: str
    gap: str
    falling: str
    rising: str


def stages_seen(progress: Mapping[str, Any]) -> tuple[StageSeen, ...]:
    """The three stages of a proposal's progress."""
    points = [_point(one) for one in progress.get("seen", ())]
    done = int(progress.get("done") or 0)
    return tuple(_stage(name, n, points, progress, done) for n, name in enumerate(STAGES))


def _point(one: Sequence[Any]) -> Point:
    return float(one[0]), str(one[1]), one[2], one[3]


def _stage(name: str, number: int, points: Iterable[Point], progress: Mapping[str, Any], done: int) -> StageSeen:
    own = [each for each in points if each[1] == name]
    cost = next((each[2] for each in reversed(own) if each[2] is not None), None)
    bound = next((each[3] for each in reversed(own) if each[3] is not None), None)
    here = progress.get("stage") == name
    return StageSeen(
        stage=name,
        state=_state(progress, here=here, done=number < done, begun=bool(own)),
        cost="" if cost is None else f"{cost:,}",
        bound="" if bound is None else f"{bound:,}",
        gap=_gap(cost, bound),
        falling=_line([(each[0], each[2]) for each in own], own),
        rising=_line([(each[0], each[3]) for each in own], own),
    )


def _state(progress: Mapping[str, Any], *, here: bool, done: bool, begun: bool) -> str:
    if done:
        return "Done"
    if not here:
        return "To be done again" if begun else "Not begun"
    part, parts = int(progress.get("part") or 0), int(progress.get("parts") or 0)
    return f"{part} of {parts} people done" if parts > 1 else "Being placed"


def _gap(cost: int | None, bound: int | None) -> str:
    """How far the best so far may be from the best there is, in words."""
    if bound is None:
        return "Not known yet"
    if cost is None:
        return "Nothing found yet"
    if cost <= bound:
        return "None: proved"
    share = 100 * (cost - bound) / max(1, cost)
    return f"{cost - bound:,}, which is {'under 0.1' if share < 0.1 else f'{share:.1f}'}%"


def _line(values: Sequence[tuple[float, int | None]], own: Sequence[Point]) -> str:
    """A line of steps over the stage's time, on the scale of all its costs and bounds."""
    known = [(seconds, value) for seconds, value in values if value is not None]
    if not known:
        return ""
    begun, long = own[0][0], max(0.001, own[-1][0] - own[0][0])
    every = [value for each in own for value in each[2:] if value is not None]
    low, span = min(every), max(1, max(every) - min(every))
    places = [((at - begun) / long * WIDTH, (value - low) / span * (HEIGHT - 12)) for at, value in known]
    places = [(x, HEIGHT - 6 - up) for x, up in places]
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}"
    for x, y in places[1:]:
        path += f"H{x:.1f}V{y:.1f}"
    return f"{path}H{WIDTH}"
