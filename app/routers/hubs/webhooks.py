"""Webhooks of a hub: made, looked at, paused, tried, removed; a delivery sent again."""

from fastapi.responses import Response

from app.actions.hubs import webhooks as acts
from app.domain.access import Can
from app.domain.hubs.webhooks import secret_of
from app.kit.errors import BadInputError
from app.pages._parts import Asked
from app.pages.hubs import webhooks
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/webhooks"


@router.get("/hubs/{code}/webhooks")
@allow(Can.EDIT_WEBHOOKS)
async def list_webhooks(door: Through) -> Response:
    """Which programs are told what happens."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("webhooks", webhooks.CSV_HEADER, await webhooks.webhooks_csv(door.db, door.member))
    return show(door, await webhooks.webhooks_page(door.db, door.member, wanted))


@router.post("/hubs/{code}/webhooks")
@allow(Can.EDIT_WEBHOOKS)
async def new_webhook(door: Through) -> Response:
    """Makes a webhook and tells its secret, once: an answer and no redirect."""
    typed = await door.typed()
    outside = acts.outside_of(door.settings)
    try:
        made = await acts.make_webhook(door.actor, typed.text("address"), typed.every("kinds"), outside)
    except BadInputError as refused:
        page = await webhooks.webhooks_page(door.db, door.member, Asked(_home(door)))
        return show(door, webhooks.webhooks_again(page, typed, refused.faults), status=422)
    here = Asked(f"{_home(door)}/{made}")
    secret = secret_of(door.settings.secret, made)
    answer = show(door, await webhooks.webhook_page(door.db, door.member, made, here, secret))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/hubs/{code}/webhooks/{webhook}")
@allow(Can.EDIT_WEBHOOKS)
async def see_webhook(door: Through, webhook: str) -> Response:
    """One webhook and what was sent to it."""
    wanted, webhook_id = asked(door), known_id(webhook)
    if wanted.value("format") == "csv":
        rows = await webhooks.log_csv(door.db, door.member, webhook_id, wanted)
        return download("deliveries", webhooks.LOG_HEADER, rows)
    return show(door, await webhooks.webhook_page(door.db, door.member, webhook_id, wanted))


@router.post("/hubs/{code}/webhooks/{webhook}/pause")
@allow(Can.EDIT_WEBHOOKS)
async def pause(door: Through, webhook: str) -> Response:
    """Sends nothing for a while."""
    await acts.pause(door.actor, known_id(webhook))
    return go_to(door, f"{_home(door)}/{webhook}", "Paused. What happens meanwhile is not kept for it.")


@router.post("/hubs/{code}/webhooks/{webhook}/go-on")
@allow(Can.EDIT_WEBHOOKS)
async def go_on(door: Through, webhook: str) -> Response:
    """Sends again what happens from now on."""
    await acts.go_on(door.actor, known_id(webhook))
    return go_to(door, f"{_home(door)}/{webhook}", "It is told what happens from now on.")


@router.post("/hubs/{code}/webhooks/{webhook}/test")
@allow(Can.EDIT_WEBHOOKS)
async def try_out(door: Through, webhook: str) -> Response:
    """Sends a test."""
    await acts.try_out(door.actor, known_id(webhook))
    return go_to(door, f"{_home(door)}/{webhook}", "A test is on its way. Load the page again to see the answer.")


@router.post("/hubs/{code}/webhooks/{webhook}/deliveries/{delivery}/replay")
@allow(Can.EDIT_WEBHOOKS)
async def send_again(door: Through, webhook: str, delivery: str) -> Response:
    """Sends one happening once more."""
    await acts.send_again(door.actor, known_id(webhook), known_id(delivery))
    return go_to(door, f"{_home(door)}/{webhook}", "It is on its way again. Load the page again to see the answer.")


@router.get("/hubs/{code}/webhooks/{webhook}/remove")
@allow(Can.EDIT_WEBHOOKS)
async def ask_to_remove(door: Through, webhook: str) -> Response:
    """Asks before a webhook goes."""
    return show(door, await webhooks.remove_page(door.db, door.member, known_id(webhook)))


@router.post("/hubs/{code}/webhooks/{webhook}/remove")
@allow(Can.EDIT_WEBHOOKS)
async def remove(door: Through, webhook: str) -> Response:
    """The webhook goes, and its log."""
    address = await acts.remove(door.actor, known_id(webhook))
    return go_to(door, _home(door), f"The webhook to {address} is removed.")
