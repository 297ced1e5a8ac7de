"""What every way in shares: who knocks, from where, and the cookie that lets them in."""

from datetime import datetime
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import Response

from app.actions import sign_in
from app.kit.errors import ForbiddenError, HalftermError
from app.kit.passkeys import site
from app.kit.periods import in_london, spoken_time
from app.routers.deps import Door, cookie_name

COOKIE_SECONDS = 30 * 86400


class TooOftenError(HalftermError):
    """Too many tries; the sentence says until when to wait."""

    status = 429
    title = "Wait a little"


def safe_path(address: str) -> str:
    """Only a path of our own may follow a sign-in."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if inside and not parts.scheme and not parts.netloc else "/"


def from_here(request: Request) -> None:
    """Nobody else's page may sign a browser in; raises ForbiddenError."""
    if request.headers.get("sec-fetch-site") not in {None, "same-origin", "none"}:
        raise ForbiddenError("This came from another website. Open Halfterm itself and try again.")


def knock(door: Door) -> sign_in.Knock:
    """Who knocks; the server has put a trusted proxy's word for the address in its place already."""
    request = door.request
    return sign_in.Knock(
        now=door.now,
        agent=request.headers.get("user-agent", ""),
        address=request.client.host if request.client else "",
        secret=door.settings.secret,
        site=site(door.settings.address),
    )


def holder(door: Door) -> sign_in.Holder:
    """Whoever is signed in, at their own account."""
    return sign_in.Holder(door.db, door.viewer, door.session_id, door.how, door.now)


def until(moment: datetime) -> str:
    """11.05am, for "wait until"."""
    return spoken_time(in_london(moment).time())


def next_page(opened: sign_in.Opened, back: str) -> str:
    """Where somebody who has just come in goes on to: staff are asked once whether they want a passkey."""
    return f"/my/account/passkeys/new?offered=yes&back={quote(back)}" if opened.offer else back


async def let_in(door: Door, response: Response, opened: sign_in.Opened) -> Response:
    """The answer with the cookie; whoever was signed in here before is out."""
    settings, name = door.settings, cookie_name(door.settings)
    if before := door.request.cookies.get(name):
        await sign_in.sign_out(door.db, before)
    response.set_cookie(
        name,
        opened.cookie,
        max_age=COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response
