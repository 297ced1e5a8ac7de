"""What we hold about me: by kind, in words, with where to look and how long it stays; and all of it as one file."""

import asyncio
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Viewer
from app.domain.people.holding import Fate, Holding
from app.domain.people.retention import months_of, spoken_months
from app.kit.periods import in_london, spoken_date
from app.pages._parts import Choice, Field, Form
from app.pages.notes import papers
from app.pages.people.photos import SaidLine, history_lines
from app.render.people import Kind, Paper, bundle
from app.store.people import held, keeping, rights
from app.store.people.held import Count

HERE = "/my/data"
MOST_PAPERS = 60  # summaries in one file; the others are a click away from the records
LINKS = {
    "account": "/my/account",
    "session": "/my/account",
    "passkey": "/my/account",
    "feed": "/my/calendar",
    "booking": "/my/dates",
    "invitation": "/my/dates",
    "certificate": "/my/certificates",
    "message": "/my/messages",
    "mail_choice": "/my/messages",
    "note_op": "/my/records",
    "note_version": "/my/records",
    "note_answer": "/my/records",
    "note_photo": "/my/records",
    "note_device": "/my/notes",
    "gap_task": "/my/tasks",
    "reflection": "/my/reflections",
    "rights_request": "/my/data/requests",
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One kind of what is held: how much, the newest, where to look, how long it stays, what erasure does to it."""

    says: str
    count: int
    newest: datetime | None
    href: str
    keeps: str
    erased: str


@dataclass(frozen=True, slots=True)
class HeldIn:
    """What one hub holds; `notice` is its privacy notice. The account's own has no hub."""

    name: str
    notice: str
    lines: tuple[HeldLine, ...]
    photos: Form | None
    history: tuple[SaidLine, ...]


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """What we hold about me, hub by hub, and what I can do about it."""

    template: ClassVar[str] = "people/my_data.html"
    parts: tuple[HeldIn, ...]
    copy: str
    ask: str
    looked: str


def _keeps(one: Holding, months: Mapping[str, int] | None) -> str:
    if not one.record or months is None:
        return "As long as your account" if one.account else "As long as what it belongs to"
    if not months[one.record]:
        return "Until you leave the hub"
    since = "in which you leave" if one.record == "people" else ""
    return f"{spoken_months(months[one.record])} after the end of the academic year {since}".strip()


def _erased(one: Holding) -> str:
    return "Goes" if one.fate is Fate.DELETED else f"{one.fate.value.capitalize()}. {one.because}"


async def my_data_page(db: AsyncSession, viewer: Viewer) -> MyDataPage:
    """Every kind with how much there is: three statements, and four a hub."""
    parts = []
    for member in viewer.members:
        months = months_of(await keeping.own_months(db, member.hub_id))
        found = await held.counts(db, member.person_id, account=False)
        history = await rights.history(db, person_id=member.person_id)
        parts.append(
            HeldIn(
                member.hub_name,
                f"/privacy/{member.hub_code}",
                tuple(_line(one, found[one.table], months, member) for one in held.SHOWN if one.table in found),
                _photos_form(member, history),
                history_lines(history),
            )
        )
    if viewer.account_id:
        found = await held.counts(db, viewer.account_id, account=True)
        lines = tuple(_line(one, found[one.table], None, None) for one in held.SHOWN if one.table in found)
        parts.append(HeldIn("", "", lines, None, ()))
    return MyDataPage(tuple(parts), f"{HERE}.zip", f"{HERE}/requests", "/my/who-looked")


def _line(one: Holding, count: Count, months: Mapping[str, int] | None, member: Member | None) -> HeldLine:
    href = LINKS.get(one.table, "")
    if member and one.table == "person" and member.reaches(Can.SEE_PEOPLE):
        href = f"/hubs/{member.hub_code}/people/{member.person_id}"
    return HeldLine(one.says, count.count, count.newest, href, _keeps(one, months), _erased(one))


def _photos_form(member: Member, history: Sequence[rights.Said]) -> Form:
    field = Field(
        name="photos",
        label=f"May photos that show you be kept in records of {member.hub_name}?",
        kind="radios",
        hint="Whoever adds a photo is told. You can change this whenever you like; photos that are there are taken out "
        "when you ask.",
        choices=(Choice("yes", "Yes"), Choice("no", "No")),
        value="" if not history else "yes" if history[0].given else "no",
    )
    return Form(action=f"{HERE}/photos", submit="Save", fields=(field,), kept=(("hub", member.hub_code),))


async def my_data_file(db: AsyncSession, viewer: Viewer, now: datetime) -> IO[bytes]:
    """Everything that is held, to take away: rows as JSON, papers as PDF, and a page to read them by."""
    kinds: list[Kind] = []
    found: list[Paper] = []
    for member in viewer.members:
        months = months_of(await keeping.own_months(db, member.hub_id))
        kinds += await _kinds(db, member.hub_name, member.person_id, months)
        found += await _papers(db, member)
    if viewer.account_id:
        kinds += await _kinds(db, "Your account", viewer.account_id, None)
    title = f"What is held about {viewer.members[0].name if viewer.members else viewer.email}"
    title += f" on {spoken_date(in_london(now).date())}"
    return await asyncio.to_thread(bundle, title, kinds, found)


async def _kinds(db: AsyncSession, hub: str, key: uuid.UUID, months: Mapping[str, int] | None) -> list[Kind]:
    raw = {}
    for one in held.SHOWN:
        if one.account == (months is None):
            raw[one.table] = await held.rows(db, one, key)
    ids = {value for rows in raw.values() for row in rows for value in row.values() if _is_id(value)}
    names = await held.names(db, ids)
    return [
        Kind(hub, one.says, _keeps(one, months), [_readable(row, names) for row in raw[one.table]])
        for one in held.SHOWN
        if raw.get(one.table)
    ]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


def _readable(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A row with plain names, and names for ids; an id that has no name says nothing to anybody."""
    told = {}
    for column, value in row.items():
        if _is_id(value):
            if value in names:
                told[column.removesuffix("_id").replace("_", " ")] = names[value]
        elif value not in (None, "", [], {}):
            told[column.replace("_", " ")] = value
    return told


async def _papers(db: AsyncSession, member: Member) -> list[Paper]:
    found = [Paper(f"certificate-{code}.pdf", data) for code, data in await held.certificates(db, member.person_id)]
    for event_id in (await held.agreed_events(db, member.person_id))[:MOST_PAPERS]:
        paper = await papers.summary_pdf(db, member, event_id)
        if paper:
            found.append(Paper(f"{str(event_id)[-6:]}-{paper.name}", paper.data))
    return found
