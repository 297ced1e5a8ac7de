"""Exports that make themselves."""

import uuid

from fastapi.responses import Response

from app.actions.funding import standing as actions
from app.actions.funding.standing import Place
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.pages.funding import standing as pages
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/standing-exports"
ONE = HOME + "/{export}"


def _home(door: Door, export: uuid.UUID | None = None) -> str:
    home = f"/hubs/{door.member.hub_code}/standing-exports"
    return f"{home}/{export}" if export else home


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_exports(door: Through) -> Response:
    """The hub's exports."""
    if asked(door).value("format") == "csv":
        return download("standing-exports", pages.CSV_HEADER, await pages.csv_rows(door.db, door.member))
    return show(door, await pages.load(door.db, door.member, asked(door)))


@router.get(HOME + "/new")
@allow(Can.CLAIM)
async def new_export(door: Through) -> Response:
    """The form of a new one."""
    return show(door, await pages.form_page(door.db, door.member, None))


@router.post(HOME + "/new")
@allow(Can.CLAIM)
async def add_export(door: Through) -> Response:
    """Sets one up."""
    typed = await door.typed()
    try:
        made = await actions.add(door.actor, pages.read(typed))
    except BadInputError as refused:
        page = await pages.form_page(door.db, door.member, None, (typed, refused.faults))
        return show(door, page, status=refused.status)
    return go_to(door, _home(door, made), "The export is set up.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_export(door: Through, export: str) -> Response:
    """One export, and what became of it last."""
    return show(door, await pages.load_one(door.db, door.member, known_id(export)))


@router.get(ONE + "/edit")
@allow(Can.CLAIM)
async def edit_export(door: Through, export: str) -> Response:
    """The form with what it says."""
    return show(door, await pages.form_page(door.db, door.member, known_id(export)))


@router.post(ONE + "/edit")
@allow(Can.CLAIM)
async def change_export(door: Through, export: str) -> Response:
    """Changes it."""
    typed, key = await door.typed(), known_id(export)
    try:
        await actions.change(door.actor, key, typed.version, pages.read(typed))
    except (BadInputError, StaleError) as refused:
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("", refused.because),)
        page = await pages.form_page(door.db, door.member, key, (typed, faults))
        return show(door, page, status=refused.status)
    return go_to(door, _home(door, key), "The export is changed.")


@router.post(ONE + "/run")
@allow(Can.CLAIM)
async def run_export(door: Through, export: str) -> Response:
    """Makes it at once."""
    key = known_id(export)
    told = await actions.run_now(door.actor, Place(door.settings.data_dir), key)
    return go_to(door, _home(door, key), f"It is made. {told}")


@router.post(ONE + "/pause")
@allow(Can.CLAIM)
async def pause_export(door: Through, export: str) -> Response:
    """Stops it until it is let go on."""
    key = known_id(export)
    name = await actions.pause(door.actor, key, paused=True)
    return go_to(door, _home(door, key), f"{name} is paused.")


@router.post(ONE + "/resume")
@allow(Can.CLAIM)
async def resume_export(door: Through, export: str) -> Response:
    """Lets it go on."""
    key = known_id(export)
    name = await actions.pause(door.actor, key, paused=False)
    return go_to(door, _home(door, key), f"{name} goes on.")


@router.get(ONE + "/delete")
@allow(Can.CLAIM)
async def ask_to_delete_export(door: Through, export: str) -> Response:
    """Asks first."""
    return show(door, await pages.confirm_delete(door.db, door.member, known_id(export)))


@router.post(ONE + "/delete")
@allow(Can.CLAIM)
async def delete_export(door: Through, export: str) -> Response:
    """Deletes it."""
    name = await actions.delete(door.actor, known_id(export))
    return go_to(door, _home(door), f"The export {name} is deleted.")
