"""A school's line as a picture of its own: the same drawing as on its page, with the colours that stand in it."""

from app.domain.stages.journey import Line
from app.render.html import environment


def line_svg(line: Line) -> str:
    """The drawing as an SVG file."""
    part = environment().get_template("_parts/journey.html").module
    return str(getattr(part, "alone")(line)).strip() + "\n"  # noqa: B009  a macro, which no type knows
