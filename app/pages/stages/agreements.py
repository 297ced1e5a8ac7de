"""Who has signed their agreement, who has not and since when; and the reminder to headteachers before it leaves."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.mail.letters import LEAVES_AFTER_MINUTES
from app.domain.stages import agreements as rules
from app.domain.stages.agreements import How
from app.domain.stages.ladder import ORDER, State
from app.kit.periods import spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Figure, Filter, Listing, listing
from app.pages.schools.map import LOOKS, Look
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.schools import reading
from app.store.stages import agreements
from app.store.stages.agreements import Head, Row

STATES = {"waits": "Not signed yet", "signed": "Signed", "none": "Over without one"}
COLUMNS = (
    Column("name", "School"),
    Column("kind", "Programme"),
    Column("state", "Agreement"),
    Column("since", "Waits since, or signed on"),
    Column("head", "Headteacher"),
)
CSV_HEADER = (
    *("URN", "School", "Programme", "Year", "Enrolment", "Agreement", "Waits since", "Signed on", "Signed by", "Part"),
    *("How", "Headteacher"),
)


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An enrolment and its agreement, as a row; `waits` where one is missing, `can_ask` where somebody can be asked."""

    id: uuid.UUID
    href: str
    urn: int
    name: str
    kind: str
    programme: str
    look: Look
    year: int
    enrolment: str
    state: str
    says: str
    waits: bool
    since: date | None
    when: str
    signed_on: date | None
    signed_by: str
    part: str
    how: str
    heads: str
    can_ask: bool


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """The page; `chase_action` is where the ticked ones go, empty for who may not write to them."""

    template: ClassVar[str] = "stages/agreements.html"
    year: str
    years: tuple[YearLink, ...]
    year_number: int
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[AgreementLine, ...]
    chase_action: str
    texts_href: str
    fault: str


@dataclass(frozen=True, slots=True)
class ChasePage:
    """Who gets a reminder, and its words, before it leaves."""

    template: ClassVar[str] = "stages/agreements_chase.html"
    up: tuple[tuple[str, str], ...]
    confirm: Confirm
    to: str
    subject: str
    text: str
    readers: tuple[str, ...]


async def lines_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[AgreementLine]:
    """Every enrolment that fits what was asked, in its order: two statements."""
    return _asked_for(await _lines(db, member, asked_year(asked, today), today), asked)


async def load(db: AsyncSession, member: Member, asked: Asked, today: date, fault: str = "") -> AgreementsPage:
    """The page, in three statements whatever the number of schools."""
    year, home = asked_year(asked, today), f"/hubs/{member.hub_code}"
    every = await _lines(db, member, year, today)
    chosen = _asked_for(every, asked)
    empty = Empty(f"Once schools are enrolled for {spoken_year(year)}, their agreements will be here.")
    first = (asked.page - 1) * PAGE_SIZE
    may_write = bool(member.reaches(Can.EDIT_STAGES)) and any(line.can_ask for line in every)
    return AgreementsPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        year_number=year,
        figures=_figures(every),
        listing=listing(asked, "Agreements", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        chase_action=f"{home}/agreements/chase" if may_write else "",
        texts_href=f"{home}/agreement-texts" if member.reaches(Can.EDIT_CRITERIA) else "",
        fault=fault,
    )


def csv_row(line: AgreementLine) -> tuple[object, ...]:
    """An enrolment under `CSV_HEADER`."""
    head = (line.urn, line.name, line.programme, line.year, line.enrolment, line.says, line.since, line.signed_on)
    return (*head, line.signed_by, line.part, line.how, line.heads)


def chase(member: Member, year: int, pairs: Sequence[tuple[Row, Head]]) -> ChasePage:
    """The question before reminders leave; the words are those that the first of them gets."""
    home, (row, head) = f"/hubs/{member.hub_code}", pairs[0]
    subject, text = rules.reminder(row.school, row.programme, row.year, head.name)
    count = len(pairs)
    return ChasePage(
        up=(("Agreements", f"{home}/agreements?year={year}"),),
        confirm=Confirm(
            question="Remind 1 headteacher?" if count == 1 else f"Send {count} reminders to headteachers?",
            happens=(
                "Each gets a message of their own, with a link that leads to their agreement.",
                f"It leaves in {LEAVES_AFTER_MINUTES} minutes at the earliest; until then you can take it back.",
            ),
            action=f"{home}/agreements/chase?year={year}",
            submit="Send it" if count == 1 else "Send them",
            back=f"{home}/agreements?year={year}",
            kept=(
                ("sure", "yes"),
                *(("enrolment", str(key)) for key in dict.fromkeys(r.enrolment_id for r, _ in pairs)),
            ),
            harm=False,
        ),
        to=head.name,
        subject=subject,
        text=text.replace("{see}", "[link to the agreement]"),
        readers=tuple(f"{one.name}, {of.school} ({one.email})" for of, one in pairs),
    )


async def _lines(db: AsyncSession, member: Member, year: int, today: date) -> list[AgreementLine]:
    rows = await agreements.of_year(db, member, year)
    heads: dict[int, list[Head]] = {}
    for head in await agreements.heads(db, member.hub_id, {row.urn for row in rows}):
        heads.setdefault(head.urn, []).append(head)
    return [_line(member, row, heads.get(row.urn, []), today) for row in rows]


def _line(member: Member, row: Row, heads: Sequence[Head], today: date) -> AgreementLine:
    waits = row.agreement_id is None and rules.may_sign(row.state)
    state = "signed" if row.agreement_id else "waits" if waits else "none"
    when = spoken_date(row.signed_on) if row.signed_on else ""
    if waits:
        when = rules.since_words((today - row.since).days).capitalize() if row.since else "Since it was enrolled"
    return AgreementLine(
        id=row.enrolment_id,
        href=f"/hubs/{member.hub_code}/enrolments/{row.enrolment_id}/agreement",
        urn=row.urn,
        name=row.school,
        kind=row.kind,
        programme=row.programme,
        look=LOOKS.get(row.kind, "none"),
        year=row.year,
        enrolment=State(row.state).says,
        state=state,
        says=STATES[state],
        waits=waits,
        since=row.since if waits else None,
        when=when,
        signed_on=row.signed_on,
        signed_by=row.name,
        part=row.part,
        how=How(row.how).value if row.how else "",
        heads=rules.named(head.name for head in heads),
        can_ask=waits and any(head.email for head in heads),
    )


_ORDERS: dict[str, Callable[[AgreementLine], Any]] = {
    "name": lambda one: one.name.casefold(),
    "kind": lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER),
    "state": lambda one: (list(STATES).index(one.state), one.name.casefold()),
    "since": lambda one: one.since or one.signed_on or date.max,
    "head": lambda one: (not one.heads, one.heads.casefold()),
}


def _asked_for(lines: Sequence[AgreementLine], asked: Asked) -> list[AgreementLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: AgreementLine, asked: Asked) -> bool:
    said = f"{line.name} {line.heads} {line.signed_by} {line.urn}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("kind") in {"", line.kind}
        and asked.value("state") in {"", line.state}
    )


def _figures(lines: Sequence[AgreementLine]) -> tuple[Figure, ...]:
    if not lines:
        return ()
    counts = {key: sum(line.state == key for line in lines) for key in STATES}
    return tuple(Figure(STATES[key], f"{count:,}") for key, count in counts.items() if count or key != "none")


def _filters(asked: Asked, lines: Sequence[AgreementLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    kinds = sorted({(line.kind, line.programme) for line in lines})
    return (
        Filter("q", "School, head or URN", asked.value("q")),
        Filter("state", "Agreement", asked.value("state"), tuple(Choice(*one) for one in STATES.items())),
        Filter("kind", "Programme", asked.value("kind"), tuple(Choice(*one) for one in kinds)),
    )
