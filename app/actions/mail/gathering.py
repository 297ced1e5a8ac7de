"""One message a day: all that could wait for whoever asked for that, joined into one. Rules: docs/rules/messages.md."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.mail.choices import STOPPED, Choice, State
from app.domain.mail.kinds import Kind
from app.domain.mail.words import joined
from app.kit.periods import in_london, spoken_date
from app.models.mail import Message
from app.store.mail import outbox
from app.store.mail.posting import Written, choices_of, post


async def gather(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> int:
    """Post one message to each person for whom something was gathered until now: how many. The hub must be open."""
    waiting = await outbox.gathered(db, now)
    wants = await choices_of(db, {row.person_id for row in waiting if row.person_id})
    readers: dict[tuple[uuid.UUID | None, str], list[Message]] = {}
    for row in waiting:
        if row.kind in wants.get(row.person_id, Choice()).stopped:
            row.state, row.because = State.STOPPED.value, STOPPED
        else:
            readers.setdefault((row.person_id, row.to), []).append(row)
    letters = [_letter(rows, now) for rows in readers.values()]
    ids = await post(db, hub_id, letters, now)
    for digest_id, rows in zip(ids, readers.values(), strict=True):
        await outbox.put_into(db, rows, digest_id)
    return len(ids)


def _letter(rows: Sequence[Message], now: datetime) -> Written:
    text, links = joined([(row.subject, row.text, row.links) for row in rows])
    day = spoken_date(in_london(now).date())
    subject = rows[0].subject if len(rows) == 1 else f"{len(rows)} messages, {day}"
    return Written(
        Kind.DIGEST,
        rows[0].to,
        subject,
        text,
        person_id=rows[0].person_id,
        links={word: (one["kind"], one["id"]) for word, one in links.items()},
    )
