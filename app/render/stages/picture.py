"""A drawing of the hub's picture as a file of its own: the same part of a template that the page shows."""

from app.domain.stages.picture_drawing import Drawing
from app.render.html import environment

MEDIA_TYPE = "image/svg+xml"


def chart_file(drawing: Drawing) -> str:
    """A chart as an SVG file."""
    return _part("_parts/chart.html", "chart", drawing)


def map_file(drawn: object) -> str:
    """A map (app.pages.schools.map.SchoolMap) as an SVG file, with what its points mean beneath."""
    return _part("_parts/school_map.html", "map_file", drawn)


def _part(template: str, macro: str, value: object) -> str:
    return str(getattr(environment().get_template(template).module, macro)(value)).strip() + "\n"
