"""What somebody who was asked into a hub sees behind the mailed link, before they answer and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role, Viewer
from app.domain.people.joining import as_what, standing
from app.domain.people.working_days import EXAMPLE, Week, read_working_days
from app.kit.errors import Fault
from app.kit.periods import in_london, spoken_date
from app.kit.typed import Reader, Typed
from app.pages._parts import Confirm, Field, Form, refilled
from app.pages.people.one import LeavePage
from app.store.people import joinings
from app.store.people.joinings import ByLink

UNKNOWN = "This link is not whole: open it from the message itself, or ask whoever invited you to send it again."


@dataclass(frozen=True, slots=True)
class JoinPage:
    """Which hub asks whom as what. `other` is the address of somebody else who is signed in: then there is no form."""

    template: ClassVar[str] = "people/join.html"
    hub: str
    name: str
    email: str
    by: str
    roles: str
    note: str
    until: str
    privacy: str
    decline: str
    other: str
    form: Form


@dataclass(frozen=True, slots=True)
class JoinOverPage:
    """A link that asks nothing any more: why, and the way out."""

    template: ClassVar[str] = "people/join_over.html"
    title: str
    because: str
    sign_in: bool


async def join_page(
    db: AsyncSession, secret: bytes, token: str, viewer: Viewer, now: datetime
) -> JoinPage | JoinOverPage:
    """What the link opens: three statements; it changes nothing, because mail scanners look."""
    found = await joinings.by_link(db, secret, token)
    over = _over(found, now)
    if found is None or over:
        return over or JoinOverPage("This invitation cannot be opened", UNKNOWN, sign_in=False)
    one, row = found.listed.joining, found.listed
    here = f"/join/{token}"
    return JoinPage(
        hub=found.hub.name,
        name=one.name,
        email=one.email,
        by=row.by,
        roles=as_what([Role.of(stored) for stored in one.roles], row.school, row.group),
        note=one.note,
        until=spoken_date(in_london(one.expires_at).date()),
        privacy=f"/privacy/{found.hub.code}",
        decline=f"{here}/decline",
        other=viewer.email if viewer.account_id and viewer.email.lower() != one.email.lower() else "",
        form=Form(action=here, submit=f"Join {found.hub.name}", fields=_fields(one.name)),
    )


def _fields(name: str) -> tuple[Field, ...]:
    return (
        Field(name="name", label="Your name, as you spell it", value=name, width="30", autocomplete="name"),
        Field(
            name="works",
            label="The days you work",
            value="Mon-Fri",
            hint=f"So that nobody plans a meeting for your day off. For example {EXAMPLE}, or Mon-Fri.",
            width="30",
        ),
    )


def _over(found: ByLink | None, now: datetime) -> JoinOverPage | None:
    """Why it asks nothing any more; None while it does."""
    if found is None:
        return JoinOverPage("This invitation cannot be opened", UNKNOWN, sign_in=False)
    one, by = found.listed.joining, found.listed.by or f"the office of {found.hub.name}"
    ask = f"If you would like to join after all, ask {by} to send it again."
    match standing(one.state, one.expires_at, now):
        case "waiting":
            return None
        case "accepted":
            because = f"You have joined {found.hub.name} with it: an invitation works once. Sign in to go on."
            return JoinOverPage("This invitation was used", because, sign_in=True)
        case "declined":
            return JoinOverPage("You declined this invitation", f"Nothing more will come of it. {ask}", sign_in=False)
        case "run out":
            ran = spoken_date(in_london(one.expires_at).date())
            because = f"It could be accepted until {ran}. Ask {by} to send it again: that takes them a minute."
            return JoinOverPage("This invitation has run out", because, sign_in=False)
        case _:
            because = f"{found.hub.name} has taken it back. If you think that was a mistake, ask {by}."
            return JoinOverPage("This invitation was withdrawn", because, sign_in=False)


def asked_again(page: JoinPage, typed: Typed, faults: Sequence[Fault]) -> JoinPage:
    """The same page with what was typed, and beside each field what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def read_accepting(typed: Typed) -> tuple[str, Week]:
    """Name and working half-days as typed, an empty week as every day; raises BadInputError."""
    reader = Reader(typed)
    works = reader.read("works", lambda text: read_working_days(text or "Mon-Fri"))
    reader.finish()
    return typed.text("name"), works or {}


def decline_page(page: JoinPage) -> LeavePage:
    """The question before somebody declines."""
    return LeavePage(
        Confirm(
            question=f"Decline the invitation of {page.hub}?",
            happens=(
                "Whoever asked you sees that you declined.",
                "You get no more mail about it.",
                "If you change your mind, they can send it again.",
            ),
            action=page.decline,
            submit="Yes, decline",
            back=page.form.action,
        )
    )


@dataclass(frozen=True, slots=True)
class DeclinedPage:
    """Somebody has just declined."""

    template: ClassVar[str] = "people/join_declined.html"
    hub: str
