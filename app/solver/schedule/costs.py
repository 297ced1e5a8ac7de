"""What each stage of a plan costs, worked out from the places themselves."""

from collections import Counter
from collections.abc import Iterable

from app.domain.schedule.candidates import Catalog, Event, gap_price
from app.domain.schedule.occupied import Occupied
from app.domain.schedule.plan import PlacedEvent
from app.solver.schedule.days import route

STAGE = {"meeting": "meetings", "visit": "visits", "observation": "observations"}


def stage_costs(catalog: Catalog, placed: Iterable[PlacedEvent]) -> dict[str, int]:
    """The cost of each stage over the events that are placed; observations need their meetings placed."""
    occupied = Occupied(catalog, placed)
    cost = dict.fromkeys(STAGE.values(), 0)
    hosted: Counter[tuple[str, str | None]] = Counter()
    for name, each in occupied.placed.items():
        event = catalog.events[name]
        place = catalog.priced(event, each.date, each.slot, each.host)
        if event.kind == "observation":
            place = catalog.edged(event, place, occupied.placed)
        if event.kind == "meeting":
            hosted[event.series, each.host] += 1
        cost[STAGE[event.kind]] += place.cost + _gap_after(occupied, event)
    cost["meetings"] += catalog.problem.weights.meeting_host_again * sum(times - 1 for times in hosted.values())
    for person, day in occupied.led:
        visits = route(occupied, person, day, ("visit",))
        cost["visits"] += visits
        cost["observations"] += route(occupied, person, day, ("visit", "observation")) - visits
    return cost


def held_meetings_cost(catalog: Catalog) -> int:
    """What held meetings cost before any other is placed, but for hosting again: the model of the meetings has that."""
    held = [each for name, each in catalog.problem.held.items() if catalog.events[name].kind == "meeting"]
    hosted = Counter((catalog.events[each.event].series, each.host) for each in held)
    again = sum(times - 1 for times in hosted.values())
    return stage_costs(catalog, held)["meetings"] - catalog.problem.weights.meeting_host_again * again


def _gap_after(occupied: Occupied, event: Event) -> int:
    here = occupied.placed[event.name].date
    after = [other for other, step in occupied.neighbours(event) if step == 1]
    days = [(occupied.placed[other.name].date - here).days for other in after]
    return sum(gap_price(occupied.catalog, event, other, gap) for other, gap in zip(after, days, strict=True))
