"""The ladder as a flow: a column for each year, bars as high as a stage has schools, bands from year to year.

New schools come in from the left of a bar, those that no longer take part fade out to its right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.stages.ladder import Stage
from app.domain.stages.picture import LEFT, NEW, Flow
from app.domain.stages.picture_drawing import Bar, Drawing, Stroke, Words
from app.kit.periods import spoken_year

ORDER = tuple(stage.value for stage in (Stage.SUSTAINING, Stage.DEVELOPMENT, Stage.READINESS, Stage.INTRODUCTORY))
COLUMN, BAR, STUB, TOP, HIGH, GAP = 96.0, 30.0, 20.0, 56.0, 300.0, 14.0
LABELS = 156.0  # room for the names beside the last column
LEAST = 3.0  # units a bar is high at least
SIDE = 28.0


@dataclass(frozen=True, slots=True)
class Node:
    """A stage in a year: where its bar stands."""

    year: int
    stage: str
    count: int
    x: float
    y: float
    height: float


def nodes(flows: Iterable[Flow]) -> tuple[Node, ...]:
    """The bars: of each year a column, the last stage of the ladder on top."""
    counts: dict[int, dict[str, int]] = {}
    for flow in flows:
        of_year = counts.setdefault(flow.year, {})
        if flow.target != LEFT:
            of_year[flow.target] = of_year.get(flow.target, 0) + flow.count
    most = max((sum(of_year.values()) for of_year in counts.values()), default=0)
    scale = (HIGH - 3 * GAP) / max(1, most)
    made = []
    for column, year in enumerate(sorted(counts)):
        y = TOP
        for stage in ORDER:
            count = counts[year].get(stage, 0)
            if count:
                height = max(LEAST, round(count * scale, 1))
                made.append(Node(year, stage, count, round(SIDE + column * COLUMN, 1), round(y, 1), height))
                y += height + GAP
    return tuple(made)


def flow_chart(flows: Sequence[Flow], summary: str) -> Drawing:
    """The drawing of all flows there are."""
    bars = {(node.year, node.stage): node for node in nodes(flows)}
    years = sorted({flow.year for flow in flows})
    bands = [*_bands(flows, bars)]
    width = SIDE + max(0, len(years) - 1) * COLUMN + BAR + LABELS
    words = [*_years(years, flows), *_counts(bars.values(), years[-1] if years else 0)]
    drawn = tuple(
        Bar(node.x, node.y, BAR, node.height, node.stage, f"{spoken_year(node.year)}, {_said(node)}")
        for node in bars.values()
    )
    return Drawing("flow", round(width, 1), TOP + HIGH + 8, summary, tuple(bands), drawn, (), tuple(words))


def _said(node: Node) -> str:
    return f"{Stage(node.stage).says}: {node.count} {'school' if node.count == 1 else 'schools'}"


def _years(years: Sequence[int], flows: Sequence[Flow]) -> Iterable[Words]:
    """Above each column its year, and how many came and left."""
    for column, year in enumerate(years):
        x = SIDE + column * COLUMN + BAR / 2
        yield Words(x, 14, spoken_year(year), "words", 14, "middle", bold=True)
        if column:
            came = sum(flow.count for flow in flows if flow.year == year and flow.source == NEW)
            left = sum(flow.count for flow in flows if flow.year == year and flow.target == LEFT)
            yield Words(x, 32, f"+{came}, \N{MINUS SIGN}{left}", "quiet", 13, "middle")


def _counts(bars: Iterable[Node], last: int) -> Iterable[Words]:
    """In each bar its number where there is room; beside the last column the names."""
    for node in bars:
        if node.height >= 13:
            middle = node.y + node.height / 2 + 4.5
            yield Words(node.x + BAR / 2, middle, str(node.count), f"on-{node.stage}", 13, "middle", bold=True)
        if node.year == last:
            says = Stage(node.stage).says
            yield Words(node.x + BAR + 8, node.y + node.height / 2 + 4.5, says, bold=True)


def _bands(flows: Sequence[Flow], bars: dict[tuple[int, str], Node]) -> Iterable[Stroke]:
    """Bands in the order of the bars at both ends, so that they cross as little as can be."""
    place = {stage: number for number, stage in enumerate((*ORDER, NEW, LEFT))}
    used_out: dict[tuple[int, str], float] = {}
    used_in: dict[tuple[int, str], float] = {}
    first = min((flow.year for flow in flows), default=0)
    for flow in sorted(flows, key=lambda one: (one.year, place[one.source], place[one.target])):
        if flow.year == first:
            continue
        source = bars.get((flow.year - 1, flow.source))
        target = bars.get((flow.year, flow.target))
        says = _sentence(flow)
        if source and target:
            yield Stroke(
                _ribbon(_end(source, used_out, flow), _end(target, used_in, flow)), f"{flow.source}-band", says
            )
        elif target:
            top, bottom = _end(target, used_in, flow)[1:]
            yield Stroke(_stub(target.x, top, bottom, -STUB), f"{flow.target}-band", says)
        elif source:
            top, bottom = _end(source, used_out, flow)[1:]
            yield Stroke(_stub(source.x + BAR, top, bottom, STUB), "left-band", says)


def _sentence(flow: Flow) -> str:
    count = f"{flow.count} {'school' if flow.count == 1 else 'schools'}"
    if flow.source == NEW:
        return f"{spoken_year(flow.year)}: {count} new in {Stage(flow.target).says}"
    if flow.target == LEFT:
        return f"{spoken_year(flow.year)}: {count} of {Stage(flow.source).says} no longer take part"
    return f"{spoken_year(flow.year)}: {count} from {Stage(flow.source).says} to {Stage(flow.target).says}"


def _end(node: Node, used: dict[tuple[int, str], float], flow: Flow) -> tuple[Node, float, float]:
    """The part of a bar's side that a flow takes, from above."""
    key = (node.year, node.stage)
    top = node.y + used.get(key, 0.0)
    height = node.height * flow.count / node.count
    used[key] = used.get(key, 0.0) + height
    return node, top, top + height


def _ribbon(out: tuple[Node, float, float], into: tuple[Node, float, float]) -> str:
    x, end = out[0].x + BAR, into[0].x
    half = (x + end) / 2
    above = f"M{x:.1f} {out[1]:.1f}C{half:.1f} {out[1]:.1f} {half:.1f} {into[1]:.1f} {end:.1f} {into[1]:.1f}"
    return f"{above}V{into[2]:.1f}C{half:.1f} {into[2]:.1f} {half:.1f} {out[2]:.1f} {x:.1f} {out[2]:.1f}Z"


def _stub(x: float, top: float, bottom: float, away: float) -> str:
    """A band that narrows to nothing, away from a bar."""
    tip, middle, end = bottom + 4, x + away / 2, x + away
    above = f"M{x:.1f} {top:.1f}C{middle:.1f} {top:.1f} {middle:.1f} {tip:.1f} {end:.1f} {tip:.1f}"
    return f"{above}C{middle:.1f} {tip:.1f} {middle:.1f} {bottom:.1f} {x:.1f} {bottom:.1f}Z"
