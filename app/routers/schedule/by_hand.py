"""Dates moved by hand: where else one could be, what takes its place when it falls through, pins."""

from fastapi.responses import Response

from app.actions.meetings import events
from app.actions.schedule import moving as acting
from app.domain.access import Can
from app.domain.schedule import wishes
from app.pages.schedule import elsewhere, moving, replacing
from app.pages.schedule.meaning import HEADER
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _here(door: Door, key: str) -> str:
    return f"/hubs/{door.member.hub_code}/events/{known_id(key)}"


def _year(text: str) -> str:
    """The academic year whose grid somebody came from; empty for nonsense."""
    return text if text.isascii() and text.isdigit() and len(text) == 4 else ""


def _grid(door: Door, key: str, year: str) -> str:
    return f"/hubs/{door.member.hub_code}/year?year={year}&hand=yes&at={known_id(key).hex}"


@router.get("/hubs/{code}/events/{key}/move")
@allow(Can.EDIT_EVENTS)
async def see_where_else(door: Through, key: str) -> Response:
    """Every day it could be on; with a place chosen, the question whether to move it there."""
    wanted, event_id = asked(door), known_id(key)
    if wanted.value("to"):
        to = moving.Wanted(wishes.read(wanted.value("to")), _year(wanted.value("year")))
        return show(door, await moving.confirm_page(door.db, door.viewer, door.member, event_id, to, door.now))
    if wanted.value("format") == "csv":
        rows = await elsewhere.elsewhere_rows(door.db, door.viewer, door.member, event_id, wanted, door.now)
        return download("days", HEADER, rows)
    return show(door, await elsewhere.elsewhere_page(door.db, door.viewer, door.member, event_id, wanted, door.now))


@router.post("/hubs/{code}/events/{key}/move")
@allow(Can.EDIT_EVENTS)
async def move(door: Through, key: str) -> Response:
    """Moves one date, or several together; who came from the year's grid goes back there."""
    typed = await door.typed()
    back = await acting.move(door.actor, known_id(key), wishes.read(typed.text("to")))
    said = "Moved." if len(back) == 1 else f"{len(back)} dates have moved."
    old, year = wishes.written(back), _year(typed.text("year"))
    there = f"{_grid(door, key, year)}&undo={old}" if year else f"{_here(door, key)}/moved?back={old}"
    return go_to(door, there, f"{said} Everybody in it is told.")


@router.get("/hubs/{code}/events/{key}/moved")
@allow(Can.EDIT_EVENTS)
async def see_moved(door: Through, key: str) -> Response:
    """Where it is now, and the way back."""
    back = asked(door).value("back")
    return show(door, await moving.moved_page(door.db, door.viewer, door.member, known_id(key), back, door.now))


@router.get("/hubs/{code}/events/{key}/replace")
@allow(Can.EDIT_EVENTS)
async def see_replacements(door: Through, key: str) -> Response:
    """What could take its place."""
    wanted = asked(door)
    page = await replacing.replacing_page(door.db, door.viewer, door.member, known_id(key), wanted, door.now)
    return show(door, page)


@router.post("/hubs/{code}/events/{key}/pin")
@allow(Can.EDIT_EVENTS)
async def pin(door: Through, key: str) -> Response:
    """Pins it where it is, or takes the pin off."""
    typed = await door.typed()
    pinned = typed.text("pinned") == "yes"
    await events.pin(door.actor, known_id(key), typed.version, pinned=pinned)
    said = "Pinned: it keeps this date and place." if pinned else "The pin is off."
    year = _year(typed.text("year"))
    return go_to(door, _grid(door, key, year) if year else f"{_here(door, key)}/move", said)
