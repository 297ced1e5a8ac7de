"""A school's journey: ten years on one line, where it stands now, and the five areas' reviews."""

from fastapi.responses import Response

from app.domain.access import Can
from app.kit.periods import in_london
from app.pages.stages import areas, journey
from app.render.stages.journey import line_svg
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn

router = guarded_router()
HOME = "/hubs/{code}/schools/{urn}"


@router.get(HOME + "/journey")
@allow(Can.SEE_STAGES)
async def school_journey(door: Through, urn: str) -> Response:
    """The journey of one school; `?format=svg` is its line, `?format=csv` all that happened."""
    number, wanted = known_urn(urn), asked(door)
    if wanted.value("format") == "csv":
        rows = await journey.csv_rows(door.db, door.member, number, door.now)
        return download(f"journey-{number}", journey.CSV_HEADER, rows)
    if wanted.value("format") == "svg":
        drawn = await journey.load_line(door.db, door.member, number, wanted, door.now)
        name = f'attachment; filename="journey-{number}-{in_london(door.now).date()}.svg"'
        return Response(line_svg(drawn), media_type="image/svg+xml", headers={"Content-Disposition": name})
    return show(door, await journey.load(door.db, door.member, number, wanted, door.now))


@router.get(HOME + "/areas")
@allow(Can.SEE_STAGES)
async def school_areas(door: Through, urn: str) -> Response:
    """The five areas of one school over time."""
    number = known_urn(urn)
    if asked(door).value("format") == "csv":
        return download(f"areas-{number}", areas.CSV_HEADER, await areas.csv_rows(door.db, door.member, number))
    return show(door, await areas.load(door.db, door.member, number, door.now))
