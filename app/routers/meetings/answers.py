"""Saying whether one comes: my dates, one answer, who comes to an event, who has not answered; the link in a mail."""

import uuid
from dataclasses import replace

from fastapi.responses import Response

from app.actions.meetings import answering, asking
from app.actions.meetings.answering import Said
from app.domain.access import Can
from app.domain.meetings.answers import WORDS
from app.kit.errors import BadInputError
from app.kit.typed import Typed
from app.pages.meetings import answer, dates, event_people, unanswered
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public

router = guarded_router()
LINK = "names one answer to one event: whoever holds it was mailed it, and sees nothing else"


@router.get(dates.PATH)
@allow(Can.ANSWER)
async def my_dates(door: Through) -> Response:
    """The viewer's dates, each with their answer."""
    if asked(door).value("format") == "csv":
        rows = await dates.rows(door.db, door.viewer, asked(door), door.now)
        return download("my-dates", dates.CSV_HEADER, rows)
    return show(door, await dates.load(door.db, door.viewer, asked(door), door.now))


@router.get("/hubs/{code}/events/{key}/answer")
@allow(Can.ANSWER)
async def see_answer(door: Through, key: str) -> Response:
    """One date with the viewer's own answer."""
    return show(door, await answer.load_own(door.db, door.member, known_id(key), door.now))


@router.post("/hubs/{code}/events/{key}/answer")
@allow(Can.ANSWER)
async def give_answer(door: Through, key: str) -> Response:
    """Keeps the viewer's own answer."""
    typed, event_id = await door.typed(), known_id(key)
    said = _said(door, (event_id, door.member.person_id), typed)
    if typed.text("quick") and said.answer != "yes":
        because, stand_in = await answer.kept_answer(door.db, event_id, door.member.person_id)
        said = replace(said, because=because, stand_in=stand_in)
    try:
        is_new = await answering.answer_mine(door.actor, said)
    except BadInputError as refused:
        page = await answer.load_own(door.db, door.member, event_id, door.now)
        return show(door, answer.again(page, typed, refused.faults), status=refused.status)
    quick = typed.text("quick") and said.answer != "yes" and is_new
    here = f"/hubs/{door.member.hub_code}/events/{event_id}/answer" if quick else dates.PATH
    more = " If you like, say why and who comes in your place." if quick else ""
    return go_to(door, here, _thanks(said.answer, is_new=is_new) + more)


def _thanks(said: str, *, is_new: bool) -> str:
    if not is_new:
        return "Nothing was changed: this was answered already. The answer that stands is shown."
    return f"Your answer is {WORDS[said].lower()}. You can change it until the date is over."


def _said(door: Door, whose: tuple[uuid.UUID, uuid.UUID], typed: Typed) -> Said:
    stand_in = answer.read_stand_in(typed)
    version = typed.version if "version" in typed.values else None
    if version == 0:  # the page showed a date that nobody had asked about yet
        version = 1
    return Said(door.member.hub_id, whose, typed.text("answer"), typed.text("because"), stand_in, version=version)


@router.get("/hubs/{code}/events/{key}/people")
@allow(Can.EDIT_EVENTS)
async def see_people(door: Through, key: str) -> Response:
    """Who comes to an event."""
    event_id = known_id(key)
    if asked(door).value("format") == "csv":
        rows = await event_people.rows(door.db, door.viewer, door.member, event_id, asked(door))
        return download("who-comes", event_people.CSV_HEADER, rows)
    page = await event_people.load(door.db, door.viewer, door.member, event_id, asked(door), door.now)
    return show(door, page)


@router.get("/hubs/{code}/events/{key}/people/{person}")
@allow(Can.EDIT_EVENTS)
async def see_anothers_answer(door: Through, key: str, person: str) -> Response:
    """The form in which it is written down what somebody said."""
    found = (known_id(key), known_id(person))
    return show(door, await answer.load_for(door.db, door.viewer, door.member, found, door.now))


@router.post("/hubs/{code}/events/{key}/people/{person}")
@allow(Can.EDIT_EVENTS)
async def write_down(door: Through, key: str, person: str) -> Response:
    """Keeps what somebody told the office or the leader."""
    typed, whose = await door.typed(), (known_id(key), known_id(person))
    try:
        is_new = await answering.write_down(door.actor, _said(door, whose, typed))
    except BadInputError as refused:
        page = await answer.load_for(door.db, door.viewer, door.member, whose, door.now)
        return show(door, answer.again(page, typed, refused.faults), status=refused.status)
    words = "It is written down." if is_new else "Nothing was changed: they answered meanwhile. Look at what stands."
    return go_to(door, f"/hubs/{door.member.hub_code}/events/{whose[0]}/people", words)


@router.get("/hubs/{code}/answers")
@allow(Can.EDIT_EVENTS)
async def see_unanswered(door: Through) -> Response:
    """Who has not answered yet."""
    if asked(door).value("format") == "csv":
        rows = await unanswered.rows(door.db, door.member, asked(door), door.now)
        return download("no-answer-yet", unanswered.CSV_HEADER, rows)
    return show(door, await unanswered.load(door.db, door.member, asked(door), door.now))


@router.post("/hubs/{code}/answers")
@allow(Can.EDIT_EVENTS)
async def ask_again(door: Through) -> Response:
    """Reminds those chosen."""
    typed = await door.typed()
    count = await asking.ask_again(door.actor, [_pair(one) for one in typed.every("ask")])
    people = "1 person" if count == 1 else f"{count} people"
    notice = f"{people} will be asked again." if count else "Nobody was asked: all have answered, or were asked today."
    here = f"/hubs/{door.member.hub_code}/answers"
    back = typed.text("back")
    return go_to(door, back if back.startswith(f"{here}?") else here, notice)


def _pair(text: str) -> tuple[uuid.UUID, uuid.UUID]:
    event, _, person = text.partition(".")
    return known_id(event), known_id(person)


async def _opened(door: Door, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    return await answer.open_link(door.db, door.settings.secret, token)


@router.get("/answer/{token}")
@public(LINK)
async def see_link(door: Through, token: str) -> Response:
    """The date, and buttons; whoever only looks, as scanners of mail do, changes nothing."""
    return show(door, await answer.load_link(door.db, *await _opened(door, token), door.now))


@router.post("/answer/{token}")
@public(LINK)
async def answer_link(door: Through, token: str) -> Response:
    """Keeps the answer, once for each page that was shown."""
    typed, (hub_id, invitation_id) = await door.typed(), await _opened(door, token)
    stand_in = answer.read_stand_in(typed, await answer.kept_stand_in(door.db, invitation_id))
    said = Said(
        hub_id,
        invitation_id,
        typed.text("answer"),
        typed.text("because"),
        stand_in,
        how="link",
        version=typed.version,
    )
    page = await answer.load_link(door.db, hub_id, invitation_id, door.now)
    if page.closed:
        return show(door, page, status=409)
    try:
        is_new = await answering.answer(door.db, said, door.now)
    except BadInputError as refused:
        return show(door, answer.link_again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"/answer/{token}", _thanks(said.answer, is_new=is_new))
