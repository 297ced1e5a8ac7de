"""Accounts, sessions, sign-in links, tokens, and who somebody is in each hub."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Role, Viewer
from app.kit.tokens import new_token, token_hash
from app.models.hubs import Hub
from app.models.meetings import GroupSchool, Participant, WorkGroup
from app.models.people import Account, ApiToken, Person, RoleHeld, Session, SignInLink
from app.store.database import see_account, see_hubs

SESSION_DAYS = 30
LINK_MINUTES = 15


async def account(db: AsyncSession, email: str) -> Account | None:
    """The account with this address, whatever its case."""
    return (await db.execute(select(Account).where(col(Account.email) == email.strip().lower()))).scalar_one_or_none()


async def ensure_account(db: AsyncSession, email: str, now: datetime) -> Account:
    """The account with this address, made if need be."""
    made = insert(Account).values(id=uuid.uuid4(), email=email.strip().lower(), created_at=now)
    await db.execute(made.on_conflict_do_nothing(index_elements=["email"]))
    found = await account(db, email)
    assert found is not None  # noqa: S101  the line above made it
    return found


async def viewer(db: AsyncSession, account_id: uuid.UUID, email: str) -> Viewer:
    """Who an account is in each of its hubs. Opens the wall for those hubs: a fixed seven statements."""
    await see_account(db, account_id)
    mine = (
        await db.execute(
            select(Person)
            .where(col(Person.account_id) == account_id, col(Person.left_on).is_(None))
            .order_by(col(Person.id))
        )
    ).scalars()
    people = list(mine)
    await see_hubs(db, *(person.hub_id for person in people))
    ids = [person.id for person in people]
    hubs = {hub.id: hub for hub in (await db.execute(select(Hub))).scalars()}
    roles = list((await db.execute(select(RoleHeld).where(col(RoleHeld.person_id).in_(ids)))).scalars())
    led = (
        await db.execute(select(col(WorkGroup.id), col(WorkGroup.leader_id)).where(col(WorkGroup.leader_id).in_(ids)))
    ).all()
    joined = (
        await db.execute(
            select(col(Participant.group_id), col(Participant.person_id)).where(col(Participant.person_id).in_(ids))
        )
    ).all()
    groups = [(row[0], row[1]) for row in (*led, *joined)]
    schools = (
        await db.execute(
            select(col(GroupSchool.group_id), col(GroupSchool.urn)).where(
                col(GroupSchool.group_id).in_([g for g, _ in groups])
            )
        )
    ).all()
    members = []
    for person in people:
        own = frozenset(group for group, of in groups if of == person.id)
        members.append(
            Member(
                hub_id=person.hub_id,
                hub_code=hubs[person.hub_id].code,
                hub_name=hubs[person.hub_id].name,
                person_id=person.id,
                name=person.name,
                roles=frozenset(Role.of(held.role) for held in roles if held.person_id == person.id),
                groups=own,
                group_schools=frozenset(urn for group, urn in schools if group in own),
                schools=frozenset(held.urn for held in roles if held.person_id == person.id and held.urn is not None),
            )
        )
    return Viewer(account_id, email, tuple(members))


async def new_session(db: AsyncSession, account_id: uuid.UUID, now: datetime, agent: str) -> str:
    """Sign a browser in; returns the cookie's token, which is kept only as a hash."""
    token = new_token()
    db.add(
        Session(
            hash=token_hash(token),
            account_id=account_id,
            csrf=new_token(),
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(days=SESSION_DAYS),
            agent=agent[:200],
        )
    )
    await db.flush()
    return token


async def session(db: AsyncSession, token: str, now: datetime) -> tuple[Session, Account] | None:
    """The live session of a cookie, with its account."""
    found = await db.execute(
        select(Session, Account)
        .join(Account, col(Account.id) == col(Session.account_id))
        .where(col(Session.hash) == token_hash(token), col(Session.expires_at) > now)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def end_session(db: AsyncSession, token: str) -> None:
    """Sign a browser out."""
    found = await db.get(Session, token_hash(token))
    if found:
        await db.delete(found)


async def new_sign_in_link(db: AsyncSession, account_id: uuid.UUID, now: datetime) -> str:
    """A link's token: one use, 15 minutes."""
    token = new_token()
    db.add(SignInLink(hash=token_hash(token), account_id=account_id, expires_at=now + timedelta(minutes=LINK_MINUTES)))
    await db.flush()
    return token


async def sign_in_link(db: AsyncSession, token: str, now: datetime) -> SignInLink | None:
    """The link, while it can still be used. Looking does not use it: link scanners look."""
    return (
        await db.execute(
            select(SignInLink).where(
                col(SignInLink.hash) == token_hash(token),
                col(SignInLink.used_at).is_(None),
                col(SignInLink.expires_at) > now,
            )
        )
    ).scalar_one_or_none()


async def use_sign_in_link(db: AsyncSession, token: str, now: datetime) -> uuid.UUID | None:
    """Use the link, once: its account, or None when it was used or is too old. Two at once: one wins."""
    used = await db.execute(
        update(SignInLink)
        .where(
            col(SignInLink.hash) == token_hash(token),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(SignInLink.account_id))
    )
    return used.scalar_one_or_none()


async def new_api_token(db: AsyncSession, account_id: uuid.UUID, name: str, now: datetime) -> str:
    """A key for the API, shown once."""
    token = f"ht_{new_token()}"
    db.add(ApiToken(hash=token_hash(token), account_id=account_id, name=name, created_at=now))
    await db.flush()
    return token


async def token_account(db: AsyncSession, token: str) -> Account | None:
    """The account of an API token that was not revoked."""
    return (
        await db.execute(
            select(Account)
            .join(ApiToken, col(ApiToken.account_id) == col(Account.id))
            .where(col(ApiToken.hash) == token_hash(token), col(ApiToken.revoked_at).is_(None))
        )
    ).scalar_one_or_none()
