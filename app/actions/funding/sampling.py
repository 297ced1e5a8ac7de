"""Assurance samples: lines of closed statements drawn by a seed."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.sample import drawn
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Reader, Typed, whole_number
from app.models.funding import AssuranceSample
from app.store.funding import samples

LONGEST = 80
MOST = 500  # lines of one sample: each brings its evidence


async def draw(actor: Actor, year: int, typed: Typed) -> uuid.UUID:
    """Draw so many of the lines that are frozen now, by the seed that was typed; returns the sample's id.

    Raises BadInputError with what to change, also while nothing of the year is frozen.
    """
    actor.require(Can.CLAIM)
    reader = Reader(typed)
    count = reader.read("count", whole_number)
    seed = typed.text("seed")
    if not seed or len(seed) > LONGEST:
        because = f"Give the sample a seed of 1 to {LONGEST} letters: any words, which then draw the same lines again."
        reader.faults.append(Fault("seed", because))
    if count is not None and not 1 <= count <= MOST:
        reader.faults.append(Fault("count", f"Enter 1 to {MOST} lines."))
    if reader.faults or count is None:
        raise BadInputError("Look at what is marked below.", tuple(reader.faults))
    hub_id = actor.member.hub_id
    frozen = await samples.frozen_then(actor.db, hub_id, year, actor.now)
    if not frozen:
        because = f"No statement of {spoken_year(year)} is closed yet: a sample is drawn from lines that are frozen."
        raise BadInputError(because, (Fault("", because),))
    row = AssuranceSample(
        hub_id=hub_id,
        year=year,
        seed=seed,
        count=count,
        of=len(frozen),
        lines=list(drawn(seed, frozen, count)),
        made_at=actor.now,
        made_by=actor.person_id,
    )
    about = f"a sample of {len(row.lines):,} of {len(frozen):,} lines of {spoken_year(year)}"
    made = await samples.keep(actor.db, row)
    await actor.record("Drew", about, seed=seed, hub=str(hub_id))
    return made
