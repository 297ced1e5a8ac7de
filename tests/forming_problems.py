"""Made-up problems of forming groups: small ones for every test, and hubs of the sizes that are measured."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from app.kit.periods import WEEKDAYS

AUTUMN = (date(2026, 9, 3), date(2026, 10, 23))
STARTS = (date(2026, 9, 3), date(2026, 11, 2), date(2027, 1, 4), date(2027, 2, 22), date(2027, 4, 12), date(2027, 6, 7))
ENDS = (
    date(2026, 10, 23),
    date(2026, 12, 18),
    date(2027, 2, 12),
    date(2027, 3, 25),
    date(2027, 5, 28),
    date(2027, 7, 21),
)


@dataclass(frozen=True)
class Size:
    """How large a hub is: schools, specialists, groups that each of these can lead."""

    schools: int
    specialists: int
    most: int = 1


def spans(shift: int = 0) -> list:
    """Six half terms; a shifted calendar breaks some days earlier."""
    days = timedelta(days=shift)
    return [[start.isoformat(), (end - days).isoformat()] for start, end in zip(STARTS, ENDS, strict=True)]


def half_days(dice: random.Random, chance: float) -> dict:
    found = {day: [slot for slot in ("am", "pm") if dice.random() < chance] for day in WEEKDAYS}
    return {day: slots for day, slots in found.items() if slots}


def released(dice: random.Random) -> dict:
    """A specialist's half-days: two or three days of the week, most often whole."""
    days = dice.sample(WEEKDAYS, dice.choice([2, 2, 3]))
    return {day: ["am", "pm"] if dice.random() < 0.7 else ["am"] for day in days}


def a_hub(seed: int, size: Size) -> dict:
    """A rural hub: towns with schools close by and some far out, part-time teachers, two calendars, INSET days."""
    dice = random.Random(seed)  # noqa: S311
    towns = [(dice.randint(0, 90_000), dice.randint(0, 70_000)) for _ in range(max(3, size.schools // 12))]

    def a_point() -> list:
        east, north = dice.choice(towns)
        spread = 6000 if dice.random() < 0.6 else 20_000
        return [int(dice.gauss(east, spread)), int(dice.gauss(north, spread))]

    people, schools = [], []
    for n in range(size.schools):
        who = [f"t{n}a", f"t{n}b"]
        people += [{"id": each, "works": half_days(dice, 0.8 if dice.random() < 0.7 else 0.4)} for each in who]
        inset = [(STARTS[dice.randint(0, 5)] + timedelta(days=dice.randint(0, 30))).isoformat() for _ in range(5)]
        schools.append(
            {
                "id": f"s{n:03}",
                "programme": "development",
                "at": a_point(),
                "half_terms": spans(7 if dice.random() < 0.2 else 0),
                "closed": sorted(set(inset)),
                "years": sorted(dice.sample(range(1, 7), 2)),
                "people": who,
            }
        )
    for n in range(size.specialists):
        people.append({"id": f"p{n:02}", "at": a_point(), "works": released(dice)})
    return {
        "format": "halfterm/forming-problem/1",
        "closures": ["2026-12-25", "2027-05-03"],
        "programmes": [{"id": "development", "fewest": 5, "most": 7, "days": 3}],
        "schools": schools,
        "people": people,
        "specialists": [{"person": f"p{n:02}", "most": size.most} for n in range(size.specialists)],
    }


@dataclass
class Few:
    """The dice of one small problem."""

    dice: random.Random

    def now_and_then(self, chance: float) -> bool:
        return self.dice.random() < chance

    def pairs(self, schools: list, chance: float) -> list:
        return [self.dice.sample(schools, 2)] if len(schools) > 1 and self.now_and_then(chance) else []

    def a_school(self, name: str, programmes: list, people: list) -> dict:
        return {
            "id": name,
            "programme": self.dice.choice(programmes),
            "at": [self.dice.randint(0, 30) * 1000, self.dice.randint(0, 20) * 1000]
            if self.dice.random() > 0.1
            else None,
            "half_terms": short_spans(self.dice.choice([0, 0, 0, 2])),
            "closed": [f"2026-09-{self.dice.randint(7, 18):02}"] if self.now_and_then(0.3) else [],
            "years": self.dice.sample([1, 2, 3], self.dice.randint(0, 2)),
            "people": self.dice.sample(people, self.dice.randint(0, 2)),
            "own_specialist": self.now_and_then(0.15),
            "asked": self.now_and_then(0.5),
            "may_wait": self.now_and_then(0.2),
        }


def short_spans(shift: int) -> list:
    """Two half terms of two weeks; the other four are weekends."""
    spans = []
    for n in range(6):
        first = date(2026, 9, 7) + timedelta(days=14 * n) if n < 2 else date(2026, 10, 10) + timedelta(days=7 * n)
        days = 11 - shift if n < 2 else 1
        spans.append([first.isoformat(), (first + timedelta(days=days)).isoformat()])
    return spans


def a_few(seed: int) -> dict:
    """Up to seven schools and three specialists, with pins, in one programme or two."""
    few = Few(random.Random(seed))  # noqa: S311 - problems to try, no secrets
    dice = few.dice
    programmes = dice.choice([["a"], ["a"], ["a", "b"]])
    people = [{"id": f"t{n}", "works": half_days(dice, dice.choice([0.3, 0.6, 0.9]))} for n in range(6)]
    people[0]["away"] = ["2026-09-08", "2026-09-22"]
    leaders = [f"p{n}" for n in range(dice.randint(1, 3))]
    teachers = [each["id"] for each in people]
    for leader in leaders:
        works = half_days(dice, dice.choice([0.3, 0.8]))
        people.append({"id": leader, "at": [dice.randint(0, 30) * 1000, 5000], "works": works})
    schools = [few.a_school(f"s{n}", programmes, teachers) for n in range(dice.randint(1, 6))]
    names = [each["id"] for each in schools]
    return {
        "format": "halfterm/forming-problem/1",
        "closures": ["2026-09-09"],
        "programmes": [
            {
                "id": each,
                "fewest": dice.randint(1, 2),
                "most": dice.randint(2, 4),
                "half_terms": [0, 1],
                "days": dice.randint(0, 3),
            }
            for each in programmes
        ],
        "schools": schools,
        "people": people,
        "specialists": [
            {"person": each, "most": dice.randint(1, 2), "programmes": dice.choice([[], programmes[:1]])}
            for each in leaders
        ],
        "together": few.pairs(names, 0.25),
        "apart": few.pairs(names, 0.3),
        "led_by": [{"school": dice.choice(names), "leader": dice.choice(leaders)}] if few.now_and_then(0.3) else [],
        "weights": dice.choice([{}, {"far": 15, "group": 10}, {"waiting": 50}]),
    }
