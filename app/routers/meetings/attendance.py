"""Who came: the grid of one event, its history and its sheet, and the lists of a hub."""

from fastapi.responses import Response

from app.actions.meetings import attendance as actions
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.meetings import attendance, attendance_history, attendance_lists
from app.pages.meetings.attendance import Again
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HERE = "/hubs/{code}/events/{key}/attendance"


@router.get("/hubs/{code}/attendance")
@allow(Can.SEE_ATTENDANCE)
async def list_attendance(door: Through) -> Response:
    """Who came over the year, in the view that the address asks for."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        table = await attendance_lists.table(door.db, door.member, wanted, door.now)
        return download(table.name, table.header, table.rows)
    return show(door, await attendance_lists.load(door.db, door.member, wanted, door.now))


@router.get(HERE)
@allow(Can.SEE_ATTENDANCE)
async def see_attendance(door: Through, key: str) -> Response:
    """Who came, as far as the viewer may see it; a form for whoever may say it."""
    return show(door, await attendance.load(door.db, door.viewer, door.member, known_id(key), door.now))


@router.post(HERE)
@allow(Can.TAKE_ATTENDANCE)
async def take_attendance(door: Through, key: str) -> Response:
    """Keeps what the form says."""
    typed, event = await door.typed(), known_id(key)
    try:
        decided = await actions.take(door.actor, event, typed)
    except BadInputError as wrong:
        again = Again(typed, wrong.faults)
        page = await attendance.load(door.db, door.viewer, door.member, event, door.now, again)
        return show(door, page, status=422)
    if decided.clashes:
        again = Again(typed, (), decided)
        page = await attendance.load(door.db, door.viewer, door.member, event, door.now, again)
        answer = show(door, page, status=409)
        door.request.state.refused = False  # where nobody differs, what was said is kept
        return answer
    notice = "Saved." if decided.kept else "Nothing was changed."
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{event}/attendance", notice)


@router.get(HERE + "/history")
@allow(Can.SEE_ATTENDANCE)
async def see_history(door: Through, key: str) -> Response:
    """Who said what, and when."""
    return show(door, await attendance_history.load(door.db, door.member, known_id(key)))
