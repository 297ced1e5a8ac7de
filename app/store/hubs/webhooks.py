"""A hub's webhooks, and their outbox: a delivery and its job are written in the transaction of their cause."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.hubs.webhooks import TEST, Happening, happening, ids_and_counts
from app.kit.ids import new_id
from app.models.hubs import Webhook, WebhookDelivery
from app.store import jobs
from app.store.trail import Deed


async def tell(db: AsyncSession, deed: Deed, code: str) -> None:
    """Put a deed that is told to others on its way to each webhook of the hub that asked for its kind."""
    kind = happening(deed.did, deed.facts)
    if kind is None:
        return
    wanted = select(Webhook).where(
        col(Webhook.hub_id) == deed.hub_id, col(Webhook.paused_at).is_(None), col(Webhook.kinds).contains([kind])
    )
    for webhook in (await db.execute(wanted)).scalars():
        await _put(db, webhook, Happening(new_id(), kind, code, deed.at, ids_and_counts(deed.facts)))


async def put_test(db: AsyncSession, webhook: Webhook, code: str, now: datetime) -> None:
    """Put a test on its way to this webhook."""
    await _put(db, webhook, Happening(new_id(), TEST, code, now, {}))


async def _put(db: AsyncSession, webhook: Webhook, told: Happening) -> None:
    row = WebhookDelivery(
        id=told.id,
        hub_id=webhook.hub_id,
        webhook_id=webhook.id,
        kind=told.kind,
        body=told.body,
        made_at=told.at,
        begun_at=told.at,
    )
    db.add(row)
    await send(db, row)


async def send(db: AsyncSession, row: WebhookDelivery, seconds: int = 0) -> None:
    """Write the job of a delivery's next try; its number keeps a job that comes twice from sending twice."""
    hub, key, number = str(row.hub_id), str(row.id), len(row.tries)
    await jobs.defer(db, "deliver_webhook", seconds=seconds, hub_id=hub, delivery_id=key, number=number)


def add(db: AsyncSession, hub_id: uuid.UUID, address: str, kinds: Sequence[str], now: datetime) -> Webhook:
    """A webhook of the hub."""
    made = Webhook(hub_id=hub_id, address=address, kinds=list(kinds), made_at=now)
    db.add(made)
    return made


Sent = WebhookDelivery  # what pages, which see no table, call a delivery


@dataclass(frozen=True, slots=True)
class Listed:
    """A webhook with how many of its deliveries are in each state."""

    webhook: Webhook
    counts: dict[str, int]


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[Listed]:
    """Every webhook of the hub, the oldest first: two statements."""
    found = await db.execute(select(Webhook).where(col(Webhook.hub_id) == hub_id).order_by(col(Webhook.id)))
    counted = await db.execute(
        select(col(WebhookDelivery.webhook_id), col(WebhookDelivery.state), func.count())
        .where(col(WebhookDelivery.hub_id) == hub_id)
        .group_by(col(WebhookDelivery.webhook_id), col(WebhookDelivery.state))
    )
    counts: dict[uuid.UUID, dict[str, int]] = {}
    for webhook_id, state, number in counted.all():
        counts.setdefault(webhook_id, {})[state] = number
    return [Listed(one, counts.get(one.id, {})) for one in found.scalars()]


async def one(db: AsyncSession, hub_id: uuid.UUID, webhook_id: uuid.UUID, *, lock: bool = False) -> Webhook | None:
    """A webhook of the hub."""
    found = select(Webhook).where(col(Webhook.id) == webhook_id, col(Webhook.hub_id) == hub_id)
    return (await db.execute(found.with_for_update() if lock else found)).scalar_one_or_none()


async def delivery(db: AsyncSession, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> WebhookDelivery | None:
    """A delivery of this webhook, held until the transaction ends."""
    found = select(WebhookDelivery).where(
        col(WebhookDelivery.id) == delivery_id, col(WebhookDelivery.webhook_id) == webhook_id
    )
    return (await db.execute(found.with_for_update())).scalar_one_or_none()


async def due(db: AsyncSession, delivery_id: uuid.UUID, number: int) -> tuple[Webhook, WebhookDelivery] | None:
    """A waiting delivery whose next try is this one, held until the transaction ends; None when it was tried."""
    found = await db.execute(
        select(Webhook, WebhookDelivery)
        .join(WebhookDelivery, col(WebhookDelivery.webhook_id) == col(Webhook.id))
        .where(col(WebhookDelivery.id) == delivery_id, col(WebhookDelivery.state) == "waiting")
        .with_for_update(of=WebhookDelivery)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row and len(row[1].tries) == number else None


async def count(db: AsyncSession, webhook_id: uuid.UUID, state: str) -> int:
    """How many deliveries of a webhook are in this state (empty: any)."""
    found = select(func.count()).select_from(WebhookDelivery).where(*_of(webhook_id, state))
    return (await db.execute(found)).scalar_one()


async def deliveries(
    db: AsyncSession, webhook_id: uuid.UUID, state: str, page: tuple[int | None, int]
) -> Sequence[WebhookDelivery]:
    """Deliveries of a webhook, the newest first; `page` is (how many, how many to pass over)."""
    limit, offset = page
    found = (
        select(WebhookDelivery)
        .where(*_of(webhook_id, state))
        .order_by(col(WebhookDelivery.made_at).desc(), col(WebhookDelivery.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return list((await db.execute(found)).scalars())


def _of(webhook_id: uuid.UUID, state: str) -> list[ColumnElement[bool]]:
    conditions = [col(WebhookDelivery.webhook_id) == webhook_id]
    return [*conditions, col(WebhookDelivery.state) == state] if state else conditions


async def forget(db: AsyncSession, before: datetime) -> int:
    """Delete what was delivered or given up before then, in the hubs in sight: how many."""
    gone = await db.execute(
        delete(WebhookDelivery)
        .where(col(WebhookDelivery.made_at) < before, col(WebhookDelivery.state) != "waiting")
        .returning(col(WebhookDelivery.id))
    )
    return len(gone.all())
