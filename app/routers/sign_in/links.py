"""Signing in by an e-mailed link, and signing out."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from app.actions import sign_in
from app.domain.sign_in import can_have_passkeys
from app.kit.errors import Fault, HalftermError
from app.kit.passkeys import site
from app.pages._parts import filled
from app.pages.sign_in import SignInConfirmPage, SignInPage, SignInSentPage, Way, sign_in_form
from app.routers.answer import go_to, refuse, show
from app.routers.deps import Door, Through, cookie_name
from app.routers.guard import guarded_router, public, signed_in
from app.routers.sign_in.coming import TooOftenError, from_here, knock, let_in, next_page, safe_path, until
from app.settings import Mode

router = guarded_router()
USED = "It was used already, or it is more than 15 minutes old. Ask for a new one: it takes a minute."
SLOWED = {
    "address": "Several links were asked for with this address. Use the newest in your inbox, or ask again after {}.",
    "network": "Many links were asked for from your network. Wait until {}, then ask again.",
}


class UsedLinkError(HalftermError):
    """A sign-in link that works no more."""

    status = 410
    title = "This link does not work any more"


def _asking(door: Door, back: str, fault: Fault | None = None, email: str = "") -> SignInPage:
    form = filled(sign_in_form(), {"email": email}, (fault,)) if fault else sign_in_form()
    return SignInPage(
        form=form,
        back=safe_path(back),
        demo=door.settings.mode is Mode.DEMO,
        passkeys=can_have_passkeys(site(door.settings.address).host),
        providers=tuple(
            Way(one.name, f"/sign-in/with/{one.key}?back={quote(safe_path(back))}") for one in door.settings.providers
        ),
        ended=door.request.query_params.get("ended", "") in {"1", "true", "yes"},
    )


@router.get("/sign-in")
@public("nobody is signed in yet")
async def ask_who(door: Through, back: str = "/") -> Response:
    """Asks for an e-mail address."""
    return show(door, _asking(door, back))


@router.post("/sign-in")
@public("nobody is signed in yet")
async def send_link(door: Through, email: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Sends a link, and says the same whether or not the address is known."""
    from_here(door.request)
    email = email.strip()
    if "@" not in email[1:-1] or len(email) > 254 or any(ord(c) < 33 for c in email):
        fault = Fault("email", "Enter your work e-mail address, like name@school.example.")
        return show(door, _asking(door, back, fault, email), status=422)
    slowed = await sign_in.ask_for_link(door.db, email, knock(door), door.settings.address, safe_path(back))
    if slowed:
        fault = Fault("email", SLOWED[slowed.of].format(until(slowed.until)))
        answer = show(door, _asking(door, back, fault, email), status=429)
        door.request.state.refused = False  # what was counted stays counted
        return answer
    return show(door, SignInSentPage(email=email))


async def _wrong(door: Door) -> Response:
    """A link that opens nothing: said in one sentence, and counted, so it is answered and not raised."""
    wait = await sign_in.wrong(door.db, knock(door))
    if wait:
        because = f"Many links that do not work were tried from your network. Wait until {until(wait)}."
        return refuse(door.request, TooOftenError(because))
    return refuse(door.request, UsedLinkError(USED))


@router.get("/sign-in/{token}")
@public("the link itself is the key; looking does not use it, because mail scanners look")
async def look_at_link(door: Through, token: str, back: str = "/") -> Response:
    """The button behind the link."""
    if not await sign_in.link_is_usable(door.db, token, door.now):
        return await _wrong(door)
    return show(door, SignInConfirmPage(token=token, back=safe_path(back)))


@router.post("/sign-in/{token}")
@public("the link itself is the key")
async def use_link(door: Through, token: str, back: Annotated[str, Form()] = "/") -> Response:
    """Signs in, once."""
    from_here(door.request)
    opened = await sign_in.use_link(door.db, token, knock(door))
    if opened is None:
        return await _wrong(door)
    return await let_in(door, RedirectResponse(next_page(opened, safe_path(back)), 303), opened)


@router.post("/sign-out")
@signed_in("anyone may leave")
async def leave(door: Through) -> Response:
    """Signs this browser out."""
    name = cookie_name(door.settings)
    await sign_in.sign_out(door.db, door.request.cookies.get(name, ""))
    response = go_to(door, "/", "You have signed out.")
    response.delete_cookie(name, path="/", secure=door.settings.secure, httponly=True, samesite="lax")
    return response
