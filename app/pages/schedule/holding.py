"""The question before a plan's dates are held: who is asked, about what, and until when."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.changes import Place, Planned
from app.domain.schedule.holding import usual_deadline, who_is_asked
from app.kit.errors import ConflictError, Fault
from app.kit.periods import in_london, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Field, Form, refilled
from app.pages.schedule.known import events_of, known
from app.store.schedule.ahead import certain
from app.store.schedule.proposals import ProposalRow

HELD = "The dates of this plan are held already. Look at who has answered."
NOT_READY = "This plan is not ready, so its dates cannot be held. Look at the plan first."
WORDS = "In the message, above the dates. You need not write anything."


@dataclass(frozen=True, slots=True)
class HoldPage:
    """Asks before dates are held: what happens, and the form; `form` is None where there is nobody to ask."""

    template: ClassVar[str] = "schedule/hold.html"
    heading: str
    address: str
    happens: tuple[str, ...]
    form: Form | None


async def hold_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID, now: datetime) -> HoldPage:
    """Who would be asked: two statements. Raises NotFoundError, and ConflictError for a plan that cannot be held."""
    row = await known(db, member, proposal_id)
    if row.status != "ready":
        raise ConflictError(NOT_READY)
    if row.sent_at is not None:
        raise ConflictError(HELD)
    today = in_london(now).date()
    asked = who_is_asked(events_of(row), row.problem, await _certain(db, member, row), today)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    return HoldPage(
        heading=f"Hold these dates for {spoken_year(row.year)}?",
        address=address,
        happens=_happens(row, asked),
        form=_form(row, asked, address, today) if asked else None,
    )


async def _certain(db: AsyncSession, member: Member, row: ProposalRow) -> dict[str, Place]:
    there = await certain(db, member.hub_id, row.year)
    return {one.key: Place(one.day, one.slot, one.urn) for one in there.values()}


def _happens(row: ProposalRow, asked: dict[str, list[Planned]]) -> tuple[str, ...]:
    if not asked:
        return ("Every date of this plan is certain already or over, so there is nobody to ask. Accept the plan.",)
    dates = len({event.key for events in asked.values() for event in events})
    people = "1 person gets" if len(asked) == 1 else f"{len(asked):,} people get"
    others = ("The plans that were made with it are set aside.",) if row.set_id else ()
    shown = "1 date is" if dates == 1 else f"{dates:,} dates are"
    moved = ("Dates that are certain now stay in calendars as they are until then.",) if row.problem["plan"] else ()
    return (
        f"{shown} held. They show as proposed in calendars, and none is certain until you accept the plan.",
        *moved,
        f"{people} one message with a personal link, and say of each date: I can, or I cannot, because.",
        "Whoever has not answered two days before the last day is reminded once.",
        "Whoever does not work then, or is away, is not asked about that date.",
        *others,
        "When somebody cannot, you plan again with as few moved dates as possible.",
    )


def _form(row: ProposalRow, asked: dict[str, list[Planned]], address: str, today: date) -> Form:
    first = min(event.place.day for events in asked.values() for event in events)
    deadline = usual_deadline(today, first, row.problem["closures"])
    hint = f"The first of these dates is {spoken_date(first)}."
    return Form(
        action=f"{address}/hold",
        submit="Hold the dates and ask everybody",
        fields=(
            Field(name="answer_by", label="Answer by", kind="date", value=str(deadline), hint=hint, width="10"),
            Field(name="words", label="A few words of your own", kind="textarea", hint=WORDS),
        ),
    )


def again(page: HoldPage, typed: Typed, faults: Sequence[Fault]) -> HoldPage:
    """The page with what was typed, and beside each field what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page
