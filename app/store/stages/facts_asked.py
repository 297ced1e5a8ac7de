"""Whom the gate asks about, and how a list of them goes into a statement."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import ARRAY, ColumnElement, Integer, Text, Uuid, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import NullType
from sqlmodel import col

from app.models.meetings import Event

Of = dict[Any, list[Any]]


class Taking(Protocol):
    """An enrolment, as far as the gate asks of it."""

    @property
    def id(self) -> uuid.UUID:
        """Its own."""

    @property
    def urn(self) -> int:
        """Of the school."""

    @property
    def programme_id(self) -> uuid.UUID:
        """What it takes part in."""

    @property
    def year(self) -> int:
        """Academic year."""

    @property
    def kind(self) -> str:
        """Of programme."""

    @property
    def group_id(self) -> uuid.UUID | None:
        """Its Work Group, where it names one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which schools, years and Work Groups to look at; `groups` by enrolment."""

    hub_id: uuid.UUID
    today: date
    urns: list[int]
    years: list[int]
    groups: dict[uuid.UUID, frozenset[uuid.UUID]]

    @property
    def all_groups(self) -> list[uuid.UUID]:
        """Every Work Group of these enrolments."""
        return list(frozenset[uuid.UUID]().union(*self.groups.values()))


def one_of(column: Any, keys: Collection[int]) -> ColumnElement[bool]:
    """Whether the column is one of these numbers."""
    return _among(column, keys, Integer)


def among_ids(column: Any, keys: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Whether the column is one of these ids."""
    return _among(column, keys, Uuid)


def _among(column: Any, keys: Collection[object], kind: Any) -> ColumnElement[bool]:
    """One text for all of them, unfolded once: a thousand parameters take longer to send than to look up."""
    every = cast(literal(f"{{{','.join(map(str, keys))}}}", Text), ARRAY(kind))
    found: ColumnElement[bool] = column.in_(select(func.unnest(every)))
    return found


def is_meeting(asked: Asked) -> ColumnElement[bool]:
    """Whether an event is a meeting of one of these enrolments' Work Groups."""
    return (col(Event.kind) == "meeting") & among_ids(col(Event.group_id), asked.all_groups)


def listed(column: Any) -> Any:
    """All that the column holds in a group, as the driver's list: looking through each for its type takes longer."""
    return func.array_agg(column, type_=NullType())


async def rows_of(db: AsyncSession, wanted: Any) -> Sequence[Any]:
    """Plain rows past the mapper, which takes longer over them than the database does."""
    return (await (await db.connection()).execute(wanted)).all()


def by(rows: Iterable[Any], *keys: int) -> Of:
    """Rows under what stands in this place, or in these."""
    found: Of = defaultdict(list)
    key = itemgetter(*keys)
    for row in rows:
        found[key(row)].append(row)
    return found
