"""A year copied forward into the next."""

from fastapi.responses import Response

from app.actions.meetings.copying import copy_forward
from app.domain.access import Can
from app.domain.meetings.copying_choice import read_wanted
from app.kit.errors import BadInputError
from app.pages.meetings.copying import copy_page, done_in_words
from app.routers.answer import go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router
from app.routers.hubs.setting_up import known_year

router = guarded_router()


@router.get("/hubs/{code}/years/{year_named}/copy")
@allow(Can.EDIT_HUB)
async def see_copy(door: Through, year_named: str) -> Response:
    """What of the year can be copied into the next, and what is left out."""
    return show(door, await copy_page(door.db, door.member, known_year(year_named)))


@router.post("/hubs/{code}/years/{year_named}/copy")
@allow(Can.EDIT_HUB)
async def copy(door: Through, year_named: str) -> Response:
    """Copies what is ticked, all of it or nothing."""
    typed, year = await door.typed(), known_year(year_named)
    wanted = read_wanted(typed)
    try:
        done = await copy_forward(door.actor, year, wanted)
    except BadInputError as refused:
        page = await copy_page(door.db, door.member, year, wanted, refused.faults)
        return show(door, page, status=422)
    said = done_in_words(len(done.groups), len(done.schools))
    return go_to(door, f"/hubs/{door.member.hub_code}/years/{year + 1}/kept-dates", said)
