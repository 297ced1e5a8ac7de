"""The hub's picture as seven charts: what each asks, what it shows in a sentence, its drawing, its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.stages import picture_map
from app.domain.stages.picture import Picture, School
from app.domain.stages.picture_bars import bars
from app.domain.stages.picture_drawing import Drawing
from app.domain.stages.picture_flow import flow_chart
from app.domain.stages.picture_strip import strip
from app.domain.stages.picture_survival import survival
from app.pages.schools.map import Beneath, Look, SchoolMap, Spot, school_map
from app.pages.stages import picture_says as says
from app.pages.stages import picture_tables as tables
from app.pages.stages.picture_tables import Row, Table

MOST_ROWS = 100
NOT_IN = "not in a programme this year"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; `svg` and `csv` lead to its files, `more` to the list where something can be done about it."""

    name: str
    asks: str
    says: str
    drawing: Drawing | None
    map: SchoolMap | None
    table: Table
    svg: str
    csv: str
    more: str = ""
    more_href: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of the table, what the page shows."""
        return self.table.rows[:MOST_ROWS]

    @property
    def rest(self) -> int:
        """How many rows only the file has."""
        return max(0, len(self.table.rows) - MOST_ROWS)


@dataclass(frozen=True, slots=True)
class About:
    """Where a picture is shown: the hub's path, where its files lie and their query, one Work Group for the map."""

    home: str
    files: str
    query: str = ""
    group: str = ""
    live: bool = True  # a frozen one leads to no list: what stands there is of today


Drawn = Drawing | SchoolMap | None
Draws = Callable[[Picture, About, str], Drawn]


@dataclass(frozen=True, slots=True)
class _Kind:
    asks: str
    says: Callable[[Picture], str]
    draws: Draws
    table: Callable[[Picture, str], Table]
    more: tuple[str, str] = ("", "")  # words, and where in the hub they lead


def _map(picture: Picture, about: About, _summary: str) -> SchoolMap | None:
    """Schools of the year with what lies beneath them; names only where a Work Group is chosen or few are drawn."""
    chosen = next((set(group.members) for group in picture.groups if group.code == about.group), None)
    shown = [school for school in picture.schools if chosen is None or school.urn in chosen]
    spots = [Spot(school.name, _journey(about, school), school.at, _look(school)) for school in shown if school.at]
    ground = picture_map.ground(picture, about.group if chosen else "")
    rings = tuple((ring.at, ring.metres, ring.minutes) for ring in ground.rings)
    drawn = school_map(spots, len(shown) - len(spots), Beneath(rings, ground.outlines, ground.lines, ground.bases))
    if drawn is None:
        return None
    key = tuple(replace(entry, means=NOT_IN) if entry.look == "none" else entry for entry in drawn.key)
    return replace(drawn, key=key)


def _journey(about: About, school: School) -> str:
    return f"{about.home}/schools/{school.urn}/journey"


def _look(school: School) -> Look:
    stage = school.stage
    if stage is None or not school.in_year:
        return "none"
    return stage.value


KINDS: dict[str, _Kind] = {
    "map": _Kind(
        "Where are the schools, and how far is it to them?",
        says.of_map,
        _map,
        tables.of_map,
        ("Where each school stands", "/ladder"),
    ),
    "strip": _Kind(
        "What was held, half term by half term?",
        says.of_strip,
        lambda picture, _, told: strip(picture.groups, told) if picture.groups else None,
        tables.of_strip,
        ("The year", "/year"),
    ),
    "flow": _Kind(
        "How do schools move through the stages?",
        says.of_flow,
        lambda picture, _, told: flow_chart(picture.flows, told) if picture.flows else None,
        tables.of_flow,
        ("Moves", "/moves"),
    ),
    "survival": _Kind(
        "Do schools stay?",
        says.of_survival,
        lambda picture, _, told: survival(picture.cohorts, f"{told} {says.each(picture)}") if picture.cohorts else None,
        tables.of_survival,
    ),
    "visits": _Kind(
        "Which visits are due, and which are at risk?",
        says.of_visits,
        lambda picture, _, told: bars("visits", lines, told) if (lines := tables.visit_lines(picture)) else None,
        tables.of_visits,
        ("Every school's visits", "/entitlement"),
    ),
    "barriers": _Kind(
        "What stands in the way, and where does it sit?",
        says.of_barriers,
        lambda picture, _, told: bars("barriers", lines, told) if (lines := tables.barrier_lines(picture)) else None,
        tables.of_barriers,
        ("Open barriers", "/barriers"),
    ),
    "flags": _Kind(
        "Where do absence, turnover and the other rules ask for a look?",
        says.of_flags,
        lambda picture, _, told: bars("flags", lines, told) if (lines := tables.flag_lines(picture)) else None,
        tables.of_flags,
        ("Schools to look at", "/risk"),
    ),
}


def chart(name: str, picture: Picture, about: About) -> Chart:
    """One chart of a picture; raises KeyError for a name that none has."""
    kind = KINDS[name]
    told = kind.says(picture)
    drawn = kind.draws(picture, about, told)
    words, where = kind.more if about.live else ("", "")
    return Chart(
        name=name,
        asks=kind.asks,
        says=told,
        drawing=drawn if isinstance(drawn, Drawing) else None,
        map=drawn if isinstance(drawn, SchoolMap) else None,
        table=kind.table(picture, about.home),
        svg=f"{about.files}/{name}/chart.svg{about.query}",
        csv=f"{about.files}/{name}/table.csv{about.query}",
        more=f"{words}." if words else "",
        more_href=f"{about.home}{where}" if where else "",
    )


def charts(picture: Picture, about: About) -> tuple[Chart, ...]:
    """All seven, in their order."""
    return tuple(chart(name, picture, about) for name in KINDS)


def names() -> Sequence[str]:
    """What charts are called in addresses."""
    return tuple(KINDS)
