"""Funding at a glance, and the button that asks each for what is missing."""

from fastapi.responses import Response

from app.actions.funding import chasing
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages.funding import home
from app.pages.schools.years import asked_year
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/funding"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_funding(door: Through) -> Response:
    """What is ready, what is missing, whose turn it is."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await home.sums_table(door.db, door.member, wanted, door.now)
        return download("what-is-ready", home.SUM_HEADER, rows)
    if wanted.value("format") == "missing":
        rows = await home.missing_table(door.db, door.member, wanted, door.now)
        return download("what-is-missing", home.MISSING_HEADER, rows)
    return show(door, await home.load(door.db, door.member, wanted, door.now))


@router.get(HOME + "/chase")
@allow(Can.CLAIM)
async def look_at_chasing(door: Through) -> Response:
    """Who would be asked for what, and the words."""
    wanted = asked(door)
    year, what = asked_year(wanted, in_london(door.now).date()), home.asked_what(wanted.value("what"))
    try:
        turns = await chasing.whom(door.actor, year, what)
    except BadInputError as nobody:
        return go_to(door, f"/hubs/{door.member.hub_code}/funding?year={year}", nobody.because)
    return show(door, home.chase(door.member, year, what, turns))


@router.post(HOME + "/chase")
@allow(Can.CLAIM)
async def chase(door: Through) -> Response:
    """Asks them."""
    typed = await door.typed()
    year = asked_year(asked(door), in_london(door.now).date())
    batch, count = await chasing.chase(door.actor, year, home.asked_what(typed.text("what")))
    said = f"{plural(count, 'message')} will leave in a few minutes. Until then you can take them back here."
    return go_to(door, f"/hubs/{door.member.hub_code}/messages?batch={batch}", said)
