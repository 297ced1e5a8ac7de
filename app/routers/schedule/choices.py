"""Where there is no plan: look for what could be let go, choose, and propose anew."""

from fastapi.responses import Response

from app.actions.schedule import choosing
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.schedule.choices import choices_page, choices_progress
from app.pages.schedule.choices_written import choices_confirm_page
from app.routers.answer import follow, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _address(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/proposals"


@router.get("/hubs/{code}/proposals/{proposal}/choices")
@allow(Can.PLAN)
async def see_choices(door: Through, proposal: str) -> Response:
    """Why there is no plan and what could be let go."""
    return show(door, await choices_page(door.db, door.member, known_id(proposal)))


@router.post("/hubs/{code}/proposals/{proposal}/choices/look")
@allow(Can.PLAN)
async def look(door: Through, proposal: str) -> Response:
    """Has it found out what could be let go."""
    await choosing.look(door.actor, known_id(proposal))
    return go_to(door, f"{_address(door)}/{known_id(proposal)}/choices")


@router.get("/hubs/{code}/proposals/{proposal}/choices/progress")
@allow(Can.PLAN)
async def follow_search(door: Through, proposal: str) -> Response:
    """How far the search is, as server-sent events until it is done."""
    key = known_id(proposal)
    await choices_progress(door.db, door.member, key)
    return follow(door, lambda db: choices_progress(db, door.member, key))


@router.post("/hubs/{code}/proposals/{proposal}/choices")
@allow(Can.PLAN)
async def ask_to_take(door: Through, proposal: str) -> Response:
    """What choosing these will write; writes nothing yet."""
    typed, key = await door.typed(), known_id(proposal)
    keys = typed.every("take")
    try:
        page = await choices_confirm_page(door.db, door.member, key, keys, typed.text("seen"))
    except BadInputError as refused:
        return show(door, await choices_page(door.db, door.member, key, keys, refused.faults), status=422)
    return show(door, page)


@router.post("/hubs/{code}/proposals/{proposal}/choices/take")
@allow(Can.PLAN)
async def take(door: Through, proposal: str) -> Response:
    """Lets these things go and has a new plan made."""
    typed = await door.typed()
    made = await choosing.choose(door.actor, known_id(proposal), typed.every("take"), typed.text("seen"))
    return go_to(door, f"{_address(door)}/{made}", "A plan that lets this go is being made.")
