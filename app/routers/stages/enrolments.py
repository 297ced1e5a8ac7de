"""Enrolments: schools in programmes, and what is recorded of them."""

import uuid

from fastapi.responses import Response

from app.actions.stages import enrolling as actions
from app.actions.stages import moving
from app.actions.stages.enrolling import Enrolling
from app.actions.stages.from_groups import enrol_from_groups
from app.actions.stages.moving import Proposing
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, Fault, StaleError
from app.kit.periods import in_london, spoken_year
from app.pages.stages import enrolling as forms
from app.pages.stages import enrolment as pages
from app.pages.stages import move as proposals
from app.render.html import plural
from app.routers.answer import asked, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in, year_of

router = guarded_router()
HOME = "/hubs/{code}/enrolments"
ONE = HOME + "/{enrolment}"


def _here(door: Door, enrolment: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/enrolments/{enrolment}"


def refused(error: BadInputError | StaleError | ConflictError) -> tuple[Fault, ...]:
    """What to say above a form and beside its fields."""
    return (Fault("", error.because),) if isinstance(error, ConflictError) else wrong_in(error)


@router.get(HOME + "/new")
@allow(Can.EDIT_STAGES)
async def new_enrolment(door: Through) -> Response:
    """The form that enrols a school."""
    door.actor.require(Can.EDIT_STAGES)
    urn = asked(door).value("urn")
    today = in_london(door.now).date()
    return show(door, await forms.new_form(door.db, door.member, known_urn(urn) if urn else None, today))


@router.post(HOME + "/new")
@allow(Can.EDIT_STAGES)
async def enrol(door: Through) -> Response:
    """Enrols a school."""
    urn = asked(door).value("urn")
    return await _enrol(door, known_urn(urn) if urn else None, None)


async def _enrol(door: Door, urn: int | None, of: uuid.UUID | None) -> Response:
    door.actor.require(Can.EDIT_STAGES)
    typed = await door.typed()
    try:
        new = forms.read_new(typed)
        made = await actions.enrol(door.actor, Enrolling(urn or new.urn, new.programme_id, new.day, None, new.because))
    except (BadInputError, ConflictError) as error:
        said = typed.text("urn")
        known = urn or (int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None)
        page = await forms.new_form(door.db, door.member, known, in_london(door.now).date(), of=of)
        return show(door, forms.again(page, typed, refused(error)), status=error.status)
    return go_to(door, _here(door, made), "It is enrolled. It takes part once the agreement is signed.")


@router.get(HOME + "/from-groups")
@allow(Can.EDIT_STAGES)
async def see_unenrolled(door: Through) -> Response:
    """Schools of the year's Work Groups that are not enrolled."""
    door.actor.require(Can.EDIT_STAGES)
    return show(door, await forms.from_groups(door.db, door.member, asked(door), in_london(door.now).date()))


@router.post(HOME + "/from-groups")
@allow(Can.EDIT_STAGES)
async def enrol_ticked(door: Through) -> Response:
    """Enrols those that were ticked."""
    typed, year = await door.typed(), year_of(door)
    since_meeting = typed.text("since") == forms.MEETING
    try:
        count = await enrol_from_groups(door.actor, year, forms.read_ticks(typed), since_meeting=since_meeting)
    except (BadInputError, ConflictError) as error:
        page = await forms.from_groups(door.db, door.member, asked(door), in_london(door.now).date())
        return show(door, forms.unticked(page, typed, refused(error)), status=error.status)
    where = f"/hubs/{door.member.hub_code}/ladder?year={year}"
    return go_to(door, where, f"{plural(count, 'school')} enrolled in {spoken_year(year)}.")


@router.get(ONE)
@allow(Can.SEE_STAGES)
async def see_enrolment(door: Through, enrolment: str) -> Response:
    """One enrolment."""
    return show(door, await pages.load(door.db, door.viewer, door.member, known_id(enrolment), door.now))


async def _ask(door: Door, enrolment: str, what: str) -> Response:
    today = in_london(door.now).date()
    return show(door, await pages.step_form(door.db, door.viewer, door.member, known_id(enrolment), (what, today)))


async def _again(door: Door, enrolment: str, what: str, error: BadInputError | StaleError | ConflictError) -> Response:
    page = await pages.step_form(
        door.db, door.viewer, door.member, known_id(enrolment), (what, in_london(door.now).date())
    )
    return show(door, forms.again(page, await door.typed(), refused(error)), status=error.status)


@router.get(ONE + "/begin")
@allow(Can.EDIT_STAGES)
async def ask_begin(door: Through, enrolment: str) -> Response:
    """Since when the school takes part."""
    return await _ask(door, enrolment, "begin")


@router.post(ONE + "/begin")
@allow(Can.EDIT_STAGES)
async def begin(door: Through, enrolment: str) -> Response:
    """Records that it takes part."""
    typed = await door.typed()
    try:
        day = forms.read_day(typed)
        await actions.begin(door.actor, known_id(enrolment), day, version=typed.version)
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, enrolment, "begin", error)
    return go_to(door, _here(door, known_id(enrolment)), "It takes part.")


@router.get(ONE + "/complete")
@allow(Can.EDIT_STAGES)
async def ask_complete(door: Through, enrolment: str) -> Response:
    """When the school completed the programme."""
    return await _ask(door, enrolment, "complete")


@router.post(ONE + "/complete")
@allow(Can.EDIT_STAGES)
async def complete(door: Through, enrolment: str) -> Response:
    """Records that it completed the programme."""
    typed = await door.typed()
    try:
        day = forms.read_day(typed)
        await actions.complete(door.actor, known_id(enrolment), day, version=typed.version)
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, enrolment, "complete", error)
    return go_to(door, _here(door, known_id(enrolment)), "It has completed this programme.")


@router.get(ONE + "/withdraw")
@allow(Can.EDIT_STAGES)
async def ask_withdraw(door: Through, enrolment: str) -> Response:
    """When the school withdrew, and why."""
    return await _ask(door, enrolment, "withdraw")


@router.post(ONE + "/withdraw")
@allow(Can.EDIT_STAGES)
async def withdraw(door: Through, enrolment: str) -> Response:
    """Records that it withdraws."""
    typed = await door.typed()
    try:
        day, because = forms.read_day(typed), forms.read_because(typed)
        await actions.withdraw(door.actor, known_id(enrolment), day, because, version=typed.version)
    except (BadInputError, StaleError, ConflictError) as error:
        return await _again(door, enrolment, "withdraw", error)
    return go_to(door, _here(door, known_id(enrolment)), "It has withdrawn. When it returns, enrol it again from here.")


@router.get(ONE + "/return")
@allow(Can.EDIT_STAGES)
async def ask_return(door: Through, enrolment: str) -> Response:
    """Into what a school that withdrew returns."""
    door.actor.require(Can.EDIT_STAGES)
    key = known_id(enrolment)
    urn = await forms.withdrawn(door.db, door.member, key)
    return show(door, await forms.new_form(door.db, door.member, urn, in_london(door.now).date(), of=key))


@router.post(ONE + "/return")
@allow(Can.EDIT_STAGES)
async def come_back(door: Through, enrolment: str) -> Response:
    """Enrols a school that returns."""
    key = known_id(enrolment)
    return await _enrol(door, await forms.withdrawn(door.db, door.member, key), key)


@router.get(ONE + "/propose")
@allow(Can.PROPOSE_MOVE)
async def ask_propose(door: Through, enrolment: str) -> Response:
    """The form of a proposal, beneath the evidence."""
    return show(door, await proposals.propose_form(door.db, door.viewer, door.member, known_id(enrolment), door.now))


@router.post(ONE + "/propose")
@allow(Can.PROPOSE_MOVE)
async def propose(door: Through, enrolment: str) -> Response:
    """Proposes a move."""
    key, typed = known_id(enrolment), await door.typed()
    try:
        programme_id, because = forms.read_programme(typed), forms.read_because(typed)
        new = Proposing(key, programme_id, typed.text("override") == "yes", because)
        made = await moving.propose(door.actor, new)
    except (BadInputError, ConflictError) as error:
        page = await proposals.propose_form(door.db, door.viewer, door.member, key, door.now)
        if page.form is None:
            raise
        return show(door, proposals.proposed_again(page, typed, refused(error)), status=error.status)
    where = f"/hubs/{door.member.hub_code}/moves/{made}"
    return go_to(door, where, "The move is proposed. Another person agrees it.")
