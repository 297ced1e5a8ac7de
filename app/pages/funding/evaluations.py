"""Whose evaluation came back: the enrolments of a year, and one of them."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.imports import read_date
from app.domain.stages.ladder import State
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Reader, Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Field,
    Figure,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import evaluations
from app.store.funding.evaluations import Row
from app.store.schools import reading

STATES = {"waits": "Not returned yet", "returned": "Returned"}
COLUMNS = (
    Column("name", "School"),
    Column("kind", "Programme"),
    Column("group", "Work Group"),
    Column("state", "Evaluation"),
    Column("day", "Returned on"),
)
CSV_HEADER = (
    "URN",
    "School",
    "Programme",
    "Work Group",
    "Year",
    "Enrolment",
    "Evaluation",
    "Returned on",
    "Entered by",
)


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """An enrolment and its evaluation, as a row; `waits` where none came back yet."""

    id: uuid.UUID
    href: str
    urn: int
    name: str
    kind: str
    programme: str
    group: str
    year: int
    enrolment: str
    waits: bool
    says: str
    returned_on: date | None
    when: str
    by: str


@dataclass(frozen=True, slots=True)
class EvaluationsPage:
    """The list; `enter_action` takes the ticked ones and the day, and is empty for who may not."""

    template: ClassVar[str] = "funding/evaluations.html"
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[EvaluationLine, ...]
    ticked: tuple[str, ...]
    enter_action: str
    day: Field
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """One school's evaluation: what is known of it, the form, and the way to take it back."""

    template: ClassVar[str] = "funding/evaluation.html"
    name: str
    facts: tuple[str, ...]
    enrolment_href: str
    form: Form | None
    take_back_href: str
    back: str


@dataclass(frozen=True, slots=True)
class TakeBackPage:
    """Asks before an evaluation is taken back."""

    template: ClassVar[str] = "funding/evaluation_take_back.html"
    up: tuple[tuple[str, str], ...]
    confirm: Confirm


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> EvaluationsPage:
    """The list of a year: two statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    every = [_line(member, row) for row in await evaluations.of_year(db, member.hub_id, year)]
    chosen = _asked_for(every, asked)
    empty = Empty(f"Once schools are enrolled for {spoken_year(year)}, their evaluations will be here.")
    first = (asked.page - 1) * PAGE_SIZE
    may = bool(member.reaches(Can.CLAIM)) and any(line.waits for line in every)
    return EvaluationsPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        figures=_figures(every),
        listing=listing(asked, "Evaluations", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        ticked=(),
        enter_action=asked.link() if may else "",
        day=_day(today.isoformat()),
        faults=(),
    )


def again(page: EvaluationsPage, typed: Typed, faults: Sequence[Fault]) -> EvaluationsPage:
    """The list with what was ticked and typed, and what to change."""
    said = next((one.because for one in faults if one.path == "returned_on"), "")
    day = replace(page.day, value=typed.text("returned_on"), fault=said)
    return replace(page, ticked=typed.every("enrolment"), day=day, faults=tuple(faults))


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterable[tuple[object, ...]]:
    """The list as rows under CSV_HEADER: one statement."""
    year = asked_year(asked, in_london(now).date())
    every = [_line(member, row) for row in await evaluations.of_year(db, member.hub_id, year)]
    return [
        (one.urn, one.name, one.programme, one.group, one.year, one.enrolment, one.says, one.returned_on, one.by)
        for one in _asked_for(every, asked)
    ]


async def load_one(db: AsyncSession, member: Member, enrolment_id: uuid.UUID, now: datetime) -> EvaluationPage:
    """One school's: one statement. Raises NotFoundError."""
    row = await _known(db, member, enrolment_id)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/evaluations/{enrolment_id}"
    known = f"{row.programme} in {spoken_year(row.year)}: {State(row.state).says.lower()}."
    facts = [known, f"Returned on {spoken_date(row.returned_on)}." if row.returned_on else "Not returned yet."]
    if row.made_at:
        facts.append(f"Entered {f'by {row.by} ' if row.by else ''}on {spoken(row.made_at)}.")
    form = Form(
        action=here,
        submit="Change the day" if row.returned_on else "Enter that it came back",
        fields=(_day((row.returned_on or in_london(now).date()).isoformat()),),
        kept=(("seen", row.returned_on.isoformat() if row.returned_on else ""),),
    )
    may = bool(member.reaches(Can.CLAIM))
    return EvaluationPage(
        name=row.school,
        facts=tuple(facts),
        enrolment_href=f"{home}/enrolments/{enrolment_id}",
        form=form if may else None,
        take_back_href=f"{here}/take-back" if may and row.returned_on else "",
        back=f"{home}/evaluations?year={row.year}",
    )


def one_again(page: EvaluationPage, typed: Typed, faults: Sequence[Fault]) -> EvaluationPage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def ask_to_take_back(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> TakeBackPage:
    """The question: one statement. Raises NotFoundError, also where none came back."""
    row = await _known(db, member, enrolment_id)
    if row.returned_on is None:
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/evaluations/{enrolment_id}"
    return TakeBackPage(
        up=(("Evaluations", f"/hubs/{member.hub_code}/evaluations?year={row.year}"), (row.school, here)),
        confirm=Confirm(
            question=f"Take the evaluation of {row.school} back?",
            happens=(
                f"It was entered as returned on {spoken_date(row.returned_on)}.",
                "What is paid only to schools that returned theirs is taken out of open statements.",
                "What closed statements pay for it is taken back by lines in the next ones.",
                "You can enter it again at any time.",
            ),
            action=f"{here}/take-back",
            submit="Take it back",
            back=here,
            kept=(("seen", row.returned_on.isoformat()),),
        ),
    )


def read_day(typed: Typed) -> date:
    """The day that a form says; raises BadInputError."""
    reader = Reader(typed)
    day = reader.read("returned_on", _typed_day)
    reader.finish()
    return day or date.min


def read_seen(typed: Typed) -> date | None:
    """The day that the page showed; None where it showed none."""
    try:
        return date.fromisoformat(typed.text("seen"))
    except ValueError:
        return None


def read_ticked(typed: Typed) -> set[uuid.UUID]:
    """The enrolments that were ticked; raises BadInputError for what is none."""
    try:
        return {uuid.UUID(one) for one in typed.every("enrolment")}
    except ValueError:
        raise BadInputError("Tick schools on this page.", (Fault("enrolment", "Tick schools on this page."),)) from None


def _typed_day(text: str) -> date:
    if not text:
        raise ValueError("Enter the day on which it came back.")
    return read_date(text)


async def _known(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> Row:
    row = await evaluations.one(db, member.hub_id, enrolment_id)
    if row is None:
        raise NotFoundError
    return row


def _day(value: str) -> Field:
    return Field(name="returned_on", label="On which day did it come back?", kind="date", value=value)


def _line(member: Member, row: Row) -> EvaluationLine:
    state = "returned" if row.returned_on else "waits"
    return EvaluationLine(
        id=row.enrolment_id,
        href=f"/hubs/{member.hub_code}/evaluations/{row.enrolment_id}",
        urn=row.urn,
        name=row.school,
        kind=row.kind,
        programme=row.programme,
        group=row.group,
        year=row.year,
        enrolment=State(row.state).says,
        waits=row.returned_on is None,
        says=STATES[state],
        returned_on=row.returned_on,
        when=spoken_date(row.returned_on) if row.returned_on else "",
        by=row.by,
    )


_ORDERS: dict[str, Callable[[EvaluationLine], Any]] = {
    "name": lambda one: one.name.casefold(),
    "kind": lambda one: (one.programme.casefold(), one.name.casefold()),
    "group": lambda one: (one.group, one.name.casefold()),
    "state": lambda one: (not one.waits, one.name.casefold()),
    "day": lambda one: one.returned_on or date.max,
}


def _asked_for(lines: Sequence[EvaluationLine], asked: Asked) -> list[EvaluationLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: EvaluationLine, asked: Asked) -> bool:
    said = f"{line.name} {line.urn}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("kind") in {"", line.kind}
        and asked.value("group") in {"", line.group}
        and asked.value("state") in {"", "waits" if line.waits else "returned"}
    )


def _figures(lines: Sequence[EvaluationLine]) -> tuple[Figure, ...]:
    if not lines:
        return ()
    waits = sum(line.waits for line in lines)
    return (Figure(STATES["returned"], f"{len(lines) - waits:,}"), Figure(STATES["waits"], f"{waits:,}"))


def _filters(asked: Asked, lines: Sequence[EvaluationLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    kinds = sorted({(line.kind, line.programme) for line in lines})
    groups = sorted({line.group for line in lines if line.group})
    return (
        Filter("q", "School or URN", asked.value("q")),
        Filter("state", "Evaluation", asked.value("state"), tuple(Choice(*one) for one in STATES.items())),
        Filter("kind", "Programme", asked.value("kind"), tuple(Choice(*one) for one in kinds)),
        Filter("group", "Work Group", asked.value("group"), tuple(Choice(one, one) for one in groups)),
    )
