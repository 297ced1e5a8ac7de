"""Schools that the national register says are gone: the list, one of them, and what follows."""

from fastapi.responses import Response

from app.actions.stages import register as actions
from app.domain.access import Can
from app.domain.stages.register import listed
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.typed import Typed
from app.pages.stages import register
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/register"


@router.get(HOME)
@allow(Can.EDIT_STAGES)
async def see_register(door: Through) -> Response:
    """Which schools are gone."""
    if asked(door).value("format") == "csv":
        lines = await register.lines_of(door.db, door.member, asked(door), door.now)
        return download("register", register.CSV_HEADER, register.csv_rows(lines))
    return show(door, await register.register_page(door.db, door.member, asked(door), door.now))


@router.get(HOME + "/{change}")
@allow(Can.EDIT_STAGES)
async def see_change(door: Through, change: str) -> Response:
    """One of them, with all that points to it; `to` looks at another successor."""
    to = asked(door).value("to")
    return show(door, await register.change_page(door.db, door.member, known_id(change), to, door.now))


@router.post(HOME + "/{change}/move")
@allow(Can.EDIT_STAGES)
async def move(door: Through, change: str) -> Response:
    """Moves all that is open or ahead."""
    typed, key = await door.typed(), known_id(change)
    to = typed.text("to")
    urn = int(to) if to.isascii() and to.isdigit() and len(to) <= 9 else 0
    try:
        done = await actions.move(door.actor, key, urn, _version(typed))
    except (BadInputError, StaleError) as refused:
        page = await register.change_page(door.db, door.member, key, to, door.now, _faults(refused))
        return show(door, page, status=422)
    said = listed({key: count for key, count in done.counts.items() if key != "doubles"})
    here = f"/hubs/{door.member.hub_code}/register/{change}"
    return go_to(door, here, f"Moved to {done.successor}: {said or 'nothing was left to move'}.")


@router.post(HOME + "/{change}/keep")
@allow(Can.EDIT_STAGES)
async def keep(door: Through, change: str) -> Response:
    """Moves nothing, and says why."""
    typed, key = await door.typed(), known_id(change)
    try:
        name = await actions.keep(door.actor, key, typed.text("because"), _version(typed))
    except (BadInputError, StaleError) as refused:
        page = await register.change_page(door.db, door.member, key, "", door.now)
        return show(door, register.kept_again(page, typed, _faults(refused)), status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/register", f"{name} stays as it is.")


def _version(typed: Typed) -> int:
    sent = typed.text("version")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 9 else 0


def _faults(refused: BadInputError | StaleError) -> tuple[Fault, ...]:
    return refused.faults if isinstance(refused, BadInputError) else (Fault("to", refused.because),)
