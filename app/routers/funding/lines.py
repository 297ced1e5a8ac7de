"""One line of the ledger, and its way into another open statement."""

from fastapi.responses import Response

from app.actions.funding import moving_lines as actions
from app.domain.access import Can
from app.domain.schools.keeping import CHECK
from app.kit.errors import BadInputError, ConflictError, Fault
from app.pages.funding import line as pages
from app.routers.answer import go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.stages.enrolments import refused

router = guarded_router()
ONE = "/hubs/{code}/lines/{line}"


@router.get(ONE)
@allow(Can.SEE_OWED)
async def see_line(door: Through, line: str) -> Response:
    """One line, and what it rests on."""
    return show(door, await pages.load(door.db, door.viewer, door.member, known_id(line)))


@router.post(ONE + "/move")
@allow(Can.CLAIM)
async def move(door: Through, line: str) -> Response:
    """Moves it to another open statement."""
    key, typed = known_id(line), await door.typed()
    if not typed.text("statement"):
        return await _again(door, line, BadInputError(CHECK, (Fault("statement", "Choose an open statement."),)))
    there = known_id(typed.text("statement"))
    try:
        await actions.move(door.actor, key, known_id(typed.text("here")), there)
    except (BadInputError, ConflictError) as error:
        return await _again(door, line, error)
    return go_to(door, f"/hubs/{door.member.hub_code}/lines/{key}", "Moved. To undo this, move it back.")


async def _again(door: Door, line: str, error: BadInputError | ConflictError) -> Response:
    page = await pages.load(door.db, door.viewer, door.member, known_id(line))
    if page.form is None:  # closed meanwhile
        raise error
    return show(door, pages.moved_again(page, await door.typed(), refused(error)), status=error.status)
