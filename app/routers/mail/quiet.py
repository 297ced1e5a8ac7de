"""A hub's quiet hours."""

from fastapi.responses import Response

from app.actions.mail import quieting
from app.domain.access import Can
from app.kit.errors import BadInputError, StaleError
from app.pages.mail import quiet
from app.routers.answer import go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router
from app.routers.schools import wrong_in

router = guarded_router()


@router.get("/hubs/{code}/quiet-hours")
@allow(Can.EDIT_HUB)
async def quiet_hours(door: Through) -> Response:
    """When mail that can wait rests."""
    return show(door, await quiet.load(door.db, door.member))


@router.post("/hubs/{code}/quiet-hours")
@allow(Can.EDIT_HUB)
async def save_quiet_hours(door: Through) -> Response:
    """Sets the quiet hours."""
    typed, page = await door.typed(), await quiet.load(door.db, door.member)
    try:
        await quieting.rest(door.actor, typed.version, quiet.read_quiet(typed))
    except (BadInputError, StaleError) as error:
        return show(door, quiet.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/settings", "Quiet hours are saved.")
