"""Saying how far a Mastery Specialist is and what they can lead. Rules: docs/rules/specialists.md."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.stages.specialists import Said, check
from app.kit.errors import NotFoundError
from app.kit.periods import academic_year, in_london
from app.store.stages import specialists


async def say(actor: Actor, person_id: uuid.UUID, said: Said, version: int) -> str:
    """Keep it; their name. Raises NotFoundError, ForbiddenError, StaleError or BadInputError."""
    actor.require(Can.EDIT_PEOPLE)
    today = in_london(actor.now).date()
    found = await specialists.of_year(actor.db, actor.member, academic_year(today), person_id)
    if not found:
        raise NotFoundError
    was = found[0]
    check(said, today, gone=was.left_on is not None)
    await specialists.write(actor.db, actor.member.hub_id, person_id, said, version)
    before = {"state": was.state, "most groups": was.most} if was.state else {}
    after = {"state": said.state.value, "most groups": said.most}
    await actor.record("Changed", f"how far {was.name} is", before=before, after=after, person=str(person_id))
    return was.name
