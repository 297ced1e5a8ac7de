"""What is missing before a grant year's money can be claimed, and who was asked for it lately."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.domain.funding.missing import DAYS_BETWEEN, SUBJECT, Missing, Turn, What, asks_for_evaluations
from app.domain.stages import agreements as rules
from app.kit.periods import in_london, spoken_date
from app.models.funding import Payee, Statement
from app.models.mail import Message
from app.models.meetings import Booking, Event
from app.models.people import Person
from app.models.schools import School
from app.store.funding import cards, evaluations
from app.store.meetings import attendance_lists
from app.store.stages import agreements
from app.store.stages.agreements import Head

EVALUATED_FROM = 6  # June: before it no school is asked for its evaluation unless it has completed


async def of_year(db: AsyncSession, member: Member, year: int, now: datetime) -> list[Missing]:
    """Everything that is missing in the year, in seven statements; evaluations where a rate asks for them."""
    unsigned = [
        row
        for row in await agreements.of_year(db, member, year)
        if row.agreement_id is None and rules.may_sign(row.state)
    ]
    card = await cards.in_force(db, member.hub_id, member.hub_code, year)
    unreturned = await _unreturned(db, member.hub_id, year, now) if asks_for_evaluations(card) else []
    urns = {row.urn for row in unsigned} | {row.urn for row in unreturned}
    heads = await agreements.heads(db, member.hub_id, urns) if urns else []
    return [
        *(_agreement(row, heads) for row in unsigned),
        *(_attendance(one) for one in await attendance_lists.unsaid(db, member.hub_id, year, now)),
        *(_evaluation(row, heads) for row in unreturned),
        *await _without_base(db, member.hub_id, year),
        *await _without_reference(db, member.hub_id, year),
    ]


def _turns(urn: int, heads: Sequence[Head]) -> tuple[Turn, ...]:
    return tuple(Turn(one.name, one.email, one.person_id) for one in heads if one.urn == urn and one.email)


def _agreement(row: agreements.Row, heads: Sequence[Head]) -> Missing:
    return Missing(
        what=What.AGREEMENT,
        urn=row.urn,
        school=row.school,
        group="",
        says=f"The agreement of {row.school} for {row.programme} is not signed.",
        tail=f"/enrolments/{row.enrolment_id}/agreement",
        turns=_turns(row.urn, heads),
    )


def _attendance(one: attendance_lists.Unsaid) -> Missing:
    return Missing(
        what=What.ATTENDANCE,
        urn=one.urn,
        school=one.school,
        group=one.group,
        says=f"Nobody has said who came to the {one.kind} at {one.school} on {spoken_date(one.day)}.",
        tail=f"/events/{one.id}/attendance",
        turns=(Turn(one.lead, one.email, one.lead_id),) if one.email else (),
    )


async def _unreturned(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> list[evaluations.Row]:
    today = in_london(now).date()
    summer = (today.year, today.month) >= (year + 1, EVALUATED_FROM)
    return [
        row
        for row in await evaluations.of_year(db, hub_id, year)
        if row.returned_on is None and (row.state == "completed" or (summer and row.state == "active"))
    ]


def _evaluation(row: evaluations.Row, heads: Sequence[Head]) -> Missing:
    return Missing(
        what=What.EVALUATION,
        urn=row.urn,
        school=row.school,
        group=row.group,
        says=f"The evaluation of {row.programme} by {row.school} has not come back.",
        tail=f"/evaluations?year={row.year}",
        turns=_turns(row.urn, heads),
    )


async def _without_base(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Missing]:
    """Whoever led something in the year and has no school that could be paid for it: one statement."""
    found = await db.execute(
        select(col(Person.id), col(Person.name))
        .join(Event, col(Event.lead_id) == col(Person.id))
        .outerjoin(Booking, (col(Booking.event_id) == col(Event.id)) & (col(Booking.person_id) == col(Person.id)))
        .where(
            col(Event.hub_id) == hub_id,
            col(Event.year) == year,
            col(Event.status) == "held",
            col(Person.base_urn).is_(None),
            col(Booking.urn).is_(None),
        )
        .distinct()
        .order_by(col(Person.name), col(Person.id))
    )
    return [
        Missing(
            what=What.BASE,
            urn=0,
            school="",
            group="",
            says=f"{name} led something and has no school of their own, so nobody can be paid for it.",
            tail=f"/people/{key}/edit",
        )
        for key, name in found.all()
    ]


async def _without_reference(db: AsyncSession, hub_id: uuid.UUID, year: int) -> list[Missing]:
    """Schools with a statement of the year and no number in the finance system: one statement."""
    known = (
        select(col(Payee.id))
        .where(col(Payee.hub_id) == col(Statement.hub_id), col(Payee.urn) == col(Statement.urn))
        .correlate(Statement)
    )
    found = await db.execute(
        select(col(School.urn), col(School.name))
        .join(Statement, col(Statement.urn) == col(School.urn))
        .where(col(Statement.hub_id) == hub_id, col(Statement.year) == year, ~known.exists())
        .distinct()
        .order_by(col(School.name), col(School.urn))
    )
    return [
        Missing(
            what=What.REFERENCE,
            urn=urn,
            school=name,
            group="",
            says=f"{name} has no number in the finance system, so its statement cannot be submitted.",
            tail="/payees?show=without",
        )
        for urn, name in found.all()
    ]


async def asked(db: AsyncSession, hub_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    """When each person was last asked for what is missing, as far as nobody took the message back: one statement."""
    found = await db.execute(
        select(col(Message.person_id), func.max(col(Message.made_at)))
        .where(
            col(Message.hub_id) == hub_id,
            col(Message.subject) == SUBJECT,
            col(Message.state) != "stopped",
            col(Message.person_id).is_not(None),
        )
        .group_by(col(Message.person_id))
    )
    return {key: at for key, at in found.all() if key}


async def lately(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> set[uuid.UUID]:
    """Who was asked in the last days, and is not asked again yet: one statement."""
    since = now - timedelta(days=DAYS_BETWEEN)
    asked = select(col(Message.person_id)).where(
        col(Message.hub_id) == hub_id, col(Message.subject) == SUBJECT, col(Message.made_at) > since
    )
    return {key for key in (await db.execute(asked)).scalars() if key}
