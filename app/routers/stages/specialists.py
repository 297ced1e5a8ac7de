"""Mastery Specialists: how far they are and what they can lead."""

from fastapi.responses import Response

from app.actions.stages import specialists as actions
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london
from app.pages.stages import specialists
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/specialists"


@router.get(HOME)
@allow(Can.EDIT_PEOPLE)
async def see_specialists(door: Through) -> Response:
    """Who they are, by cohort, and what they can lead."""
    today = in_london(door.now).date()
    if asked(door).value("format") == "csv":
        _, some = await specialists.known_of(door.db, door.member, asked(door), today)
        return download("specialists", specialists.CSV_HEADER, specialists.csv_rows(door.member, some, today))
    return show(door, await specialists.specialists_page(door.db, door.member, asked(door), today))


@router.get(HOME + "/{person}")
@allow(Can.EDIT_PEOPLE)
async def see_specialist(door: Through, person: str) -> Response:
    """One Specialist's form."""
    today = in_london(door.now).date()
    return show(door, await specialists.specialist_page(door.db, door.member, known_id(person), today))


@router.post(HOME + "/{person}")
@allow(Can.EDIT_PEOPLE)
async def say(door: Through, person: str) -> Response:
    """Keeps how far somebody is."""
    typed, person_id = await door.typed(), known_id(person)
    try:
        name = await actions.say(door.actor, person_id, specialists.read_said(typed), typed.version)
    except (BadInputError, StaleError) as refused:
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("", refused.because),)
        page = await specialists.specialist_page(door.db, door.member, person_id, in_london(door.now).date())
        return show(door, specialists.again(page, typed, faults), status=422)
    return go_to(door, f"/hubs/{door.member.hub_code}/specialists", f"Saved for {name}.")
