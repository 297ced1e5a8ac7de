"""The report to the Strategic Board as PDF: tagged (PDF/UA-1), with the same tables as the page."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from app.domain.stages.report import Section
from app.domain.stages.suppression import FEW, MARKS
from app.kit.periods import spoken
from app.render.meetings.typesetting import typeset


def report_pdf(hub: str, days: str, sections: Sequence[Section], picture: tuple[str, str], at: datetime) -> bytes:
    """The report; `picture` is the chart as SVG and what it tells. Equal facts and times make equal bytes."""
    data = {
        "hub": hub,
        "days": days,
        "made": spoken(at),
        "few": FEW,
        "kept": MARKS["kept"],
        "chart": picture[0],
        "chart_says": picture[1],
        "sections": [asdict(one) for one in sections],
    }
    return typeset("stages/report.typ", data, at)
