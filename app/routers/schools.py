"""Schools and calendars of a hub: lists, pages and forms."""

from fastapi.responses import Response

from app.actions import schools as actions
from app.domain.access import Can
from app.domain.schools.calendar_form import read_calendar
from app.domain.schools.keeping import read_day, read_school
from app.kit.errors import BadInputError, Fault, NotFoundError, StaleError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages.schools import calendars, detail, forms, listing
from app.pages.schools.years import asked_year
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}"


def year_of(door: Door) -> int:
    """The academic year the address names, else today's."""
    return asked_year(asked(door), in_london(door.now).date())


def known_urn(text: str) -> int:
    """A URN from an address; nonsense is as unknown as any other school."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFoundError
    return int(text)


def wrong_in(error: BadInputError | StaleError) -> tuple[Fault, ...]:
    """What to say beside a form's fields. After a stale write the form stays as typed, with the newest version."""
    if isinstance(error, StaleError):
        because = (
            "Someone else saved this after you opened it. What you typed is kept below: compare it with what is there "
            "now, in another window, and save again."
        )
        return (Fault("", because),)
    return error.faults or (Fault("", error.because),)


@router.get(HOME + "/schools")
@allow(Can.SEE_SCHOOLS)
async def schools(door: Through) -> Response:
    """The schools of a year."""
    today = in_london(door.now).date()
    if asked(door).value("format") == "csv":
        lines = await listing.lines_of(door.db, door.member, asked(door), today)
        header = listing.CSV_HEADER + listing.CSV_HEADER_OWN
        return download(f"schools-{year_of(door)}", header, map(listing.csv_row, lines))
    return show(door, await listing.load(door.db, door.member, asked(door), today))


@router.get(HOME + "/schools/add")
@allow(Can.EDIT_SCHOOLS)
async def find_school(door: Through) -> Response:
    """A search through GIAS."""
    return show(door, await forms.add_school(door.db, door.member, asked(door), in_london(door.now).date()))


@router.post(HOME + "/schools/add")
@allow(Can.EDIT_SCHOOLS)
async def add_school(door: Through) -> Response:
    """Adds a school of GIAS to the hub's year."""
    year = year_of(door)
    urn = known_urn((await door.typed()).text("urn"))
    name = await actions.add_school(door.actor, year, urn)
    address = f"/hubs/{door.member.hub_code}/schools/{urn}/edit?year={year}"
    return go_to(door, address, f"{name} now works with the hub in {spoken_year(year)}. Say what you know of it.")


@router.get(HOME + "/schools/{urn}")
@allow(Can.SEE_SCHOOLS)
async def school(door: Through, urn: str) -> Response:
    """One school."""
    return show(door, await detail.load(door.db, door.member, year_of(door), known_urn(urn), door.now))


@router.get(HOME + "/schools/{urn}/edit")
@allow(Can.EDIT_SCHOOLS)
async def edit_school(door: Through, urn: str) -> Response:
    """The form of what the hub keeps of a school."""
    return show(door, await forms.school_form(door.db, door.member, year_of(door), known_urn(urn)))


@router.post(HOME + "/schools/{urn}/edit")
@allow(Can.EDIT_SCHOOLS)
async def save_school(door: Through, urn: str) -> Response:
    """Saves what the hub keeps of a school."""
    year, number, typed = year_of(door), known_urn(urn), await door.typed()
    page = await forms.school_form(door.db, door.member, year, number)
    try:
        new = read_school(typed, page.offered)
        await actions.change_school(door.actor, year, number, typed.version, new)
    except (BadInputError, StaleError) as error:
        return show(door, forms.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, page.back, f"{page.name} is saved.")


@router.get(HOME + "/schools/{urn}/days")
@allow(Can.EDIT_SCHOOLS)
async def new_day(door: Through, urn: str) -> Response:
    """The form of a closed or busy day."""
    return show(door, await forms.day_form(door.db, door.member, year_of(door), known_urn(urn)))


@router.post(HOME + "/schools/{urn}/days")
@allow(Can.EDIT_SCHOOLS)
async def add_day(door: Through, urn: str) -> Response:
    """Adds a closed or busy day."""
    year, number, typed = year_of(door), known_urn(urn), await door.typed()
    page = await forms.day_form(door.db, door.member, year, number)
    try:
        new = read_day(typed, year)
        await actions.add_day(door.actor, number, new)
    except BadInputError as error:
        return show(door, forms.day_again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, page.back, f"{page.name} is {new.kind} on {spoken_date(new.day)}.")


@router.get(HOME + "/schools/{urn}/days/{day}/remove")
@allow(Can.EDIT_SCHOOLS)
async def ask_remove_day(door: Through, urn: str, day: str) -> Response:
    """The question before a school's own day goes."""
    today = in_london(door.now).date()
    return show(door, await forms.confirm_day(door.db, door.member, known_urn(urn), known_id(day), today))


@router.post(HOME + "/schools/{urn}/days/{day}/remove")
@allow(Can.EDIT_SCHOOLS)
async def remove_day(door: Through, urn: str, day: str) -> Response:
    """Takes a school's own day away."""
    page = await forms.confirm_day(door.db, door.member, known_urn(urn), known_id(day), in_london(door.now).date())
    was = await actions.remove_day(door.actor, known_urn(urn), known_id(day))
    said = f"{spoken_date(was.day)} ({was.name}) is removed. To undo this, add the {was.kind} day again."
    return go_to(door, page.confirm.back, said)


@router.get(HOME + "/schools/{urn}/own-calendar")
@allow(Can.EDIT_SCHOOLS)
async def ask_copy(door: Through, urn: str) -> Response:
    """The question before a school gets a calendar of its own."""
    return show(door, await forms.confirm_copy(door.db, door.member, year_of(door), known_urn(urn)))


@router.post(HOME + "/schools/{urn}/own-calendar")
@allow(Can.EDIT_SCHOOLS)
async def copy_calendar(door: Through, urn: str) -> Response:
    """Copies the school's calendar as its own."""
    made = await actions.copy_calendar(door.actor, year_of(door), known_urn(urn))
    address = f"/hubs/{door.member.hub_code}/calendars/{made}/edit"
    return go_to(door, address, "The calendar is copied, and the school keeps the copy. Change what differs.")


@router.get(HOME + "/calendars")
@allow(Can.SEE_SCHOOLS)
async def all_calendars(door: Through) -> Response:
    """The calendars of a year."""
    today = in_london(door.now).date()
    if asked(door).value("format") == "csv":
        rows = await calendars.csv_rows(door.db, door.member, asked(door), today)
        return download(f"calendars-{year_of(door)}", calendars.CSV_HEADER, rows)
    return show(door, await calendars.load(door.db, door.member, asked(door), today))


@router.get(HOME + "/calendars/new")
@allow(Can.EDIT_SCHOOLS)
async def new_calendar(door: Through) -> Response:
    """An empty form for a calendar."""
    return show(door, await calendars.new_form(door.db, door.member, year_of(door)))


@router.post(HOME + "/calendars/new")
@allow(Can.EDIT_SCHOOLS)
async def add_calendar(door: Through) -> Response:
    """Saves a new calendar."""
    year, typed = year_of(door), await door.typed()
    page = await calendars.new_form(door.db, door.member, year)
    try:
        made = await actions.new_calendar(door.actor, read_calendar(typed, year))
    except BadInputError as error:
        return show(door, calendars.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/calendars/{made}", "The calendar is saved.")


@router.get(HOME + "/calendars/{calendar}")
@allow(Can.SEE_SCHOOLS)
async def calendar(door: Through, calendar: str) -> Response:
    """One calendar."""
    today = in_london(door.now).date()
    return show(door, await calendars.one(door.db, door.member, known_id(calendar), today))


@router.get(HOME + "/calendars/{calendar}/edit")
@allow(Can.EDIT_SCHOOLS)
async def edit_calendar(door: Through, calendar: str) -> Response:
    """The form of a calendar."""
    page, _ = await calendars.edit_form(door.db, door.member, known_id(calendar))
    return show(door, page)


@router.post(HOME + "/calendars/{calendar}/edit")
@allow(Can.EDIT_SCHOOLS)
async def save_calendar(door: Through, calendar: str) -> Response:
    """Saves a calendar."""
    typed = await door.typed()
    page, year = await calendars.edit_form(door.db, door.member, known_id(calendar))
    try:
        new = read_calendar(typed, year)
        await actions.change_calendar(door.actor, known_id(calendar), typed.version, new)
    except (BadInputError, StaleError) as error:
        return show(door, calendars.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, page.back, f"{new.name} is saved. The next plan is made with it.")
