"""Invitations into a hub: the office's list, and the page behind the mailed link."""

from fastapi.responses import RedirectResponse, Response

from app.actions.people import inviting, joining
from app.actions.people.joining import Accepting
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.people import invitations, join
from app.pages.people.join import JoinOverPage, JoinPage
from app.render.html import plural
from app.routers.answer import asked, download, go_to, show, wants_json, with_notice
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router, public
from app.routers.sign_in.coming import from_here, knock, let_in, next_page

router = guarded_router()
LINK = "the mailed link itself is the key; looking changes nothing, because mail scanners look"


def _list(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/people/invitations"


@router.get("/hubs/{code}/people/invitations")
@allow(Can.EDIT_PEOPLE)
async def list_invitations(door: Through) -> Response:
    """Who is asked into the hub."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        rows = await invitations.invitations_csv(door.db, door.member, wanted, door.now)
        return download("invitations", invitations.CSV_HEADER, rows)
    return show(door, await invitations.invitations_page(door.db, door.member, wanted, door.now))


@router.get("/hubs/{code}/people/invitations/new")
@allow(Can.EDIT_PEOPLE)
async def new_invitation(door: Through) -> Response:
    """The empty form."""
    return show(door, await invitations.invite_form(door.db, door.member, door.now))


@router.post("/hubs/{code}/people/invitations")
@allow(Can.EDIT_PEOPLE)
async def invite(door: Through) -> Response:
    """Asks one person or several."""
    typed = await door.typed()
    try:
        made = await inviting.invite(door.actor, invitations.read_asking(typed))
    except BadInputError as refused:
        page = await invitations.invite_form(door.db, door.member, door.now)
        return show(door, invitations.asked_again(page, typed, refused.faults), status=422)
    said = "is on its way" if len(made) == 1 else "are on their way"
    return go_to(door, _list(door), f"{plural(len(made), 'invitation')} {said}.")


@router.post("/hubs/{code}/people/invitations/{invitation}/again")
@allow(Can.EDIT_PEOPLE)
async def send_again(door: Through, invitation: str) -> Response:
    """Mails it once more, with new 14 days."""
    to = await inviting.send_again(door.actor, known_id(invitation))
    return go_to(door, _list(door), f"The invitation to {to} is on its way again, good for 14 days.")


@router.get("/hubs/{code}/people/invitations/{invitation}/withdraw")
@allow(Can.EDIT_PEOPLE)
async def ask_to_withdraw(door: Through, invitation: str) -> Response:
    """Asks first."""
    return show(door, await invitations.withdraw_page(door.db, door.member, known_id(invitation)))


@router.post("/hubs/{code}/people/invitations/{invitation}/withdraw")
@allow(Can.EDIT_PEOPLE)
async def withdraw(door: Through, invitation: str) -> Response:
    """The mailed link opens nothing any more."""
    name = await inviting.withdraw(door.actor, known_id(invitation))
    return go_to(door, _list(door), f"The invitation to {name} is withdrawn.")


async def _page(door: Door, token: str) -> JoinPage | JoinOverPage:
    return await join.join_page(door.db, door.settings.secret, token, door.viewer, door.now)


def _shown(door: Door, page: JoinPage | JoinOverPage) -> Response:
    return show(door, page, status=410 if isinstance(page, JoinOverPage) else 200)


@router.get("/join/{token}")
@public(LINK)
async def look(door: Through, token: str) -> Response:
    """Which hub asks whom as what."""
    return _shown(door, await _page(door, token))


@router.post("/join/{token}")
@public(LINK)
async def accept(door: Through, token: str) -> Response:
    """Joins the hub and signs in, once."""
    from_here(door.request)
    typed = await door.typed()
    try:
        name, works = join.read_accepting(typed)
        joined = await joining.accept(door.db, Accepting(token, name, works), knock(door), door.viewer)
    except BadInputError as refused:
        page = await _page(door, token)
        if isinstance(page, JoinPage):
            return show(door, join.asked_again(page, typed, refused.faults), status=422)
        return _shown(door, page)
    if joined is None:
        return _shown(door, await _page(door, token))
    dates = f" {plural(joined.dates, 'date')} of yours {'is' if joined.dates == 1 else 'are'} in the calendar."
    ahead = f"{dates} What to do next is below." if joined.dates else " Your dates will be here once they are planned."
    said = f"Welcome to {joined.hub}.{ahead}"
    home = f"/hubs/{joined.hub_code}"
    if joined.opened is None:
        return go_to(door, home, said)
    if wants_json(door.request):
        return await let_in(door, go_to(door, home, said), joined.opened)
    answer = with_notice(door, RedirectResponse(next_page(joined.opened, home), 303), said)
    return await let_in(door, answer, joined.opened)


@router.get("/join/{token}/decline")
@public(LINK)
async def ask_to_decline(door: Through, token: str) -> Response:
    """Asks first."""
    page = await _page(door, token)
    return show(door, join.decline_page(page)) if isinstance(page, JoinPage) else _shown(door, page)


@router.post("/join/{token}/decline")
@public(LINK)
async def decline(door: Through, token: str) -> Response:
    """Says no."""
    from_here(door.request)
    hub = await joining.decline(door.db, token, knock(door), door.viewer)
    if hub is None:
        return _shown(door, await _page(door, token))
    return show(door, join.DeclinedPage(hub))
