"""The front page, signing in and out, and the demo's people."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from app.actions import sign_in
from app.kit.errors import Fault, ForbiddenError, HalftermError, NotFoundError
from app.pages import demo
from app.pages._parts import filled
from app.pages.home import FrontPage, hub
from app.pages.sign_in import SignInConfirmPage, SignInPage, SignInSentPage, sign_in_form
from app.routers.answer import go_to, show, wants_json
from app.routers.deps import Door, Through, cookie_name
from app.routers.guard import guarded_router, public, signed_in
from app.settings import Mode

router = guarded_router()
USED = "It was used already, or it is more than 15 minutes old. Ask for a new one: it takes a minute."


class UsedLinkError(HalftermError):
    """A sign-in link that works no more."""

    status = 410
    title = "This link does not work any more"


def safe_path(address: str) -> str:
    """Only a path of our own may follow a sign-in."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if inside and not parts.scheme and not parts.netloc else "/"


def home_of(door: Door) -> str:
    """Where somebody who signed in begins."""
    if not door.viewer.members:
        return "/"
    return f"/hubs/{door.viewer.members[0].hub_code}"


def _from_here(request: Request) -> None:
    """Nobody else's page may sign a browser in."""
    if request.headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
        raise ForbiddenError("This came from another website. Open Halfterm itself and try again.")


def _with_cookie(door: Door, response: Response, cookie: str) -> Response:
    settings = door.settings
    response.set_cookie(
        cookie_name(settings),
        cookie,
        max_age=30 * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response


@router.get("/")
@public("says what Halfterm is to anyone")
async def front(door: Through) -> Response:
    """The public front page; whoever is signed in goes on to their hub."""
    if door.viewer.members and not wants_json(door.request):
        return go_to(door, home_of(door))
    return show(door, FrontPage(demo=door.settings.mode is Mode.DEMO))


@router.get("/hubs/{code}")
@signed_in("everyone in a hub has a home there; the door knows who is")
async def hub_home(door: Through) -> Response:
    """What needs the viewer today."""
    return show(door, await hub.load(door.db, door.member, door.now))


@router.get("/my")
@signed_in("everyone has somewhere to begin")
async def my_home(door: Through) -> Response:
    """On to the viewer's own hub."""
    return go_to(door, home_of(door))


@router.get("/sign-in")
@public("nobody is signed in yet")
async def ask_who(door: Through, back: str = "/", ended: bool = False) -> Response:
    """Asks for an e-mail address."""
    in_demo = door.settings.mode is Mode.DEMO
    return show(door, SignInPage(form=sign_in_form(), back=safe_path(back), ended=ended, demo=in_demo))


@router.post("/sign-in")
@public("nobody is signed in yet")
async def send_link(door: Through, email: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/") -> Response:
    """Sends a link, and says the same whether or not the address is known."""
    _from_here(door.request)
    email = email.strip()
    if "@" not in email[1:-1] or len(email) > 254 or any(ord(c) < 33 for c in email):
        fault = Fault("email", "Enter your work e-mail address, like name@school.example.")
        page = SignInPage(form=filled(sign_in_form(), {"email": email}, (fault,)), back=safe_path(back))
        return show(door, page, status=422)
    await sign_in.ask_for_link(door.db, email, door.now, door.settings.address, safe_path(back))
    return show(door, SignInSentPage(email=email))


@router.get("/sign-in/{token}")
@public("the link itself is the key; looking does not use it, because mail scanners look")
async def look_at_link(door: Through, token: str, back: str = "/") -> Response:
    """The button behind the link."""
    if not await sign_in.link_is_usable(door.db, token, door.now):
        raise UsedLinkError(USED)
    return show(door, SignInConfirmPage(token=token, back=safe_path(back)))


@router.post("/sign-in/{token}")
@public("the link itself is the key")
async def use_link(door: Through, token: str, back: Annotated[str, Form()] = "/") -> Response:
    """Signs in, once."""
    _from_here(door.request)
    cookie = await sign_in.use_link(door.db, token, door.now, door.request.headers.get("user-agent", ""))
    if cookie is None:
        raise UsedLinkError(USED)
    return _with_cookie(door, RedirectResponse(safe_path(back), 303), cookie)


@router.post("/sign-out")
@signed_in("anyone may leave")
async def leave(door: Through) -> Response:
    """Signs this browser out."""
    name = cookie_name(door.settings)
    await sign_in.sign_out(door.db, door.request.cookies.get(name, ""))
    response = go_to(door, "/", "You have signed out.")
    response.delete_cookie(name, path="/", secure=door.settings.secure, httponly=True, samesite="lax")
    return response


@router.get("/demo")
@public("a demo holds nobody's data; elsewhere this page does not exist")
async def demo_people(door: Through) -> Response:
    """The demo's people, each a click away."""
    if door.settings.mode is not Mode.DEMO:
        raise NotFoundError
    return show(door, await demo.people(door.db))


@router.post("/demo")
@public("a demo holds nobody's data; elsewhere this page does not exist")
async def demo_sign_in(door: Through, person: Annotated[str, Form()] = "") -> Response:
    """Signs in as a demo person."""
    if door.settings.mode is not Mode.DEMO:
        raise NotFoundError
    _from_here(door.request)
    cookie = await sign_in.sign_in_as(door.db, person, door.now, door.request.headers.get("user-agent", ""))
    if cookie is None:
        raise NotFoundError
    return _with_cookie(door, RedirectResponse("/", 303), cookie)
