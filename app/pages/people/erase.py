"""Before somebody is erased: what goes, what stays and why, what cannot be reached; and a name to type."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.people.forgetting import pseudonym, sought
from app.domain.people.holding import Fate
from app.domain.people.holdings import BY_TABLE
from app.kit.errors import Fault, NotFoundError
from app.kit.typed import Typed
from app.pages._parts import Field, Form, refilled
from app.store.people import directory, forgetting, rights
from app.store.people.forgetting import Forgotten

BACKUPS = (
    (
        "Backups that were made before still name them until they are deleted, which whoever runs the server does on "
        "a fixed date. Restoring one brings them back: erase them once more then."
    ),
    (
        "Mail that has left, calendars on other people's devices until these fetch again, and files that somebody "
        "downloaded."
    ),
)


@dataclass(frozen=True, slots=True)
class FateLine:
    """What becomes of some rows: what they are, how many, why they stay where they do."""

    says: str
    count: int
    because: str


@dataclass(frozen=True, slots=True)
class ErasePage:
    """The question, with everything that will happen; without a form, `in_the_way` says why not yet."""

    template: ClassVar[str] = "people/erase.html"
    name: str
    back: str
    pseudonym: str
    goes: tuple[FateLine, ...]
    stays: tuple[FateLine, ...]
    named: tuple[FateLine, ...]
    unreachable: tuple[str, ...]
    in_the_way: str
    form: Form | None


async def erase_page(
    db: AsyncSession, member: Member, person_id: uuid.UUID, in_the_way: str, now: datetime
) -> ErasePage:
    """What erasing this person would do: six statements. Raises NotFoundError."""
    person = await directory.one(db, member, person_id)
    if person is None or person.erased_at:
        raise NotFoundError
    roles = [role for role, *_ in await directory.roles(db, person_id)]
    left = pseudonym(person_id, roles)
    account = await rights.address_of(db, person)
    what = Forgotten(person, sought(person.name, (person.email, account), person.phone), left, now)
    own = await forgetting.own_rows(db, person)
    named = await forgetting.named_in(db, what)
    lines = {
        table: FateLine(BY_TABLE[table].says or table.replace("_", " ").capitalize(), count, BY_TABLE[table].because)
        for table, count in own.items()
    }
    gone = {table for table in own if BY_TABLE[table].fate is Fate.DELETED}
    here = f"/hubs/{member.hub_code}/people/{person_id}"
    return ErasePage(
        name=person.name,
        back=here,
        pseudonym=left,
        goes=tuple(line for table, line in lines.items() if table in gone),
        stays=tuple(line for table, line in lines.items() if table not in gone),
        named=tuple(FateLine(_place(table), count, "") for table, count in named.items() if table != "person"),
        unreachable=BACKUPS,
        in_the_way=in_the_way,
        form=None if in_the_way else _form(f"{here}/erase"),
    )


def _place(table: str) -> str:
    return PLACES.get(table, table.replace("_", " ").capitalize())


PLACES = {
    "note_op": "Records, place by place",
    "note_version": "Submitted records",
    "note_answer": "Answers to records",
    "trail_entry": "The trail",
    "joining": "Invitations into the hub",
    "invitation": "Answers to events",
    "event": "Notes of events",
    "hub_school": "Notes of schools",
    "work_group": "Work Groups",
    "proposal": "Plans",
    "import": "Imports",
    "message": "Messages",
    "incoming_mail": "Mail that came in",
}


def _form(action: str) -> Form:
    fields = (
        Field(
            name="also",
            label="Other words by which they are known in this hub, if any",
            kind="textarea",
            hint="One a line: a nickname, an earlier name, a surname that nobody else has. They are taken out too.",
        ),
        Field(name="name", label="Type their full name to confirm", autocomplete="off"),
    )
    return Form(action=action, submit="Erase for good", fields=fields, warning=True)


def erase_again(page: ErasePage, typed: Typed, faults: Sequence[Fault]) -> ErasePage:
    """The page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults) if page.form else None)
