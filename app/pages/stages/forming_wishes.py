"""What the lead wishes before groups are formed anew: who is with whom, led by whom, may wait; how many each leads."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.forming_pins import EVERY, KINDS, ROWS, Pins, Rule, read_pins, rules_of
from app.kit.errors import ConflictError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Typed
from app.pages._parts import Choice, Field
from app.pages.stages.forming_known import known
from app.store.stages.formings import FormingRow


@dataclass(frozen=True, slots=True)
class Kept:
    """A wish that holds; `on` while its box is ticked."""

    value: str
    says: str
    on: bool


@dataclass(frozen=True, slots=True)
class NewRow:
    """One empty row: which school, what, with which school or leader."""

    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FormingPinsPage:
    """The form: wishes that hold, rows for new ones, how many groups each can lead."""

    template: ClassVar[str] = "stages/forming_pins.html"
    address: str
    back: str
    heading: str
    because: tuple[str, ...]
    moves: int
    kept: tuple[Kept, ...]
    rows: tuple[NewRow, ...]
    leaders: tuple[Field, ...]
    faults: tuple[Fault, ...]
    names: tuple[str, ...]


async def load(
    db: AsyncSession,
    member: Member,
    forming_id: uuid.UUID,
    typed: Typed | None = None,
    faults: Sequence[Fault] = (),
) -> FormingPinsPage:
    """The form, or the form again as it was typed: one statement. Raises NotFoundError, ConflictError when used."""
    row = await _open(db, member, forming_id)
    here = f"/hubs/{member.hub_code}/formings/{row.id}"
    said = {fault.path: fault.because for fault in reversed(faults)}
    rows = tuple(_row(row, number, typed, said) for number in range(ROWS))
    leaders = tuple(_leaders(row, typed, said))
    return FormingPinsPage(
        address=f"{here}/pins",
        back=here,
        heading=f"Work Groups for {spoken_year(row.year)}",
        because=row.because,
        moves=len(row.steps),
        kept=tuple(_kept(row, rule, typed) for rule in rules_of(row.problem)),
        rows=rows,
        leaders=leaders,
        faults=tuple(faults),
        names=tuple(one.name for one in (*leaders, *(field for each in rows for field in each.fields))),
    )


async def read(db: AsyncSession, member: Member, forming_id: uuid.UUID, typed: Typed) -> tuple[int, Pins]:
    """The year and the wishes that the form sends. Raises NotFoundError, ConflictError, or BadInputError."""
    row = await _open(db, member, forming_id)
    schools = [one["id"] for one in row.problem.get("schools", ())]
    leaders = [one["person"] for one in row.problem.get("specialists", ())]
    return row.year, read_pins(typed, schools, leaders)


async def _open(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> FormingRow:
    row = await known(db, member, forming_id)
    if row.status == "used":
        raise ConflictError("Work Groups were made of these already. Change them on their own pages.")
    return row


def spoken_rule(rule: Rule, names: Mapping[str, str]) -> str:
    """Ashfield Primary is led by Otto March."""
    school = "Every school" if rule.school == EVERY else names.get(rule.school, rule.school)
    other = f" {names.get(rule.other, rule.other)}" if rule.other else ""
    return f"{school} {KINDS[rule.kind]}{other}"


def _kept(row: FormingRow, rule: Rule, typed: Typed | None) -> Kept:
    on = typed is None or rule.written in typed.every("keep")
    return Kept(rule.written, spoken_rule(rule, row.names), on)


def _row(row: FormingRow, number: int, typed: Typed | None, said: Mapping[str, str]) -> NewRow:
    schools = sorted(
        (Choice(one["id"], row.names.get(one["id"], one["id"])) for one in row.problem.get("schools", ())),
        key=lambda one: one.text.casefold(),
    )
    leaders = sorted(
        (Choice(one["person"], row.names.get(one["person"], "")) for one in row.problem.get("specialists", ())),
        key=lambda one: one.text.casefold(),
    )
    none = Choice("", "Choose")
    every = Choice(EVERY, "Every school (for: may wait)")

    def field(name: str, label: str, choices: Sequence[Choice]) -> Field:
        key = f"{name}_{number}"
        value = typed.text(key) if typed else ""
        return Field(name=key, label=label, kind="select", value=value, choices=tuple(choices), fault=said.get(key, ""))

    kinds = [Choice(kind, words[0].upper() + words[1:]) for kind, words in KINDS.items()]
    return NewRow(
        number + 1,
        (
            field("school", "School", (none, *schools, every)),
            field("kind", "What you wish", (Choice("", "Choose"), *kinds)),
            field("other", "Other school", (none, *schools)),
            field("leader", "Leader", (none, *leaders)),
        ),
    )


def _leaders(row: FormingRow, typed: Typed | None, said: Mapping[str, str]) -> list[Field]:
    found: list[dict[str, Any]] = list(row.problem.get("specialists", ()))
    fields = [
        Field(
            name=f"most_{one['person']}",
            label=row.names.get(one["person"], one["person"]),
            kind="number",
            value=typed.text(f"most_{one['person']}") if typed else str(one["most"]),
            hint=_hint(row, one),
            width="2",
            fault=said.get(f"most_{one['person']}", ""),
        )
        for one in found
    ]
    return sorted(fields, key=lambda one: one.label.casefold())


def _hint(row: FormingRow, one: Mapping[str, Any]) -> str:
    """For which programmes, where not for all."""
    leads = set(one["programmes"])
    lacks = {each["id"] for each in row.problem["programmes"]} - leads
    if not leads or not lacks:
        return ""
    said, kinds = ("All but", lacks) if len(lacks) < len(leads) else ("For", leads)
    return f"{said} {', '.join(sorted(row.names.get(kind, kind) for kind in kinds))}."
