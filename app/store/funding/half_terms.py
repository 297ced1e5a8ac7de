"""Half terms of each school of a hub, by its own calendar where that is known, as rules and as conditions."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.stages.entitlement import half_term_of, usual_year
from app.kit.periods import Span, academic_year, year_span
from app.models.funding import LedgerLine
from app.models.schools import HalfTerm, HubSchool

Blocks = tuple[Span, ...]


@dataclass(slots=True)
class HalfTerms:
    """The teaching blocks of each school and grant year; where nobody wrote them down, those of most of England."""

    of: Mapping[tuple[int, int], Blocks]  # (URN, year)
    usual: dict[int, Blocks] = field(default_factory=dict)

    def half_term(self, urn: int, day: date) -> int:
        """The half term, 0 to 5, of a school's day; a holiday goes with the one before it."""
        year = academic_year(day)
        return min(5, half_term_of(self.of.get((urn, year)) or self._usual(year), day))

    def _usual(self, year: int) -> Blocks:
        if year not in self.usual:
            self.usual[year] = usual_year(year).terms
        return self.usual[year]

    def holds(self, year: int, wanted: Collection[int]) -> ColumnElement[bool]:
        """Lines of the grant year whose day lies in one of these half terms of their own school."""
        alike: dict[Blocks, list[int]] = {}
        for (urn, of_year), blocks in self.of.items():
            if of_year == year:
                alike.setdefault(blocks, []).append(urn)
        known = [urn for urns in alike.values() for urn in urns]
        return or_(
            *(and_(col(LedgerLine.urn).in_(urns), _within(year, blocks, wanted)) for blocks, urns in alike.items()),
            and_(col(LedgerLine.urn).not_in(known), _within(year, self._usual(year), wanted)),
        )


def _within(year: int, blocks: Blocks, wanted: Collection[int]) -> ColumnElement[bool]:
    """A block reaches to the day before the next one begins; the first begins and the last ends with the year."""
    begins = [year_span(year).first, *(block.first for block in blocks[1:6])]
    ends = [*(first - timedelta(1) for first in begins[1:]), year_span(year).last]
    spans = [Span(begins[place], ends[place]) for place in sorted(wanted) if place < len(begins)]
    return or_(*(col(LedgerLine.day).between(*span) for span in spans))


async def half_terms(db: AsyncSession, hub_id: uuid.UUID) -> HalfTerms:
    """Those of every school and year of the hub: one statement."""
    found = await db.execute(
        select(col(HubSchool.urn), col(HubSchool.year), col(HalfTerm.first), col(HalfTerm.last))
        .join(HalfTerm, col(HalfTerm.calendar_id) == col(HubSchool.calendar_id))
        .where(col(HubSchool.hub_id) == hub_id)
        .order_by(col(HalfTerm.number))
    )
    blocks: dict[tuple[int, int], list[Span]] = {}
    for urn, year, first, last in found.all():
        blocks.setdefault((urn, year), []).append(Span(first, last))
    return HalfTerms({key: tuple(of) for key, of in blocks.items()})
