"""A school's action plan: the plan of a year, its draft from visits, its actions, and the head's agreement."""

import uuid

from fastapi.responses import Response

from app.actions.stages import plans as actions
from app.domain.access import Can
from app.domain.stages import plans as rules
from app.kit.errors import BadInputError, NotFoundError, StaleError
from app.pages.stages import asking
from app.pages.stages import plan_forms as forms
from app.pages.stages import plans as pages
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in

router = guarded_router()
PLAN = "/hubs/{code}/schools/{urn}/plan/{year}"
ACTION = "/hubs/{code}/actions/{action}"
AGAIN = " The head is asked to agree the plan again."


def _at(urn: str, year: str) -> tuple[int, int]:
    """URN and year from an address; nonsense is as unknown as any other."""
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotFoundError
    return known_urn(urn), int(year)


def _here(door: Door, at: tuple[int, int]) -> str:
    return f"/hubs/{door.member.hub_code}/schools/{at[0]}/plan/{at[1]}"


@router.get(PLAN)
@allow(Can.SEE_STAGES)
async def action_plan(door: Through, urn: str, year: str) -> Response:
    """The plan of one year."""
    page = await pages.load(door.db, door.member, *_at(urn, year), door.now)
    if asked(door).value("format") == "csv":
        return download(f"action-plan-{urn}-{year}", pages.CSV_HEADER, map(pages.csv_row, page.actions))
    return show(door, page)


@router.get(PLAN + "/edit")
@allow(Can.PLAN_SCHOOL)
async def edit_aims(door: Through, urn: str, year: str) -> Response:
    """The form of the aims."""
    return show(door, await forms.aims_form(door.db, door.member, *_at(urn, year)))


@router.post(PLAN + "/edit")
@allow(Can.PLAN_SCHOOL)
async def save_aims(door: Through, urn: str, year: str) -> Response:
    """Saves the aims, and begins the plan if need be."""
    at, typed = _at(urn, year), await door.typed()
    page = await forms.aims_form(door.db, door.member, *at)
    try:
        again = await actions.write_aims(door.actor, at, typed.version, rules.read_aims(typed))
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, at), "The aims are saved." + (AGAIN if again else ""))


@router.get(PLAN + "/draft")
@allow(Can.PLAN_SCHOOL)
async def see_draft(door: Through, urn: str, year: str) -> Response:
    """Next steps of visits, to choose from."""
    return show(door, await forms.draft_form(door.db, door.member, *_at(urn, year), door.now))


@router.post(PLAN + "/draft")
@allow(Can.PLAN_SCHOOL)
async def take_up_draft(door: Through, urn: str, year: str) -> Response:
    """Takes up next steps of visits as actions."""
    at, typed = _at(urn, year), await door.typed()
    page = await forms.draft_form(door.db, door.member, *at, door.now)
    made = await actions.take_up(door.actor, at, forms.chosen_of(page, typed))
    said = f"{made} action{'' if made == 1 else 's'} drafted. Say who does each, and by when." if made else ""
    return go_to(door, _here(door, at), said or "Nothing was ticked: the plan is as it was.")


@router.get(PLAN + "/add")
@allow(Can.PLAN_SCHOOL)
async def new_action(door: Through, urn: str, year: str) -> Response:
    """An empty form of an action."""
    return show(door, (await forms.add_form(door.db, door.member, *_at(urn, year), door.now)).page)


@router.post(PLAN + "/add")
@allow(Can.PLAN_SCHOOL)
async def add_action(door: Through, urn: str, year: str) -> Response:
    """Adds an action."""
    at, typed = _at(urn, year), await door.typed()
    form = await forms.add_form(door.db, door.member, *at, door.now)
    try:
        again = await actions.add_action(door.actor, at, rules.read_action(typed, form.people, form.days))
    except BadInputError as error:
        return show(door, asking.again(form.page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _here(door, at), "The action is added." + (AGAIN if again else ""))


@router.get(PLAN + "/agree")
@allow(Can.AGREE_PLAN)
async def ask_agree(door: Through, urn: str, year: str) -> Response:
    """The question before the head agrees."""
    return show(door, await forms.agree_form(door.db, door.member, *_at(urn, year)))


@router.post(PLAN + "/agree")
@allow(Can.AGREE_PLAN)
async def agree_plan(door: Through, urn: str, year: str) -> Response:
    """The head agrees the plan as it was on the page."""
    at, typed = _at(urn, year), await door.typed()
    await actions.agree(door.actor, at, typed.version)
    return go_to(door, _here(door, at), "You have agreed the plan.")


def _action(door: Door, action: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/actions/{action}"


@router.get(ACTION)
@allow(Can.SEE_STAGES)
async def one_action(door: Through, action: str) -> Response:
    """One action."""
    return show(door, await pages.load_action(door.db, door.member, known_id(action), door.now))


@router.get(ACTION + "/edit")
@allow(Can.PLAN_SCHOOL)
async def edit_action(door: Through, action: str) -> Response:
    """The form of an action."""
    return show(door, (await forms.edit_form(door.db, door.member, known_id(action), door.now)).page)


@router.post(ACTION + "/edit")
@allow(Can.PLAN_SCHOOL)
async def save_action(door: Through, action: str) -> Response:
    """Saves an action."""
    key, typed = known_id(action), await door.typed()
    form = await forms.edit_form(door.db, door.member, key, door.now)
    try:
        new = rules.read_action(typed, form.people, form.days)
        again = await actions.change_action(door.actor, key, typed.version, new)
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(form.page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _action(door, key), "The action is saved." + (AGAIN if again else ""))


@router.get(ACTION + "/done")
@allow(Can.PLAN_SCHOOL)
async def ask_done(door: Through, action: str) -> Response:
    """What shows that it was done."""
    return show(door, await forms.end_form(door.db, door.member, known_id(action), "done"))


@router.post(ACTION + "/done")
@allow(Can.PLAN_SCHOOL)
async def finish_action(door: Through, action: str) -> Response:
    """Marks an action as done."""
    key, typed = known_id(action), await door.typed()
    page = await forms.end_form(door.db, door.member, key, "done")
    try:
        evidence = rules.read_evidence(typed, "Write what shows that it was done, in a sentence.")
        await actions.finish(door.actor, key, typed.version, evidence)
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _action(door, key), "The action is done. To undo this, open it again.")


@router.get(ACTION + "/drop")
@allow(Can.PLAN_SCHOOL)
async def ask_drop(door: Through, action: str) -> Response:
    """Why it is dropped."""
    return show(door, await forms.end_form(door.db, door.member, known_id(action), "drop"))


@router.post(ACTION + "/drop")
@allow(Can.PLAN_SCHOOL)
async def drop_action(door: Through, action: str) -> Response:
    """Drops an action."""
    key, typed = known_id(action), await door.typed()
    page = await forms.end_form(door.db, door.member, key, "drop")
    try:
        because = rules.read_evidence(typed, "Say why it is dropped, in a sentence.")
        again = await actions.drop(door.actor, key, typed.version, because)
    except (BadInputError, StaleError) as error:
        return show(door, asking.again(page, typed, wrong_in(error)), status=error.status)
    return go_to(door, _action(door, key), "It is dropped. To undo this, open it again." + (AGAIN if again else ""))


@router.post(ACTION + "/open-again")
@allow(Can.PLAN_SCHOOL)
async def reopen_action(door: Through, action: str) -> Response:
    """Opens an action again."""
    again = await actions.reopen(door.actor, known_id(action))
    return go_to(door, _action(door, known_id(action)), "The action is open again." + (AGAIN if again else ""))


@router.get(ACTION + "/tasks")
@allow(Can.PLAN_SCHOOL)
async def choose_tasks(door: Through, action: str) -> Response:
    """Gap tasks to hang under an action."""
    return show(door, await forms.tasks_form(door.db, door.member, known_id(action)))


@router.post(ACTION + "/tasks")
@allow(Can.PLAN_SCHOOL)
async def hang_tasks(door: Through, action: str) -> Response:
    """Hangs gap tasks under an action."""
    key, typed = known_id(action), await door.typed()
    await actions.hang(door.actor, key, forms.read_tasks(typed))
    return go_to(door, _action(door, key), "The gap tasks of this action are saved.")
