"""What is done to the texts that headteachers sign: a draft is begun, written, published or discarded."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.stages.ladder import RUNGS
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.models.stages import AgreementText
from app.store.stages import agreement_texts

CHANGED = "Somebody else changed this draft while you had it open. What you typed is kept: compare, and save it again."
PUBLISHED = "This version is published and stays as it is: signatures rest on it. Begin a new draft from the list."
SAME = "This says the same as the version in use, so there is nothing to publish."


async def begin(actor: Actor, kind: str, text: str) -> uuid.UUID:
    """Begin the next version for a kind of programme; returns the draft.

    Raises ForbiddenError, BadInputError for a strange kind, ConflictError when a draft is there.
    """
    actor.require(Can.EDIT_CRITERIA)
    if kind not in RUNGS:
        raise BadInputError("Look at what is marked below.", (Fault("kind", "Choose a programme."),))
    made = await agreement_texts.begin(actor.db, actor.member.hub_id, kind, text, actor.now)
    if made is None:
        raise ConflictError("There is a draft for this programme already. Open it from the list and go on with it.")
    await actor.record("Began", f"a new version of the agreement for {kind}", hub=str(actor.member.hub_id))
    return made


async def save(actor: Actor, text_id: uuid.UUID, stamp: str, text: str) -> None:
    """Write the draft anew. Raises NotFoundError, ForbiddenError, StaleError, ConflictError once it is published."""
    row = await _draft(actor, text_id, stamp)
    row.text, row.made_at = text, actor.now


async def publish(actor: Actor, text_id: uuid.UUID, stamp: str) -> int:
    """From now on this is what heads read and sign; returns its version. What was signed stays as it was signed.

    Raises NotFoundError, ForbiddenError, StaleError, ConflictError when it is published or says the same.
    """
    row = await _draft(actor, text_id, stamp)
    standing = await agreement_texts.stored(actor.db, row.hub_id, row.kind, actor.now)
    if standing.text.strip() == row.text.strip():
        raise ConflictError(SAME)
    row.published_at = actor.now
    about = f"version {row.version} of the agreement for {row.kind}"
    await actor.record("Published", about, hub=str(actor.member.hub_id))
    return row.version


async def discard(actor: Actor, text_id: uuid.UUID) -> None:
    """Throw a draft away. Raises NotFoundError, ForbiddenError, ConflictError once it is published."""
    row = await _draft(actor, text_id, None)
    await actor.db.delete(row)
    await actor.record("Discarded", f"the draft of the agreement for {row.kind}", hub=str(actor.member.hub_id))


async def _draft(actor: Actor, text_id: uuid.UUID, stamp: str | None) -> AgreementText:
    actor.require(Can.EDIT_CRITERIA)
    row = await agreement_texts.held(actor.db, actor.member.hub_id, text_id)
    if row is None:
        raise NotFoundError
    if row.published_at is not None:
        raise ConflictError(PUBLISHED)
    if stamp is not None and stamp != row.made_at.isoformat():
        raise StaleError(CHANGED)
    return row
