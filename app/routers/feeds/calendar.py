"""My calendar: own dates, subscriptions, and what is done to them."""

from fastapi.responses import Response

from app.actions.feeds.rendering import one_event_file
from app.actions.feeds.subscribing import Made, Subscriber, remind, rotate, stop, subscribe
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.pages._parts import Asked, refilled
from app.pages.feeds import calendar
from app.pages.feeds.addresses import new_address
from app.pages.feeds.subscriptions import ADDRESS, ask_to_rotate, ask_to_stop, load_one, subscribe_form
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id, world
from app.routers.feeds.door import counter_of
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _who(door: Door) -> Subscriber:
    return Subscriber(door.db, door.viewer, door.now)


def _minutes(text: str) -> int | None:
    """None for no reminder; raises BadInputError for anything but a number."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        because = "Choose one of the reminders in the list."
        raise BadInputError(because, (Fault("reminder", because),))
    return int(text) if text else None


@router.get("/my/calendar")
@allow(Can.OWN_CALENDAR)
async def my_calendar(door: Through) -> Response:
    """The viewer's own year and their subscriptions."""
    if asked(door).value("format") == "csv":
        table = await calendar.table(door.db, door.viewer, asked(door), door.now)
        return download(table.name, table.header, table.rows)
    await counter_of(world(door.request)).write_visits()
    return show(door, await calendar.load(door.db, door.viewer, asked(door), door.now))


@router.post("/my/calendar/feeds")
@allow(Can.OWN_CALENDAR)
async def make_address(door: Through) -> Response:
    """Makes an address and tells it, once."""
    typed = await door.typed()
    try:
        made = await subscribe(_who(door), typed.text("purpose"), _minutes(typed.text("reminder")))
    except BadInputError as refused:
        page = await calendar.load(door.db, door.viewer, Asked(calendar.PATH), door.now)
        form = refilled(subscribe_form(), typed, refused.faults)
        return show(door, calendar.with_form(page, form), status=422)
    return await _told(door, made)


async def _told(door: Door, made: Made) -> Response:
    """The page with the new address: an answer and no redirect, because the address is kept nowhere."""
    address = new_address(door.settings.address, made.token, made.purpose)
    return show(door, await calendar.load(door.db, door.viewer, Asked(calendar.PATH), door.now, address))


@router.get("/my/calendar/feeds/{key}")
@allow(Can.OWN_CALENDAR)
async def my_subscription(door: Through, key: str) -> Response:
    """One subscription."""
    await counter_of(world(door.request)).write_visits()
    return show(door, await load_one(door.db, _who(door).account(), known_id(key), door.now))


@router.post("/my/calendar/feeds/{key}/reminder")
@allow(Can.OWN_CALENDAR)
async def set_reminder(door: Through, key: str) -> Response:
    """Sets how long before each date to remind."""
    typed = await door.typed()
    await remind(_who(door), known_id(key), _minutes(typed.text("reminder")))
    return go_to(door, f"{ADDRESS}/{key}", "Saved. Calendar programs see it the next time they ask.")


@router.get("/my/calendar/feeds/{key}/rotate")
@allow(Can.OWN_CALENDAR)
async def ask_before_rotating(door: Through, key: str) -> Response:
    """Asks first."""
    return show(door, ask_to_rotate(await load_one(door.db, _who(door).account(), known_id(key), door.now)))


@router.post("/my/calendar/feeds/{key}/rotate")
@allow(Can.OWN_CALENDAR)
async def rotate_address(door: Through, key: str) -> Response:
    """Makes a new address; the old one is as unknown as any other."""
    return await _told(door, await rotate(_who(door), known_id(key)))


@router.get("/my/calendar/feeds/{key}/stop")
@allow(Can.OWN_CALENDAR)
async def ask_before_stopping(door: Through, key: str) -> Response:
    """Asks first."""
    return show(door, ask_to_stop(await load_one(door.db, _who(door).account(), known_id(key), door.now)))


@router.post("/my/calendar/feeds/{key}/stop")
@allow(Can.OWN_CALENDAR)
async def stop_address(door: Through, key: str) -> Response:
    """Revokes the address."""
    purpose = await stop(_who(door), known_id(key))
    return go_to(door, calendar.PATH, f"{purpose} has stopped. Its address does not work any more.")


@router.get("/my/calendar/events/{name}")
@allow(Can.OWN_CALENDAR)
async def one_event(door: Through, name: str) -> Response:
    """One event as a file to open in a calendar program."""
    key, dot, ending = name.partition(".")
    if (dot, ending) != (".", "ics"):
        raise NotFoundError
    body = await one_event_file(door.db, door.viewer, known_id(key), door.settings.address)
    headers = {"Content-Disposition": 'attachment; filename="halfterm.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
