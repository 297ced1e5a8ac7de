"""The forms of the funder as a hub keeps them, and what a file of one says beside its lines."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.mapping import Export, Given, from_data, to_data
from app.kit.ids import new_id
from app.kit.periods import spoken_year
from app.models.funding import FunderForm, LedgerLine, StandingExport
from app.models.hubs import Hub
from app.models.schools import School
from app.store.funding.selecting import RateNames, Selecting


@dataclass(frozen=True, slots=True)
class Stored:
    """A form with its id, when it was changed last, and its version."""

    id: uuid.UUID
    export: Export
    changed_at: datetime
    version: int


def _stored(row: FunderForm) -> Stored:
    return Stored(row.id, as_export(row), row.changed_at, row.version)


def as_export(row: FunderForm) -> Export:
    """The form of a row; one that nobody filled in yet has no columns."""
    return from_data({"rows": "line", "columns": (), **row.mapping, "name": row.name})


async def listed(db: AsyncSession, hub_id: uuid.UUID) -> list[Stored]:
    """Every form of the hub by name: one statement."""
    found = await db.execute(
        select(FunderForm).where(col(FunderForm.hub_id) == hub_id).order_by(func.lower(col(FunderForm.name)))
    )
    return [_stored(row) for row in found.scalars()]


async def one(db: AsyncSession, hub_id: uuid.UUID, form_id: uuid.UUID) -> Stored | None:
    """This form, if it is the hub's: one statement."""
    found = await db.execute(select(FunderForm).where(col(FunderForm.hub_id) == hub_id, col(FunderForm.id) == form_id))
    row = found.scalar_one_or_none()
    return _stored(row) if row else None


async def locked(db: AsyncSession, hub_id: uuid.UUID, form_id: uuid.UUID) -> FunderForm | None:
    """The row of this form, held until the transaction ends."""
    found = await db.execute(
        select(FunderForm)
        .where(col(FunderForm.hub_id) == hub_id, col(FunderForm.id) == form_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


def mapping(export: Export) -> dict[str, Any]:
    """A form as its row keeps it."""
    return to_data(export)


async def add(db: AsyncSession, hub_id: uuid.UUID, export: Export, now: datetime) -> uuid.UUID | None:
    """Keep a new form; None where the hub has one of this name."""
    made = await db.execute(
        insert(FunderForm)
        .values(
            id=new_id(),
            hub_id=hub_id,
            name=export.name,
            mapping=mapping(export),
            made_at=now,
            changed_at=now,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(col(FunderForm.id))
    )
    return made.scalar_one_or_none()


async def name_taken(db: AsyncSession, hub_id: uuid.UUID, form_id: uuid.UUID, name: str) -> bool:
    """Whether another form of the hub has this name."""
    found = await db.execute(
        select(col(FunderForm.id)).where(
            col(FunderForm.hub_id) == hub_id, col(FunderForm.name) == name, col(FunderForm.id) != form_id
        )
    )
    return found.first() is not None


async def used_by(db: AsyncSession, form_id: uuid.UUID) -> list[str]:
    """The names of exports that make themselves in this form."""
    found = await db.execute(
        select(col(StandingExport.name))
        .where(col(StandingExport.form_id) == form_id)
        .order_by(col(StandingExport.name))
    )
    return list(found.scalars())


async def given(db: AsyncSession, chosen: Selecting, names: RateNames) -> Given:
    """What lines do not say: of the hub, of every school of the selection, and the rates' newest names."""
    hub = await db.get_one(Hub, chosen.hub_id)
    of = select(col(LedgerLine.urn)).where(col(LedgerLine.hub_id) == chosen.hub_id)
    found = await db.execute(
        select(col(School.urn), col(School.name), col(School.la_name), col(School.la_code), col(School.postcode)).where(
            col(School.urn).in_(of.distinct())
        )
    )
    years = ", ".join(spoken_year(year) for year in chosen.wanted.years)
    return Given(
        of_file={"hub": hub.name, "year": years},
        of_school={row[0]: _of_school(*row[1:]) for row in found.all()},
        rate_names=newest(names.items()),
    )


def _of_school(name: str, authority: str, code: int, postcode: str) -> dict[str, str]:
    return {"school": name, "authority": authority, "number": str(code), "postcode": postcode}


def newest(names: Iterable[tuple[tuple[int, int, str], str]]) -> dict[str, str]:
    """What each rate is called in the newest version of the newest card that has it."""
    return {key: name for (_, _, key), name in sorted(names)}
