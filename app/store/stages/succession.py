"""Schools that took another's place in the hub: what was held and found there counts for them."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.stages import SchoolChange

Before = Mapping[int, tuple[int, ...]]
Lists = dict[Any, list[Any]]


async def before(db: AsyncSession, hub_id: uuid.UUID) -> Before:
    """For each school whose enrolment or visits came from another, which: also those before that. One statement.

    A school that kept its own, because it had them already, has taken nobody's place in this sense.
    """
    found = await db.execute(select(col(SchoolChange.successor_urn), col(SchoolChange.urn)).where(*_taken(hub_id)))
    near: dict[int, list[int]] = {}
    for heir, urn in found.all():
        near.setdefault(heir or 0, []).append(urn)
    whole = {heir: _all_before(near, heir) for heir in near}
    # Whoever has most before them comes first, so that nobody is given the same twice.
    return dict(sorted(whole.items(), key=lambda one: -len(one[1])))


def counts_for(hub_id: uuid.UUID, urn: Any) -> ColumnElement[int]:
    """The school for which what was held at this one counts: whoever took its place, else itself."""
    heir = (
        select(col(SchoolChange.successor_urn))
        .where(*_taken(hub_id), col(SchoolChange.urn) == urn)
        .order_by(col(SchoolChange.settled_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(heir, urn)


def _taken(hub_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Tasks by which an enrolment or visits went on at another school."""
    moved: Any = col(SchoolChange.moved)
    return (
        col(SchoolChange.hub_id) == hub_id,
        col(SchoolChange.state) == "moved",
        moved.has_key("enrolments") | moved.has_key("series"),
        ~moved.has_key("doubles"),
    )


def _all_before(near: Mapping[int, list[int]], heir: int) -> tuple[int, ...]:
    known: list[int] = []
    wait = list(near.get(heir, []))
    while wait:
        urn = wait.pop()
        if urn not in known and urn != heir:
            known.append(urn)
            wait += near.get(urn, [])
    return tuple(sorted(known))


def follow(known: Before, *lists: Lists) -> None:
    """Put what stands under a school's URN under that of whoever took its place as well, after what they have.

    Keys are URNs, or begin with one.
    """
    for heir, olds in known.items():
        for one in lists:
            for key in [key for key in one if (key[0] if isinstance(key, tuple) else key) in olds]:
                own = (heir, *key[1:]) if isinstance(key, tuple) else heir
                one[own] = [*one.get(own, ()), *one[key]]
