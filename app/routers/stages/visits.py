"""Doors to the visits that schools still get."""

from fastapi.responses import Response

from app.domain.access import Can
from app.kit.periods import in_london
from app.pages.schools.years import asked_year
from app.pages.stages import entitlement, this_half_term
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.get("/hubs/{code}/entitlement")
@allow(Can.SEE_STAGES)
async def visits_of_schools(door: Through) -> Response:
    """The visits of every school of a year."""
    if asked(door).value("format") == "csv":
        found = await entitlement.known(door.db, door.member, asked(door), door.now)
        name = f"visits-left-{asked_year(asked(door), in_london(door.now).date())}"
        return download(name, entitlement.CSV_HEADER, map(entitlement.csv_row, found))
    return show(door, await entitlement.load(door.db, door.member, asked(door), door.now))


@router.get("/hubs/{code}/this-half-term")
@allow(Can.SEE_STAGES)
async def visits_this_half_term(door: Through) -> Response:
    """What is left of this half term's visits."""
    if asked(door).value("format") == "csv":
        rows = await this_half_term.rows(door.db, door.member, asked(door), door.now)
        return download("visits-this-half-term", this_half_term.CSV_HEADER, rows)
    return show(door, await this_half_term.load(door.db, door.member, asked(door), door.now))
