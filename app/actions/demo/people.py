"""The fictional hub's people: who came, who answers, who is asked in, and what lies on the office's desk."""

import hashlib
import uuid
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.meetings.answering import Said as Answered
from app.actions.meetings.answering import answer
from app.domain.demo import people as tales
from app.domain.mail.kinds import Kind
from app.domain.meetings.attendance import Said
from app.kit.ids import new_id
from app.models.mail import IncomingMail
from app.models.meetings import Event
from app.models.people import Joining, Person, RightsRequest
from app.store import demo as rows
from app.store.mail.posting import Written, post
from app.store.meetings import attendance

COMING = 3  # meetings ahead whose people have answered already
UNSAID = 1  # of the newest meetings that were held, nobody has said yet who came


async def write_people(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> None:
    """Everything that the hub knows of its people's comings and goings."""
    await _attendance(db, hub_id)
    await _answers(db, hub_id, now)
    teachers = await rows.some_teachers(db, hub_id, 12)
    for number, person in enumerate(teachers):
        person.phone = tales.PHONE.format(number=number)
    await _letters(db, hub_id, teachers, now)
    await _desk(db, hub_id, teachers[0], now)
    await rows.forget_letters(db)


async def _attendance(db: AsyncSession, hub_id: uuid.UUID) -> None:
    held = await rows.held(db, hub_id)
    newest = [event for event in held if event.kind == "meeting"][-UNSAID:]
    first = [event.id for event in held if event.kind == "meeting" and event.group_id == held[0].group_id][-2:]
    said: list[Said] = []
    for number, event in enumerate(held):
        if event in newest:
            continue
        for place, person in enumerate(await rows.taking_part(db, event)):
            state, minutes, because = tales.came(number, place) if place else ("present", None, "")
            if event.id in first and place == tales.MISSES_TWICE:
                state, minutes, because = "absent", None, tales.REASONS[0]
            said.append(_said(event, person, state, minutes, because))
    said += [_said(event, head, "present", None, "") for event, head in await rows.heads_first(db, hub_id)]
    await attendance.keep(db, said)


def _said(event: Event, person: Person, state: str, minutes: int | None, because: str) -> Said:
    at = event.ends_at + timedelta(minutes=10)
    return Said(
        op_id=new_id(),
        hub_id=event.hub_id,
        event_id=event.id,
        guest_id=person.id,
        person_id=person.id,
        urn=person.base_urn,
        state=state,
        minutes=minutes,
        because=because,
        said_at=at,
        at=at,
        by_id=event.lead_id,
    )


async def _answers(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> None:
    for number, event in enumerate(await rows.meetings_after(db, hub_id, now, COMING)):
        for place, person in enumerate(await rows.taking_part(db, event)):
            says, because = tales.answers(number, place) if place else ("yes", "")
            if says:
                await answer(db, Answered(hub_id, (event.id, person.id), says, because), now - timedelta(days=1))


async def _letters(db: AsyncSession, hub_id: uuid.UUID, teachers: list[Person], now: datetime) -> None:
    batch = new_id()
    letters = [
        Written(Kind.GROUP, person.email, tales.GROUP_SUBJECT, tales.GROUP_TEXT, person_id=person.id, batch_id=batch)
        for person in teachers
    ]
    await post(db, hub_id, letters, now - timedelta(days=4))


async def _desk(db: AsyncSession, hub_id: uuid.UUID, teacher: Person, now: datetime) -> None:
    """Somebody asked in, a reply that nobody could read, and a wish about personal data."""
    for name, email, ago in tales.ASKED:
        asked_at = now + ago
        db.add(
            Joining(
                hub_id=hub_id,
                email=email,
                name=name,
                roles=["participant"],
                note=tales.ASKED_NOTE,
                asked_at=asked_at,
                expires_at=asked_at + timedelta(days=14),
            )
        )
    strange = EmailMessage()
    strange["From"], strange["Subject"] = f"{teacher.name} <{teacher.email}>", tales.STRANGE_SUBJECT
    strange.set_content(tales.STRANGE_TEXT)
    raw = strange.as_bytes()
    db.add(
        IncomingMail(
            hub_id=hub_id,
            digest=hashlib.sha256(raw).digest(),
            came_at=now - timedelta(hours=20),
            sender=teacher.email,
            subject=tales.STRANGE_SUBJECT,
            text=tales.STRANGE_TEXT,
            because=tales.STRANGE_BECAUSE,
            raw=raw,
            person_id=teacher.id,
        )
    )
    asked = now - timedelta(days=2)
    db.add(
        RightsRequest(
            hub_id=hub_id,
            person_id=teacher.id,
            kind="correct",
            text=tales.WISH,
            asked_at=asked,
            due_on=(asked + timedelta(days=30)).date(),
        )
    )
    await db.flush()
