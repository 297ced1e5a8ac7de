"""A year copied forward into the next: all that was chosen in one act, or nothing."""

from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from app.actions import hubs
from app.actions.access import Actor
from app.domain.access import Can
from app.domain.meetings.copying import OldYear
from app.domain.meetings.copying_choice import ANEW, Copy, Wanted, decide
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import spoken_year
from app.store.meetings import copying, copying_changes, group_changes


async def copy_forward(actor: Actor, year: int, wanted: Wanted) -> Copy:
    """Copy what is wanted of a year into the year after it, which begins if it has not; returns what was written.

    Raises NotFoundError, ForbiddenError, BadInputError for codes, ConflictError when one of the years has changed.
    """
    actor.require(Can.EDIT_HUB)
    actor.require(Can.EDIT_GROUPS)
    hub_id = actor.member.hub_id
    await copying_changes.one_at_a_time(actor.db, hub_id)
    old = await copying.old_year(actor.db, hub_id, year)
    if old is None:
        raise NotFoundError
    copy = decide(old, await copying.new_year(actor.db, hub_id, year + 1), wanted)
    await hubs.open_year(actor, year + 1)
    try:
        async with actor.db.begin_nested():
            groups = await _write(actor, old, copy)
    except IntegrityError:  # somebody made one of these meanwhile
        raise ConflictError(ANEW) from None
    about = f"{spoken_year(year)} forward into {spoken_year(year + 1)}"
    facts = {"groups": groups, "schools": len(copy.schools), "programmes": [one.kind for one in copy.programmes]}
    await actor.record("Copied", about, hub=str(hub_id), settings=copy.settings, **facts)
    return copy


async def _write(actor: Actor, old: OldYear, copy: Copy) -> list[str]:
    db, hub_id, year = actor.db, actor.member.hub_id, old.year + 1
    if copy.settings:
        await copying_changes.settings(db, hub_id, year, old)
    await copying_changes.programmes(db, hub_id, year, copy.programmes)
    await copying_changes.schools(db, hub_id, year, copy.schools)
    programmes = await copying_changes.programme_ids(db, hub_id, year)
    made = []
    for group in copy.groups:
        change = replace(group.change, programme_id=programmes[group.kind])
        key = await group_changes.add(db, hub_id, year, change)
        if key is None:
            raise ConflictError(ANEW)
        made.append((key, group))
    await copying_changes.members(db, hub_id, year, made)
    return [str(key) for key, _ in made]
