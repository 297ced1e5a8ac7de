"""Checking in by a code: the leader's screen, and the page of whoever holds a code."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.meetings import check_in as rules
from app.domain.meetings.attendance import CAME, newest
from app.kit.errors import ConflictError, Fault, ForbiddenError, NotFoundError
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.pages._parts import Choice
from app.pages.meetings.attendance import KINDS, may_take
from app.pages.meetings.attendance_device import heading, stand_in
from app.store.meetings import attendance, check_in, rolls
from app.store.meetings.rolls import Roll


@dataclass(frozen=True, slots=True)
class Screen:
    """What changes on the leader's screen: the typed code, how long it stands (seconds), who is here."""

    code: str
    seconds: int
    count: str
    names: tuple[str, ...]
    picture: str


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """The leader's screen. While `closed`, it says why, or offers to open."""

    template: ClassVar[str] = "meetings/check_in.html"
    event: str
    kind_word: str
    heading: str
    day: str
    hours: str
    is_open: bool
    can_open: bool
    closed: str
    site: str
    screen: Screen


@dataclass(frozen=True, slots=True)
class HerePage:
    """For whoever is in the room: a form for the code, or with a right one who is here."""

    template: ClassVar[str] = "meetings/here.html"
    fault: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class HereNowPage:
    """Behind a right code: who is asked, to say who one is. `me` is the name of whoever is signed in."""

    template: ClassVar[str] = "meetings/here_now.html"
    action: str
    heading: str
    day: str
    hours: str
    me: str
    leads: bool
    guests: tuple[Choice, ...]
    faults: tuple[Fault, ...] = ()
    name: str = ""
    school: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class HereDonePage:
    """It is recorded."""

    template: ClassVar[str] = "meetings/here_done.html"
    name: str
    heading: str
    again: str


async def load(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, of: tuple[bytes, str], now: datetime
) -> CheckInPage:
    """The leader's screen; `of` is (the server's key, its address). Raises NotFoundError or ForbiddenError."""
    secret, address = of
    roll = await _led(db, viewer, member, event_id)
    known = await check_in.of_event(db, event_id)
    is_time = rules.can_open(roll, now) and roll.status in rolls.STANDS
    is_open = known is not None and known.closed_at is None and is_time
    here = f"/hubs/{member.hub_code}/events/{roll.id}"
    return CheckInPage(
        event=here,
        kind_word=KINDS[roll.kind],
        heading=heading(roll),
        day=spoken_date(roll.day),
        hours=spoken_hours(roll.starts_at, roll.ends_at),
        is_open=is_open,
        can_open=is_time and not is_open,
        closed="" if is_time else _closed(roll, now),
        site=address.partition("://")[2] + "/here",
        screen=await _screen(db, roll, secret, now, desk=known.desk if known and is_open else ""),
    )


async def load_screen(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, secret: bytes, now: datetime
) -> Screen:
    """What changes on the screen; an empty code says that checking in is closed. NotFoundError, ForbiddenError."""
    roll = await _led(db, viewer, member, event_id)
    known = await check_in.of_event(db, event_id)
    is_open = known is not None and known.closed_at is None and rules.can_open(roll, now)
    return await _screen(db, roll, secret, now, desk=known.desk if known and is_open else "")


async def load_token(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, secret: bytes, now: datetime
) -> str:
    """What the QR code of this half-minute leads to, under /here. Raises NotFoundError or ConflictError."""
    roll = await _led(db, viewer, member, event_id)
    known = await check_in.of_event(db, event_id)
    if known is None or known.closed_at is not None or not rules.can_open(roll, now):
        raise ConflictError("Checking in is not open for this now.")
    return rules.token(secret, roll.hub_id, roll.id, rules.step_of(now))


async def _led(db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID) -> Roll:
    roll = await rolls.one(db, member, event_id)
    if roll is None:
        raise NotFoundError
    if not may_take(viewer, roll):
        raise ForbiddenError("Only whoever leads this, and the office, can open checking in for it.")
    return roll


def _closed(roll: Roll, now: datetime) -> str:
    if roll.status not in rolls.STANDS:
        return "This is not a fixed date, so nobody can check in."
    if now < roll.starts_at:
        return f"You can open this from an hour before it begins on {spoken(roll.starts_at)}."
    return "This has been over for more than an hour. Say who came on its page."


async def _screen(db: AsyncSession, roll: Roll, secret: bytes, now: datetime, *, desk: str) -> Screen:
    guests = (await rolls.guests(db, [roll.id]))[roll.id]
    ops = (await attendance.said_of(db, [roll.id]))[roll.id]
    here = [op for op in newest(ops).values() if op.state in CAME and op.guest_id != roll.lead_id]
    names = await rolls.names(db, {op.person_id for op in here})
    asked = {guest.id: guest.name for guest in guests}
    came = sum(op.guest_id in asked for op in here)
    told = [stand_in(op, names) or asked.get(op.guest_id) or op.name or names.get(op.guest_id, "") for op in here]
    step = rules.step_of(now)
    return Screen(
        code=f"{desk} {rules.digits(secret, roll.id, step)}" if desk else "",
        seconds=rules.seconds_left(now),
        count=f"{came} of {len(asked)} are here" + (f", and {len(here) - came} more" if len(here) > came else ""),
        names=tuple(sorted(filter(None, told), key=str.lower)),
        picture=f"/hubs/{roll.hub}/events/{roll.id}/check-in/code.svg?at={step}" if desk else "",
    )


async def here_now(db: AsyncSession, roll: Roll, viewer: Viewer, action: str) -> HereNowPage:
    """The page behind a right code: one statement."""
    guests = (await rolls.guests(db, [roll.id]))[roll.id]
    member = viewer.member(roll.hub_id)
    return HereNowPage(
        action=action,
        heading=heading(roll),
        day=spoken_date(roll.day),
        hours=spoken_hours(roll.starts_at, roll.ends_at),
        me=member.name if member else "",
        leads=member is not None and member.person_id == roll.lead_id,
        guests=tuple(Choice(str(one.id), one.name, one.school) for one in guests),
    )


def asked_again(page: HereNowPage, faults: tuple[Fault, ...], typed: tuple[str, str, str]) -> HereNowPage:
    """The same page with what was typed: name, school, in whose place."""
    name, school, instead_of = typed
    return replace(page, faults=faults, name=name, school=school, instead_of=instead_of)


def here_done(roll: Roll, name: str, again: str) -> HereDonePage:
    """What is said once it is recorded."""
    return HereDonePage(name=name, heading=heading(roll), again=again)
