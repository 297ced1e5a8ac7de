"""The messages of a hub: the list, and one of them as it was sent."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.mail.choices import State
from app.domain.mail.kinds import Kind, kind_of
from app.domain.mail.words import without_links
from app.kit.errors import NotFoundError
from app.kit.periods import spoken
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store.mail import log
from app.store.mail.log import Row, Wanted

STATES = {
    State.WAITING: "On its way",
    State.GATHERED: "Waits for the day's message",
    State.SENT: "Sent",
    State.BOUNCED: "Came back",
    State.FAILED: "Did not leave",
    State.STOPPED: "Not mailed",
}
COLUMNS = (
    Column("when", "Written"),
    Column("to", "To"),
    Column("kind", "Kind"),
    Column("subject", "Subject"),
    Column("state", "State"),
)
CSV_HEADER = ("written", "name", "address", "kind", "subject", "state", "due", "sent", "because", "written_by")
TROUBLE = {State.BOUNCED, State.FAILED}


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message in the list. `trouble` when it did not arrive."""

    href: str
    written: str
    to: str
    kind: str
    subject: str
    state: str
    trouble: bool


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """What was written to people. `unsent` of one message to many can be taken back at `take_back` until `leaves`."""

    template: ClassVar[str] = "mail/list.html"
    listing: Listing
    messages: tuple[MessageLine, ...]
    own_only: bool
    new: str
    templates: str
    unsent: int
    take_back: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a message."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message. `private` says why its text is not shown; `again` and `take_back` are empty where they cannot be."""

    template: ClassVar[str] = "mail/one.html"
    subject: str
    home: str
    kind: str
    name: str
    address: str
    writer: str
    state: str
    because: str
    text: str
    private: str
    has_calendar: bool
    steps: tuple[Step, ...]
    together: str
    event: str
    again: str
    take_back: str


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/messages"


def sees_all(member: Member) -> bool:
    """Whether the member sees every message of the hub, or those they wrote."""
    return Reach.HUB in member.reaches(Can.SEE_MESSAGES)


async def load(db: AsyncSession, member: Member, asked: Asked) -> MessagesPage:
    """One page of the list: two statements, and one for messages written together."""
    asked = newest_first(asked)
    wanted = _wanted(asked)
    total = await log.count(db, member, wanted)
    paged = replace(wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    rows = await log.listed(db, member, paged)
    unsent = await log.unsent(db, member, wanted.batch) if wanted.batch else []
    home, everything = _home(member), sees_all(member)
    whose = "Whatever Halfterm mails to people" if everything else "What you write to people"
    return MessagesPage(
        listing=listing(
            asked,
            "Messages",
            COLUMNS,
            total=total,
            empty=Empty(f"{whose} will be here.", "Write a message", f"{home}/new"),
            filters=_filters(asked),
        ),
        messages=tuple(_line(row, home) for row in rows),
        own_only=not everything,
        new=f"{home}/new",
        templates=f"/hubs/{member.hub_code}/templates",
        unsent=len(unsent),
        take_back=f"{home}/{unsent[0]}/take-back" if unsent else "",
    )


async def csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every message that the filters leave, one row each under CSV_HEADER."""
    return (_csv_row(row) for row in await log.listed(db, member, _wanted(asked)))


def _csv_row(row: Row) -> tuple[object, ...]:
    one = row.message
    return (
        one.made_at,
        row.name,
        one.to,
        kind_name(one.kind),
        one.subject,
        state_name(one.state),
        one.due_at,
        one.sent_at,
        one.because,
        row.writer,
    )


def newest_first(asked: Asked) -> Asked:
    """The newest message first, unless the address asks for another order."""
    return Asked(asked.path, {"sort": "-when", **asked.query})


def _wanted(asked: Asked) -> Wanted:
    order, down = newest_first(asked).order(log.ORDERS)
    return Wanted(
        kind=asked.value("kind") if kind_of(asked.value("kind")) else "",
        state=asked.value("state") if asked.value("state") in set(State) else "",
        person=asked.value("person"),
        words=asked.value("q"),
        batch=_batch(asked.value("batch")),
        order=order,
        down=down,
    )


def _batch(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _filters(asked: Asked) -> tuple[Filter, ...]:
    return (
        Filter("q", "Words", asked.value("q")),
        Filter("person", "Name or e-mail address", asked.value("person")),
        Filter("kind", "Kind", asked.value("kind"), kinds()),
        Filter("state", "State", asked.value("state"), tuple(Choice(key.value, says) for key, says in STATES.items())),
    )


def kinds() -> tuple[Choice, ...]:
    """Every kind to choose from."""
    return tuple(Choice(kind.value, kind.law.name) for kind in Kind)


def _line(row: Row, home: str) -> MessageLine:
    one = row.message
    return MessageLine(
        href=f"{home}/{one.id}",
        written=spoken(one.made_at),
        to=row.name or one.to,
        kind=kind_name(one.kind),
        subject=one.subject,
        state=state_name(one.state),
        trouble=one.state in TROUBLE,
    )


def kind_name(stored: str) -> str:
    """A kind's name."""
    kind = kind_of(stored)
    return kind.law.name if kind else stored


def state_name(stored: str) -> str:
    """A state in words."""
    return STATES[State(stored)] if stored in set(State) else stored


async def one(db: AsyncSession, member: Member, message_id: uuid.UUID) -> MessagePage:
    """One message as it was sent, with what happened to it; raises NotFoundError."""
    row = await log.one(db, member, message_id)
    if row is None:
        raise NotFoundError
    message, home, hub = row.message, _home(member), f"/hubs/{member.hub_code}"
    kind = kind_of(message.kind)
    private = kind.law.private if kind and message.person_id != member.person_id else ""
    waits = message.state in {State.WAITING, State.GATHERED} and message.digest_id is None
    return MessagePage(
        subject=message.subject,
        home=home,
        kind=kind_name(message.kind),
        name=row.name,
        address=message.to,
        writer=row.writer,
        state=state_name(message.state),
        because=message.because,
        text="" if private else without_links(message.text, message.links),
        private=private,
        has_calendar=bool(message.calendar),
        steps=_steps(row),
        together=f"{home}?batch={message.batch_id}" if message.batch_id else "",
        event=f"{hub}/events/{message.event_id}" if message.event_id else "",
        again=f"{home}/{message.id}/again" if message.state in TROUBLE else "",
        take_back=f"{home}/{message.id}/take-back" if waits and kind is Kind.GROUP else "",
    )


def _steps(row: Row) -> tuple[Step, ...]:
    one = row.message
    by = row.writer or "Halfterm"
    steps = [Step(spoken(one.made_at), f"{by} wrote it.")]
    if one.state == State.GATHERED or one.digest_id:
        steps.append(Step(spoken(one.due_at), "It goes with that day's message, as its reader wishes."))
    elif one.due_at > one.made_at and one.state != State.STOPPED:
        steps.append(Step(spoken(one.due_at), "Not to leave before then."))
    if one.sent_at:
        steps.append(Step(spoken(one.sent_at), "A mail server took it."))
    if one.state in {*TROUBLE, State.STOPPED}:
        steps.append(Step("", f"{state_name(one.state)}: {one.because}"))
    return tuple(steps)
