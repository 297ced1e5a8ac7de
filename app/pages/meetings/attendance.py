"""Who came to an event: the grid that its leader fills, and what others may see of it."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Target, Viewer, decide
from app.domain.meetings.answers import WORDS as ANSWERS
from app.domain.meetings.attendance import (
    CAME,
    EARLY,
    WORDS,
    Decided,
    Said,
    State,
    is_late,
    newest,
)
from app.kit.errors import Fault, NotFoundError
from app.kit.ids import new_id
from app.kit.periods import spoken, spoken_date, spoken_hours
from app.kit.typed import Typed
from app.pages.meetings.attendance_device import heading, stand_in
from app.store.meetings import attendance, rolls
from app.store.meetings.rolls import Guest, Roll

KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}
NEW_LINES = 3
UNSAID = "Nobody has said yet who came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A guest or visitor: what stands or was typed, what must be changed, and what somebody else said meanwhile."""

    guest: uuid.UUID
    name: str
    school: str
    notes: tuple[str, ...] = ()
    because_not: str = ""  # the reason given with the answer, for whoever may read it
    state: str = ""
    word: str = ""
    because: str = ""
    minutes: str = ""
    stand_in: str = ""
    seen: int = 0
    person: bool = False
    fault: str = ""
    fault_at: str = ""
    clash: str = ""


@dataclass(frozen=True, slots=True)
class AttendancePage:
    """The grid. `early` says why nobody can fill it yet; `whole` is whether the viewer sees everybody.

    `draft` names what a browser keeps of a half-filled form: it fits only upon the same sayings.
    """

    template: ClassVar[str] = "meetings/attendance.html"
    address: str
    event: str
    kind_word: str
    heading: str
    day: str
    hours: str
    counts: str
    guests: tuple[Row, ...]
    visitors: tuple[Row, ...]
    blanks: tuple[Row, ...]
    whole: bool
    can_take: bool
    early: str
    late: bool
    correction: str
    can_hold: bool
    hold: bool
    check_in: str
    colleagues: tuple[str, ...]
    schools: tuple[str, ...]
    draft: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What was typed, what must be changed, and where somebody else said something different meanwhile."""

    typed: Typed
    faults: tuple[Fault, ...] = ()
    decided: Decided = field(default_factory=lambda: Decided((), ()))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event and of who came, as far as the viewer may see it."""

    roll: Roll
    whole: bool
    guests: Sequence[Guest]
    ops: Sequence[Said]
    names: dict[uuid.UUID, str]
    schools: dict[int, str]

    def visitors(self) -> list[Said]:
        """Those who came without being asked; nobody but who sees all sees them."""
        asked = {guest.id for guest in self.guests}
        return [op for key, op in newest(self.ops).items() if self.whole and key not in asked and op.state]


def sees_all(member: Member, roll: Roll) -> bool:
    """Whether the member sees everybody, with reasons: the office, and whoever leads the event or its Work Group."""
    reaches = member.reaches(Can.SEE_ATTENDANCE)
    leads = member.person_id in {roll.lead_id, roll.group_leader_id}
    return Reach.HUB in reaches or (Reach.GROUP in reaches and leads)


def may_take(viewer: Viewer, roll: Roll) -> bool:
    """Whether the viewer may say who came."""
    return bool(decide(viewer, Can.TAKE_ATTENDANCE, Target(roll.hub_id, frozenset({roll.lead_id}))))


async def known(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Known:
    """What the member may know of who came: five statements. Raises NotFoundError where they may see nobody."""
    told = await _known(db, member, event_id)
    if told is None:
        raise NotFoundError
    return told


async def _known(db: AsyncSession, member: Member, event_id: uuid.UUID) -> Known | None:
    roll = await rolls.one(db, member, event_id)
    if roll is None:
        return None
    whole = sees_all(member, roll)
    guests = (await rolls.guests(db, [event_id], None if whole else member))[event_id]
    if not (whole or guests or member.person_id == roll.lead_id):
        return None
    mine = {guest.id for guest in guests}
    ops = [one for one in (await attendance.said_of(db, [event_id]))[event_id] if whole or one.guest_id in mine]
    ops = [one for one in ops if one.guest_id != roll.lead_id]  # whoever leads is no guest
    names = await rolls.names(db, {one for op in ops for one in (op.person_id, op.by_id)})
    return Known(roll, whole, guests, ops, names, await rolls.schools(db, {op.urn for op in ops}))


async def load(
    db: AsyncSession, viewer: Viewer, member: Member, event_id: uuid.UUID, now: datetime, again: Again | None = None
) -> AttendancePage:
    """The grid as the member may see it, `again` with what was typed: at most seven statements. NotFoundError."""
    told = await known(db, member, event_id)
    roll, take = told.roll, may_take(viewer, told.roll)
    begun = roll.status in rolls.STANDS and now >= roll.starts_at - EARLY
    form = take and begun
    colleagues = await rolls.colleagues(db, roll.hub_id, {guest.urn for guest in told.guests}) if form else []
    schools = await rolls.school_names(db, roll.hub_id, roll.year) if form else {}
    edit = decide(viewer, Can.EDIT_EVENTS, Target(roll.hub_id, frozenset({roll.lead_id}), roll.group_id))
    late = is_late(roll, now, certified=roll.certified)
    return AttendancePage(
        address=f"/hubs/{member.hub_code}",
        event=f"/hubs/{member.hub_code}/events/{roll.id}",
        kind_word=KINDS[roll.kind],
        heading=heading(roll),
        day=spoken_date(roll.day),
        hours=spoken_hours(roll.starts_at, roll.ends_at),
        counts=counted(told.guests, told.ops, whole=told.whole),
        guests=tuple(_guest(one, told, member, again) for one in told.guests),
        visitors=tuple(_visitor(one, told, again) for one in told.visitors()),
        blanks=_blanks(told, again) if form else (),
        whole=told.whole,
        can_take=form,
        early=_early(roll) if take and not begun else "",
        late=late,
        correction=again.typed.text("correction") if again else "",
        can_hold=form and bool(edit) and roll.status == "confirmed" and roll.starts_at <= now,
        hold=bool(again.typed.text("held")) if again else roll.ends_at <= now,
        check_in=f"/hubs/{member.hub_code}/events/{roll.id}/check-in" if take else "",
        colleagues=tuple(colleagues),
        schools=tuple(schools),
        draft=f"after-{max((op.number for op in told.ops), default=0)}",
        faults=again.faults if again else (),
    )


def counted(guests: Sequence[Guest], ops: Sequence[Said], *, whole: bool) -> str:
    """14 of 18 came, and 2 visitors; empty while nothing was said."""
    stands = {key: op.state for key, op in newest(ops).items() if op.state}
    if not stands or not (guests or whole):
        return ""
    asked = {guest.id for guest in guests}
    of_asked = Counter(state for key, state in stands.items() if key in asked)
    came = sum(of_asked[state] for state in CAME)
    visitors = sum(1 for key in stands if key not in asked)
    unsaid = len(asked) - sum(of_asked.values())
    parts = [f"{came} of {len(asked)} came"]
    if visitors:
        parts.append("and 1 visitor" if visitors == 1 else f"and {visitors} visitors")
    if unsaid:
        parts.append(f"({unsaid} not said yet)")
    return " ".join(parts)


OWN = {
    "": "Nobody has said yet whether you came",
    State.PRESENT: "You came",
    State.PART: "You came for part of it",
    State.ABSENT: "You did not come",
    State.STAND_IN: "Somebody came in your place",
}


async def came(db: AsyncSession, member: Member, event_id: uuid.UUID) -> str:
    """How many came, in a line for other pages; empty where the member may see nobody: at most five statements."""
    told = await _known(db, member, event_id)
    if told is None:
        return ""
    if not told.whole and [one.id for one in told.guests] == [member.person_id]:
        said = newest(told.ops).get(member.person_id)
        return OWN.get(said.state if said else "", "")
    return counted(told.guests, told.ops, whole=told.whole) or UNSAID


def _early(roll: Roll) -> str:
    if roll.status == "cancelled":
        return "This was cancelled, so nobody can have come to it."
    if roll.status == "tentative":
        return "This date is not fixed yet."
    return f"You can say who is here from an hour before it begins on {spoken(roll.starts_at)}."


def _guest(one: Guest, told: Known, member: Member, again: Again | None) -> Row:
    op = newest(told.ops).get(one.id)
    said = op if op and op.state else None
    reasons = told.whole or one.id == member.person_id
    notes = [f"Answered {ANSWERS[one.answer].lower()}" if one.answer else "No answer"]
    if one.stand_in:
        notes.append(f"{one.stand_in} was to come in their place")
    if not one.expected:
        notes.append("Does not work then")
    row = Row(
        guest=one.id,
        name=one.name,
        school=one.school,
        notes=tuple(notes),
        because_not=one.because if reasons else "",
        state=said.state if said else "",
        word=in_words(said, told.names) if said else "",
        because=said.because if said and reasons else "",
        minutes=str(said.minutes) if said and said.minutes else "",
        stand_in=stand_in(said, told.names) if said and said.state == State.STAND_IN else one.stand_in,
        seen=op.number if op else 0,
    )
    return _again(row, op, told, again) if again else row


def in_words(op: Said, names: dict[uuid.UUID, str]) -> str:
    """What one saying says, in words, without reasons."""
    if op.state == State.PART:
        return f"{op.minutes} minutes"
    if op.state == State.STAND_IN:
        return f"{stand_in(op, names) or 'Somebody'} came in their place"
    return WORDS.get(op.state, op.state)


def _visitor(op: Said, told: Known, again: Again | None) -> Row:
    name = op.name or (told.names.get(op.person_id, "") if op.person_id else "")
    row = Row(
        guest=op.guest_id,
        name=name,
        school=op.organisation or told.schools.get(op.urn or 0, ""),
        state=op.state,
        word=WORDS[State.VISITOR],
        seen=op.number,
        person=op.person_id is not None,
    )
    return _again(row, op, told, again) if again else row


def _blanks(told: Known, again: Again | None) -> tuple[Row, ...]:
    """Empty lines for visitors, and those that were filled and could not be kept."""
    known_ids = {op.guest_id for op in told.ops} | {guest.id for guest in told.guests}
    sent = again.typed.values if again else {}
    brought = [name.removeprefix("name-") for name in sent if name.startswith("name-")]
    rows = [Row(guest=key, name="", school="") for key in map(_id, brought) if key and key not in known_ids]
    rows += [Row(guest=new_id(), name="", school="") for _ in range(NEW_LINES - len(rows))]
    return tuple(_again(row, None, told, again) if again and str(row.guest) in brought else row for row in rows)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _again(row: Row, op: Said | None, told: Known, again: Again) -> Row:
    """The row with what was typed in it. What was kept of a form, or came from others meanwhile, is the new ground."""
    typed, key = again.typed, row.guest
    if f"seen-{key}" not in typed.values:
        return row
    clash = next((said for wish, said in again.decided.clashes if wish.guest_id == key), None)
    if not again.faults and clash is None:
        return row
    fault = next((one for one in again.faults if one.path.endswith(f"-{key}")), None)
    text = {name: typed.text(f"{name}-{key}") for name in ("because", "minutes", "stand_in", "name", "school")}
    return Row(
        guest=key,
        name=text["name"] or row.name,
        school=text["school"] or row.school,
        notes=row.notes,
        because_not=row.because_not,
        state=typed.text(f"state-{key}"),
        because=text["because"],
        minutes=text["minutes"],
        stand_in=text["stand_in"],
        seen=op.number if clash and op else _number(typed.text(f"seen-{key}")),
        person=row.person,
        fault=fault.because if fault else "",
        fault_at=fault.path.partition("-")[0] if fault else "",
        clash=_clash(clash, told) if clash else "",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _clash(said: Said, told: Known) -> str:
    who = told.names.get(said.by_id, "Somebody") if said.by_id else "Somebody, by the code on the screen,"
    what = in_words(said, told.names).lower() if said.state else "nothing after all"
    return f"{who} said {what} on {spoken(said.at)}, while you had this open. Choose what is so, and save once more."
