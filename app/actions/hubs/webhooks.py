"""A hub's webhooks: made, paused, tried, removed; and what is on its way, sent. Rules: docs/rules/webhooks.md."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.hubs.webhooks import (
    KEPT,
    KINDS,
    MOST_WEBHOOKS,
    headers_of,
    next_wait,
    secret_of,
    webhook_faults,
    went_well,
)
from app.kit.clock import Clock
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.models.hubs import Webhook
from app.settings import Mode, Settings
from app.store.database import Database
from app.store.hubs import webhooks
from app.store.hubs.posting import Answered, Outside, post, reachable

PAUSED = "This webhook is paused. Let it go on first."


def outside_of(settings: Settings) -> Outside:
    """Whom this server may call: this machine itself only in a demo and in tests."""
    return Outside(local=settings.mode is not Mode.PRODUCTION)


async def make_webhook(actor: Actor, address: str, kinds: tuple[str, ...], outside: Outside) -> uuid.UUID:
    """An address that is told of these kinds from now on. Raises BadInputError, ConflictError for one too many."""
    actor.require(Can.EDIT_WEBHOOKS)
    faults = webhook_faults(address, kinds, local=outside.local)
    if not faults and (because := await reachable(address, outside)):
        faults = {"address": because}
    if faults:
        told = tuple(Fault(path, because) for path, because in faults.items())
        raise BadInputError("Look at what is marked below.", told)
    if len(await webhooks.listed(actor.db, actor.member.hub_id)) >= MOST_WEBHOOKS:
        raise ConflictError(f"A hub has at most {MOST_WEBHOOKS} webhooks. Remove one first.")
    chosen = [kind for kind in KINDS if kind in kinds]
    made = webhooks.add(actor.db, actor.member.hub_id, address, chosen, actor.now)
    await actor.db.flush()
    await actor.record("Made", f"the webhook to {address}", kinds=chosen)
    return made.id


async def pause(actor: Actor, webhook_id: uuid.UUID) -> None:
    """Nothing is sent to it until it goes on. Raises NotFoundError."""
    webhook = await _mine(actor, webhook_id)
    if webhook.paused_at is None:
        webhook.paused_at = actor.now
        await actor.db.flush()
        await actor.record("Paused", f"the webhook to {webhook.address}")


async def go_on(actor: Actor, webhook_id: uuid.UUID) -> None:
    """It is told of what happens from now on. Raises NotFoundError."""
    webhook = await _mine(actor, webhook_id)
    if webhook.paused_at is not None:
        webhook.paused_at = None
        await actor.db.flush()
        await actor.record("Let go on", f"the webhook to {webhook.address}")


async def remove(actor: Actor, webhook_id: uuid.UUID) -> str:
    """The webhook and its log are gone; its address. Raises NotFoundError."""
    webhook = await _mine(actor, webhook_id)
    await actor.db.delete(webhook)
    await actor.db.flush()
    await actor.record("Removed", f"the webhook to {webhook.address}")
    return webhook.address


async def try_out(actor: Actor, webhook_id: uuid.UUID) -> None:
    """Send a test. Raises NotFoundError, ConflictError while it is paused."""
    webhook = await _going(actor, webhook_id)
    await webhooks.put_test(actor.db, webhook, actor.member.hub_code, actor.now)
    await actor.record("Tried", f"the webhook to {webhook.address}")


async def send_again(actor: Actor, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> None:
    """Send a delivery once more, under its own id. Raises NotFoundError, ConflictError (paused, or on its way)."""
    webhook = await _going(actor, webhook_id)
    found = await webhooks.delivery(actor.db, webhook.id, delivery_id)
    if found is None:
        raise NotFoundError
    if found.state == "waiting":
        raise ConflictError("This is on its way already.")
    found.state, found.begun_at = "waiting", actor.now
    await actor.db.flush()
    await webhooks.send(actor.db, found)
    await actor.record("Sent again", f"a happening to the webhook to {webhook.address}", delivery=str(found.id))


async def _mine(actor: Actor, webhook_id: uuid.UUID) -> Webhook:
    actor.require(Can.EDIT_WEBHOOKS)
    found = await webhooks.one(actor.db, actor.member.hub_id, webhook_id, lock=True)
    if found is None:
        raise NotFoundError
    return found


async def _going(actor: Actor, webhook_id: uuid.UUID) -> Webhook:
    webhook = await _mine(actor, webhook_id)
    if webhook.paused_at is not None:
        raise ConflictError(PAUSED)
    return webhook


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs: the tables, the time, the key of all secrets, and who may be called."""

    database: Database
    clock: Clock
    key: bytes
    outside: Outside = field(default_factory=Outside)


async def deliver(sender: Sender, hub_id: uuid.UUID, delivery_id: uuid.UUID, number: int) -> None:
    """Try number `number` (from 0) of a delivery: sent outside any transaction, then noted with what comes next."""
    async with sender.database.transaction(hub_id) as db:
        found = await webhooks.due(db, delivery_id, number)
    if found is None:
        return
    webhook, row = found
    if webhook.paused_at is not None:
        answered = Answered(None, "The webhook was paused, so nothing was sent.")
    else:
        headers = headers_of(secret_of(sender.key, webhook.id), (row.id, row.kind, row.body), sender.clock())
        answered = await post(webhook.address, row.body, headers, sender.outside)
    await _note(sender, hub_id, (delivery_id, number), answered)


async def _note(sender: Sender, hub_id: uuid.UUID, tried: tuple[uuid.UUID, int], answered: Answered) -> None:
    now = sender.clock()
    async with sender.database.transaction(hub_id) as db:
        found = await webhooks.due(db, *tried)
        if found is None:
            return
        webhook, row = found
        row.tries = [*row.tries, {"at": now.isoformat(), "status": answered.status, "said": answered.said}]
        since = sum(datetime.fromisoformat(one["at"]) >= row.begun_at for one in row.tries)
        wait = next_wait(max(since, 1), row.begun_at, now)
        if went_well(answered.status):
            row.state = "delivered"
        elif wait is None or webhook.paused_at is not None:
            row.state = "given up"
        else:
            await webhooks.send(db, row, wait)


async def forget_old(sender: Sender) -> int:
    """Delete the logs of all hubs that are older than the rules keep them: how many deliveries."""
    gone = 0
    for hub_id in await sender.database.every_hub():
        async with sender.database.transaction(hub_id) as db:
            gone += await webhooks.forget(db, sender.clock() - KEPT)
    return gone
