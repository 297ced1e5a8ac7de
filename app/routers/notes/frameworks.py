"""How a hub changes what teachers reflect on, and sees counts."""

from fastapi.responses import Response

from app.actions.notes import frameworks as actions
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, StaleError
from app.pages.notes import frameworks, frameworks_counts, frameworks_draft
from app.pages.notes.forms_draft import Sent
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through
from app.routers.guard import allow, guarded_router
from app.routers.notes.forms import known_number, wrong

router = guarded_router()
HOME = "/hubs/{code}/frameworks"
ONE = HOME + "/{framework}"


def _here(door: Door, framework: str) -> str:
    return frameworks.address(door.member, framework)


@router.get(HOME)
@allow(Can.EDIT_FORMS)
async def see_frameworks(door: Through) -> Response:
    """The hub's reflection frameworks."""
    return show(door, await frameworks.load(door.db, door.member))


@router.post(HOME)
@allow(Can.EDIT_FORMS)
async def begin_framework(door: Through) -> Response:
    """Begins one of the hub's own."""
    typed = await door.typed()
    try:
        key = await actions.create(door.actor, typed.text("name"))
    except BadInputError as error:
        return show(door, await frameworks.load(door.db, door.member, (typed, error.faults)), status=error.status)
    return go_to(door, f"{_here(door, key)}/draft", "Now add what it asks.")


@router.get(ONE)
@allow(Can.EDIT_FORMS)
async def see_framework(door: Through, framework: str) -> Response:
    """One framework with its versions."""
    return show(door, await frameworks.load_one(door.db, door.member, framework))


@router.get(ONE + "/counts")
@allow(Can.COUNT_NOTES)
async def see_counts(door: Through, framework: str) -> Response:
    """How many people stand where."""
    page = await frameworks_counts.load(door.db, door.member, framework)
    if asked(door).value("format") == "csv":
        return download(f"reflections-{framework}", *frameworks_counts.table(page))
    return show(door, page)


@router.post(ONE + "/draft/begin")
@allow(Can.EDIT_FORMS)
async def begin_version(door: Through, framework: str) -> Response:
    """Begins a draft of the next version."""
    await actions.begin(door.actor, framework)
    return go_to(door, f"{_here(door, framework)}/draft")


@router.get(ONE + "/draft")
@allow(Can.EDIT_FORMS)
async def edit_framework(door: Through, framework: str) -> Response:
    """The editor."""
    return show(door, await frameworks_draft.load(door.db, door.member, framework))


@router.post(ONE + "/draft")
@allow(Can.EDIT_FORMS)
async def save_framework(door: Through, framework: str) -> Response:
    """Saves what was typed and does what the pressed button says."""
    typed = await door.typed()
    try:
        await actions.save(door.actor, framework, typed)
    except (BadInputError, ConflictError, StaleError) as error:
        page = await frameworks_draft.load(
            door.db, door.member, framework, Sent(typed, wrong(error), stale=isinstance(error, StaleError))
        )
        return show(door, page, status=error.status)
    return go_to(door, f"{_here(door, framework)}/draft", "The draft is saved.")


@router.get(ONE + "/draft/publish")
@allow(Can.EDIT_FORMS)
async def ask_to_publish(door: Through, framework: str) -> Response:
    """What the draft changes, and whether to publish it."""
    return show(door, await frameworks_draft.load_publish(door.db, door.member, framework))


@router.post(ONE + "/draft/publish")
@allow(Can.EDIT_FORMS)
async def publish_framework(door: Through, framework: str) -> Response:
    """Publishes the draft."""
    try:
        number = await actions.publish(door.actor, framework, await door.typed())
    except BadInputError as error:
        page = await frameworks_draft.load_publish(door.db, door.member, framework)
        return show(door, page, status=error.status)
    return go_to(door, _here(door, framework), f"Version {number} is published. Everybody can reflect on it now.")


@router.get(ONE + "/draft/discard")
@allow(Can.EDIT_FORMS)
async def ask_to_discard(door: Through, framework: str) -> Response:
    """Asks first."""
    return show(door, await frameworks.ask_to_discard(door.db, door.member, framework))


@router.post(ONE + "/draft/discard")
@allow(Can.EDIT_FORMS)
async def discard_framework(door: Through, framework: str) -> Response:
    """Throws the draft away."""
    name = await actions.discard(door.actor, framework)
    return go_to(door, frameworks.address(door.member), f"The draft of {name} is discarded.")


@router.get(ONE + "/withdraw")
@allow(Can.EDIT_FORMS)
async def ask_to_withdraw(door: Through, framework: str) -> Response:
    """Asks first."""
    return show(door, await frameworks.ask_to_withdraw(door.db, door.member, framework))


@router.post(ONE + "/withdraw")
@allow(Can.EDIT_FORMS)
async def withdraw_framework(door: Through, framework: str) -> Response:
    """No longer offers it."""
    name = await actions.withdraw(door.actor, framework)
    return go_to(door, _here(door, framework), f"{name} is not offered any more. What people wrote stays theirs.")


@router.get(ONE + "/versions/{version}/again")
@allow(Can.EDIT_FORMS)
async def ask_to_publish_again(door: Through, framework: str, version: str) -> Response:
    """Asks first."""
    number = known_number(version)
    return show(door, await frameworks.ask_to_publish_again(door.db, door.member, framework, number))


@router.post(ONE + "/versions/{version}/again")
@allow(Can.EDIT_FORMS)
async def publish_again(door: Through, framework: str, version: str) -> Response:
    """Publishes an earlier version again."""
    new = await actions.publish_again(door.actor, framework, known_number(version))
    return go_to(door, _here(door, framework), f"Version {new} is published, and says what version {version} said.")
