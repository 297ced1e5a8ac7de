"""Everything that was said of who came to an event: who said it, when, and how."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.attendance import HOW, Said, newest
from app.kit.periods import spoken_date
from app.pages.meetings.attendance import KINDS, Known, in_words, known
from app.pages.meetings.attendance_device import heading


@dataclass(frozen=True, slots=True)
class Line:
    """One saying; `stands` when nothing newer was said of this guest, `said` is the clock of whoever said it."""

    at: datetime
    said: datetime
    guest: str
    says: str
    because: str
    who: str
    how: str
    correction: str
    stands: bool


@dataclass(frozen=True, slots=True)
class AttendanceHistoryPage:
    """What was said, the latest first."""

    template: ClassVar[str] = "meetings/attendance_history.html"
    event: str
    kind_word: str
    heading: str
    day: str
    lines: tuple[Line, ...]


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID) -> AttendanceHistoryPage:
    """What was said of those whom the member may see: five statements. Raises NotFoundError."""
    told = await known(db, member, event_id)
    stands = {op.op_id for op in newest(told.ops).values()}
    guests = {guest.id: guest.name for guest in told.guests}
    return AttendanceHistoryPage(
        event=f"/hubs/{member.hub_code}/events/{event_id}",
        kind_word=KINDS[told.roll.kind],
        heading=heading(told.roll),
        day=spoken_date(told.roll.day),
        lines=tuple(_line(op, told, guests, member, stands) for op in reversed(told.ops)),
    )


def _line(op: Said, told: Known, guests: dict[uuid.UUID, str], member: Member, stands: set[uuid.UUID]) -> Line:
    reasons = told.whole or op.guest_id == member.person_id
    named = told.names.get(op.person_id, "") if op.person_id else ""
    teller = told.names.get(op.by_id, "") if op.by_id else ""
    return Line(
        at=op.at,
        said=op.said_at,
        guest=guests.get(op.guest_id) or op.name or named or "A visitor",
        says=in_words(op, told.names) if op.state else "What was said is taken back",
        because=op.because if reasons else "",
        who=teller or ("Somebody at the event" if op.how == "code" else "Halfterm"),
        how=HOW.get(op.how, op.how),
        correction=op.correction,
        stands=op.op_id in stands,
    )
