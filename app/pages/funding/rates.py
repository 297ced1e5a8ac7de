"""A hub's rate cards: the versions of a grant year, one of them, and the questions before one holds or goes."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.facts import PAYEE_WORDS
from app.domain.funding.pence import pounds
from app.domain.funding.rates import CHANGE_WORDS, FOR_WORDS, PER_WORDS, Per, Rate, RateCard, empty_card
from app.domain.funding.rates_checked import differences, faults_of, says
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year
from app.pages._parts import Asked, Column, Confirm, Empty, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.funding import cards
from app.store.funding.cards import Stored

COLUMNS = (Column("", "Version"), Column("", "State"), Column("", "What it is for"), Column("", "Written"))
CSV_HEADER = (
    "key",
    "name",
    "paid_to",
    "per",
    "for",
    "since",
    "pounds",
    "programmes",
    "conditions",
    "in_words",
)
OPEN_FOLLOW = (
    "Open statements follow when they are next brought up to date. Closed ones stay as they are: "
    "what changes of them comes as corrections in open ones. Try it first to see which."
)
VERSIONS = "Versions of the rate card"
PUBLISHED = "This version is published and does not change any more."


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate in words: the sentence, its amounts, what it asks. The addresses are empty but in a draft.

    `ups`, `downs`: whether it can go up or down among the others.
    """

    key: str
    name: str
    says: str
    amounts: tuple[str, ...]
    asks: tuple[str, ...]
    href: str
    remove_href: str
    move_href: str
    ups: bool = False
    downs: bool = False


@dataclass(frozen=True, slots=True)
class CardLine:
    """A version in the list."""

    words: str
    href: str
    state: str
    because: str
    written: str


@dataclass(frozen=True, slots=True)
class RateCardsPage:
    """The versions of a grant year, and what the one in force pays. `draft_href` is empty while nobody writes one."""

    template: ClassVar[str] = "funding/rate_cards.html"
    year: str
    year_number: int
    years: tuple[YearLink, ...]
    shipped: bool
    version: int
    rates: tuple[RateLine, ...]
    rates_csv: str
    listing: Listing
    lines: tuple[CardLine, ...]
    draft_href: str
    last_year: str
    action: str
    back: str


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> RateCardsPage:
    """The page: four statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    known = await cards.versions(db, member.hub_id, member.hub_code, year)
    force = _in_force(known, member, year)
    own = await cards.years(db, member.hub_id)
    before = await cards.in_force(db, member.hub_id, member.hub_code, year - 1)
    home = f"/hubs/{member.hub_code}/rate-cards"
    draft = next((one for one in known if one.published_at is None), None)
    empty = Empty("Versions that your hub writes will be here. Until then the card that ships pays nothing.")
    return RateCardsPage(
        year=spoken_year(year),
        year_number=year,
        years=year_links(asked, [*own, academic_year(today), academic_year(today) + 1], year),
        shipped=not any(one.published_at for one in known),
        version=force.version,
        rates=tuple(rate_line(one) for one in force.rates),
        rates_csv=asked.link(format="csv", page=""),
        listing=replace(
            listing(asked, f"Versions of the rate card of {spoken_year(year)}", COLUMNS, total=len(known), empty=empty),
            csv="",
        ),
        lines=tuple(_card_line(home, one, force) for one in known),
        draft_href=f"{home}/{draft.id}" if draft else "",
        last_year=spoken_year(year - 1) if before != empty_card(member.hub_code, year - 1) else "",
        action=home,
        back=f"/hubs/{member.hub_code}/funding",
    )


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """The card in force as rows under CSV_HEADER: one statement."""
    year = asked_year(asked, in_london(now).date())
    return rows(await cards.in_force(db, member.hub_id, member.hub_code, year))


def rows(card: RateCard) -> list[tuple[object, ...]]:
    """Each amount of each rate as a row under CSV_HEADER."""
    return [
        (
            rate.key,
            rate.name,
            PAYEE_WORDS[rate.payee],
            PER_WORDS[rate.per],
            FOR_WORDS[rate.earned_by],
            amount.since,
            f"{amount.pence / 100:.2f}",
            " ".join(rate.programmes),
            " ".join(one.says for one in rate.conditions),
            says(rate),
        )
        for rate in card.rates
        for amount in sorted(rate.amounts)
    ]


def _in_force(known: Sequence[Stored], member: Member, year: int) -> RateCard:
    """The newest published of all versions, which come the newest first."""
    held = (one.card for one in known if one.published_at)
    return next(held, empty_card(member.hub_code, year))


def rate_line(one: Rate, address: str = "") -> RateLine:
    """A rate in words; with the address of its draft, where to change it."""
    return RateLine(
        key=one.key,
        name=one.name,
        says=says(one).removeprefix(f"{one.name}: "),
        amounts=tuple(f"{pounds(amount.pence)} from {spoken_date(amount.since)}" for amount in sorted(one.amounts)),
        asks=tuple(_asks(one)),
        href=f"{address}/rates/{one.key}" if address else "",
        remove_href=f"{address}/rates/{one.key}/remove" if address else "",
        move_href=f"{address}/rates/{one.key}/move" if address else "",
    )


def _in_order(rates: Sequence[Rate], address: str) -> tuple[RateLine, ...]:
    """The rates of a draft, each with the ways it can go."""
    last = len(rates) - 1
    return tuple(replace(rate_line(one, address), ups=place > 0, downs=place < last) for place, one in enumerate(rates))


def _asks(one: Rate) -> Iterable[str]:
    yield from (each.says for each in one.conditions)
    if one.programmes:
        yield f"Only in {', '.join(one.programmes)}."
    if one.per is Per.YEAR:
        yield f"When a school changes its URN: {CHANGE_WORDS[one.on_change]}."


def _card_line(home: str, one: Stored, force: RateCard) -> CardLine:
    state = "Draft" if one.published_at is None else "In force" if one.card.version == force.version else "Held before"
    return CardLine(f"Version {one.card.version}", f"{home}/{one.id}", state, one.because, _written(one))


def _written(one: Stored) -> str:
    by = f" by {one.by}" if one.by else ""
    return f"{spoken(one.published_at or one.made_at)}{by}"


@dataclass(frozen=True, slots=True)
class RateCardPage:
    """One version: what it pays, what it changes of the one before, what can be done with a draft."""

    template: ClassVar[str] = "funding/rate_card.html"
    year: str
    version: int
    since: str
    because: str
    is_draft: bool
    is_in_force: bool
    rates: tuple[RateLine, ...]
    changes: tuple[str, ...]
    against: str
    faults: tuple[str, ...]
    address: str
    back: str


async def one(db: AsyncSession, member: Member, card_id: uuid.UUID) -> RateCardPage:
    """The page: two statements. Raises NotFoundError."""
    found = await held(db, member, card_id)
    known = await cards.versions(db, member.hub_id, member.hub_code, found.card.year)
    before = _before(found, known)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    is_draft = found.published_at is None
    against = before or empty_card(member.hub_code, found.card.year)
    return RateCardPage(
        year=spoken_year(found.card.year),
        version=found.card.version,
        since=_since(found),
        because=found.because,
        is_draft=is_draft,
        is_in_force=not is_draft and _in_force(known, member, found.card.year).version == found.card.version,
        rates=_in_order(found.card.rates, address) if is_draft else tuple(map(rate_line, found.card.rates)),
        changes=differences(against, found.card),
        against=f"version {before.version}" if before else "the card that ships",
        faults=tuple(fault.because for fault in faults_of(found.card)) if is_draft else (),
        address=address,
        back=f"/hubs/{member.hub_code}/rate-cards?year={found.card.year}",
    )


async def version_rows(db: AsyncSession, member: Member, card_id: uuid.UUID) -> list[tuple[object, ...]]:
    """One version as rows under CSV_HEADER: one statement. Raises NotFoundError."""
    return rows((await held(db, member, card_id)).card)


async def held(db: AsyncSession, member: Member, card_id: uuid.UUID) -> Stored:
    """The version of this id: one statement. Raises NotFoundError."""
    found = await cards.one(db, member.hub_id, member.hub_code, card_id)
    if found is None:
        raise NotFoundError
    return found


def _before(found: Stored, known: Sequence[Stored]) -> RateCard | None:
    """The published version before this one."""
    earlier = (one.card for one in known if one.published_at and one.card.version < found.card.version)
    return next(earlier, None)


def _since(one: Stored) -> str:
    if one.published_at is None:
        return f"A draft that does not hold yet, written {_written(one)}"
    return f"Published {_written(one)}"


@dataclass(frozen=True, slots=True)
class RatesConfirmPage:
    """Asks before a draft holds, before it goes, or before a rate leaves it."""

    template: ClassVar[str] = "funding/rates_confirm.html"
    confirm: Confirm


async def draft_of(db: AsyncSession, member: Member, card_id: uuid.UUID) -> Stored:
    """The draft of this id: one statement. Raises NotFoundError, or ConflictError when it is published."""
    found = await held(db, member, card_id)
    if found.published_at:
        raise ConflictError(PUBLISHED)
    return found


async def ask_to_publish(db: AsyncSession, member: Member, card_id: uuid.UUID) -> RatesConfirmPage:
    """What publishing changes: two statements. Raises NotFoundError or ConflictError."""
    found = await draft_of(db, member, card_id)
    force = await cards.in_force(db, member.hub_id, member.hub_code, found.card.year)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    year = spoken_year(found.card.year)
    return RatesConfirmPage(
        Confirm(
            question=f"Publish version {found.card.version} of the rate card of {year}?",
            happens=(
                *(differences(force, found.card) or ("It says the same as the version in force.",)),
                f"From now on it pays for all of {year}, also for what happened before today.",
                OPEN_FOLLOW,
                "Once it is published it does not change any more; the next change is another version.",
            ),
            action=f"{address}/publish",
            submit="Publish it",
            back=address,
            kept=(("stamp", found.made_at.isoformat()),),
            harm=False,
        )
    )


async def ask_to_discard(db: AsyncSession, member: Member, card_id: uuid.UUID) -> RatesConfirmPage:
    """What discarding does: one statement. Raises NotFoundError or ConflictError."""
    found = await draft_of(db, member, card_id)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    return RatesConfirmPage(
        Confirm(
            question=f"Discard the draft of the rate card of {spoken_year(found.card.year)}?",
            happens=("What was changed in it is gone.", "The version in force stays, and so does all that is paid."),
            action=f"{address}/discard",
            submit="Discard it",
            back=address,
        )
    )


async def ask_to_remove(db: AsyncSession, member: Member, card_id: uuid.UUID, key: str) -> RatesConfirmPage:
    """What it means to leave a rate out: one statement. Raises NotFoundError or ConflictError."""
    found = await draft_of(db, member, card_id)
    rate = found.card.rate(key)
    if rate is None:
        raise NotFoundError
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    return RatesConfirmPage(
        Confirm(
            question=f"Leave {rate.name} out of this draft?",
            happens=(
                f"No longer paid once this draft is published: {says(rate)}",
                "What closed statements paid under it is then taken back by corrections. Try the draft to see which.",
                "Until it is published nothing changes.",
            ),
            action=f"{address}/rates/{key}/remove",
            submit="Leave it out",
            back=address,
        )
    )
