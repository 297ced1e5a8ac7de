"""My account: the browsers that are signed in, and passkeys; what is asked before one of them ends."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.sign_in import How, browser_named, must_have_passkey
from app.kit.errors import NotFoundError
from app.kit.periods import spoken
from app.pages._parts import Confirm, Field, Form
from app.store.sign_in import browsers, passkeys

HERE = "/my/account"


@dataclass(frozen=True, slots=True)
class BrowserLine:
    """A browser that is signed in, in words; `here` is the one that looks at the page. `end` signs it out."""

    name: str
    says: str
    here: bool
    end: str


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey by its owner's name for it; `remove` asks before it goes."""

    name: str
    says: str
    remove: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """How somebody signs in, and where they are signed in now. `required` names hubs that ask for a passkey."""

    template: ClassVar[str] = "sign_in/account.html"
    email: str
    browsers: tuple[BrowserLine, ...]
    passkeys: tuple[PasskeyLine, ...]
    required: str
    can_have: bool
    end_others: str = f"{HERE}/browsers/others/end"
    make: str = f"{HERE}/passkeys/new"


@dataclass(frozen=True, slots=True)
class AccountConfirmPage:
    """Asks before a browser is signed out or a passkey goes."""

    template: ClassVar[str] = "sign_in/sure.html"
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class PasskeyPage:
    """Makes a passkey, or asks for one. `offered`: at the first sign-in; `needed`: the hub asks; `back`: what comes."""

    template: ClassVar[str] = "sign_in/passkey.html"
    form: Form
    has: bool
    offered: bool = False
    needed: bool = False
    back: str = HERE


async def account_page(
    db: AsyncSession, viewer: Viewer, session_id: uuid.UUID | None, now: datetime, *, can_have: bool
) -> AccountPage:
    """The account's browsers, the last seen first, and its passkeys: two statements."""
    account_id = _of(viewer)
    found = await browsers.of_account(db, account_id, now)
    lines = tuple(
        BrowserLine(
            name=browser_named(one.agent),
            says=f"Signed in {spoken(one.created_at)}, by {How.of(one.how).value}. Last seen {spoken(one.seen_at)}.",
            here=one.id == session_id,
            end=f"{HERE}/browsers/{one.id}/end",
        )
        for one in found
    )
    keys = tuple(
        PasskeyLine(
            name=one.name,
            says=f"Made {spoken(one.made_at)}. "
            + (f"Last used {spoken(one.used_at)}." if one.used_at else "Not used yet."),
            remove=f"{HERE}/passkeys/{one.id}/remove",
        )
        for one in await passkeys.of_account(db, account_id)
    )
    asking = " and ".join(member.hub_name for member in viewer.members if must_have_passkey(member))
    return AccountPage(viewer.email, lines, keys, asking, can_have)


def _of(viewer: Viewer) -> uuid.UUID:
    if viewer.account_id is None:
        raise NotFoundError
    return viewer.account_id


async def end_page(db: AsyncSession, viewer: Viewer, session_id: uuid.UUID, now: datetime) -> AccountConfirmPage:
    """Asks before one browser is signed out; raises NotFoundError."""
    found = await browsers.one(db, _of(viewer), session_id, now)
    if found is None:
        raise NotFoundError
    happens = (
        f"It was last seen {spoken(found.seen_at)}. From now on it has to sign in again.",
        "Notes that wait on it unsent stay there, sealed, until you sign in there again.",
    )
    question = f"Sign out {browser_named(found.agent)}?"
    action = f"{HERE}/browsers/{session_id}/end"
    return AccountConfirmPage(
        Confirm(question=question, happens=happens, action=action, submit="Sign it out", back=HERE)
    )


async def end_others_page(
    db: AsyncSession, viewer: Viewer, session_id: uuid.UUID | None, now: datetime
) -> AccountConfirmPage:
    """Asks before every other browser is signed out."""
    others = [one for one in await browsers.of_account(db, _of(viewer), now) if one.id != session_id]
    happens = tuple(f"{browser_named(one.agent)}, last seen {spoken(one.seen_at)}, is signed out." for one in others)
    none = ("You are signed in nowhere else: nothing will change.",)
    action = f"{HERE}/browsers/others/end"
    return AccountConfirmPage(
        Confirm(
            question="Sign out every other browser?",
            happens=happens or none,
            action=action,
            submit="Sign them all out",
            back=HERE,
        )
    )


async def remove_page(db: AsyncSession, viewer: Viewer, passkey_id: uuid.UUID) -> AccountConfirmPage:
    """Asks before a passkey goes; raises NotFoundError."""
    found = await passkeys.one(db, _of(viewer), passkey_id)
    if found is None:
        raise NotFoundError
    happens = (
        "It opens Halfterm no more. The device may still show it: delete it there as well.",
        f"A link to {viewer.email} still signs you in, and so does every other passkey.",
    )
    action = f"{HERE}/passkeys/{passkey_id}/remove"
    return AccountConfirmPage(
        Confirm(
            question=f"Remove the passkey {found.name}?", happens=happens, action=action, submit="Remove it", back=HERE
        )
    )


async def passkey_page(db: AsyncSession, viewer: Viewer, agent: str) -> PasskeyPage:
    """The page that makes a passkey, with a name to begin with."""
    field = Field(
        name="name",
        label="What to call it",
        hint="So that you know it again in your list, for example by the device it is on.",
        value=browser_named(agent),
        width="20",
    )
    form = Form(action=f"{HERE}/passkeys", submit="Make a passkey", fields=(field,))
    return PasskeyPage(form=form, has=bool(await passkeys.count(db, _of(viewer))))
