"""Hubs, their years, closures, programmes and cohorts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.people import Person, RoleHeld


async def named(db: AsyncSession, code: str) -> Hub | None:
    """The hub with this code, where the wall lets it be found."""
    return (await db.execute(select(Hub).where(col(Hub.code) == code))).scalar_one_or_none()


async def some_people_of_each_role(db: AsyncSession) -> list[tuple[Role, str, str]]:
    """(role, name, e-mail), at most three people a role, in the order of the roles."""
    found = await db.execute(
        select(col(RoleHeld.role), col(Person.name), col(Person.email))
        .join(Person, col(Person.id) == col(RoleHeld.person_id))
        .order_by(col(Person.name))
    )
    held: dict[Role, list[tuple[Role, str, str]]] = {role: [] for role in Role}
    for stored, name, email in found.all():
        role = Role.of(stored)
        if len(held[role]) < 3:
            held[role].append((role, name, email))
    return [one for role in Role for one in held[role]]
