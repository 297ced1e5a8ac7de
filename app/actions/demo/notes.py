"""The fictional hub's notebook: records of what was held, most of them agreed, by the real actions."""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.notes.agreeing import agree, submit
from app.actions.notes.writing import Sender, apply_all
from app.domain.access import Viewer
from app.domain.demo.notes import LESSONS, VISIT, WENT, lesson_values
from app.domain.notes.applying import Operation
from app.kit.ids import new_id
from app.models.meetings import Event
from app.models.people import Person
from app.store import demo as rows
from app.store import people

Viewers = dict[uuid.UUID, Viewer]
ADDRESS = "http://127.0.0.1"  # letters of the past are not sent
WRITERS = 3  # in each record; the others read
NEWEST = 14  # observations that have a record; meetings and visits all have one
UNAGREED = 3  # the newest records wait for somebody


async def write_notes(db: AsyncSession, hub_id: uuid.UUID) -> None:
    """Records of what was held; the newest wait to be agreed or submitted, and one has two texts to choose from."""
    everything = await rows.held(db, hub_id)
    observed = [event for event in everything if event.kind == "observation"][-NEWEST:]
    if observed:
        observed.remove(_unwritten(observed))
    held = [event for event in everything if event.kind != "observation" or event in observed]
    known: Viewers = {}
    for number, event in enumerate(held):
        left = len(held) - number
        for person in (await rows.taking_part(db, event))[:WRITERS]:
            if person.id not in known:
                known[person.id] = await people.viewer(db, person.account_id, person.email)
        await _record(db, event, number, known, steps=(left > 1) + (left > UNAGREED))
    if held:
        await _two_texts(db, held[-1])
    await rows.forget_letters(db)


def _unwritten(observed: list[Event]) -> Event:
    """The newest of whoever observed most: nobody has written in it yet."""
    count = Counter(event.lead_id for event in observed)
    busiest = max(count, key=count.__getitem__)
    return next(event for event in reversed(observed) if event.lead_id == busiest)


async def _record(db: AsyncSession, event: Event, number: int, known: Viewers, steps: int) -> None:
    """Write, then take this many steps: submit, agree."""
    persons = (await rows.taking_part(db, event))[:WRITERS]
    at = event.ends_at + timedelta(hours=2)
    for person_id, values in _values(event, number, persons).items():
        await _write(db, known[person_id], event, values, at)
    lead, *others = persons
    if steps:
        version = await submit(_actor(db, known[lead.id], event, at), ADDRESS, event.id)
        if steps > 1 and others:
            await agree(_actor(db, known[others[0].id], event, at + timedelta(days=1)), ADDRESS, event.id, version)
    if number % 2 == 0 and event.kind != "visit" and others:
        await _write(
            db, known[others[0].id], event, {"tries#t0.went": WENT[number % len(WENT)]}, at + timedelta(days=9)
        )


def _values(event: Event, number: int, persons: list[Person]) -> dict[uuid.UUID, dict[str, Any]]:
    if event.kind == "visit":
        return {persons[0].id: dict(VISIT[min(event.half_term, len(VISIT) - 1)])}
    takers = tuple(person.id for person in persons)
    return lesson_values(LESSONS[number % len(LESSONS)], takers, event.starts_at)


async def _two_texts(db: AsyncSession, event: Event) -> None:
    """Two people wrote the same place without seeing each other's text."""
    persons = await rows.taking_part(db, event)
    where = "purpose" if event.kind == "visit" else "key_point"
    for person, words in zip(
        persons[:2], ("What I heard most was the reason.", "What I heard most was the rule."), strict=False
    ):
        viewer = await people.viewer(db, person.account_id, person.email)
        await _write(db, viewer, event, {where: words}, event.ends_at + timedelta(hours=3))


async def _write(db: AsyncSession, viewer: Viewer, event: Event, values: Mapping[str, Any], at: datetime) -> None:
    ops = [
        Operation(
            op_id=new_id(),
            note_id=event.id,
            path=path,
            value=value,
            replaces=frozenset(),
            base_rev=0,
            form_version=1,
            device_time=at,
        )
        for path, value in values.items()
    ]
    answers = await apply_all(Sender(db, viewer, at, new_id()), ops)
    refused = [answer for answer in answers if answer.outcome == "refused"]
    if refused:
        raise ValueError(refused[0].because)


def _actor(db: AsyncSession, viewer: Viewer, event: Event, at: datetime) -> Actor:
    member = viewer.member(event.hub_id)
    if member is None:
        raise LookupError(viewer.email)
    return Actor(db, viewer, member, at)
