"""A ledger that was kept elsewhere: brought in, looked at, taken in whole, taken back."""

from fastapi.responses import Response

from app.actions.funding import brought as actions
from app.actions.funding import finance_files
from app.domain.access import Can
from app.domain.funding.brought import NAMES
from app.kit.errors import BadInputError, Fault
from app.kit.typed import Typed, whole_number
from app.pages.funding import brought as pages
from app.pages.funding import finance_files as lists
from app.pages.funding.finance_files import LEDGER
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.funding.remittances import as_it_came, handed
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/ledger-import"
ONE = HOME + "/{brought}"


def _here(door: Door, brought: str) -> str:
    return f"{LEDGER.home(door.member)}/{known_id(brought)}"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_ledgers(door: Through) -> Response:
    """The ledgers that were brought in so far."""
    if asked(door).value("format") == "csv":
        rows = await lists.table(door.db, door.member, LEDGER, asked(door))
        return download("ledgers-from-elsewhere", lists.CSV_HEADER, rows)
    return show(door, await lists.load(door.db, door.member, LEDGER, asked(door)))


@router.get(HOME + "/new")
@allow(Can.CLAIM)
async def ask_for_ledger(door: Through) -> Response:
    """The form for a file."""
    return show(door, pages.form(door.member, door.now))


@router.post(HOME)
@allow(Can.CLAIM)
async def bring_in(door: Through) -> Response:
    """Keeps a file as it came."""
    typed = await door.typed()
    form_sent = await door.request.form()
    try:
        name, data = await handed(form_sent.get("file"))
        key = await actions.hand_in(door.actor, name, data, _year(typed))
    except BadInputError as refused:
        return show(door, lists.new_again(pages.form(door.member, door.now), typed, refused.faults), status=422)
    finally:
        await form_sent.close()  # the door has read the form, so nobody else lets its files go
    return go_to(door, f"{LEDGER.home(door.member)}/{key}", "The file is kept. Nothing is taken in until you say so.")


def _year(typed: Typed) -> int:
    try:
        return whole_number(typed.text("year"))
    except ValueError:
        raise BadInputError(finance_files.CHECK, (Fault("year", "Choose the grant year."),)) from None


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_ledger(door: Through, brought: str) -> Response:
    """One ledger row by row."""
    key = known_id(brought)
    if asked(door).value("format") == "csv":
        return download("ledger-rows", pages.CSV_HEADER, await pages.table(door.db, door.member, key))
    if asked(door).value("format") == "faults":
        return download("rows-not-taken", pages.FAULT_HEADER, await pages.faults(door.db, door.member, key))
    return show(door, await pages.load(door.db, door.member, key, asked(door)))


@router.get(ONE + "/file")
@allow(Can.SEE_FUNDING)
async def see_ledger_file(door: Through, brought: str) -> Response:
    """The file as it came."""
    return as_it_came(*await lists.original(door.db, door.member, LEDGER, known_id(brought)))


@router.post(ONE + "/columns")
@allow(Can.CLAIM)
async def choose_ledger_columns(door: Through, brought: str) -> Response:
    """Says which column is what."""
    key, typed = known_id(brought), await door.typed()
    try:
        await actions.choose(door.actor, key, {name: typed.text(name) for name in NAMES})
    except BadInputError as refused:
        page = await pages.load(door.db, door.member, key, asked(door))
        return show(door, pages.columns_again(page, typed, refused.faults), status=422)
    return go_to(door, _here(door, brought), "The file was read again with these columns.")


@router.get(ONE + "/take-in")
@allow(Can.CLAIM)
async def ask_to_take_in(door: Through, brought: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask_to_take_in(door.db, door.member, known_id(brought)))


@router.post(ONE + "/take-in")
@allow(Can.CLAIM)
async def take_in(door: Through, brought: str) -> Response:
    """Makes its rows lines of statements, all or nothing."""
    typed = await door.typed()
    made = await actions.take_in(door.actor, known_id(brought), typed.text("says"))
    return go_to(door, _here(door, brought), f"The ledger is taken in: {plural(made, 'open statement')}.")


@router.get(ONE + "/take-back")
@allow(Can.CLAIM)
async def ask_to_take_back(door: Through, brought: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask_to_take_back(door.db, door.member, known_id(brought)))


@router.post(ONE + "/take-back")
@allow(Can.CLAIM)
async def take_back(door: Through, brought: str) -> Response:
    """Removes what it became."""
    await actions.take_back(door.actor, known_id(brought))
    return go_to(door, _here(door, brought), "The ledger is taken back. The file stays kept.")


@router.post(ONE + "/set-aside")
@allow(Can.CLAIM)
async def set_ledger_aside(door: Through, brought: str) -> Response:
    """Leaves the file as it is."""
    await finance_files.set_aside(door.actor, actions.LEDGER, known_id(brought))
    return go_to(door, _here(door, brought), "The file is set aside. Nothing of it is taken in.")


@router.post(ONE + "/take-up")
@allow(Can.CLAIM)
async def take_ledger_up(door: Through, brought: str) -> Response:
    """Looks again at a file that was set aside."""
    await finance_files.take_up(door.actor, actions.LEDGER, known_id(brought))
    return go_to(door, _here(door, brought), "The file waits for you again.")
