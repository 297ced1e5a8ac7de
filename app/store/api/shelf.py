"""One part of a list: the rows after a cursor, in an order that no change of a name can stir."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.kit.cursors import cursor, read_cursor
from app.models.people import Person

Row = dict[str, Any]
Kept = TypeVar("Kept")
EMPTY: tuple[()] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; `only` narrows it by names that the list knows, None narrows nothing."""

    after: str = ""
    limit: int = 50
    only: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows, and the cursor of what follows (None at the end)."""

    items: list[Row]
    next: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that together name one row, with their kinds; `down` for the newest first."""

    columns: Sequence[Any]
    kinds: Sequence[type]
    down: bool = False


def narrowed(query: Select[Kept], asked: Asked, conditions: Mapping[str, Any]) -> Select[Kept]:
    """The query with the condition of every name that was asked; each is a function of the asked value."""
    for name, condition in conditions.items():
        value = asked.only.get(name)
        if value is not None:
            query = query.where(condition(value))
    return query


async def part(db: AsyncSession, query: Select[Kept], order: Order, asked: Asked) -> tuple[Sequence[Kept], str | None]:
    """The rows after the cursor, and the next cursor: one statement. Raises BadInputError for a strange cursor."""
    if asked.after:
        row, last = tuple_(*order.columns), tuple_(*read_cursor(asked.after, order.kinds))
        query = query.where(row < last if order.down else row > last)
    query = query.order_by(*(column.desc() if order.down else column.asc() for column in order.columns))
    found = list((await db.execute(query.limit(asked.limit + 1))).scalars())
    if len(found) <= asked.limit:
        return found, None
    found = found[: asked.limit]
    return found, cursor([getattr(found[-1], column.key) for column in order.columns])


def groupwise(rows: Iterable[tuple[Any, Row]]) -> dict[Any, list[Row]]:
    """Rows under what they belong to."""
    found: dict[Any, list[Row]] = {}
    for key, row in rows:
        found.setdefault(key, []).append(row)
    return found


async def names(db: AsyncSession, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, Row]:
    """People as {id, name}: one statement."""
    wanted = {one for one in ids if one is not None}
    found = await db.execute(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(wanted)))
    return {row[0]: {"id": row[0], "name": row[1]} for row in found.all()}


def hours(starts: time | None, ends: time | None) -> Row | None:
    """A half-day's times as the API writes them; None where a group has none of its own."""
    return {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"} if starts and ends else None
