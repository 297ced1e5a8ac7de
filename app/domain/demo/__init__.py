"""A made-up hub: places that are on no map, people named after plants, dates like those of a real year."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from app.kit.bank_holidays import bank_holidays
from app.kit.periods import WEEKDAYS, Span

HUB_CODE = "TAMAR"
HUB_NAME = "Tamar Moors Maths Hub"
FIRST_URN = 900001  # real numbers begin with 1
PLACES = (
    "Alderwick", "Bellmoor", "Bracken Cross", "Brindle Quay", "Cairnhead", "Candleford Hill", "Chalkwell",
    "Cobblecombe", "Dapplemere", "Eastering", "Elderbourne", "Fallowfield Tor", "Fernhill", "Foxlow", "Gorsey Down",
    "Greenlyn",
    "Harrowmoor", "Hazelcombe", "Heronsgate", "Hollowell", "Ivybank", "Juniper Vale", "Kestrel Bay", "Kingsharrow",
    "Larkmeadow", "Linnet Green", "Lower Sedge", "Marlpit", "Millbrook Tor", "Nettlecombe", "Oakenshaw", "Otterlow",
    "Pennywell", "Plovers Reach", "Quillhaven", "Rooksmoor", "Rushford Mead", "Saltern Cove", "Sparrow Hill",
    "Thistledown",
)  # fmt: skip
KINDS = ("Primary School", "Church of England Primary School", "Community Primary School", "Academy")
FIRST_NAMES = (
    "Ada", "Bryn", "Cleo", "Dara", "Elin", "Finn", "Gwen", "Hari", "Ines", "Jory", "Kit", "Lowenna", "Mina",
    "Ned", "Orla", "Piran", "Quinn", "Rhea", "Sam", "Tamsin", "Uma", "Vik", "Wren", "Yusra", "Zeb",
)  # fmt: skip
LAST_NAMES = (
    "Alder", "Bramble", "Campion", "Dogwood", "Elder", "Fennel", "Gorse", "Hawthorn", "Ivy", "Juniper", "Kelp", "Larch",
    "Mallow", "Nettle", "Oxlip", "Poplar", "Quince", "Rowan", "Sorrel", "Tansy", "Vetch", "Willow", "Yarrow",
)  # fmt: skip
GROUP_KINDS = ("development", "development", "development", "embedding", "sustaining", "readiness")
CENTRE = (240000, 75000)  # British National Grid metres: the kind of country where travel matters


@dataclass(frozen=True, slots=True)
class DemoTeacher:
    """Somebody of the demo with their half-days."""

    name: str
    email: str
    works: dict[str, list[str]]
    role: str = "teacher"


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school of the demo, `at` in British National Grid metres."""

    urn: int
    name: str
    town: str
    at: tuple[int, int]
    calendar: int
    maths: dict[str, list[str]]
    hosts: bool
    hosted_before: int
    pupils: int
    teachers: tuple[DemoTeacher, ...]
    inset: tuple[date, ...]
    busy: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A Work Group of the demo."""

    code: str
    kind: str
    leader: DemoTeacher
    schools: tuple[DemoSchool, ...]


def _monday(year: int, month: int, nth: int) -> date:
    """The nth Monday of a month; -1 for the last."""
    first = date(year, month, 1)
    mondays = [first + timedelta((7 - first.weekday()) % 7 + 7 * week) for week in range(5)]
    return [day for day in mondays if day.month == month][nth if nth < 0 else nth - 1]


def half_terms(year: int, variant: int) -> tuple[Span, ...]:
    """Six half terms as schools keep them; variants differ by days, and the last breaks a week early in October."""
    autumn = _monday(year, 10, -1) - timedelta(7 if variant == 2 else 0)
    spring = _monday(year + 1, 2, 3)
    summer = _monday(year + 1, 5, -1)
    good_friday = next(day for day, name in bank_holidays(year).items() if name == "Good Friday")
    start = date(year, 9, 2) + timedelta(variant % 2)
    start += timedelta({5: 2, 6: 1}.get(start.weekday(), 0))
    new_year = _monday(year + 1, 1, 1)
    january = new_year if new_year.day > 3 else new_year + timedelta(7 if new_year.day == 1 else 1)
    july = date(year + 1, 7, 21)
    july -= timedelta(max(0, july.weekday() - 4))
    christmas = date(year, 12, 19)
    christmas -= timedelta((christmas.weekday() - 4) % 7)
    return (
        Span(start, autumn - timedelta(3)),
        Span(autumn + timedelta(7), christmas),
        Span(january + timedelta(variant % 2), spring - timedelta(3)),
        Span(spring + timedelta(7), good_friday - timedelta(1)),
        Span(good_friday + timedelta(17 + variant % 2), summer - timedelta(3)),
        Span(summer + timedelta(7), july),
    )


def _people(dice: random.Random) -> list[str]:
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    dice.shuffle(names)
    return names


def _teacher(name: str, days: tuple[str, ...], role: str = "teacher") -> DemoTeacher:
    email = name.lower().replace(" ", ".") + "@demo.example"
    return DemoTeacher(name, email, {day: ["am", "pm"] for day in days}, role)


def groups(year: int) -> tuple[DemoGroup, ...]:
    """Six Work Groups, of every stage, the same for every demo of the same year."""
    dice = random.Random(f"demo {year}")  # noqa: S311  a made-up hub, always the same
    names = _people(dice)
    free = tuple(WEEKDAYS)
    made: list[DemoGroup] = []
    places = list(PLACES)
    for number, size in enumerate((7, 7, 6, 6, 6, 6), start=1):
        kind = GROUP_KINDS[number - 1]
        angle_x, angle_y = ((-16, 9), (15, 12), (-14, -11), (13, -9), (0, 22), (1, -1))[number - 1]
        schools = []
        for _ in range(size):
            place = places.pop(0)
            urn = FIRST_URN + len(PLACES) - len(places) - 1
            x = CENTRE[0] + 1000 * angle_x + dice.randint(-7000, 7000)
            y = CENTRE[1] + 1000 * angle_y + dice.randint(-6000, 6000)
            part_time = dice.random() < 0.3
            short = tuple(day for day in free if day != dice.choice(free)) if part_time else free
            staff = (_teacher(names.pop(), free, "maths lead"), _teacher(names.pop(), short))
            schools.append(_school(dice, year, urn, place, (x, y), staff))
        days = free if kind == "readiness" else tuple(sorted(dice.sample(free, 3), key=free.index))
        made.append(
            DemoGroup(
                code=f"NCP{year % 100:02d}-{kind[0].upper()}{number:02d}",
                kind=kind,
                leader=_teacher(names.pop(), days),
                schools=tuple(schools),
            )
        )
    return tuple(made)


def _school(
    dice: random.Random, year: int, urn: int, place: str, at: tuple[int, int], staff: tuple[DemoTeacher, ...]
) -> DemoSchool:
    calendar = dice.choice((0, 0, 1, 2))
    spans = half_terms(year, calendar)
    second = dice.random() < 0.35
    maths = {day: ["am", "pm"] if second and dice.random() < 0.5 else ["am"] for day in WEEKDAYS}
    return DemoSchool(
        urn=urn,
        name=f"{place} {dice.choice(KINDS)}",
        town=place,
        at=at,
        calendar=calendar,
        maths=maths,
        hosts=dice.random() < 0.85,
        hosted_before=dice.randint(0, 2),
        pupils=dice.randint(60, 420),
        teachers=staff,
        inset=(spans[1].first, spans[4].first),
        busy=tuple(sorted({_school_day(dice, spans[dice.randint(0, 5)]) for _ in range(4)})),
    )


def _school_day(dice: random.Random, span: Span) -> date:
    day = span.first + timedelta(dice.randint(1, (span.last - span.first).days - 1))
    return day - timedelta(max(0, day.weekday() - 4))
