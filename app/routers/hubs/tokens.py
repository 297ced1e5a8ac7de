"""API tokens of a hub: listed, made, revoked."""

from fastapi.responses import Response

from app.actions.hubs.tokens import make_token, revoke_token
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages._parts import Asked
from app.pages.people import tokens
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/tokens"


@router.get("/hubs/{code}/tokens")
@allow(Can.EDIT_TOKENS)
async def list_tokens(door: Through) -> Response:
    """Which programs have a key of the hub."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("tokens", tokens.CSV_HEADER, await tokens.tokens_csv(door.db, door.member, wanted, door.now))
    return show(door, await tokens.tokens_page(door.db, door.member, wanted, door.now))


@router.post("/hubs/{code}/tokens")
@allow(Can.EDIT_TOKENS)
async def new_token(door: Through) -> Response:
    """Makes a token and tells it, once: an answer and no redirect, because it is kept nowhere."""
    typed = await door.typed()
    try:
        made = await make_token(door.actor, tokens.read_token(typed))
    except BadInputError as refused:
        page = await tokens.tokens_page(door.db, door.member, Asked(_home(door)), door.now)
        return show(door, tokens.tokens_again(page, typed, refused.faults), status=422)
    told = (made, typed.text("name"))
    page = await tokens.tokens_page(door.db, door.member, Asked(_home(door)), door.now, told)
    answer = show(door, page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/hubs/{code}/tokens/{token}/revoke")
@allow(Can.EDIT_TOKENS)
async def ask_to_revoke(door: Through, token: str) -> Response:
    """Asks before a token stops to work."""
    return show(door, await tokens.revoke_page(door.db, door.member, known_id(token)))


@router.post("/hubs/{code}/tokens/{token}/revoke")
@allow(Can.EDIT_TOKENS)
async def revoke(door: Through, token: str) -> Response:
    """The token opens nothing from now on."""
    name = await revoke_token(door.actor, known_id(token))
    return go_to(door, _home(door), f"The token {name} is revoked.")
