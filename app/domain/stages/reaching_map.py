"""Where schools were never reached, drawn: rings by how many lie together, dots where schools take part."""

from collections.abc import Sequence

from app.domain.stages.picture_drawing import Drawing, Stroke, Words, path
from app.domain.stages.reaching import At

WIDTH, TALLEST, MARGIN, FOOT = 640.0, 760.0, 24.0, 44.0
CELL = 26.0  # drawing units: schools of one square are one ring
SMALLEST_SIDE = 8000.0  # metres
MOST_RADIUS = 12.5
TOLD_FROM = 7  # schools of one ring: fewer can be counted by its size, and a number would not fit
BARS_KM = (1, 2, 5, 10, 20, 50, 100)


def cold_map(never: Sequence[At], here: Sequence[At]) -> Drawing | None:
    """The drawing, north up; None where nothing has a place. Thousands of schools make some hundred rings."""
    every = [*never, *here]
    if not every:
        return None
    east, north = min(at[0] for at in every), max(at[1] for at in every)
    wide = max(max(at[0] for at in every) - east, SMALLEST_SIDE)
    high = max(north - min(at[1] for at in every), SMALLEST_SIDE)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN - FOOT) / high)
    height = round(high * scale + 2 * MARGIN + FOOT, 1)

    def place(at: At) -> tuple[float, float]:
        return round(MARGIN + (at[0] - east) * scale, 1), round(MARGIN + (north - at[1]) * scale, 1)

    rings, counts = _rings([place(at) for at in never])
    dots = [Stroke(_circle(*place(at), 3.6), "held", "A school that takes part") for at in here]
    bar_km = max((km for km in BARS_KM if km * 1000 * scale <= WIDTH / 3), default=BARS_KM[0])
    bar, foot, up = bar_km * 1000 * scale, height - 14, height - 19
    return Drawing(
        name="cold-spots",
        width=WIDTH,
        height=height,
        says=_says(len(never), len(here)),
        strokes=(
            *rings,
            *dots,
            Stroke(path([(MARGIN, up), (MARGIN, foot), (MARGIN + bar, foot), (MARGIN + bar, up)]), "line-quiet"),
            Stroke(_circle(330, foot - 4, 6), "dot-quiet"),
            Stroke(_circle(500, foot - 4, 3.6), "held"),
        ),
        words=(
            *counts,
            Words(MARGIN, foot - 10, f"{bar_km} km", "quiet"),
            Words(342, foot, "never reached, how many", "quiet"),
            Words(510, foot, "takes part", "quiet"),
        ),
    )


def _says(never: int, here: int) -> str:
    schools = "1 school was" if never == 1 else f"{never:,} schools were"
    parts = "1 takes part" if here == 1 else f"{here:,} take part"
    return f"Where {schools} never reached, and where {parts}, north at the top. The table holds the same."


def _rings(places: Sequence[tuple[float, float]]) -> tuple[list[Stroke], list[Words]]:
    """One ring for each square of the drawing that holds schools, at their middle, larger for more of them."""
    squares: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in places:
        squares.setdefault((int(x // CELL), int(y // CELL)), []).append((x, y))
    rings, words = [], []
    for of in squares.values():
        count = len(of)
        x, y = round(sum(one[0] for one in of) / count, 1), round(sum(one[1] for one in of) / count, 1)
        radius = min(MOST_RADIUS, 3.5 + 0.95 * (count - 1) ** 0.6)
        says = "1 school never reached" if count == 1 else f"{count} schools never reached"
        rings.append(Stroke(_circle(x, y, radius), "dot-quiet", says))
        if count >= TOLD_FROM:
            words.append(Words(x, round(y + 3.5, 1), str(count), "words", 10.0, "middle"))
    return rings, words


def _circle(x: float, y: float, radius: float) -> str:
    r = round(radius, 1)
    return f"M{round(x - r, 1)} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
