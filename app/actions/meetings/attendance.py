"""Saying who came: on the page and from a device (docs/rules/attendance.md)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.meetings import events
from app.domain.access import Can, Target, Viewer, decide
from app.domain.meetings.attendance import EARLY, Decided, Said, State, Wish, hours, is_late, newest, settle
from app.domain.meetings.attendance_form import LONGEST, Known, Line, read_form
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import in_london, spoken, spoken_date
from app.kit.typed import Typed
from app.store.meetings import attendance, rolls
from app.store.meetings.rolls import Guest, Roll

NOT_YOURS = "You cannot say who came to this, or it is there no more."
LATE = "This was more than a week ago, or a certificate rests on it. Say why it is corrected."
WORDS = {"meeting": "meeting", "visit": "visit", "observation": "lesson observation"}


async def take(actor: Actor, event_id: uuid.UUID, typed: Typed) -> Decided:
    """Keep what the form says of each guest, but where somebody else has said something different meanwhile.

    Raises NotFoundError, ForbiddenError, ConflictError (too early, cancelled) or BadInputError, which keeps nothing.
    """
    roll = await rolls.one(actor.db, actor.member, event_id)
    if roll is None:
        raise NotFoundError
    actor.require(Can.TAKE_ATTENDANCE, Target(roll.hub_id, frozenset({roll.lead_id})))
    refuse_unless_on(roll, actor.now)
    await rolls.hold(actor.db, [event_id])
    guests = (await rolls.guests(actor.db, [event_id]))[event_id]
    ops = (await attendance.said_of(actor.db, [event_id]))[event_id]
    wishes, faults = read_form(typed, lines_of(guests, ops, typed), await _known(actor, roll, guests, typed), roll)
    decided = settle(ops, wishes)
    correction = " ".join(typed.text("correction").split())[:LONGEST]
    if decided.kept and is_late(roll, actor.now, certified=roll.certified) and not correction:
        faults = (*faults, Fault("correction", LATE))
    if faults:
        raise BadInputError("Look at what is marked below.", faults)
    said = [said_of_wish(wish, roll, actor.now, by=actor.person_id, correction=correction) for wish in decided.kept]
    await attendance.keep(actor.db, said)
    if said:
        about = f"the {WORDS[roll.kind]} on {spoken_date(roll.day)}"
        did = "Corrected who came to" if correction else "Said who came to"
        await actor.record(did, about, event=str(event_id), guests=len(said))
    if typed.text("held") and roll.status == "confirmed" and roll.starts_at <= actor.now:
        await events.mark_held(actor, event_id, roll.version)
    return decided


def refuse_unless_on(roll: Roll, now: datetime) -> None:
    """Attendance is for what is fixed and about to begin: raises ConflictError with the reason."""
    if roll.status not in rolls.STANDS:
        word = "was cancelled" if roll.status == "cancelled" else "is not fixed yet"
        raise ConflictError(f"This {WORDS[roll.kind]} {word}, so nobody can have come to it.")
    if now < roll.starts_at - EARLY:
        raise ConflictError(f"This begins on {spoken(roll.starts_at)}. From an hour before, you can say who is here.")


def lines_of(guests: Sequence[Guest], ops: Sequence[Said], typed: Typed) -> list[Line]:
    """The lines that a form can have sent: guests, visitors who are known, and visitors whom it brings."""
    stands = newest(ops)
    asked = {guest.id for guest in guests}
    lines = [Line(one.id, one.urn, stands=bool(one.id in stands and stands[one.id].state)) for one in guests]
    lines += [
        Line(key, op.urn, visitor=True, person=op.person_id is not None)
        for key, op in stands.items()
        if key not in asked
    ]
    known = {line.guest_id for line in lines}
    brought = {_id(name.removeprefix("name-")) for name in typed.values if name.startswith("name-")}
    return lines + [Line(key, visitor=True) for key in sorted(brought - known - {None}, key=str) if key]


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


async def _known(actor: Actor, roll: Roll, guests: Sequence[Guest], typed: Typed) -> Known:
    names = {" ".join(typed.text(f"stand_in-{guest.id}").split()) for guest in guests} - {""}
    people = await rolls.people_named(actor.db, roll.hub_id, names) if names else {}
    schools = await rolls.school_names(actor.db, roll.hub_id, roll.year)
    return Known(people, schools)


def said_of_wish(wish: Wish, roll: Roll, now: datetime, *, by: uuid.UUID | None, correction: str) -> Said:
    """A wish as something said now, on the page."""
    return Said(
        op_id=new_id(),
        hub_id=roll.hub_id,
        event_id=roll.id,
        guest_id=wish.guest_id,
        person_id=wish.person_id,
        name=wish.name,
        urn=wish.urn,
        organisation=wish.organisation,
        state=wish.state,
        because=wish.because,
        minutes=wish.minutes,
        how="grid",
        correction=correction,
        said_at=now,
        at=now,
        by_id=by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing said on a device; `school` is a visitor's school or organisation."""

    op_id: uuid.UUID
    event_id: uuid.UUID
    guest_id: uuid.UUID
    state: str
    said_at: datetime
    name: str = ""
    school: str = ""
    because: str = ""
    minutes: int | None = None
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an operation: kept, known (it came before), or refused with a because."""

    op_id: uuid.UUID
    outcome: str
    because: str = ""


async def take_from_device(db: AsyncSession, viewer: Viewer, ops: Sequence[Operation], now: datetime) -> list[Answer]:
    """Take what was said on a device, each for itself; answers in the order sent, good once committed."""
    found = await rolls.of_ids(db, viewer, {op.event_id for op in ops})
    guests = await rolls.guests(db, list(found))
    said = await attendance.said_of(db, found)
    answers = []
    for op in ops:
        roll = found.get(op.event_id)
        if roll is None or not _may(viewer, roll):
            answers.append(Answer(op.op_id, "refused", NOT_YOURS))
            continue
        known = {guest.id: guest for guest in guests[roll.id]}
        before = said[roll.id]
        because = refused(op, roll, known, {one.guest_id for one in before}, now)
        if op.op_id in {one.op_id for one in before}:
            answers.append(Answer(op.op_id, "known"))
        elif because:
            answers.append(Answer(op.op_id, "refused", because))
        else:
            new = await _read(db, viewer, (op, roll), known, now)
            kept = await attendance.keep(db, [new])
            before.append(new)
            answers.append(Answer(op.op_id, "kept" if kept else "known"))
    await _tell(db, viewer, list(found.values()), (ops, answers), now)
    return answers


def _may(viewer: Viewer, roll: Roll) -> bool:
    return bool(decide(viewer, Can.TAKE_ATTENDANCE, Target(roll.hub_id, frozenset({roll.lead_id}))))


def refused(op: Operation, roll: Roll, known: dict[uuid.UUID, Guest], visitors: set[uuid.UUID], now: datetime) -> str:
    """Why this cannot be kept, in a sentence; empty when it can."""
    guest = op.guest_id in known
    try:
        refuse_unless_on(roll, now)
    except ConflictError as error:
        return error.because
    if not guest and op.state not in ("", State.VISITOR):
        return "They are not booked here. Add them as a visitor."
    if guest and op.state == State.VISITOR:
        return "They are booked here. Say present."
    if not guest and op.state == "" and op.guest_id not in visitors:
        return "Nothing was said of this visitor yet."
    if op.state in (State.VISITOR, State.STAND_IN) and not op.name:
        return "Write who came."
    if op.state == State.PART and not 0 < (op.minutes or 0) <= hours(roll):
        return f"It lasted {hours(roll)} minutes. Say how many of them they were there, or say present."
    if is_late(roll, now, certified=roll.certified) and not op.correction:
        return LATE
    return ""


async def _read(
    db: AsyncSession, viewer: Viewer, what: tuple[Operation, Roll], known: dict[uuid.UUID, Guest], now: datetime
) -> Said:
    op, roll = what
    guest = known.get(op.guest_id)
    member = viewer.member(roll.hub_id)
    wish = Wish(guest_id=op.guest_id, seen=0, state=op.state, urn=guest.urn if guest else None)
    if op.state == State.STAND_IN:
        people = await rolls.people_named(db, roll.hub_id, [op.name])
        person = people.get(op.name.lower())
        wish = replace(wish, person_id=person, name="" if person else op.name)
    elif guest:
        wish = replace(wish, person_id=guest.id, because=op.because if op.state == State.ABSENT else "")
    elif op.state:
        urn = (await rolls.school_names(db, roll.hub_id, roll.year)).get(op.school)
        wish = replace(wish, name=op.name, urn=urn, organisation="" if urn else op.school)
    if op.state == State.PART:
        wish = replace(wish, minutes=op.minutes)
    said = said_of_wish(wish, roll, now, by=member.person_id if member else None, correction=op.correction)
    return replace(said, op_id=op.op_id, how="device", said_at=min(op.said_at, now))


async def _tell(
    db: AsyncSession,
    viewer: Viewer,
    found: Sequence[Roll],
    outcome: tuple[Sequence[Operation], Sequence[Answer]],
    now: datetime,
) -> None:
    """One line in the trail for each event of which something new was said."""
    kept = [op.event_id for op, answer in zip(*outcome, strict=True) if answer.outcome == "kept"]
    for roll in found:
        member = viewer.member(roll.hub_id)
        if member and roll.id in kept:
            about = f"the {WORDS[roll.kind]} on {spoken_date(in_london(roll.starts_at).date())}"
            actor = Actor(db, viewer, member, now)
            await actor.record("Said who came to", about, event=str(roll.id), guests=kept.count(roll.id))
