"""A record on paper and in files: the form out and back, the agreed summary."""

from fastapi.responses import Response
from starlette.datastructures import UploadFile

from app.actions.notes import sheets
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault
from app.pages._parts import filled
from app.pages.notes import papers, sheet_import
from app.pages.notes.papers import Paper
from app.routers.answer import go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _file(paper: Paper) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{paper.name}"'}
    return Response(paper.data, media_type=paper.media, headers=headers)


@router.get("/hubs/{code}/events/{key}/note/form.xlsx")
@allow(Can.READ_NOTES)
async def form_as_workbook(door: Through, key: str) -> Response:
    """The form, to be filled in as a spreadsheet."""
    paper = await papers.workbook(door.db, door.member, known_id(key), door.now)
    await sheets.took_along(door.actor, known_id(key))
    return _file(paper)


@router.get("/hubs/{code}/events/{key}/note/form.pdf")
@allow(Can.READ_NOTES)
async def form_on_paper(door: Through, key: str) -> Response:
    """The form, to be filled in by hand."""
    paper = await papers.printed_form(door.db, door.member, known_id(key), door.now)
    await sheets.took_along(door.actor, known_id(key))
    return _file(paper)


@router.get("/hubs/{code}/events/{key}/note/import")
@allow(Can.WRITE_NOTES)
async def ask_for_a_filled_form(door: Through, key: str) -> Response:
    """The form for the file."""
    return show(door, await sheet_import.load(door.db, door.member, known_id(key)))


@router.post("/hubs/{code}/events/{key}/note/import")
@allow(Can.WRITE_NOTES)
async def bring_in_a_filled_form(door: Through, key: str) -> Response:
    """Takes what was changed in the file, and tells of each row."""
    page = await sheet_import.load(door.db, door.member, known_id(key))
    sent = await door.request.form()
    try:
        file = _handed(sent.get("file"))
        became = await sheets.bring_in(door.actor, known_id(key), file.file, file.filename or "")
    except BadInputError as refused:
        return show(door, sheet_import.asked_again(page, filled(page.form, {}, refused.faults)), status=422)
    finally:
        await sent.close()  # the door has read the form, so nobody else lets its files go
    return show(door, sheet_import.with_rows(page, became))


def _handed(file: object) -> UploadFile:
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInputError("Choose a file.", (Fault("file", "Choose the filled form."),))
    return file


@router.get("/hubs/{code}/events/{key}/note/summary")
@allow(Can.READ_SUMMARIES)
async def see_summary(door: Through, key: str) -> Response:
    """The agreed summary."""
    page = await papers.summary_page(door.db, door.member, known_id(key))
    if page.summary:
        await sheets.read_summary(door.actor, known_id(key))
    return show(door, page)


@router.get("/hubs/{code}/events/{key}/note/summary.pdf")
@allow(Can.READ_SUMMARIES)
async def summary_on_paper(door: Through, key: str) -> Response:
    """The agreed summary as PDF."""
    return await _summary(door, key, await papers.summary_pdf(door.db, door.member, known_id(key)))


@router.get("/hubs/{code}/events/{key}/note/summary.docx")
@allow(Can.READ_SUMMARIES)
async def summary_for_word(door: Through, key: str) -> Response:
    """The agreed summary for Word."""
    return await _summary(door, key, await papers.summary_docx(door.db, door.member, known_id(key)))


async def _summary(door: Door, key: str, paper: Paper | None) -> Response:
    """The file; before anything is agreed, the page that says what is missing."""
    if paper is None:
        return go_to(door, f"/hubs/{door.member.hub_code}/events/{known_id(key)}/note/summary")
    await sheets.took_along(door.actor, known_id(key))
    return _file(paper)
