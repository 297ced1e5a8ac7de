"""Records as people leave them: written through the same door as from a device, without a request."""

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.notes.writing import Sender, apply_all
from app.domain.notes.applying import Answer, Operation
from app.kit.ids import new_id
from app.models.meetings import Event
from app.models.people import Person
from app.store import people
from tests.makers import NOW

DEVICE = uuid.uuid4()


async def written(db: AsyncSession, event: Event, person: Person, values: dict[str, Any]) -> list[Answer]:
    """What this person wrote in the record of this event: values by path."""
    viewer = await people.viewer(db, person.account_id, person.email)
    ops = [Operation(new_id(), event.id, path, value, frozenset(), 0, 1, NOW) for path, value in values.items()]
    answers = await apply_all(Sender(db, viewer, NOW, DEVICE), ops)
    assert {one.outcome for one in answers} <= {"applied", "merged"}, answers
    return answers
