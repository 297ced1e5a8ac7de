"""Adjustments: written by one person, agreed or declined by another."""

from dataclasses import replace

from fastapi.responses import Response

from app.actions.funding import adjusting as actions
from app.actions.funding.adjusting import New
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.funding import adjustment as pages
from app.pages.funding import adjustments as listing
from app.pages.stages.enrolling import again
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.stages.enrolments import refused

router = guarded_router()
HOME = "/hubs/{code}/adjustments"
ONE = HOME + "/{adjustment}"


def _here(door: Door, adjustment: object) -> str:
    return f"/hubs/{door.member.hub_code}/adjustments/{adjustment}"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def list_adjustments(door: Through) -> Response:
    """Adjustments of a grant year."""
    if asked(door).value("format") == "csv":
        rows = await listing.rows(door.db, door.member, asked(door), door.now)
        return download("adjustments", listing.CSV_HEADER, rows)
    return show(door, await listing.load(door.db, door.member, asked(door), door.now))


@router.get(HOME + "/new")
@allow(Can.CLAIM)
async def new_adjustment(door: Through) -> Response:
    """The form."""
    return show(door, await pages.new(door.db, door.member, asked(door), door.now))


@router.post(HOME)
@allow(Can.CLAIM)
async def propose(door: Through) -> Response:
    """Puts an adjustment forward."""
    typed = await door.typed()
    try:
        said = pages.read(typed)
        new = New(said.year, said.urn, said.why, said.day, said.pence, said.because, said.payee, said.programme)
        made = await actions.propose(door.actor, new)
    except BadInputError as error:
        here = replace(asked(door), query={"year": typed.text("year")})
        faults = tuple(replace(one, path="amount") if one.path == "pence" else one for one in refused(error))
        page = await pages.new(door.db, door.member, here, door.now)
        return show(door, pages.new_again(page, typed, faults), status=error.status)
    return go_to(door, _here(door, made), "Put forward. A second person of the hub agrees or declines it.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_adjustment(door: Through, adjustment: str) -> Response:
    """One adjustment."""
    return show(door, await pages.one(door.db, door.member, known_id(adjustment)))


@router.get(ONE + "/agree")
@allow(Can.APPROVE_CLAIM)
async def ask_agree(door: Through, adjustment: str) -> Response:
    """Asks before it is agreed."""
    return show(door, await pages.ask(door.db, door.member, known_id(adjustment), "agree"))


@router.post(ONE + "/agree")
@allow(Can.APPROVE_CLAIM)
async def agree(door: Through, adjustment: str) -> Response:
    """Agrees it: it becomes a line of an open statement."""
    key = known_id(adjustment)
    await actions.agree(door.actor, key, (await door.typed()).version)
    return go_to(door, _here(door, key), "Agreed. It is a line of an open statement now.")


@router.get(ONE + "/decline")
@allow(Can.APPROVE_CLAIM)
async def ask_decline(door: Through, adjustment: str) -> Response:
    """Why it is declined."""
    return show(door, await pages.ask_decline(door.db, door.member, known_id(adjustment)))


@router.post(ONE + "/decline")
@allow(Can.APPROVE_CLAIM)
async def decline(door: Through, adjustment: str) -> Response:
    """Declines it."""
    key, typed = known_id(adjustment), await door.typed()
    try:
        await actions.decline(door.actor, key, typed.version, typed.text("because"))
    except BadInputError as error:
        page = await pages.ask_decline(door.db, door.member, key)
        return show(door, again(page, typed, refused(error)), status=error.status)
    return go_to(door, _here(door, key), "Declined.")


@router.get(ONE + "/take-back")
@allow(Can.CLAIM)
async def ask_take_back(door: Through, adjustment: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask(door.db, door.member, known_id(adjustment), "take-back"))


@router.post(ONE + "/take-back")
@allow(Can.CLAIM)
async def take_back(door: Through, adjustment: str) -> Response:
    """Takes it back."""
    key = known_id(adjustment)
    await actions.take_back(door.actor, key, (await door.typed()).version)
    return go_to(door, _here(door, key), "Taken back.")
