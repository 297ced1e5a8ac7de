"""Places a lead lets through although a rule is against them: fixed in the problem, pinned in the calendar."""

from collections.abc import Iterable, Mapping
from typing import Any


def excepted(problem: Mapping[str, Any], exceptions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The problem with these places fixed as well (R9 excuses them); an event that is pinned already stays there."""
    pinned = {one["event"] for one in problem["fixed"]}
    return {**problem, "fixed": [*problem["fixed"], *(dict(one) for one in exceptions if one["event"] not in pinned)]}


def of_problem(problem: Mapping[str, Any], exceptions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those of the exceptions whose event and host the problem still has."""
    series = (*problem["groups"], *problem["visits"])
    events = {f"{each['id']}/{k}" for each in series for k in each["half_terms"]}
    events |= {each["id"] for each in problem["observations"]}
    schools = {each["id"] for each in problem["schools"]}
    return [
        dict(one) for one in exceptions if one["event"] in events and (not one.get("host") or one["host"] in schools)
    ]
