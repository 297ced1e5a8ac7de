"""Saying of dates that are held whether one can: by a personal link, on a page, or told to the office."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.meetings.answering import By, by
from app.domain.access import Can, Target
from app.domain.schedule.answering import HOW, WORDS, Word, check, refuse_unless_open
from app.kit.errors import NotFoundError
from app.models.people import Person
from app.models.schedule import DateAnswer, DateAsk, Proposal
from app.store import trail
from app.store.schedule import answering, proposals


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody says of dates, by event; `version` is the one of the page they saw."""

    hub_id: uuid.UUID
    ask_id: uuid.UUID
    words: Mapping[uuid.UUID, Word]
    version: int
    how: str = "link"
    by: By = field(default_factory=By)


async def answer(db: AsyncSession, said: Answers, now: datetime) -> bool:
    """Keep answers; whether any was taken. A refused day is one that planning keeps off. The hub must be open.

    Raises NotFoundError, BadInputError (a field cannot be taken) or ConflictError (the plan is settled). Where somebody
    answered since the page was shown, nothing changes.
    """
    found = await answering.locked(db, said.ask_id)
    if found is None or found[0].hub_id != said.hub_id:
        raise NotFoundError
    ask, rows = found
    proposal = await proposals.one(db, ask.proposal_id, lock=True)
    refuse_unless_open(proposal.status if proposal else "set aside")
    check(said.words)
    new = [(rows[key], word) for key, word in said.words.items() if key in rows and _is_new(rows[key], word)]
    if proposal is None or said.version != ask.version or not new:
        return False
    for row, word in new:
        row.answer, row.because, row.how, row.answered_at = word.answer, word.because, said.how, now
        row.missed = False
    ask.version, ask.answered_at = ask.version + 1, now
    await db.flush()
    for row, _ in new:
        if row.answer == "cannot":
            await answering.refuse(db, ask.hub_id, ask.person_id, row.day)
        else:
            await answering.take_back(db, ask.person_id, row.day)
    await _record(db, proposal, ask, said, now)
    return True


def _is_new(row: DateAnswer, word: Word) -> bool:
    return (row.answer, row.because) != (word.answer, word.because)


async def _record(db: AsyncSession, proposal: Proposal, ask: DateAsk, said: Answers, now: datetime) -> None:
    """The trail keeps how many, never a reason: it can be about somebody's health."""
    person = await db.get_one(Person, ask.person_id)
    whose = "" if said.by.person_id in {None, ask.person_id} else f" for {person.name}"
    counts = {word: sum(each.answer == word for each in said.words.values()) for word in WORDS}
    deed = trail.Deed(
        ask.hub_id,
        now,
        "Answered",
        f"dates of the plan for {proposal.year}{whose}, {HOW[said.how]}",
        said.by.account_id,
        {"proposal": str(proposal.id), "person": str(ask.person_id), **counts},
        who=said.by.name or person.name,
        person_id=said.by.person_id or ask.person_id,
    )
    await trail.record(db, deed)


async def answer_mine(actor: Actor, said: Answers) -> bool:
    """The viewer's own answers, on a page. Raises NotFoundError where they were not asked, and what `answer` raises."""
    actor.require(Can.ANSWER, Target(actor.member.hub_id, frozenset({actor.member.person_id})))
    ask = await answering.ask(actor.db, said.ask_id)
    if ask is None or ask.person_id != actor.person_id:
        raise NotFoundError
    return await answer(actor.db, replace(said, how="page", by=by(actor)), actor.now)


async def write_down(actor: Actor, said: Answers) -> bool:
    """What somebody told the office. Raises NotFoundError or ForbiddenError, and what `answer` raises."""
    actor.require(Can.PLAN)
    return await answer(actor.db, replace(said, how="office", by=by(actor)), actor.now)
