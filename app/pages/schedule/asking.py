"""The questions before a plan is accepted or set aside, and what became of it in words."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.periods import spoken_year
from app.pages._parts import Confirm
from app.pages.schedule.known import events_of, known
from app.store.schedule import answering
from app.store.schedule.proposals import ProposalRow


@dataclass(frozen=True, slots=True)
class ProposalConfirmPage:
    """Asks before a plan is accepted or set aside."""

    template: ClassVar[str] = "schedule/confirm.html"
    confirm: Confirm


async def accept_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalConfirmPage:
    """What accepting will do, and to whom."""
    row = await known(db, member, proposal_id)
    events = events_of(row)
    people = {person for event in events for person in (*event.people, event.lead, event.teacher) if person}
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    happens = (
        f"{len(events):,} dates become certain in the calendars of {len(people):,} people.",
        "Dates to come that are in the calendar and not in this plan are cancelled.",
        "What was held, or is over, stays as it is.",
        *await _said(db, row),
    )
    return ProposalConfirmPage(
        Confirm(
            question=f"Accept this plan for {spoken_year(row.year)}?",
            happens=happens,
            action=f"{address}/accept",
            submit="Accept the plan",
            back=address,
            harm=False,
        )
    )


async def _said(db: AsyncSession, row: ProposalRow) -> list[str]:
    """What is known of those who were asked about the plan's dates."""
    if row.sent_at is None:
        return []
    _, said = await answering.of_plan(db, row.id)
    cannot = sum(one.answer == "cannot" for one in said)
    silent = len({one.ask_id for one in said if not one.answer})
    told = []
    if cannot:
        times = "1 time somebody has" if cannot == 1 else f"{cannot:,} times somebody has"
        told.append(f"{times} said that they cannot come. They miss these dates.")
    if silent:
        people = "1 person has" if silent == 1 else f"{silent:,} people have"
        told.append(f"{people} not said yet whether they can come. Their personal links stop working.")
    return told


async def drop_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalConfirmPage:
    """What setting a plan aside will do."""
    row = await known(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    told = ("Everybody who was asked about them is told by a message.",) if row.sent_at else ()
    happens = (
        "Its proposed dates are struck out in everybody's calendar. Dates that are certain stay.",
        *told,
        "You can propose a new plan at any time.",
    )
    return ProposalConfirmPage(
        Confirm(
            question="Set this plan aside?",
            happens=happens,
            action=f"{address}/set-aside",
            submit="Set it aside",
            back=address,
        )
    )


def done_in_words(done: Mapping[str, int]) -> str:
    """What accepting did: "330 dates as proposed, 2 moved"."""
    words = {"kept": "as proposed", "created": "new", "moved": "moved", "cancelled": "cancelled"}
    said = [f"{done[name]:,} {words[name]}" for name in words if done.get(name)]
    if not said:
        return "nothing had to change"
    first, _, rest = said[0].partition(" ")
    return ", ".join([f"{first} {'date' if first == '1' else 'dates'} {rest}", *said[1:]])
