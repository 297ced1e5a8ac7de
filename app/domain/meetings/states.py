"""How an event stands and how it is named, from what is stored and the time it is."""

from datetime import date, datetime, time
from typing import Literal

from app.kit.errors import BadInputError, Fault
from app.kit.periods import in_london, london

State = Literal["tentative", "confirmed", "held", "cancelled", "missed"]
WORDS: dict[str, str] = {
    "tentative": "Proposed",
    "confirmed": "Planned",
    "held": "Held",
    "cancelled": "Cancelled",
    "missed": "Overdue",
}


def state(status: str, ends: datetime, now: datetime) -> State:
    """The state of an event; one that is over and was neither held nor cancelled is missed until somebody says."""
    if status == "confirmed" and ends < now:
        return "missed"
    known: dict[str, State] = {"tentative": "tentative", "held": "held", "cancelled": "cancelled"}
    return known.get(status, "confirmed")


def says(kind: str, *, school: str, group: str, lead: str, teacher: str, online: bool = False) -> str:
    """An event in a few words: NCP26-11-03 meets at Ash Vale Primary."""
    where = "online" if online else f"at {school}"
    if kind == "meeting":
        return f"{group or lead} meets {where}"
    if kind == "visit":
        return f"{lead} visits {school}" + (" online" if online else "")
    return f"{lead} watches a lesson of {teacher or 'a teacher'} {where}"


def times_of(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """An event's start and end as instants.

    Raises BadInputError for an end before the start, and for a time from 1am to 1.59am on a day the clocks change,
    which comes twice or not at all (docs/rules/feeds.md).
    """
    if ends <= starts:
        fault = Fault("ends", "Choose an end that is after the start.")
        raise BadInputError("The end must be after the start.", (fault,))
    changes = in_london(london(day, time(0))).utcoffset() != in_london(london(day, time(12))).utcoffset()
    for name, said in (("starts", starts), ("ends", ends)):
        if changes and said.hour == 1:
            fault = Fault(name, "The clocks change at this time on that day. Choose another time.")
            raise BadInputError("The clocks change at this time.", (fault,))
    return london(day, starts), london(day, ends)
