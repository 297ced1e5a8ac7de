"""Templates of a hub: the list, and the forms that change them. Only the office changes what everyone sends."""

from fastapi.responses import Response

from app.actions.mail import writing
from app.domain.access import Can
from app.domain.mail.letters import read_sketch
from app.kit.errors import BadInputError, StaleError
from app.pages.mail import templates
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import wrong_in

router = guarded_router()
HOME = "/hubs/{code}/templates"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/templates"


@router.get(HOME)
@allow(Can.SEND_MESSAGES)
async def list_templates(door: Through) -> Response:
    """The hub's templates, and those that ship."""
    if asked(door).value("format") == "csv":
        return download("templates", templates.CSV_HEADER, await templates.csv(door.db, door.member))
    return show(door, await templates.load(door.db, door.member, asked(door)))


@router.get(HOME + "/new")
@allow(Can.SEE_MESSAGES)
async def new_template(door: Through) -> Response:
    """An empty form."""
    return show(door, templates.new(door.member))


@router.post(HOME + "/new")
@allow(Can.SEE_MESSAGES)
async def make_template(door: Through) -> Response:
    """Makes a template."""
    typed = await door.typed()
    try:
        sketch = read_sketch(typed)
        await writing.add_template(door.actor, sketch)
    except BadInputError as error:
        return show(door, templates.again(templates.new(door.member), typed, error.faults), status=error.status)
    return go_to(door, _home(door), f"{sketch.name} is a template now.")


@router.post(HOME + "/copy")
@allow(Can.SEE_MESSAGES)
async def copy_template(door: Through) -> Response:
    """Copies a template that ships, to be changed."""
    key = (await door.typed()).text("which")
    made = await writing.copy_template(door.actor, key)
    return go_to(door, f"{_home(door)}/{made}/edit", "Copied. Change it as your hub speaks.")


@router.get(HOME + "/{template}/edit")
@allow(Can.SEE_MESSAGES)
async def edit_template(door: Through, template: str) -> Response:
    """The form of a template."""
    return show(door, await templates.edit(door.db, door.member, known_id(template)))


@router.post(HOME + "/{template}/edit")
@allow(Can.SEE_MESSAGES)
async def save_template(door: Through, template: str) -> Response:
    """Saves a template."""
    key, typed = known_id(template), await door.typed()
    page = await templates.edit(door.db, door.member, key)
    try:
        sketch = read_sketch(typed)
        await writing.change_template(door.actor, key, typed.version, sketch)
    except (BadInputError, StaleError) as error:
        return show(door, templates.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _home(door), f"{sketch.name} is saved.")


@router.get(HOME + "/{template}/remove")
@allow(Can.SEE_MESSAGES)
async def ask_to_remove(door: Through, template: str) -> Response:
    """Asks before a template goes."""
    return show(door, await templates.remove(door.db, door.member, known_id(template)))


@router.post(HOME + "/{template}/remove")
@allow(Can.SEE_MESSAGES)
async def remove_template(door: Through, template: str) -> Response:
    """Removes a template."""
    name = await writing.remove_template(door.actor, known_id(template))
    return go_to(door, _home(door), f"{name} is removed.")
