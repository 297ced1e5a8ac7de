"""Putting messages on their way, in the transaction of their cause."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.mail.choices import Choice, Fate, Piece, State, fate
from app.domain.mail.kinds import Kind
from app.domain.mail.quiet import Quiet
from app.models.hubs import Hub
from app.models.mail import MailChoice, Message
from app.models.meetings import Event
from app.store import jobs, trail

NO_ADDRESS = "There is no e-mail address to write to."


@dataclass(frozen=True, slots=True)
class Written:
    """A message before it is posted: plain paragraphs, parted by empty lines.

    A word in braces, such as {answer}, stands for an address that is made as the message leaves, by `links`:
    {"answer": ("answer", invitation_id)} is a personal link, {"see": ("page", "/hubs/X/events/Y")} a page.
    """

    kind: Kind
    to: str
    subject: str
    text: str
    person_id: uuid.UUID | None = None
    links: Mapping[str, tuple[str, object]] = field(default_factory=dict)
    event_id: uuid.UUID | None = None
    calendar: str = ""  # an iMIP part, and its METHOD
    method: str = ""
    batch_id: uuid.UUID | None = None  # one message to many
    made_by: uuid.UUID | None = None  # empty: Halfterm itself
    at_once: bool = False  # neither quiet hours nor one message a day holds it up
    later: timedelta = timedelta()  # how long it can still be taken back, at least


async def post(db: AsyncSession, hub_id: uuid.UUID, letters: Sequence[Written], now: datetime) -> list[uuid.UUID]:
    """Write messages and put them on their way as their kind, their reader and the hub's quiet hours ask.

    In the caller's transaction, which must see the hub; each is noted in the trail. The ids, in order.
    """
    if not letters:
        return []
    hub = await db.get_one(Hub, hub_id)
    quiet = Quiet(hub.quiet_from, hub.quiet_until)
    wants = await choices_of(db, {one.person_id for one in letters if one.person_id})
    starts = await _starts(db, {one.event_id for one in letters if one.event_id})
    rows = [
        _row(
            hub_id,
            one,
            _fate(one, wants.get(one.person_id, Choice()), quiet, (now, starts.get(one.event_id))),
            now + timedelta(microseconds=place),  # those written at once keep their order
        )
        for place, one in enumerate(letters)
    ]
    db.add_all(rows)
    await db.flush()
    for row in rows:
        await _note(db, row)
        await leave(db, row, now)
    return [row.id for row in rows]


async def leave(db: AsyncSession, row: Message, now: datetime) -> None:
    """The job that sends a message that waits, not before it is due."""
    if row.state == State.WAITING:
        seconds = max(0, round((row.due_at - now).total_seconds()))
        await jobs.defer(db, "send_message", seconds=seconds, hub_id=str(row.hub_id), message_id=str(row.id))


async def choices_of(db: AsyncSession, people: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, Choice]:
    """What these people want by mail; whoever never said is left out."""
    found = await db.execute(
        select(MailChoice).where(col(MailChoice.person_id).in_(list(people))).execution_options(populate_existing=True)
    )
    return {row.person_id: Choice(row.digest, frozenset(row.stopped)) for row in found.scalars()}


def _fate(one: Written, choice: Choice, quiet: Quiet, moments: tuple[datetime, datetime | None]) -> Fate:
    now, starts = moments
    if not one.to:
        return Fate(State.STOPPED, now, NO_ADDRESS)
    return fate(Piece(one.kind, starts, one.at_once, bool(one.calendar)), choice, quiet, now + one.later)


def _row(hub_id: uuid.UUID, one: Written, what: Fate, now: datetime) -> Message:
    return Message(
        hub_id=hub_id,
        person_id=one.person_id,
        to=one.to,
        kind=one.kind.value,
        subject=one.subject,
        text=one.text,
        links={word: {"kind": kind, "id": str(key)} for word, (kind, key) in one.links.items()},
        calendar=one.calendar,
        method=one.method,
        event_id=one.event_id,
        batch_id=one.batch_id,
        made_at=now,
        made_by=one.made_by,
        due_at=what.due_at,
        state=what.state.value,
        because=what.because,
    )


async def _note(db: AsyncSession, row: Message) -> None:
    did = "Held back" if row.state == State.STOPPED else "Mailed"
    facts: dict[str, Any] = {"message": str(row.id)} | ({"person": str(row.person_id)} if row.person_id else {})
    await trail.record(db, trail.Deed(row.hub_id, row.made_at, did, row.subject, facts=facts))


async def _starts(db: AsyncSession, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID | None, datetime]:
    found = await db.execute(select(col(Event.id), col(Event.starts_at)).where(col(Event.id).in_(list(ids))))
    return {row[0]: row[1] for row in found}
