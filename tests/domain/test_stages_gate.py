"""What the gate says of a school, in the words that a lead reads."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from app.domain.stages.criteria import Areas, Attendance, CriteriaOf, Criterion, HeadFirst, NoBarrier, Planned, Visits
from app.domain.stages.facts import Facts, Half, InTheWay, Paper, Seen, Taker
from app.domain.stages.gate import Standing, Verdict
from app.domain.stages.judging import judge, months_before

TODAY, ENDS = date(2027, 3, 1), date(2027, 7, 21)
NOTHING = Facts(ends=ENDS)


def one(criterion: Criterion, facts: Facts, today: date = TODAY) -> Verdict:
    return judge(CriteriaOf("readiness", 1, (criterion,)), facts, today)[0]


def half(day: date, *, shown: bool = True, status: str = "held", earlier: int = 0) -> Half:
    return Half(uuid.uuid4(), day, status, shown, tuple(uuid.uuid4() for _ in range(earlier)))


def seen(area: str, level: str, day: date, *, stands: bool = True) -> Seen:
    return Seen(uuid.uuid4(), uuid.uuid4(), area, level, day, stands)


def test_a_visit_without_its_record_counts_as_partly_and_says_so() -> None:
    said = one(Visits(2), replace(NOTHING, visits=(half(date(2026, 10, 1), shown=False), half(date(2027, 5, 3)))))
    assert said.state is Standing.PARTLY
    assert (
        said.have == "0 of 2 visits held with a record. 1 visit held, its record is not written. 1 visit booked ahead."
    )
    assert said.wants == ("Have 1 record written and submitted. Hold 1 more visit, and have each record submitted.")
    assert said.by == ENDS
    assert [proof.counts for proof in said.proof] == [False]


def test_superseded_evidence_is_said_in_words() -> None:
    said = one(Visits(1), replace(NOTHING, visits=(half(date(2026, 10, 1), shown=False, earlier=1),)))
    assert "1 finding of an earlier version of a record no longer counts" in said.have
    areas = one(Areas(1, "developing", 12), replace(NOTHING, seen=(seen("vision", "enhancing", TODAY, stands=False),)))
    assert areas.state is Standing.MISSING
    assert "no longer counts" in areas.have
    assert [proof.counts for proof in areas.proof] == [False]


def test_areas_expire_and_the_newest_review_decides() -> None:
    old = [seen(area, "establishing", date(2026, 1, 15)) for area in ("vision", "mindsets")]
    said = one(Areas(2, "establishing", 12), replace(NOTHING, seen=tuple(old)))
    assert said.state is Standing.EXPIRED
    assert "2 areas were reviewed too long ago." in said.have
    lower = replace(NOTHING, seen=(*old, seen("vision", "focusing", date(2027, 2, 1))))
    later = one(Areas(2, "establishing", 24), lower)
    assert later.state is Standing.PARTLY
    assert "Below: Vision and shared culture (Focusing)." in later.have


def test_a_stand_in_counts_for_the_school_and_not_for_the_person() -> None:
    meetings = tuple(half(date(2026, month, 10)) for month in (9, 10, 11, 12))
    keys = [meeting.id for meeting in meetings]
    people = (
        Taker(uuid.uuid4(), frozenset(keys)),
        Taker(uuid.uuid4(), frozenset(keys[:2]), frozenset({keys[2]})),
    )
    said = one(Attendance(3, 5), replace(NOTHING, meetings=meetings, people=people))
    assert said.state is Standing.PARTLY
    assert said.have == (
        "1 of 2 lead participants came to at least 3. The others came to 2. "
        "Once somebody came in their place: that counts for the school, not for the person."
    )
    assert said.wants == "Whoever missed most needs to come to 1 more meeting, of which 1 still to book."
    over = one(Attendance(3, 4), replace(NOTHING, meetings=meetings, people=people))
    assert (over.wants, over.by) == ("It can no longer be met in this year: a move would need a because.", None)


def test_the_head_at_a_first_meeting_that_is_ahead_has_until_then() -> None:
    first = half(date(2027, 4, 20), status="confirmed")
    said = one(HeadFirst(), replace(NOTHING, meetings=(first, half(date(2027, 5, 20)))))
    assert (said.state, said.by) == (Standing.MISSING, date(2027, 4, 20))


def test_an_open_barrier_stands_until_the_day_it_is_closed() -> None:
    barrier = InTheWay(uuid.uuid4(), "medium", date(2027, 2, 1), date(2026, 9, 1), date(2027, 3, 2))
    facts = replace(NOTHING, barriers=(barrier,))
    assert one(NoBarrier("high"), facts).state is Standing.MET
    said = one(NoBarrier("medium"), facts)
    assert (said.have, said.by) == ("1 barrier open. 1 past its day.", None)
    assert one(NoBarrier("medium"), facts, date(2027, 3, 2)).state is Standing.MET


def test_a_plan_that_nobody_agreed_is_partly_there() -> None:
    assert one(Planned(), replace(NOTHING, plan=Paper(uuid.uuid4(), None))).state is Standing.PARTLY
    assert one(Planned(), replace(NOTHING, plan=Paper(uuid.uuid4(), TODAY))).state is Standing.MET


def test_once_the_year_is_over_nothing_is_asked_by_a_day() -> None:
    said = one(Visits(1), NOTHING, date(2027, 8, 1))
    assert (said.wants, said.by) == ("It can no longer be met in this year: a move would need a because.", None)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 15), 12, date(2026, 1, 15)),
        (date(2027, 1, 15), 1, date(2026, 12, 15)),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
