"""Dates of last year, kept in a new one."""

from fastapi.responses import Response

from app.actions.schedule.exceptions import keep_dates
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.schedule.exceptions_kept import held_question, kept_dates_page
from app.routers.answer import go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router
from app.routers.hubs.setting_up import known_year

router = guarded_router()


@router.get("/hubs/{code}/years/{year_named}/kept-dates")
@allow(Can.PLAN)
async def see_kept_dates(door: Through, year_named: str) -> Response:
    """Which meetings of last year can keep their weekday and week."""
    return show(door, await kept_dates_page(door.db, door.member, known_year(year_named), door.now))


@router.post("/hubs/{code}/years/{year_named}/kept-dates")
@allow(Can.PLAN)
async def propose_around_kept_dates(door: Through, year_named: str) -> Response:
    """Has a plan made around the dates that are ticked."""
    typed, year = await door.typed(), known_year(year_named)
    events = typed.every("keep")
    question = None if typed.text("sure") == "yes" else await held_question(door.db, door.member, year, events)
    if question and events:
        return show(door, question)
    try:
        made = await keep_dates(door.actor, year, events)
    except BadInputError as refused:
        return show(door, await kept_dates_page(door.db, door.member, year, door.now, refused.faults), status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/proposals/{made}", "A plan around these dates is being made.")
