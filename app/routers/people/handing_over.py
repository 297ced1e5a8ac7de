"""Handing over what somebody leads: what a successor needs, who takes over, what that means, and the act."""

from fastapi.responses import Response

from app.actions.meetings import handing_over
from app.actions.meetings.handing_over import Whole
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.people import hand_over, pack
from app.render.html import plural
from app.routers.answer import asked, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.get("/hubs/{code}/people/{person}/hand-over")
@allow(Can.EDIT_PEOPLE)
async def ask_who(door: Through, person: str) -> Response:
    """Who takes what; with `look=yes` what that would mean. Changes nothing."""
    wanted, person_id = asked(door), known_id(person)
    if wanted.value("look") == "yes":
        return show(door, await hand_over.look_page(door.db, door.member, person_id, wanted.value, door.now))
    return show(door, await hand_over.hand_over_page(door.db, door.member, person_id, wanted.value, door.now))


@router.post("/hubs/{code}/people/{person}/hand-over")
@allow(Can.EDIT_PEOPLE)
async def give(door: Through, person: str) -> Response:
    """Hands over, all of it or nothing."""
    typed, person_id = await door.typed(), known_id(person)
    of = await hand_over.known(door.db, door.member, person_id, typed.text, door.now)
    chosen, roles = hand_over.read_chosen(of, typed.text), hand_over.read_roles(of, typed.text)
    whole = Whole(chosen, roles, typed.text("seen"), typed.text("gone") == "yes")
    try:
        done = await handing_over.hand_over(door.actor, person_id, whole)
    except BadInputError as refused:
        page = await hand_over.look_page(door.db, door.member, person_id, typed.text, door.now, refused.faults)
        return show(door, page, status=422)
    to = f" to {' and '.join(done.takers)}" if done.takers else ""
    also = f", and {plural(done.actions, 'open action')}" if done.actions else ""
    said = f"{of.name} has handed over{to}: {plural(done.dates, 'date')} ahead{also} changed hands."
    return go_to(door, of.here, said)


@router.get("/hubs/{code}/people/{person}/pack")
@allow(Can.EDIT_GROUPS)
async def see_pack(door: Through, person: str) -> Response:
    """What a successor needs, for the office and whoever leads a Work Group that the person takes part in."""
    return show(door, await pack.load(door.db, door.member, known_id(person), door.now))


@router.get("/hubs/{code}/people/{person}/pack/pack.pdf")
@allow(Can.EDIT_GROUPS)
async def pack_as_file(door: Through, person: str) -> Response:
    """The same as a file."""
    name, made = await pack.as_pdf(door.db, door.member, known_id(person), door.now)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type="application/pdf", headers=headers)
