"""What leaves a hub, where it may go, how it is signed, and how long it is tried."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.hubs.webhooks import (
    KINDS,
    PATIENCE,
    Happening,
    address_fault,
    all_may_be_called,
    happening,
    ids_and_counts,
    next_wait,
    signed,
)
from app.kit.ids import new_id

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ID = str(new_id())


@pytest.mark.parametrize(
    ("did", "facts", "kind"),
    [
        ("Accepted", {"proposal": ID, "create": 3}, "plan.accepted"),
        ("Cancelled", {"event": ID}, "event.cancelled"),
        ("Agreed", {"event": ID, "version": 2}, "record.agreed"),
        ("Submitted", {"event": ID, "version": 2}, None),
        ("Left", {"person": ID}, "person.left"),
        ("Added", {"group": ID, "urn": 900001}, "group.changed"),
        ("Added", {"urn": 900001, "name": "Fair"}, None),
        ("Changed", {"before": {}}, None),
        ("Made", {"kinds": ["person.left"]}, None),
    ],
)
def test_a_deed_is_told_by_what_it_was_done_to(did: str, facts: dict[str, object], kind: str | None) -> None:
    assert happening(did, facts) == kind
    assert kind is None or kind in KINDS


def test_names_texts_and_lists_stay_here() -> None:
    facts = {
        "event": ID,
        "urn": 900001,
        "name": "Ada Fern",
        "before": {"name": "Ada"},
        "roles": ["board"],
        "late": True,
    }
    assert ids_and_counts(facts) == {"event": ID, "urn": 900001}


def test_a_signature_is_over_the_time_and_the_very_body() -> None:
    body = Happening(new_id(), "test", "SW", NOW, {"urn": 1}).body
    expected = hmac.new(b"whsec_x", b"1763719200." + body.encode(), hashlib.sha256).hexdigest()
    assert signed("whsec_x", 1763719200, body) == f"v1={expected}"
    assert '"at":"2026-11-21T10:00:00Z"' in body


@pytest.mark.parametrize(
    "address",
    [
        "http://office.example/in",
        "https://user:word@office.example/in",
        "https://office.example/in#part",
        "https://127.0.0.1/in",
        "https://10.1.2.3/in",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/in",
        "https://[fd00::1]/in",
        "https://[::ffff:10.0.0.1]/in",
        "https://[64:ff9b::a00:1]/in",
        "https://[2002:a00:1::1]/in",
        "https://0.0.0.0/in",
        "https://100.64.0.1/in",
        "https://224.0.0.1/in",
        "https://office.example:99999/in",
        "https:///in",
        "ftp://office.example/in",
        "office.example/in",
        "https://office.example/in here",
        "https://[::1",
        "",
    ],
)
def test_an_address_that_is_not_plainly_outside_is_refused(address: str) -> None:
    assert address_fault(address, local=False).endswith((".", "halfterm"))


def test_an_address_on_the_internet_is_taken_and_this_machine_only_when_trying_out() -> None:
    assert address_fault("https://office.example:8443/in?from=hub", local=False) == ""
    assert address_fault("http://127.0.0.1:9000/in", local=True) == ""
    assert address_fault("http://10.0.0.1:9000/in", local=True)
    assert address_fault("http://office.example/in", local=True)


def test_a_name_with_one_private_address_is_refused() -> None:
    assert all_may_be_called(["93.184.215.14", "2606:2800:21f:cb07::1"], local=False)
    assert not all_may_be_called(["93.184.215.14", "192.168.0.4"], local=False)
    assert not all_may_be_called(["fe80::1%eth0"], local=True)
    assert not all_may_be_called([], local=True)


def test_tries_come_ever_later_and_end_within_a_day() -> None:
    waits, at, tries = [], NOW, 1
    while (wait := next_wait(tries, NOW, at)) is not None:
        waits.append(wait)
        at, tries = at + timedelta(seconds=wait), tries + 1
    assert waits[:4] == [30, 60, 120, 240]
    assert waits == sorted(waits)
    assert timedelta(hours=19) < at - NOW <= PATIENCE
    assert len(waits) < 20


@given(some.integers(1, 10_000), some.integers(0, 200_000))
def test_a_wait_never_leads_beyond_the_day(tries: int, later: int) -> None:
    wait = next_wait(tries, NOW, NOW + timedelta(seconds=later))
    assert wait is None or 0 < wait <= PATIENCE.total_seconds() - later
