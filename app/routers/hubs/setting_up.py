"""A hub's settings, years, closures, programmes, Specialist cohorts and trail."""

from fastapi.responses import Response

from app.actions import hubs
from app.domain.access import Can
from app.kit.errors import BadInputError, NotFoundError
from app.kit.periods import spoken_date, spoken_year
from app.kit.typed import Reader, whole_number
from app.pages import trail
from app.pages.hubs import cohorts, programmes, settings, year
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def known_year(text: str) -> int:
    """A year from an address; nonsense is as unknown as any other year."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFoundError
    return int(text)


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}"


@router.get("/hubs/{code}/settings")
@allow(Can.EDIT_HUB)
async def see_settings(door: Through) -> Response:
    """How the hub is set up."""
    return show(door, await settings.settings_page(door.db, door.member))


@router.post("/hubs/{code}/settings")
@allow(Can.EDIT_HUB)
async def change_settings(door: Through) -> Response:
    """Saves the hub's name and half-days."""
    typed = await door.typed()
    try:
        hours = settings.read_hours(typed)
        await hubs.change_hub(door.actor, hubs.HubDetails(typed.text("name"), hours, typed.version))
    except BadInputError as refused:
        page = await settings.settings_page(door.db, door.member)
        return show(door, settings.settings_again(page, typed, refused.faults), status=422)
    return go_to(door, f"{_home(door)}/settings", "The settings are saved. Events planned so far keep their times.")


@router.post("/hubs/{code}/settings/invites")
@allow(Can.EDIT_HUB)
async def change_invites(door: Through) -> Response:
    """Saves whether the hub invites by itself."""
    typed = await door.typed()
    wanted = typed.text("invites") == "yes"
    await hubs.invite_by_itself(door.actor, typed.version, wanted=wanted)
    said = "Everybody is invited by mail from now on, as soon as a date is fixed or changes."
    words = said if wanted else "From now on somebody invites by hand. Whoever was invited is still told of changes."
    return go_to(door, f"{_home(door)}/settings", words)


@router.post("/hubs/{code}/years")
@allow(Can.EDIT_HUB)
async def open_year(door: Through) -> Response:
    """Begins an academic year."""
    typed = await door.typed()
    try:
        reader = Reader(typed)
        number = reader.read("year", whole_number)
        reader.finish()
        is_new = await hubs.open_year(door.actor, number or 0)
    except BadInputError as refused:
        page = await settings.settings_page(door.db, door.member)
        return show(door, settings.settings_again(page, typed, refused.faults), status=422)
    said = "has begun" if is_new else "was there already"
    return go_to(door, f"{_home(door)}/years/{number}", f"{spoken_year(number or 0)} {said}.")


@router.get("/hubs/{code}/years/{year_named}")
@allow(Can.EDIT_HUB)
async def see_year(door: Through, year_named: str) -> Response:
    """One academic year: how much fits on a day, and when nobody meets."""
    number = known_year(year_named)
    page = await year.hub_year_page(door.db, door.member, number)
    if asked(door).value("format") == "csv":
        return download(f"closures-{number}", year.CSV_HEADER, await year.closed_days_csv(door.db, door.member, number))
    return show(door, page)


@router.post("/hubs/{code}/years/{year_named}")
@allow(Can.EDIT_HUB)
async def limit_meetings(door: Through, year_named: str) -> Response:
    """Saves how many meetings fit on a day."""
    typed, number = await door.typed(), known_year(year_named)
    try:
        await hubs.limit_meetings(door.actor, number, year.read_most(typed))
    except BadInputError as refused:
        page = await year.hub_year_page(door.db, door.member, number)
        return show(door, year.year_again(page, typed, refused.faults), status=422)
    return go_to(door, f"{_home(door)}/years/{number}", "Saved. The next plan keeps to it.")


@router.post("/hubs/{code}/years/{year_named}/closures")
@allow(Can.EDIT_HUB)
async def close_days(door: Through, year_named: str) -> Response:
    """Closes days for the whole hub."""
    typed, number = await door.typed(), known_year(year_named)
    try:
        first, last, name = year.read_closure(typed)
        closed = await hubs.close_days(door.actor, number, first, last, name)
    except BadInputError as refused:
        page = await year.hub_year_page(door.db, door.member, number)
        return show(door, year.year_again(page, typed, refused.faults), status=422)
    said = f"{plural(closed, 'day')} closed. The next plan keeps clear." if closed else "These were closed already."
    return go_to(door, f"{_home(door)}/years/{number}", said)


@router.post("/hubs/{code}/years/{year_named}/closures/{closure}/remove")
@allow(Can.EDIT_HUB)
async def open_day(door: Through, year_named: str, closure: str) -> Response:
    """Takes a closure away."""
    day, name = await hubs.open_day(door.actor, known_id(closure))
    return go_to(
        door,
        f"{_home(door)}/years/{known_year(year_named)}",
        f"{spoken_date(day)} ({name}) is a day like others again.",
    )


@router.get("/hubs/{code}/programmes")
@allow(Can.SEE_HUB)
async def list_programmes(door: Through) -> Response:
    """What each stage asks for."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await programmes.programmes_csv(door.db, door.member, wanted)
        return download("programmes", programmes.CSV_HEADER, rows)
    return show(door, await programmes.programmes_page(door.db, door.member, wanted))


@router.get("/hubs/{code}/programmes/{programme}")
@allow(Can.EDIT_HUB)
async def edit_programme(door: Through, programme: str) -> Response:
    """One programme's form."""
    return show(door, await programmes.programme_form(door.db, door.member, known_id(programme)))


@router.post("/hubs/{code}/programmes/{programme}")
@allow(Can.EDIT_HUB)
async def change_programme(door: Through, programme: str) -> Response:
    """Saves a programme."""
    typed, programme_id = await door.typed(), known_id(programme)
    try:
        terms = programmes.read_terms(typed)
        await hubs.change_programme(door.actor, programme_id, terms, typed.version)
    except BadInputError as refused:
        page = await programmes.programme_form(door.db, door.member, programme_id)
        return show(door, programmes.programme_again(page, typed, refused.faults), status=422)
    return go_to(
        door, f"{_home(door)}/programmes", f"{terms.name} is saved. Work Groups that exist keep what they have."
    )


@router.get("/hubs/{code}/cohorts")
@allow(Can.SEE_HUB)
async def list_cohorts(door: Through) -> Response:
    """The hub's Specialist cohorts."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await cohorts.cohorts_csv(door.db, door.member, wanted)
        return download("cohorts", cohorts.CSV_HEADER, rows)
    return show(door, await cohorts.cohorts_page(door.db, door.member, wanted))


@router.get("/hubs/{code}/cohorts/new")
@allow(Can.EDIT_HUB)
async def new_cohort(door: Through) -> Response:
    """The empty form."""
    return show(door, await cohorts.cohort_form(door.db, door.member, None))


@router.post("/hubs/{code}/cohorts")
@allow(Can.EDIT_HUB)
async def add_cohort(door: Through) -> Response:
    """Adds a cohort."""
    return await _write_cohort(door, None)


@router.get("/hubs/{code}/cohorts/{cohort}")
@allow(Can.EDIT_HUB)
async def edit_cohort(door: Through, cohort: str) -> Response:
    """One cohort's form."""
    return show(door, await cohorts.cohort_form(door.db, door.member, known_id(cohort)))


@router.post("/hubs/{code}/cohorts/{cohort}")
@allow(Can.EDIT_HUB)
async def change_cohort(door: Through, cohort: str) -> Response:
    """Saves a cohort."""
    return await _write_cohort(door, cohort)


async def _write_cohort(door: Door, cohort: str | None) -> Response:
    typed, cohort_id = await door.typed(), known_id(cohort) if cohort else None
    try:
        number, began, notes = cohorts.read_cohort(typed)
        await hubs.write_cohort(door.actor, cohort_id, number, began, notes)
    except BadInputError as refused:
        page = await cohorts.cohort_form(door.db, door.member, cohort_id)
        return show(door, cohorts.cohort_again(page, typed, refused.faults), status=422)
    return go_to(door, f"{_home(door)}/cohorts", f"Cohort {number} is saved.")


@router.get("/hubs/{code}/trail")
@allow(Can.SEE_TRAIL)
async def see_trail(door: Through) -> Response:
    """What was done in the hub, when and by whom."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("trail", trail.CSV_HEADER, await trail.trail_csv(door.db, door.member, wanted))
    return show(door, await trail.trail_page(door.db, door.member, wanted))
