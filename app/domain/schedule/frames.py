"""The windows of events: the weekday places that the rules about an event alone forbid, each with these rules."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from app.domain.schedule.bars import Bar
from app.domain.schedule.candidates import SLOTS, Catalog, Event
from app.domain.schedule.plan import PlacedEvent

Bars = tuple[Bar, ...]
HELD = Bar("R9", "held")


class Option(NamedTuple):
    """A place of an event: how the plan's whole cost changes if the event goes there, or the bars against it.

    `day` is an ordinal, `slot` 0 or 1. Where only other events are in the way, `change` says what it would be if they
    were not; where a rule about the event alone forbids the place, it is 0.
    """

    change: int
    day: int
    slot: int
    host: str | None
    bars: Bars = ()

    def as_placed(self, event: str) -> PlacedEvent:
        """The place as the plan writes it."""
        return PlacedEvent(event, date.fromordinal(self.day), SLOTS[self.slot], self.host)


class Frames:
    """The windows of all events, compiled once for a problem and shared by the boards of its plans."""

    def __init__(self, catalog: Catalog) -> None:
        """Compiles nothing yet."""
        self.catalog = catalog
        self._shut: dict[str, tuple[Option, ...]] = {}
        self.bounding: dict[str, list[tuple[Event, int]]] = {}
        for seen in catalog.problem.observations:
            for side, meeting in ((-1, seen.after), (1, seen.before)):
                if meeting is not None:
                    name = f"{meeting[0]}/{meeting[1]}"
                    self.bounding.setdefault(name, []).append((catalog.events[seen.id], side))
        self.bounds = {
            seen.id: tuple(f"{each[0]}/{each[1]}" if each else None for each in (seen.after, seen.before))
            for seen in catalog.problem.observations
        }

    def everything(self) -> None:
        """Compiles the windows of all events now rather than when first asked for."""
        for event in self.catalog.events.values():
            self.shut(event)

    def shut(self, event: Event) -> tuple[Option, ...]:
        """The weekday places of an event's window that the rules about it alone forbid."""
        if event.name not in self._shut:
            self._shut[event.name] = tuple(self._compile(event))
        return self._shut[event.name]

    def _compile(self, event: Event) -> Iterator[Option]:
        hosts: tuple[str | None, ...] = event.schools if event.kind == "meeting" else (None,)
        places = {(place.day, place.slot, place.host) for place in self.catalog.places(event.name)}
        for day in self.catalog.window(event):
            if day.weekday() < 5:
                at = day.toordinal()
                rows = [(slot, host) for slot in (0, 1) for host in hosts if (at, slot, host) not in places]
                shared = self._half_days(event, day) if rows else ((), ())
                for slot, host in rows:
                    yield Option(0, at, slot, host, self._bars(event, day, (slot, host), shared[slot]))

    def alone(self, event: Event, day: date, slot: int, host: str | None) -> Bars:
        """The rules about the event alone that forbid a place; none at the place where it is held."""
        return self._bars(event, day, (slot, host), self._half_days(event, day)[slot])

    def _bars(self, event: Event, day: date, place: tuple[int, str | None], shared: Bars) -> Bars:
        slot, host = place
        held = self.catalog.problem.held.get(event.name)
        if held is not None and (held.date, held.slot, held.host) == (day, SLOTS[slot], host):
            return ()
        return (*shared, *self._host(event, day, slot, host)) if event.kind == "meeting" else shared

    def _half_days(self, event: Event, day: date) -> tuple[Bars, Bars]:
        """The rules that do not look at the host, for the morning and the afternoon."""
        bars = [HELD] if event.name in self.catalog.problem.held else []
        bars += self._outside(event, day)
        both = []
        for slot in SLOTS:
            removed = self.catalog.removals(event, day, slot)
            both.append(
                (*bars, *(Bar(each.rule, each.because, each.who) for each in removed if each.because != "host"))
            )
        return both[0], both[1]

    def _outside(self, event: Event, day: date) -> Iterator[Bar]:
        school = self.catalog.problem.school
        if event.kind == "observation":
            after, before = self.bounds[event.name]
            spans = school[event.schools[0]].half_terms
            if after is None and day < spans[0][0]:
                yield Bar("R1", "before_term", event.schools[0])
            if before is None and day > spans[-1][1]:
                yield Bar("R1", "after_term", event.schools[0])
            return
        for each in event.schools:
            first, last = school[each].half_terms[event.k]
            if not first <= day <= last:
                yield Bar("R1", "window", each)

    def _host(self, event: Event, day: date, slot: int, host: str | None) -> Iterator[Bar]:
        if host is None or host not in event.schools:
            yield Bar("R4", "not_member", host) if host else Bar("R0", "no_host")
            return
        school = self.catalog.problem.school[host]
        if not school.hosts:
            yield Bar("R4", "not_host", host)
        if day in school.busy:
            yield Bar("R4", "host_busy", host)
        if (day.weekday(), SLOTS[slot]) not in school.maths:
            yield Bar("R4", "host_maths", host)
