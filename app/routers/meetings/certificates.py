"""Certificates: issued for a Work Group, listed, withdrawn, one's own; and the public page that checks them."""

from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from app.actions.meetings import certifying
from app.actions.sign_in.knocking import too_many
from app.domain.access import Can
from app.domain.meetings.certificates import WRONG_CODES
from app.domain.meetings.checking import MOST_BYTES
from app.kit.check_codes import read_code, shown
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.pages._parts import filled
from app.pages.meetings import certificates, certificates_check, certificates_group, certificates_own
from app.pages.meetings.certificates import Download
from app.pages.meetings.certificates_check import Checked, CheckPage
from app.routers.answer import asked, download, go_to, refuse, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public
from app.routers.sign_in.coming import TooOftenError, from_here, knock, until

router = guarded_router()
HOME = "/hubs/{code}/certificates"
GROUP = "/hubs/{code}/groups/{group}/certificates"
CHECKS = "whoever is shown a certificate must be able to check it"


def _file(made: Download) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type=made.media, headers=headers)


def _check_address(door: Door) -> str:
    return f"{door.settings.address}/check"


@router.get(HOME)
@allow(Can.CERTIFY)
async def list_certificates(door: Through) -> Response:
    """The hub's certificates that the viewer may see."""
    if asked(door).value("format") == "csv":
        lines = await certificates.lines_of(door.db, door.member, asked(door))
        return download("certificates", certificates.CSV_HEADER, map(certificates.csv_row, lines))
    return show(door, await certificates.load(door.db, door.member, asked(door)))


@router.get(HOME + ".zip")
@allow(Can.CERTIFY)
async def download_certificates(door: Through) -> Response:
    """The PDFs of those that stand."""
    return _file(await certificates.zipped(door.db, door.member, asked(door)))


@router.get(HOME + "/{certificate}")
@allow(Can.CERTIFY)
async def see_certificate(door: Through, certificate: str) -> Response:
    """One certificate."""
    return show(door, await certificates.one(door.db, door.viewer, door.member, known_id(certificate)))


@router.get(HOME + "/{certificate}/certificate.pdf")
@allow(Can.CERTIFY)
async def certificate_on_paper(door: Through, certificate: str) -> Response:
    """The PDF, exactly as issued."""
    return _file(await certificates.pdf(door.db, door.member, known_id(certificate)))


@router.get(HOME + "/{certificate}/withdraw")
@allow(Can.CERTIFY)
async def ask_why_to_withdraw(door: Through, certificate: str) -> Response:
    """Asks first."""
    return show(door, await certificates.load_withdraw(door.db, door.member, known_id(certificate)))


@router.post(HOME + "/{certificate}/withdraw")
@allow(Can.CERTIFY)
async def withdraw(door: Through, certificate: str) -> Response:
    """From now on it no longer counts."""
    key, typed = known_id(certificate), await door.typed()
    try:
        await certifying.withdraw(door.actor, key, typed.text("because"))
    except BadInputError as refused:
        page = await certificates.load_withdraw(door.db, door.member, key)
        again = filled(page.form, {"because": typed.text("because")}, refused.faults)
        return show(door, certificates.asked_again(page, again), status=422)
    said = "Withdrawn. The public page says so, and why. To undo this, issue it again."
    return go_to(door, f"/hubs/{door.member.hub_code}/certificates/{key}", said)


@router.get(GROUP)
@allow(Can.CERTIFY)
async def see_who_has_earned_one(door: Through, group: str) -> Response:
    """Who of a Work Group gets what."""
    return show(door, await certificates_group.group_page(door.db, door.viewer, door.member, known_id(group), door.now))


@router.post(GROUP)
@allow(Can.CERTIFY)
async def issue_for_group(door: Through, group: str) -> Response:
    """Issues them all."""
    count, later = await certifying.issue_group(door.actor, known_id(group), _check_address(door))
    said = f"{count} certificate{' is' if count == 1 else 's are'} issued."
    if later:
        said = f"{count} certificates are being made. You can leave this page."
    here = f"/hubs/{door.member.hub_code}/groups/{known_id(group)}/certificates"
    return go_to(door, here, said if count else "Everybody who has earned one has one that says what is recorded.")


@router.get("/my/certificates")
@allow(Can.CERTIFY)
async def own_certificates(door: Through) -> Response:
    """One's own certificates."""
    return show(door, await certificates_own.load(door.db, door.viewer, door.now))


@router.post("/my/certificates")
@allow(Can.CERTIFY)
async def make_own_record(door: Through) -> Response:
    """Makes the record of a year."""
    typed = await door.typed()
    hubs = certificates_own.may_certify(door.viewer)
    member = next((one for one in hubs if typed.text("hub") in {one.hub_code, ""}), None)
    if member is None:
        raise NotFoundError
    door.of_hub = member
    try:
        year = _year(typed.text("year"))
        await certifying.issue_year(door.actor, year, _check_address(door))
    except (BadInputError, ConflictError) as refused:
        page = await certificates_own.load(door.db, door.viewer, door.now)
        faults = refused.faults if isinstance(refused, BadInputError) else (Fault("year", refused.because),)
        again = filled(page.form, {"hub": typed.text("hub"), "year": typed.text("year")}, faults)
        return show(door, certificates_own.asked_again(page, again), status=refused.status)
    return go_to(door, "/my/certificates", "Your record is made.")


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadInputError("Choose a year.", (Fault("year", "Choose a year."),))
    return int(text)


def _unlisted(response: Response) -> Response:
    """No search engine keeps who attended what."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@router.get("/check")
@public(CHECKS)
async def ask_for_a_code(door: Through) -> Response:
    """The form for a code or a file."""
    return _unlisted(show(door, certificates_check.empty()))


@router.get("/check/{number}")
@public(CHECKS)
async def check_code(door: Through, number: str) -> Response:
    """What is known of a code."""
    return await _told(door, await certificates_check.by_code(door.db, number))


@router.post("/check")
@public(CHECKS)
async def check_typed_or_file(door: Through) -> Response:
    """On to what is known of a code; what is known of a file, which is not kept."""
    from_here(door.request)
    sent = await door.request.form()
    try:
        text, file = (await door.typed()).text("number"), sent.get("file")
        if isinstance(file, UploadFile) and file.filename:
            data = await file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                return _wrong(door, "", "This file is far larger than any certificate of ours.")
            return await _told(door, await certificates_check.by_file(door.db, data, text))
    finally:
        await sent.close()
    read = read_code(text)
    if not read.code:
        return _wrong(door, text, read.because if text else "Type the code on the certificate, or choose its file.")
    return _unlisted(RedirectResponse(f"/check/{quote(shown(read.code))}", 303))


def _wrong(door: Door, text: str, because: str) -> Response:
    return _unlisted(show(door, certificates_check.mistyped(text, because), status=422))


async def _told(door: Door, checked: Checked) -> Response:
    """The page; codes that are not known are counted, so that nobody tries them by the thousand."""
    page: CheckPage = checked.page
    if checked.unknown:
        wait, _ = await too_many(door.db, WRONG_CODES, knock(door).network, door.now)
        if wait:
            because = f"Many codes that are not known were tried from your network. Wait until {until(wait)}."
            return _unlisted(refuse(door.request, TooOftenError(because)))
    return _unlisted(show(door, page))
