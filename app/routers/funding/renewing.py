"""Bringing a year's open statements up to date by hand; each night it happens by itself."""

from fastapi.responses import Response

from app.actions.funding import renewing
from app.domain.access import Can
from app.kit.periods import in_london
from app.pages._parts import Asked
from app.pages.schools.years import asked_year
from app.routers.answer import go_to
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.post("/hubs/{code}/funding/renew")
@allow(Can.CLAIM)
async def renew(door: Through) -> Response:
    """Makes the open statements say what happened, and tells what changed."""
    typed = await door.typed()
    year = asked_year(Asked("", {"year": typed.text("year")}), in_london(door.now).date())
    found = await renewing.renew_now(door.actor, year)
    return go_to(door, f"/hubs/{door.member.hub_code}/funding?year={year}", found.says)
