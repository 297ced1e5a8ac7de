"""The ledger as files: a selection of lines, or one statement, as XLSX, CSV, PDF or JSON."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.pence import pounds
from app.domain.funding.selection import About, Kept, Wanted
from app.domain.funding.standing import file_stem
from app.domain.funding.statements import DONE_WORDS, STATE_WORDS, State, Step
from app.kit.errors import BadInputError, NotFoundError
from app.kit.periods import spoken, spoken_date, spoken_year
from app.pages._parts import Asked
from app.pages.funding.selection import read
from app.render.funding.files import MEDIA_TYPES, Sink, sink
from app.render.funding.paper import MOST_LINES, TOO_LONG, Head, paper_pdf
from app.store.funding import explained, statements
from app.store.funding import selecting as rows
from app.store.funding.selecting import Selecting
from app.store.funding.statements import Row, StepRow

IN_MEMORY = 1_000_000  # bytes; a longer file lies on the disk while it is sent


@dataclass(frozen=True, slots=True)
class File:
    """A file that is sent and then gone: its name, what it is, and its bytes from the beginning."""

    name: str
    media_type: str
    data: IO[bytes]


def _empty() -> IO[bytes]:
    return cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))


async def lines_file(db: AsyncSession, member: Member, asked: Asked, form: str, now: datetime) -> File:
    """The lines that an address selects. Raises BadInputError."""
    selected = read(asked, now)
    chosen = await rows.selecting(db, member.hub_id, selected)
    about = await explained.about(db, chosen, explained.Asked(reasons=form in {"xlsx", "json"}), now)
    name = f"ledger-{member.hub_code}"
    if selected.span:
        name += f"-{selected.span.first.isoformat()}-to-{selected.span.last.isoformat()}"
    if form == "pdf":
        head = Head(about.title, about.hub, tuple(("", one) for one in about.says), (), "")
        return await _paper(db, chosen, (head, about), name)
    return await _file(db, chosen, (about, form), name)


async def statement_file(db: AsyncSession, member: Member, statement_id: uuid.UUID, form: str, now: datetime) -> File:
    """One statement with its lines, where the member may see it. Raises NotFoundError or BadInputError."""
    found = await statements.one(db, member, statement_id)
    if found is None:
        raise NotFoundError
    row = found.row
    chosen = await rows.selecting(db, member.hub_id, Wanted(statement_id=statement_id))
    about = await explained.about_statement(db, chosen, row.reference, now)
    name = f"statement-{file_stem(row.reference)}"
    if form == "pdf":
        head = _head(about, found, await statements.steps(db, statement_id), await _where(db, found))
        return await _paper(db, chosen, (head, about), name)
    return await _file(db, chosen, (about, form), name)


async def _where(db: AsyncSession, found: Row) -> str:
    return await explained.is_at(db, found.row.urn) if found.row.urn else ""


def _head(about: About, found: Row, steps: list[StepRow], where: str) -> Head:
    row, state = found.row, State(found.row.state)
    facts = [("Statement", row.reference), ("State", STATE_WORDS[state])]
    if row.urn:
        school = f"{found.school}, URN {row.urn}" + (f", {where}" if where else "")
        facts.append(("School", school))
    facts.append(("Period", f"{spoken_date(row.first)} to {spoken_date(row.last)}, {spoken_year(row.year)}"))
    if row.paid:
        facts.append(("Paid", pounds(row.paid)))
    says = tuple(_told(one) for one in steps)
    if state is State.OPEN:
        says = ("This statement is open: its lines can still change.", *says)
    return Head(about.title, about.hub, tuple(facts), says, row.digest)


def _told(one: StepRow) -> str:
    row = one.row
    by = f", by {one.by}" if one.by else ""
    amount = f": {pounds(row.pence)}" if row.step == Step.PAY else ""
    on = f", paid on {spoken_date(row.day)}" if row.day else ""
    because = f", because: {row.because}" if row.because else ""
    return f"{spoken(row.at)}: {DONE_WORDS[Step(row.step)]}{amount}{on}{by}{because}"


async def _file(db: AsyncSession, chosen: Selecting, what: tuple[About, str], name: str) -> File:
    """The lines in their form, read and written some at a time."""
    about, form = what
    return File(f"{name}.{form}", MEDIA_TYPES[form], await written(db, chosen, lambda to: sink(form, to, about)))


async def written(db: AsyncSession, chosen: Selecting, begin: Callable[[IO[bytes]], Sink]) -> IO[bytes]:
    """The bytes of a file of the selection's lines, which are read and written some at a time."""
    held = _empty()
    made: Sink | None = None
    try:
        made = begin(held)
        async for kept in rows.parts(db, chosen, await rows.rate_names(db, chosen.hub_id)):
            await asyncio.to_thread(made.add, kept)
        await asyncio.to_thread(made.end)
    except BaseException:
        if made:
            made.drop()
        held.close()
        raise
    held.seek(0)
    return held


async def _paper(db: AsyncSession, chosen: Selecting, what: tuple[Head, About], name: str) -> File:
    kept: list[Kept] = []
    async for part in rows.parts(db, chosen, await rows.rate_names(db, chosen.hub_id)):
        kept += part
        if len(kept) > MOST_LINES:
            raise BadInputError(TOO_LONG)
    data = _empty()
    data.write(await asyncio.to_thread(paper_pdf, what[0], kept, what[1]))
    data.seek(0)
    return File(f"{name}.pdf", MEDIA_TYPES["pdf"], data)
