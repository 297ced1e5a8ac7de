"""Moves of schools between stages: the list, one of them, and how it is settled."""

from fastapi.responses import Response

from app.actions.stages import moving as actions
from app.actions.stages.moving import Agreeing
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, StaleError
from app.pages.stages import enrolling as forms
from app.pages.stages import move as pages
from app.pages.stages import moves as listing
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.stages.enrolments import refused

router = guarded_router()
HOME = "/hubs/{code}/moves"
ONE = HOME + "/{move}"


def _here(door: Door, move: str) -> str:
    return f"/hubs/{door.member.hub_code}/moves/{known_id(move)}"


@router.get(HOME)
@allow(Can.SEE_STAGES)
async def list_moves(door: Through) -> Response:
    """Every move that the viewer may see."""
    if asked(door).value("format") == "csv":
        return download("moves", listing.CSV_HEADER, await listing.rows(door.db, door.member, asked(door)))
    return show(door, await listing.load(door.db, door.member, asked(door)))


@router.get(ONE)
@allow(Can.SEE_STAGES)
async def see_move(door: Through, move: str) -> Response:
    """One move, with the evidence as it stood and as it stands."""
    return show(door, await pages.load(door.db, door.viewer, door.member, known_id(move), door.now))


@router.post(ONE + "/agree")
@allow(Can.AGREE_MOVE)
async def agree(door: Through, move: str) -> Response:
    """Agrees it."""
    key, typed = known_id(move), await door.typed()
    try:
        how = pages.read_agreed(typed)
        made = await actions.agree(door.actor, key, typed.version, Agreeing(how.day, how.state, how.because, how.seen))
    except (BadInputError, StaleError, ConflictError) as error:
        page = await pages.load(door.db, door.viewer, door.member, key, door.now)
        if page.form is None:  # settled meanwhile
            raise
        return show(door, pages.agreed_again(page, typed, refused(error)), status=error.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/enrolments/{made}", "The school has moved.")


async def _ask(door: Door, move: str, what: str) -> Response:
    return show(door, await pages.because_form(door.db, door.viewer, door.member, known_id(move), what))


async def _again(door: Door, move: str, what: str, error: BadInputError | StaleError | ConflictError) -> Response:
    page = await pages.because_form(door.db, door.viewer, door.member, known_id(move), what)
    return show(door, forms.again(page, await door.typed(), refused(error)), status=error.status)


@router.get(ONE + "/decline")
@allow(Can.AGREE_MOVE)
async def ask_decline(door: Through, move: str) -> Response:
    """Why it is declined."""
    return await _ask(door, move, "decline")


@router.post(ONE + "/decline")
@allow(Can.AGREE_MOVE)
async def decline(door: Through, move: str) -> Response:
    """Declines it."""
    typed = await door.typed()
    try:
        await actions.decline(door.actor, known_id(move), typed.version, forms.read_because(typed))
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, move, "decline", error)
    return go_to(door, _here(door, move), "Declined. The school stays where it is.")


@router.get(ONE + "/take-back")
@allow(Can.PROPOSE_MOVE)
async def ask_take_back(door: Through, move: str) -> Response:
    """Asks first."""
    return show(door, await pages.take_back(door.db, door.viewer, door.member, known_id(move)))


@router.post(ONE + "/take-back")
@allow(Can.PROPOSE_MOVE)
async def take_back(door: Through, move: str) -> Response:
    """Takes it back."""
    await actions.take_back(door.actor, known_id(move), (await door.typed()).version)
    return go_to(door, _here(door, move), "Taken back. You can propose it again.")


@router.get(ONE + "/reverse")
@allow(Can.AGREE_MOVE)
async def ask_reverse(door: Through, move: str) -> Response:
    """Why it is reversed."""
    return await _ask(door, move, "reverse")


@router.post(ONE + "/reverse")
@allow(Can.AGREE_MOVE)
async def reverse(door: Through, move: str) -> Response:
    """Reverses it."""
    typed = await door.typed()
    try:
        await actions.reverse(door.actor, known_id(move), typed.version, forms.read_because(typed))
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, move, "reverse", error)
    return go_to(door, _here(door, move), "Reversed. Both enrolments are what they were.")
