"""The ladder of a year."""

from fastapi.responses import Response

from app.domain.access import Can
from app.kit.periods import in_london
from app.pages.schools.years import asked_year
from app.pages.stages import ladder
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.get("/hubs/{code}/ladder")
@allow(Can.SEE_STAGES)
async def see_ladder(door: Through) -> Response:
    """Every school of a year: where it stands and what it still needs."""
    if asked(door).value("format") == "csv":
        year = asked_year(asked(door), in_london(door.now).date())
        lines = await ladder.table(door.db, door.member, asked(door), door.now)
        return download(f"ladder-{year}", ladder.CSV_HEADER, lines)
    return show(door, await ladder.load(door.db, door.member, asked(door), door.now))
