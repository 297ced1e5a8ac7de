"""The trail, as the API tells it."""

import uuid
from datetime import datetime

from sqlalchemy import and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member
from app.models.people import Person
from app.models.trail import TrailEntry
from app.store.api.shelf import Asked, Order, Row, Slice, narrowed, part
from app.store.trail import found_in

CONDITIONS = {
    "since": lambda moment: col(TrailEntry.at) >= moment,
    "until": lambda moment: col(TrailEntry.at) < moment,
    "did": lambda did: col(TrailEntry.did) == did,
    "who": lambda who: col(TrailEntry.who) == who,
    "kind": lambda kind: col(TrailEntry.kind) == kind,
    "thing": lambda thing: col(TrailEntry.thing_id) == thing,
    "q": lambda words: and_(true(), *map(found_in, words.split())),
}
TOLD = {"id", "at", "did", "about", "facts", "who", "source", "browser", "before", "after"} | {
    "number",
    "previous",
    "hash",
}


async def some(db: AsyncSession, member: Member, asked: Asked) -> Slice:
    """What was done in the hub, newest first: two statements."""
    query = narrowed(select(TrailEntry).where(col(TrailEntry.hub_id) == member.hub_id), asked, CONDITIONS)
    order = Order((col(TrailEntry.at), col(TrailEntry.id)), (datetime, uuid.UUID), down=True)
    rows, following = await part(db, query, order, asked)
    found = await db.execute(
        select(col(Person.account_id), col(Person.id), col(Person.name)).where(
            col(Person.hub_id) == member.hub_id, col(Person.account_id).in_({row.account_id for row in rows})
        )
    )
    people: dict[uuid.UUID | None, Row] = {row[0]: {"id": row[1], "name": row[2]} for row in found.all()}
    return Slice(
        [
            row.model_dump(include=TOLD)
            | {
                "by": people.get(row.account_id),
                "thing": {"kind": row.kind, "id": row.thing_id} if row.kind and row.thing_id else None,
            }
            for row in rows
        ],
        following,
    )
