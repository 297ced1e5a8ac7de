"""Records without JavaScript: read, written in, compared, submitted, answered, corrected; and who read them."""

import uuid

from fastapi.responses import Response

from app.actions.notes import agreeing
from app.actions.notes.writing import Sender, apply_all
from app.domain.access import Can
from app.domain.notes.applying import Answer, Operation
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.typed import Typed
from app.pages.notes import (
    edit,
    edit_conflicts,
    edit_read,
    history,
    history_compare,
    readers,
    record,
    steps,
    version,
)
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/events/{key}/note"
CHOOSE = "Saved. Somebody wrote at the same place meanwhile: both texts are kept, choose between them here."


def _here(door: Door, key: str) -> str:
    return f"/hubs/{door.member.hub_code}/events/{known_id(key)}/note"


def _address(door: Door) -> str:
    return door.settings.address


def _sender(door: Door) -> Sender:
    """Forms of one person count as one device, whichever they are sent from."""
    return Sender(door.db, door.viewer, door.now, uuid.uuid5(door.member.person_id, "forms"))


@router.get(HOME)
@allow(Can.READ_NOTES)
async def read_record(door: Through, key: str) -> Response:
    """The record, or for whoever may only read its summary, that."""
    try:
        return show(door, await record.load(door.db, door.member, known_id(key), door.now))
    except NotFoundError:
        if not await record.only_summary(door.db, door.member, known_id(key)):
            raise
        return go_to(door, f"{_here(door, key)}/summary")


@router.get(HOME + "/edit/{section}")
@allow(Can.WRITE_NOTES)
async def edit_section(door: Through, key: str, section: str) -> Response:
    """The form of a section."""
    return show(door, await edit.load(door.db, door.member, known_id(key), section, door.now))


@router.post(HOME + "/edit/{section}")
@allow(Can.WRITE_NOTES)
async def save_section(door: Through, key: str, section: str) -> Response:
    """Saves what was changed in a section."""
    typed, event_id = await door.typed(), known_id(key)
    ops = await edit_read.read(door.db, door.member, event_id, section, (typed, door.now))
    answers = await apply_all(_sender(door), ops)
    faults = edit_read.refused(typed, ops, answers)
    if faults:
        page = await edit.again(door.db, door.member, event_id, section, (typed, faults, door.now))
        return show(door, page, status=422)
    if any(answer.outcome == "conflict" for answer in answers):
        return go_to(door, f"{_here(door, key)}/conflicts", CHOOSE)
    return go_to(door, f"{_here(door, key)}#{section}", "Saved." if ops else "Nothing was changed.")


@router.get(HOME + "/conflicts")
@allow(Can.WRITE_NOTES)
async def see_conflicts(door: Through, key: str) -> Response:
    """Texts that stand side by side."""
    return show(door, await edit_conflicts.load(door.db, door.member, known_id(key), door.now))


@router.post(HOME + "/conflicts")
@allow(Can.WRITE_NOTES)
async def choose(door: Through, key: str) -> Response:
    """Lets one text stand."""
    typed, event_id = await door.typed(), known_id(key)
    try:
        op = await edit_conflicts.read(door.db, door.member, event_id, typed, door.now)
        if op is None:
            return go_to(door, f"{_here(door, key)}/conflicts", "This place is no longer there. Nothing was changed.")
        taken = await _taken(door, op, edit_conflicts.words_of(typed))
    except BadInputError as refused:
        page = await edit_conflicts.load(door.db, door.member, event_id, door.now)
        return show(door, edit_conflicts.again(page, typed, refused.faults), status=422)
    told = CHOOSE if taken.outcome == "conflict" else "This text stands now. The others are in the history."
    return go_to(door, f"{_here(door, key)}/conflicts", told)


async def _taken(door: Door, op: Operation, field: str = "") -> Answer:
    """Apply one operation; a refusal is told beside the field, or as a page."""
    (answer,) = await apply_all(_sender(door), [op])
    if answer.outcome == "refused":
        if field:
            raise BadInputError(answer.because, (Fault(field, answer.because),))
        raise ConflictError(answer.because)
    return answer


@router.get(HOME + "/history")
@allow(Can.READ_NOTES)
async def see_history(door: Through, key: str) -> Response:
    """Every operation that the viewer may read."""
    wanted, event_id = asked(door), known_id(key)
    if wanted.value("format") == "csv":
        rows = await history.table(door.db, door.member, event_id, wanted, door.now)
        return download("record-history", history.CSV_HEADER, rows)
    return show(door, await history.load(door.db, door.member, event_id, wanted, door.now))


@router.get(HOME + "/compare")
@allow(Can.READ_NOTES)
async def compare(door: Through, key: str) -> Response:
    """Two moments of the record."""
    return show(door, await history_compare.load(door.db, door.member, known_id(key), asked(door), door.now))


@router.get(HOME + "/history/{op}/restore")
@allow(Can.WRITE_NOTES)
async def ask_to_restore(door: Through, key: str, op: str) -> Response:
    """Asks before an earlier text stands again."""
    return show(door, await history.load_restore(door.db, door.member, known_id(key), known_id(op), door.now))


@router.post(HOME + "/history/{op}/restore")
@allow(Can.WRITE_NOTES)
async def restore(door: Through, key: str, op: str) -> Response:
    """Lets an earlier text stand again."""
    sent = (await door.typed(), door.now)
    taken = await _taken(door, await history.read_restore(door.db, door.member, known_id(key), known_id(op), sent))
    if taken.outcome == "conflict":
        return go_to(door, f"{_here(door, key)}/conflicts", CHOOSE)
    return go_to(door, f"{_here(door, key)}/history", "The earlier text stands again. What stood there is kept below.")


@router.get(HOME + "/versions/{number}")
@allow(Can.READ_NOTES)
async def see_version(door: Through, key: str, number: str) -> Response:
    """A submitted version."""
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFoundError
    return show(door, await version.load(door.db, door.member, known_id(key), int(number), door.now))


@router.get(HOME + "/submit")
@allow(Can.WRITE_NOTES)
async def ask_to_submit(door: Through, key: str) -> Response:
    """Asks before the record goes to the other side."""
    return show(door, await steps.load_submit(door.db, door.member, known_id(key), door.now))


@router.post(HOME + "/submit")
@allow(Can.WRITE_NOTES)
async def submit(door: Through, key: str) -> Response:
    """Submits the record."""
    number = await agreeing.submit(door.actor, _address(door), known_id(key))
    return go_to(door, _here(door, key), f"Version {number} is submitted. You can take it back until it is answered.")


@router.get(HOME + "/withdraw")
@allow(Can.WRITE_NOTES)
async def ask_to_withdraw(door: Through, key: str) -> Response:
    """Asks before a submitted version is taken back."""
    return show(door, await steps.load_withdraw(door.db, door.member, known_id(key), door.now))


@router.post(HOME + "/withdraw")
@allow(Can.WRITE_NOTES)
async def withdraw(door: Through, key: str) -> Response:
    """Takes it back."""
    await agreeing.withdraw(door.actor, _address(door), known_id(key))
    return go_to(door, _here(door, key), "It is taken back. Submit again when it is ready.")


@router.get(HOME + "/agree")
@allow(Can.AGREE_NOTES)
async def ask_to_agree(door: Through, key: str) -> Response:
    """What waits for an answer."""
    return show(door, await steps.load_agree(door.db, door.member, known_id(key), door.now))


@router.post(HOME + "/agree")
@allow(Can.AGREE_NOTES)
async def answer(door: Through, key: str) -> Response:
    """Agrees, or asks for a change."""
    typed, event_id = await door.typed(), known_id(key)
    try:
        told = await _answered(door, event_id, typed)
    except BadInputError as refused:
        page = await steps.load_agree(door.db, door.member, event_id, door.now)
        return show(door, steps.again(page, typed, refused.faults), status=422)
    return go_to(door, _here(door, key), told)


async def _answered(door: Door, event_id: uuid.UUID, typed: Typed) -> str:
    said = typed.text("number")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
    match typed.text("answer"):
        case steps.AGREE:
            await agreeing.agree(door.actor, _address(door), event_id, number)
            return "Agreed. The record is locked."
        case steps.CHANGE:
            await agreeing.ask_for_change(door.actor, _address(door), event_id, number, typed.text("because"))
            return "Your answer is sent. You are asked again when a new version is submitted."
    raise BadInputError("Look at what is marked below.", (Fault("answer", "Choose one of the two answers."),))


@router.get(HOME + "/correct")
@allow(Can.WRITE_NOTES)
async def ask_to_correct(door: Through, key: str) -> Response:
    """Asks why an agreed record opens again."""
    return show(door, await steps.load_correct(door.db, door.member, known_id(key), door.now))


@router.post(HOME + "/correct")
@allow(Can.WRITE_NOTES)
async def correct(door: Through, key: str) -> Response:
    """Opens an agreed record again."""
    typed, event_id = await door.typed(), known_id(key)
    try:
        await agreeing.correct(door.actor, _address(door), event_id, typed.text("because"))
    except BadInputError as refused:
        page = await steps.load_correct(door.db, door.member, event_id, door.now)
        return show(door, steps.again(page, typed, refused.faults), status=422)
    return go_to(door, _here(door, key), "The record is open for the correction.")


@router.get(HOME + "/readers")
@allow(Can.READ_NOTES)
async def see_readers(door: Through, key: str) -> Response:
    """Who read the record."""
    wanted, event_id = asked(door), known_id(key)
    if wanted.value("format") == "csv":
        rows = await readers.table(door.db, door.member, event_id, wanted, door.now)
        return download("record-readers", readers.CSV_HEADER, rows)
    return show(door, await readers.load(door.db, door.member, event_id, wanted, door.now))
