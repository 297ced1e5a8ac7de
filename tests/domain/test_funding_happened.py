"""Who was freed, how far it was, and what evidence is called."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.funding.evidence import Evidence, named, planned, read
from app.domain.funding.facts import Attended, Led
from app.domain.funding.happened import frees_somebody
from app.domain.funding.ledger import lines
from app.domain.funding.rates import USUAL, Amount, RateCard
from app.domain.funding.travelling import read_miles, spoken_miles, there_and_back
from app.pages.funding.evidence import evidence_href, evidence_links, evidence_words


@pytest.mark.parametrize(
    ("starts", "freed"),
    [
        (datetime(2026, 11, 12, 9, 15, tzinfo=UTC), True),
        (datetime(2026, 11, 12, 15, 29, tzinfo=UTC), True),
        (datetime(2026, 11, 12, 15, 30, tzinfo=UTC), False),
        (datetime(2026, 6, 11, 14, 30, tzinfo=UTC), False),  # half past three in summer
        (datetime(2026, 11, 14, 10, 0, tzinfo=UTC), False),  # a Saturday
    ],
)
def test_whoever_comes_in_school_time_is_freed_from_class(starts: datetime, *, freed: bool) -> None:
    assert frees_somebody(starts) is freed


def test_miles_come_back_as_they_were_typed() -> None:
    for tenths in range(1, 6_001):
        said = str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
        assert spoken_miles(read_miles(said)) == said
    assert read_miles(" 12.4 Miles ") == 19_956
    assert there_and_back((0, 0), (3_000, 4_000)) == 6


@pytest.mark.parametrize("text", ["", "-3", "1,000", "12.44", "£3", "601", "a mile"])
def test_what_is_no_distance_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="Enter"):
        read_miles(text)


def test_evidence_leads_to_the_page_that_shows_it() -> None:
    assert evidence_href("MOOR", named("attendance", "E", "P")) == "/hubs/MOOR/events/E/attendance"
    assert evidence_href("MOOR", named("travel", "E", "P")) == "/hubs/MOOR/events/E/travel"
    assert evidence_href("MOOR", named("travel", "E", "P"), office=False) == "/hubs/MOOR/events/E"
    assert evidence_href("MOOR", planned(named("agreement", "dev", 900001))) == ""
    assert evidence_href("MOOR", "last year's sheet, row 3") == ""
    assert evidence_words(planned(named("event", "E"))) == "The meeting or visit, as planned"
    assert read("plan/event/E") == Evidence("event", ("E",), planned=True)
    assert read("event/") is None
    links = evidence_links("MOOR", ("attendance/E/1", "attendance/E/2", "agreement/A"))
    assert [one.words for one in links] == ["Who came", "The agreement"]


def test_whose_school_nobody_knows_is_told_and_earns_nothing() -> None:
    paid = [replace(one, conditions=(), amounts=(Amount(date(2026, 9, 1), 5_000),)) for one in USUAL]
    card = RateCard("MOOR", 2026, 1, tuple(paid))
    day = date(2026, 11, 12)
    led = Led(id="event/1", day=day, urn=0, programme="development", event="1", person="p")
    came = Attended(id="attendance/1/q", day=day, urn=0, programme="development", event="1", person="q")
    found = lines(card, [led, came])
    assert not found.lines
    assert {one.evidence: one.because for one in found.unearned} == {
        ("event/1",): "Whoever went has no school of their own: give them one on their page.",
        ("attendance/1/q",): "The school that they came from is not known: say in the Work Group where they teach.",
    }
