"""Schools never reached, and the schools of the next year with the Work Groups made from them."""

from fastapi.responses import Response

from app.actions.stages import forming
from app.domain.access import Can
from app.domain.meetings.groups import read_group
from app.domain.stages.recruiting import read_urns
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages.stages import coming, reaching, recruiting_forms
from app.pages.stages.recruiting import coming_year
from app.render.stages.picture import MEDIA_TYPE, chart_file
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through
from app.routers.guard import allow, guarded_router
from app.routers.schools import wrong_in

router = guarded_router()
COLD = "/hubs/{code}/recruitment/cold-spots"
NEXT = "/hubs/{code}/recruitment/next"


@router.get(COLD)
@allow(Can.RECRUIT)
async def cold_spots(door: Through) -> Response:
    """Schools never reached."""
    wanted, today = asked(door), in_london(door.now).date()
    if wanted.value("format") == "csv" and wanted.value("table") == "authorities":
        counts = await reaching.authorities_of(door.db, door.member, wanted, today)
        return download("reached-by-authority", reaching.CSV_AUTHORITIES, map(reaching.csv_authority, counts))
    if wanted.value("format") == "csv":
        lines = await reaching.lines_of(door.db, door.member, wanted, today)
        return download("never-reached", reaching.CSV_HEADER, map(reaching.csv_row, lines))
    return show(door, await reaching.load(door.db, door.member, wanted, today))


@router.get(COLD + "/map.svg")
@allow(Can.RECRUIT)
async def cold_spots_map(door: Through) -> Response:
    """The map as a file."""
    drawn = await reaching.drawing(door.db, door.member, asked(door), in_london(door.now).date())
    headers = {"Content-Disposition": 'attachment; filename="never-reached.svg"'}
    return Response(chart_file(drawn), media_type=MEDIA_TYPE, headers=headers)


@router.get(NEXT)
@allow(Can.RECRUIT)
async def next_year(door: Through) -> Response:
    """The schools that Work Groups are formed from."""
    wanted, today = asked(door), in_london(door.now).date()
    if wanted.value("format") == "csv":
        year = coming_year(wanted, today)
        lines = await coming.lines_of(door.db, door.member, wanted, today)
        return download(f"schools-of-{year}", coming.CSV_HEADER, (coming.csv_row(line, year) for line in lines))
    return show(door, await coming.load(door.db, door.member, wanted, today))


def _year(door: Door) -> int:
    return coming_year(asked(door), in_london(door.now).date())


async def _again(door: Door, error: BadInputError) -> Response:
    because = next((fault.because for fault in error.faults), error.because)
    page = await coming.load(door.db, door.member, asked(door), in_london(door.now).date(), because)
    return show(door, page, status=error.status)


@router.get(NEXT + "/group")
@allow(Can.EDIT_GROUPS)
async def ask_for_group(door: Through) -> Response:
    """The form of a Work Group of the ticked schools."""
    door.actor.require(Can.EDIT_GROUPS)
    chosen = " ".join(door.request.query_params.getlist("urn"))
    try:
        asking = await coming.group_form(door.db, door.member, _year(door), read_urns(chosen))
    except BadInputError as error:
        return await _again(door, error)
    return show(door, asking.page)


@router.post(NEXT + "/group")
@allow(Can.EDIT_GROUPS)
async def make_group(door: Through) -> Response:
    """Makes a Work Group of these schools."""
    door.actor.require(Can.EDIT_GROUPS)
    typed = await door.typed()
    try:
        urns = read_urns(" ".join(typed.every("urn")))
        asking = await coming.group_form(door.db, door.member, _year(door), urns)
    except BadInputError as error:
        return await _again(door, error)
    try:
        new = read_group(typed, asking.offered)
        made = await forming.form_group(door.actor, _year(door), new, urns)
    except BadInputError as error:
        return show(door, recruiting_forms.again(asking.page, typed, wrong_in(error)), status=error.status)
    said = f"{new.code} is made with its schools. Name the people who take part."
    return go_to(door, f"/hubs/{door.member.hub_code}/groups/{made}", said)
