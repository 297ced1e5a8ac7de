"""What is owed to somebody by mail: nothing twice, nothing of a date that is over, everything else once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.domain.feeds import FeedEvent, Status
from app.domain.feeds.inviting import Mailed, Method, Now, owed, words
from app.domain.meetings.answers import NOBODY, StandIn, check, told
from app.kit.errors import BadInputError
from app.render.feeds import Asked, request, withdrawal

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
STANDS = Now(3, "confirmed", NOW + timedelta(days=3), has_place=True, email="ann@school.example")
ASKED = Mailed("ann@school.example", 3)
EVENT = FeedEvent(
    uid="1@halfterm",
    sequence=3,
    last_modified=NOW,
    starts=NOW + timedelta(days=3),
    ends=NOW + timedelta(days=3, hours=2),
    summary="Work Group",
    status=Status.CONFIRMED,
)


@pytest.mark.parametrize(
    ("mailed", "stands", "sends"),
    [
        (Mailed(), STANDS, [("REQUEST", "ann@school.example")]),
        (ASKED, STANDS, []),
        (replace(ASKED, sequence=2), STANDS, [("REQUEST", "ann@school.example")]),
        (ASKED, replace(STANDS, email="ANN@school.example"), []),
        (
            ASKED,
            replace(STANDS, email="ann@new.example"),
            [("CANCEL", "ann@school.example"), ("REQUEST", "ann@new.example")],
        ),
        (ASKED, replace(STANDS, status="cancelled", sequence=4), [("CANCEL", "ann@school.example")]),
        (ASKED, replace(STANDS, has_place=False), [("CANCEL", "ann@school.example")]),
        (replace(ASKED, withdrawn=True), replace(STANDS, has_place=False), []),
        (replace(ASKED, withdrawn=True), STANDS, [("REQUEST", "ann@school.example")]),
        (Mailed(), replace(STANDS, status="cancelled"), []),
        (Mailed(), replace(STANDS, status="tentative"), []),
        (Mailed(), replace(STANDS, ends=NOW), []),
        (Mailed(), replace(STANDS, email=""), []),
    ],
)
def test_what_is_owed(mailed: Mailed, stands: Now, sends: list[tuple[str, str]]) -> None:
    assert [(method.value, to) for method, to in owed(mailed, stands, NOW)] == sends


@given(st.sampled_from(["confirmed", "cancelled", "held"]), st.booleans(), st.integers(0, 5))
def test_once_it_was_mailed_nothing_is_owed_until_something_changes(
    status: str, has_place: bool, sequence: int
) -> None:
    stands = replace(STANDS, status=status, has_place=has_place, sequence=sequence)
    mailed = ASKED
    for method, to in owed(mailed, stands, NOW):
        mailed = Mailed(to, sequence) if method is Method.REQUEST else replace(mailed, withdrawn=True)
    assert owed(mailed, stands, NOW) == ()


@given(st.text(max_size=80))
def test_any_name_is_one_parameter_and_comes_back_whole(name: str) -> None:
    body = request(EVENT, Asked("Hub", "hub@hub.example", name, "ann@school.example"), NOW)
    guest = Calendar.from_ical(body).walk("VEVENT")[0]["ATTENDEE"]
    assert guest == "mailto:ann@school.example"
    assert guest.params["PARTSTAT"] == "NEEDS-ACTION"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_taking_back_one_place_leaves_the_event_standing() -> None:
    asked = Asked("Hub", "hub@hub.example", "Ann", "ann@school.example")
    assert b"STATUS" not in withdrawal(EVENT, asked, NOW)
    assert b"STATUS:CANCELLED" in withdrawal(replace(EVENT, status=Status.CANCELLED), asked, NOW)


def test_the_mail_says_what_stands() -> None:
    said = words(EVENT, Method.REQUEST, ASKED, STANDS, "yes", "")
    assert said.subject.startswith("Changed: Work Group, Tuesday 24 November 2026")
    assert "Your answer stays yes." in said.text
    first = words(EVENT, Method.REQUEST, Mailed(), STANDS, "", "")
    assert first.subject.startswith("Will you come? Work Group")
    assert "{answer}" in first.text


@pytest.mark.parametrize(
    ("answer", "stand_in"),
    [("perhaps", NOBODY), ("yes", StandIn(None, "Cy", "cy@x.example")), ("no", StandIn(None, "", "cy@x.example"))],
)
def test_what_cannot_be_an_answer_is_refused(answer: str, stand_in: StandIn) -> None:
    with pytest.raises(BadInputError):
        check(answer, "", stand_in)


def test_the_trail_never_holds_the_reason() -> None:
    assert told("no", gave_reason=True, stand_in="Cy") == {"answer": "No", "gave a reason": True, "stand-in": "Cy"}
