"""Making, using and removing passkeys."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.sign_in.browsers import Holder
from app.actions.sign_in.knocking import Knock, Opened, open_session, too_many
from app.domain.access import Can
from app.domain.sign_in import (
    CHALLENGES_FROM_NETWORK,
    How,
    can_have_passkeys,
    must_have_passkey,
    needs_passkey,
)
from app.kit import passkeys as keys
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError, StaleError
from app.kit.tokens import new_token
from app.models.people import Passkey
from app.store import hubs, jobs, people, trail
from app.store.sign_in import browsers
from app.store.sign_in import passkeys as kept

NO_NAME = "Browsers make passkeys only for a server with a name. Whoever runs Halfterm can give it one."
NOT_MADE = "The passkey could not be checked, so nothing was kept. Try once more from the beginning."
NOT_USED = "This passkey does not open Halfterm any more, or it took too long. Try again, or ask for a link by e-mail."
HAS_ONE = "You have a passkey already: use it first. If it is lost, whoever runs Halfterm can remove it for you."
LAST = "Your hub asks you for a passkey, and this is your only one. Make another one first, then remove this."
SLOW = "Many people on your network are signing in. Wait a few minutes, or ask for a link by e-mail."
LONGEST = 60  # characters of a passkey's name
MOST = 20  # passkeys of one person


async def begin_making(holder: Holder, site: keys.Site) -> dict[str, Any]:
    """What the browser needs to make a passkey for whoever is signed in.

    Raises ConflictError where browsers would refuse, and ForbiddenError where a passkey must be used first.
    """
    known = await _may_make(holder, site)
    challenge = new_token()
    await kept.keep_challenge(holder.db, challenge, holder.account_id, holder.now)
    owner = keys.Owner(holder.account_id.bytes, holder.viewer.email)
    return keys.to_make(site, owner, challenge, [one.credential for one in known])


async def _may_make(holder: Holder, site: keys.Site) -> list[Passkey]:
    if not can_have_passkeys(site.host):
        raise ConflictError(NO_NAME)
    known = await kept.of_account(holder.db, holder.account_id)
    if known and needs_passkey(holder.viewer.members, holder.how):
        raise ForbiddenError(HAS_ONE)  # else whoever reads the mailbox could make one of their own
    if len(known) >= MOST:
        raise ConflictError(f"You have {MOST} passkeys. Remove one that you no longer use, then make a new one.")
    return known


async def finish_making(holder: Holder, site: keys.Site, answer: object, name: str) -> str:
    """Keep the passkey that a device has made; its name. Raises BadInputError, also where the challenge is used up."""
    await _may_make(holder, site)
    try:
        challenge = keys.challenge_in(answer)
        if not await kept.take_challenge(holder.db, challenge, holder.account_id, holder.now):
            raise BadInputError(NOT_MADE, (Fault("name", NOT_MADE),))
        new = keys.made(site, answer, challenge)
    except keys.NotAPasskeyError:
        raise BadInputError(NOT_MADE, (Fault("name", NOT_MADE),)) from None
    called = name.strip()[:LONGEST] or "My passkey"
    made = kept.Made(new.credential, new.public_key, new.uses, called)
    if not await kept.keep(holder.db, holder.account_id, made, holder.now):
        raise BadInputError(NOT_MADE, (Fault("name", NOT_MADE),))
    if holder.session_id:
        await browsers.confirm(holder.db, holder.session_id, How.PASSKEY.stored)
    await holder.told("Added", f"a passkey: {called}")
    await _write_to_owner(holder, called, site)
    return called


async def _write_to_owner(holder: Holder, name: str, site: keys.Site) -> None:
    text = (
        f"A passkey called {name} was added to your account, {holder.viewer.email}. "
        "You can sign in with it from now on.\n\n"
        "Was that you? Then there is nothing to do.\n\n"
        f"If not, somebody else was signed in as you. Open {site.address}/my/account, remove the passkey, "
        "and sign out all other browsers.\n"
    )
    subject = "A passkey was added to your account"
    await jobs.defer(holder.db, "send_letter", to=holder.viewer.email, subject=subject, text=text)


async def begin_using(db: AsyncSession, knock: Knock) -> dict[str, Any]:
    """What the browser needs to let somebody choose a passkey. Raises ConflictError."""
    if not can_have_passkeys(knock.site.host):
        raise ConflictError(NO_NAME)
    until, _ = await too_many(db, CHALLENGES_FROM_NETWORK, knock.network, knock.now)
    if until:
        raise ConflictError(SLOW)
    challenge = new_token()
    await kept.keep_challenge(db, challenge, None, knock.now)
    return keys.to_use(knock.site, challenge)


async def use_passkey(db: AsyncSession, answer: object, knock: Knock) -> Opened | None:
    """Sign in with a passkey; None when it opens nothing. The challenge is used up either way."""
    try:
        challenge = keys.challenge_in(answer)
        if not await kept.take_challenge(db, challenge, None, knock.now):
            return None
        found = await kept.by_credential(db, keys.credential_in(answer))
        if found is None:
            return None
        passkey, account = found
        key = keys.NewKey(passkey.credential, passkey.public_key, passkey.uses)
        passkey.uses = keys.used(knock.site, answer, challenge, key)
    except keys.NotAPasskeyError:
        return None
    passkey.used_at = knock.now
    return await open_session(db, account.id, knock, How.PASSKEY)


async def remove_passkey(holder: Holder, passkey_id: uuid.UUID) -> str:
    """Remove a passkey; its name. Raises NotFoundError, ConflictError for the last one a hub asks for."""
    found = await kept.one(holder.db, holder.account_id, passkey_id)
    if found is None:
        raise NotFoundError
    if needs_passkey(holder.viewer.members, holder.how):
        raise ForbiddenError(HAS_ONE)
    if any(map(must_have_passkey, holder.viewer.members)) and await kept.count(holder.db, holder.account_id) == 1:
        raise ConflictError(LAST)
    await kept.remove(holder.db, holder.account_id, passkey_id)
    await holder.told("Removed", f"a passkey: {found.name}")
    return found.name


async def forget_passkeys(db: AsyncSession, email: str, now: datetime) -> int | None:
    """At the server's own command line: remove somebody's passkeys, whose devices are lost, and end their sessions.

    How many passkeys went; None when nobody has this address.
    """
    account = await people.account(db, email)
    if account is None:
        return None
    gone = await kept.remove(db, account.id)
    await browsers.end(db, account.id)
    viewer = await people.viewer(db, account.id, account.email)
    about = f"every passkey of {account.email}, at the server's command line"
    for member in viewer.members:
        await trail.record(db, trail.Deed(member.hub_id, now, "Removed", about))  # by no account
    return gone


async def require_passkeys(actor: Actor, *, required: bool, how: str, version: int) -> bool:
    """Ask leads and coordinators of the hub for a passkey, or no longer; whether that changed anything.

    Raises ConflictError where whoever asks would be shut out themselves, and StaleError.
    """
    actor.require(Can.EDIT_HUB)
    hub = await hubs.one(actor.db, actor.member.hub_id)
    if hub.version != version:
        raise StaleError("Somebody else saved the settings after you opened the page. Load it again.")
    if hub.passkeys_required == required:
        return False
    if required and how != How.PASSKEY.stored:
        because = (
            "Sign in with a passkey yourself first: without one you would be shut out. Make it under your name, above."
        )
        raise ConflictError(because)
    hub.passkeys_required = required
    hub.version += 1
    await actor.db.flush()
    await actor.record("Changed", "whether leads and coordinators need a passkey", required=required)
    return True
