"""Every plan that was proposed."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.schedule.tastes import TASTES
from app.kit.periods import HALF_TERMS, academic_year, in_london, spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Filter, Listing, listing
from app.pages.schedule.asking import ProposalConfirmPage
from app.pages.schedule.known import STATES, state_of
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.hubs import details
from app.store.meetings.year import half_terms
from app.store.schedule import proposals


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in the list."""

    id: uuid.UUID
    made: str
    year: str
    state: str
    by: str
    favours: str
    address: str


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """Every plan that was proposed, the newest first."""

    template: ClassVar[str] = "schedule/proposals.html"
    address: str
    years: tuple[YearLink, ...]
    year: int
    year_words: str
    can_propose: bool
    late: str
    waiting: str
    listing: Listing
    proposals: tuple[ProposalLine, ...]


async def proposals_page(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ProposalsPage:
    """The list, and for which year a plan can be proposed, from this one on: three statements."""
    found = await proposals.listed(db, member.hub_id)
    state = asked.value("state")
    shown = [row for row in found if not state or row.status == state]
    first = (asked.page - 1) * PAGE_SIZE
    page = shown if asked.value("format") == "csv" else shown[first : first + PAGE_SIZE]
    now_is = academic_year(in_london(now).date())
    ahead = {one.year for one in await details.years(db, member.hub_id) if one.year >= now_is} | {now_is}
    year = max(now_is, min(max(ahead), asked_year(asked, in_london(now).date())))
    states = tuple(Choice(name, words) for name, words in STATES.items())
    address = f"/hubs/{member.hub_code}/proposals"
    return ProposalsPage(
        address=address,
        years=year_links(asked, sorted(ahead), year),
        year=year,
        year_words=spoken_year(year),
        can_propose=bool(member.reaches(Can.PLAN)),
        late=await _late(db, member, year, now) if all(row.year != year for row in found) else "",
        waiting=next((_where(address, row) for row in found if row.status in proposals.OPEN), ""),
        listing=listing(
            asked,
            "Proposed plans",
            (Column("", "Proposed"), Column("", "For"), Column("", "Favours"), Column("", "State"), Column("", "By")),
            total=len(shown),
            empty=Empty("Plans that were proposed will be here. Propose one when groups and calendars are in."),
            filters=(Filter("state", "State", state, states),),
        ),
        proposals=tuple(_line(address, row) for row in page),
    )


async def _late(db: AsyncSession, member: Member, year: int, now: datetime) -> str:
    """What to do before a year is planned for the first time after it has begun; empty when it has not."""
    terms = await half_terms(db, member.hub_id, year)
    over = [HALF_TERMS[k] for k, span in enumerate(terms) if span.last < in_london(now).date()]
    if not over:
        return ""
    gone = f"{' and '.join(over)} {'is' if len(over) == 1 else 'are'} over"
    return (
        f"{gone}. A first plan has a date in every half term that a Work Group names: change the Work Groups "
        "before you propose one, or some dates will lie in the past."
    )


async def held_already(db: AsyncSession, member: Member, year: int, *, three: bool) -> ProposalConfirmPage | None:
    """The question before a plan is proposed while the dates of another are held; nothing when none are."""
    found = await proposals.listed(db, member.hub_id)
    held = next((row for row in found if row.status == "ready" and row.sent_at and row.year == year), None)
    if held is None:
        return None
    address = f"/hubs/{member.hub_code}/proposals"
    return ProposalConfirmPage(
        Confirm(
            question=f"Propose {'three new plans' if three else 'a new plan'} while dates are held?",
            happens=(
                "People were asked about the dates of a plan. Their answers end with it, and a message tells them so.",
                "Days on which somebody said that they cannot are kept off from now on.",
                "To move only what somebody cannot make, plan again around them on the page of the held plan.",
            ),
            action=address,
            submit="Set the held plan aside and propose",
            back=f"{address}/{held.id}",
            kept=(("year", str(year)), *((("three", "yes"),) if three else ()), ("sure", "yes")),
        )
    )


def _where(address: str, row: proposals.ProposalLine) -> str:
    """Plans that were made together are looked at side by side until one is held or accepted."""
    return f"{address}/{row.id}/compare" if row.set_id and not row.sent_at else f"{address}/{row.id}"


def _line(address: str, row: proposals.ProposalLine) -> ProposalLine:
    favours = next((taste.name for taste in TASTES if taste.key == row.favours), "")
    state = state_of(row.status, row.sent_at)
    year, made = spoken_year(row.year), spoken(row.made_at)
    return ProposalLine(row.id, made, year, state, row.made_by, favours, f"{address}/{row.id}")
