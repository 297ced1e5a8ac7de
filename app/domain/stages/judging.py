"""Each kind of criterion held against the facts of one enrolment. Source: docs/rules/stages.md, "What counts"."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from app.domain.stages.criteria import (
    AREA_WORDS,
    LEVEL_WORDS,
    LEVELS,
    WEIGHTS,
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
    times,
)
from app.domain.stages.facts import Facts, Half, Paper, Seen, Taker
from app.domain.stages.gate import Proof, Standing, Verdict
from app.kit.periods import spoken_date

MET, PARTLY, MISSING, EXPIRED = Standing
LEVEL_AT = {level: n for n, level in enumerate(LEVELS)}
_DAY_AND_ID = attrgetter("day", "id")
OUT_OF_REACH = "It can no longer be met in this year: a move would need a because."
CORRECTED = "{} of an earlier version of a record no longer counts: a later version took its place."


class Found(NamedTuple):
    """What a rule finds of one criterion; `words` and `proof` are only put together where somebody asks for them.

    `words`: what there is, and what would meet the rest.
    """

    state: Standing
    words: Callable[[], tuple[str, str]]
    proof: Callable[[], Iterable[Proof]]
    by: date | None


def judge(wanted: CriteriaOf, facts: Facts, today: date, *, proofs: bool = True) -> tuple[Verdict, ...]:
    """How far each criterion of the set is on this day; what lies after it counts as ahead.

    Long lists leave the proofs out.
    """
    return tuple(_verdict(one, _RULES[one.kind](one, facts, today), proofs=proofs) for one in wanted.items)


def standings(wanted: CriteriaOf, facts: Facts, today: date) -> tuple[tuple[Standing, date | None], ...]:
    """The same without a word: how far each criterion is, and by when the rest could be met."""
    found = [_RULES[one.kind](one, facts, today) for one in wanted.items]
    return tuple([(one.state, None if one.state is MET else one.by) for one in found])


def _verdict(one: Criterion, found: Found, *, proofs: bool) -> Verdict:
    proof = tuple(found.proof()) if proofs else ()
    have, wants = found.words()
    if found.state is MET:
        return Verdict(one.kind, one.says, found.state, have, "", None, proof)
    return Verdict(one.kind, one.says, found.state, have, wants, found.by, proof)


def _until(facts: Facts, today: date) -> date | None:
    return facts.ends if today <= facts.ends else None


def _joined(*said: str) -> str:
    return " ".join(one for one in said if one)


def _no_longer(count: int) -> str:
    return CORRECTED.format(times(count, "finding")) if count else ""


def _visits(one: Visits, facts: Facts, today: date) -> Found:
    return _halves(one, facts.visits, facts, today, "visit")


def _meetings(one: Meetings, facts: Facts, today: date) -> Found:
    return _halves(one, facts.meetings, facts, today, "meeting")


def _halves(one: Visits | Meetings, halves: Sequence[Half], facts: Facts, today: date, word: str) -> Found:
    past = [half for half in halves if half.day <= today]
    shown = [half for half in past if half.shown]
    unwritten = [half for half in past if half.status == "held" and not half.shown]
    ahead, left = len(halves) - len(past), one.least - len(shown)
    state = MET if left <= 0 else PARTLY if shown or unwritten else MISSING

    def proof() -> Iterator[Proof]:
        for half in chain(shown, unwritten):
            yield Proof("event", half.id, half.day, counts=half.shown)
        for half in past:
            for old in half.earlier:
                yield Proof("evidence", old, half.day, counts=False, event_id=half.id)

    def words() -> tuple[str, str]:
        have = _joined(
            f"{len(shown)} of {times(one.least, word)} held with a record.",
            _unwritten(len(unwritten), word),
            f"{times(ahead, word)} booked ahead." if ahead else "",
            _no_longer(sum(len(half.earlier) for half in past)),
        )
        write = f"Have {times(len(unwritten), 'record')} written and submitted." if unwritten else ""
        hold = _to_hold(left - len(unwritten), ahead, word, over=today > facts.ends)
        return have, _joined(write, hold)

    return Found(state, words, proof, _until(facts, today))


def _unwritten(count: int, word: str) -> str:
    if not count:
        return ""
    return (
        f"{times(count, word)} held, its record is not written."
        if count == 1
        else (f"{times(count, word)} held, their records are not written.")
    )


def _to_hold(left: int, ahead: int, word: str, *, over: bool) -> str:
    if left <= 0:
        return ""
    if over and not ahead:
        return OUT_OF_REACH
    book = f", of which {left - ahead} still to book" if 0 < ahead < left else ", still to book" if not ahead else ""
    return f"Hold {times(left, f'more {word}')}{book}, and have each record submitted."


def _areas(one: Areas, facts: Facts, today: date) -> Found:
    known = [seen for seen in facts.seen if seen.day <= today and seen.level in LEVEL_AT]
    newest: dict[str, Seen] = {}
    for seen in known:
        was = newest.get(seen.area)
        if seen.stands and (was is None or (seen.day, seen.id) > (was.day, was.id)):
            newest[seen.area] = seen
    least, since = LEVEL_AT[one.level], months_before(today, one.months)
    reached = [seen for seen in newest.values() if LEVEL_AT[seen.level] >= least]
    fresh = [seen for seen in reached if seen.day >= since]

    def proof() -> Iterator[Proof]:
        for seen in chain(newest.values(), _gone(known)):
            yield Proof("evidence", seen.id, seen.day, seen in fresh, seen.event_id)

    def words() -> tuple[str, str]:
        old = len(reached) - len(fresh)
        below = [seen for seen in newest.values() if LEVEL_AT[seen.level] < least]
        have = _joined(
            f"{len(fresh)} of {times(one.areas, 'area')} at {LEVEL_WORDS[one.level]} or above.",
            f"{times(old, 'area')} {'was' if old == 1 else 'were'} reviewed too long ago." if old else "",
            f"Below: {_named(below)}." if below else "",
            _no_longer(len(_gone(known))),
        )
        return have, _review(one, [seen.area for seen in fresh])

    return Found(_reached(one, len(fresh), len(reached)), words, proof, _until(facts, today))


def _gone(known: Sequence[Seen]) -> list[Seen]:
    return [seen for seen in known if not seen.stands]


def _reached(one: Areas, fresh: int, ever: int) -> Standing:
    if fresh >= one.areas:
        return MET
    if ever >= one.areas:
        return EXPIRED
    return PARTLY if ever else MISSING


def _named(seen: Sequence[Seen]) -> str:
    return ", ".join(f"{AREA_WORDS.get(each.area, each.area)} ({LEVEL_WORDS[each.level]})" for each in seen)


def _review(one: Areas, fresh: Sequence[str]) -> str:
    left = one.areas - len(fresh)
    of = ", ".join(label for area, label in AREA_WORDS.items() if area not in fresh)
    many = "them" if left == len(AREA_WORDS) - len(fresh) else str(left)
    return f"Review {many} on a visit and find {LEVEL_WORDS[one.level]} or above: {of}."


@lru_cache(maxsize=64)
def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last."""
    month = day.year * 12 + day.month - 1 - months
    for back in range(4):
        try:
            return date(month // 12, month % 12 + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError


def _no_barrier(one: NoBarrier, facts: Facts, today: date) -> Found:
    heavy = WEIGHTS[: WEIGHTS.index(one.weight) + 1]
    standing = [
        barrier
        for barrier in facts.barriers
        if barrier.weight in heavy and barrier.since <= today and (barrier.until is None or barrier.until > today)
    ]
    last = max([barrier.due for barrier in standing]) if standing else today

    def proof() -> Iterator[Proof]:
        return (Proof("barrier", barrier.id, barrier.due, counts=True) for barrier in standing)

    def words() -> tuple[str, str]:
        late = sum(barrier.due < today for barrier in standing)
        have = _joined(
            f"{times(len(standing), 'barrier')} open." if standing else "None is open.",
            f"{late} past its day." if late == 1 else f"{late} past their day." if late else "",
        )
        return have, f"Have the school's leaders close {'it' if len(standing) == 1 else 'them'}, and say what was done."

    return Found(MISSING if standing else MET, words, proof, last if last >= today else None)


def _attendance(one: Attendance, facts: Facts, today: date) -> Found:
    past = {half.id: half.day for half in facts.meetings if half.day <= today}
    dates = frozenset(past)
    came = [len(taker.came & dates) for taker in facts.people]
    enough = len([count for count in came if count >= one.least])
    state = MISSING if not any(came) else MET if enough == len(came) else PARTLY
    furthest = one.least - min(came, default=0)
    ahead = len(facts.meetings) - len(past)
    bookable = max(0, one.of - len(facts.meetings)) if today <= facts.ends else 0
    reachable = furthest <= ahead + bookable

    def words() -> tuple[str, str]:
        if not came:
            nobody = "Nobody of the school is down as a lead participant."
            return nobody, "Name the lead participants in the school's Work Group."
        others = _listed(sorted(count for count in came if count < one.least))
        have = _joined(
            f"{enough} of {times(len(came), 'lead participant')} came to at least {one.least}.",
            f"The others came to {others}." if others else "",
            _stood_in(sum(len(taker.replaced & dates) for taker in facts.people)),
        )
        book = f", of which {furthest - ahead} still to book" if furthest > ahead else ""
        come = f"Whoever missed most needs to come to {times(furthest, 'more meeting')}{book}."
        return have, come if reachable else OUT_OF_REACH

    by = _until(facts, today) if reachable else None
    return Found(state, words, lambda: _at_meetings(facts.people, past), by)


def _listed(counts: Sequence[int]) -> str:
    if not counts:
        return ""
    return " and ".join(map(str, counts)) if len(counts) < 3 else f"{', '.join(map(str, counts[:-1]))} and {counts[-1]}"


def _stood_in(count: int) -> str:
    if not count:
        return ""
    often = {1: "Once", 2: "Twice"}.get(count, f"{count} times")
    return f"{often} somebody came in their place: that counts for the school, not for the person."


def _at_meetings(people: Sequence[Taker], past: dict[uuid.UUID, date]) -> Iterator[Proof]:
    """Each meeting that somebody came to, and those that were only attended in somebody's place."""
    came = frozenset[uuid.UUID]().union(*(taker.came for taker in people))
    instead = frozenset[uuid.UUID]().union(*(taker.replaced for taker in people))
    for event, day in sorted(past.items(), key=lambda item: item[1]):
        if event in came or event in instead:
            yield Proof("event", event, day, counts=event in came)


def _head_first(_one: HeadFirst, facts: Facts, today: date) -> Found:
    if not facts.meetings:
        return Found(MISSING, lambda: ("No meeting is booked.", "Book the first meeting."), tuple, _until(facts, today))
    first = min(facts.meetings, key=_DAY_AND_ID)
    if first.day > today:
        return Found(
            MISSING, lambda: (f"It is on {spoken_date(first.day)}.", "The head comes to it."), tuple, first.day
        )
    came = any(first.id in head.came for head in facts.heads)
    instead = any(first.id in head.replaced for head in facts.heads)

    def words() -> tuple[str, str]:
        have = (
            "The head was there on {}."
            if came
            else "Somebody came in the head's place on {}."
            if instead
            else "Nobody said that the head was there on {}."
        )
        wants = f"If the head was there, say so in the meeting's attendance. {OUT_OF_REACH}"
        return have.format(spoken_date(first.day)), wants

    state = MET if came else PARTLY if instead else MISSING
    return Found(state, words, lambda: [Proof("event", first.id, first.day, counts=came)], None)


def _signed(_one: Signed, facts: Facts, today: date) -> Found:
    signed = [paper for paper in facts.agreements if paper.day and paper.day <= today]
    stands = [paper for paper in signed if not _ended(paper, today)]

    def words() -> tuple[str, str]:
        last = stands[-1].day if stands else None
        none = "It was withdrawn." if signed else "Nobody has signed it yet."
        have = f"Signed on {spoken_date(last)}." if last else none
        return have, "The head signs the agreement, or the office enters one signed on paper."

    def proof() -> Iterator[Proof]:
        return (Proof("agreement", paper.id, paper.day, counts=paper in stands) for paper in signed)

    return Found(MET if stands else MISSING, words, proof, _until(facts, today))


def _ended(paper: Paper, today: date) -> bool:
    return paper.until is not None and paper.until <= today


def _planned(_one: Planned, facts: Facts, today: date) -> Found:
    plan, until = facts.plan, _until(facts, today)
    if plan is None:
        wants = "Write the action plan, and have the head agree it."
        return Found(MISSING, lambda: ("No plan is written for the year.", wants), tuple, until)
    day = plan.day if plan.day and plan.day <= today else None

    def words() -> tuple[str, str]:
        have = f"Agreed on {spoken_date(day)}." if day else "The plan is written. The head has not agreed it."
        return have, "The head agrees it."

    return Found(MET if day else PARTLY, words, lambda: [Proof("plan", plan.id, day, counts=day is not None)], until)


def _reviews(one: Reviews, facts: Facts, today: date) -> Found:
    held = [paper for paper in facts.reviews if paper.day and paper.day <= today]
    left = one.least - len(held)

    def words() -> tuple[str, str]:
        have = f"Reviewed {len(held)} of {times(one.least, 'time')}."
        return have, f"Hold {times(left, 'more review')} with the school's leaders."

    def proof() -> Iterator[Proof]:
        return (Proof("review", paper.id, paper.day, counts=True) for paper in held)

    return Found(MET if left <= 0 else PARTLY if held else MISSING, words, proof, _until(facts, today))


_RULES: dict[str, Callable[[Any, Facts, date], Found]] = {
    Visits.kind: _visits,
    Meetings.kind: _meetings,
    Areas.kind: _areas,
    NoBarrier.kind: _no_barrier,
    Attendance.kind: _attendance,
    HeadFirst.kind: _head_first,
    Signed.kind: _signed,
    Planned.kind: _planned,
    Reviews.kind: _reviews,
}
