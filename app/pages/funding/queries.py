"""Queries of lines: the list, the form to ask, the form to answer."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.funding.pence import pounds
from app.kit.errors import ConflictError, Fault, ForbiddenError, NotFoundError
from app.kit.periods import spoken
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.pages.funding.statements import pounds_number
from app.store.funding import ledger_lines
from app.store.funding import queries as stored
from app.store.funding.queries import Listed

STATES = {"waiting": "Waits for an answer", "answered": "Answered"}
COLUMNS = (
    Column("", "School"),
    Column("", "Line"),
    Column("", "What was asked"),
    Column("", "State"),
    Column("", "Answer"),
)
CSV_HEADER = (
    *("School", "URN", "Statement", "Day", "Amount", "Asked", "Asked by", "Words", "Answered", "By", "Answer"),
    "What the line said",
)
GONE = "A line that is no longer due"


@dataclass(frozen=True, slots=True)
class QueryLine:
    """A query as a row; `do` leads to what the viewer may do with it. `gone` is what a line said that went since."""

    school: str
    school_href: str
    amount: str
    line_href: str
    statement: str
    gone: str
    words: str
    asked: str
    waits: bool
    answer: str
    answered: str
    do: str
    do_says: str


@dataclass(frozen=True, slots=True)
class QueriesPage:
    """The list."""

    template: ClassVar[str] = "funding/queries.html"
    listing: Listing
    lines: tuple[QueryLine, ...]


@dataclass(frozen=True, slots=True)
class QueryFormPage:
    """Asks about a line, or answers."""

    template: ClassVar[str] = "funding/query.html"
    title: str
    about: str
    because: str
    asked: str
    form: Form
    back: str


async def load(db: AsyncSession, member: Member, asked: Asked) -> QueriesPage:
    """A page of the list: one statement."""
    found = await _every(db, member, asked)
    state = asked.value("state") if asked.value("state") in STATES else ""
    choices = tuple(Choice(value, text) for value, text in STATES.items())
    first = (asked.page - 1) * PAGE_SIZE
    return QueriesPage(
        listing=listing(
            asked,
            "Queries",
            COLUMNS,
            total=len(found),
            empty=Empty(
                "When a school asks about a line of what it is paid, the question and its answer will be here."
            ),
            filters=(Filter("state", "State", state, choices),),
        ),
        lines=tuple(query_line(member, one) for one in found[first : first + PAGE_SIZE]),
    )


async def table(db: AsyncSession, member: Member, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every query under `CSV_HEADER`: one statement."""
    return (
        (
            one.school, one.urn, one.statement.reference if one.statement else "", one.line.day if one.line else None,
            pounds_number(one.line.pence) if one.line else None, spoken(one.row.asked_at), one.by, one.row.words,
            spoken(one.row.answered_at) if one.row.answered_at else "", one.answered_by, one.row.answer, _says(one),
        )
        for one in await _every(db, member, asked)
    )  # fmt: skip


async def _every(db: AsyncSession, member: Member, asked: Asked) -> list[Listed]:
    state = asked.value("state")
    return await stored.every(db, member, waiting=state == "waiting" if state in STATES else None)


def _says(one: Listed) -> str:
    """What the line says, or said when it was asked about."""
    return one.line.because if one.line else one.row.says


def query_line(member: Member, one: Listed) -> QueryLine:
    """A query as a row."""
    home, row = f"/hubs/{member.hub_code}", one.row
    waits = row.answered_at is None
    does = (
        ("Answer it", f"{home}/queries/{row.id}/answer")
        if member.reaches(Can.CLAIM)
        else ("Take it back", f"{home}/queries/{row.id}/take-back")
    )
    return QueryLine(
        school=one.school,
        school_href=f"{home}/schools/{one.urn}/owed",
        amount=pounds(one.line.pence) if one.line else "",
        line_href=f"{home}/lines/{one.line.id}" if one.line else "",
        statement=one.statement.reference if one.statement else "",
        gone="" if one.line else f"{GONE}. {one.row.says}".strip(),
        words=row.words,
        asked=f"{spoken(row.asked_at)}{f', {one.by}' if one.by else ''}",
        waits=waits,
        answer=row.answer,
        answered=f"{spoken(row.answered_at)}{f', {one.answered_by}' if one.answered_by else ''}"
        if row.answered_at
        else "",
        do=does[1] if waits else "",
        do_says=does[0],
    )


async def ask(db: AsyncSession, viewer: Viewer, member: Member, line_id: uuid.UUID) -> QueryFormPage:
    """The form to ask about a line. Raises NotFoundError, ForbiddenError, ConflictError while one waits."""
    one = await ledger_lines.one(db, member, line_id)
    if one is None:
        raise NotFoundError
    allowed = decide(viewer, Can.QUERY_LINE, Target(member.hub_id, urns=frozenset({one.line.urn})))
    if not allowed:
        raise ForbiddenError(getattr(allowed, "because", ""))
    if one.held:
        raise ConflictError("This line is queried already. It is answered first.")
    here = f"/hubs/{member.hub_code}/lines/{line_id}"
    return QueryFormPage(
        title="What does not look right?",
        about=f"{pounds(one.line.pence)} for {one.school}",
        because=one.line.because,
        asked="While your question waits, this line stays out of what is claimed. The hub's office answers it.",
        form=Form(
            action=f"{here}/query",
            submit="Send the question",
            fields=(Field(name="words", label="Your question", kind="textarea"),),
        ),
        back=here,
    )


async def to_answer(db: AsyncSession, member: Member, query_id: uuid.UUID) -> QueryFormPage:
    """The form to answer. Raises NotFoundError, or ConflictError once it is answered."""
    one = next((each for each in await stored.every(db, member) if each.row.id == query_id), None)
    if one is None:
        raise NotFoundError
    if one.row.answered_at:
        raise ConflictError("This query is answered already.")
    return QueryFormPage(
        title="What will you answer?",
        about=f"{pounds(one.line.pence) if one.line else GONE}, {one.school}",
        because=_says(one),
        asked=f"{one.by or 'The school'} asked on {spoken(one.row.asked_at)}: {one.row.words}",
        form=Form(
            action=f"/hubs/{member.hub_code}/queries/{query_id}/answer",
            submit="Send the answer",
            fields=(
                Field(
                    name="answer",
                    label="Your answer",
                    kind="textarea",
                    hint="The line is then claimed as it stands. If it was wrong, first correct what it rests on."
                    if one.line
                    else "Its line went after the question was asked, for nothing earns it any more: say why.",
                ),
            ),
        ),
        back=f"/hubs/{member.hub_code}/lines/{one.line.id}" if one.line else f"/hubs/{member.hub_code}/queries",
    )


def again(page: QueryFormPage, typed: Typed, faults: Sequence[Fault]) -> QueryFormPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))
