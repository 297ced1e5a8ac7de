"""Reminding people of their dates, two weeks and two days before. Rules: docs/rules/messages.md."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.feeds import Facts
from app.domain.mail.kinds import Kind
from app.domain.mail.reminders import FURTHEST, batch_of, reminder, which_is_due
from app.kit.periods import in_london
from app.store.feeds.facts import event_facts
from app.store.mail import reminding
from app.store.mail.posting import Written, post
from app.store.mail.reminding import Guest
from app.store.meetings import answers


async def remind(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> int:
    """Write every reminder that is due and was not written yet: how many. The hub, and it alone, must be open."""
    await reminding.hold_hub(db, hub_id)
    today = in_london(now).date()
    ahead = {one.id: one for one in await reminding.dates_ahead(db, now, FURTHEST)}
    due = {key: which for key, one in ahead.items() if (which := which_is_due(one.day, today))}
    batches = {key: batch_of(key, ahead[key].starts_at, which) for key, which in due.items()}
    if not batches:
        return 0
    done = await reminding.reminded(db, set(batches.values()))
    guests = [
        one for one in await reminding.guests(db, list(batches)) if (batches[one.event_id], one.person_id) not in done
    ]
    facts = await event_facts(db, {one.event_id for one in guests})
    named = await _invitations(db, guests)
    letters = [_letter(one, facts[one.event_id], named, batches[one.event_id]) for one in guests]
    return len(await post(db, hub_id, letters, now))


async def _invitations(db: AsyncSession, guests: list[Guest]) -> dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID]:
    """What each guest's answer link names."""
    of_event: dict[uuid.UUID, list[uuid.UUID]] = {}
    for one in guests:
        of_event.setdefault(one.event_id, []).append(one.person_id)
    rows = [row for key, people in of_event.items() for row in await answers.rows_of(db, key, people)]
    return {(row.event_id, row.person_id): row.id for row in rows}


def _letter(
    guest: Guest, facts: Facts, named: dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID], batch_id: uuid.UUID
) -> Written:
    subject, text = reminder(facts, guest.name, guest.answer)
    return Written(
        Kind.REMINDER,
        guest.email,
        subject,
        text,
        person_id=guest.person_id,
        links={
            "answer": ("answer", named[guest.event_id, guest.person_id]),
            "see": ("page", facts.path),
            "dates": ("page", "/my/dates"),
        },
        event_id=guest.event_id,
        batch_id=batch_id,
    )
