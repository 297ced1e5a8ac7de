"""What is left of the visits of this half term, by school: to book, to hold, and to mark as held."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.stages.entitlement import ThisHalfTerm, Visit, counted, this_half_term
from app.kit.periods import HALF_TERMS, academic_year, in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Column, Empty, Filter, Listing, listing
from app.pages.stages.entitlement import booking, visitors
from app.store.stages import watching
from app.store.stages.watching import Seen

EVERYBODY = "all"
COLUMNS = (
    Column("name", "School"),
    Column("visitor", "Visited by"),
    Column("book", "To book", number=True),
    Column("", "Booked"),
    Column("", "Over, not marked"),
)
CSV_HEADER = ("URN", "School", "Visited by", "Half term", "Ends", "To book", "Booked for", "Over and not marked")
ORDERS = ("name", "visitor", "book")


@dataclass(frozen=True, slots=True)
class VisitLink:
    """A visit's day, and its page."""

    day: str
    href: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A school with something left; `does` with `act_href` is where its visits are booked."""

    school: str
    href: str
    visitor: str
    to_book: int
    says: str
    does: str
    act_href: str
    to_hold: tuple[VisitLink, ...]
    to_mark: tuple[VisitLink, ...]


@dataclass(frozen=True, slots=True)
class ThisHalfTermPage:
    """The list; `whose` says of whom it is."""

    template: ClassVar[str] = "stages/this_half_term.html"
    half_term: str
    whose: str
    listing: Listing
    lines: tuple[LeftLine, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class Left:
    """A school of the year with what is left of this half term."""

    seen: Seen
    now: ThisHalfTerm


async def known(db: AsyncSession, member: Member, now: datetime) -> list[Left]:
    """Every school that takes part this year and is the member's to see: thirteen statements."""
    today = in_london(now).date()
    return [
        Left(one, this_half_term(one.taking.facts, today))
        for one in await watching.of_year(db, member, academic_year(today), now)
        if not one.taking.withdrawn
    ]


def of_whom(every: Sequence[Left], member: Member, asked: Asked) -> Asked:
    """The address with whose visits it asks for: where it does not say, the viewer's own if they visit schools."""
    own = "lead" not in asked.query and any(one.seen.visitor_id == member.person_id for one in every)
    lead = asked.value("lead") or (str(member.person_id) if own else EVERYBODY)
    return replace(asked, query={**asked.query, "lead": lead})


def chosen(every: Sequence[Left], asked: Asked) -> list[Left]:
    """What is left and fits the address, in its order."""
    lead = asked.value("lead")
    words = asked.value("q").casefold().split()
    found = [
        one
        for one in every
        if one.now.anything
        and lead in {EVERYBODY, str(one.seen.visitor_id)}
        and all(word in f"{one.seen.school} {one.seen.town} {one.seen.urn}".casefold() for word in words)
    ]
    column, down = asked.order(ORDERS)
    if column == "book":
        found.sort(key=lambda one: one.now.to_book, reverse=down)
    else:
        found.sort(key=lambda one: (one.seen.visitor if column == "visitor" else "", one.seen.school), reverse=down)
    return found


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ThisHalfTermPage:
    """The page: thirteen statements."""
    every = await known(db, member, now)
    narrowed = bool(asked.value("q") or asked.value("lead"))
    asked = of_whom(every, member, asked)
    found, lead = chosen(every, asked), asked.value("lead")
    home = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    year = academic_year(in_london(now).date())
    says = "No visit is left to book, to hold or to mark in this half term."
    if not every:
        says = f"Visits of this half term will be here once schools take part in {spoken_year(year)}."
    filters = _filters(asked, every, lead)
    made = listing(asked, "Visits left", COLUMNS, total=len(found), empty=Empty(says), filters=filters)
    return ThisHalfTermPage(
        half_term=_half_term(every),
        whose=_whose(every, member, lead),
        listing=replace(made, narrowed=narrowed),
        lines=tuple(_line(home, member, one) for one in found[first : first + PAGE_SIZE]),
        all_href=f"{home}/entitlement",
    )


async def rows(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """All that fits, under `CSV_HEADER`."""
    every = await known(db, member, now)
    return [
        (
            one.seen.urn,
            one.seen.school,
            one.seen.visitor,
            HALF_TERMS[one.now.half_term % 6],
            one.now.ends,
            one.now.to_book,
            "; ".join(visit.day.isoformat() for visit in one.now.to_hold),
            "; ".join(visit.day.isoformat() for visit in one.now.to_mark),
        )
        for one in chosen(every, of_whom(every, member, asked))
    ]


def _half_term(every: Sequence[Left]) -> str:
    """The half term that most of the schools are in, and when it ends there."""
    ends = Counter((one.now.half_term, one.now.ends) for one in every).most_common(1)
    if not ends:
        return ""
    (half_term, last), _ = ends[0]
    return f"{HALF_TERMS[half_term % 6]}, which ends on {spoken_date(last)} at most schools."


def _whose(every: Sequence[Left], member: Member, lead: str) -> str:
    if lead == str(member.person_id):
        return "Schools that you visit."
    if lead == EVERYBODY:
        return (
            "Schools of every lead." if Reach.HUB in member.reaches(Can.SEE_STAGES) else "Schools of your Work Groups."
        )
    return next((f"Schools that {one.seen.visitor} visits." for one in every if str(one.seen.visitor_id) == lead), "")


def _filters(asked: Asked, every: Sequence[Left], lead: str) -> tuple[Filter, ...]:
    if not every:
        return ()
    leads = visitors([one.seen for one in every])
    chosen_lead = "" if lead == EVERYBODY else lead
    return (Filter("q", "Name, town or URN", asked.value("q")), Filter("lead", "Visited by", chosen_lead, leads))


def _line(home: str, member: Member, one: Left) -> LeftLine:
    does, act_href = booking(home, member, one.seen) if one.now.to_book else ("", "")
    says = ""
    if one.now.to_book:
        says = f"{counted(one.now.to_book)} to book before {spoken_date(one.now.ends)}"
    return LeftLine(
        school=one.seen.school,
        href=f"{home}/schools/{one.seen.urn}/journey",
        visitor=one.seen.visitor,
        to_book=one.now.to_book,
        says=says,
        does=does,
        act_href=act_href,
        to_hold=_links(home, one.now.to_hold),
        to_mark=_links(home, one.now.to_mark),
    )


def _links(home: str, visits: Iterable[Visit]) -> tuple[VisitLink, ...]:
    return tuple(VisitLink(spoken_date(one.day), f"{home}/events/{one.id}") for one in visits)
