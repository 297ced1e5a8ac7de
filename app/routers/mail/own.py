"""Somebody's own messages and choices; and the link in a message that stops its kind."""

from fastapi.responses import Response

from app.actions.access import Actor
from app.actions.mail import choosing
from app.domain.mail.kinds import stopped_by
from app.kit.errors import NotFoundError
from app.pages.mail import own, stop
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through
from app.routers.guard import guarded_router, public, signed_in

router = guarded_router()
OWN = "everyone reads what was written to them, and says what they want by mail"
LINK = "the link itself is the key; looking changes nothing, because mail scanners look"


@router.get("/my/messages")
@signed_in(OWN)
async def own_messages(door: Through) -> Response:
    """Own copies, and what is wanted by mail."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("my-messages", own.CSV_HEADER, await own.csv(door.db, door.viewer, wanted))
    return show(door, await own.load(door.db, door.viewer, wanted))


@router.post("/my/messages")
@signed_in(OWN)
async def choose(door: Through) -> Response:
    """Keeps what is wanted by mail."""
    typed = await door.typed()
    members = door.viewer.members
    member = next((one for one in members if one.hub_code == typed.text("hub")), members[0] if members else None)
    if member is None:
        raise NotFoundError
    actor = Actor(door.db, door.viewer, member, door.now)
    await choosing.choose(actor, typed.every("kinds"), digest=typed.text("digest") == "yes")
    return go_to(door, own.HERE, "Saved. It holds from the next message on.")


@router.get("/unsubscribe/{token}")
@public(LINK)
async def ask_to_stop(door: Through, token: str) -> Response:
    """Asks whether messages of a kind should stop."""
    return await _stop_page(door, token)


@router.post("/unsubscribe/{token}")
@public(LINK)
async def stop_kind(door: Through, token: str) -> Response:
    """Stops messages of a kind, also at one click of a mail program (RFC 8058); or lets them come again."""
    secret, kind = door.settings.secret, asked(door).value("kind")
    undo = (await door.typed()).every("undo")
    if undo:
        every = tuple(one.value for one in stopped_by(kind))
        again = every if "all" in undo else tuple(one for one in undo if one in every)
        await choosing.undo_by_link(door.db, secret, token, again, door.now)
        return await _stop_page(door, token)
    stopped = await choosing.stop_by_link(door.db, secret, token, kind, door.now)
    return await _stop_page(door, token, stopped)


async def _stop_page(door: Through, token: str, stopped: choosing.Stopped | None = None) -> Response:
    kinds = stopped.kinds if stopped else ()
    page = await stop.load(door.db, door.settings.secret, token, asked(door).value("kind"), kinds)
    return show(door, page, status=410 if isinstance(page, stop.StopGonePage) else 200)
