"""Every plan that was proposed."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.kit.periods import academic_year, in_london, spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schedule.known import STATES
from app.store.schedule import proposals


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in the list."""

    id: uuid.UUID
    made: str
    year: str
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """Every plan that was proposed, the newest first."""

    template: ClassVar[str] = "schedule/proposals.html"
    address: str
    year: int
    year_words: str
    can_propose: bool
    waiting: uuid.UUID | None
    listing: Listing
    proposals: tuple[ProposalLine, ...]


async def proposals_page(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ProposalsPage:
    """The list: one statement."""
    found = await proposals.listed(db, member.hub_id)
    state = asked.value("state")
    shown = [row for row in found if not state or row.status == state]
    first = (asked.page - 1) * PAGE_SIZE
    year = academic_year(in_london(now).date())
    states = tuple(Choice(name, words) for name, words in STATES.items())
    return ProposalsPage(
        address=f"/hubs/{member.hub_code}/proposals",
        year=year,
        year_words=spoken_year(year),
        can_propose=bool(member.reaches(Can.PLAN)),
        waiting=next((row.id for row in found if row.status in {"waiting", "solving", "ready"}), None),
        listing=listing(
            asked,
            "Proposed plans",
            (Column("", "Proposed"), Column("", "For"), Column("", "State"), Column("", "By")),
            total=len(shown),
            empty=Empty("Plans that were proposed will be here. Propose one when groups and calendars are in."),
            filters=(Filter("state", "State", state, states),),
        ),
        proposals=tuple(
            ProposalLine(row.id, spoken(row.made_at), spoken_year(row.year), STATES[row.status], row.made_by)
            for row in shown[first : first + PAGE_SIZE]
        ),
    )
