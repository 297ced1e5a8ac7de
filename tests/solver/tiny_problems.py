"""Small made-up problems, and every plan that answers them, found by trying all places with the judge alone."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem, read_problem

MONDAY = date(2026, 9, 7)
DAYS = ("mon", "tue", "wed", "thu", "fri")
EMPTY = Plan("feasible", (), {})


def a_raw_problem(seed: int) -> dict:
    """A problem in JSON values with a handful of events over half terms of a few days."""
    dice = random.Random(seed)  # noqa: S311 - problems to try, no secrets
    ease = 0.8 if seed % 4 == 0 else 0.95
    length, terms = dice.randint(2, 4), dice.randint(1, 2)
    starts = [MONDAY + timedelta(days=7 * n + dice.randint(0, 1)) for n in range(terms)]
    spans = [[day.isoformat(), (day + timedelta(days=length - 1)).isoformat()] for day in starts]
    # the half terms that nothing is asked of are Saturdays, so that observations find no room there
    spans += [[(MONDAY + timedelta(days=7 * n + 5)).isoformat()] * 2 for n in range(terms, 6)]
    last = MONDAY + timedelta(days=7 * terms)

    def a_day() -> str:
        return (MONDAY + timedelta(days=dice.randint(0, (last - MONDAY).days))).isoformat()

    def half_days(chance: float) -> dict:
        found = {day: [slot for slot in ("am", "pm") if dice.random() < chance] for day in DAYS}
        return {day: slots for day, slots in found.items() if slots}

    def a_point() -> list | None:
        return None if dice.random() < 0.15 else [dice.randint(0, 25) * 1000, dice.randint(0, 12) * 1000]

    schools = [
        {
            "id": f"s{n}",
            "at": a_point(),
            "half_terms": spans,
            "closed": [a_day()] if dice.random() < 0.15 else [],
            "busy": [a_day()] if dice.random() < 0.3 else [],
            "maths": half_days(ease - 0.3),
            "hosts": dice.random() < 0.8,
            "hosted_before": dice.randint(0, 2),
            "rather_not_host": [0] if dice.random() < 0.3 else [],
        }
        for n in range(dice.randint(2, 4))
    ]
    people = [
        {"id": f"p{n}", "at": a_point(), "works": half_days(ease), "away": [a_day()] if dice.random() < 0.3 else []}
        for n in range(5)
    ]
    names, who = [each["id"] for each in schools], [each["id"] for each in people]
    leaders = who[: dice.randint(1, 3)]

    def some(of: list, least: int) -> list:
        return dice.sample(of, dice.randint(least, min(2, len(of))))

    half_terms = list(range(terms))
    groups = [
        {
            "id": f"g{n}",
            "leader": dice.choice(leaders),
            "half_terms": half_terms,
            "least_gap": dice.choice([0, 3, 6]),
            "weekday_cost": [dice.randint(0, 9) for _ in range(5)],
            "first_host": dice.choice([None, names[0]]),
            "members": [{"school": school, "people": some(who, 0)} for school in some(names, 1)],
        }
        for n in range(dice.randint(1, 2))
    ]
    visits = [
        {
            "id": f"v{n}",
            "school": school,
            "visitor": dice.choice(leaders),
            "people": some(who, 0),
            "half_terms": half_terms[: dice.randint(1, terms)],
            "least_gap": dice.choice([0, 3, 6]),
        }
        for n, school in enumerate(dice.sample(names, dice.randint(0, 2)))
    ]
    observations = [
        {
            "id": f"o{n}",
            "observer": dice.choice(leaders),
            "teacher": dice.choice(who),
            "school": dice.choice(names),
            "after": dice.choice([None, ["g0", 0]]),
            "before": dice.choice([None, [f"g{len(groups) - 1}", terms - 1]]),
        }
        for n in range(dice.randint(0, 3))
    ]
    raw = {
        "format": "halfterm/schedule-problem/1",
        "closures": [a_day()] if dice.random() < 0.2 else [],
        "meetings_per_day": dice.choice([None, 1, 2, 2]),
        "frozen_before": None,
        "schools": schools,
        "people": people,
        "groups": groups,
        "visits": visits,
        "observations": observations,
        "fixed": [],
        "plan": None,
        # smaller prices for absences and moves than usual, so that they truly compete with the rest
        "weights": dice.choice([{}, {"meeting_gap_aim": 7, "visit_gap_aim": 7, "meeting_absent": 30, "moved_date": 9}]),
    }
    if dice.random() < 0.4:
        raw["plan"] = [_anywhere(dice, raw, name, a_day()) for name in _names(raw) if dice.random() < 0.9]
        raw["frozen_before"] = a_day() if dice.random() < 0.5 else None
    if dice.random() < 0.3:
        raw["fixed"] = [_anywhere(dice, raw, dice.choice(_names(raw)), a_day())]
    return raw


def _names(raw: dict) -> list[str]:
    series = [f"{each['id']}/{k}" for kind in ("groups", "visits") for each in raw[kind] for k in each["half_terms"]]
    return series + [each["id"] for each in raw["observations"]]


def _anywhere(dice: random.Random, raw: dict, name: str, day: str) -> dict:
    placed = {"event": name, "date": day, "slot": dice.choice(["am", "pm"])}
    if name.startswith("g"):
        placed["host"] = dice.choice(raw["schools"])["id"]
    return placed


def all_plans(problem: Problem, most: int) -> list[Judgement] | None:
    """The judgements, with their plans, of every plan without a violation; None when there are too many places."""
    places = [_places(problem, name) for name in problem.event_names]
    count = 1
    for each in places:
        count *= max(1, len(each))
    if count > most:
        return None
    found: list = []

    def place(so_far: tuple[PlacedEvent, ...]) -> None:
        judged = judge(problem, replace(EMPTY, events=so_far))
        if judged.violations:
            return
        if len(so_far) == len(places):
            found.append((so_far, judged))
            return
        for each in places[len(so_far)]:
            place((*so_far, each))

    place(())
    return found


def _places(problem: Problem, name: str) -> list[PlacedEvent]:
    """Every place that the judge lets an event have when it is alone."""
    first = min(school.half_terms[0][0] for school in problem.schools)
    days = [first + timedelta(days=n) for n in range(-1, 13)]
    days += [each.date for each in (*problem.fixed, *(problem.plan or ()))]
    hosts = [school.id for school in problem.schools] if name in problem.meeting_names else [None]
    every = {PlacedEvent(name, *each) for each in product(days, ("am", "pm"), hosts)}
    ordered = sorted(every, key=lambda each: (each.date, each.slot, each.host or ""))
    return [each for each in ordered if not judge(problem, replace(EMPTY, events=(each,))).violations]


def moving(problem: Problem, judged: Judgement) -> int:
    """What all moves cost together."""
    weights, moved = problem.weights, judged.moved
    return (
        weights.moved_date * moved.dates + weights.moved_host * moved.hosts + weights.moved_half_day * moved.half_days
    )


def best_in_order(problem: Problem, plans: list, chosen: tuple[PlacedEvent, ...]) -> tuple[int, int, int, int]:
    """The least moving, meetings, visits and observations, each given what was chosen before it."""
    meetings, visits = set(problem.meeting_names), set(problem.visit_names)
    least = min(moving(problem, judged) for _, judged in plans)
    left = [(events, judged) for events, judged in plans if moving(problem, judged) == least]
    costs = [least]
    for stage, names in (("meetings", meetings), ("visits", visits), ("observations", set())):
        cost = min(judged.cost[stage] for _, judged in left)
        costs.append(cost)
        mine = {each for each in chosen if each.event in names}
        left = [each for each in left if mine <= set(each[0])]
    return tuple(costs)


def a_problem(seed: int) -> Problem:
    return read_problem(a_raw_problem(seed))


__all__ = ["a_problem", "a_raw_problem", "all_plans", "best_in_order", "moving"]
