"""Which meetings of last year can keep their weekday and week, and why others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.exceptions_kept import Kept, kept_dates
from app.domain.schedule.facts import YearFacts, school_id
from app.domain.schedule.facts import names as called
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_year
from app.pages.schedule.asking import ProposalConfirmPage
from app.pages.schedule.proposals import held_already
from app.store import hubs
from app.store.schedule.facts import read_year

MOST_LACKING = 6  # sentences: mostly a whole year's calendars, of which a few tell enough
HALVES = {"am": "morning", "pm": "afternoon"}


@dataclass(frozen=True, slots=True)
class KeptTick:
    """A date to keep; where `because` is given it cannot be kept for that reason."""

    event: str
    label: str
    was: str
    because: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """The dates of one Work Group."""

    code: str
    dates: tuple[KeptTick, ...]


@dataclass(frozen=True, slots=True)
class KeptDatesPage:
    """Dates of last year to keep in this one; `lacking` is what must be known first, and how much `more`."""

    template: ClassVar[str] = "schedule/exceptions_kept.html"
    old: str
    new: str
    address: str
    copy: str
    plans: str
    groups_href: str
    imports: str
    lacking: tuple[str, ...]
    more: int
    groups: tuple[KeptGroup, ...]
    faults: tuple[Fault, ...]


async def kept_dates_page(
    db: AsyncSession,
    member: Member,
    year: int,
    now: datetime,
    faults: Sequence[Fault] = (),
) -> KeptDatesPage:
    """The dates, those that were pinned ticked: a fixed number of statements. Raises NotFoundError."""
    if await hubs.year(db, member.hub_id, year) is None:
        raise NotFoundError
    today = in_london(now).date()
    old, new = await read_year(db, member.hub_id, year - 1, today), await read_year(db, member.hub_id, year, today)
    home = f"/hubs/{member.hub_code}"
    lacking: tuple[str, ...] = ()
    kept: list[Kept] = []
    try:
        kept = kept_dates(old, new)
    except BadInputError as refused:
        lacking = tuple(fault.because for fault in refused.faults)
    return KeptDatesPage(
        old=spoken_year(year - 1),
        new=spoken_year(year),
        address=f"{home}/years/{year}/kept-dates",
        copy=f"{home}/years/{year - 1}/copy",
        plans=f"{home}/proposals",
        groups_href=f"{home}/groups?year={year}",
        imports=f"{home}/imports",
        lacking=lacking[:MOST_LACKING],
        more=max(0, len(lacking) - MOST_LACKING),
        groups=tuple(
            KeptGroup(code, tuple(_tick(one, old, new) for one in dates))
            for code, dates in groupby(kept, key=lambda one: one.group)
        ),
        faults=tuple(faults),
    )


async def held_question(
    db: AsyncSession, member: Member, year: int, events: Sequence[str]
) -> ProposalConfirmPage | None:
    """The question before a plan is proposed while the dates of another are held; nothing when none are."""
    held = await held_already(db, member, year, three=False)
    if held is None:
        return None
    kept = (*(("keep", event) for event in events), ("sure", "yes"))
    action = f"/hubs/{member.hub_code}/years/{year}/kept-dates"
    return replace(held, confirm=replace(held.confirm, action=action, kept=kept))


def _tick(one: Kept, old: YearFacts, new: YearFacts) -> KeptTick:
    term = HALF_TERMS[one.half_term]
    host = {**called(old), **called(new)}.get(school_id(one.was.host or 0), "")
    was = f"Was on the {HALVES[one.was.slot]} of {spoken_date(one.was.day)} at {host}."
    label = f"{term}: {spoken_date(one.placed.date)}, {HALVES[one.placed.slot]}, at {host}" if one.placed else term
    pinned = " It was pinned." if one.was.pinned else ""
    return KeptTick(one.event, label, was + pinned, " ".join(one.because), one.was.pinned and not one.because)
