"""The hub's picture as it stands now: its own page, the same on the hub's home, and each chart as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.picture import Picture
from app.domain.stages.picture_drawing import nothing
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import Asked, Choice, Field, Form
from app.pages.schools.years import YearLink, asked_year, year_links
from app.pages.stages.picture_charts import KINDS, About, Chart, chart, charts
from app.render.stages.picture import chart_file, map_file
from app.store.stages import picture

EVERY = Choice("", "All of them")


@dataclass(frozen=True, slots=True)
class PicturePage:
    """The picture of a year. `groups` chooses whose circles the map draws; `freeze` keeps the whole under a name."""

    template: ClassVar[str] = "stages/picture.html"
    year: str
    day: str
    years: tuple[YearLink, ...]
    groups: Field
    chosen_year: int
    charts: tuple[Chart, ...]
    freeze: Form
    snapshots_href: str


@dataclass(frozen=True, slots=True)
class File:
    """A chart as a file: its name without ending, and what is in it."""

    name: str
    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> PicturePage:
    """The page of the year that the address names: the picture's statements and one for the years."""
    year = asked_year(asked, in_london(now).date())
    made = await picture.make(db, member.hub_id, year, now)
    return PicturePage(
        year=spoken_year(year),
        day=spoken_date(made.day),
        years=year_links(asked, await picture.years_of(db, member.hub_id), year),
        groups=group_field(made, asked.value("group")),
        chosen_year=year,
        charts=charts(made, about(member, year, asked.value("group"))),
        freeze=freeze_form(member, year),
        snapshots_href=f"/hubs/{member.hub_code}/snapshots",
    )


def about(member: Member, year: int, group: str = "") -> About:
    """Where the picture of today has its files."""
    home = f"/hubs/{member.hub_code}"
    query = urlencode([(name, value) for name, value in (("year", str(year)), ("group", group)) if value])
    return About(home, f"{home}/picture", f"?{query}", group)


def group_field(made: Picture, chosen: str) -> Field:
    """Chooses the Work Group that the map draws alone; a strange one chooses none."""
    codes = [group.code for group in made.groups]
    return Field(
        name="group",
        label="Draw on the map",
        kind="select",
        value=chosen if chosen in codes else "",
        choices=(EVERY, *(Choice(code, code) for code in codes)),
    )


def freeze_form(member: Member, year: int) -> Form:
    """Keeps the picture as it stands now."""
    name = Field(
        name="name",
        label="Name of the picture",
        hint="Such as End of Autumn 1, or For the Strategic Board. It will never change.",
        width="20",
    )
    action = f"/hubs/{member.hub_code}/snapshots"
    return Form(action=action, submit="Freeze this picture", fields=(name,), kept=(("year", str(year)),))


async def file(db: AsyncSession, member: Member, name: str, asked: Asked, now: datetime) -> File:
    """One chart of today as files. Raises NotFoundError for a name that no chart has."""
    known(name)
    year = asked_year(asked, in_london(now).date())
    made = await picture.make(db, member.hub_id, year, now)
    return file_of(name, made, about(member, year, asked.value("group")))


def known(name: str) -> None:
    """Raises NotFoundError unless some chart has this name."""
    if name not in KINDS:
        raise NotFoundError


def file_of(name: str, made: Picture, where: About) -> File:
    """A chart of any picture as files, drawn from it alone."""
    one = chart(name, made, where)
    svg = map_file(one.map) if one.map else chart_file(one.drawing or nothing(name, one.says))
    rows: Sequence[tuple[str, ...]] = [row.cells for row in one.table.rows]
    header = tuple(column.text for column in one.table.columns)
    return File(f"{name}-{made.year}-{made.day.isoformat()}", svg, header, tuple(rows))
