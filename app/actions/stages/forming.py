"""Work Groups made from the schools that come into a year."""

import uuid

from app.actions.access import Actor
from app.actions.meetings import groups
from app.domain.access import Can
from app.domain.meetings.groups import GroupChange
from app.kit.errors import BadInputError, Fault
from app.store.schools import changing
from app.store.stages import coming, recruiting

CHECK = "Look at what is marked below."


async def form_group(actor: Actor, year: int, new: GroupChange, urns: tuple[int, ...]) -> uuid.UUID:
    """A Work Group with these schools, each of which then works with the hub in that year; returns the group.

    Raises ForbiddenError, NotFoundError for a year that is not open, BadInputError: a school that does not come, that
    comes for another programme, or has a Work Group already; a code in use.
    """
    actor.require(Can.EDIT_GROUPS)
    hub_id = actor.member.hub_id
    programmes = {one.id: one for one in await recruiting.programmes(actor.db, hub_id, year)}
    if new.programme_id not in programmes:
        raise _wrong("programme", "Choose a programme of that year.")
    programme = programmes[new.programme_id]
    rows = {row.urn: row for row in await coming.of_year(actor.db, hub_id, year) if row.kind == programme.kind}
    grouped = await coming.groups(actor.db, hub_id, year)
    if not urns:
        raise _wrong("", "Choose at least one school.")
    for urn in urns:
        name = await changing.school_name(actor.db, urn) or str(urn)
        if urn not in rows:
            raise _wrong("programme", f"{name} does not come for {programme.name}. Leave it out, or choose another.")
        if (urn, programme.kind) in grouped:
            raise _wrong("", f"{name} is in {grouped[urn, programme.kind][1]} already. Leave it out.")
    made = await groups.new_group(actor, year, new)
    for urn in urns:
        await changing.add(actor.db, hub_id, year, urn)
        await groups.add_school(actor, made, urn)
    await coming.put_in_group(actor.db, programme.id, made, urns)
    return made


def _wrong(field: str, because: str) -> BadInputError:
    return BadInputError(CHECK, (Fault(field, because),))
