"""Completion snapshots: the counts as of a day frozen under a name, taken away, and put back."""

import uuid
from datetime import date

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.snapshots import snapshot
from app.domain.imports import read_date
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year, year_span
from app.kit.typed import Reader, Typed
from app.models.funding import CompletionSnapshot
from app.store.funding import completions, facts

LONGEST = 80
MOST = 200  # of a hub


async def freeze(actor: Actor, year: int, typed: Typed) -> uuid.UUID:
    """Keep who signed up and who completed as of the day that was typed; returns its id.

    Raises BadInputError with what to change, or ConflictError when the hub keeps as many as it can.
    """
    actor.require(Can.CLAIM)
    reader = Reader(typed)
    day = reader.read("day", read_date)
    name = typed.text("name")
    if not name or len(name) > LONGEST:
        reader.faults.append(Fault("name", f"Give it a name of 1 to {LONGEST} letters, such as February 2027."))
    if day is not None:
        reader.faults += _day_faults(day, year, in_london(actor.now).date())
    if reader.faults or day is None:
        raise BadInputError("Look at what is marked below.", tuple(reader.faults))
    hub_id = actor.member.hub_id
    if len([one for one in await completions.listed(actor.db, hub_id) if not one.deleted_at]) >= MOST:
        raise ConflictError(f"The hub keeps {MOST} snapshots. Delete one that nobody needs, then freeze this one.")
    counted = snapshot(await facts.of_year(actor.db, hub_id, year, actor.now), day)
    made = completions.Frozen(year, name, counted)
    kept = await completions.keep(actor.db, hub_id, made, actor.now, actor.person_id)
    await actor.record("Froze the completions", _named(name, day), hub=str(hub_id))
    return kept


def _day_faults(day: date, year: int, today: date) -> list[Fault]:
    if day > today:
        return [Fault("day", f"Enter a day until today, {spoken_date(today)}: what is ahead is not known.")]
    if not year_span(year).holds(day):
        return [Fault("day", f"Enter a day of {spoken_year(year)}, from 1 September to 31 August.")]
    return []


async def delete(actor: Actor, snapshot_id: uuid.UUID) -> str:
    """Take a snapshot away; returns its name. Raises NotFoundError."""
    row = await _held(actor, snapshot_id)
    if row.deleted_at:
        raise NotFoundError
    row.deleted_at = actor.now
    await actor.record("Deleted the frozen completions", _named(row.name, row.day), hub=str(row.hub_id))
    return row.name


async def put_back(actor: Actor, snapshot_id: uuid.UUID) -> str:
    """Undo a deletion; returns its name. Raises NotFoundError, or ConflictError where it is there."""
    row = await _held(actor, snapshot_id)
    if row.deleted_at is None:
        raise ConflictError("This snapshot is there already.")
    row.deleted_at = None
    await actor.record("Put back the frozen completions", _named(row.name, row.day), hub=str(row.hub_id))
    return row.name


async def _held(actor: Actor, snapshot_id: uuid.UUID) -> CompletionSnapshot:
    actor.require(Can.CLAIM)
    row = await completions.row(actor.db, actor.member.hub_id, snapshot_id)
    if row is None:
        raise NotFoundError
    return row


def _named(name: str, day: date) -> str:
    return f"{name}, {spoken_date(day)}"
