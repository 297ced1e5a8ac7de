import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.meetings.handing_over import Ahead, Chosen, Pick, Taker, seen, settle

THURSDAY = date(2026, 11, 26)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("am", "pm"))


def ahead(hour: int = 9, *, certain: bool = True, teacher: uuid.UUID | None = None, thing: str = "group-1") -> Ahead:
    starts = datetime(2026, 11, 26, hour, tzinfo=UTC)
    return Ahead(uuid.uuid4(), thing, "Meeting", THURSDAY, "am", starts, starts + timedelta(hours=3), certain, teacher)


def taker(**given: object) -> Taker:
    return Taker(**{"id": uuid.uuid4(), "name": "Ada", "works": WEEK, **given})  # type: ignore[arg-type]


def test_a_date_goes_to_whoever_takes_its_thing_and_stays_where_nobody_does() -> None:
    ada, one, other = taker(), ahead(), ahead(13, thing="single-visit")
    done = settle([one, other], {ada.id: ada}, Chosen(things={"group-1": ada.id}))
    assert [going.ahead for going in done.going] == [one]
    assert done.staying == (other,)
    assert settle([one, other], {ada.id: ada}, Chosen(ada.id, {"single-visit": None})).staying == (other,)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"works": {"mon": ("am",)}}, "Ada does not work on Thursday mornings."),
        ({"away": frozenset({THURSDAY})}, "Ada is away on Thursday 26 November 2026."),
    ],
)
def test_a_day_off_waits_for_a_word_and_can_be_waved_through(given: dict[str, object], says: str) -> None:
    ada, one = taker(**given), ahead()
    asked = settle([one], {ada.id: ada}, Chosen(ada.id)).unsettled
    assert [clash.clash.because for clash in asked] == [says]
    said = Chosen(ada.id, dates={one.id: Pick(ada.id, all_the_same=True)})
    assert not settle([one], {ada.id: ada}, said).unsettled


def test_a_double_booking_is_never_waved_through() -> None:
    one = ahead()
    ada = taker(taken=((uuid.uuid4(), one.starts + timedelta(hours=2), one.ends),))
    said = Chosen(ada.id, dates={one.id: Pick(ada.id, all_the_same=True)})
    assert settle([one], {ada.id: ada}, said).unsettled[0].clash.hard


def test_many_are_settled_by_one_word_and_a_word_on_one_date_outweighs_it() -> None:
    one, other, off = ahead(), ahead(13), ahead(17)
    busy = tuple((uuid.uuid4(), date_.starts, date_.ends) for date_ in (one, other))
    ada = taker(taken=busy, works={})
    said = Chosen(ada.id, dates={other.id: Pick(ada.id)}, all_the_same=True, leave_taken=True)
    done = settle([one, other, off], {ada.id: ada}, said)
    assert (done.staying, [going.ahead for going in done.going]) == ((one,), [off])
    assert [asked.ahead for asked in done.unsettled] == [other]


def test_a_place_at_the_same_date_and_one_that_only_touches_it_stand_against_nothing() -> None:
    one = ahead()
    ada = taker(taken=((one.id, one.starts, one.ends), (uuid.uuid4(), one.ends, one.ends + timedelta(hours=1))))
    assert settle([one], {ada.id: ada}, Chosen(ada.id)).going


def test_two_dates_at_once_do_not_both_go_to_one_person() -> None:
    ada, one, other = taker(), ahead(), ahead(10)
    done = settle([one, other], {ada.id: ada}, Chosen(ada.id))
    assert (len(done.going), len(done.unsettled)) == (1, 1)


def test_nobody_watches_their_own_lesson() -> None:
    ada = taker()
    assert settle([ahead(teacher=ada.id)], {ada.id: ada}, Chosen(ada.id)).unsettled[0].clash.hard


def test_what_was_on_the_page_differs_once_a_date_moves() -> None:
    one = ahead()
    assert seen([one]) != seen([ahead()])
    assert seen([one]) == seen([one])
