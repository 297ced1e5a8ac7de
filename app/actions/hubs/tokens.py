"""API tokens of a hub: made, shown once, and revoked."""

import uuid

from app.actions.access import Actor
from app.domain.access import SCOPES, Can
from app.domain.people.tokens import WrittenToken, token_faults
from app.kit.errors import BadInputError, Fault, ForbiddenError, NotFoundError
from app.store.people import hub_tokens


async def make_token(actor: Actor, written: WrittenToken) -> str:
    """A token for what was ticked, within the rights of whoever makes it; shown once. Raises BadInputError."""
    actor.require(Can.EDIT_TOKENS)
    if actor.viewer.account_id is None:
        raise ForbiddenError("A token works in the name of whoever makes it: sign in first.")
    faults = tuple(Fault(path, because) for path, because in token_faults(written).items())
    if faults:
        raise BadInputError("Look at what is marked below.", faults)
    name, scopes = written.name.strip(), sorted(written.scopes)
    new = hub_tokens.NewToken(name, written.scopes, written.expires(actor.now))
    made = await hub_tokens.make(actor.db, actor.member.hub_id, actor.viewer.account_id, new, actor.now)
    await actor.record("Made", f"the API token {name}", scopes=scopes, days=written.days)
    return made


async def revoke_token(actor: Actor, token_id: uuid.UUID) -> str:
    """The token opens nothing from now on; its name. Revoked twice is revoked. Raises NotFoundError."""
    actor.require(Can.EDIT_TOKENS)
    found = await hub_tokens.one(actor.db, actor.member.hub_id, token_id, lock=True)
    if found is None:
        raise NotFoundError
    if found.revoked_at is None:
        found.revoked_at = actor.now
        await actor.db.flush()
        await actor.record(
            "Revoked", f"the API token {found.name}", scopes=[one for one in found.scopes if one in SCOPES]
        )
    return found.name
