"""Mailing invitations for calendars, and keeping those who were invited in step with what feeds show."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.meetings.answering import may_edit
from app.domain.feeds import Facts, FeedEvent, feed_event
from app.domain.feeds.inviting import Mailed, Method, Now, owed, words
from app.domain.mail.kinds import Kind
from app.kit.errors import ConflictError
from app.models.hubs import Hub
from app.models.meetings import Event
from app.render.feeds import Asked, request, withdrawal
from app.store.feeds import invited
from app.store.feeds.facts import event_facts
from app.store.feeds.invited import Guest
from app.store.mail.posting import Written, post


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where links lead, and where answers by mail go."""

    address: str
    replies_to: str


@dataclass(frozen=True, slots=True)
class _Event:
    """An event as a mail tells of it."""

    id: uuid.UUID
    facts: Facts
    shown: FeedEvent
    hub: str
    mailbox: Mailbox


async def keep_in_step(
    db: AsyncSession, hub_id: uuid.UUID, event_ids: Collection[uuid.UUID], mailbox: Mailbox, now: datetime
) -> int:
    """Mail what is owed to whoever was invited to these events, and to everybody where the hub invites by itself.

    Safe to do twice: what was mailed of one SEQUENCE is not mailed again. The hub must be open. How many mails left.
    """
    everyone = bool(event_ids) and await invited.invites_by_itself(db, hub_id)
    return sum([await _send(db, hub_id, one, mailbox, now, everyone=everyone) for one in sorted(set(event_ids))])


async def invite(actor: Actor, event_ids: Sequence[uuid.UUID], mailbox: Mailbox) -> int:
    """Ask everybody with a place at these events who is not asked yet; how many mails left.

    Raises NotFoundError, ForbiddenError, or ConflictError for a date that is not fixed or is over.
    """
    sent = 0
    for event_id in sorted(event_ids):
        event = await may_edit(actor, event_id)
        _refuse_unless_fixed(event, actor.now)
        sent += await _send(actor.db, actor.member.hub_id, event_id, mailbox, actor.now, everyone=True)
    if sent:
        dates = "1 date" if len(event_ids) == 1 else f"{len(event_ids)} dates"
        facts = {"event": str(event_ids[0])} if len(event_ids) == 1 else {"events": [str(one) for one in event_ids]}
        await actor.record("Invited", f"to {dates}, by {sent} {'mail' if sent == 1 else 'mails'}", **facts)
    return sent


def _refuse_unless_fixed(event: Event, now: datetime) -> None:
    if event.status != "confirmed":
        raise ConflictError("Invitations are sent for dates that are fixed. This one is not, or not any more.")
    if event.ends_at <= now:
        raise ConflictError("This date is over, so nobody can be asked to it.")


async def _send(
    db: AsyncSession, hub_id: uuid.UUID, event_id: uuid.UUID, mailbox: Mailbox, now: datetime, *, everyone: bool
) -> int:
    facts = (await event_facts(db, [event_id])).get(event_id)
    if facts is None or (everyone and facts.ends <= now):
        return 0
    hub = await db.get_one(Hub, hub_id)
    event = _Event(event_id, facts, feed_event(facts, mailbox.address), hub.name, mailbox)
    guests = await invited.hold(db, event_id, everyone and facts.status == "confirmed")
    letters = [letter for guest in guests for letter in _letters(event, guest, now)]
    await db.flush()
    await post(db, hub_id, letters, now)
    return len(letters)


def _letters(event: _Event, guest: Guest, now: datetime) -> list[Written]:
    row = guest.row
    mailed = Mailed(row.mailed_to, row.mailed_sequence, row.cancelled_at is not None)
    stands = Now(event.facts.sequence, event.facts.status, event.facts.ends, guest.has_place, guest.email)
    return [_letter(event, guest, (method, to), (mailed, stands), now) for method, to in owed(mailed, stands, now)]


def _letter(
    event: _Event, guest: Guest, sends: tuple[Method, str], stands: tuple[Mailed, Now], now: datetime
) -> Written:
    method, to = sends
    row, mailbox = guest.row, event.mailbox
    asked = Asked(event.hub, mailbox.replies_to, guest.name, to, row.answer)
    said = words(event.shown, method, *stands, row.answer, row.earlier)
    if method is Method.CANCEL:
        part, kind = withdrawal(event.shown, asked, now), Kind.CANCELLATION
        invited.withdrawn(row, event.facts.sequence, now)
    else:
        part, kind = request(event.shown, asked, now), Kind.CHANGE if stands[0].to else Kind.INVITATION
        invited.mailed_to(row, to, event.facts.sequence, now)
    return Written(
        kind=kind,
        to=to,
        subject=said.subject,
        text=said.text,
        person_id=row.person_id,
        links={"answer": ("answer", row.id)} if method is Method.REQUEST else {},
        event_id=event.id,
        calendar=part.decode(),
        method=method.value,
    )
