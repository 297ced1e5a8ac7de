"""Work Groups of a hub: the list, one of them, and the forms that change it."""

import uuid

from fastapi.responses import Response

from app.actions.meetings import groups as actions
from app.domain.access import Can
from app.domain.meetings.groups import read_group, read_series, read_taker
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london
from app.pages.meetings import group as one_group
from app.pages.meetings import group_forms as forms
from app.pages.meetings import groups as listing
from app.pages.meetings.group_remove import confirm_group
from app.pages.schools.years import asked_year
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in, year_of

router = guarded_router()
HOME = "/hubs/{code}/groups"


def _here(door: Door, group: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/groups/{group}"


@router.get(HOME)
@allow(Can.SEE_GROUPS)
async def work_groups(door: Through) -> Response:
    """The Work Groups of a year."""
    if asked(door).value("format") == "csv":
        lines = await listing.lines_of(door.db, door.member, asked(door), door.now)
        name = f"work-groups-{asked_year(asked(door), in_london(door.now).date())}"
        return download(name, listing.CSV_HEADER, map(listing.csv_row, lines))
    return show(door, await listing.load(door.db, door.member, asked(door), door.now))


@router.get(HOME + "/new")
@allow(Can.EDIT_GROUPS)
async def new_group(door: Through) -> Response:
    """An empty form for a Work Group."""
    door.actor.require(Can.EDIT_GROUPS)
    return show(door, (await forms.new_form(door.db, door.member, year_of(door))).page)


@router.post(HOME + "/new")
@allow(Can.EDIT_GROUPS)
async def make_group(door: Through) -> Response:
    """Makes a Work Group."""
    door.actor.require(Can.EDIT_GROUPS)
    typed, year = await door.typed(), year_of(door)
    asking = await forms.new_form(door.db, door.member, year)
    try:
        new = read_group(typed, asking.offered)
        made = await actions.new_group(door.actor, year, new)
    except BadInputError as error:
        return show(door, forms.again(asking.page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, made), f"{new.code} is made. Add its schools.")


@router.get(HOME + "/{group}")
@allow(Can.SEE_GROUPS)
async def work_group(door: Through, group: str) -> Response:
    """One Work Group."""
    return show(door, await one_group.load(door.db, door.member, known_id(group), door.now))


@router.get(HOME + "/{group}/edit")
@allow(Can.EDIT_GROUPS)
async def edit_group(door: Through, group: str) -> Response:
    """The form of a Work Group."""
    return show(door, (await forms.edit_form(door.db, door.member, known_id(group))).page)


@router.post(HOME + "/{group}/edit")
@allow(Can.EDIT_GROUPS)
async def save_group(door: Through, group: str) -> Response:
    """Saves a Work Group."""
    key, typed = known_id(group), await door.typed()
    asking = await forms.edit_form(door.db, door.member, key)
    try:
        new = read_group(typed, asking.offered, asking.costs)
        moved = await actions.change_group(door.actor, key, typed.version, new)
    except (BadInputError, StaleError) as error:
        return show(door, forms.again(asking.page, typed, wrong_in(error)), status=error.status)
    follow = f" {moved} meetings to come have changed with it." if moved else ""
    return go_to(door, _here(door, key), f"{new.code} is saved.{follow}")


@router.get(HOME + "/{group}/remove")
@allow(Can.EDIT_GROUPS)
async def ask_remove_group(door: Through, group: str) -> Response:
    """The question before a Work Group goes."""
    return show(door, await confirm_group(door.db, door.member, known_id(group)))


@router.post(HOME + "/{group}/remove")
@allow(Can.EDIT_GROUPS)
async def remove_group(door: Through, group: str) -> Response:
    """Removes a Work Group that never had a date."""
    gone = await actions.remove_group(door.actor, known_id(group))
    said = f"{gone.code} is removed. To undo this, make it again with the same code."
    return go_to(door, f"/hubs/{door.member.hub_code}/groups?year={gone.year}", said)


@router.get(HOME + "/{group}/schools/add")
@allow(Can.EDIT_GROUPS)
async def choose_school(door: Through, group: str) -> Response:
    """The form for a school to join."""
    return show(door, (await forms.school_form(door.db, door.member, known_id(group))).page)


@router.post(HOME + "/{group}/schools/add")
@allow(Can.EDIT_GROUPS)
async def add_school(door: Through, group: str) -> Response:
    """Adds a school."""
    key, typed = known_id(group), await door.typed()
    asking = await forms.school_form(door.db, door.member, key)
    if typed.text("school") not in asking.offered.schools:
        fault = Fault("school", "Choose a school of the hub that is not in this Work Group yet.")
        return show(door, forms.again(asking.page, typed, (fault,)), status=422)
    name = await actions.add_school(door.actor, key, known_urn(typed.text("school")))
    return go_to(door, _here(door, key), f"{name} has joined. Name the people who take part.")


@router.get(HOME + "/{group}/schools/{urn}/remove")
@allow(Can.EDIT_GROUPS)
async def ask_remove_school(door: Through, group: str, urn: str) -> Response:
    """The question before a school leaves."""
    today = in_london(door.now).date()
    return show(door, await forms.confirm_school(door.db, door.member, known_id(group), known_urn(urn), today))


@router.post(HOME + "/{group}/schools/{urn}/remove")
@allow(Can.EDIT_GROUPS)
async def remove_school(door: Through, group: str, urn: str) -> Response:
    """Removes a school."""
    name = await actions.remove_school(door.actor, known_id(group), known_urn(urn))
    return go_to(door, _here(door, known_id(group)), f"{name} has left. To undo this, add it and its people again.")


@router.get(HOME + "/{group}/people/add")
@allow(Can.EDIT_GROUPS)
async def choose_person(door: Through, group: str) -> Response:
    """The form for someone to take part."""
    school = asked(door).value("school")
    return show(door, (await forms.person_form(door.db, door.member, known_id(group), school)).page)


@router.post(HOME + "/{group}/people/add")
@allow(Can.EDIT_GROUPS)
async def add_person(door: Through, group: str) -> Response:
    """Adds someone."""
    key, typed = known_id(group), await door.typed()
    asking = await forms.person_form(door.db, door.member, key, typed.text("school"))
    try:
        new = read_taker(typed, asking.offered.people, asking.offered.schools)
        places = await actions.add_taker(door.actor, key, new)
    except BadInputError as error:
        return show(door, forms.again(asking.page, typed, wrong_in(error)), status=error.status)
    told = f" {places} meetings and visits to come are in their calendar." if places else ""
    return go_to(door, _here(door, key), f"They take part now.{told}")


@router.get(HOME + "/{group}/people/{person}/remove")
@allow(Can.EDIT_GROUPS)
async def ask_remove_person(door: Through, group: str, person: str) -> Response:
    """The question before someone leaves."""
    return show(door, await forms.confirm_person(door.db, door.member, known_id(group), known_id(person)))


@router.post(HOME + "/{group}/people/{person}/remove")
@allow(Can.EDIT_GROUPS)
async def remove_person(door: Through, group: str, person: str) -> Response:
    """Removes someone."""
    name = await actions.remove_taker(door.actor, known_id(group), known_id(person))
    return go_to(door, _here(door, known_id(group)), f"{name} takes part no more. To undo this, add them again.")


@router.get(HOME + "/{group}/schools/{urn}/visits")
@allow(Can.EDIT_GROUPS)
async def see_visits(door: Through, group: str, urn: str) -> Response:
    """The form of a school's visits."""
    return show(door, (await forms.visits_form(door.db, door.member, known_id(group), known_urn(urn))).page)


@router.post(HOME + "/{group}/schools/{urn}/visits")
@allow(Can.EDIT_GROUPS)
async def save_visits(door: Through, group: str, urn: str) -> Response:
    """Saves a school's visits."""
    key, typed = known_id(group), await door.typed()
    asking = await forms.visits_form(door.db, door.member, key, known_urn(urn))
    try:
        new = read_series(typed, asking.offered.people)
    except BadInputError as error:
        return show(door, forms.again(asking.page, typed, wrong_in(error)), status=error.status)
    await actions.set_visits(door.actor, key, known_urn(urn), new)
    return go_to(door, _here(door, key), "The visits are saved. The next plan follows them.")
