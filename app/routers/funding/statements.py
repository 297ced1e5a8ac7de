"""Statements: the list, one of them, and the steps that are taken with one or with several at once."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from fastapi.responses import Response

from app.actions.funding import claiming as actions
from app.actions.funding.claiming import Chosen, Payment
from app.domain.access import Can
from app.domain.funding.standing import file_stem
from app.domain.funding.statements import Step
from app.domain.stages.criteria import times
from app.kit.errors import BadInputError, ConflictError, HalftermError, StaleError
from app.pages.funding import statement as pages
from app.pages.funding import statement_steps as steps
from app.pages.funding import statements as listing
from app.pages.funding.statement_steps import Asking, Seen
from app.pages.stages.enrolling import again
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.stages.enrolments import refused

router = guarded_router()
HOME = "/hubs/{code}/statements"
ONE = HOME + "/{statement}"
DONE = {
    Step.CLOSE: "Closed. A second person approves now.",
    Step.APPROVE: "Approved. Submitting is next.",
    Step.SUBMIT: "Submitted.",
    Step.RECONCILE: "Marked as reconciled.",
}


@router.get(HOME)
@allow(Can.SEE_OWED)
async def list_statements(door: Through) -> Response:
    """The statements of a grant year that the viewer may see."""
    if asked(door).value("format") == "csv":
        return download(
            "statements", listing.CSV_HEADER, await listing.rows(door.db, door.member, asked(door), door.now)
        )
    return show(door, await listing.load(door.db, door.member, asked(door), door.now))


async def _ask_several(door: Door, step: Step) -> Response:
    ids = [known_id(text) for text in door.request.query_params.getlist("statement")[: steps.MOST]]
    return show(door, await steps.ask(door.db, door.member, Asking(step, ids), asked(door), door.now))


async def _take_several(door: Door, step: Step) -> Response:
    seen = steps.read_seen(await door.typed())
    return await _take(door, Asking(step, [one.id for one in seen]), seen)


async def _ask(door: Door, statement: str, step: Step) -> Response:
    asking = Asking(step, [known_id(statement)], alone=True)
    return show(door, await steps.ask(door.db, door.member, asking, asked(door), door.now))


async def _take_one(door: Door, statement: str, step: Step) -> Response:
    key = known_id(statement)
    seen = steps.read_seen(await door.typed(), key)
    return await _take(door, Asking(step, [key], alone=True), seen)


async def _take(door: Door, asking: Asking, seen: Sequence[Seen]) -> Response:
    chosen = [Chosen(one.id, one.version, one.pence, one.lines, one.queried) for one in seen]
    try:
        if asking.step is Step.CLOSE:
            await actions.close(door.actor, chosen)
        else:
            await actions.take(door.actor, asking.step, chosen)
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, asking, error)
    if asking.alone:
        return go_to(door, _here(door, chosen[0].id), DONE[asking.step])
    return go_to(
        door, f"/hubs/{door.member.hub_code}/statements", f"{times(len(chosen), 'statement')}. {DONE[asking.step]}"
    )


async def _again(door: Door, asking: Asking, error: HalftermError) -> Response:
    """The question once more, with the figures as they are now and what is in the way."""
    page = await steps.ask(door.db, door.member, asking, asked(door), door.now, error.because)
    return show(door, page, status=error.status)


def _here(door: Door, statement: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/statements/{statement}"


@router.get(HOME + "/close")
@allow(Can.CLAIM)
async def ask_close_several(door: Through) -> Response:
    """Asks before several are closed."""
    return await _ask_several(door, Step.CLOSE)


@router.post(HOME + "/close")
@allow(Can.CLAIM)
async def close_several(door: Through) -> Response:
    """Closes them, all or none."""
    return await _take_several(door, Step.CLOSE)


@router.get(HOME + "/approve")
@allow(Can.APPROVE_CLAIM)
async def ask_approve_several(door: Through) -> Response:
    """Asks before several are approved."""
    return await _ask_several(door, Step.APPROVE)


@router.post(HOME + "/approve")
@allow(Can.APPROVE_CLAIM)
async def approve_several(door: Through) -> Response:
    """Approves them, all or none."""
    return await _take_several(door, Step.APPROVE)


@router.get(HOME + "/submit")
@allow(Can.CLAIM)
async def ask_submit_several(door: Through) -> Response:
    """Asks before several are submitted."""
    return await _ask_several(door, Step.SUBMIT)


@router.post(HOME + "/submit")
@allow(Can.CLAIM)
async def submit_several(door: Through) -> Response:
    """Submits them, all or none."""
    return await _take_several(door, Step.SUBMIT)


@router.get(ONE)
@allow(Can.SEE_OWED)
async def see_statement(door: Through, statement: str) -> Response:
    """One statement with its lines and steps."""
    key = known_id(statement)
    if asked(door).value("format") == "csv":
        name, rows = await pages.table(door.db, door.member, key, asked(door))
        return download(file_stem(name), pages.CSV_HEADER, rows)
    return show(door, await pages.load(door.db, door.member, key, asked(door)))


@router.get(ONE + "/frozen.jsonl")
@allow(Can.SEE_FUNDING)
async def frozen(door: Through, statement: str) -> Response:
    """The bytes that were frozen, whose digest the statement bears."""
    name, data = await pages.frozen_bytes(door.db, door.member, known_id(statement))
    headers = {"Content-Disposition": f'attachment; filename="{file_stem(name)}.jsonl"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/x-ndjson", headers=headers)


@router.get(ONE + "/close")
@allow(Can.CLAIM)
async def ask_close(door: Through, statement: str) -> Response:
    """Asks before it is closed."""
    return await _ask(door, statement, Step.CLOSE)


@router.post(ONE + "/close")
@allow(Can.CLAIM)
async def close(door: Through, statement: str) -> Response:
    """Brings it up to date and closes it, where the figures are those that were seen."""
    return await _take_one(door, statement, Step.CLOSE)


@router.get(ONE + "/approve")
@allow(Can.APPROVE_CLAIM)
async def ask_approve(door: Through, statement: str) -> Response:
    """Asks before it is approved."""
    return await _ask(door, statement, Step.APPROVE)


@router.post(ONE + "/approve")
@allow(Can.APPROVE_CLAIM)
async def approve(door: Through, statement: str) -> Response:
    """Approves it."""
    return await _take_one(door, statement, Step.APPROVE)


@router.get(ONE + "/submit")
@allow(Can.CLAIM)
async def ask_submit(door: Through, statement: str) -> Response:
    """Asks before it is submitted."""
    return await _ask(door, statement, Step.SUBMIT)


@router.post(ONE + "/submit")
@allow(Can.CLAIM)
async def submit(door: Through, statement: str) -> Response:
    """Submits it."""
    return await _take_one(door, statement, Step.SUBMIT)


@router.get(ONE + "/reconcile")
@allow(Can.CLAIM)
async def ask_reconcile(door: Through, statement: str) -> Response:
    """Asks before it is marked as reconciled."""
    return await _ask(door, statement, Step.RECONCILE)


@router.post(ONE + "/reconcile")
@allow(Can.CLAIM)
async def reconcile(door: Through, statement: str) -> Response:
    """Marks it as reconciled."""
    return await _take_one(door, statement, Step.RECONCILE)


@router.get(ONE + "/reverse")
@allow(Can.APPROVE_CLAIM)
async def ask_reverse(door: Through, statement: str) -> Response:
    """Why the approval is taken back."""
    return await _form(door, statement, Step.REVERSE)


@router.post(ONE + "/reverse")
@allow(Can.APPROVE_CLAIM)
async def reverse(door: Through, statement: str) -> Response:
    """Takes the approval back; both steps stay recorded."""
    key, typed = known_id(statement), await door.typed()
    try:
        await actions.take(door.actor, Step.REVERSE, [Chosen(key, typed.version)], typed.text("because"))
    except (BadInputError, StaleError, ConflictError) as error:
        return await _form_again(door, key, Step.REVERSE, error)
    return go_to(door, _here(door, key), "Taken back. It waits for an approval again.")


@router.get(ONE + "/pay")
@allow(Can.CLAIM)
async def ask_pay(door: Through, statement: str) -> Response:
    """What was paid, and when."""
    return await _form(door, statement, Step.PAY)


@router.post(ONE + "/pay")
@allow(Can.CLAIM)
async def pay(door: Through, statement: str) -> Response:
    """Records a payment by hand."""
    key, typed = known_id(statement), await door.typed()
    try:
        paid = steps.read_paid(typed)
        await actions.pay(door.actor, Chosen(key, typed.version), Payment(paid.pence, paid.day), paid.because)
    except (BadInputError, StaleError, ConflictError) as error:
        return await _form_again(door, key, Step.PAY, error)
    return go_to(door, _here(door, key), "Recorded. To undo it, record the same amount with a minus.")


async def _form(door: Door, statement: str, step: Step) -> Response:
    return show(door, await steps.form(door.db, door.member, known_id(statement), step, door.now))


async def _form_again(
    door: Door, key: uuid.UUID, step: Step, error: BadInputError | StaleError | ConflictError
) -> Response:
    page = await steps.form(door.db, door.member, key, step, door.now)
    faults = tuple(replace(one, path="amount") if one.path == "pence" else one for one in refused(error))
    return show(door, again(page, await door.typed(), faults), status=error.status)
