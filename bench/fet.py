"""The sample problems solved by FET, a free timetabling program, beside the exact plan and the greedy one.

Run as `python -m bench.fet [SAMPLE ...]`. It needs the program `fet-cl`: on Debian and Ubuntu `apt-get install fet`.
What FET is told and what it cannot be told is in docs/compared.md. FET gives dates; half-days and hosts are then
the best there are for these dates, found by the exact solver, and the judge prices the outcome.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any
from xml.etree import ElementTree as ET

from app.domain.schedule.candidates import Catalog, Event, least_gap, stop
from app.domain.schedule.distance import NEAR, minutes
from app.domain.schedule.judge import Judgement, judge
from app.domain.schedule.problem import Problem, read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule import solve
from app.solver.schedule.exact import solve_exact
from app.solver.schedule.model import Clock
from bench.solver import raw_problem

SAMPLES = ("small-1", "small-2", "medium-1", "readiness-1", "room-1")
SECONDS = 60
WEEKS = 4  # of the year in one "day" of FET, which plans a single week
HALVES = ("am", "pm", "night")  # the night keeps an afternoon and the next morning from being neighbours
SEEDS = {f"randomseeds{name}": str(n) for n, name in enumerate(("10", "11", "12", "20", "21", "22"), start=7)}
KINDS = {"meetings": ("meeting",), "the whole": ("meeting", "visit", "observation")}

Days = dict[str, frozenset[date]]


@dataclass(frozen=True, slots=True)
class Grid:
    """FET's days and hours: a day is four weeks of the year, an hour is a half-day or a night."""

    monday: date
    last: date

    @property
    def days(self) -> int:
        """How many of FET's days the year has."""
        return (self.last - self.monday).days // (7 * WEEKS) + 1

    @property
    def hours(self) -> int:
        """How many hours each of these has: five days a week."""
        return WEEKS * 5 * len(HALVES)

    def at(self, day: date, half: int) -> tuple[str, str]:
        """The names of FET's day and hour."""
        block, n = divmod((day - self.monday).days, 7 * WEEKS)
        week, weekday = divmod(n, 7)
        return f"d{block}", f"h{(week * 5 + weekday) * len(HALVES) + half}"

    def day(self, block: str, hour: str) -> date:
        """The date of FET's day and hour."""
        week, weekday = divmod(int(hour[1:]) // len(HALVES), 5)
        return self.monday + timedelta(days=7 * (WEEKS * int(block[1:]) + week) + weekday)


@dataclass(slots=True)
class Translation:
    """A problem in FET's words."""

    catalog: Catalog
    events: list[Event]
    grid: Grid
    root: ET.Element = field(default_factory=lambda: ET.Element("fet", version="6.8.5"))
    number: dict[str, str] = field(default_factory=dict)
    open_days: Days = field(default_factory=dict)

    def rule(self, name: str, weight: float = 100, **values: str | Iterable[str]) -> ET.Element:
        """One of FET's constraints; a name that begins with Space is one about rooms."""
        of = self.root.find("Space_Constraints_List" if name.startswith("Space") else "Time_Constraints_List")
        rule = ET.SubElement(of if of is not None else self.root, f"Constraint{name.removeprefix('Space')}")
        _text(rule, "Weight_Percentage", str(weight))
        for tag, value in values.items():
            for each in [value] if isinstance(value, str) else value:
                _text(rule, tag, each)
        _text(rule, "Active", "true")
        return rule


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _list(root: ET.Element, tag: str, item: str, names: Iterable[str]) -> ET.Element:
    made = ET.SubElement(root, tag)
    for name in names:
        _text(ET.SubElement(made, item), "Name", name)
    return made


def translated(catalog: Catalog, kinds: Sequence[str], *, wishes: bool) -> Translation:
    """The events of these kinds with every rule that FET has a word for; `wishes` adds what is cheap."""
    problem = catalog.problem
    terms = [span for school in problem.schools for span in school.half_terms]
    first, last = min(span[0] for span in terms), max(span[1] for span in terms)
    events = [event for event in catalog.events.values() if event.kind in kinds]
    made = Translation(catalog, events, Grid(first - timedelta(days=first.weekday()), last))
    made.number = {event.name: str(n) for n, event in enumerate(events, start=1)}
    made.open_days = _apart(catalog, events)
    _lists(made)
    made.rule("BasicCompulsoryTime")
    made.rule("SpaceBasicCompulsorySpace")
    for event in events:
        _starts(made, event, 100, _half_days(made, event))
        if wishes:
            for weight, cheap in _wishes(made, event):
                _starts(made, event, weight, cheap)
    _between_events(made)
    _cap(made)
    return made


def _lists(made: Translation) -> None:
    root, grid, problem = made.root, made.grid, made.catalog.problem
    _text(root, "Mode", "Official")
    _text(root, "Institution_Name", "A hub")
    days = _list(root, "Days_List", "Day", [f"d{n}" for n in range(grid.days)])
    hours = _list(root, "Hours_List", "Hour", [f"h{n}" for n in range(grid.hours)])
    days.insert(0, _element("Number_of_Days", str(grid.days)))
    hours.insert(0, _element("Number_of_Hours", str(grid.hours)))
    _list(root, "Subjects_List", "Subject", KINDS["the whole"])
    _list(root, "Activity_Tags_List", "Activity_Tag", ())
    _list(root, "Teachers_List", "Teacher", [person.id for person in problem.people])
    students = _list(root, "Students_List", "Year", [school.id for school in problem.schools])
    for year in students:
        _text(year, "Number_of_Students", "0")
    activities = ET.SubElement(root, "Activities_List")
    for event in made.events:
        one, length = ET.SubElement(activities, "Activity"), "2" if event.kind == "meeting" else "1"
        _text(one, "Teacher", event.person)
        _text(one, "Subject", event.kind)
        for school in event.schools if event.kind != "observation" else ():  # many observations may share a day
            _text(one, "Students", school)
        for tag, text in (("Duration", length), ("Total_Duration", length), ("Id", made.number[event.name])):
            _text(one, tag, text)
        _text(one, "Activity_Group_Id", "0")
        _text(one, "Active", "true")
    for tag in ("Buildings_List", "Rooms_List", "Time_Constraints_List", "Space_Constraints_List"):
        ET.SubElement(root, tag)


def _element(tag: str, text: str) -> ET.Element:
    made = ET.Element(tag)
    made.text = text
    return made


def _apart(catalog: Catalog, events: Iterable[Event]) -> Days:
    """The days an event may have; windows are cut so that any two of consecutive events keep the least gap (R8)."""
    days = {event.name: sorted({place.day for place in catalog.places(event.name)}) for event in events}
    for series in catalog.series.values():
        for early, late in pairwise(series):
            if early.name in days and late.name in days:
                first, second, turn = days[early.name], days[late.name], 0
                while first[-1] + least_gap(catalog, early) > second[0]:
                    (first if turn % 2 else second).pop(-1 if turn % 2 else 0)
                    turn += 1
    return {name: frozenset(date.fromordinal(day) for day in each) for name, each in days.items()}


def _half_days(made: Translation, event: Event) -> dict[tuple[date, int], int]:
    """The half-days at which an event may begin, with its least own cost; a meeting takes both."""
    cost: dict[tuple[date, int], int] = {}
    for place in made.catalog.places(event.name):
        day = date.fromordinal(place.day)
        if day in made.open_days[event.name]:
            key = day, 0 if event.kind == "meeting" else place.slot
            cost[key] = min(place.cost, cost.get(key, place.cost))
    return cost


def _wishes(made: Translation, event: Event) -> list[tuple[float, list[tuple[date, int]]]]:
    """What a planner would wish for: first the fewest absences, then the cheaper third of the half-days."""
    cost = _half_days(made, event)
    fewest = min(cost.values()) // 400
    third = sorted(cost.values())[len(cost) // 3]
    few = [key for key, each in cost.items() if each // 400 <= fewest]
    cheap = [key for key, each in cost.items() if each <= third]
    return [(weight, keys) for weight, keys in ((99.0, few), (90.0, cheap)) if len(keys) < len(cost)]


def _starts(made: Translation, event: Event, weight: float, halves: Iterable[tuple[date, int]]) -> None:
    names = [made.grid.at(day, half) for day, half in halves]
    rule = made.rule("ActivityPreferredStartingTimes", weight, Activity_Id=made.number[event.name])
    _text(rule, "Number_of_Preferred_Starting_Times", str(len(names)))
    for day, hour in names:
        one = ET.SubElement(rule, "Preferred_Starting_Time")
        _text(one, "Preferred_Starting_Day", day)
        _text(one, "Preferred_Starting_Hour", hour)


def _between_events(made: Translation) -> None:
    """Far visits on one day (R6), a visit beside an observation (R7), observations between their meetings (R1)."""
    seen = made.catalog.observation
    for one, other in combinations(made.events, 2):
        days = made.open_days[one.name] & made.open_days[other.name]
        if days and _never_one_day(made, one, other):
            both = [made.number[one.name], made.number[other.name]]
            made.rule("ActivitiesNotOverlapping", Number_of_Activities="2", Activity_Id=both)
            made.rule("MinGapsBetweenActivities", Number_of_Activities="2", Activity_Id=both, MinGaps="1")
    for event in made.events:
        if event.kind == "observation":
            after, before = seen[event.series].after, seen[event.series].before
            mine = made.number[event.name]
            if after is not None:
                first = made.number[f"{after[0]}/{after[1]}"]
                made.rule("TwoActivitiesOrdered", First_Activity_Id=first, Second_Activity_Id=mine)
            if before is not None:
                second = made.number[f"{before[0]}/{before[1]}"]
                made.rule("TwoActivitiesOrdered", First_Activity_Id=mine, Second_Activity_Id=second)


def _never_one_day(made: Translation, one: Event, other: Event) -> bool:
    kinds = {one.kind, other.kind}
    if kinds in ({"meeting"}, {"meeting", "visit"}):
        return False  # FET sees that they share a school or a person: a meeting takes the whole day
    if one.person == other.person and "meeting" not in kinds:
        catalog = made.catalog
        return minutes(stop(catalog, one), stop(catalog, other)) > NEAR
    return "observation" in kinds and len(kinds) == 2 and bool(set(one.schools) & set(other.schools))


def _cap(made: Translation) -> None:
    """At most so many meetings on a day (R10): there are so many rooms in all, and a meeting takes one."""
    most = made.catalog.problem.meetings_per_day
    rooms = made.root.find("Rooms_List")
    if most is None or rooms is None:
        return
    names = [f"room{n}" for n in range(most)]
    for name in names:
        _text(ET.SubElement(rooms, "Room"), "Name", name)
        _text(rooms[-1], "Building", "")
        _text(rooms[-1], "Capacity", "30000")
        _text(rooms[-1], "Virtual", "false")
    for event in made.events:
        if event.kind == "meeting":
            rule = made.rule("SpaceActivityPreferredRooms", Activity_Id=made.number[event.name])
            _text(rule, "Number_of_Preferred_Rooms", str(most))
            for name in names:
                _text(rule, "Preferred_Room", name)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of FET: how many events it placed of how many, its processor seconds, the judge's word on the whole."""

    placed: int
    of: int
    seconds: float
    judged: Judgement | None


def by_fet(problem: Problem, kinds: Sequence[str], *, wishes: bool) -> Came:
    """Dates by FET, the rest as good as it can be for these dates."""
    made = translated(Catalog(problem), kinds, wishes=wishes)
    with tempfile.TemporaryDirectory(prefix="halfterm-fet-") as name:
        folder = Path(name)
        ET.ElementTree(made.root).write(folder / "hub.fet", encoding="UTF-8", xml_declaration=True)
        begun = getrusage(RUSAGE_CHILDREN).ru_utime
        _run(folder)
        seconds = getrusage(RUSAGE_CHILDREN).ru_utime - begun
        dates = _dates(made, folder)
    if len(dates) < len(made.events):
        return Came(len(dates), len(made.events), seconds, None)
    return Came(len(dates), len(dates), seconds, _judged(problem, dates))


def _run(folder: Path) -> None:
    call = ["fet-cl", f"--inputfile={folder}/hub.fet", f"--outputdir={folder}", f"--timelimitseconds={SECONDS}"]
    call += [f"--{name}={value}" for name, value in SEEDS.items()] + ["--htmllevel=0"]
    subprocess.run(call, capture_output=True, check=False, timeout=3 * SECONDS)


def _dates(made: Translation, folder: Path) -> dict[str, date]:
    named = {number: name for name, number in made.number.items()}
    found: dict[str, date] = {}
    for file in folder.glob("timetables/hub/*_activities.xml"):
        for each in ET.parse(file).getroot():  # noqa: S314 - written by the program that was just called
            number, day, hour = (each.findtext(tag) or "" for tag in ("Id", "Day", "Hour"))
            if day and hour:
                found[named[number]] = made.grid.day(day, hour)
    return found


def _judged(problem: Problem, dates: dict[str, date]) -> Judgement | None:
    """The judge's word on the cheapest plan with these dates; None when no plan has them."""
    free = Catalog(problem)
    without = {
        name: frozenset(date.fromordinal(place.day) for place in free.places(name)) - {day}
        for name, day in dates.items()
    }
    plan = solve_exact(Catalog(problem, without), Clock(), lambda *_: None)
    return None if plan.status == "infeasible" else judge(problem, plan)


def only(raw: dict[str, Any], kinds: Sequence[str]) -> Problem:
    """The problem without the kinds left out."""
    left_out: dict[str, object] = {
        part: [] for kind, part in (("visit", "visits"), ("observation", "observations")) if kind not in kinds
    }
    kept = {each["id"] for part in ("groups", "visits", "observations") for each in (raw | left_out)[part]}
    fixed = [each for each in raw["fixed"] if each["event"].split("/")[0] in kept]
    return read_problem(raw | left_out | {"fixed": fixed})


def _rest(problem: Problem, judged: Judgement, unavoidable: Judgement) -> int:
    """A plan's cost without the absences that even the exact plan has."""
    w = problem.weights
    prices = {"meetings": w.meeting_absent, "visits": w.visit_absent}
    return sum(judged.cost.values()) - sum(price * unavoidable.absences[stage] for stage, price in prices.items())


def _compared(problem: Problem, judged: Judgement | None, best: Judgement) -> str:
    if judged is None:
        return f"{'none':>22}"
    if not judged.fine:
        return f"{'breaks ' + judged.violations[0].rule:>22}"
    whole = sum(judged.cost.values()) / max(1, sum(best.cost.values()))
    rest = _rest(problem, judged, best) / max(1, _rest(problem, best, best))
    away = sum(judged.absences.values()) - sum(best.absences.values())
    return f"{whole:7.2f}{rest:7.2f}{away:+8d}"


def _greedy(problem: Problem) -> Judgement | None:
    try:
        return judge(problem, solve(problem, solver="greedy"))
    except NoPlanError:
        return None


def main() -> None:
    if shutil.which("fet-cl") is None:
        print("Nothing is compared: fet-cl is not installed. On Debian and Ubuntu: apt-get install fet")
        return
    print("Cost against the exact plan's: all, all but unavoidable absences, more people absent; processor seconds.")
    print(" " * 28 + "".join(f"{name:>24}" for name in ("greedy", "FET", "FET with wishes")))
    for name in sys.argv[1:] or SAMPLES:
        for what, kinds in KINDS.items():
            problem = only(raw_problem(name), kinds)
            begun = time.process_time()
            best = judge(problem, solve(problem))
            row = f"{name:12}{what:10}{time.process_time() - begun:5.1f}s  "
            row += _compared(problem, _greedy(problem), best)
            for wishes in (False, True):
                came = by_fet(problem, kinds, wishes=wishes)
                row += "  " + _compared(problem, came.judged, best) + f" {came.seconds:.1f}s"
                if came.judged is None:
                    row += f" ({came.placed} of {came.of} placed)"
            print(row, flush=True)


if __name__ == "__main__":
    main()
