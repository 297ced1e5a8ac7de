"""The year around a date in hand: what stays, what is left out, what a move costs in words, and wishes in addresses."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.schedule import wishes
from app.domain.schedule.bars import Bar
from app.domain.schedule.by_hand import in_hand, refuse
from app.domain.schedule.by_hand_words import HARDLY, costs
from app.domain.schedule.facts import GroupFacts, PersonFacts, PlacedFacts, SchoolFacts, SeriesFacts, YearFacts
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.wishes import Wish
from app.kit.errors import BadInputError, ConflictError
from app.kit.periods import Span
from app.solver.schedule.repair import Repair

WEEK = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
TERMS = tuple(
    Span(date.fromisoformat(first), date.fromisoformat(last))
    for first, last in (
        ("2026-09-03", "2026-10-23"),
        ("2026-11-02", "2026-12-18"),
        ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"),
        ("2027-04-12", "2027-05-28"),
        ("2027-06-07", "2027-07-21"),
    )
)
TODAY = date(2026, 11, 2)
FIRST, SECOND, THIRD = date(2026, 11, 19), date(2026, 11, 26), date(2026, 12, 3)


def a_school(urn: int, **other: object) -> SchoolFacts:
    own = {"closed": frozenset[date](), "busy": frozenset[date](), "maths": WEEK, "hosts": True}
    known = SchoolFacts(urn, f"School {urn}", (1000 * urn, 0), TERMS, hosted_before=0, rather_not_host=(), **own)  # type: ignore[arg-type]
    return replace(known, **other)  # type: ignore[arg-type]


def a_person(key: str, **other: object) -> PersonFacts:
    return replace(PersonFacts(key, key.title(), (0, 0), WEEK, frozenset()), **other)  # type: ignore[arg-type]


def a_group(key: str, urn: int, person: str) -> GroupFacts:
    return GroupFacts(key, key.upper(), "lead", (1,), 14, (0, 0, 0, 0, 0), None, ((urn, (person,)),), ())


def two_groups(**other: object) -> YearFacts:
    """Two groups of one leader, who works on Thursdays; the first cannot be on the third of the days that are left."""
    left = {FIRST, SECOND, THIRD}
    days = {TERMS[1].first + timedelta(n) for n in range(47)}
    known = YearFacts(
        year=2026,
        closures=frozenset(days - left),
        meetings_per_day=None,
        weights={},
        schools=(a_school(1, closed=frozenset({THIRD})), a_school(2)),
        people=(a_person("lead", works={"thu": ["am"]}), a_person("ann"), a_person("bob")),
        groups=(a_group("g1", 1, "ann"), a_group("g2", 2, "bob")),
        series=(),
        placed=(PlacedFacts("g1/1", FIRST, "am", 1, pinned=False), PlacedFacts("g2/1", SECOND, "am", 2, pinned=False)),
        today=TODAY,
    )
    return replace(known, **other)  # type: ignore[arg-type]


def test_another_date_makes_way_and_says_for_whom() -> None:
    hand = in_hand(two_groups(), ["g1/1"])
    ways = Repair(hand.problem, {"g1/1": frozenset({FIRST})}).ways().replacements
    assert [(move.event, move.now.date) for move in ways[0].moves] in (
        [("g1/1", SECOND), ("g2/1", FIRST)],
        [("g1/1", SECOND), ("g2/1", THIRD)],
    )
    said = hand.spoken(ways[0].moves[1].because)
    assert said.startswith(
        "It makes way for the meeting of G1 in Autumn 2. Lead has the meeting of G2 in Autumn 2 that"
    )
    refuse(hand, [move.now for move in ways[0].moves])


@pytest.mark.parametrize("today", [SECOND - timedelta(7), SECOND - timedelta(8)])
def test_what_lies_within_a_week_makes_way_for_nothing(today: date) -> None:
    hand = in_hand(two_groups(today=today), ["g1/1"])
    found = Repair(hand.problem, {"g1/1": frozenset({FIRST, today})}).ways()
    assert bool(found.replacements) == (today < SECOND - timedelta(7))


def test_a_pinned_date_makes_way_for_nothing() -> None:
    placed = tuple(replace(each, pinned=each.key == "g2/1") for each in two_groups().placed)
    hand = in_hand(two_groups(placed=placed), ["g1/1"])
    assert not Repair(hand.problem, {"g1/1": frozenset({FIRST})}).ways().replacements


def test_what_has_no_date_or_breaks_a_rule_already_is_no_matter() -> None:
    series = SeriesFacts("v1", 2, "lead", ("bob",), (1, 2), 14)
    late = PlacedFacts("v1/2", date(2027, 1, 6), "am", None, pinned=False)  # on a Wednesday
    hand = in_hand(two_groups(series=(series,), placed=(*two_groups().placed, late)), ["g1/1"])
    assert set(hand.problem.event_names) == {"g1/1", "g2/1", "v1/2"}
    assert "v1/2" in hand.problem.held
    with pytest.raises(ConflictError, match="no part of the year"):
        in_hand(two_groups(), ["g3/1"])


def test_a_rule_is_said_when_a_place_is_refused() -> None:
    hand = in_hand(two_groups(), ["g1/1"])
    with pytest.raises(ConflictError, match=r"G1, Autumn 2 cannot move there\. School 1 is closed that day"):
        refuse(hand, [PlacedEvent("g1/1", THIRD, "am", "s1")])


def test_who_could_not_come_is_said_by_name_and_nothing_is_said_to_be_nothing() -> None:
    people = (*two_groups().people[:2], a_person("bob", away=frozenset({FIRST})), a_person("cat"))
    both = replace(a_group("g2", 2, "bob"), members=((2, ("bob", "cat")),))
    hand = in_hand(two_groups(people=people, groups=(two_groups().groups[0], both)), ["g2/1"])
    there = PlacedEvent("g2/1", FIRST, "am", "s2")
    assert costs(hand, hand.differences(there)) == ("Bob could not come.",)
    assert costs(hand, hand.differences(hand.board.placed["g2/1"])) == (HARDLY,)


def test_dates_of_others_are_not_named_to_whoever_may_not_see_them() -> None:
    hand = in_hand(two_groups(), ["g1/1"])
    full = Bar("R10", "cap", "", ("g2/1",))
    assert "the meeting of G2" in hand.why_not("g1/1", full)
    assert hand.why_not("g1/1", full, {"g1/1"}) == "The hub has as many meetings as it allows on that day."


def test_wishes_come_back_out_of_an_address() -> None:
    two = tuple(Wish(uuid.UUID(int=n), n, date(2026, 12, n), "am", 100 + n) for n in (1, 2))
    assert wishes.read(wishes.written(two)) == two


@pytest.mark.parametrize("text", ["", "x", "_", f"{'0' * 32}.1.20261399.am.1", f"{'0' * 32}.1.20261201.noon.1"])
def test_what_no_page_wrote_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        wishes.read(text)
