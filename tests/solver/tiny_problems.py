"""Small made-up problems, and every plan that answers them, found by trying all places with the judge alone."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.judge_facts import facts_of
from app.domain.schedule.judge_pairs import between_events
from app.domain.schedule.judge_rules import about_one
from app.domain.schedule.plan import PlacedEvent, Plan
from app.domain.schedule.problem import Problem, read_problem

MONDAY = date(2026, 9, 7)
DAYS = ("mon", "tue", "wed", "thu", "fri")
PEOPLE = ["p0", "p1", "p2", "p3", "p4"]
EMPTY = Plan("feasible", (), {})


@dataclass
class Year:
    """The dice of one problem, and what all its parts draw on."""

    dice: random.Random
    ease: float
    length: int
    terms: int

    def a_day(self) -> str:
        return (MONDAY + timedelta(days=self.dice.randint(0, 7 * self.terms))).isoformat()

    def now_and_then(self, chance: float) -> list[str]:
        return [self.a_day()] if self.dice.random() < chance else []

    def half_days(self, chance: float) -> dict:
        found = {day: [slot for slot in ("am", "pm") if self.dice.random() < chance] for day in DAYS}
        return {day: slots for day, slots in found.items() if slots}

    def a_point(self) -> list | None:
        known = self.dice.random() > 0.15
        return [self.dice.randint(0, 25) * 1000, self.dice.randint(0, 12) * 1000] if known else None

    def some(self, of: list, least: int) -> list:
        return self.dice.sample(of, self.dice.randint(least, min(2, len(of))))

    def spans(self) -> list:
        starts = [MONDAY + timedelta(days=7 * n + self.dice.randint(0, 1)) for n in range(self.terms)]
        spans = [[day.isoformat(), (day + timedelta(days=self.length - 1)).isoformat()] for day in starts]
        # the half terms that nothing is asked of are Saturdays, so that observations find no room there
        return spans + [[(MONDAY + timedelta(days=7 * n + 5)).isoformat()] * 2 for n in range(self.terms, 6)]

    def a_school(self, name: str, spans: list) -> dict:
        return {
            "id": name,
            "at": self.a_point(),
            "half_terms": spans,
            "closed": self.now_and_then(0.15),
            "busy": self.now_and_then(0.3),
            "maths": self.half_days(self.ease - 0.3),
            "hosts": self.dice.random() < 0.8,
            "hosted_before": self.dice.randint(0, 2),
            "rather_not_host": [0] if self.dice.random() < 0.3 else [],
        }

    def a_person(self, name: str) -> dict:
        works, away = self.half_days(self.ease), self.now_and_then(0.3)
        return {"id": name, "at": self.a_point(), "works": works, "away": away}

    def a_group(self, name: str, leaders: list[str], schools: list[str]) -> dict:
        return {
            "id": name,
            "leader": self.dice.choice(leaders),
            "half_terms": list(range(self.terms)),
            "least_gap": self.dice.choice([0, 3, 6]),
            "weekday_cost": [self.dice.randint(0, 9) for _ in range(5)],
            "first_host": self.dice.choice([None, schools[0]]),
            "members": [{"school": school, "people": self.some(PEOPLE, 0)} for school in self.some(schools, 1)],
        }

    def a_visits_entry(self, name: str, leaders: list[str], school: str) -> dict:
        return {
            "id": name,
            "school": school,
            "visitor": self.dice.choice(leaders),
            "people": self.some(PEOPLE, 0),
            "half_terms": list(range(self.dice.randint(1, self.terms))),
            "least_gap": self.dice.choice([0, 3, 6]),
        }

    def an_observation(self, name: str, leaders: list[str], schools: list[str], last_group: str) -> dict:
        return {
            "id": name,
            "observer": self.dice.choice(leaders),
            "teacher": self.dice.choice(PEOPLE),
            "school": self.dice.choice(schools),
            "after": self.dice.choice([None, ["g0", 0]]),
            "before": self.dice.choice([None, [last_group, self.terms - 1]]),
        }


def a_raw_problem(seed: int) -> dict:
    """A problem in JSON values with a handful of events over half terms of a few days."""
    dice = random.Random(seed)  # noqa: S311 - problems to try, no secrets
    year = Year(dice, 0.8 if seed % 4 == 0 else 0.95, dice.randint(2, 4), dice.randint(1, 2))
    schools, spans = [f"s{n}" for n in range(dice.randint(2, 4))], year.spans()
    leaders, groups = PEOPLE[: dice.randint(1, 3)], [f"g{n}" for n in range(dice.randint(1, 2))]
    visited = dice.sample(schools, dice.randint(0, 2))
    raw = {
        "format": "halfterm/schedule-problem/1",
        "closures": year.now_and_then(0.2),
        "meetings_per_day": dice.choice([None, 1, 2, 2]),
        "frozen_before": None,
        "schools": [year.a_school(name, spans) for name in schools],
        "people": [year.a_person(name) for name in PEOPLE],
        "groups": [year.a_group(name, leaders, schools) for name in groups],
        "visits": [year.a_visits_entry(f"v{n}", leaders, school) for n, school in enumerate(visited)],
        "observations": [year.an_observation(f"o{n}", leaders, schools, groups[-1]) for n in range(dice.randint(0, 3))],
        "fixed": [],
        "plan": None,
        # smaller prices for absences and moves than usual, so that they truly compete with the rest
        "weights": dice.choice([{}, {"meeting_gap_aim": 7, "visit_gap_aim": 7, "meeting_absent": 30, "moved_date": 9}]),
    }
    if dice.random() < 0.4:
        raw["plan"] = [_anywhere(dice, raw, name, year.a_day()) for name in _names(raw) if dice.random() < 0.9]
        raw["frozen_before"] = year.a_day() if dice.random() < 0.5 else None
    if dice.random() < 0.3:
        raw["fixed"] = [_anywhere(dice, raw, dice.choice(_names(raw)), year.a_day())]
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
        if not lawful(problem, so_far):
            return
        if len(so_far) == len(places):
            found.append((so_far, judge(problem, replace(EMPTY, events=so_far))))
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
    return [each for each in ordered if lawful(problem, (each,))]


def lawful(problem: Problem, events: tuple[PlacedEvent, ...]) -> bool:
    """Whether the judge finds nothing against these events; it does not price them."""
    facts, found = facts_of(problem, replace(EMPTY, events=events))
    return not (found or about_one(facts) or between_events(facts))


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
