"""Term dates from a calendar file (ICS, RFC 5545) as schools and authorities publish them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.imports import LIMITS, Limits, Rejected, plain, rejected
from app.domain.schools.term_events import TermEvent
from app.kit.errors import BadInputError
from app.kit.periods import LONDON, Span
from app.render.sheets.kinds import Kind, checked_kind, kind_of

MOST_EVENTS = 5_000
ICS_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class TermFile:
    """A calendar file: the name it gives itself (or its file's), its events, and those that cannot be read."""

    name: str
    events: list[TermEvent]
    rejected: list[Rejected]
    read: int


def is_calendar(path: Path) -> bool:
    """Whether the file is a calendar by its content, whatever its name says."""
    return path.is_file() and kind_of(path) is Kind.ICS


def read_term_events(path: Path, *, name: str = "", limits: Limits = LIMITS) -> TermFile:
    """The events of an ICS file, and those whose days cannot be read. Raises BadInputError with a sentence.

    A zone that the file does not describe is looked up by its name; a time without any zone is London's; an event
    without an end lasts its first day. Cancelled events are passed over.
    """
    name = name or path.name
    if checked_kind(path, name, limits) is not Kind.ICS:
        raise BadInputError(f"{name} is not a calendar file: it must begin with BEGIN:VCALENDAR.")
    if path.stat().st_size > ICS_BYTES:
        raise BadInputError(f"{name} is larger than {ICS_BYTES // 1_000_000} MB: export only the term dates.")
    events: list[TermEvent] = []
    faults: list[Rejected] = []
    calendars = _calendars(path, name)
    components = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(components) > MOST_EVENTS:
        raise BadInputError(f"{name} holds more than {MOST_EVENTS:,} events: export only the term dates.")
    for place, component in enumerate(components, start=1):
        if str(component.get("STATUS", "")).upper() == "CANCELLED":
            continue
        event = _event(place, component)
        (events if isinstance(event, TermEvent) else faults).append(event)  # type: ignore[arg-type]
    if not events and not faults:
        raise BadInputError(f"{name} holds no events: export the calendar again.")
    titles = (plain(str(calendar.get("X-WR-CALNAME", ""))) for calendar in calendars)
    return TermFile(next(filter(None, titles), Path(name).stem), events, faults, len(components))


def _calendars(path: Path, name: str) -> list[Any]:
    from icalendar import Calendar  # late: it costs every start 50 milliseconds, and few need it

    text = path.read_bytes().decode("utf-8-sig", errors="replace").lstrip()
    try:
        return list(Calendar.from_ical(text, multiple=True))
    except (ValueError, IndexError, KeyError) as problem:
        raise BadInputError(f"{name} is a broken calendar file, perhaps cut short: download it again.") from problem


def _event(place: int, component: Any) -> TermEvent | Rejected:
    from icalendar.error import BrokenCalendarProperty

    title = str(component.get("SUMMARY", "")).strip()
    if "RRULE" in component:
        because = f"The event “{title}” repeats: give each of its dates as an event of its own."
        return rejected(place, "RRULE", title, because)
    try:
        first = _moment(component, "DTSTART")
        if first is None:
            return rejected(place, "DTSTART", title, f"The event “{title}” has no first day: give it one.")
        return TermEvent(place, title, Span(_day(first), _last_day(component, first)))
    except (BrokenCalendarProperty, ValueError, AttributeError, OverflowError):
        shown = str(component.get("DTSTART", ""))[:40]
        because = f"The days of the event “{title}” cannot be read: write DTSTART;VALUE=DATE:20260902."
        return rejected(place, "DTSTART", shown, because)


def _moment(component: Any, key: str) -> date | None:
    held = component.get(key)
    moment = held.dt if held is not None else None
    if moment is not None and not isinstance(moment, date):
        raise ValueError(key)
    return moment


def _last_day(component: Any, first: date) -> date:
    """The last day included: an all-day DTEND, and one at midnight, is the day after it (RFC 5545 3.6.1)."""
    end = _moment(component, "DTEND")
    length = component.get("DURATION")
    if end is None and length is not None:
        end = first + length.dt
    if end is None:
        return _day(first)
    last = _day(end)
    all_day = not isinstance(end, datetime)
    if all_day or (isinstance(end, datetime) and _local(end).time() == datetime.min.time()):
        last -= timedelta(1)
    return max(last, _day(first))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON) if moment.tzinfo else moment


def _day(moment: date) -> date:
    return _local(moment).date() if isinstance(moment, datetime) else moment
