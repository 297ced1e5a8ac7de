"""Who signed up and who completed: as of a day, frozen, compared, deleted and put back."""

from fastapi.responses import Response

from app.actions.funding import completions as acts
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages._parts import Asked
from app.pages.funding import completions
from app.pages.funding.completions import CountsFile
from app.pages.schools.years import asked_year
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/completions"
ONE = HOME + "/{completion}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/completions"


def _file(door: Door, file: CountsFile, form: str) -> Response:
    if form == "csv":
        return download("completions", completions.CSV_HEADER, file.rows)
    headers = {"Content-Disposition": 'attachment; filename="completions.xlsx"'}
    return Response(file.xlsx(door.member.hub_name), media_type=XLSX, headers=headers)


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_completions(door: Through) -> Response:
    """Counts as of a day, and what was frozen."""
    wanted = asked(door)
    form = wanted.value("format")
    if form in {"csv", "xlsx"}:
        return _file(door, await completions.live_file(door.db, door.member, wanted, door.now), form)
    return show(door, await completions.load(door.db, door.member, wanted, door.now))


@router.post(HOME)
@allow(Can.CLAIM)
async def freeze(door: Through) -> Response:
    """Freezes the counts of a day."""
    typed = await door.typed()
    wanted = Asked(_home(door), {"year": typed.text("year"), "day": typed.text("day")})
    try:
        made = await acts.freeze(door.actor, asked_year(wanted, in_london(door.now).date()), typed)
    except BadInputError as refused:
        if any(fault.path == "day" for fault in refused.faults):
            wanted = Asked(wanted.path, {"year": wanted.value("year")})
        page = await completions.load(door.db, door.member, wanted, door.now)
        return show(door, completions.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"{_home(door)}/{made}", f"{typed.text('name')} is frozen. It stays as it is.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_completion(door: Through, completion: str) -> Response:
    """One frozen snapshot, or two beside each other."""
    wanted, key = asked(door), known_id(completion)
    form = wanted.value("format")
    if form in {"csv", "xlsx"}:
        return _file(door, await completions.kept_file(door.db, door.member, key), form)
    return show(door, await completions.one(door.db, door.member, key, wanted))


@router.get(ONE + "/delete")
@allow(Can.CLAIM)
async def ask_delete(door: Through, completion: str) -> Response:
    """Asks first."""
    return show(door, await completions.confirm_delete(door.db, door.member, known_id(completion)))


@router.post(ONE + "/delete")
@allow(Can.CLAIM)
async def delete(door: Through, completion: str) -> Response:
    """Takes a snapshot away."""
    name = await acts.delete(door.actor, known_id(completion))
    return go_to(door, _home(door), f"{name} is deleted. You can put it back, below the list.")


@router.post(ONE + "/put-back")
@allow(Can.CLAIM)
async def put_back(door: Through, completion: str) -> Response:
    """Undoes a deletion."""
    name = await acts.put_back(door.actor, known_id(completion))
    return go_to(door, f"{_home(door)}/{completion}", f"{name} is back.")
