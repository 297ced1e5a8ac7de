"""Accounts, sessions, sign-in links, tokens, and who somebody is in each hub."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Role, Viewer
from app.kit.tokens import new_token, token_hash
from app.models.people import Account, ApiToken, Session, SignInLink
from app.store.database import see_account, see_hubs_of

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


# One statement for all that the door asks of every request.
_MEMBERS = text("""
    SELECT person.id, person.name, hub.id AS hub_id, hub.code, hub.name AS hub_name, hub.passkeys_required,
        ARRAY(SELECT role FROM role_held WHERE person_id = person.id) AS roles,
        ARRAY(SELECT urn FROM role_held WHERE person_id = person.id AND urn IS NOT NULL) AS schools,
        mine.groups,
        ARRAY(SELECT urn FROM group_school WHERE group_id = ANY (mine.groups)) AS group_schools
    FROM person JOIN hub ON hub.id = person.hub_id
    CROSS JOIN LATERAL (SELECT ARRAY(
        SELECT id FROM work_group WHERE leader_id = person.id
        UNION SELECT group_id FROM participant WHERE person_id = person.id
    ) AS groups) AS mine
    WHERE person.account_id = :account AND person.left_on IS NULL
    ORDER BY person.id
""")


async def viewer(db: AsyncSession, account_id: uuid.UUID, email: str) -> Viewer:
    """Who an account is in each of its hubs. Opens the wall for those hubs: a fixed three statements."""
    await see_account(db, account_id)
    await see_hubs_of(db, account_id)
    found = await db.execute(_MEMBERS, {"account": account_id})
    members = tuple(
        Member(
            hub_id=row.hub_id,
            hub_code=row.code,
            hub_name=row.hub_name,
            person_id=row.id,
            name=row.name,
            roles=frozenset(map(Role.of, row.roles)),
            groups=frozenset(row.groups),
            group_schools=frozenset(row.group_schools),
            schools=frozenset(row.schools),
            passkeys_required=row.passkeys_required,
        )
        for row in found
    )
    return Viewer(account_id, email, members)


async def new_session(db: AsyncSession, account_id: uuid.UUID, now: datetime, agent: str, how: str = "link") -> str:
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
            how=how,
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
