"""Reminders: when they are due, which one it is, and what they say. Rules: docs/rules/messages.md."""

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.feeds import Facts, feed_event
from app.domain.mail.quiet import working_day_before
from app.kit.periods import in_london, spoken_date, spoken_hours

CATCHING_UP = timedelta(days=7)  # a reminder of two weeks that was missed for longer would come as a surprise
ANSWERED = {"yes": "You said that you come.", "maybe": "You said that you may come."}


class Which(StrEnum):
    """Which of the two reminders."""

    TWO_WEEKS = "two weeks"
    TWO_DAYS = "two days"


DAYS = {Which.TWO_WEEKS: 14, Which.TWO_DAYS: 2}
FURTHEST = timedelta(days=14 + 14)  # no date further ahead has a reminder due, whatever holidays lie between


def due_on(day: date, which: Which) -> date:
    """The day on which a reminder of an event on that day leaves: a working day, so that it is read in time."""
    return working_day_before(day - timedelta(days=DAYS[which]))


def which_is_due(day: date, today: date) -> Which | None:
    """The reminder that is due today for an event on that day, also when the days before were missed."""
    if due_on(day, Which.TWO_DAYS) <= today <= day:
        return Which.TWO_DAYS
    first = due_on(day, Which.TWO_WEEKS)
    return Which.TWO_WEEKS if first <= today < first + CATCHING_UP else None


def batch_of(event_id: uuid.UUID, starts: datetime, which: Which) -> uuid.UUID:
    """What all messages of one reminder share: another date of the event is another reminder."""
    return uuid.uuid5(event_id, f"{which} before {starts.isoformat()}")


def reminder(facts: Facts, name: str, answer: str) -> tuple[str, str]:
    """Subject and text; {answer}, {see} and {dates} are links. `answer` is yes, maybe, or empty for none yet."""
    event = feed_event(facts, "")
    day = spoken_date(in_london(facts.starts).date())
    paragraphs = [
        f"Hello {name}",
        f"{event.summary}\n{day}, {spoken_hours(facts.starts, facts.ends)}\nLed by {facts.lead}",
        _where(facts),
        f"What to bring\n{facts.notes.strip()}" if facts.notes.strip() else "",
        _parking(facts),
        f"{ANSWERED[answer]} If that has changed, say so." if answer in ANSWERED else "",
        f"{'Change your answer' if answer in ANSWERED else 'Say whether you come'}: {{answer}}",
        "All about this date: {see}\nAll my dates: {dates}",
    ]
    return f"Reminder: {day}, {event.summary}", "\n\n".join(one for one in paragraphs if one)


def _where(facts: Facts) -> str:
    place = facts.place
    if place.online:
        return f"Online\nJoin: {place.joining_link}" if place.joining_link else "Online"
    lines = [", ".join(part for part in (place.school, place.address) if part)]
    if place.latitude is not None and place.longitude is not None:
        lines.append(f"Show it on a map: {map_link(place.latitude, place.longitude)}")
    return "\n".join(lines)


def map_link(latitude: float, longitude: float) -> str:
    """OpenStreetMap with a mark at this place (degrees, WGS 84)."""
    here = f"{latitude:.5f}", f"{longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={here[0]}&mlon={here[1]}#map=16/{here[0]}/{here[1]}"


def _parking(facts: Facts) -> str:
    place = facts.place
    return f"At the school\n{place.notes.strip()}" if place.notes.strip() and not place.online else ""
