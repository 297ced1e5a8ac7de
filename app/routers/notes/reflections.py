"""My reflections: written by one person, and read by them alone until they share one."""

from dataclasses import replace

from fastapi.responses import Response

from app.actions.notes import reflections as actions
from app.actions.notes.reflections import Words, Writer
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages._parts import refilled
from app.pages.notes import reflections, reflections_path, reflections_shared
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/my/reflections"
ON = HOME + "/{code}/on/{framework}"


def _writer(door: Door) -> Writer:
    return Writer(door.db, door.viewer, door.now)


@router.get(HOME)
@allow(Can.REFLECT)
async def my_reflections(door: Through) -> Response:
    """What the viewer can reflect on."""
    if asked(door).value("format") == "csv":
        wrote = await reflections.own(door.db, door.viewer)
        return download("my-reflections", reflections.CSV_HEADER, reflections.rows(door.viewer, wrote))
    return show(door, await reflections.load(door.db, door.viewer))


@router.get(ON)
@allow(Can.REFLECT)
async def my_path(door: Through, framework: str) -> Response:
    """The viewer's own path on one framework."""
    if asked(door).value("format") == "csv":
        _, mine = await reflections_path.framework_of(door.db, door.viewer, door.member, framework)
        return download("my-reflections", reflections.CSV_HEADER, reflections.rows(door.viewer, mine))
    return show(door, await reflections_path.load(door.db, door.viewer, door.member, framework, door.now))


@router.get(ON + "/write")
@allow(Can.REFLECT)
async def begin_reflection(door: Through, framework: str) -> Response:
    """The form."""
    indicator = asked(door).value("indicator")
    return show(door, await reflections_path.load_form(door.db, door.viewer, door.member, framework, indicator))


@router.post(ON + "/write")
@allow(Can.REFLECT)
async def write_reflection(door: Through, framework: str) -> Response:
    """Keeps a reflection under today's date."""
    typed = await door.typed()
    said = Words(typed.text("indicator"), typed.text("where"), typed.text("words"))
    try:
        await actions.reflect(_writer(door), door.member, framework, said)
    except BadInputError as refused:
        page = await reflections_path.load_form(door.db, door.viewer, door.member, framework, said.indicator)
        return show(door, replace(page, form=refilled(page.form, typed, refused.faults)), status=422)
    here = f"{HOME}/{door.member.hub_code}/on/{framework}"
    return go_to(
        door, here, "Kept. You alone read it until you share it, and you can change it until the end of today."
    )


@router.get(HOME + "/{reflection}/edit")
@allow(Can.REFLECT)
async def edit_reflection(door: Through, reflection: str) -> Response:
    """The filled form of one of today's."""
    return show(door, await reflections_path.load_edit(door.db, door.viewer, known_id(reflection), door.now))


@router.post(HOME + "/{reflection}/edit")
@allow(Can.REFLECT)
async def change_reflection(door: Through, reflection: str) -> Response:
    """Writes one of today's anew."""
    key, typed = known_id(reflection), await door.typed()
    try:
        await actions.change(_writer(door), key, typed.text("where"), typed.text("words"))
    except BadInputError as refused:
        page = await reflections_path.load_edit(door.db, door.viewer, key, door.now)
        return show(door, replace(page, form=refilled(page.form, typed, refused.faults)), status=422)
    return go_to(door, await reflections_path.path_of(door.db, door.viewer, key), "Saved.")


@router.get(HOME + "/{reflection}/remove")
@allow(Can.REFLECT)
async def ask_to_remove(door: Through, reflection: str) -> Response:
    """Asks first."""
    return show(door, await reflections_path.load_remove(door.db, door.viewer, known_id(reflection)))


@router.post(HOME + "/{reflection}/remove")
@allow(Can.REFLECT)
async def remove_reflection(door: Through, reflection: str) -> Response:
    """Removes it for good."""
    key = known_id(reflection)
    back = await reflections_path.path_of(door.db, door.viewer, key)
    await actions.remove(_writer(door), key)
    return go_to(door, back, "Removed.")


@router.get(HOME + "/{reflection}/share")
@allow(Can.REFLECT)
async def ask_to_share(door: Through, reflection: str) -> Response:
    """Who could read it then; of one that is shared, what taking it back does."""
    return show(door, await reflections_path.load_share(door.db, door.viewer, known_id(reflection), door.now))


@router.post(HOME + "/{reflection}/share")
@allow(Can.REFLECT)
async def share_reflection(door: Through, reflection: str) -> Response:
    """Lets whoever leads the writer's Work Groups read it."""
    key = known_id(reflection)
    back = await reflections_path.path_of(door.db, door.viewer, key)
    await actions.share(_writer(door), key)
    return go_to(door, back, "Shared with whoever leads your Work Groups, until you take it back.")


@router.post(HOME + "/{reflection}/take-back")
@allow(Can.REFLECT)
async def take_reflection_back(door: Through, reflection: str) -> Response:
    """Only the writer reads it from now on."""
    key = known_id(reflection)
    back = await reflections_path.path_of(door.db, door.viewer, key)
    await actions.take_back(_writer(door), key)
    return go_to(door, back, "Taken back. You alone read it.")


@router.get("/hubs/{code}/shared-reflections")
@allow(Can.REFLECT)
async def shared_reflections(door: Through) -> Response:
    """What teachers of Work Groups that the viewer leads share with them."""
    return show(door, await reflections_shared.load(door.db, door.member, asked(door), door.now))
