"""Places compiled for days that are alike are those that asking every half-day by itself finds."""

from app.domain.schedule.candidates import SLOTS, Catalog, Event, Place
from app.domain.schedule.occupied import Occupied
from tests.solver.tiny_problems import a_problem


def test_an_event_has_the_places_that_no_rule_about_it_alone_removes_at_their_own_price() -> None:
    for seed in range(43_000, 43_060):
        catalog = Catalog(a_problem(seed))
        for name, event in catalog.events.items():
            if name not in catalog.problem.held:
                assert list(catalog.places(name)) == asked_one_by_one(catalog, event), f"seed {seed}: {name}"


def test_places_beside_others_are_those_of_which_each_is_free() -> None:
    for seed in range(43_000, 43_040):
        catalog = Catalog(a_problem(seed))
        some = [catalog.places(name)[0].as_placed(name) for name in catalog.events if catalog.places(name)][::2]
        occupied = Occupied(catalog, some)
        for name, event in catalog.events.items():
            if name not in catalog.problem.held:
                free = tuple(place for place in catalog.places(name) if occupied.free(event, place))
                assert occupied.places(event) == free, f"seed {seed}: {name}"


def asked_one_by_one(catalog: Catalog, event: Event) -> list[Place]:
    return [
        catalog.priced(event, day, slot, host)
        for day in catalog.window(event)
        for slot in SLOTS
        if catalog.removed(event, day, slot) is None
        for host in catalog.hosts(event, day, slot)
    ]
