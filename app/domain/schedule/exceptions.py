"""Places a lead lets through although a rule is against them: fixed in the problem, pinned in the calendar."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.schedule.candidates import Catalog
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.problem import Problem


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


def too_near(problem: Problem, places: Iterable[PlacedEvent]) -> PlacedEvent | None:
    """The first of these places that is taken by what is pinned or by those before it, or too near to them.

    What is held is excused from rules between held events (R9), so this is asked before it is held.
    """
    catalog = Catalog(problem)
    taken = Occupied(catalog, problem.held.values())
    for one in places:
        event = catalog.events[one.event]
        if one.event in problem.held or not taken.free(event, catalog.priced(event, one.date, one.slot, one.host)):
            return one
        taken.add(one)
    return None
