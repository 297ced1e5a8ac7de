"""Schools on their way into a programme: the list, one of them, and what is said of them."""

import uuid
from datetime import date

from fastapi.responses import Response

from app.actions.stages import recruiting as actions
from app.domain.access import Can
from app.domain.stages import recruiting as rules
from app.domain.stages.recruiting import Way
from app.kit.errors import BadInputError, ConflictError, Fault, StaleError
from app.kit.periods import in_london, spoken_year
from app.pages.stages import recruiting as pages
from app.pages.stages import recruiting_forms as forms
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import wrong_in

router = guarded_router()
NEW = "/hubs/{code}/approaches/new"
ONE = "/hubs/{code}/approaches/{approach}"


def today_of(door: Door) -> date:
    """The day it is in London."""
    return in_london(door.now).date()


def _here(door: Door, approach: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/approaches/{approach}"


@router.get("/hubs/{code}/recruitment")
@allow(Can.RECRUIT)
async def recruitment(door: Through) -> Response:
    """The schools on their way into a year."""
    today, wanted = today_of(door), asked(door)
    if wanted.value("format") == "csv":
        lines = await pages.lines_of(door.db, door.member, wanted, today)
        name = f"recruitment-{pages.coming_year(wanted, today)}"
        return download(name, pages.CSV_HEADER, (pages.csv_row(*one) for one in lines))
    return show(door, await pages.load(door.db, door.member, wanted, today))


@router.get(NEW)
@allow(Can.RECRUIT)
async def choose_schools(door: Through) -> Response:
    """A search for schools; once they are chosen, the form of what has happened."""
    wanted, today = asked(door), today_of(door)
    chosen = " ".join([*door.request.query_params.getlist("urn"), wanted.value("urns")])
    try:
        urns = rules.read_urns(chosen.replace("\0", ""))
        if urns:
            first = forms.begin_of(wanted.value("what")), pages.coming_year(wanted, today)
            return show(door, await forms.new_form(door.db, door.member, urns, first, today))
    except BadInputError as error:
        return await _choose_again(door, error)
    return show(door, await forms.choose(door.db, door.member, wanted, today))


async def _choose_again(door: Door, error: BadInputError) -> Response:
    page = await forms.choose(door.db, door.member, asked(door), today_of(door), error.because)
    return show(door, page, status=error.status)


@router.post(NEW)
@allow(Can.RECRUIT)
async def put_on_the_list(door: Through) -> Response:
    """Puts schools on the list of a year, with what has happened."""
    typed, today = await door.typed(), today_of(door)
    what, years = forms.begin_of(typed.text("what")), await forms.years_on_offer(door.db, door.member, today)
    try:
        urns = rules.read_urns(" ".join(typed.every("urn")))
        page = await forms.new_form(door.db, door.member, urns, (what, years[1]), today)
    except BadInputError as error:
        return await _choose_again(door, error)
    try:
        new, step = rules.read_first(typed, urns, years, what, today)
        made = await actions.approach(door.actor, new, step)
    except BadInputError as error:
        return show(door, forms.again(page, typed, wrong_in(error)), status=error.status)
    if len(made.ids) == 1 and not made.already:
        return go_to(door, _here(door, made.ids[0]), f"It is on the list of {spoken_year(new.year)}.")
    said = f"{plural(len(made.ids), 'school')} put on the list of {spoken_year(new.year)}."
    said += f" {plural(made.already, 'school')} stayed as before, being on it already." if made.already else ""
    return go_to(door, f"/hubs/{door.member.hub_code}/recruitment?year={new.year}", said)


@router.get(ONE)
@allow(Can.RECRUIT)
async def one_approach(door: Through, approach: str) -> Response:
    """The story of one school on its way."""
    return show(door, await pages.load_one(door.db, door.member, known_id(approach)))


def _way(text: str) -> Way | None:
    return Way(text) if text in set(Way) else None


@router.get(ONE + "/step")
@allow(Can.RECRUIT)
async def ask_what_happened(door: Through, approach: str) -> Response:
    """The form of one next step."""
    key, what = known_id(approach), _way(asked(door).value("what"))
    if what is None:
        return show(door, await pages.load_one(door.db, door.member, key))
    return show(door, await forms.step_form(door.db, door.member, key, what, today_of(door)))


@router.post(ONE + "/step")
@allow(Can.RECRUIT)
async def take_step(door: Through, approach: str) -> Response:
    """A school goes a step further."""
    key, typed, today = known_id(approach), await door.typed(), today_of(door)
    what = _way(typed.text("what"))
    page = await forms.step_form(door.db, door.member, key, what, today)
    try:
        await actions.take(door.actor, key, typed.version, rules.read_step(typed, what or Way.LISTED, today))
    except (BadInputError, StaleError) as error:
        return show(door, forms.again(page, typed, wrong_in(error)), status=error.status)
    said = "Saved. Enrol the school to make it part of the year." if what is Way.APPLIED else "Saved."
    return go_to(door, _here(door, key), said)


@router.post(ONE + "/undo")
@allow(Can.RECRUIT)
async def take_step_back(door: Through, approach: str) -> Response:
    """Takes the last step back."""
    key = known_id(approach)
    row = await actions.step_back(door.actor, key, (await door.typed()).version)
    return go_to(door, _here(door, key), f"Taken back. The school {rules.state_of(row).told} now.")


@router.get(ONE + "/edit")
@allow(Can.RECRUIT)
async def edit_approach(door: Through, approach: str) -> Response:
    """The form of the programme, its year and the referral."""
    return show(door, await forms.edit_form(door.db, door.member, known_id(approach), today_of(door)))


@router.post(ONE + "/edit")
@allow(Can.RECRUIT)
async def save_approach(door: Through, approach: str) -> Response:
    """Saves the programme, its year and the referral."""
    key, typed, today = known_id(approach), await door.typed(), today_of(door)
    page = await forms.edit_form(door.db, door.member, key, today)
    years = [int(choice.value) for choice in page.form.fields[0].choices]
    try:
        await actions.change(door.actor, key, typed.version, rules.read_referral(typed, today, years))
    except (BadInputError, StaleError) as error:
        return show(door, forms.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, key), "Saved.")


@router.get(ONE + "/enrol")
@allow(Can.RECRUIT)
async def ask_to_enrol(door: Through, approach: str) -> Response:
    """Into which programme of the year."""
    return show(door, await forms.enrol_form(door.db, door.member, known_id(approach), today_of(door)))


@router.post(ONE + "/enrol")
@allow(Can.RECRUIT)
async def enrol_school(door: Through, approach: str) -> Response:
    """Enrols the school."""
    key, typed, today = known_id(approach), await door.typed(), today_of(door)
    page = await forms.enrol_form(door.db, door.member, key, today)
    try:
        programme, day = rules.read_enrolling(typed, today)
        made = await actions.enrol_school(door.actor, key, typed.version, (programme, day))
    except (BadInputError, StaleError) as error:
        return show(door, forms.again(page, typed, wrong_in(error)), status=error.status)
    except ConflictError as error:  # it took the programme before, or is in it: the sentence says what to do
        return show(door, forms.again(page, typed, (Fault("", error.because),)), status=error.status)
    said = "Enrolled. Its headteacher can sign the agreement now."
    return go_to(door, f"/hubs/{door.member.hub_code}/enrolments/{made}", said)


@router.get(ONE + "/remove")
@allow(Can.RECRUIT)
async def ask_to_remove(door: Through, approach: str) -> Response:
    """The question before a school is taken off the list."""
    return show(door, await forms.confirm_remove(door.db, door.member, known_id(approach)))


@router.post(ONE + "/remove")
@allow(Can.RECRUIT)
async def take_off_the_list(door: Through, approach: str) -> Response:
    """Takes a school off the list."""
    name = await actions.remove(door.actor, known_id(approach))
    said = f"{name} is off the list. To undo this, put it on the list again."
    return go_to(door, f"/hubs/{door.member.hub_code}/recruitment", said)
