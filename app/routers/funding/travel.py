"""How far somebody drove to an event that they led."""

from fastapi.responses import Response

from app.actions.funding import travel as acts
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.pages.funding import travel as pages
from app.routers.answer import go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
ONE = "/hubs/{code}/events/{key}/travel"


@router.get(ONE)
@allow(Can.CLAIM_TRAVEL)
async def see_travel(door: Through, key: str) -> Response:
    """The form with what is known."""
    return show(door, await pages.load(door.db, door.viewer, door.member, known_id(key), door.now))


@router.post(ONE)
@allow(Can.CLAIM_TRAVEL)
async def say(door: Through, key: str) -> Response:
    """Keeps how far it was."""
    typed, event_id = await door.typed(), known_id(key)
    try:
        count = await acts.say(door.actor, event_id, typed)
    except (BadInputError, StaleError) as refused:
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("", refused.because),)
        page = await pages.load(door.db, door.viewer, door.member, event_id, door.now)
        return show(door, pages.again(page, typed, faults), status=refused.status)
    said = "Saved." if count else "Nothing was changed."
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{event_id}", said)
