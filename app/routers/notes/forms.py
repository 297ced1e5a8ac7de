"""How a hub changes the forms of its records."""

from fastapi.responses import Response

from app.actions.notes import forms as actions
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.pages.notes import forms, forms_draft, forms_read
from app.pages.notes.forms import known_kind
from app.routers.answer import asked, go_to, show
from app.routers.deps import Door, Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/forms/{kind}"
DRAFT = HOME + "/draft"


def known_number(text: str) -> int:
    """A version from an address; nonsense is as unknown as any other number."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFoundError
    return int(text)


def wrong(error: BadInputError | ConflictError | StaleError) -> tuple[Fault, ...]:
    """What to say above the editor and beside its boxes."""
    return (isinstance(error, BadInputError) and error.faults) or (Fault("", error.because),)


def _here(door: Door, kind: str) -> str:
    return forms.address(door.member, known_kind(kind))


@router.get("/hubs/{code}/forms")
@allow(Can.EDIT_FORMS)
async def see_forms(door: Through) -> Response:
    """The forms of the hub's records."""
    return show(door, await forms.load(door.db, door.member))


@router.get(HOME)
@allow(Can.EDIT_FORMS)
async def see_form(door: Through, kind: str) -> Response:
    """One form with its versions."""
    return show(door, await forms.load_one(door.db, door.member, known_kind(kind)))


@router.post(DRAFT + "/begin")
@allow(Can.EDIT_FORMS)
async def begin_draft(door: Through, kind: str) -> Response:
    """Begins a draft from the version in use."""
    await actions.begin(door.actor, known_kind(kind))
    return go_to(door, f"{_here(door, kind)}/draft")


@router.get(DRAFT)
@allow(Can.EDIT_FORMS)
async def edit_draft(door: Through, kind: str) -> Response:
    """The editor."""
    opened = asked(door).value("open")
    return show(door, await forms_draft.load(door.db, door.member, known_kind(kind), opened))


@router.post(DRAFT)
@allow(Can.EDIT_FORMS)
async def save_draft(door: Through, kind: str) -> Response:
    """Saves what was typed and does what the pressed button says."""
    known, typed = known_kind(kind), await door.typed()
    pressed = typed.text("do").split(":")
    question = pressed[2] if len(pressed) > 2 and pressed[1] != "section" and pressed[:2] != ["add", "question"] else ""
    try:
        asks = await actions.save(door.actor, known, typed)
    except (BadInputError, ConflictError, StaleError) as error:
        sent = forms_draft.Sent(typed, wrong(error), stale=isinstance(error, StaleError))
        page = await forms_draft.load(door.db, door.member, known, question, sent)
        return show(door, page, status=error.status)
    here = f"{_here(door, kind)}/draft"
    if asks:
        return go_to(door, f"{here}/remove?question={asks}")
    if not question or (pressed[0] == "remove" and pressed[1] == "question"):
        return go_to(door, here, "The draft is saved.")
    return go_to(door, f"{here}?open={question}#question-{question}", "The draft is saved.")


@router.get(DRAFT + "/remove")
@allow(Can.EDIT_FORMS)
async def ask_to_remove(door: Through, kind: str) -> Response:
    """Asks before a question goes that something is taken up from."""
    question = asked(door).value("question")
    return show(door, await forms.ask_to_remove(door.db, door.member, known_kind(kind), question))


@router.get(DRAFT + "/try")
@allow(Can.EDIT_FORMS)
async def try_draft(door: Through, kind: str) -> Response:
    """The draft as teachers will see it."""
    return show(door, await forms_read.load_draft(door.db, door.member, known_kind(kind)))


@router.get(DRAFT + "/publish")
@allow(Can.EDIT_FORMS)
async def ask_to_publish(door: Through, kind: str) -> Response:
    """What the draft changes, and whether to publish it."""
    return show(door, await forms_read.load_publish(door.db, door.member, known_kind(kind), door.now))


@router.post(DRAFT + "/publish")
@allow(Can.EDIT_FORMS)
async def publish_draft(door: Through, kind: str) -> Response:
    """Publishes the draft."""
    known, typed = known_kind(kind), await door.typed()
    try:
        number = await actions.publish(door.actor, known, typed)
    except BadInputError as error:
        return show(door, await forms_read.load_publish(door.db, door.member, known, door.now), status=error.status)
    said = f"Version {number} is published. Records that begin from now on have it."
    return go_to(door, _here(door, kind), said)


@router.get(DRAFT + "/discard")
@allow(Can.EDIT_FORMS)
async def ask_to_discard(door: Through, kind: str) -> Response:
    """Asks first."""
    return show(door, await forms.ask_to_discard(door.db, door.member, known_kind(kind)))


@router.post(DRAFT + "/discard")
@allow(Can.EDIT_FORMS)
async def discard_draft(door: Through, kind: str) -> Response:
    """Throws the draft away."""
    await actions.discard(door.actor, known_kind(kind))
    return go_to(door, _here(door, kind), "The draft is discarded. Nothing else has changed.")


@router.get(HOME + "/versions/{version}")
@allow(Can.EDIT_FORMS)
async def see_version(door: Through, kind: str, version: str) -> Response:
    """A published version as it looks."""
    number = known_number(version)
    return show(door, await forms_read.load_version(door.db, door.member, known_kind(kind), number))


@router.get(HOME + "/versions/{version}/again")
@allow(Can.EDIT_FORMS)
async def ask_to_publish_again(door: Through, kind: str, version: str) -> Response:
    """Asks first."""
    number = known_number(version)
    return show(door, await forms.ask_to_publish_again(door.db, door.member, known_kind(kind), number))


@router.post(HOME + "/versions/{version}/again")
@allow(Can.EDIT_FORMS)
async def publish_again(door: Through, kind: str, version: str) -> Response:
    """Publishes an earlier version again."""
    new = await actions.publish_again(door.actor, known_kind(kind), known_number(version))
    return go_to(door, _here(door, kind), f"Version {new} is published, and says what version {version} said.")
