"""The hub's picture: looked at, downloaded, frozen; frozen ones looked at, compared, deleted and put back."""

from fastapi.responses import Response

from app.actions.stages import picture as acts
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages._parts import Asked
from app.pages.schools.years import asked_year
from app.pages.stages import picture, snapshots
from app.pages.stages.picture import File
from app.render.stages.picture import MEDIA_TYPE
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}"
ONE = HOME + "/snapshots/{snapshot}"


def _list(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/snapshots"


def _svg(file: File) -> Response:
    """A chart as a file that a browser saves rather than opens."""
    headers = {"Content-Disposition": f'attachment; filename="{file.name}.svg"'}
    return Response(file.svg, media_type=MEDIA_TYPE, headers=headers)


@router.get(HOME + "/picture")
@allow(Can.SEE_PICTURE)
async def see_picture(door: Through) -> Response:
    """The picture of a year as it stands now."""
    return show(door, await picture.load(door.db, door.member, asked(door), door.now))


@router.get(HOME + "/picture/{name}/chart.svg")
@allow(Can.SEE_PICTURE)
async def picture_svg(door: Through, name: str) -> Response:
    """One chart as a file."""
    return _svg(await picture.file(door.db, door.member, name, asked(door), door.now))


@router.get(HOME + "/picture/{name}/table.csv")
@allow(Can.SEE_PICTURE)
async def picture_csv(door: Through, name: str) -> Response:
    """One chart's table as a file."""
    file = await picture.file(door.db, door.member, name, asked(door), door.now)
    return download(file.name, file.header, file.rows)


@router.get(HOME + "/snapshots")
@allow(Can.SEE_PICTURE)
async def list_snapshots(door: Through) -> Response:
    """Every frozen picture."""
    if asked(door).value("format") == "csv":
        return download("frozen-pictures", snapshots.CSV_HEADER, await snapshots.csv_rows(door.db, door.member))
    return show(door, await snapshots.load(door.db, door.member, asked(door), door.now))


@router.post(HOME + "/snapshots")
@allow(Can.SEE_PICTURE)
async def freeze(door: Through) -> Response:
    """Keeps today's picture of a year under a name."""
    typed = await door.typed()
    year = asked_year(Asked("", {"year": typed.text("year")}), in_london(door.now).date())
    try:
        made = await acts.freeze(door.actor, year, typed.text("name"))
    except BadInputError as refused:
        page = await snapshots.load(door.db, door.member, Asked(_list(door)), door.now)
        return show(door, snapshots.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"{_list(door)}/{made}", f"{typed.text('name')} is frozen. It stays as it is.")


@router.get(ONE)
@allow(Can.SEE_PICTURE)
async def see_snapshot(door: Through, snapshot: str) -> Response:
    """One frozen picture, or two beside each other."""
    wanted, snapshot_id = asked(door), known_id(snapshot)
    if wanted.value("format") == "csv":
        table = await snapshots.compare_csv(door.db, door.member, snapshot_id, wanted)
        return download("compared", [column.text for column in table.columns], [row.cells for row in table.rows])
    return show(door, await snapshots.one(door.db, door.member, snapshot_id, wanted))


@router.get(ONE + "/picture/{name}/chart.svg")
@allow(Can.SEE_PICTURE)
async def snapshot_svg(door: Through, snapshot: str, name: str) -> Response:
    """One chart of a frozen picture as a file."""
    return _svg(await snapshots.file(door.db, door.member, known_id(snapshot), name, asked(door)))


@router.get(ONE + "/picture/{name}/table.csv")
@allow(Can.SEE_PICTURE)
async def snapshot_csv(door: Through, snapshot: str, name: str) -> Response:
    """One chart's table of a frozen picture as a file."""
    file = await snapshots.file(door.db, door.member, known_id(snapshot), name, asked(door))
    return download(file.name, file.header, file.rows)


@router.get(ONE + "/delete")
@allow(Can.SEE_PICTURE)
async def ask_delete(door: Through, snapshot: str) -> Response:
    """The question before a frozen picture goes."""
    return show(door, await snapshots.confirm_delete(door.db, door.member, known_id(snapshot)))


@router.post(ONE + "/delete")
@allow(Can.SEE_PICTURE)
async def delete(door: Through, snapshot: str) -> Response:
    """Takes a frozen picture away."""
    name = await acts.delete(door.actor, known_id(snapshot))
    return go_to(door, _list(door), f"{name} is deleted. You can put it back for 30 days, below the list.")


@router.post(ONE + "/put-back")
@allow(Can.SEE_PICTURE)
async def put_back(door: Through, snapshot: str) -> Response:
    """Undoes a deletion."""
    name = await acts.put_back(door.actor, known_id(snapshot))
    return go_to(door, f"{_list(door)}/{snapshot}", f"{name} is back.")
