"""People of a hub: the list, one person, the form, days away, leaving."""

from dataclasses import replace

from fastapi.responses import Response

from app.actions import people
from app.actions.people import changing_school
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london, spoken_date
from app.pages._parts import refilled
from app.pages.people.change_school import change_school_page, read_moving
from app.pages.people.form import asked_again, person_form, read_days_away, read_person
from app.pages.people.listing import CSV_HEADER, people_csv, people_page
from app.pages.people.one import away_form, leave_page, person_page
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.get("/hubs/{code}/people")
@allow(Can.SEE_PEOPLE)
async def list_people(door: Through) -> Response:
    """Who works with the hub."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("people", CSV_HEADER, await people_csv(door.db, door.member, wanted))
    return show(door, await people_page(door.db, door.member, wanted))


@router.get("/hubs/{code}/people/new")
@allow(Can.EDIT_PEOPLE)
async def new_person(door: Through) -> Response:
    """The empty form."""
    return show(door, await person_form(door.db, door.member, None))


@router.post("/hubs/{code}/people")
@allow(Can.EDIT_PEOPLE)
async def add_person(door: Through) -> Response:
    """Adds a person."""
    typed = await door.typed()
    try:
        written = read_person(typed)
        person_id = await people.add_person(door.actor, written)
    except BadInputError as refused:
        page = await person_form(door.db, door.member, None)
        return show(door, asked_again(page, typed, refused.faults), status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{person_id}", f"{written.name} is added.")


@router.get("/hubs/{code}/people/{person}")
@allow(Can.SEE_PEOPLE)
async def see_person(door: Through, person: str) -> Response:
    """One person."""
    return show(door, await person_page(door.db, door.member, known_id(person), door.now))


@router.get("/hubs/{code}/people/{person}/edit")
@allow(Can.EDIT_PEOPLE)
async def edit_person(door: Through, person: str) -> Response:
    """The filled form."""
    return show(door, await person_form(door.db, door.member, known_id(person)))


@router.post("/hubs/{code}/people/{person}/edit")
@allow(Can.EDIT_PEOPLE)
async def change_person(door: Through, person: str) -> Response:
    """Saves a person."""
    typed, person_id = await door.typed(), known_id(person)
    try:
        written = read_person(typed)
        await people.change_person(door.actor, person_id, written, typed.version)
    except BadInputError as refused:
        page = await person_form(door.db, door.member, person_id)
        return show(door, asked_again(page, typed, refused.faults), status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{person_id}", f"{written.name} is saved.")


@router.post("/hubs/{code}/people/{person}/away")
@allow(Can.EDIT_PEOPLE)
async def note_away(door: Through, person: str) -> Response:
    """Notes days on which somebody cannot come."""
    typed, person_id = await door.typed(), known_id(person)
    here = f"/hubs/{door.member.hub_code}/people/{person_id}"
    try:
        first, last, why = read_days_away(typed)
        added = await people.note_away(door.actor, person_id, first, last, why)
    except BadInputError as refused:
        page = await person_page(door.db, door.member, person_id, door.now)
        form = refilled(away_form(here), typed, refused.faults)
        return show(door, replace(page, away_form=form), status=422)
    said = "Nothing changed: these days were noted already." if not added else f"{plural(added, 'day')} noted."
    return go_to(door, here, said)


@router.post("/hubs/{code}/people/{person}/away/{away}")
@allow(Can.EDIT_PEOPLE)
async def take_back_away(door: Through, person: str, away: str) -> Response:
    """Takes a day away back."""
    day = await people.take_back_away(door.actor, known_id(person), known_id(away))
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{known_id(person)}", f"{spoken_date(day)} is free again.")


@router.get("/hubs/{code}/people/{person}/leave")
@allow(Can.EDIT_PEOPLE)
async def ask_whether_left(door: Through, person: str) -> Response:
    """Asks before somebody is marked as gone."""
    return show(door, await leave_page(door.db, door.member, known_id(person), door.now))


@router.post("/hubs/{code}/people/{person}/leave")
@allow(Can.EDIT_PEOPLE)
async def leave(door: Through, person: str) -> Response:
    """Somebody has left."""
    name = await people.leave(door.actor, known_id(person))
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{known_id(person)}", f"{name} has left the hub.")


@router.post("/hubs/{code}/people/{person}/back")
@allow(Can.EDIT_PEOPLE)
async def come_back(door: Through, person: str) -> Response:
    """Somebody is back."""
    name = await people.come_back(door.actor, known_id(person))
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{known_id(person)}", f"{name} is back.")


@router.get("/hubs/{code}/people/{person}/change-school")
@allow(Can.EDIT_PEOPLE)
async def ask_for_school(door: Through, person: str) -> Response:
    """Where to, from when, and what that means. Changes nothing."""
    ask = asked(door).value
    return show(door, await change_school_page(door.db, door.member, known_id(person), ask, door.now))


@router.post("/hubs/{code}/people/{person}/change-school")
@allow(Can.EDIT_PEOPLE)
async def change_school(door: Through, person: str) -> Response:
    """They work at another school from a day on."""
    typed, person_id = await door.typed(), known_id(person)
    try:
        moving = read_moving(typed, in_london(door.now).date())
        school = await changing_school.change_school(door.actor, person_id, moving)
    except BadInputError as refused:
        page = await change_school_page(door.db, door.member, person_id, typed.text, door.now, refused.faults)
        return show(door, page, status=422)
    said = f"From {spoken_date(moving.day)} they are at {school}. They are told by mail."
    return go_to(door, f"/hubs/{door.member.hub_code}/people/{person_id}", said)
