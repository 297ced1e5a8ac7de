"""A hub's rate cards in all their versions: the one in force, the one that ships, and the draft of the next."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.rates import Rate, RateCard, empty_card, from_data, to_data
from app.kit.ids import new_id
from app.models import funding as tables
from app.models.people import Person


@dataclass(frozen=True, slots=True)
class Stored:
    """A version with its id, what it is for, since when it holds (empty: a draft), and when and by whom written."""

    id: uuid.UUID
    card: RateCard
    because: str
    published_at: datetime | None
    made_at: datetime
    by: str


def as_card(hub_code: str, row: tables.RateCard) -> RateCard:
    """A stored version as the rules know it."""
    return from_data({"hub": hub_code, "year": row.year, "version": row.version, "rates": row.rates})


async def in_force(db: AsyncSession, hub_id: uuid.UUID, hub_code: str, year: int) -> RateCard:
    """The newest published version of the year, else the card that ships: one statement."""
    row = (
        await db.execute(
            select(tables.RateCard)
            .where(
                col(tables.RateCard.hub_id) == hub_id,
                col(tables.RateCard.year) == year,
                col(tables.RateCard.published_at).is_not(None),
            )
            .order_by(col(tables.RateCard.version).desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    return as_card(hub_code, row) if row else empty_card(hub_code, year)


async def version(db: AsyncSession, hub_id: uuid.UUID, hub_code: str, year: int, number: int) -> RateCard | None:
    """The card in this version, as a line names it; version 1 ships until the hub has its own: one statement."""
    row = (
        await db.execute(
            select(tables.RateCard).where(
                col(tables.RateCard.hub_id) == hub_id,
                col(tables.RateCard.year) == year,
                col(tables.RateCard.version) == number,
            )
        )
    ).scalar_one_or_none()
    if row:
        return as_card(hub_code, row)
    return empty_card(hub_code, year) if number == 1 else None


async def versions(db: AsyncSession, hub_id: uuid.UUID, hub_code: str, year: int) -> list[Stored]:
    """Every version of the year, the newest first, a draft among them: one statement."""
    found = await db.execute(
        select(tables.RateCard, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(tables.RateCard.made_by))
        .where(col(tables.RateCard.hub_id) == hub_id, col(tables.RateCard.year) == year)
        .order_by(col(tables.RateCard.version).desc())
    )
    return [_stored(hub_code, row, by) for row, by in found.all()]


async def one(db: AsyncSession, hub_id: uuid.UUID, hub_code: str, card_id: uuid.UUID) -> Stored | None:
    """This version, if it is the hub's: one statement."""
    found = await db.execute(
        select(tables.RateCard, func.coalesce(col(Person.name), ""))
        .outerjoin(Person, col(Person.id) == col(tables.RateCard.made_by))
        .where(col(tables.RateCard.hub_id) == hub_id, col(tables.RateCard.id) == card_id)
    )
    row = found.one_or_none()
    return _stored(hub_code, *row) if row else None


def _stored(hub_code: str, row: tables.RateCard, by: str) -> Stored:
    return Stored(row.id, as_card(hub_code, row), row.because, row.published_at, row.made_at, by)


async def years(db: AsyncSession, hub_id: uuid.UUID) -> list[int]:
    """The grant years that have a card of the hub's own, the newest first: one statement."""
    year = col(tables.RateCard.year)
    found = await db.execute(select(year).where(col(tables.RateCard.hub_id) == hub_id).distinct().order_by(year.desc()))
    return list(found.scalars())


async def locked(db: AsyncSession, hub_id: uuid.UUID, card_id: uuid.UUID) -> tables.RateCard | None:
    """The row of this version, held until the transaction ends."""
    found = await db.execute(
        select(tables.RateCard)
        .where(col(tables.RateCard.hub_id) == hub_id, col(tables.RateCard.id) == card_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it is begun: in which year and version, with which rates, and what it is for."""

    year: int
    version: int
    rates: tuple[Rate, ...]
    because: str = ""


def rates_data(rates: Sequence[Rate]) -> list[dict[str, object]]:
    """Rates as a row keeps them."""
    return list(to_data(RateCard("", 0, 0, tuple(rates)))["rates"])


async def begin(
    db: AsyncSession, hub_id: uuid.UUID, draft: Drafted, now: datetime, by: uuid.UUID | None
) -> uuid.UUID | None:
    """Keep this as the draft; None when somebody began that version at the same moment."""
    values = {"made_at": now, "made_by": by, "published_at": None, "because": draft.because}
    made = await db.execute(
        insert(tables.RateCard)
        .values(
            id=new_id(),
            hub_id=hub_id,
            year=draft.year,
            version=draft.version,
            rates=rates_data(draft.rates),
            **values,
        )
        .on_conflict_do_nothing()
        .returning(col(tables.RateCard.id))
    )
    return made.scalar_one_or_none()
