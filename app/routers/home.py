"""The front page, everyone's own beginning, and the demo's people."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from app.actions import sign_in
from app.kit.errors import NotFoundError
from app.pages import demo
from app.pages.home import FrontPage, hub
from app.routers.answer import go_to, show, wants_json
from app.routers.deps import Door, Through
from app.routers.guard import guarded_router, public, signed_in
from app.routers.sign_in.coming import from_here, knock, let_in
from app.settings import Mode

router = guarded_router()


def home_of(door: Door) -> str:
    """Where somebody who signed in begins."""
    if not door.viewer.members:
        return "/"
    return f"/hubs/{door.viewer.members[0].hub_code}"


@router.get("/")
@public("says what Halfterm is to anyone")
async def front(door: Through) -> Response:
    """The public front page; whoever is signed in goes on to their hub."""
    if door.viewer.members and not wants_json(door.request):
        return go_to(door, home_of(door))
    return show(door, FrontPage(demo=door.settings.mode is Mode.DEMO))


@router.get("/hubs/{code}")
@signed_in("everyone in a hub has a home there; the door knows who is")
async def hub_home(door: Through) -> Response:
    """What needs the viewer today."""
    return show(door, await hub.load(door.db, door.member, door.now))


@router.get("/my")
@signed_in("everyone has somewhere to begin")
async def my_home(door: Through) -> Response:
    """On to the viewer's own hub."""
    return go_to(door, home_of(door))


@router.get("/demo")
@public("a demo holds nobody's data; elsewhere this page does not exist")
async def demo_people(door: Through) -> Response:
    """The demo's people, each a click away."""
    if door.settings.mode is not Mode.DEMO:
        raise NotFoundError
    return show(door, await demo.people(door.db))


@router.post("/demo")
@public("a demo holds nobody's data; elsewhere this page does not exist")
async def demo_sign_in(door: Through, person: Annotated[str, Form()] = "") -> Response:
    """Signs in as a demo person."""
    if door.settings.mode is not Mode.DEMO:
        raise NotFoundError
    from_here(door.request)
    opened = await sign_in.sign_in_as(door.db, person, knock(door))
    if opened is None:
        raise NotFoundError
    return await let_in(door, RedirectResponse("/", 303), opened)
