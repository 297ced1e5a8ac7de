"""Who leads a school, and who takes part for it: the owners of barriers and actions are chosen from them."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.stages.barriers import takes_part_as_head
from app.models.meetings import Participant, WorkGroup
from app.models.people import Person, RoleHeld


@dataclass(frozen=True, slots=True)
class Leader:
    """A person of a school: whether its head, and the Work Group in which they take part other than as a head."""

    id: uuid.UUID
    name: str
    heads: bool
    takes_part: str


async def of_school(db: AsyncSession, hub_id: uuid.UUID, urn: int, year: int) -> list[Leader]:
    """Its heads, and whoever takes part for it in Work Groups from this academic year on, by name: two statements."""
    heads = select(col(RoleHeld.person_id)).where(
        col(RoleHeld.hub_id) == hub_id, col(RoleHeld.role) == Role.HEADTEACHER.stored, col(RoleHeld.urn) == urn
    )
    parts = await db.execute(
        select(col(Participant.person_id), col(Participant.role), col(WorkGroup.code))
        .join(WorkGroup, col(WorkGroup.id) == col(Participant.group_id))
        .where(
            col(Participant.hub_id) == hub_id,
            col(WorkGroup.year) >= year,
            or_(col(Participant.urn) == urn, col(Participant.person_id).in_(heads)),
        )
        .order_by(col(WorkGroup.year), col(WorkGroup.code))
    )
    taking: dict[uuid.UUID, str] = {}
    for person_id, role, code in parts.all():
        if not takes_part_as_head(role):
            taking.setdefault(person_id, code)
    found = await db.execute(
        select(col(Person.id), col(Person.name), col(Person.id).in_(heads))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.left_on).is_(None),
            col(Person.erased_at).is_(None),
            or_(col(Person.id).in_(heads), col(Person.id).in_(list(taking))),
        )
        .order_by(func.lower(col(Person.name)), col(Person.id))
    )
    return [Leader(key, name, head, taking.get(key, "")) for key, name, head in found.all()]
