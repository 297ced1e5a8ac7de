"""Answers by mail are read as each program writes them; nothing that comes in stops the reading."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.feeds.replies import Reply, UnreadableError, comment_of, read_reply
from app.domain.mail.incoming import Arrived, read, signature_of
from tests.feeds.answers import CLIENTS, Told, away, broken, report

ANN = Told("0194fdc2@halfterm", "ann@school.example")


def reply_in(came: Arrived) -> Reply | None:
    for part in came.calendars:
        if reply := read_reply(part.text, part.method):
            return reply
    return None


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_an_answer_is_read_as_each_program_writes_it(client: str, said: str) -> None:
    told = Told(ANN.uid, ANN.who, said, 3, because="Training that day")
    came = read(CLIENTS[client](told))
    reply = reply_in(came)
    assert reply is not None
    guest = reply.guest(came.sender)
    assert (reply.uid, reply.sequence, guest.email, guest.partstat) == (ANN.uid, 3, ANN.who, said)
    assert reply.stamp == datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
    assert comment_of(reply, guest) == "Training that day"
    assert came.sender == ANN.who


def test_words_in_other_alphabets_than_ours_are_read() -> None:
    assert read(CLIENTS["Outlook"](ANN)).subject == "Accepted: Work Group \u2013 café"


def test_who_is_sent_in_somebodys_place_is_read() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:bo@school.example":mailto:ann@school.example\r\n'
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bo@school.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    reply = read_reply(text)
    assert reply is not None
    assert reply.guest("ann@school.example").delegated_to == "bo@school.example"


def test_another_time_proposed_is_for_a_person() -> None:
    with pytest.raises(UnreadableError, match="another time"):
        read_reply("BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR")


def test_our_own_invitation_come_back_is_no_answer() -> None:
    assert read_reply("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR") is None


def test_none_of_ten_broken_answers_is_taken_for_one() -> None:
    for wrong, raw in broken(ANN).items():
        came = read(raw)
        try:
            reply = reply_in(came)
            known = reply is not None and reply.uid == ANN.uid and reply.guest(came.sender).email == ANN.who
        except UnreadableError:
            known = False
        assert not known, wrong


def test_a_report_of_what_was_not_delivered_names_the_message() -> None:
    came = read(report("<1@hub.example>", "ann@school.example"))
    (bounce,) = came.bounces
    assert (bounce.to, bounce.for_good, bounce.message_id) == ("ann@school.example", True, "<1@hub.example>")
    assert bounce.because == "550 5.1.1 No such person"


def test_somebody_on_holiday_answers_by_a_machine() -> None:
    assert read(away(ANN.who)).is_automatic
    assert not read(CLIENTS["Apple"](ANN)).is_automatic


def test_a_forwarded_answer_is_somebody_elses() -> None:
    inside = CLIENTS["Google"](ANN)
    raw = b"From: bo@school.example\r\nContent-Type: message/rfc822\r\n\r\n" + inside
    assert read(raw).calendars == ()


@given(st.binary(max_size=600))
def test_nothing_that_comes_in_stops_the_reading(raw: bytes) -> None:
    read(raw)


@given(st.sampled_from(list(CLIENTS)), st.integers(0, 2500), st.binary(max_size=4))
def test_a_damaged_answer_is_read_or_refused(client: str, at: int, damage: bytes) -> None:
    whole = CLIENTS[client](ANN)
    came = read(whole[:at] + damage + whole[at + len(damage) :])
    assert "\x00" not in came.subject + came.text + came.sender
    for part in came.calendars:
        with suppress(UnreadableError):
            read_reply(part.text, part.method)


def test_a_signature_covers_the_time_and_the_message() -> None:
    assert signature_of("s", 1, b"a") == signature_of("s", 1, b"a")
    assert len({signature_of("s", 1, b"a"), signature_of("s", 2, b"a"), signature_of("t", 1, b"a")}) == 3
