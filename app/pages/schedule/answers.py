"""Who can come to the dates that are held, who cannot and why, and who has not answered yet."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.schedule.answering import HOW
from app.domain.schedule.holding import usual_deadline
from app.domain.schedule.worst import event_name
from app.kit.errors import ConflictError, Fault
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Figure,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.schedule.answering import in_words
from app.pages.schedule.known import known
from app.store.schedule import answering
from app.store.schedule.answering import Ask, Said
from app.store.schedule.proposals import ProposalRow

NOT_HELD = "The dates of this plan are not held, so nobody was asked yet. Hold them first."
LABELS = {"cannot": "Cannot", "": "No answer yet", "can": "Can"}
FILTERS = (Choice("cannot", "Cannot"), Choice("none", "No answer yet"), Choice("can", "Can"))
CSV_HEADER = ("Person", "Date", "Half-day", "What", "Answer", "Because", "How", "Answered", "Missed")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one person says of one date; `href` writes it down for them."""

    who: str
    when: str
    what: str
    answer: str
    says: str
    because: str
    missed: bool
    href: str


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """Everything that was said of a plan's dates. `open_refusals` are not dealt with yet; `late` may be reminded."""

    template: ClassVar[str] = "schedule/answers.html"
    heading: str
    address: str
    answer_by: str
    is_open: bool
    figures: tuple[Figure, ...]
    open_refusals: int
    late: int
    can_accept: bool
    listing: Listing
    lines: tuple[AnswerLine, ...]
    deadline: Form | None


async def answers_page(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked, now: datetime
) -> AnswersPage:
    """Who says what: three statements. Raises NotFoundError, and ConflictError where nobody was asked."""
    row, asks, said = await _read(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    shown = _narrowed(row, asks, said, asked)
    first = (asked.page - 1) * PAGE_SIZE
    names = {ask.id: ask for ask in asks}
    late = {one.ask_id for one in said if not one.answer and not names[one.ask_id].left}
    return AnswersPage(
        heading=f"Who can come in {spoken_year(row.year)}?",
        address=address,
        answer_by=spoken_date(row.answer_by) if row.answer_by else "",
        is_open=row.status == "ready",
        figures=_figures(asks, said),
        open_refusals=sum(one.answer == "cannot" and not one.missed for one in said),
        late=len(late),
        can_accept=row.status == "ready" and bool(member.reaches(Can.ACCEPT_PLAN)),
        listing=_listing(asked, len(shown)),
        lines=tuple(_line(row, names[one.ask_id], one, address) for one in shown[first : first + PAGE_SIZE]),
        deadline=_deadline(row, address, now) if row.status == "ready" else None,
    )


async def answers_csv(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Every line, as the list is narrowed, under `CSV_HEADER`."""
    row, asks, said = await _read(db, member, proposal_id)
    names = {ask.id: ask.name for ask in asks}
    return [
        (
            names[one.ask_id],
            one.day.isoformat(),
            one.slot,
            event_name(one.key, row.problem, row.names),
            LABELS[one.answer],
            one.because,
            HOW.get(one.how, ""),
            in_london(one.answered_at).isoformat(timespec="minutes") if one.answered_at else "",
            "yes" if one.missed else "",
        )
        for one in _narrowed(row, asks, said, asked)
    ]


async def _read(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> tuple[ProposalRow, list[Ask], list[Said]]:
    row = await known(db, member, proposal_id)
    if row.sent_at is None:
        raise ConflictError(NOT_HELD)
    asks, said = await answering.of_plan(db, row.id)
    return row, asks, said


def _figures(asks: Sequence[Ask], said: Sequence[Said]) -> tuple[Figure, ...]:
    silent = {one.ask_id for one in said if not one.answer}
    return (
        Figure("People who were asked", f"{len(asks):,}"),
        Figure("Have said all", f"{len(asks) - len(silent):,}"),
        Figure("Answers still missing", f"{sum(not one.answer for one in said):,}"),
        Figure("Times that somebody cannot", f"{sum(one.answer == 'cannot' for one in said):,}"),
    )


def _narrowed(row: ProposalRow, asks: Sequence[Ask], said: Sequence[Said], asked: Asked) -> list[Said]:
    """Who cannot first, then who has not answered; within these by day and name."""
    names = {ask.id: ask.name for ask in asks}
    words, answer = asked.value("words").lower(), asked.value("answer")
    wanted = "" if answer == "none" else answer
    found = [
        one
        for one in said
        if (not answer or one.answer == wanted)
        and (not words or words in f"{names[one.ask_id]} {event_name(one.key, row.problem, row.names)}".lower())
    ]
    order = {"cannot": 0, "": 1, "can": 2}
    column, down = asked.order(("answer", "who", "when"))
    keys = {
        "answer": lambda one: (order[one.answer], one.day, names[one.ask_id].lower()),
        "who": lambda one: (names[one.ask_id].lower(), one.day),
        "when": lambda one: (one.day, one.slot, names[one.ask_id].lower()),
    }
    return sorted(found, key=keys[column], reverse=down)


def _listing(asked: Asked, total: int) -> Listing:
    return listing(
        asked,
        "What was said of each date",
        (Column("who", "Who"), Column("when", "When"), Column("", "What"), Column("answer", "Answer")),
        total=total,
        empty=Empty("Nobody is asked about a date of this plan any more."),
        filters=(
            Filter("words", "Person, group or school", asked.value("words")),
            Filter("answer", "Answer", asked.value("answer"), FILTERS),
        ),
    )


def _line(row: ProposalRow, ask: Ask, one: Said, address: str) -> AnswerLine:
    how = f"{HOW.get(one.how, one.how)}, {spoken(one.answered_at)}" if one.answered_at else ""
    return AnswerLine(
        who=f"{ask.name} (has left)" if ask.left else ask.name,
        when=in_words(one.day, one.slot),
        what=event_name(one.key, row.problem, row.names),
        answer=one.answer,
        says=LABELS[one.answer],
        because=". ".join(part for part in (one.because.rstrip("."), how[:1].upper() + how[1:]) if part),
        missed=one.missed,
        href=f"{address}/answers/{ask.id}",
    )


def _deadline(row: ProposalRow, address: str, now: datetime) -> Form:
    day = usual_deadline(in_london(now).date(), None, row.problem["closures"])
    field = Field(name="answer_by", label="Until when can people answer?", kind="date", value=str(day), width="10")
    return Form(action=f"{address}/deadline", submit="Give them until then", fields=(field,))


def again(page: AnswersPage, typed: Typed, faults: Sequence[Fault]) -> AnswersPage:
    """The page with the day that was typed, and what to change."""
    return replace(page, deadline=refilled(page.deadline, typed, faults)) if page.deadline else page
