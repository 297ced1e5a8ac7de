"""Payees: the list, references entered many at once, and a table looked at and then taken."""

from fastapi.responses import Response
from starlette.datastructures import UploadFile

from app.actions.funding import payees as acts
from app.actions.funding.payees import Previewed
from app.domain.access import Can
from app.domain.stages.criteria import times
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.typed import Typed
from app.pages.funding import payees
from app.pages.funding.payees import ChangeLine, Looked
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/payees"
PASTED = "What you pasted"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_payees(door: Through) -> Response:
    """The list."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("payees", payees.CSV_HEADER, await payees.table(door.db, door.member, wanted, door.now))
    return show(door, await payees.load(door.db, door.member, wanted, door.now))


@router.get(HOME + "/enter")
@allow(Can.EDIT_RATES)
async def enter(door: Through) -> Response:
    """A box for each school."""
    return show(door, await payees.enter_page(door.db, door.member, asked(door), door.now))


@router.post(HOME + "/enter")
@allow(Can.EDIT_RATES)
async def save(door: Through) -> Response:
    """Saves what was typed."""
    typed = await door.typed()
    try:
        changed = await acts.save(door.actor, typed)
    except (BadInputError, StaleError) as error:
        faults = error.faults if isinstance(error, BadInputError) else (Fault("", error.because),)
        page = await payees.enter_page(door.db, door.member, asked(door), door.now, (typed, faults))
        return show(door, page, status=error.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/payees", _saved(changed))


def _saved(changed: int) -> str:
    return f"{times(changed, 'reference')} saved." if changed else "Nothing was changed."


@router.get(HOME + "/import")
@allow(Can.EDIT_RATES)
async def bring_in(door: Through) -> Response:
    """The form for a table."""
    return show(door, payees.import_page(door.member))


@router.post(HOME + "/import")
@allow(Can.EDIT_RATES)
async def look(door: Through) -> Response:
    """What the table would do."""
    typed, sent = await door.typed(), await door.request.form()
    try:
        found = await acts.preview(door.actor, *await _handed(sent.get("file"), typed))
    except BadInputError as refused:
        return show(door, payees.import_page(door.member, (typed, refused.faults)), status=refused.status)
    finally:
        await sent.close()
    return show(door, payees.preview_page(door.member, _looked(found)))


async def _handed(file: object, typed: Typed) -> tuple[str, bytes]:
    """The file's name and bytes, else what was pasted."""
    if isinstance(file, UploadFile) and file.filename:
        return file.filename[-120:], await file.read(acts.LIMITS.file_bytes + 1)
    return PASTED, typed.text("table").encode()


def _looked(found: Previewed) -> Looked:
    changes = tuple(
        ChangeLine(
            found.schools[one.urn],
            one.urn,
            _called(found.before.get(one.urn, ""), found.names.get(one.urn, "")),
            _called(one.reference, one.name or found.names.get(one.urn, "")),
        )
        for one in found.changes
    )
    return Looked(changes, len(found.entries) - len(changes), found.rejected, found.shared, found.text, found.stamp)


def _called(reference: str, name: str) -> str:
    return f"{reference}, {name}" if reference and name else reference


@router.post(HOME + "/import/confirm")
@allow(Can.EDIT_RATES)
async def confirm(door: Through) -> Response:
    """Takes the table that was looked at."""
    typed = await door.typed()
    changed = await acts.confirm(door.actor, typed.text("text"), typed.text("stamp"))
    return go_to(door, f"/hubs/{door.member.hub_code}/payees", _saved(changed))
