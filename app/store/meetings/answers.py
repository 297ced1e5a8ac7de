"""Who comes: everybody booked at an event with what they answered, and the rows that hold answers."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.access import Can, Member, Reach
from app.domain.meetings.bookings import works_then
from app.kit.ids import new_id
from app.models.meetings import Booking, Event, Invitation, Participant
from app.models.people import Account, Away, Person
from app.models.schools import School
from app.store import visible


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody booked and what they answered; `because` is empty for whoever may not read reasons."""

    event_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    email: str
    school: str
    part: str  # leads, comes, observed
    expected: bool
    answer: str  # yes, maybe, no; empty: none yet
    because: str
    answered_at: datetime | None
    how: str
    stand_in_id: uuid.UUID | None
    stand_in: str  # their name
    stand_in_email: str
    earlier: str  # the answer to the date before this one
    mailed_to: str
    mailed_at: datetime | None
    withdrawn_at: datetime | None  # a CANCEL was mailed
    reminded_at: datetime | None
    invitation_id: uuid.UUID | None
    version: int  # 0: there is no row yet


async def answers_of(
    db: AsyncSession, member: Member, event_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Answer]]:
    """Everybody booked at these events whom the member may see, whoever leads first: one statement."""
    stand_in: Any = aliased(Person)
    part = func.array_position(["leads", "observed", "comes"], col(Booking.part))
    found = await db.execute(
        visible.people(member)
        .with_only_columns(
            Booking,
            Invitation,
            col(Person.name),
            col(Person.email),
            col(School.name),
            stand_in.name,
            col(Event.lead_id),
        )
        .join(Booking, col(Booking.person_id) == col(Person.id))
        .join(Event, col(Event.id) == col(Booking.event_id))
        .outerjoin(Invitation, _of_booking())
        .outerjoin(stand_in, stand_in.id == col(Invitation.stand_in_id))
        .outerjoin(School, col(School.urn) == col(Person.base_urn))
        .where(col(Booking.event_id).in_(list(event_ids)))
        .order_by(part, func.lower(col(Person.name)), col(Person.id))
    )
    listed: dict[uuid.UUID, list[Answer]] = {}
    for booking, invitation, name, email, school, standing_in, lead_id in found.all():
        one = _answer(booking, invitation or Invitation(version=0), (name, email, school or "", standing_in or ""))
        if not reads_reasons(member, lead_id, booking.person_id):
            one = _without_reason(one)
        listed.setdefault(booking.event_id, []).append(one)
    return listed


def _of_booking() -> ColumnElement[bool]:
    return and_(col(Invitation.event_id) == col(Booking.event_id), col(Invitation.person_id) == col(Booking.person_id))


def reads_reasons(member: Member, lead_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Reasons are for the office, for whoever leads the event, and for the person alone."""
    reaches = member.reaches(Can.EDIT_EVENTS)
    leads = Reach.OWN in reaches and member.person_id == lead_id
    return Reach.HUB in reaches or leads or member.person_id == person_id


def _answer(booking: Booking, row: Invitation, names: tuple[str, str, str, str]) -> Answer:
    name, email, school, stand_in = names
    return Answer(
        event_id=booking.event_id,
        person_id=booking.person_id,
        name=name,
        email=email,
        school=school,
        part=booking.part,
        expected=booking.expected,
        answer=row.answer,
        because=row.because,
        answered_at=row.answered_at,
        how=row.how,
        stand_in_id=row.stand_in_id,
        stand_in=stand_in or row.stand_in_name,
        stand_in_email=row.stand_in_email,
        earlier=row.earlier,
        mailed_to=row.mailed_to,
        mailed_at=row.mailed_at,
        withdrawn_at=row.cancelled_at,
        reminded_at=row.reminded_at,
        invitation_id=row.id if row.version else None,
        version=row.version,
    )


def _without_reason(one: Answer) -> Answer:
    kept = {name: getattr(one, name) for name in Answer.__slots__}
    return Answer(**{**kept, "because": "", "email": "", "stand_in_email": ""})


async def rows_of(db: AsyncSession, event_id: uuid.UUID, person_ids: Collection[uuid.UUID]) -> list[Invitation]:
    """The rows of these people for this event, made where there is none, held for a change."""
    event = await db.get_one(Event, event_id)
    made = [
        {
            "id": new_id(),
            "hub_id": event.hub_id,
            "event_id": event_id,
            "person_id": person_id,
            "asked_sequence": event.sequence,
            **dict.fromkeys(
                ("answer", "because", "how", "stand_in_name", "stand_in_email", "mailed_to", "earlier"), ""
            ),
            "version": 1,
        }
        for person_id in sorted(set(person_ids))
    ]
    if not made:
        return []
    await db.execute(insert(Invitation).values(made).on_conflict_do_nothing(index_elements=["event_id", "person_id"]))
    found = await db.execute(
        select(Invitation)
        .where(col(Invitation.event_id) == event_id, col(Invitation.person_id).in_(list(person_ids)))
        .order_by(col(Invitation.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def row(db: AsyncSession, whose: uuid.UUID | tuple[uuid.UUID, uuid.UUID]) -> Invitation | None:
    """One row, held for a change: by its id, or by event and person, of somebody booked, then made if need be."""
    if isinstance(whose, tuple):
        booked = await db.get(Booking, whose)
        return (await rows_of(db, whose[0], [whose[1]]))[0] if booked else None
    found = await db.execute(
        select(Invitation)
        .where(col(Invitation.id) == whose)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def look(db: AsyncSession, invitation_id: uuid.UUID) -> Invitation | None:
    """One row to read."""
    return await db.get(Invitation, invitation_id)


async def ask_again(db: AsyncSession, event_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """These events have another date: answers to the old one stand no more. (event, stand-in) of places to take back.

    One statement reads, one writes for all rows at once.
    """
    found = await db.execute(
        select(Invitation, col(Event.sequence))
        .join(Event, col(Event.id) == col(Invitation.event_id))
        .where(col(Invitation.event_id).in_(list(event_ids)))
        .order_by(col(Invitation.id))
        .with_for_update(of=Invitation)
    )
    freed = []
    for one, sequence in found.all():
        if one.stand_in_id is not None:
            freed.append((one.event_id, one.stand_in_id))
        one.asked_sequence = sequence
        if one.answer:
            one.earlier = one.answer
        one.answer = one.because = one.how = one.stand_in_name = one.stand_in_email = ""
        one.answered_at = one.stand_in_id = one.reminded_at = None
        one.version += 1
    await db.flush()
    for event_id, person_id in freed:
        await unseat(db, event_id, person_id)
    return freed


async def unseat(db: AsyncSession, event_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Take back a stand-in's place."""
    gone = delete(Booking).where(col(Booking.event_id) == event_id, col(Booking.person_id) == person_id)
    await db.execute(gone.where(col(Booking.part) == "comes"))


async def seat(db: AsyncSession, event: Event, person_id: uuid.UUID) -> bool:
    """A place for a stand-in of the hub; False, and nothing written, when they are booked elsewhere then."""
    found = await db.execute(
        select(Person, col(Account.number))
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(col(Person.id) == person_id)
    )
    person, account = found.one()
    away = (await db.execute(select(col(Away.day)).where(col(Away.person_id) == person_id))).scalars().all()
    place = Booking(
        event_id=event.id,
        person_id=person_id,
        hub_id=event.hub_id,
        account_number=account,
        part="comes",
        expected=works_then(person.works, away, event.day, event.slot),
        holds=True,
        during=Range(event.starts_at, event.ends_at, bounds="[)"),
    )
    try:
        async with db.begin_nested():
            db.add(place)
    except IntegrityError as clash:
        if "booking_one_place_at_a_time" not in str(clash.orig):
            raise
        return False
    return True


async def is_booked(db: AsyncSession, event_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether this person has a place at the event."""
    return await db.get(Booking, (event_id, person_id)) is not None


async def person(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID | None) -> Person | None:
    """A person of this hub who has not left."""
    if person_id is None:
        return None
    found = await db.execute(
        select(Person).where(col(Person.id) == person_id, col(Person.hub_id) == hub_id, col(Person.left_on).is_(None))
    )
    return found.scalar_one_or_none()


async def person_at(db: AsyncSession, hub_id: uuid.UUID, email: str) -> Person | None:
    """The person of this hub who has this e-mail address, as the hub wrote it or as they sign in."""
    wanted = email.strip().lower()
    found = await db.execute(
        select(Person)
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.left_on).is_(None),
            or_(func.lower(col(Person.email)) == wanted, col(Account.email) == wanted),
        )
        .order_by(col(Person.id))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def stand_ins_for(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """People of the same school in the hub, as (id, name), whom somebody can ask to come in their place."""
    schools = _schools(person_id)
    there = select(col(Participant.person_id)).where(
        col(Participant.hub_id) == hub_id, col(Participant.urn).in_(schools)
    )
    found = await db.execute(
        select(col(Person.id), col(Person.name))
        .where(
            col(Person.hub_id) == hub_id,
            or_(col(Person.base_urn).in_(schools), col(Person.id).in_(there)),
            col(Person.id) != person_id,
            col(Person.left_on).is_(None),
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [(one[0], one[1]) for one in found.all()]


def _schools(person_id: uuid.UUID) -> Any:
    base = select(col(Person.base_urn)).where(col(Person.id) == person_id, col(Person.base_urn).is_not(None))
    return base.union(select(col(Participant.urn)).where(col(Participant.person_id) == person_id))
