"""The hub's office for personal data: requests, times, the notice, erasing; and the notice for everybody."""

from fastapi.responses import Response

from app.actions.people import erasing, keeping, rights
from app.actions.people.erasing import Confirmed, Site
from app.actions.people.keeping import Times
from app.actions.people.rights import Notice
from app.domain.access import Can
from app.domain.people.retention import KINDS
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.typed import Typed
from app.pages.people import erase, photos, privacy, protection, retention
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public

router = guarded_router()
NOTICE = "a privacy notice is for everybody, before they give any data"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/data-protection"


@router.get("/privacy")
@public(NOTICE)
async def see_any_notice(door: Through) -> Response:
    """What holds for every hub here."""
    return show(door, privacy.privacy_of_nobody())


@router.get("/privacy/{hub}")
@public(NOTICE)
async def see_notice(door: Through, hub: str) -> Response:
    """A hub's privacy notice."""
    return show(door, await privacy.privacy_page(door.db, hub))


@router.get("/hubs/{code}/data-protection")
@allow(Can.PROTECT_DATA)
async def see_protection(door: Through) -> Response:
    """What people ask about their data, and who answers for it."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await protection.protection_csv(door.db, door.member, wanted, door.now)
        return download("requests", protection.CSV_HEADER, rows)
    return show(door, await protection.protection_page(door.db, door.member, wanted, door.now))


@router.post("/hubs/{code}/data-protection")
@allow(Can.PROTECT_DATA)
async def write_notice(door: Through) -> Response:
    """Saves who answers for personal data, and the hub's own notice."""
    typed = await door.typed()
    notice = Notice(typed.text("controller"), typed.text("contact"), typed.text("text"), typed.version)
    try:
        await rights.write_notice(door.actor, notice)
    except BadInputError as refused:
        page = await protection.protection_page(door.db, door.member, asked(door), door.now)
        return show(door, protection.notice_again(page, typed, refused.faults), status=422)
    return go_to(door, _home(door), "Saved. The privacy notice shows it now.")


@router.get("/hubs/{code}/data-protection/requests/{request}")
@allow(Can.PROTECT_DATA)
async def see_request(door: Through, request: str) -> Response:
    """One request."""
    return show(door, await protection.request_page(door.db, door.member, known_id(request), door.now))


@router.post("/hubs/{code}/data-protection/requests/{request}")
@allow(Can.PROTECT_DATA)
async def settle(door: Through, request: str) -> Response:
    """Settles a request and mails the answer."""
    typed = await door.typed()
    try:
        name = await rights.settle(door.actor, known_id(request), typed.text("state"), typed.text("answer"))
    except BadInputError as refused:
        page = await protection.request_page(door.db, door.member, known_id(request), door.now)
        return show(door, protection.request_again(page, typed, refused.faults), status=422)
    return go_to(door, _home(door), f"Settled. {name} gets your answer by mail.")


@router.get("/hubs/{code}/data-protection/retention")
@allow(Can.PROTECT_DATA)
async def see_times(door: Through) -> Response:
    """How long records are kept, and what would go next."""
    return show(door, await retention.retention_page(door.db, door.member, door.now))


@router.post("/hubs/{code}/data-protection/retention")
@allow(Can.PROTECT_DATA)
async def set_times(door: Through) -> Response:
    """Saves how long records are kept."""
    typed = await door.typed()
    months = {kind.key: _months(typed, kind.key) for kind in KINDS}
    try:
        await keeping.set_times(door.actor, Times(months, "yes" in typed.every("hold")))
    except BadInputError as refused:
        page = await retention.retention_page(door.db, door.member, door.now)
        return show(door, retention.times_again(page, typed, refused.faults), status=422)
    return go_to(door, f"{_home(door)}/retention", "The times are saved. Below is what they mean for the next run.")


def _months(typed: Typed, name: str) -> int | None:
    said = typed.text(name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else None


@router.get("/hubs/{code}/people/{person}/erase")
@allow(Can.PROTECT_DATA)
async def ask_whether_to_erase(door: Through, person: str) -> Response:
    """What erasing somebody would do."""
    return show(door, await _erase_page(door, person))


async def _erase_page(door: Door, person: str) -> erase.ErasePage:
    because = await erasing.why_not(door.actor, known_id(person))
    return await erase.erase_page(door.db, door.member, known_id(person), because, door.now)


@router.post("/hubs/{code}/people/{person}/erase")
@allow(Can.PROTECT_DATA)
async def erase_person(door: Through, person: str) -> Response:
    """Erases somebody for good."""
    typed = await door.typed()
    confirmed = Confirmed(typed.text("name"), typed.text("also").splitlines())
    try:
        site = Site(door.settings.data_dir, f"{door.settings.address}/check")
        left = await erasing.erase(door.actor, site, known_id(person), confirmed)
    except BadInputError as refused:
        return show(door, erase.erase_again(await _erase_page(door, person), typed, refused.faults), status=422)
    return go_to(door, _home(door), f"They are erased. What is counted stays under the name {left}.")


@router.get("/hubs/{code}/schools/{urn}/photos")
@allow(Can.ALLOW_PHOTOS)
async def see_photos(door: Through, urn: str) -> Response:
    """Whether photos may be taken at a school."""
    return show(door, await photos.photos_page(door.db, door.viewer, door.member, _urn(urn)))


@router.post("/hubs/{code}/schools/{urn}/photos")
@allow(Can.ALLOW_PHOTOS)
async def allow_photos(door: Through, urn: str) -> Response:
    """Says whether photos may be taken at a school."""
    typed, number = await door.typed(), _urn(urn)
    await photos.photos_page(door.db, door.viewer, door.member, number)  # a school of the hub that they may speak for
    if typed.text("photos") not in {"yes", "no"}:
        raise BadInputError("Choose yes or no.", (Fault("photos", "Choose yes or no."),))
    given = typed.text("photos") == "yes"
    name = await rights.allow_school_photos(door.actor, number, given=given, note=typed.text("note"))
    said = f"Photos may be taken at {name}." if given else f"No photos are taken at {name} from now on."
    return go_to(door, f"/hubs/{door.member.hub_code}/schools/{number}/photos", said)


def _urn(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFoundError
    return int(text)
