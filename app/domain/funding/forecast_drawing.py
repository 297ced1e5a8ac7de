"""A grant year as three rising lines: expected, evidenced and paid, month by month, under the grant."""

from collections.abc import Sequence

from app.domain.funding.pence import pounds
from app.domain.funding.periods import Month
from app.domain.stages.picture_drawing import Drawing, Stroke, Words, long, path
from app.domain.stages.picture_survival import apart

LEFT, TOP, HIGH, STEP, RIGHT, LABEL = 84.0, 24.0, 260.0, 52.0, 214.0, 17.0
PARTS = 4
# Lines differ by width and dashes, so that they are told apart without colours.
KINDS = (("Expected", "line-quiet", "2 4"), ("Evidenced", "line", "none"), ("Paid", "line", "9 4"))


def whole(pence: int) -> str:
    """£1,234: an amount on an axis, to the nearest pound."""
    return pounds(round(pence, -2)).split(".", maxsplit=1)[0]


def forecast_chart(months: Sequence[Month], grant: int, through: int, summary: str) -> Drawing:
    """The drawing; `through` is how many months have begun: what was evidenced and paid is drawn as far as that."""
    columns = [
        [month.so_far_expected for month in months],
        [month.so_far_evidenced for month in months[:through]],
        [month.so_far_paid for month in months[:through]],
    ]
    top = _round_up(max([grant, *(abs(value) for column in columns for value in column), 1]))
    end = LEFT + (len(months) - 1) * STEP
    strokes = [Stroke(path([(LEFT - 6, _y(part, top)), (end, _y(part, top))]), "axis") for part in _marks(top)]
    words = [Words(LEFT - 12, _y(part, top) + 4, whole(part), "quiet", 12.5, "end") for part in _marks(top)]
    words += [
        Words(LEFT + place * STEP, TOP + HIGH + 22, f"{month.first:%b}", "quiet", 12.5, "middle")
        for place, month in enumerate(months)
    ]
    if grant:
        strokes.append(Stroke(path([(LEFT, _y(grant, top)), (end, _y(grant, top))]), "alarm", f"Grant {pounds(grant)}"))
    labels = [(_y(grant, top), f"Grant {whole(grant)}")] if grant else []
    for (name, look, dash), column in zip(KINDS, columns, strict=True):
        points = [(LEFT + place * STEP, _y(value, top)) for place, value in enumerate(column)]
        if points:
            strokes.append(Stroke(path(points), look, f"{name}: {pounds(column[-1])}", dash))
            labels.append((points[-1][1], f"{name} {whole(column[-1])}"))
    heights = apart([at for at, _ in labels], LABEL, TOP + HIGH)
    words += [
        Words(end + 12, y + 4, text, bold=text.startswith("Grant"))
        for y, (_, text) in zip(heights, labels, strict=True)
    ]
    width = max(end + RIGHT, end + 24 + max((long(text) for _, text in labels), default=0))
    return Drawing("forecast", width, TOP + HIGH + 36, summary, strokes=tuple(strokes), words=tuple(words))


def _marks(top: int) -> list[int]:
    return [top * part // PARTS for part in range(PARTS + 1)]


def _round_up(pence: int) -> int:
    """The next amount that divides well by the marks of the axis: one, two, four or eight of a power of ten."""
    step = 100
    while True:
        for leading in (1, 2, 4, 8):
            if leading * step * PARTS >= pence:
                return leading * step * PARTS
        step *= 10


def _y(pence: int, top: int) -> float:
    return round(TOP + HIGH * (1 - max(pence, 0) / top), 1)
