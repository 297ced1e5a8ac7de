"""What a certificate says, who has earned one, and what issuing does (docs/rules/certificates.md)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.meetings.attendance import Said, State
from app.domain.sign_in import Limit
from app.kit.periods import HALF_TERMS, spoken_date, spoken_year

FEWEST_MEETINGS = 1
AT_ONCE = 30  # more are made by a job, one transaction each
RULE = "Everybody who takes part in this Work Group and attended at least one of its meetings has earned one."
WRONG_CODES = Limit("certificates from a network", 30)
PARTS = frozenset({State.PRESENT, State.PART, State.VISITOR})


class Kind(StrEnum):
    """What is certified."""

    ATTENDANCE = "attendance"  # of one Work Group's year
    YEAR = "year"  # all that a teacher took part in


TITLES = {Kind.ATTENDANCE: "Certificate of attendance", Kind.YEAR: "Record of a year"}
KINDS = {"meeting": "Meetings", "visit": "Visits", "observation": "Lesson observations"}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that has begun and was not cancelled."""

    id: uuid.UUID
    kind: str
    status: str
    day: date
    half_term: int
    minutes: int
    school: str
    online: bool
    group: str
    teacher_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Attended:
    """One thing somebody took part in: `minutes` of it, `note` says where that is less or in whose place."""

    day: date
    half_term: int
    kind: str
    what: str
    minutes: int
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a certificate is for and what it is of: everything on it but what was attended."""

    person_id: uuid.UUID
    name: str
    school: str
    hub: str
    year: int
    group_id: uuid.UUID | None = None
    group: str = ""
    group_name: str = ""
    programme: str = ""
    led_by: str = ""

    @property
    def kind(self) -> Kind:
        """Of one Work Group, or of the whole year."""
        return Kind.ATTENDANCE if self.group_id else Kind.YEAR


def attended(event: Happened, said: Mapping[uuid.UUID, Said], person_id: uuid.UUID) -> Attended | None:
    """What somebody took part in of an event, by what stands of its guests; None when they did not.

    Who came in another's place took part, but not for that other's certificate: it says so in its note. An observation
    that was held had its teacher there, whether or not anybody took attendance.
    """
    own = said.get(person_id)
    if own is not None:
        here = own.state in PARTS
        return _attended(event, _minutes(event, own), "part of it" if own.state == State.PART else "") if here else None
    other = next((one for one in said.values() if one.person_id == person_id), None)
    if other is not None and other.state == State.STAND_IN:
        return _attended(event, event.minutes, "in the place of a colleague")
    if other is not None and other.state in PARTS:
        return _attended(event, _minutes(event, other), "")
    observed = event.kind == "observation" and event.teacher_id == person_id and event.status == "held"
    return _attended(event, event.minutes, "") if observed else None


def _minutes(event: Happened, said: Said) -> int:
    if said.state == State.PART and said.minutes is not None:
        return max(0, min(said.minutes, event.minutes))
    return event.minutes


def _attended(event: Happened, minutes: int, note: str) -> Attended:
    where = "online" if event.online else f"at {event.school}"
    words = {"meeting": f"Meeting {where}", "visit": f"Visit {where}", "observation": f"Lesson observation {where}"}
    return Attended(event.day, event.half_term, event.kind, words[event.kind], minutes, event.group, note)


def counted(whose: Whose, lines: Iterable[Attended]) -> tuple[Attended, ...]:
    """Those lines that stand on this certificate, in order: of a Work Group its meetings, in one's own place."""
    kept = [
        line
        for line in lines
        if whose.kind is Kind.YEAR or (line.kind == "meeting" and line.note != "in the place of a colleague")
    ]
    return tuple(sorted(kept, key=lambda line: (line.day, line.kind, line.what)))


def facts(whose: Whose, lines: Sequence[Attended]) -> dict[str, Any]:
    """What a certificate says, as it is kept: two that say the same are equal."""
    return {
        "name": whose.name,
        "school": whose.school,
        "hub": whose.hub,
        "group": whose.group,
        "group_name": whose.group_name,
        "programme": whose.programme,
        "led_by": whose.led_by,
        "minutes": sum(line.minutes for line in lines),
        "lines": [
            {
                "day": line.day.isoformat(),
                "half_term": line.half_term,
                "kind": line.kind,
                "what": line.what,
                "minutes": line.minutes,
                "group": line.group,
                "note": line.note,
            }
            for line in lines
        ],
    }


_NOTHING = {"name": "", "school": "", "hub": "", "group": "", "group_name": "", "programme": "", "led_by": ""}


def told(says: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a kept certificate; what it does not say is empty."""
    return {**_NOTHING, "minutes": 0, "lines": [], **says.get("facts", {})}


class Outcome(StrEnum):
    """What issuing does for somebody."""

    NEW = "new"
    AGAIN = "again"  # the standing one says something else: it is withdrawn and replaced
    SAME = "same"  # the standing one says it already
    GONE = "gone"  # there is a standing one, and nothing is recorded any more
    NOTHING = "nothing"


MAKES = frozenset({Outcome.NEW, Outcome.AGAIN})


def outcome(earned: Mapping[str, Any], standing: Mapping[str, Any] | None) -> Outcome:
    """What issuing does, by what is so now and what the standing certificate says."""
    if not earned["lines"]:
        return Outcome.NOTHING if standing is None else Outcome.GONE
    if standing is None:
        return Outcome.NEW
    return Outcome.SAME if standing == earned else Outcome.AGAIN


def lock(group_id: uuid.UUID) -> str:
    """What the job that issues a Work Group's certificates is known by: never two at a time."""
    return f"certificates {group_id}"


def replaced(by: str, day: date) -> str:
    """Why a certificate no longer counts after it was issued again; `by` is the new one's code."""
    return f"Replaced by {by}, issued on {spoken_date(day)}, because what it said was corrected."


def hours_words(minutes: int) -> str:
    """5 hours 30 minutes."""
    whole, rest = divmod(minutes, 60)
    said = [f"{whole} hour{'' if whole == 1 else 's'}"] if whole else []
    if rest or not whole:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(said)


def count_words(lines: Sequence[Mapping[str, Any]]) -> str:
    """4 meetings and 2 visits."""
    words = {"meeting": "meeting", "visit": "visit", "observation": "lesson observation"}
    counts = [(sum(line["kind"] == kind for line in lines), word) for kind, word in words.items()]
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else (said or ["nothing"])[0]


def by_kind(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Each kind with how many and how many minutes, as far as there are any."""
    found = []
    for kind, word in KINDS.items():
        minutes = [int(line["minutes"]) for line in lines if line["kind"] == kind]
        if minutes:
            found.append((word, len(minutes), sum(minutes)))
    return found


def in_half_terms(lines: Sequence[Mapping[str, Any]]) -> str:
    """What the ribbon on a certificate shows, in words: Autumn 1: 1 meeting; Autumn 2: none."""
    said = []
    for number, name in enumerate(HALF_TERMS):
        here = [line for line in lines if line["half_term"] % 6 == number]
        said.append(f"{name}: {count_words(here) if here else 'none'}")
    return "; ".join(said)


def of_what(kind: str, group: str, year: int) -> str:
    """What a certificate is of: NCP26-11-03, 2026/27."""
    return f"{group}, {spoken_year(year)}" if kind == Kind.ATTENDANCE and group else spoken_year(year)


def line_words(line: Mapping[str, Any]) -> str:
    """One thing attended as a sentence: Thursday 24 September 2026: Meeting at Ash Vale Primary, 2 hours 45 minutes."""
    said = f"{line['what']}, {line['note']}" if line["note"] else str(line["what"])
    return f"{spoken_date(date.fromisoformat(line['day']))}: {said}, {hours_words(line['minutes'])}"
