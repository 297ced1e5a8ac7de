"""Counts of reflections for the hub: how many people stand where, and never a number that tells of few."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.frameworks_counts import FLOOR, shown
from app.kit.errors import NotFoundError
from app.pages._parts import Empty
from app.pages.notes.frameworks import address
from app.store.notes import frameworks, reflections

KEPT_BACK = "kept back"


@dataclass(frozen=True, slots=True)
class CountLine:
    """One indicator: how many people reflected on it, and at each step, or that it is kept back."""

    indicator: str
    people: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CountsPage:
    """The counts of one framework."""

    template: ClassVar[str] = "notes/framework_counts.html"
    name: str
    back: str
    floor: int
    steps: tuple[str, ...]
    lines: tuple[CountLine, ...]
    some: bool
    empty: Empty
    csv: str


async def load(db: AsyncSession, member: Member, key: str) -> CountsPage:
    """The page: two statements. Raises NotFoundError."""
    versions = await frameworks.versions(db, member.hub_id, key)
    if not versions:
        raise NotFoundError
    framework = next((one.framework for one in versions if one.framework.offered), versions[0].framework)
    counts = await reflections.places(db, member.hub_id, key)
    lines = []
    for indicator in framework.indicators:
        seen = shown([counts.get((indicator.key, step.key), 0) for step in framework.steps])
        cells = tuple((step.label, _spoken(cell)) for step, cell in zip(framework.steps, seen.cells, strict=True))
        lines.append(CountLine(indicator.label, _spoken(seen.total), cells))
    here = address(member, key)
    return CountsPage(
        name=framework.name,
        back=here,
        floor=FLOOR,
        steps=tuple(step.label for step in framework.steps),
        lines=tuple(lines),
        some=any(line.people != KEPT_BACK for line in lines),
        empty=Empty(f"Counts will be here once at least {FLOOR} people have reflected on the same indicator."),
        csv=f"{here}/counts?format=csv",
    )


def _spoken(count: int | None) -> str:
    return KEPT_BACK if count is None else f"{count:,}"


def table(page: CountsPage) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The same numbers as a header and rows."""
    rows = [(line.indicator, line.people, *(count for _, count in line.cells)) for line in page.lines]
    return ("Indicator", "People", *page.steps), rows
