"""How long records are kept: the hub's own times, and the monthly run that lets go of what has had its time."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.actions.access import Actor, operator
from app.actions.people import erasing
from app.actions.people.erasing import Site
from app.domain.access import Can
from app.domain.people.retention import BY_KEY, HOLD, KINDS, fault_of, months_of
from app.kit.errors import BadInputError, Fault
from app.kit.periods import in_london
from app.store import hubs
from app.store.database import Database
from app.store.people import keeping
from app.store.people.keeping import Going


@dataclass(frozen=True, slots=True)
class Times:
    """How long a hub keeps each kind of record, in months, and whether it holds everything for now."""

    months: Mapping[str, int | None]
    held: bool


async def set_times(actor: Actor, times: Times) -> None:
    """Keep the hub's own times; raises BadInputError for months outside the bounds of a kind."""
    actor.require(Can.PROTECT_DATA)
    faults = [Fault(kind.key, because) for kind in KINDS if (because := fault_of(kind, times.months.get(kind.key)))]
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    own = await keeping.own_months(actor.db, actor.member.hub_id)
    before = _told(own)
    months = {kind: count for kind, count in times.months.items() if kind in BY_KEY and count is not None}
    await keeping.set_months(actor.db, actor.member.hub_id, months)
    await keeping.set_hold(actor.db, actor.member.hub_id, held=times.held)
    after = _told(months | ({HOLD: 0} if times.held else {}))
    await actor.record("Changed", "How long records are kept", before=before, after=after, hub=str(actor.member.hub_id))


def _told(own: Mapping[str, int]) -> dict[str, object]:
    return {**months_of(own), "everything is held": HOLD in own}


async def run(database: Database, site: Site, now: datetime) -> dict[str, list[Going]]:
    """The monthly run, hub by hub, each in a transaction of its own; what went, by the hub's code."""
    done = {}
    for hub_id in await database.every_hub():
        code, went = await _run_hub(database, hub_id, site, now)
        if went:
            done[code] = list(went)
    return done


async def _run_hub(database: Database, hub_id: uuid.UUID, site: Site, now: datetime) -> tuple[str, Sequence[Going]]:
    async with database.transaction(hub_id) as db:
        hub = await hubs.one(db, hub_id)
        own = await keeping.own_months(db, hub_id)
        if HOLD in own:
            return hub.code, ()
        found = operator(db, hub_id, hub.code, now)
        actor = replace(found, member=replace(found.member, name="Halfterm"))
        today = in_london(now).date()
        going = await keeping.going(db, hub_id, own, today)
        if not going:
            return hub.code, ()
        for person in await keeping.gone_long_ago(db, hub_id, own, today):
            if not await erasing.in_the_way(actor, person):
                what = await erasing.what_of(actor, person)
                await erasing.forget(actor, what, site)
                await actor.record("Erased", what.pseudonym, person=str(person.id))
        await keeping.let_go(db, hub_id, own, today)
        counts = {kind.key: sum(one.count for one in going if one.kind == kind.key) for kind in KINDS}
        kept = {kind: count for kind, count in counts.items() if count}
        await actor.record("Let go", "What had been kept long enough", hub=str(hub_id), counts=kept)
        return hub.code, going
