"""Agreements: read and signed, entered from paper, withdrawn; who has signed; and the texts that are signed."""

import uuid

from fastapi.responses import Response

from app.actions.stages import agreement_texts as text_actions
from app.actions.stages import signing
from app.domain.access import Can
from app.domain.stages import agreements as rules
from app.domain.stages.agreements import How
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london
from app.pages.meetings.certificates import Download
from app.pages.stages import agreement as one_agreement
from app.pages.stages import agreement_texts as texts
from app.pages.stages import agreements as listing
from app.pages.stages import recruiting_forms
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import wrong_in, year_of

router = guarded_router()
LIST = "/hubs/{code}/agreements"
OF_ENROLMENT = "/hubs/{code}/enrolments/{enrolment}/agreement"
TEXTS = "/hubs/{code}/agreement-texts"
WHY = "Say why the agreement counts no longer."


def _file(made: Download) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type=made.media, headers=headers)


@router.get(OF_ENROLMENT)
@allow(Can.SEE_STAGES)
async def read_agreement(door: Through, enrolment: str) -> Response:
    """The text, and who signed it."""
    return show(door, await one_agreement.load(door.db, door.viewer, door.member, known_id(enrolment)))


@router.get(OF_ENROLMENT + "/paper.pdf")
@allow(Can.SEE_STAGES)
async def agreement_to_print(door: Through, enrolment: str) -> Response:
    """The text with lines to sign on."""
    return _file(await one_agreement.blank(door.db, door.member, known_id(enrolment), door.now))


@router.post(OF_ENROLMENT + "/sign")
@allow(Can.SIGN_AGREEMENT)
async def sign_agreement(door: Through, enrolment: str) -> Response:
    """The head signs what they have read."""
    key, typed = known_id(enrolment), await door.typed()
    page = await one_agreement.load(door.db, door.viewer, door.member, key)
    try:
        signature = rules.read_signature(typed, in_london(door.now).date(), How.PAGE)
        await signing.sign(door.actor, key, signature, typed.text("seal"))
    except (BadInputError, StaleError) as error:
        faults = error.faults if isinstance(error, BadInputError) else (Fault("", error.because),)
        return show(door, one_agreement.again(page, typed, faults), status=error.status)
    return go_to(door, _of(door, key), "Signed. The hub sees it, and you can download it here at any time.")


def _of(door: Door, enrolment: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/enrolments/{enrolment}/agreement"


@router.get(OF_ENROLMENT + "/paper")
@allow(Can.EDIT_STAGES)
async def ask_for_paper(door: Through, enrolment: str) -> Response:
    """The form of an agreement that was signed on paper."""
    today = in_london(door.now).date()
    return show(door, await one_agreement.paper_form(door.db, door.member, known_id(enrolment), today))


@router.post(OF_ENROLMENT + "/paper")
@allow(Can.EDIT_STAGES)
async def enter_paper(door: Through, enrolment: str) -> Response:
    """Enters an agreement that was signed on paper."""
    key, typed, today = known_id(enrolment), await door.typed(), in_london(door.now).date()
    page = await one_agreement.paper_form(door.db, door.member, key, today)
    try:
        await signing.enter(door.actor, key, rules.read_signature(typed, today, How.PAPER))
    except BadInputError as error:
        return show(door, recruiting_forms.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _of(door, key), "Entered. To undo this, withdraw it.")


@router.get(LIST)
@allow(Can.SEE_STAGES)
async def agreements(door: Through) -> Response:
    """Who has signed, and who has not."""
    wanted, today = asked(door), in_london(door.now).date()
    if wanted.value("format") == "csv":
        lines = await listing.lines_of(door.db, door.member, wanted, today)
        return download(f"agreements-{year_of(door)}", listing.CSV_HEADER, map(listing.csv_row, lines))
    return show(door, await listing.load(door.db, door.member, wanted, today))


def _ids(texts_of: tuple[str, ...] | list[str]) -> set[uuid.UUID]:
    return {known_id(text) for text in texts_of}


@router.get(LIST + "/chase")
@allow(Can.EDIT_STAGES)
async def look_at_reminders(door: Through) -> Response:
    """Who would get a reminder, and its words."""
    return await _ask_again(door, _ids(door.request.query_params.getlist("enrolment")))


async def _ask_again(door: Door, chosen: set[uuid.UUID]) -> Response:
    try:
        pairs = await signing.whom(door.actor, year_of(door), chosen)
    except BadInputError as error:
        page = await listing.load(door.db, door.member, asked(door), in_london(door.now).date(), error.because)
        return show(door, page, status=error.status)
    return show(door, listing.chase(door.member, year_of(door), pairs))


@router.post(LIST + "/chase")
@allow(Can.EDIT_STAGES)
async def send_reminders(door: Through) -> Response:
    """Sends the reminders."""
    typed = await door.typed()
    chosen = _ids(typed.every("enrolment"))
    if not chosen:
        return await _ask_again(door, chosen)
    batch, count = await signing.chase(door.actor, year_of(door), chosen)
    said = f"{plural(count, 'reminder')} will leave in a few minutes. Until then you can take them back here."
    return go_to(door, f"/hubs/{door.member.hub_code}/messages?batch={batch}", said)


@router.get(LIST + "/{agreement}/agreement.pdf")
@allow(Can.SEE_STAGES)
async def agreement_on_paper(door: Through, agreement: str) -> Response:
    """The PDF, exactly as it was made when it was signed."""
    return _file(await one_agreement.pdf(door.db, door.member, known_id(agreement)))


@router.get(LIST + "/{agreement}/withdraw")
@allow(Can.EDIT_STAGES)
async def ask_why_withdrawn(door: Through, agreement: str) -> Response:
    """Asks why an agreement counts no longer."""
    return show(door, await one_agreement.withdraw_form(door.db, door.member, known_id(agreement)))


@router.post(LIST + "/{agreement}/withdraw")
@allow(Can.EDIT_STAGES)
async def withdraw_agreement(door: Through, agreement: str) -> Response:
    """An agreement counts no longer."""
    key, typed = known_id(agreement), await door.typed()
    page = await one_agreement.withdraw_form(door.db, door.member, key)
    try:
        enrolment = await signing.withdraw(door.actor, key, rules.read_because(typed, WHY))
    except BadInputError as error:
        return show(door, recruiting_forms.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _of(door, enrolment), "Withdrawn. The school can be asked to sign again.")


@router.get(TEXTS)
@allow(Can.EDIT_CRITERIA)
async def see_texts(door: Through) -> Response:
    """What headteachers sign."""
    return show(door, await texts.load(door.db, door.member))


@router.get(TEXTS + "/new")
@allow(Can.EDIT_CRITERIA)
async def new_text(door: Through) -> Response:
    """The text in use, to be written anew; the list where no programme is named."""
    kind = asked(door).value("kind")
    return show(door, await (texts.new_form(door.db, door.member, kind) if kind else texts.load(door.db, door.member)))


@router.post(TEXTS + "/new")
@allow(Can.EDIT_CRITERIA)
async def begin_text(door: Through) -> Response:
    """Keeps a new draft."""
    typed = await door.typed()
    kind = typed.text("kind")
    if not kind:
        return show(door, await texts.load(door.db, door.member), status=BadInputError.status)
    page = await texts.new_form(door.db, door.member, kind)
    try:
        made = await text_actions.begin(door.actor, kind, rules.read_text(typed))
    except BadInputError as error:
        return show(door, texts.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(
        door, f"/hubs/{door.member.hub_code}/agreement-texts/{made}", "The draft is kept. Nobody signs it yet."
    )


@router.get(TEXTS + "/{text}")
@allow(Can.EDIT_CRITERIA)
async def see_text(door: Through, text: str) -> Response:
    """One version."""
    return show(door, await texts.one(door.db, door.member, known_id(text)))


@router.get(TEXTS + "/{text}/edit")
@allow(Can.EDIT_CRITERIA)
async def edit_text(door: Through, text: str) -> Response:
    """The draft as it is written."""
    return show(door, await texts.edit_form(door.db, door.member, known_id(text)))


@router.post(TEXTS + "/{text}/edit")
@allow(Can.EDIT_CRITERIA)
async def save_text(door: Through, text: str) -> Response:
    """Saves the draft."""
    key, typed = known_id(text), await door.typed()
    page = await texts.edit_form(door.db, door.member, key)
    try:
        await text_actions.save(door.actor, key, typed.text("stamp"), rules.read_text(typed))
    except (BadInputError, StaleError) as error:
        return show(door, texts.again(page, typed, _wrong(error)), status=error.status)
    return go_to(door, f"{_texts(door)}/{key}", "The draft is saved.")


def _texts(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/agreement-texts"


def _wrong(error: BadInputError | StaleError) -> tuple[Fault, ...]:
    return wrong_in(error) if isinstance(error, BadInputError) else (Fault("", error.because),)


@router.get(TEXTS + "/{text}/publish")
@allow(Can.EDIT_CRITERIA)
async def ask_to_publish_text(door: Through, text: str) -> Response:
    """The question before a draft is published."""
    return show(door, await texts.confirm(door.db, door.member, known_id(text), publish=True))


@router.post(TEXTS + "/{text}/publish")
@allow(Can.EDIT_CRITERIA)
async def publish_text(door: Through, text: str) -> Response:
    """Publishes the draft."""
    number = await text_actions.publish(door.actor, known_id(text), (await door.typed()).text("stamp"))
    said = f"Version {number} is published. Headteachers who sign from now on sign this."
    return go_to(door, _texts(door), said)


@router.get(TEXTS + "/{text}/discard")
@allow(Can.EDIT_CRITERIA)
async def ask_to_discard_text(door: Through, text: str) -> Response:
    """The question before a draft is thrown away."""
    return show(door, await texts.confirm(door.db, door.member, known_id(text), publish=False))


@router.post(TEXTS + "/{text}/discard")
@allow(Can.EDIT_CRITERIA)
async def discard_text(door: Through, text: str) -> Response:
    """Throws the draft away."""
    await text_actions.discard(door.actor, known_id(text))
    return go_to(door, _texts(door), "The draft is gone. The version in use stays.")
