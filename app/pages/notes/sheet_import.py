"""Bringing a filled form back: the form for the file, and what became of each row."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings import states
from app.domain.notes.applying import LOCKED
from app.kit.errors import ForbiddenError, NotFoundError
from app.kit.periods import spoken_date
from app.pages._parts import Field, Form
from app.store.notes import about

NOT_YOURS = "You do not take part in this, so you cannot write in its record."


class Became(Protocol):
    """A row of a filled form and what became of it."""

    @property
    def row(self) -> int:
        """Its number in the file."""

    @property
    def question(self) -> str:
        """Which question it answers."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def outcome(self) -> str:
        """What became of it."""

    @property
    def because(self) -> str:
        """Why it was not saved."""

    @property
    def saved(self) -> bool:
        """Whether it is in the record."""

    @property
    def apart(self) -> bool:
        """Whether another text stands beside it now."""


@dataclass(frozen=True, slots=True)
class RowTold:
    """One changed row, and what became of it."""

    row: int
    question: str
    text: str
    outcome: str
    because: str
    saved: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form for the file; after a file, `said` sums up what became of it and `rows` tell of each changed row."""

    template: ClassVar[str] = "notes/import.html"
    heading: str
    day: str
    back: str
    workbook: str
    locked: str
    form: Form
    said: str = ""
    rows: tuple[RowTold, ...] = ()
    some_apart: bool = False


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID) -> ImportPage:
    """The form for a file. Raises NotFoundError, and ForbiddenError for readers who do not take part."""
    record = await about.readable(db, member, event_id)
    if record is None:
        raise NotFoundError
    if member.person_id not in record.sides.takers:
        raise ForbiddenError(NOT_YOURS)
    here = f"/hubs/{member.hub_code}/events/{event_id}/note"
    hint = "The spreadsheet that you downloaded from this record and filled in."
    return ImportPage(
        heading=states.says(
            record.kind,
            school=record.school,
            group=record.group,
            lead=record.lead,
            teacher=record.teacher,
            online=record.online,
        ),
        day=spoken_date(record.day),
        back=here,
        workbook=f"{here}/form.xlsx",
        locked=LOCKED if record.state == "agreed" else "",
        form=Form(
            action=f"{here}/import",
            submit="Bring it in",
            upload=True,
            fields=(Field(name="file", label="The filled form", kind="file", hint=hint),),
        ),
    )


def asked_again(page: ImportPage, form: Form) -> ImportPage:
    """The same page around a form that says what is wrong with the file."""
    return replace(page, form=form)


def with_rows(page: ImportPage, became: Sequence[Became]) -> ImportPage:
    """The page after a file: those rows first that were not saved, so that their words can be copied."""
    ordered = sorted(became, key=lambda one: (one.saved, not one.apart, one.row))
    rows = tuple(
        RowTold(one.row, one.question, one.text, one.outcome, one.because, one.saved, one.apart) for one in ordered
    )
    return replace(page, said=_said(rows), rows=rows, some_apart=any(one.apart for one in rows))


def _said(rows: Sequence[RowTold]) -> str:
    if not rows:
        return "Nothing in this file differs from the form as it was downloaded, so nothing changed."
    saved = sum(one.saved for one in rows)
    left = len(rows) - saved
    said = "1 answer is in the record." if saved == 1 else f"{saved} answers are in the record."
    if not left:
        return said
    return f"{said} {left} could not be saved: {'it is' if left == 1 else 'they are'} first in the list below."
