"""Mail that came in and no program could read: the list, and one with what a person can make of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.store.feeds import arrived
from app.store.feeds.arrived import Wanted
from app.store.meetings import dates

CSV_HEADER = ("Came", "From", "Subject", "Why it was not taken", "State", "What was made of it")
COLUMNS = (Column("came", "Came"), Column("from", "From"), Column("", "About"), Column("", "State"))
SPAN = timedelta(days=120)
KINDS = {"meeting": "meeting", "visit": "visit to", "observation": "lesson observation at"}
ORDERS = ("came", "from")


@dataclass(frozen=True, slots=True)
class MailLine:
    """A message in the list."""

    href: str
    came: str
    sender: str
    subject: str
    because: str
    is_open: bool
    answer: str


@dataclass(frozen=True, slots=True)
class MailListPage:
    """What came in and waits, or what was settled; `other_href` leads to the others."""

    template: ClassVar[str] = "feeds/mail_list.html"
    settled: bool
    other_href: str
    listing: Listing
    mails: tuple[MailLine, ...]


@dataclass(frozen=True, slots=True)
class MailPage:
    """One message: what a person can read of it, why it was not taken, and the form that settles it."""

    template: ClassVar[str] = "feeds/mail.html"
    home: str
    sender: str
    subject: str
    came: str
    text: str
    because: str
    settled: str
    raw_href: str
    form: Form | None


async def load_list(db: AsyncSession, member: Member, asked: Asked) -> MailListPage:
    """One page of the list: two statements."""
    asked = asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-came"})
    wanted = _wanted(asked)
    total = await arrived.count(db, member.hub_id, wanted)
    page = (PAGE_SIZE, (asked.page - 1) * PAGE_SIZE)
    found = await arrived.listed(db, member.hub_id, wanted, _order(asked), page)
    home = f"/hubs/{member.hub_code}/mail"
    settled = wanted.state == "settled"
    return MailListPage(
        settled=settled,
        other_href=home if settled else f"{home}?state=settled",
        listing=listing(
            asked,
            "Mail that came in",
            COLUMNS,
            total=total,
            empty=Empty("Answers by mail that no program can read will be here, each with what it says."),
            filters=_filters(asked),
        ),
        mails=tuple(
            MailLine(
                href=f"{home}/{one.id}",
                came=spoken(one.came_at),
                sender=one.sender or "Unknown",
                subject=one.subject or "Without a subject",
                because=one.because,
                is_open=one.state == "open",
                answer=one.answer,
            )
            for one in found
        ),
    )


async def rows(db: AsyncSession, member: Member, asked: Asked) -> list[tuple[object, ...]]:
    """Everything that the address asks for, under `CSV_HEADER`: one statement."""
    found = await arrived.listed(db, member.hub_id, _wanted(asked), _order(asked), (None, 0))
    return [(spoken(one.came_at), one.sender, one.subject, one.because, one.state, one.answer) for one in found]


def _wanted(asked: Asked) -> Wanted:
    return Wanted("settled" if asked.value("state") == "settled" else "open", asked.value("q")[:100])


def _order(asked: Asked) -> tuple[str, bool]:
    column, down = asked.order(ORDERS)
    return column, down if asked.value("sort") else True


def _filters(asked: Asked) -> tuple[Filter, ...]:
    return (Filter("q", "From, subject or text", asked.value("q")),)


async def load(db: AsyncSession, member: Member, mail_id: uuid.UUID) -> MailPage:
    """One message: three statements. Raises NotFoundError."""
    one = await arrived.one(db, member.hub_id, mail_id)
    if one is None:
        raise NotFoundError
    home = f"/hubs/{member.hub_code}/mail"
    people = await dates.names_of_people(db, member.hub_id)
    settled = ""
    if one.settled_at:
        by = next((name for key, name in people if key == one.settled_by), "Somebody")
        settled = f"{by} settled it on {spoken(one.settled_at)}: {one.answer}."
    return MailPage(
        home=home,
        sender=one.sender or "Unknown",
        subject=one.subject or "Without a subject",
        came=spoken(one.came_at),
        text=one.text,
        because=one.because,
        settled=settled,
        raw_href=f"{home}/{mail_id}/message.eml",
        form=None if settled else await _form(db, member, (mail_id, one.event_id, one.person_id), one.came_at, people),
    )


async def _form(
    db: AsyncSession,
    member: Member,
    known: tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None],
    came_at: datetime,
    people: Sequence[tuple[uuid.UUID, str]],
) -> Form:
    mail_id, event_id, person_id = known
    found = await dates.between(db, member.hub_id, came_at - SPAN, came_at + SPAN * 2)
    days = tuple(
        Choice(str(key), f"{spoken(starts)}: {f'{group} meets at' if kind == 'meeting' else KINDS[kind]} {school}")
        for key, kind, group, school, starts in found
    )
    fields = (
        Field(
            name="answer",
            label="What does it say?",
            kind="radios",
            choices=(
                Choice("yes", "Yes, they come"),
                Choice("maybe", "Maybe"),
                Choice("no", "No, they do not come"),
                Choice("nothing", "Nothing to do"),
            ),
        ),
        Field(
            name="event",
            label="Which date is it about?",
            kind="select",
            value=str(event_id or ""),
            choices=(Choice("", "Choose a date"), *days),
        ),
        Field(
            name="person",
            label="Whose answer is it?",
            kind="select",
            value=str(person_id or ""),
            choices=(Choice("", "Choose a person"), *(Choice(str(key), name) for key, name in people)),
        ),
        Field(name="because", label="Why, if they say so", kind="textarea"),
        Field(name="stand_in_name", label="Who comes instead, if anybody?", hint="Their name.", width="20"),
        Field(name="stand_in_email", label="Their e-mail address", kind="email", width="30"),
    )
    return Form(action=f"/hubs/{member.hub_code}/mail/{mail_id}", submit="Settle it", fields=fields)


def again(page: MailPage, typed: Typed, faults: Sequence[Fault]) -> MailPage:
    """The page with what was typed, and beside each field what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def raw(db: AsyncSession, member: Member, mail_id: uuid.UUID) -> bytes:
    """The message whole, as it came. Raises NotFoundError."""
    one = await arrived.one(db, member.hub_id, mail_id)
    if one is None:
        raise NotFoundError
    return one.raw
