"""Dates that are held while people say whether they can: who is asked about what, until when, and the letters.

Source: docs/rules/schedule.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.meetings.bookings import works_then
from app.domain.meetings.changes import Place, Planned
from app.kit.errors import BadInputError, Fault
from app.kit.periods import spoken_date, spoken_year

LONGEST_WORDS, LONGEST_REASON = 2_000, 500  # characters
DAYS_TO_ANSWER, FURTHEST_DAYS = 14, 180
TOLD = 14  # dates that a letter names; the page behind its link has all
HALVES = {"am": "morning", "pm": "afternoon"}


@dataclass(frozen=True, slots=True)
class Asking:
    """What goes with asking people about a plan's dates: until when they answer, and words of the lead's own."""

    answer_by: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One date in words, for letters and pages."""

    day: date
    slot: str
    what: str
    where: str

    def __str__(self) -> str:
        at = f", at {self.where}" if self.where else ""
        return f"{spoken_date(self.day)}, {HALVES[self.slot]}: {self.what}{at}"


def who_is_asked(
    events: Iterable[Planned], problem: Mapping[str, Any], certain: Mapping[str, Place], today: date
) -> dict[str, list[Planned]]:
    """Who is asked about which dates, by the person's id: whoever leads, is observed, or is expected to come.

    What is certain and stays where it is needs no question, nor does what is over. Whoever does not work then, or is
    away, is expected to miss the date and is not asked.
    """
    people = {one["id"]: one for one in problem["people"]}
    asked: dict[str, list[Planned]] = {}
    for event in sorted(events, key=lambda each: (each.place.day, each.place.slot, each.key)):
        if event.place.day <= today or certain.get(event.key) == event.place:
            continue
        must = [event.lead, *([event.teacher] if event.teacher else [])]
        may = [each for each in event.people if each in people and _expected(people[each], event.place)]
        for each in dict.fromkeys([*must, *may]):
            asked.setdefault(each, []).append(event)
    return asked


def _expected(person: Mapping[str, Any], place: Place) -> bool:
    away = (date.fromisoformat(day) for day in person["away"])
    return works_then(person["works"], away, place.day, place.slot)


def usual_deadline(today: date, first: date | None, closures: Collection[str]) -> date:
    """Two weeks on, on a day when schools are open; the day before the first date, where that comes sooner."""
    day = today + timedelta(DAYS_TO_ANSWER)
    while day.weekday() > 4 or day.isoformat() in closures:
        day += timedelta(1)
    return max(today + timedelta(1), min(day, first - timedelta(1))) if first else day


def read_asking(answer_by: str, words: str, today: date) -> Asking:
    """A form that asks people. Raises BadInputError, which names each field."""
    faults = []
    try:
        day = date.fromisoformat(answer_by)
    except ValueError:
        day = date.min
    if not 0 < (day - today).days <= FURTHEST_DAYS:
        faults.append(
            Fault("answer_by", f"Choose a day from {spoken_date(today + timedelta(1))} on, within half a year.")
        )
    if len(words) > LONGEST_WORDS:
        faults.append(Fault("words", f"Write at most {LONGEST_WORDS:,} letters; these are {len(words):,}."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
    return Asking(day, words)


def letter(name: str, hub: str, year: int, lines: Sequence[Line], asking: Asking) -> tuple[str, str]:
    """Subject and text; {dates} is the personal link."""
    count = "a date is" if len(lines) == 1 else f"{len(lines)} dates are"
    paragraphs = (
        f"Hello {name}",
        f"{hub} is planning {spoken_year(year)}, and {count} held for you. Nothing is certain yet.",
        asking.words,
        _listed(lines),
        f"Please say by {spoken_date(_say_by(lines, asking))} which you can come to and which you cannot: {{dates}}",
        "The link is yours alone, and needs no password. You can change your answers until the plan is settled.",
    )
    subject = f"Can you come? {count[:1].upper()}{count[1:]} held for you in {spoken_year(year)}"
    return subject, "\n\n".join(one for one in paragraphs if one)


def again_letter(name: str, hub: str, lines: Sequence[Line], asking: Asking) -> tuple[str, str]:
    """The letter to those whose dates moved because somebody could not come."""
    count = "A date has" if len(lines) == 1 else f"{len(lines)} dates have"
    paragraphs = (
        f"Hello {name}",
        f"Somebody could not come, so {hub} has looked for other days. {count} moved.",
        "What you said of the earlier day no longer counts.",
        asking.words,
        _listed(lines),
        f"Please say by {spoken_date(_say_by(lines, asking))} whether you can come: {{dates}}",
    )
    subject = f"Can you come? {count} moved"
    return subject, "\n\n".join(one for one in paragraphs if one)


def nudge_letter(name: str, hub: str, count: int, answer_by: date) -> tuple[str, str]:
    """The letter to whoever has not answered yet; `count` dates wait."""
    dates = "a date" if count == 1 else f"{count} dates"
    paragraphs = (
        f"Hello {name}",
        f"{hub} holds {dates} for you and does not know yet whether you can come.",
        f"Please say so by {spoken_date(answer_by)}: {{dates}}",
        "The link is yours alone, and needs no password.",
    )
    return f"Can you come? {dates[:1].upper()}{dates[1:]} still waiting for your answer", "\n\n".join(paragraphs)


def dropped_letter(name: str, hub: str, year: int) -> tuple[str, str]:
    """The letter to whoever was asked about dates of a plan that is not followed any more."""
    paragraphs = (
        f"Hello {name}",
        f"{hub} no longer holds the dates for {spoken_year(year)} that you were asked about. Keep them free no longer.",
        "Dates that were certain before stay. When there is a new plan, you are asked again.",
    )
    return f"You need not keep the dates for {spoken_year(year)} free", "\n\n".join(paragraphs)


def _say_by(lines: Sequence[Line], asking: Asking) -> date:
    """Until when somebody answers: never later than the day before the first of their dates."""
    return min(asking.answer_by, min(line.day for line in lines) - timedelta(1))


def _listed(lines: Sequence[Line]) -> str:
    told = [str(line) for line in lines[:TOLD]]
    more = len(lines) - TOLD
    return "\n".join([*told, *([f"and {more} more, which the link shows."] if more > 0 else [])])
