"""Importing files in the browser: hand in, look, confirm."""

from fastapi.responses import Response
from starlette.datastructures import UploadFile

from app.actions.imports import uploads
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault
from app.kit.typed import Typed, whole_number
from app.pages import imports
from app.pages._parts import refilled
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
CHECK = "Look at what is marked below."


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/imports"


@router.get("/hubs/{code}/imports")
@allow(Can.IMPORT)
async def see_imports(door: Through) -> Response:
    """The form for a file, and the imports so far."""
    if asked(door).value("format") == "csv":
        return download("imports", imports.CSV_HEADER, await imports.imports_csv(door.db, door.member))
    form = imports.upload_form(door.member, door.now)
    return show(door, await imports.imports_page(door.db, door.member, asked(door), form))


@router.post("/hubs/{code}/imports")
@allow(Can.IMPORT)
async def hand_in(door: Through) -> Response:
    """Keeps a file and works out what it would do."""
    typed = await door.typed()
    form_sent = await door.request.form()
    try:
        handed = _handed(form_sent.get("file"), typed)
        key = await uploads.preview(door.actor, door.settings.data_dir, _asked_for(typed), handed)
    except BadInputError as refused:
        form = refilled(imports.upload_form(door.member, door.now), typed, refused.faults)
        return show(door, await imports.imports_page(door.db, door.member, asked(door), form), status=422)
    finally:
        await form_sent.close()  # the door has read the form, so nobody else lets its files go
    return go_to(door, f"{_home(door)}/{key}")


@router.get("/hubs/{code}/imports/{key}")
@allow(Can.IMPORT)
async def see_import(door: Through, key: str) -> Response:
    """What one import would do, or did."""
    if asked(door).value("format") == "csv":
        rows = await imports.rejected_csv(door.db, door.member, known_id(key))
        return download("rejected-rows", imports.REJECTED_CSV_HEADER, rows)
    return show(door, await imports.import_page(door.db, door.member, known_id(key), asked(door)))


@router.post("/hubs/{code}/imports/{key}/confirm")
@allow(Can.IMPORT)
async def confirm(door: Through, key: str) -> Response:
    """Does what was previewed."""
    typed = await door.typed()
    here = f"{_home(door)}/{key}"
    skip = typed.text("skip") == "yes"
    try:
        outcome = await uploads.confirm(door.actor, door.settings.data_dir, known_id(key), skip_rejected=skip)
    except BadInputError as refused:
        page = await imports.import_page(door.db, door.member, known_id(key), asked(door))
        return show(door, imports.refused_again(page, refused.faults), status=422)
    if not outcome.applied:
        return go_to(door, here, uploads.OTHER)
    report = outcome.report
    said = f"{plural(report.created, 'row')} new, {report.updated:,} changed, {report.unchanged:,} unchanged."
    return go_to(door, here, f"Imported: {said}")


@router.post("/hubs/{code}/imports/{key}/set-aside")
@allow(Can.IMPORT)
async def set_aside(door: Through, key: str) -> Response:
    """Drops a previewed file."""
    await uploads.set_aside(door.actor, door.settings.data_dir, known_id(key))
    return go_to(door, _home(door), "The file is set aside. Nothing of it was imported.")


def _kind_fault(typed: Typed) -> tuple[Fault, ...]:
    return () if typed.text("kind") in uploads.KINDS else (Fault("kind", "Choose what the file holds."),)


def _handed(file: object, typed: Typed) -> uploads.Handed:
    """The file of the form. Raises BadInputError when there is none."""
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInputError(CHECK, (*_kind_fault(typed), Fault("file", "Choose a file.")))
    return uploads.Handed(file.file, file.filename)


def _asked_for(typed: Typed) -> uploads.Asked:
    """What the form asks for. Raises BadInputError."""
    faults = list(_kind_fault(typed))
    codes = tuple(typed.text("authorities").replace(",", " ").split())
    if not all(code.isascii() and code.isdigit() and len(code) <= 4 for code in codes):
        faults.append(Fault("authorities", "Enter codes of three figures, such as 878 908."))
    year = 0
    try:
        year = whole_number(typed.text("year"))
    except ValueError:
        faults.append(Fault("year", "Choose the academic year."))
    if not faults and not 2000 <= year <= 2100:
        faults.append(Fault("year", "Choose the academic year."))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    return uploads.Asked(typed.text("kind"), year, codes, typed.text("calendar")[:120])
