"""Checking in by a code: the leader's screen, and the public page of whoever is in the room."""

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.actions.meetings import check_in as actions
from app.actions.meetings.check_in import Hereness
from app.domain.access import Can
from app.domain.meetings.check_in import Key, open_with
from app.kit.errors import BadInputError, ConflictError
from app.pages.meetings import attendance_sheet, check_in
from app.pages.meetings.check_in import HerePage
from app.render.meetings.sheet import picture
from app.routers.answer import go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public
from app.routers.sign_in.coming import TooOftenError, from_here, knock, until

router = guarded_router()
EVENT = "/hubs/{code}/events/{key}"
HOLDS = "a right code, or the pass that it gives, is the key; looking changes nothing"
CHANGED = "That code is no longer on the screen. Scan the one that is there now, or type it here."
WRONG = "That is not on a leader's screen now. Type the four letters and the four digits as they are there."
SLOWED = "Many codes that are on no screen were typed from your network. Scan the code instead, or wait until {}."


@router.get(EVENT + "/attendance/sheet.pdf")
@allow(Can.TAKE_ATTENDANCE)
async def see_sheet(door: Through, key: str) -> Response:
    """The sign-in sheet to print."""
    event = known_id(key)
    made = await attendance_sheet.load(door.db, door.viewer, door.member, event, door.settings.address, door.now)
    headers = {"Content-Disposition": f'inline; filename="sign-in-sheet-{str(event)[-8:]}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


@router.get(EVENT + "/check-in")
@allow(Can.TAKE_ATTENDANCE)
async def see_screen(door: Through, key: str) -> Response:
    """The leader's screen."""
    of = door.settings.secret, door.settings.address
    return show(door, await check_in.load(door.db, door.viewer, door.member, known_id(key), of, door.now))


@router.post(EVENT + "/check-in")
@allow(Can.TAKE_ATTENDANCE)
async def open_check_in(door: Through, key: str) -> Response:
    """Opens it."""
    await actions.open_it(door.actor, known_id(key))
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{known_id(key)}/check-in")


@router.post(EVENT + "/check-in/close")
@allow(Can.TAKE_ATTENDANCE)
async def close_check_in(door: Through, key: str) -> Response:
    """Closes it."""
    await actions.close_it(door.actor, known_id(key))
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{known_id(key)}/attendance", "Checking in is closed.")


@router.get(EVENT + "/check-in/count")
@allow(Can.TAKE_ATTENDANCE)
async def see_count(door: Through, key: str) -> Response:
    """What changes on the screen."""
    screen = await check_in.load_screen(
        door.db, door.viewer, door.member, known_id(key), door.settings.secret, door.now
    )
    return JSONResponse(jsonable_encoder(screen))


@router.get(EVENT + "/check-in/code.svg")
@allow(Can.TAKE_ATTENDANCE)
async def see_picture(door: Through, key: str) -> Response:
    """The picture of this half-minute."""
    token = await check_in.load_token(door.db, door.viewer, door.member, known_id(key), door.settings.secret, door.now)
    return Response(picture(f"{door.settings.address}/here/{token}"), media_type="image/svg+xml")


@router.get("/here")
@public("whoever is in the room types what the leader's screen says")
async def ask_for_code(door: Through) -> Response:
    """Asks for the code."""
    return show(door, HerePage())


@router.post("/here")
@public("the code is the key; wrong ones are counted for each network")
async def take_code(door: Through) -> Response:
    """Takes a typed code: a right one leads on."""
    from_here(door.request)
    typed, who = (await door.typed()).text("code"), knock(door)
    if wait := await actions.waits(door.db, who):
        raise TooOftenError(SLOWED.format(until(wait)))
    key = await actions.with_code(door.db, typed, door.settings.secret, door.now)
    if key is None:
        await actions.wrong_code(door.db, who)
        answer = show(door, HerePage(WRONG, typed[:20]), status=422)
        door.request.state.refused = False  # what was counted stays counted
        return answer
    return RedirectResponse(f"/here/{key.pass_}", 303)


@router.get("/here/{token}")
@public(HOLDS)
async def look_at_code(door: Through, token: str) -> Response:
    """Who is asked, for whoever holds a right code."""
    key = open_with(door.settings.secret, token, door.now)
    return show(door, HerePage(CHANGED), status=410) if key is None else await _here(door, key)


@router.post("/here/{token}")
@public(HOLDS)
async def say_here(door: Through, token: str) -> Response:
    """Records that somebody is here, once."""
    from_here(door.request)
    key = open_with(door.settings.secret, token, door.now)
    if key is None:
        return show(door, HerePage(CHANGED), status=410)
    typed = await door.typed()
    said = Hereness(*(typed.text(name) for name in ("who", "name", "school", "instead_of")))
    try:
        roll, name = await actions.say_here(door.db, door.viewer, key, said, door.now)
    except BadInputError as wrong:
        return await _here(door, key, wrong, said)
    except ConflictError as closed:
        return show(door, HerePage(closed.because), status=409)
    return show(door, check_in.here_done(roll, name, f"/here/{key.pass_}"))


async def _here(door: Door, key: Key, wrong: BadInputError | None = None, said: Hereness | None = None) -> Response:
    try:
        roll = await actions.open_roll(door.db, key, door.now)
    except ConflictError as closed:
        return show(door, HerePage(closed.because), status=409)
    page = await check_in.here_now(door.db, roll, door.viewer, f"/here/{key.pass_}")
    if wrong is None or said is None:
        return show(door, page)
    again = check_in.asked_again(page, wrong.faults, (said.name, said.school, said.instead_of))
    return show(door, again, status=422)
