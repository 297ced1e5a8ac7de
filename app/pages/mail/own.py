"""Somebody's own messages: the copies they have, and what they want by mail."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Viewer
from app.domain.mail.choices import Choice as Wish
from app.domain.mail.choices import State
from app.domain.mail.kinds import STOPPABLE, Kind, kind_of
from app.domain.mail.words import without_links
from app.kit.periods import spoken
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing
from app.pages.mail.log import kind_name, newest_first
from app.store.mail import log
from app.store.mail.log import Row, Wanted
from app.store.mail.posting import choices_of

HERE = "/my/messages"
COLUMNS = (Column("when", "Written"), Column("kind", "Kind"), Column("subject", "Subject"), Column("", "By mail"))
CSV_HEADER = ("written", "kind", "subject", "state", "sent", "text")
STATES = {
    State.WAITING: "On its way",
    State.GATHERED: "Comes with the day's message",
    State.SENT: "Sent",
    State.BOUNCED: "Came back: tell your hub your address",
    State.FAILED: "Did not leave",
    State.STOPPED: "Not mailed",
}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One message to the viewer; `pages` are those of ours that it leads to."""

    written: str
    kind: str
    subject: str
    state: str
    text: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the viewer wants by mail from one hub; the hub's name is empty where there is but one."""

    hub: str
    form: Form


@dataclass(frozen=True, slots=True)
class OwnMessagesPage:
    """The viewer's copies, and a form for each hub they are in. `address` is where mail goes."""

    template: ClassVar[str] = "mail/own.html"
    listing: Listing
    messages: tuple[OwnLine, ...]
    address: str
    wishes: tuple[Wishes, ...]


async def load(db: AsyncSession, viewer: Viewer, asked: Asked) -> OwnMessagesPage:
    """One page of copies, and the forms: three statements."""
    asked = newest_first(asked)
    wanted = _wanted(asked)
    total = await log.own_count(db, viewer, wanted)
    rows = await log.own(db, viewer, replace(wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE))
    said = await choices_of(db, [member.person_id for member in viewer.members])
    several = len(viewer.members) > 1
    empty = Empty("Copies of what is mailed to you will be here.")
    return OwnMessagesPage(
        listing=listing(asked, "Messages to you", COLUMNS, total=total, empty=empty, filters=_filters(asked)),
        messages=tuple(map(_line, rows)),
        address=viewer.email,
        wishes=tuple(
            Wishes(one.hub_name if several else "", _form(one, said.get(one.person_id, Wish())))
            for one in viewer.members
        ),
    )


async def csv(db: AsyncSession, viewer: Viewer, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every copy that the filters leave, one row each under CSV_HEADER."""
    return (_csv_row(row) for row in await log.own(db, viewer, _wanted(newest_first(asked))))


def _csv_row(row: Row) -> tuple[object, ...]:
    one, line = row.message, _line(row)
    return (one.made_at, line.kind, one.subject, line.state, one.sent_at, line.text)


def _wanted(asked: Asked) -> Wanted:
    order, down = asked.order(("when", "kind", "subject"))
    kind = asked.value("kind") if kind_of(asked.value("kind")) else ""
    return Wanted(kind=kind, words=asked.value("q"), order=order, down=down)


def _filters(asked: Asked) -> tuple[Filter, ...]:
    kinds = tuple(Choice(kind.value, kind.law.name) for kind in Kind if kind is not Kind.DIGEST)
    return (Filter("q", "Words", asked.value("q")), Filter("kind", "Kind", asked.value("kind"), kinds))


def _line(row: Row) -> OwnLine:
    one = row.message
    return OwnLine(
        written=spoken(one.made_at),
        kind=kind_name(one.kind),
        subject=one.subject,
        state=STATES[State(one.state)] if one.state in set(State) else one.state,
        text=without_links(one.text, one.links),
        pages=tuple(link["id"] for link in one.links.values() if link["kind"] == "page"),
    )


def _form(member: Member, wish: Wish) -> Form:
    name = member.hub_code
    return Form(
        action=HERE,
        submit="Save",
        kept=(("hub", name),),
        fields=(
            Field(
                name="kinds",
                label="Which of these do you want by mail?",
                kind="checkboxes",
                hint="Whatever you leave out is still here to read.",
                chosen=tuple(kind.value for kind in STOPPABLE if kind.value not in wish.stopped),
                choices=tuple(Choice(kind.value, kind.law.name, kind.law.says) for kind in STOPPABLE),
            ),
            Field(
                name="digest",
                label="How often?",
                kind="radios",
                value="yes" if wish.digest else "no",
                choices=(
                    Choice("no", "Each message by itself"),
                    Choice(
                        "yes", "One message a day with all that can wait", "On working days at 7am; none with no news."
                    ),
                ),
            ),
        ),
    )
