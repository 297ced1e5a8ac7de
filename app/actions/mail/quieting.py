"""When a hub's mail rests. Rules: docs/rules/messages.md."""

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.mail.quiet import Quiet
from app.kit.errors import StaleError
from app.models.hubs import Hub
from app.store import hubs

STALE = "Someone changed the hub while you had it open. Load the page again and make your change once more."


async def rest(actor: Actor, version: int, quiet: Quiet) -> None:
    """Set the hub's quiet hours; raises ForbiddenError or StaleError."""
    actor.require(Can.EDIT_HUB)
    hub = await hubs.one(actor.db, actor.member.hub_id)
    if hub.version != version:
        raise StaleError(STALE)
    before = _told(hub)
    hub.quiet_from, hub.quiet_until = quiet.since, quiet.until
    hub.version += 1
    await actor.db.flush()
    await actor.record("Changed", "the hub's quiet hours", before=before, after=_told(hub), hub=str(hub.id))


def _told(hub: Hub) -> dict[str, str]:
    return {"from": hub.quiet_from.isoformat("minutes"), "until": hub.quiet_until.isoformat("minutes")}
