"""Work Groups of a coming year on their way: proposed, looked at, moved by hand, formed anew, used, set aside."""

import uuid

from fastapi.responses import Response

from app.actions.stages import forming_using
from app.actions.stages import formings as actions
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london, spoken_year
from app.pages.stages import forming_known, forming_one, forming_school, forming_use, forming_wishes, formings
from app.render.stages.picture import MEDIA_TYPE, chart_file
from app.routers.answer import asked, download, follow, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in

router = guarded_router()
LIST = "/hubs/{code}/formings"
ONE = LIST + "/{forming}"


def _here(door: Door, key: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/formings/{key}"


@router.get(LIST)
@allow(Can.PLAN)
async def list_formings(door: Through) -> Response:
    """Every time that groups of a coming year were proposed."""
    wanted, today = asked(door), in_london(door.now).date()
    if wanted.value("format") == "csv":
        rows = await formings.rows_of(door.db, door.member, wanted, today)
        return download("proposed-groups", formings.CSV_HEADER, rows)
    return show(door, await formings.load(door.db, door.member, wanted, today))


@router.post(LIST)
@allow(Can.PLAN)
async def propose_groups(door: Through) -> Response:
    """Has groups formed in the background."""
    year = formings.read_year((await door.typed()).text("year"))
    made = await actions.propose(door.actor, year)
    return go_to(door, _here(door, made), f"Groups for {spoken_year(year)} are being formed.")


@router.get(ONE)
@allow(Can.PLAN)
async def see_forming(door: Through, forming: str) -> Response:
    """The groups on a map and in tables."""
    wanted, key = asked(door), known_id(forming)
    if wanted.value("format") == "csv" and wanted.value("table") == "groups":
        rows = await forming_one.groups_csv(door.db, door.member, key)
        return download("groups", forming_one.GROUPS_HEADER, rows)
    if wanted.value("format") == "csv":
        rows = await forming_one.schools_csv(door.db, door.member, key, wanted)
        return download("schools-of-groups", forming_one.CSV_HEADER, rows)
    return show(door, await forming_one.load(door.db, door.member, key, wanted))


@router.get(ONE + "/map.svg")
@allow(Can.PLAN)
async def forming_map(door: Through, forming: str) -> Response:
    """The map as a file."""
    drawn = await forming_one.drawing(door.db, door.member, known_id(forming))
    headers = {"Content-Disposition": 'attachment; filename="groups.svg"'}
    return Response(chart_file(drawn), media_type=MEDIA_TYPE, headers=headers)


@router.get(ONE + "/progress")
@allow(Can.PLAN)
async def follow_forming(door: Through, forming: str) -> Response:
    """How far the forming is, as server-sent events until it is done."""
    key = known_id(forming)
    await forming_known.progress(door.db, door.member, key)
    return follow(door, lambda db: forming_known.progress(db, door.member, key))


@router.get(ONE + "/schools/{urn}")
@allow(Can.PLAN)
async def see_where_it_could_be(door: Through, forming: str, urn: str) -> Response:
    """Every other group for a school, and every exchange."""
    wanted, key, number = asked(door), known_id(forming), known_urn(urn)
    if wanted.value("format") == "csv":
        rows = await forming_school.rows_of(door.db, door.member, key, number, wanted)
        return download(f"places-for-{number}", forming_school.CSV_HEADER, rows)
    return show(door, await forming_school.load(door.db, door.member, key, number, wanted))


@router.post(ONE + "/schools/{urn}")
@allow(Can.PLAN)
async def move_school(door: Through, forming: str, urn: str) -> Response:
    """Moves a school to another group, or exchanges it."""
    typed, key = await door.typed(), known_id(forming)
    step = await forming_school.read_step(door.db, door.member, key, known_urn(urn), typed)
    said = await actions.move(door.actor, key, typed.version, step)
    return go_to(door, _here(door, key), f"Moved {said}. You can undo this.")


@router.post(ONE + "/undo")
@allow(Can.PLAN)
async def undo_move(door: Through, forming: str) -> Response:
    """Takes the last move by hand back."""
    key = known_id(forming)
    school = await actions.undo(door.actor, key, (await door.typed()).version)
    return go_to(door, _here(door, key), f"The last move of {school} is taken back.")


@router.get(ONE + "/pins")
@allow(Can.PLAN)
async def see_wishes(door: Through, forming: str) -> Response:
    """What groups are formed by: pins, and how many groups each can lead."""
    return show(door, await forming_wishes.load(door.db, door.member, known_id(forming)))


@router.post(ONE + "/pins")
@allow(Can.PLAN)
async def form_anew(door: Through, forming: str) -> Response:
    """Has groups formed anew, by these wishes and the facts of the moment."""
    key, typed = known_id(forming), await door.typed()
    try:
        year, pins = await forming_wishes.read(door.db, door.member, key, typed)
        made = await actions.propose(door.actor, year, pins)
    except BadInputError as error:
        page = await forming_wishes.load(door.db, door.member, key, typed, wrong_in(error))
        return show(door, page, status=error.status)
    return go_to(door, _here(door, made), f"Groups for {spoken_year(year)} are being formed anew.")


@router.get(ONE + "/use")
@allow(Can.PLAN)
async def ask_to_use(door: Through, forming: str) -> Response:
    """What using the groups will do, and their codes."""
    door.actor.require(Can.EDIT_GROUPS)
    return show(door, await forming_use.load(door.db, door.member, known_id(forming)))


@router.post(ONE + "/use")
@allow(Can.PLAN)
async def use_groups(door: Through, forming: str) -> Response:
    """Makes Work Groups of all of them, or of none."""
    door.actor.require(Can.EDIT_GROUPS)
    key, typed = known_id(forming), await door.typed()
    try:
        made = await forming_using.use(door.actor, key, typed.version, forming_use.read_codes(typed))
    except BadInputError as error:
        page = await forming_use.load(door.db, door.member, key, typed, wrong_in(error))
        return show(door, page, status=error.status)
    said = f"{made[0]} is made" if len(made) == 1 else f"{len(made)} Work Groups are made"
    return go_to(door, _here(door, key), f"{said} with all schools. Name the people who take part.")


@router.get(ONE + "/set-aside")
@allow(Can.PLAN)
async def ask_to_set_groups_aside(door: Through, forming: str) -> Response:
    """What setting aside will do."""
    return show(door, await forming_use.drop_page(door.db, door.member, known_id(forming)))


@router.post(ONE + "/set-aside")
@allow(Can.PLAN)
async def set_groups_aside(door: Through, forming: str) -> Response:
    """Drops groups on their way."""
    year = await actions.set_aside(door.actor, known_id(forming))
    return go_to(door, f"/hubs/{door.member.hub_code}/formings?year={year}", "These groups are set aside.")
