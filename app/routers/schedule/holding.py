"""Holding a plan's dates: ask everybody, see who can, plan again around who cannot; each person's own dates."""

import uuid

from fastapi.responses import Response

from app.actions.schedule import answering, answering_again, replanning
from app.actions.schedule import holding as acting
from app.actions.schedule.answering import Answers
from app.domain.access import Can
from app.domain.schedule.answering import read_words
from app.domain.schedule.holding import read_asking
from app.domain.schedule.mending import read_moves
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.kit.typed import Typed, whole_number
from app.pages.schedule import answering as own
from app.pages.schedule import answers, holding
from app.pages.schedule import replanning as mending
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public

router = guarded_router()
LINK = "names the dates of one plan that are held for one person: whoever holds it was mailed it, and sees nothing else"
THANKS = "Thank you. You can change your answers until the plan is settled."
MEANWHILE = "Nothing was changed: this was answered meanwhile, or nothing new was said. What stands is shown."


def _plan(door: Door, proposal: uuid.UUID) -> str:
    return f"/hubs/{door.member.hub_code}/proposals/{proposal}"


@router.get("/hubs/{code}/proposals/{proposal}/hold")
@allow(Can.ACCEPT_PLAN)
async def ask_to_hold(door: Through, proposal: str) -> Response:
    """Who would be asked, until when."""
    return show(door, await holding.hold_page(door.db, door.member, known_id(proposal), door.now))


@router.post("/hubs/{code}/proposals/{proposal}/hold")
@allow(Can.ACCEPT_PLAN)
async def hold(door: Through, proposal: str) -> Response:
    """Holds the dates and asks everybody."""
    typed, key = await door.typed(), known_id(proposal)
    page = await holding.hold_page(door.db, door.member, key, door.now)
    try:
        asking = read_asking(typed.text("answer_by"), typed.text("words"), in_london(door.now).date())
    except BadInputError as refused:
        return show(door, holding.again(page, typed, refused.faults), status=refused.status)
    done = await acting.hold(door.actor, key, asking)
    people = "1 person is" if done.people == 1 else f"{done.people:,} people are"
    return go_to(door, f"{_plan(door, key)}/answers", f"The dates are held, and {people} asked.")


@router.get("/hubs/{code}/proposals/{proposal}/answers")
@allow(Can.PLAN)
async def see_answers(door: Through, proposal: str) -> Response:
    """Who can, who cannot and why, who has not said."""
    wanted, key = asked(door), known_id(proposal)
    if wanted.value("format") == "csv":
        rows = await answers.answers_csv(door.db, door.member, key, wanted)
        return download("who-can-come", answers.CSV_HEADER, rows)
    return show(door, await answers.answers_page(door.db, door.member, key, wanted, door.now))


@router.post("/hubs/{code}/proposals/{proposal}/answers")
@allow(Can.PLAN)
async def nudge(door: Through, proposal: str) -> Response:
    """Reminds those who have not answered."""
    key = known_id(proposal)
    count = await answering_again.nudge(door.actor, key)
    people = "1 person is" if count == 1 else f"{count} people are"
    said = f"{people} reminded." if count else "Nobody was reminded: all have answered, or were written to today."
    return go_to(door, f"{_plan(door, key)}/answers", said)


@router.get("/hubs/{code}/proposals/{proposal}/answers/{ask}")
@allow(Can.PLAN)
async def see_anothers_dates(door: Through, proposal: str, ask: str) -> Response:
    """The form in which it is written down what somebody told."""
    return show(door, await own.office_page(door.db, door.member, known_id(proposal), known_id(ask)))


@router.post("/hubs/{code}/proposals/{proposal}/answers/{ask}")
@allow(Can.PLAN)
async def write_down(door: Through, proposal: str, ask: str) -> Response:
    """Keeps what somebody told the office."""
    typed, key, ask_id = await door.typed(), known_id(proposal), known_id(ask)
    page = await own.office_page(door.db, door.member, key, ask_id)
    try:
        is_new = await answering.write_down(door.actor, _said(door.member.hub_id, ask_id, typed))
    except BadInputError as refused:
        return show(door, own.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"{_plan(door, key)}/answers", "It is written down." if is_new else MEANWHILE)


def _said(hub_id: uuid.UUID, ask_id: uuid.UUID, typed: Typed) -> Answers:
    return Answers(hub_id, ask_id, read_words(typed), typed.version)


@router.get("/hubs/{code}/proposals/{proposal}/replan")
@allow(Can.ACCEPT_PLAN)
async def see_what_moves(door: Through, proposal: str) -> Response:
    """What would move around those who cannot come, and what it costs whom; nobody is told."""
    page = await mending.replan_page(door.db, door.member, known_id(proposal), asked(door), door.now)
    return show(door, page)


@router.post("/hubs/{code}/proposals/{proposal}/replan")
@allow(Can.ACCEPT_PLAN)
async def replan(door: Through, proposal: str) -> Response:
    """Moves what was shown, and asks anew those who are in it."""
    typed, key = await door.typed(), known_id(proposal)
    asking = read_asking(typed.text("answer_by"), typed.text("words"), in_london(door.now).date())
    missed = frozenset(known_id(one) for one in typed.every("stay"))
    try:
        mended = whole_number(typed.text("mended"))
    except ValueError:
        mended = -1
    done = await replanning.replan(
        door.actor, key, replanning.Mending(read_moves(typed.text("moves")), missed, mended, asking)
    )
    dates = "1 date has moved" if done.dates == 1 else f"{done.dates} dates have moved"
    people = "1 person is" if done.people == 1 else f"{done.people} people are"
    said = f"{dates}, and {people} asked again." if done.dates else "It is noted. Every date stays."
    return go_to(door, f"{_plan(door, key)}/answers", said)


@router.post("/hubs/{code}/proposals/{proposal}/deadline")
@allow(Can.PLAN)
async def extend(door: Through, proposal: str) -> Response:
    """Gives people longer to answer."""
    typed, key = await door.typed(), known_id(proposal)
    try:
        asking = read_asking(typed.text("answer_by"), "", in_london(door.now).date())
    except BadInputError as refused:
        page = await answers.answers_page(door.db, door.member, key, asked(door), door.now)
        return show(door, answers.again(page, typed, refused.faults), status=refused.status)
    until = await replanning.extend(door.actor, key, asking)
    return go_to(door, f"{_plan(door, key)}/answers", f"People can answer until {until}.")


@router.get("/hubs/{code}/dates")
@allow(Can.ANSWER)
async def see_my_held_dates(door: Through) -> Response:
    """The viewer's own dates that are held."""
    return show(door, await own.own_page(door.db, door.member))


@router.post("/hubs/{code}/dates")
@allow(Can.ANSWER)
async def answer_mine(door: Through) -> Response:
    """Keeps the viewer's own answers."""
    typed, page = await door.typed(), await own.own_page(door.db, door.member)
    if not page.dates:
        return show(door, page)
    ask_id = await own.own_ask(door.db, door.member)
    try:
        is_new = await answering.answer_mine(door.actor, _said(door.member.hub_id, ask_id, typed))
    except BadInputError as refused:
        return show(door, own.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"/hubs/{door.member.hub_code}/dates", THANKS if is_new else MEANWHILE)


@router.get("/dates/{token}")
@public(LINK)
async def see_link(door: Through, token: str) -> Response:
    """The dates, and buttons; whoever only looks, as scanners of mail do, changes nothing."""
    return show(door, await own.link_page(door.db, *await own.open_link(door.db, door.settings.secret, token)))


@router.post("/dates/{token}")
@public(LINK)
async def answer_link(door: Through, token: str) -> Response:
    """Keeps the answers, once for each page that was shown."""
    typed = await door.typed()
    hub_id, ask_id = await own.open_link(door.db, door.settings.secret, token)
    page = await own.link_page(door.db, hub_id, ask_id)
    if page.closed:
        return show(door, page, status=409)
    try:
        is_new = await answering.answer(door.db, _said(hub_id, ask_id, typed), door.now)
    except BadInputError as refused:
        return show(door, own.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"/dates/{token}", THANKS if is_new else MEANWHILE)
