"""The forms of the funder."""

from fastapi.responses import Response

from app.actions.funding import forms as actions
from app.domain.access import Can
from app.domain.funding.mapping_form import changed, read
from app.kit.errors import BadInputError, Fault, StaleError
from app.pages.funding import forms as pages
from app.pages.funding.forms import Draft
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.funding.exports import sent
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/funder-forms"
ONE = HOME + "/{form}"
SAVE = "save"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/funder-forms"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_forms(door: Through) -> Response:
    """The hub's forms."""
    if asked(door).value("format") == "csv":
        return download("funder-forms", pages.CSV_HEADER, await pages.csv_rows(door.db, door.member))
    return show(door, await pages.load(door.db, door.member, asked(door)))


@router.post(HOME)
@allow(Can.EDIT_RATES)
async def begin_form(door: Through) -> Response:
    """Begins a form."""
    typed = await door.typed()
    try:
        made = await actions.add(door.actor, typed.text("name"), typed.text("rows"))
    except BadInputError as refused:
        page = await pages.load(door.db, door.member, asked(door), (typed, refused.faults))
        return show(door, page, status=refused.status)
    return go_to(door, f"{_home(door)}/{made}", "The form has the usual columns. Change them to the funder's.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_form(door: Through, form: str) -> Response:
    """One form, with its first rows."""
    return show(door, await pages.load_one(door.db, door.member, known_id(form), (asked(door), door.now)))


@router.post(ONE)
@allow(Can.EDIT_RATES)
async def change_form(door: Through, form: str) -> Response:
    """Saves the form; a button beside a column shows it with that column moved, added or removed."""
    typed, key = await door.typed(), known_id(form)
    export = read(typed)
    at = asked(door), door.now
    do = typed.text("do") or SAVE
    if do != SAVE:
        other = changed(export, do)
        if other is None:
            raise BadInputError("That button is not known. Go back, load the page again and press it once more.")
        draft = Draft(other, (), typed.version)
        return show(door, await pages.load_one(door.db, door.member, key, at, draft))
    try:
        await actions.change(door.actor, key, typed.version, export)
    except (BadInputError, StaleError) as refused:
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("", refused.because),)
        page = await pages.load_one(door.db, door.member, key, at, Draft(export, faults, typed.version))
        return show(door, page, status=refused.status)
    return go_to(door, f"{_home(door)}/{key}", "The form is saved.")


@router.get(ONE + "/delete")
@allow(Can.EDIT_RATES)
async def ask_to_delete_form(door: Through, form: str) -> Response:
    """Asks first."""
    return show(door, await pages.confirm_delete(door.db, door.member, known_id(form)))


@router.post(ONE + "/delete")
@allow(Can.EDIT_RATES)
async def delete_form(door: Through, form: str) -> Response:
    """Deletes it."""
    name = await actions.delete(door.actor, known_id(form))
    return go_to(door, _home(door), f"The form {name} is deleted.")


@router.get(ONE + "/export.csv")
@router.get(ONE + "/export.xlsx")
@allow(Can.SEE_FUNDING)
async def form_as_file(door: Through, form: str) -> Response:
    """Lines in this form as a file."""
    how = door.request.url.path.rpartition(".")[2], door.now
    return sent(await pages.file(door.db, door.member, known_id(form), asked(door), how))
