"""The report to the Strategic Board: a page, a PDF and a file, all of the same sections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.themes import JUDGEMENT, Tally, tallies, themes
from app.domain.stages.ladder import NAMES
from app.domain.stages.picture_bars import Line, Part, bars
from app.domain.stages.picture_drawing import Drawing
from app.domain.stages.report import Range, Section, read_range, sections, usual_range
from app.domain.stages.suppression import FEW
from app.kit.errors import BadInputError, Fault
from app.kit.periods import academic_year, in_london, spoken
from app.pages._parts import Asked, Field, Form, filled
from app.render.stages.picture import chart_file
from app.render.stages.report import report_pdf
from app.store.notes import counts as records
from app.store.notes import forms
from app.store.notes.counts import Wanted
from app.store.stages import report as rows

CSV_HEADER = ("Section", "Line", "Column", "Value")


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report; `form` asks for other days, and keeps what was typed where it cannot be."""

    template: ClassVar[str] = "stages/report.html"
    hub: str
    range: str
    made: str
    few: int
    form: Form
    chart: Drawing | None
    sections: tuple[Section, ...]
    pdf: str
    csv: str


@dataclass(frozen=True, slots=True)
class File:
    """The report as a file: its name, and what is in it."""

    name: str
    data: bytes


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ReportPage:
    """The page: ten statements, and one more for each academic year the range touches.

    Days that cannot be get sentences, and the usual range is shown.
    """
    today = in_london(now).date()
    faults: tuple[Fault, ...] = ()
    try:
        chosen = read_range(asked.value("from"), asked.value("to"), today)
    except BadInputError as wrong:
        chosen, faults = usual_range(today), wrong.faults
    made = await _sections(db, member, chosen, now)
    days = {"from": chosen.first.isoformat(), "to": chosen.last.isoformat()}
    here = Asked(f"/hubs/{member.hub_code}/report", days)
    return ReportPage(
        hub=member.hub_name,
        range=chosen.says,
        made=spoken(now),
        few=FEW,
        form=_form(here, asked, faults),
        chart=_chart(made),
        sections=made,
        pdf=Asked(f"{here.path}/report.pdf", days).link(),
        csv=here.link(format="csv"),
    )


async def pdf(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> File:
    """The report as PDF (PDF/UA-1). Raises BadInputError for days that cannot be."""
    chosen = read_range(asked.value("from"), asked.value("to"), in_london(now).date())
    made = await _sections(db, member, chosen, now)
    drawn = _chart(made)
    picture = (chart_file(drawn), drawn.says) if drawn else ("", "")
    return File(f"{_name(chosen)}.pdf", report_pdf(member.hub_name, chosen.says, made, picture, now))


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> tuple[str, list[tuple[object, ...]]]:
    """The report's name, and a row for each cell under `CSV_HEADER`. Raises BadInputError as pdf does."""
    chosen = read_range(asked.value("from"), asked.value("to"), in_london(now).date())
    found: list[tuple[object, ...]] = [
        (one.title, row.label, column, cell)
        for one in await _sections(db, member, chosen, now)
        for row in one.rows
        for column, cell in zip(one.columns, row.cells, strict=True)
    ]
    return _name(chosen), found


def _name(chosen: Range) -> str:
    return f"report-{chosen.first}-to-{chosen.last}"


async def _sections(db: AsyncSession, member: Member, chosen: Range, now: datetime) -> tuple[Section, ...]:
    counted = await rows.counts(db, member.hub_id, chosen, now)
    return sections(replace(counted, themes=await _themes(db, member, chosen)), chosen)


async def _themes(db: AsyncSession, member: Member, chosen: Range) -> tuple[tuple[str, tuple[Tally, ...]], ...]:
    """What submitted records of these days are about, counted as on the page of records in numbers."""
    own = {kind: form for (_, kind), form in (await forms.newest(db, [member.hub_id])).items()}
    counted = themes(own.get(kind, form) for kind, form in DEFAULTS.items())
    wanted = Wanted(
        [one.field for one in counted if one.how == "choices"],
        [one.field for one in counted if one.how == "rows"],
        [(one.field, JUDGEMENT) for one in counted if one.how == "parts"],
    )
    here = await rows.events_of(db, member.hub_id, chosen)
    found = [
        one
        for year in range(academic_year(chosen.first), academic_year(chosen.last) + 1)
        for one in await records.choices(db, member, year, wanted)
        if one.event_id in here
    ]
    people = await records.takers(db, sorted({one.event_id for one in found}))
    return tuple((one.title, tallies(one, found, people)) for one in counted)


def _form(here: Asked, asked: Asked, faults: Sequence[Fault]) -> Form:
    fields = (
        Field(name="from", label="From", kind="date", value=here.value("from")),
        Field(name="to", label="To", kind="date", value=here.value("to")),
    )
    form = Form(action=here.path, submit="Show these days", fields=fields)
    typed = {name: asked.value(name) for name in ("from", "to") if asked.value(name)}
    return filled(form, typed, faults)


def _chart(made: Sequence[Section]) -> Drawing | None:
    """The schools by stage as bars: what the table shows, and nothing of what it keeps back."""
    section = next(one for one in made if one.key == "stages")
    lines = [
        Line(row.label, (Part(_number(row.cells[0]), "held", "schools"),), row.cells[0])
        for row in section.rows
        if row.label in NAMES.values()
    ]
    if not any(line.total for line in lines):
        return None
    told = "; ".join(f"{row.label}: {row.cells[0]}" for row in section.rows)
    return bars("report", lines, f"{section.title}. {told}.")


def _number(cell: str) -> int:
    plain = cell.replace(",", "")
    return int(plain) if plain.isdigit() else 0
