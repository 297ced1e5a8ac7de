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
