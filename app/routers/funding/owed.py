"""What one school is paid, and why."""

from fastapi.responses import Response

from app.domain.access import Can
from app.pages.funding import owed
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn

router = guarded_router()


@router.get("/hubs/{code}/schools/{urn}/owed")
@allow(Can.SEE_OWED)
async def see_owed(door: Through, urn: str) -> Response:
    """The school's own view."""
    key = known_urn(urn)
    if asked(door).value("format") == "csv":
        rows = await owed.table(door.db, door.viewer, door.member, key, asked(door), door.now)
        return download("what-we-are-paid", owed.CSV_HEADER, rows)
    return show(door, await owed.load(door.db, door.viewer, door.member, key, asked(door), door.now))
