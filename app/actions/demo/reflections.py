"""The fictional hub's reflections, written by the real action."""

import uuid
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.notes.reflections import Words, Writer, reflect, share
from app.domain.demo.reflections import reflections
from app.kit.periods import in_london, london
from app.store import demo as rows
from app.store import people

FRAMEWORK = "big_ideas"
SHARES = 2  # one teacher in so many shares their newest


async def write_reflections(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> None:
    """Some teachers' reflections of the last weeks."""
    for number, person in enumerate(await rows.some_teachers(db, hub_id, 24)):
        viewer = await people.viewer(db, person.account_id, person.email)
        member = viewer.member(hub_id)
        if member is None:
            continue
        for one in reflections(number):
            day = in_london(now).date() - timedelta(days=one.days_ago)
            writer = Writer(db, viewer, london(day, time(16, number)))
            await reflect(writer, member, FRAMEWORK, Words(one.indicator, one.where, one.words))
        if number % SHARES == 0 and (newest := await rows.newest_reflection(db, person.id)):
            await share(Writer(db, viewer, now), newest)
