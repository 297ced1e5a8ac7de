"""What a route is handed: the one named door to the transaction, the viewer and the clock."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.access import IN_PERSON, Can, Member, No, Viewer, token_may
from app.domain.sign_in import needs_passkey
from app.kit.browsers import browser_in_words
from app.kit.clock import Clock
from app.kit.errors import ForbiddenError, NotFoundError, PasskeyNeededError, SignInNeededError
from app.kit.tokens import same
from app.kit.typed import Typed, typed
from app.settings import Settings
from app.store import people, sign_in
from app.store.database import Database

SAFE = {"GET", "HEAD", "OPTIONS"}
PASSKEY = "Sign in with your passkey, or make one: your hub asks its leads and coordinators for it."


@dataclass(frozen=True, slots=True)
class World:
    """What the server was put together with."""

    settings: Settings
    database: Database
    clock: Clock
    extras: dict[str, Any]


def world(request: Request) -> World:
    """The server's own parts."""
    made: World = request.app.state.world
    return made


def cookie_name(settings: Settings) -> str:
    """The session cookie; over HTTPS its name binds it to this host."""
    return "__Host-halfterm" if settings.secure else "halfterm"


async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """One request is one transaction: committed before the answer is sent, rolled back by any error or refusal."""
    async with world(request).database.transaction() as db:
        is_program = request.url.path.startswith("/api/") or "authorization" in request.headers
        db.info["source"] = "api" if is_program else "page"
        db.info["browser"] = browser_in_words(request.headers.get("user-agent", ""))
        yield db
        if getattr(request.state, "refused", False):
            await db.rollback()


Db = Annotated[AsyncSession, Depends(transaction, scope="function")]


@dataclass(slots=True)
class Door:
    """A request that came through the door."""

    request: Request
    db: AsyncSession
    viewer: Viewer
    now: datetime
    csrf: str = ""
    of_hub: Member | None = None
    session_id: uuid.UUID | None = None
    how: str = ""  # the session was opened by

    @property
    def settings(self) -> Settings:
        """The server's settings."""
        return world(self.request).settings

    @property
    def member(self) -> Member:
        """The viewer's part in the hub that the address names."""
        if self.of_hub is None:
            raise NotFoundError
        return self.of_hub

    async def typed(self) -> Typed:
        """What the person typed into the form."""
        return typed((await self.request.form()).multi_items())

    @property
    def actor(self) -> Actor:
        """Whoever acts in this hub, for an action."""
        return Actor(self.db, self.viewer, self.member, self.now)


@dataclass(frozen=True, slots=True)
class Known:
    """Who is there; the session's own values are empty for an API token, which no browser sends by itself."""

    viewer: Viewer
    csrf: str = ""
    session_id: uuid.UUID | None = None
    how: str = ""


async def _who(request: Request, db: AsyncSession, now: datetime) -> Known:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Known(await _holder(db, token.strip(), now))
    cookie = request.cookies.get(cookie_name(world(request).settings), "")
    found = await people.session(db, cookie, now) if cookie else None
    if found is None:
        return Known(Viewer())
    session, account = found
    await sign_in.seen(db, session, now)
    return Known(await people.viewer(db, account.id, account.email), session.csrf, session.id, session.how)


async def _holder(db: AsyncSession, token: str, now: datetime) -> Viewer:
    """Whoever an API token stands for: an account with all its rights, or with what a hub's token leaves of them."""
    account = await people.token_account(db, token)
    if account is not None:
        return await people.viewer(db, account.id, account.email)
    return await people.hub_token_holder(db, token, now) or Viewer()


async def _check_csrf(request: Request, csrf: str) -> None:
    """A form or script of another site must not act in the viewer's name."""
    site = request.headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        raise ForbiddenError("This came from another website. Open Halfterm itself and try again.")
    sent = request.headers.get("x-csrf-token", "")
    if not sent and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        sent = str((await request.form()).get("csrf", ""))
    if not csrf or not same(sent, csrf):
        raise ForbiddenError("This page was open for a long time. Go back, load it again and send it once more.")


async def door(request: Request, db: Db) -> Door:
    """Who comes through this route's door: checks its permission, the hub in its address, and forgery.

    Raises SignInNeededError, NotFoundError (unknown and not-yours alike) or ForbiddenError.
    """
    if any("\0" in str(value) for value in request.path_params.values()):
        raise NotFoundError  # no text in the database holds it, so nothing has such a name
    marks = request.scope["route"].endpoint.__dict__
    now = world(request).clock()
    known = await _who(request, db, now)
    viewer, csrf = known.viewer, known.csrf
    come = Door(request, db, viewer, now, csrf, None, known.session_id, known.how)
    if "public" in marks:
        return come
    if viewer.account_id is None:
        raise SignInNeededError("Sign in to see this page.")
    if known.session_id and needs_passkey(viewer.members, known.how) and not _on_the_way(request):
        raise PasskeyNeededError(PASSKEY)
    code = request.path_params.get("code")
    if code is not None:
        come.of_hub = next((member for member in viewer.members if member.hub_code == code), None)
        if come.of_hub is None:
            raise NotFoundError
    _check_token(request, viewer, marks)
    if "allow" in marks:
        _check_permission(viewer, come.of_hub, marks["allow"])
    if request.method not in SAFE:
        if not request.headers.get("authorization", "").lower().startswith("bearer "):
            await _check_csrf(request, csrf)
        elif marks.get("allow") in IN_PERSON:
            raise ForbiddenError("A person who is signed in does this, not a program. Sign in, and do it on the page.")
    return come


def _check_token(request: Request, viewer: Viewer, marks: dict[str, Any]) -> None:
    """A hub's token comes in where its scopes say, and where a route that needs no permission is open to tokens."""
    if "tokens_too" in marks:
        return
    decision = token_may(viewer, marks.get("allow"), changes=request.method not in SAFE)
    if isinstance(decision, No):
        raise ForbiddenError(decision.because)


def _on_the_way(request: Request) -> bool:
    """What is open to whoever must still show a passkey: their own account, and the way out."""
    path = request.scope["route"].path
    return bool(path.startswith("/my/account") or path == "/sign-out")


def _check_permission(viewer: Viewer, member: Member | None, can: Can) -> None:
    members = [member] if member else viewer.members
    if not any(one.reaches(can) for one in members):
        raise ForbiddenError(f"Your role does not let you {can.value}. Ask your hub coordinator.")


stand_at_the_door = Depends(door, scope="function")
Through = Annotated[Door, stand_at_the_door]


def known_id(text: str) -> uuid.UUID:
    """An id from an address; nonsense is as unknown as any other id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFoundError from None


def database(door: Door) -> Database:
    """For an answer that outlives its request's transaction: a stream opens short ones of its own."""
    return world(door.request).database
