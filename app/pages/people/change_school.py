"""A change of school: where to and from when, then what becomes of each Work Group."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member, Role
from app.domain.imports import read_date
from app.domain.people.moving_school import HEADS, Moving, Part, head_of
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken_date
from app.kit.typed import Reader, Typed
from app.pages._parts import Choice, Field, Form
from app.store.meetings import changing_school
from app.store.people import directory

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ChangeSchoolPage:
    """First the school and the day (`first`, asked by the address), then what that means and the form to do it."""

    template: ClassVar[str] = "people/change_school.html"
    name: str
    now_at: str
    back: str
    action: str
    first: tuple[Field, ...]
    happens: tuple[str, ...]
    form: Form | None
    faults: tuple[Fault, ...]


async def change_school_page(
    db: AsyncSession, member: Member, person_id: uuid.UUID, ask: Ask, now: datetime, faults: Sequence[Fault] = ()
) -> ChangeSchoolPage:
    """The page; raises NotFoundError."""
    person = await directory.one(db, member, person_id)
    if person is None:
        raise NotFoundError
    schools = await directory.schools_of_hub(db, member.hub_id)
    here, today = f"/hubs/{member.hub_code}/people/{person_id}", in_london(now).date()
    new = next((urn for urn in schools if str(urn) == ask("urn") and urn != person.base_urn), None)
    day = _day(ask("day"), today)
    said = {fault.path: fault.because for fault in faults}
    if ask("urn") and new is None:
        said.setdefault("urn", f"Choose another school than the one {person.name} is at.")
    if day is None:
        said.setdefault("day", "Write the day like 4 January 2027.")
    parts = await changing_school.parts(db, person_id, academic_year(today), new) if new else []
    heads = [name for role, urn, name in await directory.roles(db, person_id) if role is Role.HEADTEACHER and urn]
    ready = new is not None and day is not None
    return ChangeSchoolPage(
        name=person.name,
        now_at=schools.get(person.base_urn or 0, ""),
        back=here,
        action=f"{here}/change-school",
        first=_first(schools, person.base_urn, ask, (day or today, said)),
        happens=_happens(person.name, parts, schools[new], day) if new and day else (),
        form=_form(f"{here}/change-school", _fields(parts, heads, ask, said), ask) if ready else None,
        faults=tuple(Fault(path, because) for path, because in said.items()),
    )


def _day(text: str, today: date) -> date | None:
    try:
        return read_date(text) if text else today
    except ValueError:
        return None


def _first(schools: dict[int, str], at: int | None, ask: Ask, known: tuple[date, dict[str, str]]) -> tuple[Field, ...]:
    day, said = known
    choices = (Choice(str(urn), f"{name} ({urn})") for urn, name in schools.items() if urn != at)
    return (
        Field(
            name="urn",
            label="New school",
            kind="select",
            value=ask("urn"),
            fault=said.get("urn", ""),
            hint="A school that is missing here is added under Schools first.",
            choices=(Choice("", "Choose a school"), *choices),
        ),
        Field(name="day", label="From which day", kind="date", value=str(day), width="10", fault=said.get("day", "")),
    )


def _happens(name: str, parts: Sequence[Part], school: str, day: date) -> tuple[str, ...]:
    said = [f"From {spoken_date(day)} {name} is at {school}. What was before stays as it was."]
    for part in parts:
        if part.school != school and not part.member:
            because = f"{school} is not in {part.code}, so they leave it, and their places from that day on are free."
            said.append(because)
    return (*said, "Lesson observations at the old school from that day on are cancelled.", f"{name} is told by mail.")


def _fields(parts: Sequence[Part], heads: Sequence[str], ask: Ask, said: dict[str, str]) -> tuple[Field, ...]:
    fields = [
        Field(
            name=f"group-{part.group_id}",
            label=f"Work Group {part.code}, where they come from {part.school} now",
            kind="radios",
            value=ask(f"group-{part.group_id}") or "keep",
            choices=(Choice("keep", "Go on, from the new school"), Choice("leave", "Leave it")),
        )
        for part in parts
        if part.member
    ]
    if heads:
        choices = tuple(Choice(key, words) for key, words in HEADS.items())
        label = f"Headteacher of {', '.join(heads)} now"
        fault = said.get("head", "")
        fields.append(Field(name="head", label=label, kind="radios", value=ask("head"), choices=choices, fault=fault))
    return tuple(fields)


def _form(action: str, fields: tuple[Field, ...], ask: Ask) -> Form:
    return Form(
        action=action,
        submit="Change their school",
        fields=fields,
        kept=(("urn", ask("urn")), *((("day", ask("day")),) if ask("day") else ())),
    )


def read_moving(typed: Typed, today: date) -> Moving:
    """The form as a change of school; raises BadInputError."""
    reader = Reader(typed)
    day = reader.read("day", lambda text: read_date(text) if text else today)
    reader.finish()
    urn = typed.text("urn")
    if day is None or not (urn.isascii() and urn.isdigit() and len(urn) < 9):
        raise BadInputError("Look at what is marked below.", (Fault("urn", "Choose one of the hub's schools."),))
    leaves = [name.removeprefix("group-") for name in typed.values if typed.text(name) == "leave"]
    return Moving(int(urn), day, frozenset(filter(None, map(_id, leaves))), head_of(typed.text("head")))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
