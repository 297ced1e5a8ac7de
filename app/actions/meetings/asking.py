"""Asking those again who have not answered: a reminder with their link, to each at most once a day."""

import uuid
from collections.abc import Collection

from app.actions.access import Actor
from app.actions.meetings.answering import may_edit
from app.domain.mail.kinds import Kind
from app.domain.meetings import answers as rules
from app.domain.meetings.states import says
from app.kit.errors import BadInputError, ConflictError
from app.kit.periods import in_london, spoken_date, spoken_hours
from app.models.meetings import Event, Invitation
from app.models.schools import School
from app.store.mail.posting import Written, post
from app.store.meetings import answers

MOST = 200


async def ask_again(actor: Actor, chosen: Collection[tuple[uuid.UUID, uuid.UUID]]) -> int:
    """Remind these people, as (event, person); how many were. Whoever has answered, or was asked today, is left out.

    Raises BadInputError for none or too many, NotFoundError, ForbiddenError, or ConflictError for a date that is over.
    """
    if not chosen or len(chosen) > MOST:
        raise BadInputError("Choose whom to ask." if not chosen else f"Choose at most {MOST} people at once.")
    events = {event: {person for one, person in chosen if one == event} for event, _ in chosen}
    letters = []
    for event_id in sorted(events):
        event = await may_edit(actor, event_id)
        rules.refuse_unless_open(event.status, event.ends_at, actor.now)
        letters += await _letters(actor, event, events[event_id])
    await post(actor.db, actor.member.hub_id, letters, actor.now)
    if letters:
        people = "1 person" if len(letters) == 1 else f"{len(letters)} people"
        await actor.record("Asked again", people, events=[str(one) for one in sorted(events)])
    return len(letters)


async def _letters(actor: Actor, event: Event, people: set[uuid.UUID]) -> list[Written]:
    booked = [one for one in people if await answers.is_booked(actor.db, event.id, one)]
    if len(booked) < len(people):
        raise ConflictError("Somebody you chose has no place at this date any more. Load the page again.")
    rows = await answers.rows_of(actor.db, event.id, booked)
    school = await actor.db.get_one(School, event.urn)
    today = in_london(actor.now).date()
    return [
        letter
        for row in rows
        if not row.answer and not _asked_on(row, today)
        for letter in await _letter(actor, event, row, school.name)
    ]


def _asked_on(row: Invitation, today: object) -> bool:
    return row.reminded_at is not None and in_london(row.reminded_at).date() == today


async def _letter(actor: Actor, event: Event, row: Invitation, school: str) -> list[Written]:
    person = await answers.person(actor.db, row.hub_id, row.person_id)
    if person is None or not person.email:
        return []
    row.reminded_at = actor.now
    when = f"{spoken_date(event.day)}, {spoken_hours(event.starts_at, event.ends_at)}"
    what = says(event.kind, school=school, group="Your Work Group", lead="A visitor", teacher="", online=event.online)
    text = (
        f"Hello {person.name}\n\nWe do not know yet whether you come:\n\n{when}\n{what}\n\n"
        "Say whether you come: {answer}"
    )
    return [
        Written(
            kind=Kind.REMINDER,
            to=person.email,
            subject=f"Will you come? {when}",
            text=text,
            person_id=person.id,
            links={"answer": ("answer", row.id)},
            event_id=event.id,
            made_by=actor.person_id,
        )
    ]
