"""Writes what is copied into a year: settings, programmes, schools, Work Groups with theirs."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.domain.hubs.programmes import ProgrammeTerms
from app.domain.meetings.copying import Listed, OldYear
from app.domain.meetings.copying_choice import NewGroup
from app.models.hubs import HubYear, Programme
from app.models.meetings import GroupSchool, Participant, VisitSeries
from app.models.people import RoleHeld
from app.models.schools import HubSchool
from app.store.hubs.details import plain_terms

MOST_HOSTED = 99  # as the form of a school allows


async def one_at_a_time(db: AsyncSession, hub_id: uuid.UUID) -> None:
    """Whoever copies into a hub's year waits for whoever is copying."""
    await db.execute(text("SELECT pg_advisory_xact_lock(hashtext(:hub))"), {"hub": f"copy {hub_id}"})


async def settings(db: AsyncSession, hub_id: uuid.UUID, year: int, old: OldYear) -> None:
    """The planning settings of the old year."""
    found = await db.get_one(HubYear, (hub_id, year), populate_existing=True)
    found.meetings_per_day, found.weights = old.meetings_per_day, dict(old.weights)
    await db.flush()


async def programmes(db: AsyncSession, hub_id: uuid.UUID, year: int, terms: Iterable[ProgrammeTerms]) -> None:
    """These programmes as they are; one that the year has is written over."""
    for one in terms:
        values = plain_terms(one)
        made = insert(Programme).values(id=uuid.uuid4(), hub_id=hub_id, year=year, version=2, **values)
        changed = {name: value for name, value in values.items() if name != "kind"}
        await db.execute(
            made.on_conflict_do_update(
                index_elements=["hub_id", "year", "kind"],
                set_={**changed, "version": func.greatest(col(Programme.version) + 1, 2)},
            )
        )


async def programme_ids(db: AsyncSession, hub_id: uuid.UUID, year: int) -> dict[str, uuid.UUID]:
    """The year's programmes by kind."""
    asked = select(col(Programme.kind), col(Programme.id))
    found = await db.execute(asked.where(col(Programme.hub_id) == hub_id, col(Programme.year) == year))
    return {row[0]: row[1] for row in found}


async def schools(
    db: AsyncSession, hub_id: uuid.UUID, year: int, new: Sequence[tuple[Listed, uuid.UUID | None]]
) -> None:
    """Schools come into the year's list with what is known of them; how often they hosted adds up."""
    await _insert(
        db,
        HubSchool,
        [
            {
                "id": uuid.uuid4(),
                "hub_id": hub_id,
                "year": year,
                "urn": one.urn,
                "calendar_id": calendar_id,
                "maths": dict(one.maths),
                "hosts": one.hosts,
                "hosted_before": min(one.hosted_before + one.hosted, MOST_HOSTED),
                "rather_not_host": list(one.rather_not_host),
                "notes": one.notes,
                "version": 1,
            }
            for one, calendar_id in new
        ],
    )


async def members(db: AsyncSession, hub_id: uuid.UUID, year: int, made: Sequence[tuple[uuid.UUID, NewGroup]]) -> None:
    """The schools, people and visits of Work Groups that were made."""
    in_hub = {"hub_id": hub_id}
    await _insert(
        db, GroupSchool, [{"group_id": key, "urn": urn, **in_hub} for key, group in made for urn in group.schools]
    )
    takers = [
        {"group_id": key, "person_id": one.person_id, "urn": one.urn, "role": one.role, **in_hub}
        for key, group in made
        for one in group.takers
    ]
    await _insert(db, Participant, takers)
    await _insert(
        db,
        VisitSeries,
        [
            {
                "id": uuid.uuid4(),
                "year": year,
                "urn": urn,
                "group_id": key,
                "visitor_id": change.visitor_id,
                "half_terms": list(change.half_terms),
                "least_gap": change.least_gap,
                **in_hub,
            }
            for key, group in made
            for urn, change in group.visits
        ],
    )
    await _see_them(db, hub_id, {one["person_id"] for one in takers})


async def _see_them(db: AsyncSession, hub_id: uuid.UUID, people: set[Any]) -> None:
    """Whoever takes part has the role that lets them see it."""
    stored = Role.PARTICIPANT.stored
    held = select(col(RoleHeld.person_id)).where(col(RoleHeld.person_id).in_(people), col(RoleHeld.role) == stored)
    without = people - set((await db.execute(held)).scalars())
    db.add_all([RoleHeld(hub_id=hub_id, person_id=person, role=stored) for person in sorted(without)])
    await db.flush()


async def _insert(db: AsyncSession, table: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        await db.execute(insert(table), rows)
