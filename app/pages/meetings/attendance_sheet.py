"""The sign-in sheet of an event, to print."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.meetings import check_in as rules
from app.kit.errors import ForbiddenError
from app.kit.periods import spoken_date, spoken_hours
from app.pages.meetings.attendance import KINDS, known, may_take
from app.pages.meetings.attendance_device import heading
from app.render.meetings.sheet import Sheet, SheetGuest, sheet_pdf
from app.store.meetings import check_in
from app.store.meetings.rolls import Guest, Roll

BLANK_LINES = 6


async def load(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, address: str, now: datetime
) -> bytes:
    """The sheet as PDF; `address` is the server's. Raises NotFoundError or ForbiddenError."""
    told = await known(db, member, event_id)
    if not may_take(viewer, told.roll):
        raise ForbiddenError("Only whoever leads this, and the office, can print its sign-in sheet.")
    desk = await check_in.of_event(db, event_id)
    is_open = desk is not None and desk.closed_at is None and rules.can_open(told.roll, now)
    return sheet_pdf(_sheet(told.roll, told.guests, member.hub_name, f"{address}/here" if is_open else ""), now)


def _sheet(roll: Roll, guests: Sequence[Guest], hub: str, here: str) -> Sheet:
    return Sheet(
        hub=hub,
        kind=KINDS[roll.kind],
        heading=heading(roll),
        day=spoken_date(roll.day),
        hours=spoken_hours(roll.starts_at, roll.ends_at),
        where="Online" if roll.online else roll.school,
        lead=roll.lead,
        guests=[SheetGuest(one.name, one.school, _note(one)) for one in guests],
        blank_lines=BLANK_LINES,
        here=here,
    )


def _note(one: Guest) -> str:
    if one.stand_in:
        return f"{one.stand_in} comes in their place"
    return "answered no" if one.answer == "no" else ""
