"""Evaluations: whose came back, entered one by one or many at once."""

from fastapi.responses import Response

from app.actions.funding import evaluations as acts
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london
from app.pages.funding import evaluations as pages
from app.pages.schools.years import asked_year
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/evaluations"
ONE = HOME + "/{enrolment}"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/evaluations"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_evaluations(door: Through) -> Response:
    """The enrolments of a year, and whose came back."""
    if asked(door).value("format") == "csv":
        year = asked_year(asked(door), in_london(door.now).date())
        rows = await pages.table(door.db, door.member, asked(door), door.now)
        return download(f"evaluations-{year}", pages.CSV_HEADER, rows)
    return show(door, await pages.load(door.db, door.member, asked(door), door.now))


@router.post(HOME)
@allow(Can.CLAIM)
async def enter(door: Through) -> Response:
    """Those of the ticked schools came back."""
    typed = await door.typed()
    try:
        ticked = pages.read_ticked(typed)
        new = await acts.enter(door.actor, ticked, pages.read_day(typed))
    except BadInputError as refused:
        page = await pages.load(door.db, door.member, asked(door), door.now)
        return show(door, pages.again(page, typed, refused.faults), status=422)
    known = len(ticked) - new
    said = f"{plural(new, 'evaluation')} entered."
    told = f" {plural(known, 'school')} had one already, which stays as it is." if known else ""
    return go_to(door, asked(door).link(), said + told)


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_evaluation(door: Through, enrolment: str) -> Response:
    """One school's."""
    return show(door, await pages.load_one(door.db, door.member, known_id(enrolment), door.now))


@router.post(ONE)
@allow(Can.CLAIM)
async def say(door: Through, enrolment: str) -> Response:
    """It came back, or on another day."""
    typed, key = await door.typed(), known_id(enrolment)
    try:
        row = await acts.say(door.actor, key, pages.read_day(typed), pages.read_seen(typed))
    except (BadInputError, StaleError) as refused:
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("", refused.because),)
        page = await pages.load_one(door.db, door.member, key, door.now)
        return show(door, pages.one_again(page, typed, faults), status=refused.status)
    return go_to(door, f"{_home(door)}?year={row.year}", f"Entered for {row.school}.")


@router.get(ONE + "/take-back")
@allow(Can.CLAIM)
async def ask_to_take_back(door: Through, enrolment: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask_to_take_back(door.db, door.member, known_id(enrolment)))


@router.post(ONE + "/take-back")
@allow(Can.CLAIM)
async def take_back(door: Through, enrolment: str) -> Response:
    """It did not come back after all."""
    row = await acts.take_back(door.actor, known_id(enrolment), pages.read_seen(await door.typed()))
    return go_to(door, f"{_home(door)}/{known_id(enrolment)}", f"Taken back. You can enter it again for {row.school}.")
