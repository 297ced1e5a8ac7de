"""Events in words and as marks of the year ribbon, for the pages of a school and of a Work Group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from app.domain.meetings import states
from app.kit.periods import spoken_date, spoken_hours
from app.pages.ribbon import STATES, Kind, RibbonEvent, State
from app.store.meetings.marks import EventMark


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as a row: when, what, where, who, and how it stands; `over` when it has ended."""

    kind: Kind
    state: State
    says: str
    when: str
    hours: str
    where: str
    who: str
    stands: str
    href: str
    over: bool


def state_of(mark: EventMark, now: datetime) -> State:
    """How it stands: a confirmed event that is over and not marked as held is overdue."""
    return states.state(mark.status, mark.ends_at, now)


def says(mark: EventMark) -> str:
    """The event in a few words."""
    return states.says(
        mark.kind, school=mark.school, group=mark.group, lead=mark.lead, teacher=mark.teacher, online=mark.online
    )


def ribbon_events(
    hub_code: str, marks: Iterable[EventMark], now: datetime, here: int | None = None
) -> list[RibbonEvent]:
    """The marks for a ribbon; a meeting hosted at the school `here` gets a roof."""
    return [
        RibbonEvent(
            kind=cast("Kind", mark.kind),
            state=state_of(mark, now),
            day=mark.day,
            says=says(mark),
            href=_href(hub_code, mark),
            hosted_here=mark.kind == "meeting" and mark.urn == here and not mark.online,
        )
        for mark in marks
    ]


def event_lines(hub_code: str, marks: Sequence[EventMark], now: datetime) -> tuple[EventLine, ...]:
    """The events as rows, by day."""
    return tuple(
        EventLine(
            kind=cast("Kind", mark.kind),
            state=state_of(mark, now),
            says=says(mark),
            when=spoken_date(mark.day),
            hours=spoken_hours(mark.starts_at, mark.ends_at),
            where="Online" if mark.online else mark.school,
            who=mark.lead,
            stands=STATES[state_of(mark, now)],
            href=_href(hub_code, mark),
            over=mark.ends_at < now,
        )
        for mark in marks
    )


def coming(marks: Iterable[EventMark], today: date) -> EventMark | None:
    """The next event that stands, today's included."""
    ahead = (mark for mark in marks if mark.day >= today and mark.status in {"tentative", "confirmed"})
    return min(ahead, key=lambda mark: mark.starts_at, default=None)


def _href(hub_code: str, mark: EventMark) -> str:
    return f"/hubs/{hub_code}/events/{mark.id}"
