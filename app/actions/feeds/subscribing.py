"""Making, changing and revoking the address of an own feed. An address is told once; only its hash is kept."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Viewer, may_anywhere
from app.domain.feeds import cleaned, next_revision
from app.kit.errors import BadInputError, Fault, ForbiddenError, NotFoundError
from app.kit.tokens import new_token, token_hash
from app.models.feeds import Feed
from app.store import people, trail
from app.store.feeds import rows

MOST = 10
LONGEST_PURPOSE = 60
REMINDERS = (15, 30, 60, 120, 1440)  # minutes before the start
COMMAND_LINE = "From the command line"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whoever asks about their own feeds, in which transaction, and when."""

    db: AsyncSession
    viewer: Viewer
    now: datetime

    def account(self) -> uuid.UUID:
        """The viewer's account; raises ForbiddenError where no role lets them have a feed."""
        if self.viewer.account_id is None or not may_anywhere(self.viewer, Can.OWN_CALENDAR):
            raise ForbiddenError(f"Your role does not let you {Can.OWN_CALENDAR.value}. Ask your hub coordinator.")
        return self.viewer.account_id

    async def record(self, did: str, about: str) -> None:
        """Note it in the trail of every hub the person is in: each hub answers for its own data."""
        for member in self.viewer.members:
            deed = trail.Deed(
                member.hub_id,
                self.now,
                did,
                about,
                self.viewer.account_id,
                {"person": str(member.person_id)},
                who=member.name,
                person_id=member.person_id,
            )
            await trail.record(self.db, deed)


@dataclass(frozen=True, slots=True)
class Made:
    """A feed with an address that has just been made: `token` is told now and never again."""

    feed_id: uuid.UUID
    purpose: str
    token: str


async def subscribe(who: Subscriber, purpose: str, alarm_minutes: int | None = None) -> Made:
    """Make a feed for a purpose; raises BadInputError for a purpose that is empty, long or taken, and at ten feeds."""
    account_id = who.account()
    purpose = " ".join(cleaned(purpose).split())
    feeds = await rows.own_feeds(who.db, account_id)
    _check(purpose, feeds)
    _check_reminder(alarm_minutes)
    made = await _put(who, account_id, purpose)
    made[0].alarm_minutes = alarm_minutes
    await who.db.flush()
    await who.record("Subscribed", f"own calendar: {purpose}")
    return Made(made[0].id, purpose, made[1])


def _check(purpose: str, feeds: list[rows.OwnFeed]) -> None:
    because = ""
    if not purpose:
        because = "Say what this address is for, for example Phone."
    elif len(purpose) > LONGEST_PURPOSE:
        because = f"Use at most {LONGEST_PURPOSE} characters."
    elif purpose.casefold() in {feed.purpose.casefold() for feed in feeds}:
        because = f"You have an address for {purpose} already. Give this one another name, or make that one new below."
    elif len(feeds) >= MOST:
        because = f"You have {MOST} addresses. Stop one that you no longer use, then make another."
    if because:
        raise BadInputError(because, (Fault("purpose", because),))


def _check_reminder(minutes: int | None) -> None:
    if minutes is not None and minutes not in REMINDERS:
        because = "Choose one of the reminders in the list."
        raise BadInputError(because, (Fault("reminder", because),))


async def rotate(who: Subscriber, feed_id: uuid.UUID) -> Made:
    """Give a feed a new address; the old one answers as if it had never been. Raises NotFoundError."""
    feed = await _own(who, feed_id)
    token = _rotated(feed, who.now)
    await rows.forget_fetches(who.db, feed.id)
    await who.record("Rotated", f"address of own calendar: {feed.purpose}")
    return Made(feed.id, feed.purpose, token)


async def stop(who: Subscriber, feed_id: uuid.UUID) -> str:
    """Revoke a feed's address; returns what it was for. Raises NotFoundError."""
    feed = await _own(who, feed_id)
    feed.hash, feed.stale = None, True
    feed.body = feed.body_gzip = b""
    await rows.forget_fetches(who.db, feed.id)
    await who.record("Stopped", f"own calendar: {feed.purpose}")
    return feed.purpose


async def remind(who: Subscriber, feed_id: uuid.UUID, alarm_minutes: int | None) -> None:
    """Set how long before each event a feed reminds, None for not at all. Raises NotFoundError or BadInputError."""
    _check_reminder(alarm_minutes)
    feed = await _own(who, feed_id)
    if feed.alarm_minutes != alarm_minutes:
        feed.alarm_minutes = alarm_minutes
        feed.stale, feed.revision = True, next_revision(feed.revision, who.now)


async def address_from_command_line(db: AsyncSession, email: str, now: datetime) -> str:
    """A new token for this person's feed; ones printed before go on working, the newest ten of them.

    Raises BadInputError when nobody has the address.
    """
    account = await people.account(db, email)
    if account is None:
        raise BadInputError(f"Nobody has the e-mail address {email}. Check it, or import participants first.")
    viewer = await people.viewer(db, account.id, account.email)
    printed = [f for f in await rows.feeds_of(db, account.id) if f.purpose.startswith(COMMAND_LINE)]
    for old in printed[: max(0, len(printed) - MOST + 1)]:
        old.hash = None
    taken = {feed.purpose for feed in printed}
    number = next(n for n in range(1, 10_000) if f"{COMMAND_LINE} ({n})" not in taken)
    who = Subscriber(db, viewer, now)
    _, token = await _put(who, account.id, f"{COMMAND_LINE} ({number})")
    for member in viewer.members:
        about = f"address of the calendar of {member.name}"
        facts = {"person": str(member.person_id)}
        await trail.record(db, trail.Deed(member.hub_id, now, "Printed", about, facts=facts))
    return token


async def _own(who: Subscriber, feed_id: uuid.UUID) -> Feed:
    feed = await rows.own_feed(who.db, who.account(), feed_id)
    if feed is None:
        raise NotFoundError
    return feed


async def _put(who: Subscriber, account_id: uuid.UUID, purpose: str) -> tuple[Feed, str]:
    """A feed for the purpose with a new address; one that was stopped comes back, its revision never going back."""
    feed = await rows.feed_for(who.db, account_id, purpose)
    if feed is not None:
        feed.made_at = who.now
        return feed, _rotated(feed, who.now)
    token = new_token()
    feed = Feed(
        account_id=account_id,
        purpose=purpose,
        hash=token_hash(token),
        revision=next_revision(None, who.now),
        made_at=who.now,
    )
    await rows.add_feed(who.db, feed)
    return feed, token


def _rotated(feed: Feed, now: datetime) -> str:
    token = new_token()
    feed.hash = token_hash(token)
    feed.revision, feed.stale = next_revision(feed.revision, now), True
    return token
