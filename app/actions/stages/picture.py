"""What is done with the hub's picture: frozen under a name, taken away, put back while that is possible."""

import uuid
from datetime import date, timedelta

from app.actions.access import Actor
from app.domain.access import Can
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import spoken_date
from app.models.stages import HubSnapshot
from app.store.stages import picture, snapshots

LONGEST = 80
MOST = 200  # of a hub: each is some hundred kilobytes
PUT_BACK = timedelta(days=30)  # so long after it was taken away


async def freeze(actor: Actor, year: int, name: str) -> uuid.UUID:
    """Keep the picture of a year as it stands now. Raises ForbiddenError, BadInputError, or ConflictError when full."""
    actor.require(Can.SEE_PICTURE)
    if not name or len(name) > LONGEST:
        because = f"Give the picture a name of 1 to {LONGEST} letters, such as End of Autumn 1."
        raise BadInputError(because, (Fault("name", because),))
    hub_id = actor.member.hub_id
    if len([one for one in await snapshots.listed(actor.db, hub_id) if not one.deleted_at]) >= MOST:
        raise ConflictError(f"The hub keeps {MOST} pictures. Delete one that nobody needs, then freeze this one.")
    made = await picture.make(actor.db, hub_id, year, actor.now)
    row = HubSnapshot(hub_id=hub_id, year=year, day=made.day, name=name, taken_at=actor.now, taken_by=actor.person_id)
    kept = await snapshots.keep(actor.db, row, made)
    await actor.record("Froze the picture", _named(name, made.day))
    return kept


async def delete(actor: Actor, snapshot_id: uuid.UUID) -> str:
    """Take a frozen picture away; older ones that were go for good. Raises NotFoundError; returns its name."""
    row = await _held(actor, snapshot_id)
    if row.deleted_at:
        raise NotFoundError
    row.deleted_at = actor.now
    await snapshots.forget(actor.db, actor.member.hub_id, actor.now - PUT_BACK)
    await actor.record("Deleted the frozen picture", _named(row.name, row.day))
    return row.name


async def put_back(actor: Actor, snapshot_id: uuid.UUID) -> str:
    """Undo a deletion. Raises NotFoundError, or ConflictError where it is there; returns its name."""
    row = await _held(actor, snapshot_id)
    if row.deleted_at is None:
        raise ConflictError("This picture is there already.")
    row.deleted_at = None
    await actor.db.flush()
    await actor.record("Put back the frozen picture", _named(row.name, row.day))
    return row.name


async def _held(actor: Actor, snapshot_id: uuid.UUID) -> HubSnapshot:
    actor.require(Can.SEE_PICTURE)
    row = await snapshots.one(actor.db, actor.member.hub_id, snapshot_id)
    if row is None:
        raise NotFoundError
    return row


def _named(name: str, day: date) -> str:
    return f"{name}, {spoken_date(day)}"
