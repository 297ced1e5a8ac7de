"""A grant year's budget, its forecast as a picture and as tables."""

from fastapi.responses import Response

from app.domain.access import Can
from app.pages.funding import budget
from app.render.stages.picture import MEDIA_TYPE
from app.routers.answer import asked, download, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/funding/budget"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_budget(door: Through) -> Response:
    """The year."""
    return show(door, await budget.load(door.db, door.member, asked(door), door.now))


@router.get(HOME + "/chart.svg")
@allow(Can.SEE_FUNDING)
async def budget_chart(door: Through) -> Response:
    """The forecast as a file."""
    drawn = await budget.chart(door.db, door.member, asked(door), door.now)
    return Response(
        drawn, media_type=MEDIA_TYPE, headers={"Content-Disposition": 'attachment; filename="forecast.svg"'}
    )


@router.get(HOME + "/months.csv")
@allow(Can.SEE_FUNDING)
async def budget_months(door: Through) -> Response:
    """The months as a file."""
    rows = await budget.months_table(door.db, door.member, asked(door), door.now)
    return download("forecast", budget.MONTH_HEADER, rows)


@router.get(HOME + "/periods.csv")
@allow(Can.SEE_FUNDING)
async def budget_periods(door: Through) -> Response:
    """The periods as a file."""
    rows = await budget.periods_table(door.db, door.member, asked(door), door.now)
    return download("budget-by-period", budget.PERIOD_HEADER, rows)
