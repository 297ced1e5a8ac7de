"""Doors to the report to the Strategic Board."""

from fastapi.responses import Response

from app.domain.access import Can
from app.pages.stages import report
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/report"


@router.get(HOME)
@allow(Can.SEE_REPORT)
async def report_to_the_board(door: Through) -> Response:
    """The report of a range of days."""
    if asked(door).value("format") == "csv":
        name, rows = await report.table(door.db, door.member, asked(door), door.now)
        return download(name, report.CSV_HEADER, rows)
    page = await report.load(door.db, door.member, asked(door), door.now)
    return show(door, page, status=422 if page.form.faults else 200)


@router.get(HOME + "/report.pdf")
@allow(Can.SEE_REPORT)
async def report_on_paper(door: Through) -> Response:
    """The same as PDF."""
    made = await report.pdf(door.db, door.member, asked(door), door.now)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type="application/pdf", headers=headers)
