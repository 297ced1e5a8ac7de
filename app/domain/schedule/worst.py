"""The judge's parts of a cost, in sentences that a lead can act on."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kit.periods import HALF_TERMS

QUIET = {"travel", "weekday", "afternoon", "friday", "hosted_before"}  # said of an event only beside something worse


def sentence(part: Mapping[str, Any], called: Mapping[str, str]) -> str:
    """One part of a cost in words; ids are replaced by what people say."""
    who = [called.get(each, each) for each in part["who"]]
    names = " and ".join(([", ".join(who[:-1])] if len(who) > 1 else []) + who[-1:])
    amount = int(part["amount"])
    found = {
        "absent": f"{names} cannot come: they do not work then.",
        "busy": f"{names} {'has' if len(who) == 1 else 'have'} a trip or a production that day.",
        "edge": f"Only {_days(amount)} from the edge of the time it can be in.",
        "weekday": "Not on one of the group's preferred weekdays.",
        "afternoon": "In the afternoon.",
        "friday": "On a Friday.",
        "first_host": f"The first meeting is not at {names}, as the group asked.",
        "travel": f"{amount} minutes of travel.",
        "hosted_before": f"{names} has hosted in earlier years.",
        "host_again": f"{names} hosts this group more than once.",
        "rather_not": f"{names} would rather not host in this half term.",
        "gap": f"{_days(amount)} away from an even spacing.",
        "moved_date": "Moves to another day.",
        "moved_host": "Moves to another host.",
        "moved_half_day": "Moves to the other half of the day.",
    }
    return found.get(part["what"], "")


def _days(amount: int) -> str:
    return f"{amount} day" if amount == 1 else f"{amount} days"


def event_name(key: str, problem: Mapping[str, Any], called: Mapping[str, str]) -> str:
    """What people call an event of the problem: "NCP26-D01, Autumn 2" or "Visit to Ash Vale, Spring 1"."""
    for one in problem["observations"]:
        if one["id"] == key:
            teacher, school = called.get(one["teacher"], "a teacher"), called.get(one["school"], "")
            return f"Observation of {teacher}, {school}, {HALF_TERMS[int(key.rsplit(':', 1)[1])]}"
    name, number = key.rsplit("/", 1)
    said = called.get(name, name)
    return f"{said[:1].upper()}{said[1:]}, {HALF_TERMS[int(number)]}"


def worst_points(
    worst: Iterable[Mapping[str, Any]], problem: Mapping[str, Any], called: Mapping[str, str], most: int = 12
) -> list[tuple[str, str, tuple[str, ...]]]:
    """(event's key, its name, sentences) of the events that cost most, the worst first; quiet parts do not make one."""
    points = []
    for point in worst:
        loud = [part for part in point["parts"] if part["cost"] and part["what"] not in QUIET]
        if loud:
            said = tuple(sentence(part, called) for part in loud)
            points.append((point["event"], event_name(point["event"], problem, called), said))
    return points[:most]
