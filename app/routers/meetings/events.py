"""Meetings, visits and observations: their lists, one of them, and what is done to it; the year as a whole."""

from fastapi.responses import Response

from app.actions.meetings import events
from app.actions.meetings.events import Details
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages._parts import filled
from app.pages.meetings import event, lists, year
from app.pages.meetings.lists import ListKind
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


async def _list(door: Through, kind: ListKind) -> Response:
    wanted = asked(door)
    if wanted.value("format") == "csv":
        table = await lists.table(door.db, door.member, wanted, kind, door.now)
        return download(table.name, table.header, table.rows)
    return show(door, await lists.load(door.db, door.member, wanted, kind, door.now))


@router.get("/hubs/{code}/meetings")
@allow(Can.SEE_EVENTS)
async def list_meetings(door: Through) -> Response:
    """The year's meetings."""
    return await _list(door, "meetings")


@router.get("/hubs/{code}/visits")
@allow(Can.SEE_EVENTS)
async def list_visits(door: Through) -> Response:
    """The year's visits."""
    return await _list(door, "visits")


@router.get("/hubs/{code}/observations")
@allow(Can.SEE_EVENTS)
async def list_observations(door: Through) -> Response:
    """The year's lesson observations."""
    return await _list(door, "observations")


@router.get("/hubs/{code}/year")
@allow(Can.SEE_EVENTS)
async def see_year(door: Through) -> Response:
    """The year: weeks by Work Groups, or the same as a list."""
    return show(door, await year.load(door.db, door.viewer, door.member, asked(door), door.now))


def _here(door: Through, key: str) -> str:
    return f"/hubs/{door.member.hub_code}/events/{known_id(key)}"


@router.get("/hubs/{code}/events/{key}")
@allow(Can.SEE_EVENTS)
async def see_event(door: Through, key: str) -> Response:
    """One event."""
    return show(door, await event.load(door.db, door.viewer, door.member, known_id(key), door.now))


@router.get("/hubs/{code}/events/{key}/edit")
@allow(Can.EDIT_EVENTS)
async def edit_event(door: Through, key: str) -> Response:
    """The filled form."""
    return show(door, await event.load_form(door.db, door.viewer, door.member, known_id(key)))


@router.post("/hubs/{code}/events/{key}/edit")
@allow(Can.EDIT_EVENTS)
async def change_event(door: Through, key: str) -> Response:
    """Saves an event's details."""
    typed = await door.typed()
    try:
        new = event.read_form(typed)
        details = Details(new.starts, new.ends, new.online, new.joining_link, new.notes, new.pinned)
        await events.change_details(door.actor, known_id(key), typed.version, details)
    except BadInputError as refused:
        page = await event.load_form(door.db, door.viewer, door.member, known_id(key))
        return show(door, event.asked_again(page, filled(page.form, typed.values, refused.faults)), status=422)
    return go_to(door, _here(door, key), "Saved. Calendars show it the next time they look.")


@router.post("/hubs/{code}/events/{key}/held")
@allow(Can.EDIT_EVENTS)
async def mark_held(door: Through, key: str) -> Response:
    """It took place."""
    await events.mark_held(door.actor, known_id(key), (await door.typed()).version)
    return go_to(door, _here(door, key), "Marked as held.")


@router.post("/hubs/{code}/events/{key}/not-held")
@allow(Can.EDIT_EVENTS)
async def mark_not_held(door: Through, key: str) -> Response:
    """It did not take place after all."""
    await events.mark_not_held(door.actor, known_id(key), (await door.typed()).version)
    return go_to(door, _here(door, key), "No longer marked as held.")


@router.get("/hubs/{code}/events/{key}/cancel")
@allow(Can.EDIT_EVENTS)
async def ask_whether_to_cancel(door: Through, key: str) -> Response:
    """Asks first."""
    return show(door, await event.load_cancel(door.db, door.viewer, door.member, known_id(key)))


@router.post("/hubs/{code}/events/{key}/cancel")
@allow(Can.EDIT_EVENTS)
async def cancel(door: Through, key: str) -> Response:
    """Strikes it out of everybody's calendar."""
    await events.cancel(door.actor, known_id(key), (await door.typed()).version)
    return go_to(door, _here(door, key), "Cancelled. You can bring it back from here.")


@router.post("/hubs/{code}/events/{key}/restore")
@allow(Can.EDIT_EVENTS)
async def bring_back(door: Through, key: str) -> Response:
    """Undoes a cancellation."""
    await events.bring_back(door.actor, known_id(key), (await door.typed()).version)
    return go_to(door, _here(door, key), "It is back in everybody's calendar.")
