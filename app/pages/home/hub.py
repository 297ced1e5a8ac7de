"""A hub's home: what needs the viewer today, the year ribbon, what comes next, the hub in numbers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Role
from app.domain.notes.tasks import SOON, nearness
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import Figure, Need
from app.pages.home.funding import money_needs
from app.pages.home.needs import WORDS, Known, needs
from app.pages.home.stages import ladder_needs
from app.pages.meetings.lists import EventLine, line, marks
from app.pages.ribbon import Ribbon, ribbon
from app.store import home
from app.store.feeds import arrived
from app.store.home import Gaps, Standing
from app.store.mail import log
from app.store.meetings import attendance_lists, dates, events, handing_over, year
from app.store.notes import gap_task_lists, versions
from app.store.people import rights
from app.store.schedule import answering

NEXT = 5
OFFICE = {Role.HUB_LEAD, Role.ASSISTANT_LEAD, Role.COORDINATOR}


@dataclass(frozen=True, slots=True)
class HubHomePage:
    """What needs the viewer, the hub's year or their own, and what comes next. `address` is the hub's own path."""

    template: ClassVar[str] = "home/hub.html"
    hub: str
    address: str
    needs: tuple[Need, ...]
    ribbon: Ribbon
    next: tuple[EventLine, ...]
    figures: tuple[Figure, ...]
    sees_events: bool
    picture: str  # where the hub's picture is, for whoever sees it: it is fetched once the page is there


async def load(db: AsyncSession, member: Member, now: datetime) -> HubHomePage:
    """The hub's home as this member sees it, this year: eighteen statements at most, and those of the ladder."""
    of, today = academic_year(in_london(now).date()), in_london(now).date()
    office = bool(member.roles & OFFICE)
    lines = await _lines(db, member, of, now, None if office else member.person_id)
    gaps = await home.gaps(db, member.hub_id, of)
    hubs_own = await home.standings(db, member.hub_id, of, now)
    known = Known(
        year=spoken_year(of),
        gaps=gaps if member.reaches(Can.PLAN) else None,
        plan=await home.newest_plan(db, member.hub_id, of) if member.reaches(Can.PLAN) else None,
        overdue=await _overdue(db, member, of, now, hubs_own),
        subscribed=not lines or await home.has_feed(db, member),
        records=await versions.waiting_for(db, member),
        leaderless=await handing_over.open_without_leader(db, member.hub_id, now) if office else {},
        unanswered=await dates.own_unanswered(db, member, now) if member.reaches(Can.ANSWER) else 0,
        held=await answering.waiting(db, member.person_id) if member.reaches(Can.ANSWER) else 0,
        rights=await rights.counts(db, member.hub_id, today) if member.reaches(Can.PROTECT_DATA) else (0, 0),
        mail=await arrived.count(db, member.hub_id, arrived.Wanted("open")) if member.reaches(Can.SEE_MESSAGES) else 0,
        back=await log.comes_back(db, member.hub_id) if member.reaches(Can.SEE_MESSAGES) else 0,
        unsaid=await _unsaid(db, member, of, now),
        missing=len(await attendance_lists.missing(db, member, attendance_lists.Wanted(of), now)) if office else 0,
        ladder=[*await ladder_needs(db, member, now), *await money_needs(db, member)],
        tasks=[nearness(day, today) for day in await gap_task_lists.due(db, member, today + SOON)],
    )
    address = f"/hubs/{member.hub_code}"
    whose = member.hub_name if office else f"{member.name}, {member.hub_name}"
    return HubHomePage(
        hub=member.hub_name,
        address=address,
        needs=needs(known, member),
        ribbon=ribbon(
            f"{whose} in {spoken_year(of)}",
            await year.half_terms(db, member.hub_id, of),
            await year.closures(db, member.hub_id, of),
            marks(lines, address),
            today,
            list_href=f"{address}/year?view=list" if office else "",
        ),
        next=tuple(one for one in lines if one.ends > now and one.state != "cancelled")[:NEXT],
        figures=_figures(gaps, hubs_own) if Reach.HUB in member.reaches(Can.SEE_HUB) else (),
        sees_events=bool(member.reaches(Can.SEE_EVENTS)),
        picture=f"{address}/picture" if Reach.HUB in member.reaches(Can.SEE_PICTURE) and gaps.groups else "",
    )


async def _unsaid(db: AsyncSession, member: Member, of: int, now: datetime) -> Sequence[attendance_lists.Unsaid]:
    """What the viewer led in the year, for those who say who came."""
    if not member.reaches(Can.TAKE_ATTENDANCE):
        return ()
    return await attendance_lists.unsaid(db, member.hub_id, of, now, member.person_id)


async def _lines(
    db: AsyncSession, member: Member, of: int, now: datetime, person: uuid.UUID | None
) -> Sequence[EventLine]:
    return [line(row, now) for row in await events.listed(db, member, events.Wanted(of, person=person), now)]


async def _overdue(
    db: AsyncSession, member: Member, of: int, now: datetime, hubs_own: Sequence[Standing]
) -> Sequence[Standing]:
    """What the viewer could mark as held: the hub's, or their own."""
    reaches = member.reaches(Can.EDIT_EVENTS)
    if Reach.HUB in reaches:
        return hubs_own
    return await home.standings(db, member.hub_id, of, now, member.person_id) if reaches else ()


def _figures(gaps: Gaps, standings: Sequence[Standing]) -> tuple[Figure, ...]:
    held = tuple(Figure(f"{WORDS[one.kind][1].capitalize()} held", f"{one.held} of {one.count}") for one in standings)
    order = sorted(held, key=lambda figure: figure.counts != "Meetings held")
    return (Figure("Schools", f"{gaps.schools:,}"), Figure("Work Groups", f"{gaps.groups:,}"), *order)
