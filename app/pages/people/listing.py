"""The list of a hub's people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Role
from app.domain.people.working_days import in_words
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store.people import directory
from app.store.people.directory import PersonRow, Wanted

COLUMNS = (
    Column("name", "Name"),
    Column("", "Roles"),
    Column("", "Work Groups"),
    Column("base", "Base school"),
    Column("", "Works"),
    Column("email", "E-mail address"),
)
CSV_HEADER = ("name", "email", "roles", "work_groups", "base_school", "working_days", "left_on", "phone")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list."""

    name: str
    href: str
    roles: str
    groups: str
    base: str
    works: str
    email: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who works with the hub. `new`, `invite` and `invitations` are addresses for those who may add people."""

    template: ClassVar[str] = "people/list.html"
    listing: Listing
    people: tuple[PersonLine, ...]
    new: str
    invite: str
    invitations: str


async def people_page(db: AsyncSession, member: Member, asked: Asked) -> PeoplePage:
    """One page of the list: two statements."""
    wanted = _wanted(asked)
    total = await directory.count(db, member, wanted)
    paged = replace(wanted, limit=PAGE_SIZE, offset=(asked.page - 1) * PAGE_SIZE)
    rows = await directory.listed(db, member, paged)
    home = f"/hubs/{member.hub_code}/people"
    may_add = Reach.HUB in member.reaches(Can.EDIT_PEOPLE)
    empty = Empty(
        "The people of your hub will be here: those who lead, those who take part, headteachers.",
        "Add the first person" if may_add else "",
        f"{home}/new" if may_add else "",
    )
    return PeoplePage(
        listing=listing(asked, "People", COLUMNS, total=total, empty=empty, filters=_filters(asked)),
        people=tuple(_line(row, home) for row in rows),
        new=f"{home}/new" if may_add else "",
        invite=f"{home}/invitations/new" if may_add else "",
        invitations=f"{home}/invitations" if may_add else "",
    )


async def people_csv(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every person that the filters leave, one row each under CSV_HEADER."""
    rows = await directory.listed(db, member, _wanted(asked))
    return (
        (
            row.name,
            row.email,
            _roles(row),
            " ".join(row.groups),
            row.base,
            in_words(row.works),
            row.left_on,
            row.phone,
        )
        for row in rows
    )


def _wanted(asked: Asked) -> Wanted:
    order, down = asked.order(directory.ORDERS)
    role = next((role for role in Role if role.stored == asked.value("role")), None)
    return Wanted(asked.value("q"), role, asked.value("status") == "left", order, down)


def _filters(asked: Asked) -> tuple[Filter, ...]:
    roles = tuple(Choice(role.stored, role.value) for role in Role)
    left = (Choice("left", "Have left"),)
    return (
        Filter("q", "Name or e-mail address", asked.value("q")),
        Filter("role", "Role", asked.value("role"), roles),
        Filter("status", "Working with the hub", asked.value("status"), left),
    )


def _line(row: PersonRow, home: str) -> PersonLine:
    return PersonLine(
        name=row.name,
        href=f"{home}/{row.id}",
        roles=_roles(row),
        groups=", ".join(row.groups),
        base=row.base,
        works=in_words(row.works),
        email=row.email,
    )


def _roles(row: PersonRow) -> str:
    return ", ".join(role.value for role in Role if role.stored in row.roles)
