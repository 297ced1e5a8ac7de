"""Who is asked into the hub: the list of invitations, the form to ask, the question before one is withdrawn."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Role
from app.domain.people.joining import LONGEST_NOTE, MOST_AT_ONCE, STANDINGS, Asked, Asking, read_lines, standing
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date, spoken_year
from app.kit.typed import Reader, Typed
from app.pages import _parts
from app.pages._parts import PAGE_SIZE, Choice, Column, Confirm, Empty, Field, Filter, Form, Listing, listing
from app.pages.people.form import ROLE_HINTS, PersonFormPage
from app.pages.people.one import LeavePage
from app.store.meetings import groups
from app.store.people import directory, joinings
from app.store.people.joinings import Listed, Wanted

COLUMNS = (
    Column("name", "Name"),
    Column("email", "E-mail address"),
    Column("", "As"),
    Column("", "School and Work Group"),
    Column("asked", "Asked"),
    Column("until", "State"),
)
CSV_HEADER = ("name", "email", "roles", "school", "work_group", "asked_by", "asked_on", "state", "until")


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One invitation; `again`, `withdraw` and `person` are addresses, empty where there is nothing to do or see."""

    name: str
    email: str
    roles: str
    of: str
    asked: str
    state: str
    when: str
    again: str
    withdraw: str
    person: str


@dataclass(frozen=True, slots=True)
class InvitationsPage:
    """Who is asked into the hub; `new` is the address of the form."""

    template: ClassVar[str] = "people/invitations.html"
    listing: Listing
    invitations: tuple[InvitationLine, ...]
    new: str


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/people/invitations"


async def invitations_page(db: AsyncSession, member: Member, asked: _parts.Asked, now: datetime) -> InvitationsPage:
    """One page of the list: two statements."""
    wanted = _wanted(asked)
    total = await joinings.count(db, member.hub_id, wanted, now)
    paged = replace(wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    rows = await joinings.listed(db, member.hub_id, paged, now)
    empty = Empty(
        "Whoever you ask into the hub will be here until they answer.", "Invite somebody", _home(member) + "/new"
    )
    return InvitationsPage(
        listing=listing(asked, "Invitations", COLUMNS, total=total, empty=empty, filters=_filters(asked)),
        invitations=tuple(_line(row, member, now) for row in rows),
        new=_home(member) + "/new",
    )


async def invitations_csv(
    db: AsyncSession, member: Member, asked: _parts.Asked, now: datetime
) -> Iterator[tuple[object, ...]]:
    """Every invitation that the filters leave, one row each under CSV_HEADER."""
    rows = await joinings.listed(db, member.hub_id, _wanted(asked), now)
    return (
        (
            row.joining.name,
            row.joining.email,
            _roles(row),
            row.school,
            row.group,
            row.by,
            in_london(row.joining.asked_at).date(),
            standing(row.joining.state, row.joining.expires_at, now),
            in_london(row.joining.expires_at).date(),
        )
        for row in rows
    )


def _wanted(asked: _parts.Asked) -> Wanted:
    order, down = asked.order(joinings.ORDERS)
    state = asked.value("state")
    role = next((role.stored for role in Role if role.stored == asked.value("role")), "")
    return Wanted(asked.value("q"), state if state in STANDINGS else "", role, order, down)


def _filters(asked: _parts.Asked) -> tuple[Filter, ...]:
    roles = tuple(Choice(role.stored, role.value) for role in Role)
    states = tuple(Choice(key, words) for key, words in STANDINGS.items())
    return (
        Filter("q", "Name or e-mail address", asked.value("q")),
        Filter("state", "State", asked.value("state"), states),
        Filter("role", "Role", asked.value("role"), roles),
    )


def _line(row: Listed, member: Member, now: datetime) -> InvitationLine:
    one, here = row.joining, f"{_home(member)}/{row.joining.id}"
    state = standing(one.state, one.expires_at, now)
    until = spoken_date(in_london(one.expires_at).date())
    settled = spoken_date(in_london(one.settled_at).date()) if one.settled_at else ""
    return InvitationLine(
        name=one.name,
        email=one.email,
        roles=_roles(row),
        of=", ".join(part for part in (row.school, row.group) if part),
        asked=spoken_date(in_london(one.asked_at).date()) + (f", by {row.by}" if row.by else ""),
        state=STANDINGS[state],
        when={"waiting": f"until {until}", "run out": f"on {until}"}.get(state, f"on {settled}" if settled else ""),
        again=f"{here}/again" if state != "accepted" else "",
        withdraw=f"{here}/withdraw" if state == "waiting" else "",
        person=f"/hubs/{member.hub_code}/people/{one.person_id}" if one.person_id else "",
    )


def _roles(row: Listed) -> str:
    return ", ".join(role.value for role in Role if role.stored in row.joining.roles)


async def invite_form(db: AsyncSession, member: Member, now: datetime) -> PersonFormPage:
    """The empty form: three statements."""
    home = _home(member)
    schools = await directory.schools_of_hub(db, member.hub_id)
    year = academic_year(in_london(now).date())
    taking = await groups.codes_from(db, member, year)
    fields = _fields(schools, tuple(Choice(str(key), f"{code}, {spoken_year(of)}") for key, code, of in taking))
    return PersonFormPage("Invite people", Form(action=home, submit="Send the invitation", fields=fields), home)


def _fields(schools: dict[int, str], taking: tuple[Choice, ...]) -> tuple[Field, ...]:
    return (
        Field(name="name", label="Name", width="30"),
        Field(name="email", label="E-mail address", kind="email", width="30", hint="The invitation goes there."),
        Field(
            name="others",
            label="More people, with the same role",
            kind="textarea",
            hint=f"One on each line: name, e-mail address. At most {MOST_AT_ONCE}.",
        ),
        Field(
            name="roles",
            label="What they will do",
            kind="checkboxes",
            choices=tuple(Choice(role.stored, role.value, ROLE_HINTS[role]) for role in Role),
        ),
        Field(
            name="urn",
            label="School",
            kind="select",
            hint="Where they are head, or come from.",
            choices=(Choice("", "None"), *(Choice(str(urn), f"{name} ({urn})") for urn, name in schools.items())),
        ),
        Field(
            name="group",
            label="Work Group to take part in",
            kind="select",
            hint="For lead participants. They get a place at its meetings ahead when they accept.",
            choices=(Choice("", "None yet"), *taking),
        ),
        Field(
            name="note",
            label="A word from you, if you like",
            kind="textarea",
            hint=f"It stands in the message. At most {LONGEST_NOTE:,} characters.",
        ),
    )


def read_asking(typed: Typed) -> Asking:
    """The form as who is asked; raises BadInputError for lines that cannot be read."""
    reader = Reader(typed)
    others = reader.read("others", read_lines) or ()
    reader.finish()
    own = (Asked(typed.text("name"), typed.text("email")),) if typed.text("name") or typed.text("email") else ()
    stored, urn = set(typed.every("roles")), typed.text("urn")
    return Asking(
        people=(*own, *others),
        roles=tuple(role for role in Role if role.stored in stored),
        urn=int(urn) if urn.isascii() and urn.isdigit() and len(urn) < 9 else None,
        group_id=_id(typed.text("group")),
        note=typed.text("note"),
    )


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def asked_again(page: PersonFormPage, typed: Typed, faults: Sequence[Fault]) -> PersonFormPage:
    """The same form with what was typed, and beside each field what to change."""
    return replace(page, form=_parts.refilled(page.form, typed, faults))


async def withdraw_page(db: AsyncSession, member: Member, joining_id: uuid.UUID) -> LeavePage:
    """The question before an invitation is withdrawn; raises NotFoundError."""
    found = await joinings.one(db, member.hub_id, joining_id)
    if found is None:
        raise NotFoundError
    return LeavePage(
        Confirm(
            question=f"Withdraw the invitation to {found.joining.name}?",
            happens=(
                f"The link that was mailed to {found.joining.email} opens nothing any more.",
                "They are not told. You can send it again at any time.",
            ),
            action=f"{_home(member)}/{joining_id}/withdraw",
            submit="Withdraw it",
            back=_home(member),
        )
    )
