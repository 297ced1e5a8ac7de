"""What each stage asks for, and how a hub changes it."""

from fastapi.responses import Response

from app.actions.stages import criteria as actions
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.pages.stages import criteria as pages
from app.pages.stages import criteria_try
from app.pages.stages.criteria import NAMES, Sent, known_kind
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/criteria"
KIND = HOME + "/kinds/{kind}"
ONE = HOME + "/{criteria}"


@router.get(HOME)
@allow(Can.EDIT_CRITERIA)
async def see_criteria(door: Through) -> Response:
    """What each kind of programme asks for."""
    return show(door, await pages.load(door.db, door.member))


@router.get(KIND)
@allow(Can.EDIT_CRITERIA)
async def edit_criteria(door: Through, kind: str) -> Response:
    """The editor of the next version."""
    return show(door, await pages.load_kind(door.db, door.member, known_kind(kind)))


@router.post(KIND)
@allow(Can.EDIT_CRITERIA)
async def save_criteria(door: Through, kind: str) -> Response:
    """Saves the draft."""
    known, typed = known_kind(kind), await door.typed()
    try:
        made = await actions.save(door.actor, known, typed)
    except (BadInputError, StaleError) as error:
        faults = error.faults if isinstance(error, BadInputError) else (Fault("", error.because),)
        page = await pages.load_kind(door.db, door.member, known, Sent(typed, faults))
        return show(door, page, status=error.status)
    said = "The draft is saved. Try it on last year's schools before you publish it."
    return go_to(door, f"/hubs/{door.member.hub_code}/criteria/{made}", said)


@router.get(ONE)
@allow(Can.EDIT_CRITERIA)
async def see_version(door: Through, criteria: str) -> Response:
    """One version."""
    return show(door, await pages.load_version(door.db, door.member, known_id(criteria)))


@router.get(ONE + "/try")
@allow(Can.EDIT_CRITERIA)
async def try_criteria(door: Through, criteria: str) -> Response:
    """The version on the schools of a past year."""
    key = known_id(criteria)
    if asked(door).value("format") == "csv":
        rows = await criteria_try.table(door.db, door.member, key, asked(door), door.now)
        return download("criteria-tried", criteria_try.CSV_HEADER, rows)
    return show(door, await criteria_try.load(door.db, door.member, key, asked(door), door.now))


@router.get(ONE + "/publish")
@allow(Can.EDIT_CRITERIA)
async def ask_to_publish(door: Through, criteria: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask_to_publish(door.db, door.member, known_id(criteria)))


@router.post(ONE + "/publish")
@allow(Can.EDIT_CRITERIA)
async def publish(door: Through, criteria: str) -> Response:
    """Publishes the draft."""
    row = await actions.publish(door.actor, known_id(criteria), await door.typed())
    said = f"Version {row.version} is published. Schools in {NAMES[row.kind]} are held against it from now on."
    return go_to(door, f"/hubs/{door.member.hub_code}/criteria", said)


@router.get(ONE + "/discard")
@allow(Can.EDIT_CRITERIA)
async def ask_to_discard(door: Through, criteria: str) -> Response:
    """Asks first."""
    return show(door, await pages.ask_to_discard(door.db, door.member, known_id(criteria)))


@router.post(ONE + "/discard")
@allow(Can.EDIT_CRITERIA)
async def discard(door: Through, criteria: str) -> Response:
    """Throws the draft away."""
    kind = await actions.discard(door.actor, known_id(criteria))
    where = f"/hubs/{door.member.hub_code}/criteria/kinds/{kind}"
    return go_to(door, where, "The draft is discarded. The version in use is as it was.")
