"""What a filled form brought into a record before."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models.notes import NoteHead, NoteOp


async def brought(
    db: AsyncSession, event_id: uuid.UUID, device_id: uuid.UUID, person_id: uuid.UUID
) -> dict[str, list[uuid.UUID]]:
    """The operations of this person out of this file that stand now, by place: one statement."""
    found = await db.execute(
        select(col(NoteOp.path), col(NoteOp.op_id))
        .join(
            NoteHead,
            (col(NoteHead.event_id) == col(NoteOp.event_id)) & (col(NoteHead.op_id) == col(NoteOp.op_id)),
        )
        .where(col(NoteOp.event_id) == event_id, col(NoteOp.device_id) == device_id, col(NoteOp.person_id) == person_id)
    )
    brought: dict[str, list[uuid.UUID]] = {}
    for path, op_id in found.all():
        brought.setdefault(path, []).append(op_id)
    return brought
