"""Single sign-on: off to a provider with a signed cookie, and back."""

import base64
import json
from datetime import datetime, timedelta

from fastapi.responses import RedirectResponse, Response

from app.actions.sign_in import providers
from app.kit.tokens import new_token, same, signature
from app.routers.answer import go_to
from app.routers.deps import Door, Through
from app.routers.guard import guarded_router, public
from app.routers.sign_in.coming import knock, let_in, next_page, safe_path
from app.settings import Provider

router = guarded_router()
MINUTES = 10
STOPPED = "You did not finish signing in with {}. Try again, or ask for a link by e-mail."
LOST = "This sign-in was begun elsewhere, or more than 10 minutes ago. Begin again on the sign-in page."
COOKIE = "halfterm-errand"


def _provider(door: Door, key: str) -> Provider | None:
    return next((one for one in door.settings.providers if one.key == key), None)


def _cookie_name(door: Door) -> str:
    return f"__Host-{COOKIE}" if door.settings.secure else COOKIE


def _sealed(door: Door, errand: providers.Errand, back: str) -> str:
    """What must be known again on the way back, signed, for this browser alone."""
    until = (door.now + timedelta(minutes=MINUTES)).isoformat()
    said = [errand.provider.key, errand.state, errand.nonce, errand.verifier, back, until]
    text = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    return f"{text}.{signature(door.settings.secret, 'errand', text)}"


def _opened(door: Door, provider: Provider) -> tuple[providers.Errand, str]:
    """The errand this browser was sent on, and where to go on to; raises NotLetInError."""
    text, _, signed = door.request.cookies.get(_cookie_name(door), "").partition(".")
    if not text or not same(signed, signature(door.settings.secret, "errand", text)):
        raise providers.NotLetInError(LOST)
    key, state, nonce, verifier, back, until = json.loads(base64.urlsafe_b64decode(text))
    told = door.request.query_params.get("state", "")
    if key != provider.key or not same(told, state) or datetime.fromisoformat(until) <= door.now:
        raise providers.NotLetInError(LOST)
    return providers.Errand(provider, _back_to(door, key), state, nonce, verifier), back


def _back_to(door: Door, key: str) -> str:
    return f"{door.settings.address}/sign-in/with/{key}/back"


@router.get("/sign-in/with/{provider}")
@public("nobody is signed in yet; it writes nothing but a cookie")
async def go(door: Through, provider: str, back: str = "/") -> Response:
    """Off to the provider."""
    found = _provider(door, provider)
    if found is None:
        return go_to(door, "/sign-in", "This way to sign in is not set up here. Ask for a link by e-mail.")
    errand = providers.Errand(found, _back_to(door, found.key), new_token(), new_token(), new_token())
    response = RedirectResponse(await providers.way_there(errand), 303)
    response.set_cookie(
        _cookie_name(door),
        _sealed(door, errand, safe_path(back)),
        max_age=MINUTES * 60,
        path="/",
        httponly=True,
        samesite="lax",  # the way back comes from the provider's site
        secure=door.settings.secure,
    )
    return response


@router.get("/sign-in/with/{provider}/back")
@public("the provider's word, checked, is the key; the cookie ties it to this browser")
async def come_back(door: Through, provider: str, code: str = "", error: str = "") -> Response:
    """Back from the provider: signed in by the address it has verified."""
    found = _provider(door, provider)
    if found is None:
        return go_to(door, "/sign-in", "This way to sign in is not set up here. Ask for a link by e-mail.")
    errand, back = _opened(door, found)
    if error or not code:
        raise providers.NotLetInError(STOPPED.format(found.name))
    opened = await providers.come_back(door.db, errand, code, knock(door))
    response = await let_in(door, RedirectResponse(next_page(opened, back), 303), opened)
    response.delete_cookie(_cookie_name(door), path="/", secure=door.settings.secure, httponly=True, samesite="lax")
    return response
