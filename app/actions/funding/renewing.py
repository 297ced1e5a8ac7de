"""Bringing a year's open statements up to date with what happened (docs/rules/money.md, "Statements")."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.corrections import due
from app.domain.funding.corrections import renew as renewed
from app.domain.funding.ledger import Ledger, lines
from app.domain.funding.line import Line, total
from app.domain.funding.opening import Opening, placed
from app.domain.funding.pence import pounds
from app.domain.people.retention import BY_KEY, over
from app.domain.stages.criteria import times
from app.kit.periods import in_london, spoken_year
from app.models.funding import FundingYear
from app.store.funding import cards, facts, renewing, statements


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many lines came, changed and went, how many statements were opened, and by how many pence it differs."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    opened: int = 0
    pence: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the open statements said all of it already."""
        return not (self.new or self.changed or self.gone)

    @property
    def says(self) -> str:
        """What changed, in a sentence."""
        if self.nothing:
            return "Nothing has changed: the open statements say all that happened."
        sign = "more" if self.pence >= 0 else "less"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.gone:,} taken out"
        opened = f" {times(self.opened, 'statement')} opened." if self.opened else ""
        return f"Lines of open statements: {counts}; together {pounds(abs(self.pence))} {sign}.{opened}"


async def renew(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> Renewed:
    """Make the open statements say what is due; adjustments, what was brought, and queries stay as they are.

    A line that somebody queries and that is no longer due stays until they are answered: it is held out of the close.
    Whoever else would change the year's ledger waits until the transaction ends. A fixed number of statements, and one
    more for each few thousand lines that differ. A year so old that attendance may be deleted stays as it is.
    """
    if over(year, BY_KEY["attendance"].least, in_london(now).date()):
        return Renewed()
    held = await statements.year_locked(db, hub_id, year)
    code = await renewing.code_of(db, hub_id)
    ledger = await fresh(db, hub_id, code, year, now)
    frozen = await statements.frozen_entries(db, hub_id, year)
    found = await asyncio.to_thread(due, frozen, ledger.lines, ledger.unearned)
    before = {one.id: one for one in await statements.open_entries(db, hub_id, year)}
    change = await asyncio.to_thread(renewed, before.values(), found)
    opened = await _put(db, held, code, change.new, now)
    await renewing.change(db, hub_id, change.changed)
    gone = [one for one in change.gone if not one.held]
    await renewing.remove(db, hub_id, gone)
    held.renewed_at = now
    await db.flush()
    pence = total(change.new) - total(one.line for one in gone)
    pence += sum(one.line.pence - before[one.id].line.pence for one in change.changed)
    return Renewed(len(change.new), len(change.changed), len(gone), opened, pence)


async def fresh(db: AsyncSession, hub_id: uuid.UUID, code: str, year: int, now: datetime) -> Ledger:
    """The year's lines and reasons as they come out now, whatever statements say."""
    card = await cards.in_force(db, hub_id, code, year)
    happened = await facts.of_year(db, hub_id, year, now)
    return await asyncio.to_thread(lines, card, happened)  # a large year takes seconds, in which others are served


async def _put(db: AsyncSession, held: FundingYear, code: str, new: Sequence[Line], now: datetime) -> int:
    """The new lines into open statements, and those that must be opened for them; how many those are."""
    if not new:
        return 0
    aside = await renewing.brought(db, held.hub_id)
    known = [one for one in await statements.of_year(db, held.hub_id, held.year) if one.id not in aside]
    places = placed(held.per, held.every, held.year, known, [(line.urn, line.day) for line in new])
    wanted = list(dict.fromkeys(one for one in places if isinstance(one, Opening)))
    made = await statements.open_new(db, held.hub_id, code, wanted, now)
    ids = dict(zip(wanted, (one.id for one in made), strict=True))
    into = (ids[one] if isinstance(one, Opening) else one.id for one in places)
    await renewing.add(db, held.hub_id, zip(new, into, strict=True))
    return len(made)


async def renew_now(actor: Actor, year: int) -> Renewed:
    """The same by somebody's hand; raises ForbiddenError."""
    actor.require(Can.CLAIM)
    found = await renew(actor.db, actor.member.hub_id, year, actor.now)
    if not found.nothing:
        facts_of = {"new": found.new, "changed": found.changed, "gone": found.gone, "pence": found.pence}
        await actor.record("Brought the ledger up to date", f"the grant year {spoken_year(year)}", **facts_of)
    return found


async def renew_hub(db: AsyncSession, hub_id: uuid.UUID, now: datetime) -> None:
    """Each night: every year that a rate card of the hub pays for."""
    for year in await renewing.years(db, hub_id, now):
        await renew(db, hub_id, year, now)
