"""The webhooks of a hub: who is told what, and what became of each delivery."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.hubs.webhooks import KEPT, KINDS, WORDS
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Field,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.render.html import plural
from app.store.hubs import webhooks

COLUMNS = (Column("", "Address"), Column("", "Is told of"), Column("", "State"), Column("", "Deliveries"))
CSV_HEADER = ("address", "kinds", "made", "paused", "waiting", "delivered", "given_up")
LOG_COLUMNS = (
    Column("", "Happened"),
    Column("", "What"),
    Column("", "State"),
    Column("", "Last try"),
    Column("", "Once more"),
)
LOG_CAPTION = f"What was sent in the last {KEPT.days} days"
LOG_HEADER = ("id", "kind", "happened", "state", "tries", "last_try", "last_status", "last_said")
STATES = {"waiting": "On its way", "delivered": "Delivered", "given up": "Given up"}


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """One webhook in the list."""

    address: str
    href: str
    kinds: tuple[str, ...]
    state: str
    deliveries: str


@dataclass(frozen=True, slots=True)
class WebhooksPage:
    """The hub's webhooks, and the form that makes one."""

    template: ClassVar[str] = "hubs/webhooks.html"
    listing: Listing
    webhooks: tuple[WebhookLine, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One happening and what became of it; `again` is empty while it is on its way."""

    happened: str
    what: str
    state: str
    tries: str
    said: str
    again: str


@dataclass(frozen=True, slots=True)
class WebhookPage:
    """One webhook with its log. `secret` is told once, when it has just been made; `given_up` is a warning."""

    template: ClassVar[str] = "hubs/webhook.html"
    address: str
    secret: str
    kinds: tuple[str, ...]
    paused: str
    given_up: str
    here: str
    listing: Listing
    deliveries: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class RemoveWebhookPage:
    """Asks before a webhook and its log go."""

    template: ClassVar[str] = "hubs/webhook_remove.html"
    confirm: Confirm


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/webhooks"


async def webhooks_page(db: AsyncSession, member: Member, asked: Asked) -> WebhooksPage:
    """The list and the form: two statements."""
    found = await webhooks.listed(db, member.hub_id)
    empty = Empty("Programs that are told what happens in the hub will be here, each with a log of what was sent.")
    shown = listing(asked, "Webhooks", COLUMNS, total=len(found), empty=empty)
    return WebhooksPage(shown, tuple(_line(one, member) for one in found), webhook_form(member))


def _line(one: webhooks.Listed, member: Member) -> WebhookLine:
    said = [f"{count} {STATES[state].lower()}" for state, count in sorted(one.counts.items())]
    return WebhookLine(
        address=one.webhook.address,
        href=f"{_home(member)}/{one.webhook.id}",
        kinds=tuple(WORDS[kind] for kind in one.webhook.kinds if kind in WORDS),
        state="Paused" if one.webhook.paused_at else "Works",
        deliveries=", ".join(said) or "None yet",
    )


async def webhooks_csv(db: AsyncSession, member: Member) -> Iterator[tuple[object, ...]]:
    """The same as rows under CSV_HEADER."""
    found = await webhooks.listed(db, member.hub_id)
    return (
        (
            one.webhook.address,
            " ".join(one.webhook.kinds),
            one.webhook.made_at,
            one.webhook.paused_at,
            *(one.counts.get(state, 0) for state in STATES),
        )
        for one in found
    )


def webhook_form(member: Member) -> Form:
    """Makes a webhook."""
    return Form(
        action=_home(member),
        submit="Make the webhook",
        fields=(
            Field(
                name="address",
                label="Address of the program",
                hint="Begins with https:// and is on the internet. Such as https://office.example/halfterm",
            ),
            Field(
                name="kinds",
                label="What is it told of?",
                kind="checkboxes",
                hint="Only ids, numbers and times are sent: no names, and nothing of what anybody wrote.",
                choices=tuple(Choice(kind, says) for kind, says in KINDS.items()),
            ),
        ),
    )


def webhooks_again(page: WebhooksPage, typed: Typed, faults: Sequence[Fault]) -> WebhooksPage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def webhook_page(
    db: AsyncSession, member: Member, webhook_id: uuid.UUID, asked: Asked, secret: str = ""
) -> WebhookPage:
    """One webhook and a page of its log: four statements. Raises NotFoundError."""
    webhook = await webhooks.one(db, member.hub_id, webhook_id)
    if webhook is None:
        raise NotFoundError
    here, state = f"{_home(member)}/{webhook.id}", _state(asked)
    total = await webhooks.count(db, webhook.id, state)
    lost = await webhooks.count(db, webhook.id, "given up")
    found = await webhooks.deliveries(db, webhook.id, state, (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE))
    empty = Empty("What is sent will be here, with what the program answered. Send a test to begin.")
    filters = (Filter("state", "State", state, tuple(Choice(key, says) for key, says in STATES.items())),)
    return WebhookPage(
        address=webhook.address,
        secret=secret,
        kinds=tuple(WORDS[kind] for kind in webhook.kinds if kind in WORDS),
        paused=spoken(webhook.paused_at) if webhook.paused_at else "",
        given_up=f"{plural(lost, 'happening')} could not be delivered in a day of tries." if lost else "",
        here=here,
        listing=listing(asked, LOG_CAPTION, LOG_COLUMNS, total=total, empty=empty, filters=filters),
        deliveries=tuple(_delivery(one, here, paused=webhook.paused_at is not None) for one in found),
    )


def _state(asked: Asked) -> str:
    state = asked.value("state")
    return state if state in STATES else ""


def _delivery(one: webhooks.Sent, here: str, *, paused: bool) -> DeliveryLine:
    return DeliveryLine(
        happened=spoken(one.made_at),
        what=WORDS.get(one.kind, one.kind),
        state=STATES[one.state],
        tries=plural(len(one.tries), "try", "tries"),
        said=f"{spoken(_at(one))}: {one.tries[-1]['said']}" if one.tries else "Not tried yet",
        again="" if paused or one.state == "waiting" else f"{here}/deliveries/{one.id}/replay",
    )


def _at(one: webhooks.Sent) -> datetime:
    return datetime.fromisoformat(one.tries[-1]["at"])


async def log_csv(
    db: AsyncSession, member: Member, webhook_id: uuid.UUID, asked: Asked
) -> Iterator[tuple[object, ...]]:
    """The log as rows under LOG_HEADER. Raises NotFoundError."""
    webhook = await webhooks.one(db, member.hub_id, webhook_id)
    if webhook is None:
        raise NotFoundError
    found = await webhooks.deliveries(db, webhook.id, _state(asked), (None, 0))
    return ((one.id, one.kind, one.made_at, one.state, len(one.tries), *_last(one)) for one in found)


def _last(one: webhooks.Sent) -> tuple[object, ...]:
    return (_at(one), one.tries[-1]["status"], one.tries[-1]["said"]) if one.tries else (None, None, "")


async def remove_page(db: AsyncSession, member: Member, webhook_id: uuid.UUID) -> RemoveWebhookPage:
    """The question; raises NotFoundError."""
    webhook = await webhooks.one(db, member.hub_id, webhook_id)
    if webhook is None:
        raise NotFoundError
    here = f"{_home(member)}/{webhook.id}"
    made = spoken_date(in_london(webhook.made_at).date())
    confirm = Confirm(
        question=f"Remove the webhook to {webhook.address}?",
        happens=(
            f"The program, told since {made}, is told nothing any more; what is on its way is dropped.",
            "The log of what was sent goes too. To stop for a while, pause it instead.",
            "It cannot be brought back: a new one has another secret.",
        ),
        action=f"{here}/remove",
        submit="Yes, remove it",
        back=here,
    )
    return RemoveWebhookPage(confirm)
