"""Taking mail in: answers change what somebody said, reports mark an address, and what is left waits for a person.

Source: docs/rules/invitations.md. A message is given back to where it came from until the database has it.
"""

import asyncio
import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.meetings.answering import Said, answer
from app.domain.feeds.replies import ANSWERS, Guest, Reply, UnreadableError, comment_of, read_reply
from app.domain.mail.incoming import Arrived, read
from app.domain.meetings.answers import NOBODY, StandIn
from app.kit.errors import BadInputError, HalftermError
from app.models.meetings import Event, Invitation
from app.settings import Settings
from app.store.database import Database, see_hubs
from app.store.feeds import arrived as rows
from app.store.feeds.arrived import Place, Strange
from app.store.mail.inbox import IMAP_ERROR, MOST, Folder, Given, Mailbox, Source, put_aside
from app.store.mail.outbox import bounced
from app.store.meetings import answers

Outcome = Literal["answered", "older", "filed", "known", "bounced", "automatic", "unsorted", "failed"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where messages go: the database, and for those of no hub the data folder."""

    database: Database
    data_dir: Path


async def take_all(inbox: Inbox, source: Source, now: datetime) -> Counter[Outcome]:
    """Take every message that waits there; how many became what. One that fails stays where it is, and is told."""
    done: Counter[Outcome] = Counter()
    messages = iter(await asyncio.to_thread(source.waiting))
    while (found := await asyncio.to_thread(next, messages, None)) is not None:
        key, raw = found
        try:
            outcome = await take(inbox, raw, now)
        except Exception as error:
            log.exception("mail could not be taken and stays where it is", key=key, error=type(error).__name__)
            done["failed"] += 1
            continue
        await asyncio.to_thread(source.took, key)
        done[outcome] += 1
    return done


async def take_waiting(inbox: Inbox, settings: Settings, now: datetime) -> Counter[Outcome]:
    """Take what waits in the mailbox that is set, or else in the data folder's inbox. Raises BadInputError."""
    if not settings.imap_url:
        return await take_all(inbox, Folder(inbox.data_dir / "inbox"), now)
    try:
        source = await asyncio.to_thread(Mailbox, settings.imap_url)
    except (OSError, IMAP_ERROR) as problem:
        raise BadInputError(f"The mailbox of HALFTERM_IMAP_URL does not let us in: {problem}.") from problem
    try:
        return await take_all(inbox, source, now)
    except (OSError, IMAP_ERROR) as problem:
        raise BadInputError(f"The mailbox broke off; what was not marked is read again: {problem}.") from problem
    finally:
        await asyncio.to_thread(source.close)


async def take_given(inbox: Inbox, messages: Sequence[tuple[str, bytes]], now: datetime) -> Counter[Outcome]:
    """Take these messages, each under a name; they stay where they are."""
    return await take_all(inbox, Given(tuple(messages)), now)


async def take(inbox: Inbox, raw: bytes, now: datetime) -> Outcome:
    """Take one message in, in one transaction; twice is as good as once."""
    came = await asyncio.to_thread(read, raw[:MOST])
    hubs = await inbox.database.every_hub()
    async with inbox.database.transaction(*hubs) as db:
        outcome = await _taken(db, hubs, (came, raw), now)
    if outcome == "unsorted":
        await asyncio.to_thread(put_aside, inbox.data_dir, raw)
    return outcome


async def _taken(db: AsyncSession, hubs: list[uuid.UUID], whole: tuple[Arrived, bytes], now: datetime) -> Outcome:
    came, raw = whole
    if came.is_report and came.bounces:
        return await _reported(db, hubs, whole, now)
    reply, because = _read_reply(came)
    event = await rows.of_uid(db, reply.uid) if reply else None
    place = await rows.of_messages(db, came.answers)
    if reply and event is None:
        because = "It answers an event that is not here."
    if reply is None and not because and came.is_automatic:
        return "automatic"
    hub_id = event.hub_id if event else place.hub_id if place else hubs[0] if len(hubs) == 1 else None
    if hub_id is None:
        return "unsorted"
    await see_hubs(db, hub_id)
    digest = hashlib.sha256(raw).digest()
    if await rows.is_filed(db, hub_id, digest):
        return "known"
    found = Place(hub_id, event.id if event else place.event_id if place else None, place.person_id if place else None)
    if reply and event:
        outcome, because, found = await _applied(db, (reply, event), (came, place), now)
        if outcome:
            return outcome
    words = because or "It holds no answer that a program could read."
    await rows.file(db, found, Strange(digest, raw, came.sender, came.subject, came.text, words), now)
    return "filed"


def _read_reply(came: Arrived) -> tuple[Reply | None, str]:
    """The reply in it, or why its calendar part is none; (None, "") where there is no calendar part."""
    because = ""
    for part in came.calendars:
        try:
            if reply := read_reply(part.text, part.method):
                reply.guest(came.sender)
                return reply, ""
        except UnreadableError as problem:
            because = str(problem)
    return None, because


async def _applied(
    db: AsyncSession, answers_what: tuple[Reply, Event], came_from: tuple[Arrived, Place | None], now: datetime
) -> tuple[Outcome | None, str, Place]:
    """What became of a reply to an event of ours: done with it, or why a person must look, and what was found out."""
    reply, event = answers_what
    came, place = came_from
    guest = reply.guest(came.sender)
    person = await rows.person_of(db, event, [one for one in (guest.email, came.sender) if one])
    if person is None and place and place.event_id == event.id:
        person = place.person_id
    found = Place(event.hub_id, event.id, person)
    if person is None:
        return None, "Nobody with this address is asked to the event.", found
    row = await answers.row(db, (event.id, person))
    if row is None:
        return None, "Whoever answers has no place at this date any more.", found
    if reply.sequence < row.asked_sequence:
        return None, "It answers an earlier date: the event has moved since.", found
    stamp = reply.stamp or came.written_at or now
    if _is_older(row, stamp):
        return "older", "", found
    if guest.partstat not in ANSWERS:
        whom = guest.delegated_to or "somebody"
        return None, f"They name {whom} to come in their place.", found
    kept = NOBODY if ANSWERS[guest.partstat] == "yes" else _stand_in(row)
    said = _said(event, person, (reply, guest), kept)
    try:
        await answer(db, said, now)
    except HalftermError as refused:
        return None, refused.because, found
    row.replied_at = stamp
    await db.flush()
    return "answered", "", found


def _is_older(row: Invitation, stamp: datetime) -> bool:
    """Whether something newer counts: another mail, by when it was written, or an answer here, by when it came."""
    if row.replied_at and stamp <= row.replied_at:
        return True
    return bool(row.how != "mail" and row.answered_at and stamp < row.answered_at.replace(microsecond=0))


def _stand_in(row: Invitation) -> StandIn:
    return StandIn(row.stand_in_id, row.stand_in_name, row.stand_in_email)


def _said(event: Event, person: uuid.UUID, whole: tuple[Reply, Guest], stand_in: StandIn) -> Said:
    reply, guest = whole
    because = comment_of(reply, guest)
    return Said(event.hub_id, (event.id, person), ANSWERS[guest.partstat], because, stand_in, how="mail")


async def _reported(db: AsyncSession, hubs: list[uuid.UUID], whole: tuple[Arrived, bytes], now: datetime) -> Outcome:
    """A delivery report: what could not be delivered for good is marked; of a delay nothing need be known."""
    came, raw = whole
    failed = [one for one in came.bounces if one.for_good]
    if not failed:
        return "automatic"
    place = await rows.of_messages(db, [one.message_id for one in failed if one.message_id])
    hub_id = place.hub_id if place else hubs[0] if len(hubs) == 1 else None
    if hub_id is None:
        return "unsorted"
    await see_hubs(db, hub_id)
    if place:
        for one in failed:
            await bounced(db, one.message_id, one.because, now)
        return "bounced"
    digest = hashlib.sha256(raw).digest()
    whom = ", ".join(one.to for one in failed)
    because = f"Mail to {whom} came back, and it is not known which mail that was."
    is_new = await rows.file(
        db, Place(hub_id), Strange(digest, raw, came.sender, came.subject, came.text, because), now
    )
    return "filed" if is_new else "known"
