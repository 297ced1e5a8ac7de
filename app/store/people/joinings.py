"""Invitations into a hub: written, listed, and found by whoever holds the mailed link."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.people.joining import LASTS, Asked, Asking
from app.kit.links import read_link
from app.models.hubs import Hub
from app.models.meetings import WorkGroup
from app.models.people import Account, Joining, Person, RoleHeld
from app.models.schools import School
from app.store.database import see_hubs

ORDERS = ("name", "email", "asked", "until")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which invitations: words in name or address, a standing (empty: any), a role; sorted, and (how many, after)."""

    words: str = ""
    standing: str = ""
    role: str = ""
    order: str = "name"
    down: bool = False
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """An invitation with the names of what it speaks of."""

    joining: Joining
    school: str
    group: str
    by: str


@dataclass(frozen=True, slots=True)
class ByLink:
    """What a mailed link opens: the invitation in its hub."""

    listed: Listed
    hub: Hub


@dataclass(frozen=True, slots=True)
class Becoming:
    """Who somebody became: the person, and whether they had been one before."""

    person: Person
    back: bool


async def one_at_a_time(db: AsyncSession, hub_id: uuid.UUID, emails: Iterable[str]) -> None:
    """Whoever else writes of these addresses in this hub waits until the transaction ends."""
    for email in sorted({one.strip().lower() for one in emails}):
        await db.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"joining {hub_id} {email}"}
        )


async def here_already(db: AsyncSession, hub_id: uuid.UUID, emails: Sequence[str]) -> dict[str, str]:
    """Of these addresses those of people who work with the hub: address to name."""
    found = await db.execute(
        select(col(Account.email), col(Person.name))
        .join(Person, col(Person.account_id) == col(Account.id))
        .where(col(Person.hub_id) == hub_id, col(Person.left_on).is_(None), col(Account.email).in_(_lower(emails)))
    )
    return {row[0]: row[1] for row in found.all()}


async def asked_already(
    db: AsyncSession, hub_id: uuid.UUID, emails: Sequence[str], now: datetime
) -> dict[str, Joining]:
    """Of these addresses those that an invitation waits for."""
    found = await db.execute(
        select(Joining).where(
            col(Joining.hub_id) == hub_id,
            func.lower(col(Joining.email)).in_(_lower(emails)),
            _standing("waiting", now),
        )
    )
    return {one.email.lower(): one for one in found.scalars()}


def _lower(emails: Sequence[str]) -> list[str]:
    return [one.strip().lower() for one in emails]


async def add(
    db: AsyncSession, hub_id: uuid.UUID, asked: Asked, asking: Asking, by: tuple[uuid.UUID | None, datetime]
) -> Joining:
    """A new invitation; `by` is whoever asks, and when."""
    made = Joining(
        hub_id=hub_id,
        email=asked.email.strip().lower(),
        name=" ".join(asked.name.split()),
        roles=[role.stored for role in asking.roles],
        urn=asking.urn,
        group_id=asking.group_id,
        note=asking.note.strip(),
        asked_by=by[0],
        asked_at=by[1],
        expires_at=by[1] + LASTS,
    )
    db.add(made)
    await db.flush()
    return made


def _standing(standing: str, now: datetime) -> ColumnElement[bool]:
    if standing == "waiting":
        return and_(col(Joining.state) == "waiting", col(Joining.expires_at) > now)
    if standing == "run out":
        return and_(col(Joining.state) == "waiting", col(Joining.expires_at) <= now)
    return col(Joining.state) == standing


def _rows(hub_id: uuid.UUID) -> Select[Any]:
    return (
        select(Joining, func.coalesce(col(School.name), ""), func.coalesce(col(WorkGroup.code), ""))
        .add_columns(func.coalesce(col(Person.name), ""))
        .outerjoin(School, col(School.urn) == col(Joining.urn))
        .outerjoin(WorkGroup, col(WorkGroup.id) == col(Joining.group_id))
        .outerjoin(Person, col(Person.id) == col(Joining.asked_by))
        .where(col(Joining.hub_id) == hub_id)
    )


def _narrowed(hub_id: uuid.UUID, wanted: Wanted, now: datetime) -> Select[Any]:
    found = _rows(hub_id)
    if wanted.words:
        places = (col(Joining.name), col(Joining.email))
        found = found.where(or_(*(place.icontains(wanted.words, autoescape=True) for place in places)))
    if wanted.standing:
        found = found.where(_standing(wanted.standing, now))
    if wanted.role:
        found = found.where(col(Joining.roles).contains([wanted.role]))
    return found


async def count(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted, now: datetime) -> int:
    """How many invitations there are to see."""
    found = select(func.count()).select_from(_narrowed(hub_id, wanted, now).subquery())
    return (await db.execute(found)).scalar_one()


async def listed(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted, now: datetime) -> list[Listed]:
    """The invitations: one statement."""
    keys: dict[str, Any] = {
        "asked": col(Joining.asked_at),
        "name": func.lower(col(Joining.name)),
        "email": func.lower(col(Joining.email)),
        "until": col(Joining.expires_at),
    }
    key, down = keys[wanted.order], wanted.down
    query = _narrowed(hub_id, wanted, now).order_by(key.desc() if down else key.asc(), col(Joining.id))
    found = await db.execute(query.limit(wanted.limit).offset(wanted.offset))
    return [Listed(*row) for row in found.all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, joining_id: uuid.UUID, *, lock: bool = False) -> Listed | None:
    """An invitation of the hub, held for a change with `lock`."""
    query = _rows(hub_id).where(col(Joining.id) == joining_id)
    if lock:
        query = query.with_for_update(of=Joining).execution_options(populate_existing=True)
    row = (await db.execute(query)).one_or_none()
    return Listed(*row) if row else None


async def by_link(db: AsyncSession, secret: bytes, token: str, *, lock: bool = False) -> ByLink | None:
    """What a mailed link opens, and the wall for its hub alone; None for a link that was not made here."""
    named = read_link(secret, "join", token)
    if named is None:
        return None
    await see_hubs(db, named[0])
    found = await one(db, named[0], named[1], lock=lock)
    return ByLink(found, await db.get_one(Hub, named[0])) if found else None


async def person_of(db: AsyncSession, hub_id: uuid.UUID, account_id: uuid.UUID) -> Person | None:
    """Whoever this account is in the hub, gone or not, held for a change."""
    found = select(Person).where(col(Person.hub_id) == hub_id, col(Person.account_id) == account_id)
    return (await db.execute(found.with_for_update())).scalar_one_or_none()


async def give_roles(db: AsyncSession, person: Person, roles: Iterable[Role], urn: int | None) -> list[str]:
    """The person holds these roles too, a headteacher's at the school; those that are new, as stored."""
    found = select(col(RoleHeld.role), col(RoleHeld.urn)).where(col(RoleHeld.person_id) == person.id)
    held = {(row[0], row[1]) for row in (await db.execute(found)).all()}
    wanted = [(role.stored, urn if role is Role.HEADTEACHER else None) for role in roles]
    new = [one for one in wanted if one not in held]
    db.add_all(RoleHeld(hub_id=person.hub_id, person_id=person.id, role=stored, urn=at) for stored, at in new)
    await db.flush()
    return [stored for stored, _ in new]
