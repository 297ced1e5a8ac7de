"""Schools on their way into a year: who was invited, interested, applied, declined; and the story of one."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages import recruiting as rules
from app.domain.stages.ladder import ORDER
from app.domain.stages.recruiting import Way
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.detail import Fact
from app.pages.schools.map import LOOKS, Look
from app.pages.schools.years import YearLink, asked_year, year_links
from app.pages.trail import history_of
from app.store.stages import recruiting
from app.store.stages.recruiting import Row

KINDS = {
    "readiness": "Mastery Readiness",
    "development": "Development",
    "embedding": "Embedding",
    "sustaining": "Sustaining",
    "introductory": "Introductory",
}
COLUMNS = (
    Column("name", "School"),
    Column("authority", "Local authority"),
    Column("kind", "Programme"),
    Column("state", "How far"),
    Column("since", "Since"),
)
CSV_HEADER = (
    *("URN", "School", "Town", "Local authority", "Year", "Programme", "How far", "Since", "Referred on"),
    *("Referred by", "Reasons", "Invited on", "Interested on", "Applied on", "Applied by", "Declined on", "Because"),
)


@dataclass(frozen=True, slots=True)
class ApproachLine:
    """A school on its way, as a row; `since` is the day of its last step."""

    href: str
    urn: int
    name: str
    town: str
    authority: str
    kind: str
    programme: str
    look: Look
    state: Way
    says: str
    since: date | None
    since_words: str


@dataclass(frozen=True, slots=True)
class RecruitmentPage:
    """The page."""

    template: ClassVar[str] = "stages/recruiting.html"
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[ApproachLine, ...]
    new_href: str
    cold_href: str
    next_href: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What may happen next, and where it is said."""

    says: str
    href: str


@dataclass(frozen=True, slots=True)
class ApproachPage:
    """The story of one school on its way, what may happen next, and what can be taken back."""

    template: ClassVar[str] = "stages/approach.html"
    list_href: str
    name: str
    year: str
    says: str
    programme: str
    look: Look
    facts: tuple[Fact, ...]
    story: tuple[str, ...]
    reasons: tuple[str, ...]
    words: str
    next_steps: tuple[NextStep, ...]
    enrol_href: str
    enrolment_href: str
    edit_href: str
    remove_href: str
    back_action: str
    back_says: str
    version: int
    history: str


def coming_year(asked: Asked, today: date) -> int:
    """The year that `year=` names; else the one after today's, for schools are asked a year ahead."""
    return asked_year(asked, today) if asked.value("year") else academic_year(today) + 1


async def lines_of(db: AsyncSession, member: Member, asked: Asked, today: date) -> list[tuple[ApproachLine, Row]]:
    """Every school that fits what was asked, in its order: one statement."""
    rows = await recruiting.of_year(db, member, coming_year(asked, today))
    return _asked_for([(_line(member, row), row) for row in rows], asked)


async def load(db: AsyncSession, member: Member, asked: Asked, today: date) -> RecruitmentPage:
    """The page, in two statements whatever the number of schools."""
    year, home = coming_year(asked, today), f"/hubs/{member.hub_code}"
    every = [(_line(member, row), row) for row in await recruiting.of_year(db, member, year)]
    chosen = [line for line, _ in _asked_for(every, asked)]
    lines = [line for line, _ in every]
    empty = Empty(
        f"Schools on their way into {spoken_year(year)} will be here: who referred them, who was invited and applied.",
        "Approach the first school",
        f"{home}/approaches/new?year={year}",
    )
    first = (asked.page - 1) * PAGE_SIZE
    return RecruitmentPage(
        year=spoken_year(year),
        years=year_links(asked, await recruiting.years(db, member.hub_id), year),
        figures=_figures(lines),
        listing=listing(asked, "Schools", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, lines)),
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        new_href=f"{home}/approaches/new?year={year}",
        cold_href=f"{home}/recruitment/cold-spots?year={year}",
        next_href=f"{home}/recruitment/next?year={year}",
    )


def csv_row(line: ApproachLine, of: Row) -> tuple[object, ...]:
    """A school under `CSV_HEADER`."""
    row = of.row
    reasons = "; ".join(rules.reasons_in_words(row.reasons, row.words))
    head = (line.urn, line.name, line.town, line.authority, row.year, line.programme, line.says, line.since)
    days = (row.invited_on, row.interested_on, row.applied_on, row.applied_by, row.declined_on, row.because)
    return (*head, row.referred_on, row.referred_by, reasons, *days)


async def load_one(db: AsyncSession, member: Member, approach_id: uuid.UUID) -> ApproachPage:
    """One school on its way. Raises NotFoundError."""
    of = await known(db, member, approach_id)
    row, line, home = of.row, _line(member, of), f"/hubs/{member.hub_code}"
    here, way = f"{home}/approaches/{row.id}", line.state
    on_the_way = way is not Way.ENROLLED
    return ApproachPage(
        list_href=f"{home}/recruitment?year={row.year}",
        name=of.school,
        year=spoken_year(row.year),
        says=f"{of.school} {way.told}",
        programme=line.programme,
        look=line.look,
        facts=_facts(of),
        story=story(of),
        reasons=rules.reasons_in_words(row.reasons, "") if row.referred_on else (),
        words=row.words,
        next_steps=tuple(NextStep(ASKS[one], f"{here}/step?what={one.value}") for one in rules.next_steps(way)),
        enrol_href=f"{here}/enrol" if on_the_way and way is not Way.DECLINED else "",
        enrolment_href=f"{home}/enrolments/{row.enrolment_id}" if row.enrolment_id else "",
        edit_href=f"{here}/edit" if on_the_way else "",
        remove_href=f"{here}/remove" if on_the_way else "",
        back_action=f"{here}/undo" if on_the_way and way is not Way.LISTED else "",
        back_says="It wants to take part after all" if way is Way.DECLINED else f"Take back: {way.says.lower()}",
        version=row.version,
        history=history_of(member, "school", row.urn),
    )


ASKS = {
    Way.REFERRED: "It was referred",
    Way.INVITED: "It was invited",
    Way.INTERESTED: "It showed interest",
    Way.APPLIED: "It applied",
    Way.DECLINED: "It declined",
}


async def known(db: AsyncSession, member: Member, approach_id: uuid.UUID) -> Row:
    """The approach. Raises NotFoundError."""
    found = await recruiting.one(db, member, approach_id)
    if found is None:
        raise NotFoundError
    return found


def story(of: Row) -> tuple[str, ...]:
    """What has happened, a sentence a step, in order."""
    row, said = of.row, []
    for way in rules.STEPS:
        day = rules.day_of(row, way)
        if day is None:
            continue
        by = f" by {row.referred_by}" if way is Way.REFERRED and row.referred_by else ""
        by = f" ({row.applied_by})" if way is Way.APPLIED and row.applied_by else by
        because = f": {row.because}" if way is Way.DECLINED else ""
        said.append((day, f"{spoken_date(day)}: {way.told}{by}{because}"))
    return tuple(words for _, words in sorted(said, key=lambda one: one[0]))


def _facts(of: Row) -> tuple[Fact, ...]:
    known_facts = (
        Fact("URN", str(of.row.urn)),
        Fact("Town", of.town),
        Fact("Local authority", of.authority),
        Fact("In GIAS", of.status),
        Fact("Would begin in", spoken_year(of.row.year)),
    )
    return tuple(fact for fact in known_facts if fact.value)


def _line(member: Member, of: Row) -> ApproachLine:
    row = of.row
    way = rules.state_of(row)
    since = rules.day_of(row, way) or (row.applied_on if way is Way.ENROLLED else None)
    return ApproachLine(
        href=f"/hubs/{member.hub_code}/approaches/{row.id}",
        urn=row.urn,
        name=of.school,
        town=of.town,
        authority=of.authority,
        kind=row.kind,
        programme=KINDS.get(row.kind, row.kind),
        look=LOOKS.get(row.kind, "none"),
        state=way,
        says=way.says,
        since=since,
        since_words=spoken_date(since) if since else "",
    )


def _asked_for(lines: Sequence[tuple[ApproachLine, Row]], asked: Asked) -> list[tuple[ApproachLine, Row]]:
    column, down = asked.order(tuple(_ORDERS))
    chosen = [one for one in lines if _fits(one[0], asked)]
    return sorted(chosen, key=lambda one: _ORDERS[column](one[0]), reverse=down)


_ORDERS: dict[str, Callable[[ApproachLine], Any]] = {
    "name": lambda one: one.name.casefold(),
    "authority": lambda one: (one.authority.casefold(), one.name.casefold()),
    "kind": lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER),
    "state": lambda one: list(Way).index(one.state),
    "since": lambda one: (one.since is None, one.since or date.min),
}


def _fits(line: ApproachLine, asked: Asked) -> bool:
    said = f"{line.name} {line.town} {line.urn}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("kind") in {"", line.kind}
        and asked.value("state") in {"", line.state.value}
        and asked.value("authority") in {"", line.authority}
    )


def _figures(lines: Sequence[ApproachLine]) -> tuple[Figure, ...]:
    counts = {way: sum(line.state is way for line in lines) for way in Way}
    return tuple(Figure(way.says, f"{count:,}") for way, count in counts.items() if count)


def _filters(asked: Asked, lines: Sequence[ApproachLine]) -> tuple[Filter, ...]:
    if not lines:
        return ()
    kinds = sorted({(line.kind, line.programme) for line in lines})
    states = tuple(Choice(way.value, way.says) for way in Way if any(line.state is way for line in lines))
    authorities = tuple(Choice(one, one) for one in sorted({line.authority for line in lines if line.authority}))
    return (
        Filter("q", "School, town or URN", asked.value("q")),
        Filter("state", "How far", asked.value("state"), states),
        Filter("kind", "Programme", asked.value("kind"), tuple(Choice(*one) for one in kinds)),
        Filter("authority", "Local authority", asked.value("authority"), authorities),
    )
