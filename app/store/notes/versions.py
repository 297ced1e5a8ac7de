"""Submitted versions and what was answered to them: rows are added, agreed or superseded, and never rewritten."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Member
from app.domain.notes.states import Answered, Record, Version
from app.kit.ids import new_id
from app.models.meetings import Booking, Event, Participant
from app.models.notes import Note, NoteAnswer, NoteOp, NoteVersion
from app.models.people import Person
from app.models.schools import School
from app.store import visible
from app.store.notes.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A version with all that is known of it; `answers` with the names of those who gave them."""

    id: uuid.UUID
    number: int
    rev: int
    because: str
    at: datetime
    by: uuid.UUID
    by_name: str
    agreed_at: datetime | None
    superseded_at: datetime | None
    answers: tuple[tuple[Answered, str], ...]

    @property
    def rule(self) -> Version:
        """The version as the deciders know it."""
        return Version(
            number=self.number,
            rev=self.rev,
            by=self.by,
            answers=tuple(answer for answer, _ in self.answers),
            agreed=self.agreed_at is not None,
            superseded=self.superseded_at is not None,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a version: what stood there, and who had written it."""

    path: str
    op_id: uuid.UUID
    value: Any
    person_id: uuid.UUID
    name: str
    at: datetime

    @property
    def by(self) -> uuid.UUID:
        """Who wrote it."""
        return self.person_id


async def of_event(db: AsyncSession, event_id: uuid.UUID) -> list[Submitted]:
    """Every version of a record, the first one first, without its texts: one statement."""
    by, answerer = aliased(Person), aliased(Person)
    found = await db.execute(
        select(
            col(NoteVersion.id),
            col(NoteVersion.number),
            col(NoteVersion.rev),
            col(NoteVersion.because),
            col(NoteVersion.submitted_at),
            col(NoteVersion.submitted_by),
            col(by.name),
            col(NoteVersion.agreed_at),
            col(NoteVersion.superseded_at),
            NoteAnswer,
            col(answerer.name),
        )
        .join(by, col(by.id) == col(NoteVersion.submitted_by))
        .outerjoin(NoteAnswer, col(NoteAnswer.version_id) == col(NoteVersion.id))
        .outerjoin(answerer, col(answerer.id) == col(NoteAnswer.person_id))
        .where(col(NoteVersion.event_id) == event_id)
        .order_by(col(NoteVersion.number), col(NoteAnswer.at))
    )
    made: dict[uuid.UUID, Submitted] = {}
    answers: dict[uuid.UUID, list[tuple[Answered, str]]] = {}
    for key, number, rev, because, at, by_id, name, agreed_at, superseded_at, answer, who in found.all():
        made[key] = Submitted(
            id=key,
            number=number,
            rev=rev,
            because=because,
            at=at,
            by=by_id,
            by_name=name,
            agreed_at=agreed_at,
            superseded_at=superseded_at,
            answers=(),
        )
        if answer is not None:
            told = Answered(answer.person_id, answer.agrees, answer.because, answer.at)
            answers.setdefault(key, []).append((told, who))
    return [_with(version, answers.get(key, [])) for key, version in made.items()]


def _with(version: Submitted, answers: Sequence[tuple[Answered, str]]) -> Submitted:
    return replace(version, answers=tuple(answers))


def decided_on(about: About, versions: Sequence[Submitted], now: datetime) -> Record:
    """The record as the deciders know it."""
    return Record(
        sides=about.sides,
        state=about.state,
        versions=tuple(one.rule for one in versions),
        begun=about.starts_at <= now,
        cancelled=about.status == "cancelled",
    )


async def content(db: AsyncSession, event_id: uuid.UUID, number: int) -> tuple[Place, ...] | None:
    """What a version holds, by path; None where there is no such version: two statements."""
    found = await db.execute(
        select(col(NoteVersion.content), col(NoteVersion.submitted_at)).where(
            col(NoteVersion.event_id) == event_id, col(NoteVersion.number) == number
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    kept, at = row
    names = await _names(db, {uuid.UUID(one["by"]) for one in kept})
    return tuple(_place(one, names, at) for one in kept)


def _place(kept: dict[str, Any], names: dict[uuid.UUID, str], at: datetime) -> Place:
    by = uuid.UUID(kept["by"])
    written = datetime.fromisoformat(kept["at"]) if "at" in kept else at
    return Place(kept["path"], uuid.UUID(kept["op"]), kept["value"], by, names.get(by, ""), written)


async def _names(db: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = await db.execute(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids)))
    return {row[0]: row[1] for row in found.all()}


async def locked(db: AsyncSession, event_id: uuid.UUID) -> Note | None:
    """The record's row, held until the transaction ends: nobody writes or answers meanwhile."""
    held = select(Note).where(col(Note.event_id) == event_id).with_for_update()
    return (await db.execute(held.execution_options(populate_existing=True))).scalar_one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A version to be kept."""

    number: int
    places: tuple[Place, ...]
    by: uuid.UUID
    at: datetime


async def add(db: AsyncSession, note: Note, new: New) -> uuid.UUID:
    """Keep the record's shared places as a version; returns its id."""
    kept = [
        {
            "path": one.path,
            "value": one.value,
            "by": str(one.person_id),
            "op": str(one.op_id),
            "at": one.at.isoformat(),
        }
        for one in new.places
    ]
    key = new_id()
    values = {
        "id": key,
        "hub_id": note.hub_id,
        "event_id": note.event_id,
        "number": new.number,
        "rev": note.rev,
        "content": kept,
        "because": note.because,
        "submitted_at": new.at,
        "submitted_by": new.by,
    }
    await db.execute(insert(NoteVersion).values(**values))
    return key


async def mark(
    db: AsyncSession, version_id: uuid.UUID, *, agreed: datetime | None = None, superseded: datetime | None = None
) -> None:
    """Say when a version was agreed, or when another took its place."""
    values = {name: at for name, at in (("agreed_at", agreed), ("superseded_at", superseded)) if at}
    await db.execute(update(NoteVersion).where(col(NoteVersion.id) == version_id).values(**values))


async def reinstate(db: AsyncSession, version_id: uuid.UUID) -> None:
    """The version counts again: the one that took its place was withdrawn."""
    await db.execute(update(NoteVersion).where(col(NoteVersion.id) == version_id).values(superseded_at=None))


async def answer(db: AsyncSession, hub_id: uuid.UUID, version_id: uuid.UUID, told: Answered) -> None:
    """Keep what somebody answered; a second answer of theirs takes the place of the first."""
    values = {"agrees": told.agrees, "because": told.because, "at": told.at}
    made = insert(NoteAnswer).values(version_id=version_id, person_id=told.person, hub_id=hub_id, **values)
    await db.execute(made.on_conflict_do_update(index_elements=["version_id", "person_id"], set_=values))


async def addresses(db: AsyncSession, people: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    """These people with their e-mail addresses, without those who left."""
    found = await db.execute(
        select(col(Person.id), col(Person.email))
        .where(col(Person.id).in_(people), col(Person.left_on).is_(None), col(Person.email) != "")
        .order_by(col(Person.email), col(Person.id))
    )
    return [(row[0], row[1]) for row in found]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submitted record that waits for the member's answer, or for their next version."""

    event_id: uuid.UUID
    kind: str
    day: Any
    school: str
    lead: str
    since: datetime
    asked: bool  # the member leads it, and somebody asked for a change


async def waiting_for(db: AsyncSession, member: Member) -> list[Waiting]:
    """What waits for this member, the oldest first: one statement."""
    mine = select(col(Booking.event_id)).where(col(Booking.person_id) == member.person_id)
    answered = select(col(NoteAnswer.version_id)).where(col(NoteAnswer.person_id) == member.person_id)
    asked = (
        select(col(NoteAnswer.version_id))
        .where(col(NoteAnswer.version_id) == col(NoteVersion.id), col(NoteAnswer.agrees).is_(False))
        .exists()
    )
    leads = col(Event.lead_id) == member.person_id
    at_home = or_(
        col(Event.urn).in_(member.schools),
        col(Event.id).in_(mine) & or_(col(Event.urn).in_(_base(member)), col(Event.urn).in_(_comes_for(member))),
    )
    other = or_(
        (col(Event.kind) == "observation") & (col(Event.teacher_id) == member.person_id),
        (col(Event.kind) == "visit") & at_home,
        (col(Event.kind) == "meeting") & col(Event.id).in_(mine),
    )
    found = await db.execute(
        visible.summaries(member)
        .with_only_columns(
            col(Event.id),
            col(Event.kind),
            col(Event.day),
            col(School.name),
            col(Person.name),
            col(NoteVersion.submitted_at),
            leads,
        )
        .join(Note, col(Note.event_id) == col(Event.id))
        .join(NoteVersion, col(NoteVersion.event_id) == col(Event.id))
        .join(School, col(School.urn) == col(Event.urn))
        .join(Person, col(Person.id) == col(Event.lead_id))
        .where(
            col(Note.state) == "submitted",
            col(NoteVersion.superseded_at).is_(None),
            col(NoteVersion.agreed_at).is_(None),
            or_(leads & asked, ~leads & other & ~asked & col(NoteVersion.id).not_in(answered)),
        )
        .order_by(col(NoteVersion.submitted_at), col(Event.id))
    )
    rows: list[Any] = list(found.all())
    return [Waiting(*row) for row in rows]


def _base(member: Member) -> Select[Any]:
    based = col(Person.base_urn)
    return select(based).where(col(Person.id) == member.person_id, based.is_not(None))


def _comes_for(member: Member) -> Select[Any]:
    return select(col(Participant.urn)).where(col(Participant.person_id) == member.person_id)


async def changed_since(db: AsyncSession, event_id: uuid.UUID, rev: int) -> int:
    """How many shared operations came after this revision."""
    found = select(func.count()).select_from(NoteOp)
    found = found.where(col(NoteOp.event_id) == event_id, col(NoteOp.rev) > rev, col(NoteOp.owner_id).is_(None))
    return (await db.execute(found)).scalar_one()
