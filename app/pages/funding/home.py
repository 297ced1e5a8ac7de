"""Funding at a glance: what is ready to claim, what is missing and whose turn it is."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.missing import CHASED, DAYS_BETWEEN, WHAT_WORDS, Missing, Turn, What, letter
from app.domain.funding.pence import pounds
from app.domain.funding.statements import State
from app.domain.mail.letters import LEAVES_AFTER_MINUTES
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Confirm,
    Empty,
    Figure,
    Filter,
    Listing,
    Need,
    listing,
)
from app.pages.funding.statements import pounds_number
from app.pages.home.funding import money_needs
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import cards, missing, ready, years
from app.store.funding.ready import QUERIED, Sums

SENT = (State.SUBMITTED, State.PART_PAID)
PAID = (State.PAID, State.RECONCILED)
CHECKED = (State.CLOSED, State.APPROVED)
SUM_COLUMNS = (
    Column("name", "School"),
    Column("ready", "Ready to claim", number=True),
    Column("queried", "Queried", number=True),
    Column("checked", "Being checked", number=True),
    Column("sent", "Submitted", number=True),
    Column("paid", "Paid in full", number=True),
    Column("missing", "Missing", number=True),
)
SUM_HEADER = ("key", "name", "ready to claim", "queried", "being checked", "submitted", "paid in full", "missing")
MISSING_HEADER = ("what", "school", "URN", "group", "says", "whose turn", "last asked")
BY = (Choice("school", "School"), Choice("group", "Work Group"))


@dataclass(frozen=True, slots=True)
class SumLine:
    """A school or a Work Group; `href` leads to its lines."""

    name: str
    href: str
    ready: str
    queried: str
    checked: str
    sent: str
    paid: str
    missing: int


@dataclass(frozen=True, slots=True)
class MissingLine:
    """One thing that is missing; `href` is where it is put right."""

    what: str
    says: str
    href: str
    whose: str
    asked: str  # when somebody was last asked for it, empty where nobody was


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is missing: how many, and where each of them is asked for."""

    what: str
    count: int
    href: str
    chase: str


@dataclass(frozen=True, slots=True)
class FundingPage:
    """The page. `renew` is where the button goes, empty for whoever may only look."""

    template: ClassVar[str] = "funding/home.html"
    year: str
    year_number: int
    years: tuple[YearLink, ...]
    needs: tuple[Need, ...]
    figures: tuple[Figure, ...]
    renewed: str
    renew: str
    links: tuple[tuple[str, str, str], ...]  # words, where they lead, what is there
    kinds: tuple[Kind, ...]
    chase: str
    asked: str
    missing: tuple[MissingLine, ...]
    missing_chosen: str
    missing_more: str
    missing_csv: str
    listing: Listing
    lines: tuple[SumLine, ...]


@dataclass(frozen=True, slots=True)
class ChasePage:
    """Who gets a message, and its words, before it leaves."""

    template: ClassVar[str] = "funding/chase.html"
    confirm: Confirm
    to: str
    subject: str
    text: str
    readers: tuple[str, ...]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> FundingPage:
    """The page, in a fixed number of statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    home = f"/hubs/{member.hub_code}"
    held = await years.of(db, member.hub_id, year)
    found, asked_at = await missing.of_year(db, member, year, now), await missing.asked(db, member.hub_id)
    sums = await ready.by(db, member.hub_id, year, _by(asked))
    may = bool(member.reaches(Can.CLAIM))
    around, lines = _listed(asked, sums, found, home)
    chosen = _what(asked)
    shown = [one for one in found if chosen in {None, one.what}]
    return FundingPage(
        year=spoken_year(year),
        year_number=year,
        years=year_links(asked, [*await years.years(db, member.hub_id), academic_year(today)], year),
        needs=tuple(await _needs(db, member, year)),
        figures=_figures(sums, found),
        renewed=f"The open statements were last brought up to date on {spoken(held.renewed_at)}."
        if held.renewed_at
        else "The open statements have not been brought up to date yet; each night it happens by itself.",
        renew=f"{home}/funding/renew" if may else "",
        links=_links(home, year),
        kinds=tuple(_kinds(found, home, year, may=may)),
        chase=f"{home}/funding/chase?year={year}" if may and any(one.turns for one in found) else "",
        asked=f"Somebody was last asked on {spoken(max(asked_at.values()))}." if asked_at else "",
        missing=tuple(
            MissingLine(WHAT_WORDS[one.what], one.says, f"{home}{one.tail}", one.whose, _asked(one, asked_at))
            for one in shown[:PAGE_SIZE]
        ),
        missing_chosen=WHAT_WORDS[chosen] if chosen else "",
        missing_more=f"And {len(shown) - PAGE_SIZE:,} more: download them all." if len(shown) > PAGE_SIZE else "",
        missing_csv=asked.link(format="missing", page=""),
        listing=around,
        lines=lines,
    )


async def sums_table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """Every school or Work Group that fits what was asked, under `SUM_HEADER`."""
    year = asked_year(asked, in_london(now).date())
    found = await missing.of_year(db, member, year, now)
    counts, words = _counts(found, _by(asked)), asked.value("q").casefold()
    return (
        (
            one.key, one.name, pounds_number(one.ready), pounds_number(one.of(QUERIED)),
            pounds_number(one.of(*CHECKED)), pounds_number(one.of(*SENT)), pounds_number(one.of(*PAID)),
            counts.get(one.key, 0),
        )
        for one in await ready.by(db, member.hub_id, year, _by(asked))
        if words in one.name.casefold()
    )  # fmt: skip


async def missing_table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Iterator[tuple[object, ...]]:
    """Everything that is missing under `MISSING_HEADER`."""
    chosen = _what(asked)
    found = await missing.of_year(db, member, asked_year(asked, in_london(now).date()), now)
    asked_at = await missing.asked(db, member.hub_id)
    return (
        (WHAT_WORDS[one.what], one.school, one.urn or "", one.group, one.says, one.whose, _asked(one, asked_at))
        for one in found
        if chosen in {None, one.what}
    )


def chase(member: Member, year: int, what: What | None, turns: Mapping[Turn, Sequence[Missing]]) -> ChasePage:
    """The question before messages leave; the words are those that the first of them gets."""
    home, (first, some) = f"/hubs/{member.hub_code}/funding", next(iter(turns.items()))
    subject, text = letter(first.name, member.hub_name, some)
    for place in range(len(some)):
        text = text.replace(f"{{page{place}}}", "[link to it]")
    count = len(turns)
    return ChasePage(
        confirm=Confirm(
            question="Ask 1 person for what is missing?" if count == 1 else f"Ask {count} people for what is missing?",
            happens=(
                "Each gets one message with all that waits for them, and a link to each thing.",
                f"It leaves in {LEAVES_AFTER_MINUTES} minutes at the earliest; until then you can take it back.",
                f"Whoever was asked in the last {DAYS_BETWEEN} days is left out.",
            ),
            action=f"{home}/chase?year={year}",
            submit="Send it" if count == 1 else "Send them",
            back=f"{home}?year={year}",
            kept=(("what", what.value if what else ""),),
            harm=False,
        ),
        to=first.name,
        subject=subject,
        text=text,
        readers=tuple(f"{turn.name} ({turn.email}): {len(of):,}" for turn, of in turns.items()),
    )


def _asked(one: Missing, asked_at: Mapping[uuid.UUID, datetime]) -> str:
    """When somebody whose turn it is was last asked for what waits for them."""
    found = [at for turn in one.turns if (at := asked_at.get(turn.person_id))]
    return f"Asked on {spoken_date(in_london(max(found)).date())}" if found else ""


def asked_what(said: str) -> What | None:
    """The kind of missing thing that a word names; none for all of them."""
    return What(said) if said in set(What) else None


def _what(asked: Asked) -> What | None:
    return asked_what(asked.value("what"))


def _by(asked: Asked) -> Literal["school", "group"]:
    return "group" if asked.value("by") == "group" else "school"


def _figures(sums: Sequence[Sums], found: Sequence[Missing]) -> tuple[Figure, ...]:
    def whole(*states: str) -> str:
        return pounds(sum(one.of(*states) for one in sums))

    queried = sum(one.of(QUERIED) for one in sums)
    return (
        Figure("ready to claim", whole(State.OPEN)),
        *((Figure("queried", pounds(queried)),) if queried else ()),
        Figure("being checked", whole(*CHECKED)),
        Figure("submitted", whole(*SENT)),
        Figure("paid in full", whole(*PAID)),
        Figure("missing", f"{len(found):,}"),
    )


def _links(home: str, year: int) -> tuple[tuple[str, str, str], ...]:
    return (
        ("Budget", f"{home}/funding/budget?year={year}", "What the year will cost, and what is left of the grant."),
        ("Statements", f"{home}/statements?year={year}", "Closed by one person, approved by another, sent and paid."),
        ("Every line", f"{home}/lines", "Each with what it rests on; as CSV, Excel, PDF or JSON."),
        ("Rates", f"{home}/rate-cards?year={year}", "What is paid for what, under which conditions."),
        (
            "Grant and statements",
            f"{home}/funding/settings?year={year}",
            "The grant, the alert, how lines are claimed.",
        ),
        ("Adjustments", f"{home}/adjustments", "Amounts that no fact earned, each agreed by a second person."),
        ("Finance numbers", f"{home}/payees", "How each school is known to whoever pays."),
        (
            "Signed up and completed",
            f"{home}/completions?year={year}",
            "The counts the funder asks for, frozen at a day.",
        ),
        ("Samples for assurance", f"{home}/samples", "Lines drawn by a seed, with the evidence of each."),
        ("An earlier ledger", f"{home}/ledger-import", "Brought in from the spreadsheet it was kept in."),
    )


def _kinds(found: Sequence[Missing], home: str, year: int, *, may: bool) -> Iterator[Kind]:
    for what, words in WHAT_WORDS.items():
        of = [one for one in found if one.what is what]
        if of:
            asks = may and what in CHASED and any(one.turns for one in of)
            yield Kind(
                words,
                len(of),
                f"{home}/funding?year={year}&what={what}#missing",
                f"{home}/funding/chase?year={year}&what={what}" if asks else "",
            )


async def _needs(db: AsyncSession, member: Member, year: int) -> list[Need]:
    """What waits for somebody of the office, each with where it is done."""
    home, found = f"/hubs/{member.hub_code}", await money_needs(db, member)
    card = await cards.in_force(db, member.hub_id, member.hub_code, year)
    if member.reaches(Can.EDIT_RATES) and not any(amount.pence for rate in card.rates for amount in rate.amounts):
        told = f"No amount is set for {spoken_year(year)}, so nothing earns anything."
        found.append(Need(told, "Write your rates", f"{home}/rate-cards?year={year}", urgency="soon"))
    return found


def _counts(found: Sequence[Missing], what: Literal["school", "group"]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        key = one.group if what == "group" else str(one.urn)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _listed(
    asked: Asked, sums: Sequence[Sums], found: Sequence[Missing], home: str
) -> tuple[Listing, tuple[SumLine, ...]]:
    what, words = _by(asked), asked.value("q").casefold()
    counts = _counts(found, what)
    column, down = asked.order([one.name for one in SUM_COLUMNS])
    order: dict[str, Callable[[Sums], Any]] = {
        "name": lambda one: one.name.casefold(),
        "ready": lambda one: one.ready,
        "queried": lambda one: one.of(QUERIED),
        "checked": lambda one: one.of(*CHECKED),
        "sent": lambda one: one.of(*SENT),
        "paid": lambda one: one.of(*PAID),
        "missing": lambda one: counts.get(one.key, 0),
    }
    fitting = sorted((one for one in sums if words in one.name.casefold()), key=order[column], reverse=down)
    columns = (Column("name", "Work Group"), *SUM_COLUMNS[1:]) if what == "group" else SUM_COLUMNS
    around = listing(
        asked,
        "What is ready, by Work Group" if what == "group" else "What is ready, by school",
        columns,
        total=len(fitting),
        empty=Empty("Once meetings and visits are held, what they earn will be here, by school and by Work Group."),
        filters=(Filter("q", "Name", asked.value("q")), Filter("by", "By", what, BY)),
    )
    first = (asked.page - 1) * PAGE_SIZE
    return around, tuple(_line(one, counts, home, what) for one in fitting[first : first + PAGE_SIZE])


def _line(one: Sums, counts: Mapping[str, int], home: str, what: Literal["school", "group"]) -> SumLine:
    return SumLine(
        name=one.name or "No Work Group",
        href=f"{home}/schools/{one.key}/owed" if what == "school" else f"{home}/lines?group={one.key}",
        ready=pounds(one.ready),
        queried=pounds(one.of(QUERIED)),
        checked=pounds(one.of(*CHECKED)),
        sent=pounds(one.of(*SENT)),
        paid=pounds(one.of(*PAID)),
        missing=counts.get(one.key, 0),
    )
