"""The fictional hub mends its year, holding new dates while people answer, and forms the next year's groups."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import operator
from app.actions.schedule.answering import Answers, answer
from app.actions.schedule.holding import hold
from app.actions.schedule.propose import begin, finish, propose
from app.actions.stages import formings
from app.domain import demo
from app.domain.schedule.answering import Word
from app.domain.schedule.forming import read_forming
from app.domain.schedule.holding import Asking, usual_deadline
from app.kit.periods import in_london
from app.models.people import Away
from app.solver.schedule.apart import solved
from app.solver.schedule.forming import form_groups
from app.store import demo as rows
from app.store.database import Database
from app.store.schedule import answering

SECONDS = 20.0  # then the best groups so far are kept
AHEAD = timedelta(days=35)  # nobody moves a date that is nearer
CALLED_AWAY = 2  # leaders of so many meetings cannot come then
CANNOT = 12  # one in so many cannot come to their first date
REASONS = ("Our Year 6 is on a residential that week.", "We have moderation that day.")


async def mend_the_year(database: Database, hub_id: uuid.UUID, year: int, now: datetime) -> None:
    """A plan around leaders who were called away, its dates held; some have answered, and a few cannot come."""
    asked_at = now - timedelta(days=2)
    async with database.transaction(hub_id) as db:
        for event in (await rows.meetings_after(db, hub_id, now + AHEAD, 8))[:: 8 // CALLED_AWAY]:
            db.add(Away(hub_id=hub_id, person_id=event.lead_id, day=event.day))
        await db.flush()
        proposal = await propose(operator(db, hub_id, demo.HUB_CODE, asked_at), year, in_background=False)
        problem = await begin(db, proposal)
    plan = solved(problem or {})
    async with database.transaction(hub_id) as db:
        await finish(db, proposal, plan, asked_at)
        until = usual_deadline(in_london(now).date(), None, ())
        await hold(operator(db, hub_id, demo.HUB_CODE, asked_at), proposal, Asking(until))
        await _answer(db, hub_id, proposal, now)


async def form_next_year(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> None:
    """Groups of the schools that have applied for the year after, for the lead to look at and move."""
    forming = await formings.propose(operator(db, hub_id, demo.HUB_CODE, now), year + 1, in_background=False)
    problem = await formings.begin(db, hub_id, forming)
    found = form_groups(read_forming(problem), seconds=SECONDS)
    await formings.finish(db, (hub_id, forming), found, now)


async def _answer(db: AsyncSession, hub_id: uuid.UUID, proposal: uuid.UUID, now: datetime) -> None:
    """Two in three have answered; a few of them cannot come."""
    asks, said = await answering.of_plan(db, proposal)
    for number, ask in enumerate(asks):
        if number % 3 == 1:
            continue
        own = [one for one in said if one.ask_id == ask.id]
        words = {one.event_id: Word("can") for one in own}
        if number % CANNOT == 0:
            words[own[0].event_id] = Word("cannot", REASONS[number // CANNOT % len(REASONS)])
        await answer(db, Answers(hub_id, ask.id, words, ask.version), now - timedelta(hours=number))
