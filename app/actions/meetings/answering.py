"""Answering whether somebody comes: by mail, by the link in it, on a page, or told to somebody who wrote it down."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.meetings import stand_ins
from app.domain.access import Can, Target
from app.domain.meetings import answers as rules
from app.domain.meetings.answers import NOBODY, StandIn
from app.kit.errors import NotFoundError
from app.kit.periods import spoken_date
from app.models.meetings import Event, Invitation
from app.store import trail
from app.store.meetings import answers


@dataclass(frozen=True, slots=True)
class By:
    """Who says it, for the trail; empty: the person themselves."""

    name: str = ""
    person_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `whose` is an invitation's id, or (event, person); `version`, where given, is the row's they saw."""

    hub_id: uuid.UUID
    whose: uuid.UUID | tuple[uuid.UUID, uuid.UUID]
    answer: str
    because: str = ""
    stand_in: StandIn = NOBODY
    how: str = "page"
    version: int | None = None
    by: By = By()


async def answer(db: AsyncSession, said: Said, now: datetime) -> bool:
    """Keep an answer, with its stand-in; whether it changed anything. The hub must be open.

    Raises NotFoundError, BadInputError (a field cannot be taken), ConflictError (cancelled, not fixed, or over). A
    version that is no longer the newest changes nothing: what was said since then stands.
    """
    row = await answers.row(db, said.whose)
    if row is None or row.hub_id != said.hub_id:
        raise NotFoundError
    event = await db.get_one(Event, row.event_id)
    rules.refuse_unless_open(event.status, event.ends_at, now)
    said = replace(said, because=said.because.strip(), stand_in=await stand_ins.known(db, row, said.stand_in))
    rules.check(said.answer, said.because, said.stand_in)
    if said.version not in {None, row.version} or _same(row, said):
        return False
    before = await _told(db, row)
    await stand_ins.change(db, row, event, said.stand_in, now)
    row.answer, row.because, row.how = said.answer, said.because, said.how
    row.answered_at = now
    row.version += 1
    await db.flush()
    await _record(db, row, event, said, before, now)
    return True


def _same(row: Invitation, said: Said) -> bool:
    stands = StandIn(row.stand_in_id, row.stand_in_name, row.stand_in_email)
    return (row.answer, row.because, stands) == (said.answer, said.because, said.stand_in)


async def _told(db: AsyncSession, row: Invitation) -> dict[str, object]:
    stand_in = await answers.person(db, row.hub_id, row.stand_in_id)
    name = stand_in.name if stand_in else row.stand_in_name
    return rules.told(row.answer, gave_reason=bool(row.because), stand_in=name)


async def _record(
    db: AsyncSession, row: Invitation, event: Event, said: Said, before: dict[str, object], now: datetime
) -> None:
    person = await answers.person(db, row.hub_id, row.person_id)
    name = person.name if person else ""
    whose = f" for {name}" if said.by.person_id not in {None, row.person_id} or said.how == "office" else ""
    deed = trail.Deed(
        row.hub_id,
        now,
        "Answered",
        f"the {event.kind} on {spoken_date(event.day)}{whose}, {rules.HOW.get(said.how, said.how)}",
        said.by.account_id,
        {"event": str(event.id), "person": str(row.person_id)},
        who=said.by.name or name,
        person_id=said.by.person_id or row.person_id,
        before=before,
        after=await _told(db, row),
    )
    await trail.record(db, deed)


async def answer_mine(actor: Actor, said: Said) -> bool:
    """The viewer's own answer, on a page. Raises NotFoundError for a date that is not theirs."""
    if not isinstance(said.whose, tuple) or said.whose[1] != actor.person_id:
        raise NotFoundError
    actor.require(Can.ANSWER, Target(actor.member.hub_id, frozenset({said.whose[1]})))
    return await answer(actor.db, replace(said, how="page", by=by(actor)), actor.now)


async def write_down(actor: Actor, said: Said) -> bool:
    """What somebody told the office or the leader. Raises NotFoundError or ForbiddenError, and what `answer` raises."""
    if not isinstance(said.whose, tuple):
        raise NotFoundError
    await may_edit(actor, said.whose[0])
    return await answer(actor.db, replace(said, how="office", by=by(actor)), actor.now)


async def may_edit(actor: Actor, event_id: uuid.UUID) -> Event:
    """The event, where the actor may change it: raises NotFoundError or ForbiddenError."""
    event = await actor.db.get(Event, event_id)
    if event is None or event.hub_id != actor.member.hub_id:
        raise NotFoundError
    target = Target(event.hub_id, frozenset({event.lead_id}), event.group_id, frozenset({event.urn}))
    actor.require(Can.EDIT_EVENTS, target)
    return event


def by(actor: Actor) -> By:
    """This person, in the trail."""
    return By(actor.member.name, actor.person_id, actor.viewer.account_id)
