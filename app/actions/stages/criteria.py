"""What is done to a hub's criteria: a draft is written, published or discarded. A published set never changes."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.stages.criteria import differences, to_data
from app.domain.stages.criteria_form import written
from app.kit.errors import ConflictError, NotFoundError, StaleError
from app.kit.typed import Typed
from app.models.stages import CriteriaSet
from app.store.stages import criteria as stored

CHANGED = "Somebody else changed this draft while you had it open. What you typed is shown over theirs; save it again."
MOVED_ON = "Somebody changed this draft while you looked at it. Look again at what it changes, and publish it then."
SAME = "This says the same as the version in use, so there is nothing to publish."
PUBLISHED = "This version is published and does not change any more. Write a draft of the next one."
EMPTY = "A set of criteria asks for at least one thing. Add a criterion to the draft first."


async def save(actor: Actor, kind: str, typed: Typed) -> uuid.UUID:
    """Keep what the editor sent as the draft of the next version; returns its id.

    Raises BadInputError with what to change, or StaleError when somebody else was quicker.
    """
    actor.require(Can.EDIT_CRITERIA)
    hub_id = actor.member.hub_id
    row = await stored.locked_draft(actor.db, hub_id, kind)
    if typed.text("stamp") != (row.made_at.isoformat() if row else ""):
        raise StaleError(CHANGED)
    if row:
        row.criteria = to_data(written(kind, row.version, typed).items)
        row.made_at, row.made_by = actor.now, actor.person_id
        return row.id
    await stored.kept(actor.db, hub_id, kind, actor.now)
    newest = (await stored.versions(actor.db, hub_id, kind))[0].criteria.version
    draft = written(kind, newest + 1, typed)
    made = await stored.begin_draft(actor.db, hub_id, draft, actor.now, actor.person_id)
    if made is None:
        raise StaleError(CHANGED)
    await actor.record("Began", f"a new version of the criteria for {kind}", hub=str(hub_id))
    return made


async def publish(actor: Actor, criteria_id: uuid.UUID, typed: Typed) -> CriteriaSet:
    """Have the draft hold from now on; moves that are proposed keep their version.

    Raises NotFoundError, StaleError, or ConflictError when it is published, empty or says what holds already.
    """
    row = await _draft(actor, criteria_id)
    if typed.text("stamp") != row.made_at.isoformat():
        raise StaleError(MOVED_ON)
    _, now = (await stored.in_use(actor.db, actor.member.hub_id))[row.kind]
    if not row.criteria:
        raise ConflictError(EMPTY)
    new = stored.as_criteria(row)
    if not differences(now, new):
        raise ConflictError(SAME)
    row.published_at = actor.now
    await actor.record(
        "Published",
        f"version {row.version} of the criteria for {row.kind}",
        before={"criteria": [one.says for one in now.items]},
        after={"criteria": [one.says for one in new.items]},
        hub=str(row.hub_id),
    )
    return row


async def discard(actor: Actor, criteria_id: uuid.UUID) -> str:
    """Throw the draft away; returns its kind of programme. Raises NotFoundError or ConflictError."""
    row = await _draft(actor, criteria_id)
    await actor.db.delete(row)
    await actor.record("Discarded", f"the draft of the criteria for {row.kind}", hub=str(row.hub_id))
    return row.kind


async def _draft(actor: Actor, criteria_id: uuid.UUID) -> CriteriaSet:
    actor.require(Can.EDIT_CRITERIA)
    row = await stored.locked(actor.db, actor.member.hub_id, criteria_id)
    if row is None:
        raise NotFoundError
    if row.published_at:
        raise ConflictError(PUBLISHED)
    return row
