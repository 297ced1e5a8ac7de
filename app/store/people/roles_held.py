"""Roles as things that can be handed over: each with a key for forms and its words."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.people.moving_school import Head
from app.models.people import Person, RoleHeld
from app.models.schools import School


async def of_person(db: AsyncSession, person_id: uuid.UUID) -> dict[str, str]:
    """What this person is, but for taking part in Work Groups: key to words."""
    return {_key(row): words for row, words in await _rows(db, person_id)}


async def move(db: AsyncSession, person: Person, key: str, taker: uuid.UUID) -> str:
    """One of these roles goes from somebody to somebody else; its words, empty for a key that is none of theirs."""
    for row, words in await _rows(db, person.id):
        if _key(row) != key:
            continue
        same = RoleHeld.urn.is_(None) if row.urn is None else col(RoleHeld.urn) == row.urn  # type: ignore[union-attr]
        has = select(col(RoleHeld.id)).where(col(RoleHeld.person_id) == taker, col(RoleHeld.role) == row.role, same)
        if (await db.execute(has)).first() is None:
            db.add(RoleHeld(hub_id=row.hub_id, person_id=taker, role=row.role, urn=row.urn))
        await db.delete(row)
        await db.flush()
        return words
    return ""


async def change_head(db: AsyncSession, person: Person, head: Head, old: int | None, new: int) -> None:
    """A headteacher who changes school: head of the new one, of both, or of none; without a word nothing changes."""
    found = await db.execute(
        select(RoleHeld).where(col(RoleHeld.person_id) == person.id, col(RoleHeld.role) == Role.HEADTEACHER.stored)
    )
    held = list(found.scalars())
    if not head or not held:
        return
    for row in held:
        if head == "neither" or (head == "there" and row.urn in {old, None}) or (head == "there" and len(held) == 1):
            await db.delete(row)
    await db.flush()
    if head != "neither" and all(row.urn != new for row in held):
        db.add(RoleHeld(hub_id=person.hub_id, person_id=person.id, role=Role.HEADTEACHER.stored, urn=new))
        await db.flush()


def _key(row: RoleHeld) -> str:
    return f"role-{row.role}-{row.urn or 0}"


async def _rows(db: AsyncSession, person_id: uuid.UUID) -> list[tuple[RoleHeld, str]]:
    found = await db.execute(
        select(RoleHeld, col(School.name))
        .outerjoin(School, col(School.urn) == col(RoleHeld.urn))
        .where(col(RoleHeld.person_id) == person_id, col(RoleHeld.role) != Role.PARTICIPANT.stored)
    )
    rows = [(row[0], Role.of(row[0].role).value + (f" of {row[1]}" if row[1] else "")) for row in found.all()]
    return sorted(rows, key=lambda row: row[1])
