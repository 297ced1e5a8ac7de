"""Who came: what stands of several sayings, what a form may overwrite, two absences in a row, and codes that change."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meetings import check_in
from app.domain.meetings.attendance import (
    Said,
    State,
    Wish,
    absences_in_a_row,
    hours,
    is_late,
    newest,
    settle,
    standing,
)
from app.domain.meetings.attendance_form import Known, Line, part_of, read_form
from app.kit.typed import typed

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
ANN, BEN, HUB, EVENT = (uuid.UUID(int=n) for n in range(1, 5))
SECRET = b"of the tests"
STATES = ["", *State]


@dataclass(frozen=True)
class Morning:
    """9.15am to noon."""

    starts_at: datetime = datetime(2026, 11, 26, 9, 15, tzinfo=UTC)
    ends_at: datetime = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def said(number: int, state: str, guest: uuid.UUID = ANN, *, minute: int = 0, **more: object) -> Said:
    at = NOW + timedelta(minutes=minute)
    values = {"hub_id": HUB, "event_id": EVENT, "person_id": guest, "said_at": at, "at": at, **more}
    return Said(op_id=uuid.UUID(int=1000 + number), guest_id=guest, state=state, number=number, **values)  # type: ignore[arg-type]


def wish(state: str, seen: int, guest: uuid.UUID = ANN, **more: object) -> Wish:
    return Wish(guest_id=guest, person_id=guest, seen=seen, state=state, **more)  # type: ignore[arg-type]


def test_the_newest_by_the_clock_counts_and_of_one_instant_the_later_number() -> None:
    late = said(1, State.PRESENT, minute=5)
    assert standing([late, said(2, State.ABSENT)]) == {ANN: late}
    assert standing([said(1, State.PRESENT), said(2, State.ABSENT)])[ANN].state == State.ABSENT


def test_what_is_taken_back_does_not_stand() -> None:
    ops = [said(1, State.PRESENT), said(2, "", minute=1)]
    assert standing(ops) == {}
    assert newest(ops)[ANN].number == 2


@given(st.permutations([said(n, STATES[n % 6], (ANN, BEN)[n % 2], minute=n % 3) for n in range(1, 9)]))
def test_what_stands_does_not_depend_on_the_order_of_reading(ops: list[Said]) -> None:
    assert newest(ops) == newest(sorted(ops, key=lambda op: op.number))


def test_a_form_keeps_what_it_changed() -> None:
    decided = settle([said(1, State.PRESENT)], [wish(State.ABSENT, 1, because="Ill"), wish(State.PRESENT, 0, BEN)])
    assert [one.state for one in decided.kept] == [State.ABSENT, State.PRESENT]
    assert not decided.clashes


def test_what_a_form_did_not_touch_stays_as_others_left_it() -> None:
    ops = [said(1, State.PRESENT), said(2, State.ABSENT, minute=1)]
    assert settle(ops, [wish(State.PRESENT, 1)]).kept == ()
    assert settle(ops, [wish(State.PRESENT, 1)]).clashes == ()


def test_where_two_differ_the_later_form_is_told() -> None:
    ops = [said(1, State.PRESENT, minute=1)]
    decided = settle(ops, [wish(State.ABSENT, 0), wish(State.PRESENT, 0, BEN)])
    assert [one.guest_id for one in decided.kept] == [BEN]
    assert [(one.state, op.number) for one, op in decided.clashes] == [(State.ABSENT, 1)]


def test_two_who_say_the_same_do_not_differ() -> None:
    decided = settle([said(1, State.PRESENT, minute=1)], [wish(State.PRESENT, 0)])
    assert not decided.kept
    assert not decided.clashes


def test_a_change_is_late_after_seven_days_or_once_certified() -> None:
    event = Morning()
    assert not is_late(event, event.ends_at + timedelta(days=7), certified=False)
    assert is_late(event, event.ends_at + timedelta(days=7, seconds=1), certified=False)
    assert is_late(event, event.ends_at, certified=True)
    assert hours(event) == 165


def slowly_in_a_row(states: list[str]) -> int:
    """Every run at the end, tried one by one."""
    known = [state for state in states if state]
    runs = [n for n in range(len(known) + 1) if all(state == "absent" for state in known[len(known) - n :])]
    return max(runs)


@given(st.lists(st.sampled_from(STATES), max_size=12))
def test_absences_in_a_row_are_those_since_they_last_came(states: list[str]) -> None:
    assert absences_in_a_row(states) == slowly_in_a_row(states)


def test_a_stand_in_is_no_absence_and_unsaid_meetings_are_left_aside() -> None:
    assert absences_in_a_row(["absent", "", "absent", ""]) == 2
    assert absences_in_a_row(["absent", "stand_in", "absent"]) == 1
    assert absences_in_a_row(["absent", "absent", "part"]) == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90", 90), ("45 min", 45), ("9.30-11", 90), ("from 9:15am to 10am", 45), ("8.00 to 10.00", 45)],
)
def test_part_of_an_event_is_written_as_people_write_it(text: str, minutes: int) -> None:
    assert part_of(text, Morning()) == minutes


@pytest.mark.parametrize("text", ["", "a while", "166", "0", "11-10", "13.00 to 14.00", "25.00-26.00"])
def test_what_is_no_part_of_the_event_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"Say how"):
        part_of(text, Morning())


def test_everyone_is_here_fills_the_rest_and_nothing_else() -> None:
    cal = uuid.UUID(int=9)
    sent = [("everyone", "yes"), (f"state-{ANN}", ""), (f"seen-{ANN}", "0"), (f"state-{BEN}", "absent")]
    sent += [(f"seen-{BEN}", "0"), (f"state-{cal}", ""), (f"seen-{cal}", "4")]
    lines = [Line(ANN), Line(BEN), Line(cal, stands=True)]
    wishes, faults = read_form(typed(sent), lines, Known(), Morning())
    assert [one.state for one in wishes] == ["present", "absent", ""]
    assert not faults


def test_a_stand_in_is_somebody_of_the_hub_or_a_name() -> None:
    sent = [(f"state-{guest}", "stand_in") for guest in (ANN, BEN)]
    sent += [(f"stand_in-{ANN}", "Dee  Dew"), (f"stand_in-{BEN}", "Ed Elm")]
    known = Known(people={"dee dew": uuid.UUID(int=7)})
    wishes, _ = read_form(typed(sent), [Line(ANN), Line(BEN)], known, Morning())
    assert [(one.person_id, one.name) for one in wishes] == [(uuid.UUID(int=7), ""), (None, "Ed Elm")]
    _, faults = read_form(typed([(f"state-{ANN}", "stand_in")]), [Line(ANN)], known, Morning())
    assert faults[0].path == f"stand_in-{ANN}"


def test_a_code_is_taken_for_its_half_minute_and_the_next() -> None:
    step = check_in.step_of(NOW)
    code = check_in.digits(SECRET, EVENT, step)
    assert check_in.is_right(SECRET, EVENT, code, NOW)
    assert check_in.is_right(SECRET, EVENT, code, NOW + timedelta(seconds=59))
    assert not check_in.is_right(SECRET, EVENT, code, NOW + timedelta(seconds=60))
    assert check_in.digits(b"another server", EVENT, step) != code


def test_what_the_picture_leads_to_opens_its_event_for_as_long_and_a_pass_for_ten_minutes() -> None:
    token = check_in.token(SECRET, HUB, EVENT, check_in.step_of(NOW))
    key = check_in.open_with(SECRET, token, NOW + timedelta(seconds=59))
    assert key is not None
    assert (key.hub_id, key.event_id) == (HUB, EVENT)
    assert check_in.open_with(SECRET, token, NOW + timedelta(seconds=60)) is None
    given_at = NOW + timedelta(seconds=59)
    again = check_in.open_with(SECRET, key.pass_, given_at + timedelta(minutes=10))
    assert again == replace(key), "looking again gives no longer pass"
    assert check_in.open_with(SECRET, key.pass_, given_at + timedelta(minutes=10, seconds=1)) is None


@given(st.text(max_size=90))
def test_nonsense_opens_nothing(text: str) -> None:
    assert check_in.open_with(SECRET, text, NOW) is None


def test_nobody_makes_a_pass_of_another_time() -> None:
    key = check_in.open_with(SECRET, check_in.token(SECRET, HUB, EVENT, check_in.step_of(NOW)), NOW)
    assert key is not None
    _, _, link = key.pass_.partition(".")
    later = NOW + timedelta(hours=1)
    assert check_in.open_with(SECRET, f"{int(later.timestamp()):x}.{link}", later) is None


@pytest.mark.parametrize("text", ["KMTR 4821", "kmtr4821", " kmtr-4821 ", "KMTR.48 21"])
def test_a_code_is_read_however_it_is_spaced(text: str) -> None:
    assert check_in.read_code(text) == ("KMTR", "4821")


def test_what_is_no_code_is_not_read() -> None:
    assert [check_in.read_code(text) for text in ("", "KMTR", "4821", "KMTR48211", "KMT4821")] == [None] * 5
