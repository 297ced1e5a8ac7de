"""Somebody else leads one date."""

import uuid

from fastapi.responses import Response

from app.actions.meetings import handing_over
from app.domain.access import Can
from app.domain.meetings.handing_over import Pick
from app.kit.errors import BadInputError
from app.pages.meetings.lead import lead_page
from app.routers.answer import asked, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.get("/hubs/{code}/events/{key}/lead")
@allow(Can.EDIT_EVENTS)
async def ask_who_leads(door: Through, key: str) -> Response:
    """The form."""
    return show(door, await lead_page(door.db, door.viewer, door.member, known_id(key), asked(door).value("to")))


@router.post("/hubs/{code}/events/{key}/lead")
@allow(Can.EDIT_EVENTS)
async def change_who_leads(door: Through, key: str) -> Response:
    """Gives this one date to somebody else."""
    typed, event_id = await door.typed(), known_id(key)
    pick = Pick(_chosen(typed.text("to")), all_the_same=typed.text("same") == "yes")
    try:
        taker = await handing_over.lead_once(door.actor, event_id, pick, typed.version)
    except BadInputError as refused:
        page = await lead_page(door.db, door.viewer, door.member, event_id, typed.text("to"), refused.faults)
        return show(door, page, status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{event_id}", f"{taker.name} leads this date now.")


def _chosen(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
