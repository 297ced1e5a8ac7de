"""A record on paper and in files: its form to fill in, and its agreed summary."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings import states
from app.domain.notes.papers import Filler, Row, rows, unique_names
from app.domain.notes.sheets import Made
from app.domain.notes.summaries import Summary, blocks
from app.kit.errors import NotFoundError
from app.kit.ids import new_id
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.render.notes import pdf, sheet
from app.store.notes import about, reading, versions
from app.store.notes.about import About
from app.store.notes.versions import Submitted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}
PARTS = {"leads": "leads", "observed": "is observed", "comes": ""}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be downloaded."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """The agreed summary; without one, `missing` says what is missing and `turn` whose turn it is."""

    template: ClassVar[str] = "notes/summary.html"
    heading: str
    kind: str
    day: str
    hours: str
    summary: Summary | None
    missing: str
    turn: str
    record: str  # the record's address, for those who read it; else empty
    event: str
    pdf: str
    docx: str


async def workbook(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> Paper:
    """The form as a spreadsheet, with what stands in it now. Raises NotFoundError."""
    record, filler, found = await _filled_form(db, member, event_id)
    made = Made(record.id, new_id(), record.form.version, record.rev, int(now.timestamp() * 1000))
    head = sheet.Head(_heading(record), spoken_date(record.day), member.name, made, now)
    data = await asyncio.to_thread(sheet.to_xlsx, head, found, sorted(filler.names.values()))
    return Paper(_name("form", record, "xlsx"), XLSX, data)


async def printed_form(db: AsyncSession, member: Member, event_id: uuid.UUID, now: datetime) -> Paper:
    """The form to be filled in by hand. Raises NotFoundError."""
    record, _, found = await _filled_form(db, member, event_id)
    printed = pdf.Printed(
        title=_heading(record),
        kind=KINDS[record.kind],
        day=spoken_date(record.day),
        hours=spoken_hours(record.starts_at, record.ends_at),
        who=member.name,
        intros={section.title: section.intro for section in record.form.sections},
    )
    return Paper(_name("form", record, "pdf"), PDF, await asyncio.to_thread(pdf.form_pdf, printed, found, now))


async def _filled_form(db: AsyncSession, member: Member, event_id: uuid.UUID) -> tuple[About, Filler, list[Row]]:
    record = await about.readable(db, member, event_id)
    if record is None:
        raise NotFoundError
    standing = (await reading.heads(db, [event_id], {member.person_id}))[event_id]
    names = unique_names((one.id, one.name, one.school) for one in record.people)
    filler = Filler(member.person_id, names, lambda: str(new_id()))
    return record, filler, rows(record.form, standing, filler)


async def summary_page(db: AsyncSession, member: Member, event_id: uuid.UUID) -> SummaryPage:
    """The agreed summary, or what is missing for one. Raises NotFoundError."""
    record, known = await _summarised(db, member, event_id)
    here = f"/hubs/{member.hub_code}/events/{event_id}"
    reads = await about.readable(db, member, event_id) is not None
    agreed = _agreed(known)
    summary = await _summary(db, record, agreed, with_tries=reads) if agreed else None
    missing, turn = ("", "") if summary else _missing(record, known)
    return SummaryPage(
        heading=_heading(record),
        kind=KINDS[record.kind],
        day=spoken_date(record.day),
        hours=spoken_hours(record.starts_at, record.ends_at),
        summary=summary,
        missing=missing,
        turn=turn,
        record=f"{here}/note" if reads else "",
        event=here,
        pdf=f"{here}/note/summary.pdf" if summary else "",
        docx=f"{here}/note/summary.docx" if summary else "",
    )


async def summary_pdf(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Paper | None:
    """The agreed summary as PDF; None before anything is agreed. Raises NotFoundError."""
    found = await _whole(db, member, event_id)
    if found is None:
        return None
    record, summary, at = found
    return Paper(_name("summary", record, "pdf"), PDF, await asyncio.to_thread(pdf.summary_pdf, summary, at))


async def summary_docx(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Paper | None:
    """The agreed summary for Word; None before anything is agreed. Raises NotFoundError."""
    found = await _whole(db, member, event_id)
    if found is None:
        return None
    from app.render.notes import word  # its library costs every start a tenth of a second

    record, summary, at = found
    return Paper(_name("summary", record, "docx"), DOCX, await asyncio.to_thread(word.summary_docx, summary, at))


async def _whole(db: AsyncSession, member: Member, event_id: uuid.UUID) -> tuple[About, Summary, datetime] | None:
    record, known = await _summarised(db, member, event_id)
    agreed = _agreed(known)
    if agreed is None or agreed.agreed_at is None:
        return None
    reads = await about.readable(db, member, event_id) is not None
    return record, await _summary(db, record, agreed, with_tries=reads), agreed.agreed_at


async def _summarised(db: AsyncSession, member: Member, event_id: uuid.UUID) -> tuple[About, list[Submitted]]:
    record = await about.answerable(db, member, event_id)
    if record is None:
        raise NotFoundError
    return record, await versions.of_event(db, event_id)


def _agreed(known: Sequence[Submitted]) -> Submitted | None:
    """The newest agreed version."""
    return next((one for one in reversed(known) if one.agreed_at), None)


async def _summary(db: AsyncSession, record: About, version: Submitted, *, with_tries: bool) -> Summary:
    places = await versions.content(db, record.id, version.number) or ()
    return Summary(
        heading=_heading(record),
        kind=KINDS[record.kind],
        day=spoken_date(record.day),
        hours=spoken_hours(record.starts_at, record.ends_at),
        version=f"Version {version.number} of the record, submitted on {spoken(version.at)}.",
        people=tuple(_person(one) for one in record.people if one.part != "heads"),
        agreed=tuple(_agreement(version)),
        superseded=_superseded(record, version),
        blocks=blocks(record.form, places, record.names, with_tries=with_tries),
    )


def _person(one: about.Someone) -> str:
    return ", ".join(word for word in (one.name, one.school, PARTS.get(one.part, "")) if word)


def _agreement(version: Submitted) -> list[str]:
    answers = [(answer, name) for answer, name in version.answers if answer.agrees and answer.person != version.by]
    said = [f"{version.by_name}, by submitting it on {spoken(version.at)}"]
    return said + [f"{name}, on {spoken(answer.at)}" for answer, name in answers]


def _superseded(record: About, version: Submitted) -> str:
    if version.superseded_at:
        return f"This version no longer counts since {spoken(version.superseded_at)}: a correction took its place."
    if record.state in {"correcting", "submitted"}:
        because = f" Because: {record.because}" if record.because else ""
        return f"This is being corrected, and the correction is not agreed yet.{because}"
    return ""


def _missing(record: About, known: Sequence[Submitted]) -> tuple[str, str]:
    """What is missing before there is a summary, and whose turn it is."""
    if record.status == "cancelled":
        return "This was cancelled, so nothing was agreed.", ""
    if not record.begun:
        return (
            "Nobody has written in this record yet.",
            f"{record.lead} and the others write, then {record.lead} submits it.",
        )
    last = known[-1] if known else None
    if record.state != "submitted" or last is None:
        return (
            "The record is not submitted yet.",
            f"It is the turn of {record.lead}: submitting it asks the others to agree.",
        )
    if any(not answer.agrees for answer, _ in last.answers):
        wanted = next(name for answer, name in last.answers if not answer.agrees)
        return f"{wanted} asked for a change to version {last.number}.", f"It is the turn of {record.lead}."
    others = sorted(name for key, name in record.names.items() if key in record.sides.other)
    turn = f"It is the turn of {_one_of(others)}." if others else ""
    return f"Version {last.number} waits for the other side to agree.", turn


def _one_of(names: Sequence[str]) -> str:
    if len(names) < 2:
        return names[0] if names else ""
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _heading(record: About) -> str:
    return states.says(
        record.kind,
        school=record.school,
        group=record.group,
        lead=record.lead,
        teacher=record.teacher,
        online=record.online,
    )


def _name(what: str, record: About, ending: str) -> str:
    """A file name without anybody's name in it."""
    return f"{record.kind}-{record.day.isoformat()}-{what}.{ending}"
