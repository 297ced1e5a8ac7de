"""The funding settings of a grant year."""

from fastapi.responses import Response

from app.actions.funding import settings as acts
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london, spoken_year
from app.pages.funding import settings
from app.pages.funding.settings import Sent
from app.pages.schools.years import asked_year
from app.routers.answer import asked, go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/funding/settings"


@router.get(HOME)
@allow(Can.EDIT_RATES)
async def see_settings(door: Through) -> Response:
    """The form."""
    return show(door, await settings.load(door.db, door.member, asked(door), door.now))


@router.post(HOME)
@allow(Can.EDIT_RATES)
async def save_settings(door: Through) -> Response:
    """Saves it."""
    typed = await door.typed()
    year = asked_year(asked(door), in_london(door.now).date())
    try:
        await acts.save(door.actor, year, typed)
    except (BadInputError, StaleError) as error:
        faults = error.faults if isinstance(error, BadInputError) else (Fault("", error.because),)
        page = await settings.load(door.db, door.member, asked(door), door.now, Sent(typed, faults))
        return show(door, page, status=error.status)
    where = f"/hubs/{door.member.hub_code}/funding/settings?year={year}"
    return go_to(door, where, f"The funding settings of {spoken_year(year)} are saved.")
