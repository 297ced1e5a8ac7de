"""My data: what is held, a copy, what I ask, what I allow, who looked."""

from collections.abc import Iterator
from typing import IO

from fastapi.responses import Response, StreamingResponse

from app.actions.access import Actor
from app.actions.people import rights
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.typed import Typed
from app.pages.people import my_data, my_requests, who_looked
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through
from app.routers.guard import guarded_router, signed_in

router = guarded_router()
OWN = "everyone may know what is held about them"
PIECE = 64 * 1024


def _actor(door: Door, typed: Typed) -> Actor:
    """The viewer in the hub that the form names, or in their only one; raises NotFoundError and BadInputError."""
    members = door.viewer.members
    if not members:
        raise NotFoundError
    asked_for = typed.text("hub")
    found = [one for one in members if one.hub_code == asked_for or (len(members) == 1 and not asked_for)]
    if not found:
        raise BadInputError("Look at what is marked below.", (Fault("hub", "Choose one of your hubs."),))
    return Actor(door.db, door.viewer, found[0], door.now)


@router.get("/my/data")
@signed_in(OWN)
async def see_data(door: Through) -> Response:
    """What we hold about me."""
    return show(door, await my_data.my_data_page(door.db, door.viewer))


@router.get("/my/data.zip")
@signed_in(OWN)
async def take_data(door: Through) -> Response:
    """All of it as one file; the trail notes that it was taken."""
    file = await my_data.my_data_file(door.db, door.viewer, door.now)
    for member in door.viewer.members:
        await rights.note_copy(Actor(door.db, door.viewer, member, door.now))
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


@router.get("/my/data/requests")
@signed_in(OWN)
async def see_requests(door: Through) -> Response:
    """What I asked, and the form."""
    return show(door, await my_requests.my_requests_page(door.db, door.viewer))


@router.post("/my/data/requests")
@signed_in(OWN)
async def ask(door: Through) -> Response:
    """Asks the hub something about my data."""
    typed = await door.typed()
    try:
        await rights.ask(_actor(door, typed), typed.text("kind"), typed.text("text"))
    except BadInputError as refused:
        page = await my_requests.my_requests_page(door.db, door.viewer)
        return show(door, my_requests.asked_again(page, typed, refused.faults), status=422)
    return go_to(door, my_requests.HERE, "The hub's office has your request, and answers within one month.")


@router.post("/my/data/photos")
@signed_in(OWN)
async def allow_photos(door: Through) -> Response:
    """Says whether photos that show me may be kept."""
    typed = await door.typed()
    if typed.text("photos") not in {"yes", "no"}:
        raise BadInputError("Choose yes or no.", (Fault("photos", "Choose yes or no."),))
    given = typed.text("photos") == "yes"
    await rights.allow_photos(_actor(door, typed), given=given)
    said = "Photos that show you may be kept." if given else "It is noted that photos must not show you."
    return go_to(door, my_data.HERE, said)


@router.get("/my/who-looked")
@signed_in(OWN)
async def see_who_looked(door: Through) -> Response:
    """Who read the records that I take part in."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await who_looked.who_looked_csv(door.db, door.viewer, wanted)
        return download("who-looked", who_looked.CSV_HEADER, rows)
    return show(door, await who_looked.who_looked_page(door.db, door.viewer, wanted))
