"""Somebody's own dates that are held: by a personal link, on a page, or as the office writes their answers down."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.answering import HOW, WORDS, closed
from app.domain.schedule.holding import HALVES
from app.domain.schedule.worst import event_name
from app.kit.errors import Fault, NotFoundError
from app.kit.links import read_link
from app.kit.periods import spoken, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages.schedule.known import events_of
from app.store.database import see_hubs
from app.store.schedule import answering, proposals
from app.store.schedule.answering import Ask, Said
from app.store.schedule.proposals import ProposalRow

NONE = "No date is held for you at the moment. When one is, you are asked here and by mail."


@dataclass(frozen=True, slots=True)
class HeldDate:
    """One date with what was said of it; `fault` and `because_fault` say what to change."""

    event: uuid.UUID
    when: str
    what: str
    where: str
    answer: str
    because: str
    stands: str
    fault: str = ""
    because_fault: str = ""


@dataclass(frozen=True, slots=True)
class HeldDatesPage:
    """The dates that are held for one person. `closed` says why nothing can be answered; `whose`: somebody else's."""

    template: ClassVar[str] = "schedule/dates.html"
    heading: str
    name: str
    whose: str
    answer_by: str
    settled: str
    closed: str
    action: str
    back: str
    version: int
    waiting: int
    dates: tuple[HeldDate, ...]
    faults: tuple[Fault, ...] = ()


async def open_link(db: AsyncSession, secret: bytes, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The hub and the ask that a link names; the wall opens for that hub only once its signature was right.

    Raises NotFoundError.
    """
    found = read_link(secret, "dates", token)
    if found is None:
        raise NotFoundError
    await see_hubs(db, found[0])
    return found


async def link_page(db: AsyncSession, hub_id: uuid.UUID, ask_id: uuid.UUID) -> HeldDatesPage:
    """What a personal link shows; the hub must be open. Raises NotFoundError for one that names nothing."""
    ask = await answering.ask(db, ask_id)
    row = await proposals.whole(db, hub_id, ask.proposal_id) if ask else None
    if ask is None or row is None:
        raise NotFoundError
    return _page(row, ask, await answering.said(db, [ask.id]))


async def own_page(db: AsyncSession, member: Member) -> HeldDatesPage:
    """The viewer's own dates that are held in this hub; a page that says so where there are none."""
    ask = await answering.newest_of(db, member.person_id)
    row = await proposals.whole(db, member.hub_id, ask.proposal_id) if ask else None
    action = f"/hubs/{member.hub_code}/dates"
    if ask is None or row is None:
        return HeldDatesPage("Can you come?", member.name, "", "", "", NONE, action, "", 0, 0, ())
    return _page(row, ask, await answering.said(db, [ask.id]), action=action)


async def own_ask(db: AsyncSession, member: Member) -> uuid.UUID:
    """What the viewer was last asked about. Raises NotFoundError where they were not."""
    ask = await answering.newest_of(db, member.person_id)
    if ask is None:
        raise NotFoundError
    return ask.id


async def office_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID, ask_id: uuid.UUID) -> HeldDatesPage:
    """Another's dates, to write down what they told the office. Raises NotFoundError."""
    ask = await answering.ask(db, ask_id)
    row = await proposals.whole(db, member.hub_id, proposal_id)
    if ask is None or row is None or ask.proposal_id != row.id:
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/proposals/{row.id}/answers"
    return _page(row, ask, await answering.said(db, [ask.id]), action=f"{here}/{ask.id}", back=here)


def _page(row: ProposalRow, ask: Ask, said: Sequence[Said], *, action: str = "", back: str = "") -> HeldDatesPage:
    names = {event.key: event for event in events_of(row)}
    dates = tuple(
        _date(
            one,
            event_name(one.key, row.problem, row.names),
            row.names.get(f"s{names[one.key].place.urn}", "") if one.key in names else "",
        )
        for one in said
    )
    return HeldDatesPage(
        heading=f"Can {ask.name if back else 'you'} come? Dates for {spoken_year(row.year)}",
        name=ask.name,
        whose=ask.name if back else "",
        answer_by=spoken_date(row.answer_by) if row.answer_by else "",
        settled=spoken(row.accepted_at) if row.accepted_at else "",
        closed=closed(row.status),
        action=action,
        back=back,
        version=ask.version,
        waiting=sum(not one.answer for one in said),
        dates=dates,
    )


def _date(one: Said, what: str, where: str) -> HeldDate:
    return HeldDate(
        event=one.event_id,
        when=in_words(one.day, one.slot),
        what=what,
        where=where,
        answer=one.answer,
        because=one.because,
        stands=stands(one),
    )


def in_words(day: date, slot: str) -> str:
    """Thursday 24 September 2026, morning."""
    return f"{spoken_date(day)}, {HALVES[slot]}"


def stands(one: Said) -> str:
    """What somebody said of a date and how, in a sentence; empty where nothing yet."""
    if not one.answer or one.answered_at is None:
        return ""
    return f"{WORDS[one.answer]}, {HOW.get(one.how, one.how)} on {spoken(one.answered_at)}"


def again(page: HeldDatesPage, typed: Typed, faults: Sequence[Fault]) -> HeldDatesPage:
    """The page with what was typed, and beside each field what to change."""
    said: Mapping[str, str] = {fault.path: fault.because for fault in reversed(faults)}
    dates = tuple(
        replace(
            one,
            answer=typed.text(f"answer-{one.event}") or one.answer,
            because=typed.text(f"because-{one.event}"),
            fault=said.get(f"answer-{one.event}", ""),
            because_fault=said.get(f"because-{one.event}", ""),
        )
        for one in page.dates
    )
    return replace(page, dates=dates, faults=tuple(faults))
