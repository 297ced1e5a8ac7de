"""Making and using passkeys: a little script asks what to sign, and brings the signature; all else is pages."""

import json
from dataclasses import replace
from typing import Any

from fastapi.responses import JSONResponse, Response

from app.actions import sign_in
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, HalftermError
from app.kit.passkeys import site
from app.pages.sign_in import account
from app.routers.answer import go_to, refuse, show, with_notice
from app.routers.deps import Door, Through
from app.routers.guard import allow, guarded_router, public, signed_in
from app.routers.sign_in.coming import TooOftenError, from_here, holder, knock, let_in, safe_path, until

router = guarded_router()
OWN = "everyone looks after their own account"
NOT_READ = "What the browser sent cannot be read. Load the page again and try once more."
NOT_OPENED = "This passkey does not open Halfterm, or it took too long. Try again, or ask for a link by e-mail."


class NotOpenedError(HalftermError):
    """A passkey that nobody here has, or an answer to another question."""

    status = 422
    title = "This passkey opens nothing here"


async def _sent(door: Door) -> dict[str, Any]:
    """The JSON that the script sent; raises BadInputError."""
    try:
        body = json.loads(await door.request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadInputError(NOT_READ, (Fault("", NOT_READ),))
    return body


@router.post("/sign-in/passkey/begin")
@public("nobody is signed in yet")
async def begin_using(door: Through) -> Response:
    """What a browser is asked to sign."""
    from_here(door.request)
    return JSONResponse(await sign_in.begin_using(door.db, knock(door)))


@router.post("/sign-in/passkey/use")
@public("the passkey is the key")
async def use(door: Through) -> Response:
    """Signs in with a passkey."""
    from_here(door.request)
    sent = await _sent(door)
    opened = await sign_in.use_passkey(door.db, sent.get("credential"), knock(door))
    if opened is None:  # answered and not raised: the challenge is used up, and the try is counted
        wait = await sign_in.wrong(door.db, knock(door))
        slow = TooOftenError(f"Too many tries from your network. Wait until {until(wait)}.") if wait else None
        return refuse(door.request, slow or NotOpenedError(NOT_OPENED))
    return await let_in(door, JSONResponse({"location": safe_path(str(sent.get("back", "/")))}), opened)


@router.get("/my/account/passkeys/new")
@signed_in(OWN)
async def new(door: Through, offered: str = "", back: str = "/my/account") -> Response:
    """The page that makes a passkey; after a first sign-in it can be declined."""
    page = await account.passkey_page(door.db, door.viewer, door.request.headers.get("user-agent", ""))
    return show(door, replace(page, offered=offered == "yes", back=safe_path(back)))


@router.get("/my/account/passkeys/needed")
@signed_in(OWN)
async def needed(door: Through, back: str = "/") -> Response:
    """Asks for a passkey, or for one to be made, before the rest opens."""
    page = await account.passkey_page(door.db, door.viewer, door.request.headers.get("user-agent", ""))
    return show(door, replace(page, needed=True, back=safe_path(back)))


@router.post("/my/account/passkeys/begin")
@signed_in(OWN)
async def begin_making(door: Through) -> Response:
    """What a browser needs to make a passkey."""
    return JSONResponse(await sign_in.begin_making(holder(door), site(door.settings.address)))


@router.post("/my/account/passkeys")
@signed_in(OWN)
async def make(door: Through) -> Response:
    """Keeps a passkey that a device has made."""
    sent = await _sent(door)
    named, here = str(sent.get("name", "")), site(door.settings.address)
    try:
        name = await sign_in.finish_making(holder(door), here, sent.get("credential"), named)
    except BadInputError as refused:
        return refuse(door.request, refused)  # answered and not raised: the challenge is used up
    answer = JSONResponse({"location": safe_path(str(sent.get("back", account.HERE)))})
    return with_notice(door, answer, f"The passkey {name} is made: you can sign in with it from now on.")


@router.post("/hubs/{code}/settings/passkeys")
@allow(Can.EDIT_HUB)
async def require(door: Through) -> Response:
    """Asks the hub's leads and coordinators for a passkey, or no longer."""
    typed = await door.typed()
    wanted = "yes" in typed.every("passkeys")
    changed = await sign_in.require_passkeys(door.actor, required=wanted, how=door.how, version=typed.version)
    said = (
        "Leads and coordinators need a passkey from now on." if wanted else "A link by e-mail is enough for everyone."
    )
    return go_to(door, f"/hubs/{door.member.hub_code}/settings", said if changed else "Nothing was changed.")
