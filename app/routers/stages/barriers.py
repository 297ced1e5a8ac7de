"""Barriers: the hub's list, those that records name, one of them, and the forms that change it."""

import uuid

from fastapi.responses import Response

from app.actions.stages import barriers as actions
from app.actions.stages.barriers import Found
from app.domain.access import Can
from app.domain.stages.barriers import read_barrier, read_closing
from app.kit.errors import BadInputError, StaleError
from app.pages.stages import asking, barrier_forms
from app.pages.stages import barriers as pages
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in

router = guarded_router()
LIST = "/hubs/{code}/barriers"
ONE = "/hubs/{code}/barriers/{barrier}"
NEW = "/hubs/{code}/schools/{urn}/barriers/new"


def _here(door: Door, barrier: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/barriers/{barrier}"


def _record(event: str, item: str) -> tuple[uuid.UUID | None, str]:
    """The item of a record that names a barrier, if any."""
    return (known_id(event), item[:60]) if event else (None, "")


@router.get(LIST)
@allow(Can.SEE_STAGES)
async def all_barriers(door: Through) -> Response:
    """The barriers of the schools that the viewer may see."""
    if asked(door).value("format") == "csv":
        lines = await pages.lines_of(door.db, door.member, asked(door), door.now)
        return download("barriers", (*pages.CSV_HEADER, *pages.CSV_END), map(pages.csv_row, lines))
    return show(door, await pages.load(door.db, door.member, asked(door), door.now))


@router.get(LIST + "/named")
@allow(Can.PLAN_SCHOOL)
async def named_barriers(door: Through) -> Response:
    """What records name and nobody has taken up."""
    urn = asked(door).value("urn")
    return show(door, await pages.load_named(door.db, door.member, known_urn(urn) if urn else None))


@router.get(NEW)
@allow(Can.PLAN_SCHOOL)
async def new_barrier(door: Through, urn: str) -> Response:
    """An empty form, or one for a barrier that a record names."""
    wanted = asked(door)
    record = _record(wanted.value("event"), wanted.value("item"))
    return show(door, (await barrier_forms.new_form(door.db, door.member, known_urn(urn), record, door.now)).page)


@router.post(NEW)
@allow(Can.PLAN_SCHOOL)
async def name_barrier(door: Through, urn: str) -> Response:
    """Names a barrier of a school."""
    number, typed = known_urn(urn), await door.typed()
    record = _record(typed.text("event"), typed.text("item"))
    form = await barrier_forms.new_form(door.db, door.member, number, record, door.now)
    try:
        new = read_barrier(typed, form.leaders, form.taking_part, form.days)
        made = await actions.name_barrier(door.actor, number, new, Found(event_id=record[0], item=record[1]))
    except BadInputError as error:
        return show(door, asking.again(form.page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, made), "The barrier is named, with the leader who sees to it.")


@router.get(ONE)
@allow(Can.SEE_STAGES)
async def one_barrier(door: Through, barrier: str) -> Response:
    """One barrier."""
    return show(door, await pages.load_one(door.db, door.member, known_id(barrier), door.now))


@router.get(ONE + "/edit")
@allow(Can.PLAN_SCHOOL)
async def edit_barrier(door: Through, barrier: str) -> Response:
    """The form of a barrier."""
    return show(door, (await barrier_forms.edit_form(door.db, door.member, known_id(barrier), door.now)).page)


@router.post(ONE + "/edit")
@allow(Can.PLAN_SCHOOL)
async def save_barrier(door: Through, barrier: str) -> Response:
    """Saves a barrier."""
    key, typed = known_id(barrier), await door.typed()
    form = await barrier_forms.edit_form(door.db, door.member, key, door.now)
    try:
        new = read_barrier(typed, form.leaders, form.taking_part, form.days)
        await actions.change_barrier(door.actor, key, typed.version, new)
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(form.page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, key), "The barrier is saved.")


@router.get(ONE + "/close")
@allow(Can.PLAN_SCHOOL)
async def ask_close(door: Through, barrier: str) -> Response:
    """How a barrier ends."""
    return show(door, await barrier_forms.close_form(door.db, door.member, known_id(barrier)))


@router.post(ONE + "/close")
@allow(Can.PLAN_SCHOOL)
async def close_barrier(door: Through, barrier: str) -> Response:
    """Closes a barrier with a because."""
    key, typed = known_id(barrier), await door.typed()
    page = await barrier_forms.close_form(door.db, door.member, key)
    try:
        await actions.close_barrier(door.actor, key, typed.version, read_closing(typed))
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, key), "The barrier is closed. To undo this, open it again.")


@router.post(ONE + "/open-again")
@allow(Can.PLAN_SCHOOL)
async def open_barrier_again(door: Through, barrier: str) -> Response:
    """A closed barrier stands again."""
    await actions.open_again(door.actor, known_id(barrier))
    return go_to(door, _here(door, known_id(barrier)), "The barrier is open again.")
