"""The fictional hub's long way: which schools took part in which year, which left, and which were never reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.demo import CENTRE, FIRST_URN, DemoGroup

OTHERS = (
    "Amberley Down", "Birchover", "Copper Hollow", "Dunlin Bay", "Ebbstone", "Fircombe", "Gullhaven", "Heathery Top",
    "Ironwell", "Jackdaw Cross", "Kelderton", "Lapwing Mere", "Mallowfield", "Norrack",
)  # fmt: skip
NEVER = (
    "Orchard Tor", "Peatling", "Quarrybank", "Redstart Hill", "Sandcombe", "Tidewell", "Upper Bellmoor", "Vervain",
    "Wagtail Ford", "Withywell", "Yellowham", "Zennick",
)  # fmt: skip
OTHERS_URN, NEVER_URN = FIRST_URN + 100, FIRST_URN + 200
LEFT = (
    "A new headteacher has other priorities.",
    "No cover for the release days.",
    "The school joined a trust with its own programme.",
    "Both lead participants left.",
)
LOST = 2  # of the others, the first two took part until last year and withdrew in it


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A school that is in no Work Group now, `at` in British National Grid metres."""

    urn: int
    name: str
    town: str
    at: tuple[int, int]
    pupils: int
    authority: tuple[int, str]


@dataclass(frozen=True, slots=True)
class DemoEnrolment:
    """A school in a kind of programme in one academic year, and how it ended."""

    urn: int
    kind: str
    year: int
    state: str = "completed"
    because: str = ""


def others() -> tuple[DemoPlace, ...]:
    """Schools that took part once, and schools that never did, further out."""
    taken = [_place(OTHERS_URN + turn, name, turn, 17_000) for turn, name in enumerate(OTHERS)]
    return (*taken, *(_place(NEVER_URN + turn, name, turn, 33_000) for turn, name in enumerate(NEVER)))


def _place(urn: int, town: str, turn: int, out: int) -> DemoPlace:
    east, north = ((1, 0.3), (0.4, -1), (-0.9, -0.5), (-0.3, 1), (0.8, 0.9), (-1, 0.5), (0.9, -0.7))[turn % 7]
    at = (CENTRE[0] + int(out * east) + 900 * turn, CENTRE[1] + int(out * north) - 700 * turn)
    authority = (999, "Tamar Moors") if at[0] < CENTRE[0] + 9000 else (998, "East Moorland")
    return DemoPlace(urn, f"{town} Primary School", town, at, 60 + 23 * turn, authority)


def history(year: int, groups: Sequence[DemoGroup]) -> tuple[DemoEnrolment, ...]:
    """Everybody's enrolments before this year, the earliest first."""
    made: list[DemoEnrolment] = []
    for place, group in enumerate(groups):
        for turn, school in enumerate(group.schools):
            made += _before(year, school.urn, group.kind, place, turn)
    for turn in range(len(OTHERS)):
        made += _left(year, OTHERS_URN + turn, turn)
    return tuple(sorted(made, key=lambda one: (one.year, one.urn)))


def _before(year: int, urn: int, kind: str, place: int, turn: int) -> list[DemoEnrolment]:
    if kind == "readiness":
        came_back = DemoEnrolment(urn, "readiness", year - 3, "withdrawn", LEFT[0])
        return [came_back] if turn == 0 else []
    if kind == "development":
        began = place == 0 or (place == 2 and turn < 4)
        repeated = [DemoEnrolment(urn, "readiness", year - 2)] if place == 2 and turn == 0 else []
        return [*repeated, DemoEnrolment(urn, "readiness", year - 1)] if began else []
    if kind == "embedding":
        first = [DemoEnrolment(urn, "readiness", year - 2)] if turn % 2 else []
        return [*first, DemoEnrolment(urn, "development", year - 1)]
    begun = year - 4 - turn % 4  # the longest came eight years ago
    rungs = ("readiness", "development", "embedding") if turn % 2 else ("development", "embedding")
    known = [DemoEnrolment(urn, rung, begun + step) for step, rung in enumerate(rungs)]
    return known + [DemoEnrolment(urn, "sustaining", later) for later in range(begun + len(rungs), year)]


def _left(year: int, urn: int, turn: int) -> list[DemoEnrolment]:
    if turn < LOST:
        kind = ("development", "readiness")[turn]
        return [DemoEnrolment(urn, kind, year - 1, "withdrawn", LEFT[turn + 1])]
    begun, stayed = year - 8 + turn % 6, 1 + turn % 3
    rungs = ("development", "embedding", "sustaining")
    known = [DemoEnrolment(urn, rungs[step], begun + step) for step in range(stayed)]
    if turn % 4 == 3 and begun + stayed < year:
        known.append(DemoEnrolment(urn, rungs[stayed % 3], begun + stayed, "withdrawn", LEFT[turn % 4]))
    return known


@dataclass(frozen=True, slots=True)
class DemoBarrier:
    """Something in a school's systems, by its place in the list of groups and schools; `days` until it is due."""

    group: int
    school: int
    lever: str
    what: str
    weight: str
    days: int
    done: str = ""


BARRIERS = (
    DemoBarrier(5, 0, "schedules", "Maths lessons are cut short by assembly on two days a week.", "high", 20),
    DemoBarrier(5, 0, "marking", "The marking policy asks for three colours of comment in every book.", "medium", -9),
    DemoBarrier(5, 1, "development", "Staff meetings have no place for mathematics before the summer.", "high", 35),
    DemoBarrier(5, 2, "timelines", "Half-termly tests follow the calendar and not what was taught.", "medium", 14),
    DemoBarrier(5, 3, "expectations", "Two schemes are in use, and they do not meet.", "high", -3),
    DemoBarrier(5, 4, "schedules", "The maths lead has no time out of class.", "low", 50),
    DemoBarrier(0, 1, "development", "Only one of two lead participants can be released.", "medium", 10),
    DemoBarrier(2, 3, "timelines", "Reports to governors count objectives covered.", "medium", 28),
    DemoBarrier(
        3, 0, "schedules", "Year 5 has maths in three places in the week.", "medium", -30, "Moved to five mornings."
    ),
)
AREAS = ("vision", "mindsets", "expertise", "systems", "arithmetic")
STANDS = ("focusing", "developing", "establishing", "enhancing")


def stands(school: int, area: int, visit: int) -> str:
    """Where a school stood in an area at its visit, from 0 to 5: most reach Establishing in the year, some do not."""
    slow = (school * 3 + area * 2) % 7 == 0
    return STANDS[min(3, (visit + 1) // (3 if slow else 2) + (school + area) % 2)]


LEVERS = {
    "schedules": "Every class has maths on five mornings, but for assembly days.",
    "marking": "Feedback is given in the lesson; the policy still asks for more.",
    "timelines": "Tests are set by the week and not by what was taught.",
    "expectations": "One scheme, and small steps that everybody knows.",
    "development": "Two staff meetings a term are about mathematics.",
}
WORK_AROUND = "The hall's timetable, and the order in which the test papers come."
AIMS = "Every class talks about mathematics in whole sentences by the summer, and books show one small step at a time."
ACTIONS = (
    ("vision", "Tell governors what mastery is, with one lesson to watch.", -6),
    ("expertise", "Plan one unit together from its small steps.", 21),
    ("arithmetic", "Begin each lesson with five minutes of facts, from Year 1 on.", 40),
    ("systems", "Bring the marking policy in line with feedback in the lesson.", 60),
)
SHOWN = "Governors watched a lesson in Year 3 on 5 November."
GOING_ON = {"D01": "embedding", "D02": "embedding", "R06": "development"}  # groups whose schools have applied, for what
RELEASED = {"tue": ("am", "pm"), "thu": ("am", "pm")}  # days of Specialists who lead no group yet
SPECIALISTS = (("Nessa Larkspur", "training"), ("Hedra Sundew", "resting"))
FROZEN = "After the autumn half term"
ON_PAPER = "The action plan and the leaders' reviews of that year were kept on paper; both are in the school's file."
EARLY = "All five areas have come on since September, and its staff ask to join a Development group next year."
REASONS = (["not_convinced"], ["turnover", "no_structures"], ["ofsted"])
FIRST_NAMES, LAST_NAMES = (
    ("Jenna", "Petroc", "Loveday", "Digory", "Merryn"),
    ("Larkspur", "Foxglove", "Teasel", "Sundew"),
)


def head(group: int, school: int) -> str:
    """Who is headteacher of a school of a group."""
    known = {(0, 0): "Jenna Larkspur", (5, 0): "Digory Foxglove"}
    turn = group * 7 + school
    return known.get((group, school), f"{FIRST_NAMES[turn % 5]} {LAST_NAMES[turn % 4]}")
