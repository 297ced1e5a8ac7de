"""Whom the gate asks about, how a list of them goes into a statement, and how many statements go out.

The statements of the gate are made once, with places for what is asked: making one anew takes as long as sending it.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import ARRAY, ColumnElement, Date, Integer, Select, Text, Uuid, bindparam, cast, func, literal, select
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

    def places(self) -> dict[str, Any]:
        """What goes into the places of a statement."""
        every = frozenset[uuid.UUID]().union(*self.groups.values())
        lists = {"urns": self.urns, "years": self.years, "group_ids": every, "enrolments": self.groups}
        return {
            "hub": self.hub_id,
            "today": self.today,
            **{name: text_of(keys) for name, keys in lists.items()},
        }


def text_of(keys: Collection[object]) -> str:
    """One text for all of them, unfolded once: a thousand parameters take longer to send than to look up."""
    return f"{{{','.join(map(str, keys))}}}"


def _unfolded(text: ColumnElement[str], kind: Any) -> Select[Any]:
    return select(func.unnest(cast(text, ARRAY(kind))))


HUB = bindparam("hub", type_=Uuid)
TODAY = bindparam("today", type_=Date)
URNS = _unfolded(bindparam("urns", type_=Text), Integer)
YEARS = _unfolded(bindparam("years", type_=Text), Integer)
GROUPS = _unfolded(bindparam("group_ids", type_=Text), Uuid)
ENROLMENTS = _unfolded(bindparam("enrolments", type_=Text), Uuid)
# Whether an event is a meeting of one of these enrolments' Work Groups.
IS_MEETING = (col(Event.kind) == "meeting") & col(Event.group_id).in_(GROUPS)


def among_ids(column: Any, keys: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Whether the column is one of these ids."""
    found: ColumnElement[bool] = column.in_(_unfolded(literal(text_of(keys), Text), Uuid))
    return found


def listed(column: Any) -> Any:
    """All that the column holds in a group, as the driver's list: looking through each for its type takes longer."""
    return func.array_agg(column, type_=NullType())


async def rows_of(db: AsyncSession, wanted: Any, places: dict[str, Any] | None = None) -> Sequence[Any]:
    """Plain rows past the mapper, which takes longer over them than the database does."""
    return (await (await db.connection()).execute(wanted, places)).all()


async def in_turn(db: AsyncSession, places: dict[str, Any], *wanted: Any) -> AsyncGenerator[Sequence[Any]]:
    """Plain rows of each statement; while the reader looks at them, the database already works at the next."""
    ahead = asyncio.ensure_future(rows_of(db, wanted[0], places))
    try:
        for one in wanted[1:]:
            rows = await ahead
            ahead = asyncio.ensure_future(rows_of(db, one, places))
            await asyncio.sleep(0)  # it is sent
            yield rows
        yield await ahead
    finally:
        ahead.cancel()
        await asyncio.gather(ahead, return_exceptions=True)


def by(rows: Iterable[Any], *keys: int) -> Of:
    """Rows under what stands in this place, or in these."""
    found: Of = defaultdict(list)
    key = itemgetter(*keys)
    for row in rows:
        found[key(row)].append(row)
    return found
