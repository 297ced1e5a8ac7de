"""A person's subscriptions: what each is for, who fetched it, and whether they have the latest change."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.feeds import CLIENTS, Client, Fetched, Health, health, latest
from app.kit.errors import NotFoundError
from app.kit.periods import spoken
from app.pages._parts import Choice, Confirm, Field, Form
from app.store.feeds import rows

ADDRESS = "/my/calendar/feeds"
REMINDERS = {"": "No reminder", "15": "15 minutes before", "30": "30 minutes before", "60": "An hour before"} | {
    "120": "2 hours before",
    "1440": "A day before",
}


@dataclass(frozen=True, slots=True)
class Fetch:
    """One program's last visit, and in words what it has seen."""

    program: str
    at: datetime
    health: Health
    says: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed: `says` is how its newest visitor stands, `href` leads to what can be changed."""

    id: uuid.UUID
    purpose: str
    made_at: datetime
    changed_at: datetime
    reminder: str
    health: Health
    says: str
    fetches: tuple[Fetch, ...]
    href: str


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """One subscription: its reminder, a new address, and the end of it."""

    template: ClassVar[str] = "feeds/one.html"
    subscription: Subscription
    form: Form
    rotate: str
    stop: str


@dataclass(frozen=True, slots=True)
class SubscriptionConfirmPage:
    """Asks before an address stops to work."""

    template: ClassVar[str] = "feeds/confirm.html"
    confirm: Confirm


async def subscriptions(db: AsyncSession, account_id: uuid.UUID, now: datetime) -> tuple[Subscription, ...]:
    """The account's subscriptions, the oldest first: two statements."""
    feeds = await rows.own_feeds(db, account_id)
    visits: dict[uuid.UUID, list[Fetched]] = {}
    for visit in await rows.fetches_of(db, account_id):
        found = Fetched(Client(visit.client), visit.fetched_at, visit.revision)
        visits.setdefault(visit.feed_id, []).append(found)
    return tuple(_subscription(feed, visits.get(feed.id, []), now) for feed in feeds)


async def load_one(db: AsyncSession, account_id: uuid.UUID, feed_id: uuid.UUID, now: datetime) -> SubscriptionPage:
    """One of the account's own subscriptions; raises NotFoundError."""
    found = next((one for one in await subscriptions(db, account_id, now) if one.id == feed_id), None)
    if found is None:
        raise NotFoundError
    chosen = next((value for value, words in REMINDERS.items() if words == found.reminder), "")
    return SubscriptionPage(
        subscription=found,
        form=Form(action=f"{found.href}/reminder", submit="Save", fields=(reminder_field(chosen),)),
        rotate=f"{found.href}/rotate",
        stop=f"{found.href}/stop",
    )


def ask_to_rotate(page: SubscriptionPage) -> SubscriptionConfirmPage:
    """Before a new address."""
    purpose = page.subscription.purpose
    happens = (
        "The address that you have now stops to work at once.",
        "Calendar programs that use it show no changes any more until you give them the new address.",
        "You see the new address on the next page, once.",
    )
    question = f"Make a new address for {purpose}?"
    return SubscriptionConfirmPage(
        Confirm(question=question, happens=happens, action=page.rotate, submit="Make a new address", back=_back(page))
    )


def ask_to_stop(page: SubscriptionPage) -> SubscriptionConfirmPage:
    """Before the end of a subscription."""
    purpose = page.subscription.purpose
    happens = (
        "Its address stops to work at once, for you and for everyone you gave it to.",
        "Most calendar programs keep what they have fetched: remove the calendar there too.",
        "Your dates here stay as they are.",
    )
    return SubscriptionConfirmPage(
        Confirm(question=f"Stop {purpose}?", happens=happens, action=page.stop, submit="Stop it", back=_back(page))
    )


def _back(page: SubscriptionPage) -> str:
    return page.subscription.href


def reminder_field(value: str = "") -> Field:
    """How long before each date a calendar program should remind."""
    choices = tuple(Choice(minutes, words) for minutes, words in REMINDERS.items())
    hint = "Google Calendar does not heed this: set reminders there."
    return Field(name="reminder", label="Reminder", kind="select", value=value, hint=hint, choices=choices)


def subscribe_form() -> Form:
    """Asks what a new address is for."""
    hint = "For example Phone, or Work computer. Make one for each place, so that you can stop one alone."
    return Form(
        action=ADDRESS,
        submit="Make an address",
        fields=(
            Field(name="purpose", label="What is it for?", hint=hint, width="20", autocomplete="off"),
            reminder_field(),
        ),
    )


def _subscription(feed: rows.OwnFeed, visits: Sequence[Fetched], now: datetime) -> Subscription:
    newest = latest(visits)
    return Subscription(
        id=feed.id,
        purpose=feed.purpose,
        made_at=feed.made_at,
        changed_at=feed.revision,
        reminder=REMINDERS.get(str(feed.alarm_minutes or ""), REMINDERS[""]),
        health=health(newest, feed.revision, now),
        says=_says(newest, feed.revision, now),
        fetches=tuple(
            Fetch(CLIENTS[one.client].name, one.at, health(one, feed.revision, now), _says(one, feed.revision, now))
            for one in visits
        ),
        href=f"{ADDRESS}/{feed.id}",
    )


def _says(visit: Fetched | None, revision: datetime, now: datetime) -> str:
    if visit is None:
        return "No calendar program has asked for it yet."
    habits = CLIENTS[visit.client]
    name = habits.name[0].upper() + habits.name[1:]
    stands = health(visit, revision, now)
    if stands is Health.SEEN:
        return f"{name} has your latest change."
    if stands is Health.WAITING:
        return f"{name} does not have your latest change yet. It asks {habits.asks}."
    return f"{name} has not asked since {spoken(visit.at)}. See whether it still has this calendar."
