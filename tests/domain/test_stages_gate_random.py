"""Random histories of a school: the gate says what a slow, plain reading of docs/rules/stages.md says."""

import calendar
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.stages.criteria import (
    Areas,
    Attendance,
    CriteriaOf,
    Criterion,
    HeadFirst,
    Meetings,
    NoBarrier,
    Planned,
    Reviews,
    Signed,
    Visits,
)
from app.domain.stages.facts import Facts, Half, InTheWay, Paper, Seen, Taker
from app.domain.stages.gate import Standing, as_data, from_data
from app.domain.stages.judging import judge

TODAY = date(2027, 3, 31)
LADDER = ["focusing", "developing", "establishing", "enhancing"]
AREAS = ["vision", "mindsets", "expertise", "systems", "arithmetic"]
days = st.integers(-700, 100).map(lambda offset: TODAY + timedelta(days=offset))
keys = st.uuids(version=4)


@dataclass
class Record:
    """An event with its record's versions, each as what it found in the areas; the last stands or was withdrawn."""

    key: uuid.UUID
    day: date
    status: str
    versions: list[tuple[uuid.UUID, dict[str, tuple[uuid.UUID, str]]]]
    withdrawn: bool


@dataclass
class History:
    visits: list[Record]
    meetings: list[Record]
    said: dict[tuple[uuid.UUID, uuid.UUID], str]  # (person, meeting): present, part, absent, stand_in
    people: list[uuid.UUID]
    heads: list[uuid.UUID]
    barriers: list[tuple[uuid.UUID, str, date, date, date | None]]
    signed: list[tuple[uuid.UUID, date, date | None]]
    plan: tuple[uuid.UUID, date | None] | None
    reviews: list[tuple[uuid.UUID, date]] = field(default_factory=list)


found = st.dictionaries(st.sampled_from(AREAS), st.tuples(keys, st.sampled_from(LADDER)), max_size=5)
records = st.builds(
    Record,
    keys,
    days,
    st.sampled_from(["tentative", "confirmed", "held"]),
    st.lists(st.tuples(keys, found), max_size=3),
    st.booleans(),
)
SAID = ["present", "part", "absent", "stand_in"]


@st.composite
def histories(draw: st.DrawFn) -> History:
    meetings = draw(st.lists(records, max_size=6))
    people, heads = draw(st.lists(keys, max_size=3)), draw(st.lists(keys, max_size=2))
    said = {}
    for person in people + heads:
        for meeting in meetings:
            if draw(st.booleans()):
                said[person, meeting.key] = draw(st.sampled_from(SAID))
    later = st.one_of(st.none(), days)
    return History(
        draw(st.lists(records, max_size=6)),
        meetings,
        said,
        people,
        heads,
        draw(st.lists(st.tuples(keys, st.sampled_from(["high", "medium", "low"]), days, days, later), max_size=4)),
        draw(st.lists(st.tuples(keys, days, later), max_size=2)),
        draw(st.one_of(st.none(), st.tuples(keys, later))),
        draw(st.lists(st.tuples(keys, days), max_size=3)),
    )


small = st.integers(1, 6)
criteria = st.tuples(
    st.builds(Visits, small),
    st.builds(Meetings, small),
    st.builds(Areas, st.integers(1, 5), st.sampled_from(LADDER), st.integers(1, 24)),
    st.builds(NoBarrier, st.sampled_from(["high", "medium", "low"])),
    st.builds(Attendance, small, st.just(6)),
    st.just(Signed()),
    st.just(Planned()),
    st.just(HeadFirst()),
    st.builds(Reviews, small),
)


def as_facts(history: History) -> Facts:
    """The history as the database tells it."""

    def half(one: Record) -> Half:
        gone = one.versions if one.withdrawn else one.versions[:-1]
        shown = bool(one.versions) and not one.withdrawn
        return Half(one.key, one.day, one.status, shown, tuple(key for key, _ in gone))

    def taker(person: uuid.UUID) -> Taker:
        mine = [(meeting, state) for (who, meeting), state in history.said.items() if who == person]
        came = frozenset(meeting for meeting, state in mine if state in {"present", "part"})
        return Taker(person, came, frozenset(meeting for meeting, state in mine if state == "stand_in"))

    seen = [
        Seen(key, visit.key, area, level, visit.day, stands=n == len(visit.versions) and not visit.withdrawn)
        for visit in history.visits
        for n, (_, version) in enumerate(visit.versions, 1)
        for area, (key, level) in version.items()
    ]
    return Facts(
        ends=date(2027, 7, 21),
        visits=tuple(map(half, history.visits)),
        meetings=tuple(map(half, history.meetings)),
        seen=tuple(seen),
        barriers=tuple(InTheWay(*one) for one in history.barriers),
        people=tuple(map(taker, history.people)),
        heads=tuple(map(taker, history.heads)),
        agreements=tuple(Paper(*one) for one in history.signed),
        plan=Paper(*history.plan) if history.plan else None,
        reviews=tuple(Paper(*one) for one in history.reviews),
    )


def plainly(one: Criterion, history: History) -> str:
    """The rules read slowly, one sentence of docs/rules/stages.md after the other."""
    match one:
        case Visits(least) | Meetings(least):
            events = history.visits if isinstance(one, Visits) else history.meetings
            happened = [event for event in events if event.day <= TODAY]
            written = [event for event in happened if event.versions and not event.withdrawn]
            if len(written) >= least:
                return "met"
            return "partly" if written or any(event.status == "held" for event in happened) else "missing"
        case Areas(areas, level, months):
            return plainly_areas(areas, level, months, history)
        case NoBarrier(weight):
            blocking = {"high": ["high"], "medium": ["high", "medium"], "low": ["high", "medium", "low"]}[weight]
            for _, heavy, _, since, until in history.barriers:
                if heavy in blocking and since <= TODAY and not (until and until <= TODAY):
                    return "missing"
            return "met"
        case Attendance(least, _):
            counts = []
            for person in history.people:
                past = [meeting for meeting in history.meetings if meeting.day <= TODAY]
                counts.append(sum(history.said.get((person, event.key)) in {"present", "part"} for event in past))
            if not counts or max(counts) == 0:
                return "missing"
            return "met" if min(counts) >= least else "partly"
        case Signed():
            stands = [day for _, day, ended in history.signed if day <= TODAY and not (ended and ended <= TODAY)]
            return "met" if stands else "missing"
        case Planned():
            if history.plan is None:
                return "missing"
            return "met" if history.plan[1] and history.plan[1] <= TODAY else "partly"
        case HeadFirst():
            if not history.meetings:
                return "missing"
            first = min(history.meetings, key=lambda event: (event.day, event.key))
            if first.day > TODAY:
                return "missing"
            said = {history.said.get((head, first.key)) for head in history.heads}
            return "met" if said & {"present", "part"} else "partly" if "stand_in" in said else "missing"
        case Reviews(least):
            held = len([day for _, day in history.reviews if day <= TODAY])
            return "met" if held >= least else "partly" if held else "missing"


def plainly_areas(areas: int, level: str, months: int, history: History) -> str:
    """Area by area: the newest review that stands, whether it is high enough, whether it is new enough."""
    high, fresh = 0, 0
    for area in AREAS:
        found = []
        for visit in history.visits:
            if visit.day <= TODAY and visit.versions and not visit.withdrawn and area in visit.versions[-1][1]:
                key, reached = visit.versions[-1][1][area]
                found.append((visit.day, key, reached))
        if found:
            day, _, reached = max(found)
            if LADDER.index(reached) >= LADDER.index(level):
                high += 1
                fresh += day >= earlier(months)
    return "met" if fresh >= areas else "expired" if high >= areas else "partly" if high else "missing"


def earlier(months: int) -> date:
    """Today's day so many months ago, or the last of a shorter month."""
    year, month = TODAY.year, TODAY.month
    for _ in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return date(year, month, min(TODAY.day, calendar.monthrange(year, month)[1]))


def superseded(history: History, kind: str) -> set[uuid.UUID]:
    """Evidence up to today that no standing version shows, of the kind a criterion reads."""
    gone = set()
    for event in history.meetings if kind == "meetings" else history.visits:
        if event.day > TODAY:
            continue
        for key, version in event.versions if event.withdrawn else event.versions[:-1]:
            gone |= {found for found, _ in version.values()} if kind == "areas" else {key}
    return gone


@settings(max_examples=100, deadline=None)
@given(histories(), criteria)
def test_the_gate_says_what_a_plain_reading_of_the_rules_says(history: History, wanted: tuple[Criterion, ...]) -> None:
    verdicts = judge(CriteriaOf("readiness", 1, wanted), as_facts(history), TODAY)
    assert [one.state.value for one in verdicts] == [plainly(one, history) for one in wanted]
    assert all((one.state is Standing.MET) == (one.wants == "") for one in verdicts)
    assert all(one.by is None or one.by >= TODAY for one in verdicts)
    assert from_data(as_data(verdicts)) == verdicts


@settings(max_examples=100, deadline=None)
@given(histories(), criteria)
def test_superseded_evidence_is_told_and_never_counts(history: History, wanted: tuple[Criterion, ...]) -> None:
    for one in judge(CriteriaOf("readiness", 1, wanted), as_facts(history), TODAY):
        if one.key in {"visits", "meetings", "areas"}:
            gone = superseded(history, one.key)
            told = {proof.id for proof in one.proof if proof.kind == "evidence" and not proof.counts}
            assert gone <= told
            assert not gone & {proof.id for proof in one.proof if proof.counts}
            assert ("no longer count" in one.have) == bool(gone)
