"""The form that says who came, read: one line for each guest, one for each visitor."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.meetings.attendance import State, Timed, Wish, hours
from app.kit.errors import Fault
from app.kit.periods import in_london
from app.kit.typed import Typed, time_of_day

LONGEST = 200  # characters of a reason, a name, an organisation
OF_GUESTS = (State.PRESENT, State.PART, State.ABSENT, State.STAND_IN)
_FROM_TO = re.compile(r"^(?:from )?(.+?)(?: ?- ?| ?\u2013 ?| to | until )(.+)$")
_MINUTES = re.compile(r"(\d{1,3}) ?(?:m|min|mins|minutes)?")
SAY_HOW_LONG = "Say how long they were there: minutes, such as 90, or from-to, such as 9.30-11."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form: whose it is, the school they come from, and whether they are a visitor."""

    guest_id: uuid.UUID
    urn: int | None = None
    visitor: bool = False
    person: bool = False  # a visitor who is a person of the hub
    stands: bool = False  # something stands of them, so that "everyone is here" leaves them as they are


@dataclass(frozen=True, slots=True)
class Known:
    """What typed names are looked up in: people by name in small letters, schools by name."""

    people: Mapping[str, uuid.UUID] = field(default_factory=dict)
    schools: Mapping[str, int] = field(default_factory=dict)


def read_form(
    typed: Typed, lines: Sequence[Line], known: Known, event: Timed
) -> tuple[tuple[Wish, ...], tuple[Fault, ...]]:
    """What the form says of each guest, and what must be changed first; lines that it did not send are left out."""
    everyone = bool(typed.text("everyone"))
    wishes, faults = [], []
    for line in lines:
        if f"state-{line.guest_id}" not in typed.values and f"seen-{line.guest_id}" not in typed.values:
            continue
        try:
            wishes.append(_visitor(typed, line, known) if line.visitor else _guest(typed, line, known, event, everyone))
        except _WrongError as wrong:
            faults.append(Fault(f"{wrong.field}-{line.guest_id}", str(wrong)))
    return tuple(wishes), tuple(faults)


class _WrongError(ValueError):
    def __init__(self, name: str, because: str) -> None:
        super().__init__(because)
        self.field = name


def _seen(typed: Typed, guest: uuid.UUID) -> int:
    text = typed.text(f"seen-{guest}")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _text(typed: Typed, name: str, guest: uuid.UUID) -> str:
    text = " ".join(typed.text(f"{name}-{guest}").split())
    if len(text) > LONGEST:
        raise _WrongError(name, f"Use at most {LONGEST} characters.")
    return text


def _guest(typed: Typed, line: Line, known: Known, event: Timed, everyone: bool) -> Wish:
    guest = line.guest_id
    said = typed.text(f"state-{guest}")
    state = said if said in OF_GUESTS else ""
    if everyone and not state and not line.stands:
        state = State.PRESENT
    wish = Wish(guest_id=guest, seen=_seen(typed, guest), state=state, person_id=guest, urn=line.urn)
    if state == State.PART:
        return replace(wish, minutes=_part(typed, guest, event))
    if state == State.ABSENT:
        return replace(wish, because=_text(typed, "because", guest))
    if state == State.STAND_IN:
        name = _text(typed, "stand_in", guest)
        if not name:
            raise _WrongError("stand_in", "Write who came in their place.")
        person = known.people.get(name.lower())
        if person == guest:
            raise _WrongError("stand_in", "Nobody stands in for themselves. Write another name, or say present.")
        return replace(wish, person_id=person, name="" if person else name)
    return wish


def _part(typed: Typed, guest: uuid.UUID, event: Timed) -> int:
    try:
        return part_of(typed.text(f"minutes-{guest}"), event)
    except ValueError as wrong:
        raise _WrongError("minutes", str(wrong)) from None


def part_of(text: str, event: Timed) -> int:
    """Minutes of an event, written as 90, or as 9.30-11; raises ValueError with a sentence."""
    whole = hours(event)
    plain = _MINUTES.fullmatch(text.strip().lower())
    minutes = int(plain[1]) if plain else _between(text.strip().lower(), event)
    if not 0 < minutes <= whole:
        raise ValueError(f"It lasted {whole} minutes. Say how many of them they were there, or say present.")
    return minutes


def _between(text: str, event: Timed) -> int:
    found = _FROM_TO.match(text)
    if not found:
        raise ValueError(SAY_HOW_LONG)
    try:
        starts, ends = (time_of_day(one if re.search(r"[:.apm]", one) else f"{one}:00") for one in found.groups())
    except ValueError:
        raise ValueError(SAY_HOW_LONG) from None
    first, last = in_london(event.starts_at), in_london(event.ends_at)
    begun = max(starts.hour * 60 + starts.minute, first.hour * 60 + first.minute)
    return min(ends.hour * 60 + ends.minute, last.hour * 60 + last.minute) - begun


def _visitor(typed: Typed, line: Line, known: Known) -> Wish:
    guest = line.guest_id
    if line.person and typed.text(f"state-{guest}") != "gone":
        seen = _seen(typed, guest)
        return Wish(guest_id=guest, seen=seen, state=State.VISITOR, person_id=guest, urn=line.urn)
    name, school = _text(typed, "name", guest), _text(typed, "school", guest)
    gone = typed.text(f"state-{guest}") == "gone"
    if school and not name and not gone:
        raise _WrongError("name", "Write the visitor's name.")
    urn = known.schools.get(school)
    if gone or not name:
        return Wish(guest_id=guest, seen=_seen(typed, guest), state="")
    return Wish(
        guest_id=guest,
        seen=_seen(typed, guest),
        state=State.VISITOR,
        name=name,
        urn=urn,
        organisation="" if urn else school,
    )
