"""My account: where I am signed in, and what asks before a browser or a passkey goes."""

from fastapi.responses import Response

from app.actions import sign_in
from app.domain.sign_in import can_have_passkeys
from app.kit.passkeys import site
from app.pages.sign_in import account
from app.render.html import plural
from app.routers.answer import go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import guarded_router, signed_in
from app.routers.sign_in.coming import holder

router = guarded_router()
OWN = "everyone looks after their own account"


@router.get("/my/account")
@signed_in(OWN)
async def see_account(door: Through) -> Response:
    """Browsers and passkeys."""
    can_have = can_have_passkeys(site(door.settings.address).host)
    return show(door, await account.account_page(door.db, door.viewer, door.session_id, door.now, can_have=can_have))


@router.get("/my/account/browsers/others/end")
@signed_in(OWN)
async def ask_to_end_others(door: Through) -> Response:
    """Asks before every other browser is signed out."""
    return show(door, await account.end_others_page(door.db, door.viewer, door.session_id, door.now))


@router.post("/my/account/browsers/others/end")
@signed_in(OWN)
async def end_others(door: Through) -> Response:
    """Signs every other browser out."""
    ended = await sign_in.end_others(holder(door))
    said = f"{plural(ended, 'other browser')} signed out." if ended else "You were signed in nowhere else."
    return go_to(door, account.HERE, said)


@router.get("/my/account/browsers/{browser}/end")
@signed_in(OWN)
async def ask_to_end(door: Through, browser: str) -> Response:
    """Asks before a browser is signed out."""
    return show(door, await account.end_page(door.db, door.viewer, known_id(browser), door.now))


@router.post("/my/account/browsers/{browser}/end")
@signed_in(OWN)
async def end_browser(door: Through, browser: str) -> Response:
    """Signs a browser out."""
    words = await sign_in.end_browser(holder(door), known_id(browser))
    return go_to(door, account.HERE, f"{words} is signed out.")


@router.get("/my/account/passkeys/{passkey}/remove")
@signed_in(OWN)
async def ask_to_remove(door: Through, passkey: str) -> Response:
    """Asks before a passkey goes."""
    return show(door, await account.remove_page(door.db, door.viewer, known_id(passkey)))


@router.post("/my/account/passkeys/{passkey}/remove")
@signed_in(OWN)
async def remove_passkey(door: Through, passkey: str) -> Response:
    """Removes a passkey."""
    name = await sign_in.remove_passkey(holder(door), known_id(passkey))
    return go_to(door, account.HERE, f"The passkey {name} is removed.")
