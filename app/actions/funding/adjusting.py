"""What is done to adjustments: written by one person, agreed or declined by another, taken back."""

import uuid
from dataclasses import dataclass
from datetime import date

from app.actions.access import Actor
from app.actions.funding.placing import place
from app.domain.access import Can
from app.domain.funding import statements as rules
from app.domain.funding.facts import Payee
from app.domain.funding.line import Line
from app.domain.funding.pence import pounds
from app.domain.funding.statements import WHY_WORDS, Why
from app.domain.schools.keeping import CHECK
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError, StaleError
from app.kit.periods import year_span
from app.models.funding import Adjustment
from app.store.funding import adjustments, rows, statements
from app.store.schools import changing

CHANGED = "Somebody changed this adjustment meanwhile. Look at how it stands now."
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class New:
    """An adjustment as it is put forward, in pence: plus is paid, minus taken off."""

    year: int
    urn: int
    why: Why
    day: date
    pence: int
    because: str
    payee: Payee = Payee.PARTICIPANT
    programme: str = ""


async def propose(actor: Actor, new: New) -> uuid.UUID:
    """Put an adjustment forward; returns it. Raises ForbiddenError and BadInputError."""
    actor.require(Can.CLAIM)
    by = _person(actor)
    row = Adjustment(
        hub_id=actor.member.hub_id,
        year=new.year,
        urn=new.urn,
        payee=new.payee.value,
        programme=new.programme.strip(),
        why=new.why.value,
        day=new.day,
        pence=new.pence,
        because=new.because.strip(),
        made_at=actor.now,
        by_id=by,
    )
    faults = list(rules.adjustment_faults(_of(row), year_span(new.year)))
    if len(row.because) > LONGEST:
        faults.append(Fault("because", f"Use at most {LONGEST:,} characters."))
    if not await changing.in_hub(actor.db, actor.member.hub_id, new.urn):
        faults.append(Fault("school", "Choose a school of the hub."))
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    await adjustments.add(actor.db, row)
    await _noted(actor, row, "Put forward")
    return row.id


async def agree(actor: Actor, adjustment_id: uuid.UUID, version: int) -> uuid.UUID:
    """Agree an adjustment that somebody else wrote: it becomes a line of an open statement, which is returned.

    Raises NotFoundError, ForbiddenError (also for whoever wrote it), StaleError and ConflictError (it was settled).
    """
    actor.require(Can.APPROVE_CLAIM)
    row = await _open(actor, adjustment_id, version)
    _by_another(actor, row)
    held = await statements.year_locked(actor.db, row.hub_id, row.year)
    into = (await place(actor, held, [(row.urn, row.day)]))[0]
    line = rows.line_row(row.hub_id, into, rules.adjustment(_of(row).line, Why(row.why)))
    row.line_id = await adjustments.add_line(actor.db, line)
    await _settle(actor, row, "agreed")
    await _noted(actor, row, "Agreed")
    return into


async def decline(actor: Actor, adjustment_id: uuid.UUID, version: int, because: str) -> None:
    """Decline an adjustment that somebody else wrote, and say why. Raises as `agree` does, and BadInputError."""
    actor.require(Can.APPROVE_CLAIM)
    row = await _open(actor, adjustment_id, version)
    _by_another(actor, row)
    if not because.strip() or len(because) > LONGEST:
        raise BadInputError(CHECK, (Fault("because", f"Say why, in at most {LONGEST:,} characters."),))
    await _settle(actor, row, "declined", because.strip())
    await _noted(actor, row, "Declined")


async def take_back(actor: Actor, adjustment_id: uuid.UUID, version: int) -> None:
    """Take back an adjustment that one wrote oneself, before it is settled. Raises as `agree` does."""
    actor.require(Can.CLAIM)
    row = await _open(actor, adjustment_id, version)
    if row.by_id != actor.person_id:
        raise ForbiddenError("Somebody else wrote this adjustment. You can agree or decline it.")
    await _settle(actor, row, "taken_back")
    await _noted(actor, row, "Took back")


async def _open(actor: Actor, adjustment_id: uuid.UUID, version: int) -> Adjustment:
    row = await adjustments.locked(actor.db, actor.member.hub_id, adjustment_id)
    if row is None:
        raise NotFoundError
    if row.state != "proposed":
        raise ConflictError("This adjustment was settled already. Look at what became of it.")
    if row.version != version:
        raise StaleError(CHANGED)
    return row


def _by_another(actor: Actor, row: Adjustment) -> None:
    fault = rules.may_agree(_of(row), _person(actor))
    if fault:
        raise ForbiddenError(fault.because)


def _person(actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise ForbiddenError("An adjustment is written and agreed by people of the hub, signed in.")
    return actor.person_id


def _of(row: Adjustment) -> rules.Adjustment:
    """The adjustment as the rules know it."""
    line = Line(
        key="",
        urn=row.urn,
        payee=Payee(row.payee),
        rate="",
        programme=row.programme,
        group="",
        day=row.day,
        quantity=1,
        of=1,
        rate_pence=row.pence,
        pence=row.pence,
        because=f"{WHY_WORDS[Why(row.why)]}: {row.because}" if row.because else "",
        evidence=(f"adjustment/{row.id}",),
    )
    return rules.Adjustment(id=str(row.id), why=Why(row.why), line=line, by=row.by_id or rows.NOBODY)


async def _settle(actor: Actor, row: Adjustment, state: str, because: str = "") -> None:
    row.state, row.settled_because = state, because
    row.settled_at, row.settled_by = actor.now, actor.person_id
    row.version += 1
    await actor.db.flush()


async def _noted(actor: Actor, row: Adjustment, did: str) -> None:
    school = await changing.school_name(actor.db, row.urn)
    await actor.record(did, f"an adjustment of {pounds(row.pence)} for {school}", urn=row.urn, adjustment=str(row.id))
