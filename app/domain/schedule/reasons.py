"""Why an event has no place, in a hub's words: the days of its window and the rule that removes each."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from app.domain.schedule.candidates import SLOTS, Catalog, Event, Removed
from app.domain.schedule.occupied import Occupied
from app.kit.periods import HALF_TERMS, spoken_date

TAKEN = Removed("R6", "taken")
ORDER = ("refused", "frozen", "closed", "leader", "nobody", "busy", "maths", "host", "taken")
WORDS = {
    "refused": "on which somebody has said that they cannot come",
    "frozen": "before the day from which places may change (R9)",
    "closed": "INSET, closed or outside a school's term (R2)",
    "leader": "when {person} does not work or is away (R3)",
    "nobody": "when nobody named from a school can come (R5)",
    "busy": "when the school is busy (R5)",
    "maths": "without a maths lesson (R5)",
    "host": "without a maths lesson at any host (R4)",
    "taken": "taken by fixed events or too near to them (R6, R7, R8, R10)",
}


def nowhere(catalog: Catalog, occupied: Occupied, event: Event) -> str:
    """One sentence for an event without a place: which group, half term, and the days each rule removed."""
    school_days = [day for day in catalog.window(event) if day.weekday() < 5 and day not in catalog.problem.closures]
    count = Counter(_day_reason(catalog, event, day) for day in school_days)
    told = [f"{count[key]} {WORDS[key].format(person=event.person)}" for key in ORDER if count[key]]
    words = "; ".join(told) or "no day lies in the half term of every school"
    plural = "school day" if len(school_days) == 1 else "school days"
    way_out = _way_out(catalog, occupied, event, school_days)
    return f"{_title(catalog, event)} has no possible day: {len(school_days)} {plural}; {words}.{way_out}"


def _title(catalog: Catalog, event: Event) -> str:
    """The event as a hub names it."""
    if event.kind == "meeting":
        return f"Group {event.series} in {HALF_TERMS[event.k]} (half term {event.k}, R1)"
    if event.kind == "visit":
        return f"Visit {event.series} to {event.schools[0]} in {HALF_TERMS[event.k]} (half term {event.k}, R1)"
    teacher = catalog.observation[event.series].teacher
    return f"Observation {event.name} of {teacher} by {event.person} at {event.schools[0]} (R1)"


def _day_reason(catalog: Catalog, event: Event, day: date) -> str:
    """The rule that removes a whole day: of its two half-days, the one that comes further."""
    found = [catalog.removed(event, day, slot) or TAKEN for slot in SLOTS]
    return max((each.because for each in found), key=ORDER.index)


def _way_out(catalog: Catalog, occupied: Occupied, event: Event, days: list[date]) -> str:
    """The smallest change that frees a day: one that only a single fact removes."""
    for day in days:
        for slot in SLOTS:
            removed = list(catalog.removals(event, day, slot))
            if len(removed) == 1 and removed[0].because in {"leader", "nobody", "closed", "busy"}:
                host = next(iter(catalog.hosts(event, day, slot)), None)
                if event.kind == "meeting" and host is None:
                    continue
                if occupied.free(event, catalog.priced(event, day, slot, host)):
                    half = "morning" if slot == "am" else "afternoon"
                    return f" It could be on the {half} of {spoken_date(day)} if {_freed(removed[0])}."
    return ""


def _freed(removed: Removed) -> str:
    words = {
        "leader": f"{removed.who} were free then",
        "nobody": f"somebody from {removed.who} could come",
        "closed": f"{removed.who} were open",
        "busy": f"{removed.who} were not busy",
    }
    return words[removed.because]


def together(catalog: Catalog, meetings: Sequence[Event], others: Sequence[Event]) -> str:
    """One sentence for events that have places one by one, but not together: meetings, and visits and observations."""
    parts = [
        _in_terms(f"group {group}", [event for event in meetings if event.series == group], len(terms))
        for group, terms in ((each.id, each.half_terms) for each in catalog.problem.groups)
        if any(event.series == group for event in meetings)
    ]
    for kind, person in dict.fromkeys((event.kind, event.person) for event in others):
        theirs = [event for event in others if (event.kind, event.person) == (kind, person)]
        every = {event.k for event in catalog.of(kind) if event.person == person}
        parts.append(
            _in_terms(f"the {'visits' if kind == 'visit' else 'observations'} of {person}", theirs, len(every))
        )
    if len(parts) == 1:
        return f"Each event of {parts[0]} has a possible day, but not all of them together (R6, R7, R8, R10)."
    words = f"{', '.join(parts[:-1])} and {parts[-1]}"
    because = "have no days together, though any of them fits without the others (R1, R6, R7, R8, R10)"
    shared = _shared(meetings)
    return f"These {because}: {words}.{shared}"


def _in_terms(what: str, events: Sequence[Event], every: int) -> str:
    """Whose events, and in which half terms unless in all of theirs."""
    terms = sorted({event.k for event in events})
    if len(terms) == every:
        return what
    return f"{what} in {' and '.join(f'{HALF_TERMS[k]} (half term {k})' for k in terms)}"


def _shared(meetings: Sequence[Event]) -> str:
    """What the groups have in common, and so could be changed."""
    by_group = {event.series: event for event in meetings}.values()
    leaders = Counter(event.person for event in by_group)
    schools = Counter(school for event in by_group for school in event.schools)
    told = [f"{who} leads {n} of the groups" for who, n in leaders.items() if n > 1]
    told += [f"{school} is in {n} of them" for school, n in schools.items() if n > 1]
    return f" {'; '.join(told)}." if told else ""
