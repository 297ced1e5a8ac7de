"""Payment files: brought in, looked at row by row, applied as a whole or set aside."""

from fastapi.responses import Response
from starlette.datastructures import UploadFile

from app.actions.funding import finance_files
from app.actions.funding import remittances as actions
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault
from app.pages.funding import finance_files as pages
from app.pages.funding import remittance as one_file
from app.pages.funding.finance_files import PAYMENTS
from app.render.funding.payment_file import MOST_BYTES, NAMES
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/remittances"
ONE = HOME + "/{remittance}"


def _here(door: Door, remittance: str = "") -> str:
    home = f"/hubs/{door.member.hub_code}/remittances"
    return f"{home}/{known_id(remittance)}" if remittance else home


async def handed(file: object) -> tuple[str, bytes]:
    """The name and the bytes of the form's file. Raises BadInputError where there is none."""
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInputError(finance_files.CHECK, (Fault("file", "Choose a file."),))
    return file.filename, await file.read(MOST_BYTES + 1)


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_remittances(door: Through) -> Response:
    """The files so far."""
    if asked(door).value("format") == "csv":
        return download(
            "payment-files", pages.CSV_HEADER, await pages.table(door.db, door.member, PAYMENTS, asked(door))
        )
    return show(door, await pages.load(door.db, door.member, PAYMENTS, asked(door)))


@router.get(HOME + "/new")
@allow(Can.CLAIM)
async def ask_for_file(door: Through) -> Response:
    """The form for a file."""
    return show(door, pages.new(door.member, PAYMENTS))


@router.post(HOME)
@allow(Can.CLAIM)
async def hand_in(door: Through) -> Response:
    """Keeps a file as it came."""
    typed = await door.typed()
    form_sent = await door.request.form()
    try:
        key = await actions.hand_in(door.actor, *await handed(form_sent.get("file")))
    except BadInputError as refused:
        return show(door, pages.new_again(pages.new(door.member, PAYMENTS), typed, refused.faults), status=422)
    finally:
        await form_sent.close()  # the door has read the form, so nobody else lets its files go
    return go_to(door, f"{_here(door)}/{key}", "The file is kept. Nothing is paid until you say so.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_remittance(door: Through, remittance: str) -> Response:
    """One file row by row."""
    key = known_id(remittance)
    if asked(door).value("format") == "csv":
        return download("payment-rows", one_file.ROW_HEADER, await one_file.rows(door.db, door.member, key))
    return show(door, await one_file.load(door.db, door.member, key, asked(door)))


@router.get(ONE + "/file")
@allow(Can.SEE_FUNDING)
async def see_file(door: Through, remittance: str) -> Response:
    """The file as it came."""
    return as_it_came(*await pages.original(door.db, door.member, PAYMENTS, known_id(remittance)))


def as_it_came(name: str, data: bytes) -> Response:
    """A file under a name that every browser takes."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.post(ONE + "/columns")
@allow(Can.CLAIM)
async def choose_columns(door: Through, remittance: str) -> Response:
    """Says which column is what."""
    key, typed = known_id(remittance), await door.typed()
    try:
        await actions.choose(door.actor, key, {name: typed.text(name) for name in NAMES})
    except BadInputError as refused:
        page = await one_file.load(door.db, door.member, key, asked(door))
        return show(door, one_file.columns_again(page, typed, refused.faults), status=422)
    return go_to(door, _here(door, remittance), "The file was read again with these columns.")


@router.get(ONE + "/apply")
@allow(Can.CLAIM)
async def ask_to_apply(door: Through, remittance: str) -> Response:
    """Asks first."""
    return show(door, await one_file.ask_to_apply(door.db, door.member, known_id(remittance)))


@router.post(ONE + "/apply")
@allow(Can.CLAIM)
async def apply_file(door: Through, remittance: str) -> Response:
    """Records every payment, or none."""
    typed = await door.typed()
    said = await actions.apply(door.actor, known_id(remittance), typed.text("stamp"))
    return go_to(door, _here(door, remittance), f"The payments are recorded: {said}")


@router.post(ONE + "/set-aside")
@allow(Can.CLAIM)
async def set_aside(door: Through, remittance: str) -> Response:
    """Leaves the file unapplied."""
    await finance_files.set_aside(door.actor, actions.PAYMENTS, known_id(remittance))
    return go_to(door, _here(door, remittance), "The file is set aside. Nothing of it is paid.")


@router.post(ONE + "/take-up")
@allow(Can.CLAIM)
async def take_up(door: Through, remittance: str) -> Response:
    """Looks again at a file that was set aside."""
    await finance_files.take_up(door.actor, actions.PAYMENTS, known_id(remittance))
    return go_to(door, _here(door, remittance), "The file waits for you again.")
