"""Messages of a hub: the log, one of them, and writing to many."""

from fastapi.responses import Response

from app.actions.mail import writing
from app.domain.access import Can
from app.domain.mail.letters import LEAVES_AFTER_MINUTES, read_draft
from app.kit.errors import BadInputError
from app.pages.mail import log, new
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/messages"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/messages"


@router.get(HOME)
@allow(Can.SEND_MESSAGES)
async def messages(door: Through) -> Response:
    """What was written to people: all of it for the office, what they wrote for leaders."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("messages", log.CSV_HEADER, await log.csv(door.db, door.member, wanted))
    return show(door, await log.load(door.db, door.member, wanted))


@router.get(HOME + "/new")
@allow(Can.SEND_MESSAGES)
async def write(door: Through) -> Response:
    """An empty message, or one that begins with a template."""
    return show(door, (await new.load(door.db, door.member, asked(door), door.now)).page)


@router.post(HOME + "/new")
@allow(Can.SEND_MESSAGES)
async def look(door: Through) -> Response:
    """One whole letter and everyone who gets it, before anything leaves."""
    typed = await door.typed()
    asking = await new.load(door.db, door.member, asked(door), door.now)
    try:
        draft = read_draft(typed, set(asking.groups), to_roles=asking.to_roles)
        people = await writing.whom(door.actor, draft)
    except BadInputError as error:
        return show(door, new.again(asking.page, typed, error.faults), status=error.status)
    return show(door, new.preview(door.member, door.viewer.email, draft, people))


@router.post(HOME + "/new/change")
@allow(Can.SEND_MESSAGES)
async def change(door: Through) -> Response:
    """The form once more with everything that was written in it."""
    asking = await new.load(door.db, door.member, asked(door), door.now)
    return show(door, new.again(asking.page, await door.typed(), ()))


@router.post(HOME + "/send")
@allow(Can.SEND_MESSAGES)
async def send(door: Through) -> Response:
    """Writes to everyone."""
    typed = await door.typed()
    asking = await new.load(door.db, door.member, asked(door), door.now)
    try:
        draft = read_draft(typed, set(asking.groups), to_roles=asking.to_roles)
        batch, count = await writing.send(door.actor, draft)
    except BadInputError as error:
        return show(door, new.again(asking.page, typed, error.faults), status=error.status)
    said = (
        f"Written to {plural(count, 'person', 'people')}. It leaves in {LEAVES_AFTER_MINUTES} minutes at the earliest."
    )
    return go_to(door, f"{_home(door)}?batch={batch}", f"{said} Until then you can take it back.")


@router.get(HOME + "/{message}")
@allow(Can.SEND_MESSAGES)
async def one_message(door: Through, message: str) -> Response:
    """One message as it was sent, and what happened to it."""
    return show(door, await log.one(door.db, door.member, known_id(message)))


@router.post(HOME + "/{message}/again")
@allow(Can.SEND_MESSAGES)
async def send_again(door: Through, message: str) -> Response:
    """Sends once more what failed or came back."""
    made = await writing.send_again(door.actor, known_id(message))
    return go_to(door, f"{_home(door)}/{made}", "It is on its way again, to their address of today.")


@router.post(HOME + "/{message}/take-back")
@allow(Can.SEND_MESSAGES)
async def take_back(door: Through, message: str) -> Response:
    """Stops what was written together and has not left."""
    count = await writing.take_back(door.actor, known_id(message))
    return go_to(door, f"{_home(door)}/{message}", f"{plural(count, 'message')} taken back.")
