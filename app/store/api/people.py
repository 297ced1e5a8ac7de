"""People with roles, working days and days away, as the API tells them."""

import uuid

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Can, Member
from app.models.people import Away, Person, RoleHeld
from app.store import visible
from app.store.api.shelf import EMPTY, Asked, Order, Row, Slice, groupwise, narrowed, part

CONDITIONS = {
    "id": lambda key: col(Person.id) == key,
    "email": lambda email: col(Person.email).ilike(email.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")),
    "role": lambda role: col(Person.id).in_(select(col(RoleHeld.person_id)).where(col(RoleHeld.role) == role)),
    "search": lambda words: or_(
        col(Person.name).icontains(words, autoescape=True), col(Person.email).icontains(words, autoescape=True)
    ),
    "left": lambda left: col(Person.left_on).is_not(None) if left else col(Person.left_on).is_(None),
}


async def some(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """People that this member may see: four statements. Why they are away is for whoever keeps people's days."""
    query = narrowed(visible.people(member), asked, CONDITIONS)
    rows, following = await part(db, query, Order((col(Person.id),), (uuid.UUID,)), asked)
    ids = [row.id for row in rows]
    roles = await db.execute(
        select(RoleHeld).where(col(RoleHeld.person_id).in_(ids)).order_by(col(RoleHeld.role), col(RoleHeld.urn))
    )
    held = groupwise((one.person_id, {"role": one.role, "urn": one.urn}) for one in roles.scalars())
    days = await db.execute(select(Away).where(col(Away.person_id).in_(ids)).order_by(col(Away.day)))
    away = groupwise((one.person_id, _away(one, member)) for one in days.scalars())
    known = visible.people(member).where(col(Person.id).in_(ids), visible.phones(member), col(Person.phone) != "")
    phones = {row[0]: row[1] for row in await db.execute(known.with_only_columns(col(Person.id), col(Person.phone)))}
    people = [_person(row, held.get(row.id, EMPTY), away.get(row.id, EMPTY)) for row in rows]
    return Slice([{**one, "phone": phones.get(one["id"], "")} for one in people], following)


def _away(one: Away, member: Member) -> Row:
    told = member.reaches(Can.EDIT_PEOPLE) or one.person_id == member.person_id
    return {"id": one.id, "day": one.day, "name": one.name if told else ""}


def _person(person: Person, roles: object, away: object) -> Row:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "roles": roles,
        "works": person.works,
        "away": away,
        "base_urn": person.base_urn,
        "cohort_id": person.cohort_id,
        "left_on": person.left_on,
        "version": person.version,
    }
