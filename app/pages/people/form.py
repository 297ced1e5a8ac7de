"""The form for a person, new or known."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Role
from app.domain.imports import read_date, read_urn
from app.domain.people.working_days import EXAMPLE, in_words, read_working_days
from app.domain.people.written import WrittenPerson
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.typed import Reader, Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.store.people import directory

ROLE_HINTS = {
    Role.HUB_LEAD: "sees and changes everything in the hub",
    Role.ASSISTANT_LEAD: "sees and changes everything in the hub",
    Role.COORDINATOR: "sees and changes everything in the hub",
    Role.READINESS_LEAD: "sees the hub, changes their own visits",
    Role.SPECIALIST: "sees the hub, changes their own groups and dates",
    Role.PARTICIPANT: "sees their own groups and dates",
    Role.HEADTEACHER: "sees what concerns their school",
    Role.BOARD: "sees the hub in numbers",
}


@dataclass(frozen=True, slots=True)
class PersonFormPage:
    """Adds a person or changes one; `back` is where to go without saving."""

    template: ClassVar[str] = "people/form.html"
    title: str
    form: Form
    back: str


async def person_form(db: AsyncSession, member: Member, person_id: uuid.UUID | None) -> PersonFormPage:
    """The form: empty without an id. Raises NotFoundError."""
    home = f"/hubs/{member.hub_code}/people"
    schools = await directory.schools_of_hub(db, member.hub_id)
    cohorts = await directory.cohort_numbers(db, member.hub_id)
    fields = _fields(schools, cohorts)
    if person_id is None:
        return PersonFormPage("Add a person", Form(action=home, submit="Add this person", fields=fields), home)
    person = await directory.one(db, member, person_id)
    if person is None:
        raise NotFoundError
    held = await directory.roles(db, person_id)
    known = {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "works": in_words(person.works),
        "base_urn": str(person.base_urn or ""),
        "cohort": str(person.cohort_id or ""),
        "head_of": " ".join(str(urn) for _role, urn, _name in held if urn),
    }
    chosen = {"roles": tuple({role.stored: None for role, _urn, _name in held})}
    form = Form(
        action=f"{home}/{person_id}/edit",
        submit="Save",
        fields=tuple(replace(one, value=known.get(one.name, ""), chosen=chosen.get(one.name, ())) for one in fields),
        kept=(("version", str(person.version)),),
    )
    return PersonFormPage(f"Change {person.name}", form, f"{home}/{person_id}")


def _fields(schools: dict[int, str], cohorts: dict[uuid.UUID, int]) -> tuple[Field, ...]:
    nowhere, none = Choice("", "Not at a school of the hub"), Choice("", "None")
    return (
        Field(name="name", label="Name", width="30"),
        Field(name="email", label="E-mail address", kind="email", width="30", hint="They sign in with it."),
        Field(
            name="phone",
            label="Telephone, if you like",
            width="20",
            hint="For the morning of a meeting. The office, leaders of their Work Groups and they themselves see it.",
        ),
        Field(
            name="roles",
            label="What they do",
            kind="checkboxes",
            choices=tuple(Choice(role.stored, role.value, ROLE_HINTS[role]) for role in Role),
        ),
        Field(
            name="head_of",
            label="Head of (for a headteacher)",
            hint="The school's URN, such as 143308. Several with blanks between them.",
            width="20",
        ),
        Field(
            name="works",
            label="Works on",
            hint=f"For example {EXAMPLE}, or Mon-Fri. Empty: every day.",
            width="30",
        ),
        Field(
            name="base_urn",
            label="Base school",
            kind="select",
            hint="Where their days begin, for travel.",
            choices=(nowhere, *(Choice(str(urn), f"{name} ({urn})") for urn, name in schools.items())),
        ),
        Field(
            name="cohort",
            label="Specialist cohort",
            kind="select",
            choices=(none, *(Choice(str(key), f"Cohort {number}") for key, number in cohorts.items())),
        ),
    )


def asked_again(page: PersonFormPage, typed: Typed, faults: Sequence[Fault]) -> PersonFormPage:
    """The same form with what was typed, and beside each field what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def read_person(typed: Typed) -> WrittenPerson:
    """The form as a person; raises BadInputError for texts that cannot be read."""
    reader = Reader(typed)
    works = reader.read("works", lambda text: read_working_days(text or "Mon-Fri"))
    head_of = reader.read("head_of", _urns)
    base = reader.read("base_urn", _urns)
    reader.finish()
    stored = set(typed.every("roles"))
    return WrittenPerson(
        name=typed.text("name"),
        email=typed.text("email"),
        phone=typed.text("phone"),
        roles=tuple(role for role in Role if role.stored in stored),
        head_of=head_of or (),
        works=works or {},
        base_urn=base[0] if base else None,
        cohort=typed.text("cohort"),
    )


def _urns(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(read_urn(word) for word in text.replace(",", " ").split()))


def read_days_away(typed: Typed) -> tuple[date, date, str]:
    """First and last day and why; one day when the last is empty. Raises BadInputError."""
    reader = Reader(typed)
    first = reader.read("first", read_date)
    last = reader.read("last", lambda text: read_date(text) if text else first)
    reader.finish()
    if first is None or last is None:
        raise BadInputError("Look at what is marked below.")
    return first, last, typed.text("why")
