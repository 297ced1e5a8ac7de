import uuid

import pytest

from app.domain.access import Member, Role
from app.domain.sign_in import browser_named, can_have_passkeys, is_staff, needs_passkey, network

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS + "Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        (WINDOWS + "Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPad"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140 Safari/604.1", "Chrome on an iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on a Mac"),
        ("Mozilla/5.0 (Linux; Android 15; SM-X200) SamsungBrowser/28.0 Chrome/130", "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64 15000.0.0) Chrome/140.0.0.0 Safari/537.36", "Chrome on a Chromebook"),
        ("curl/8.0", "A browser we do not know"),
        ("", "A browser we do not know"),
        ("<script> (Windows NT 10.0)", "A browser on Windows"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert browser_named(agent) == words


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_household_is_one_network(address: str, counts_as: str) -> None:
    assert network(address) == counts_as


@pytest.mark.parametrize(
    ("host", "can"),
    [("halfterm.example.org", True), ("localhost", True), ("127.0.0.1", False), ("::1", False), ("", False)],
)
def test_passkeys_need_a_server_with_a_name(host: str, *, can: bool) -> None:
    assert can_have_passkeys(host) is can


def member(*roles: Role, required: bool) -> Member:
    some = uuid.UUID(int=1)
    return Member(some, "SW", "South West", some, "Cora", frozenset(roles), passkeys_required=required)


@pytest.mark.parametrize("role", list(Role))
def test_only_leads_and_coordinators_need_a_passkey_and_only_where_the_hub_asks(role: Role) -> None:
    office = role in {Role.HUB_LEAD, Role.ASSISTANT_LEAD, Role.COORDINATOR}
    assert needs_passkey([member(role, required=True)], "link") is office
    assert needs_passkey([member(role, required=True)], "single") is office
    assert not needs_passkey([member(role, required=True)], "passkey")
    assert not needs_passkey([member(role, required=False)], "link")


def test_one_hub_that_asks_is_enough() -> None:
    assert needs_passkey([member(Role.PARTICIPANT, required=True), member(Role.HUB_LEAD, required=True)], "link")


def test_teachers_and_heads_are_not_asked_whether_they_want_a_passkey() -> None:
    assert not is_staff([member(Role.PARTICIPANT, Role.HEADTEACHER, Role.BOARD, required=False)])
    assert is_staff([member(Role.PARTICIPANT, required=False), member(Role.SPECIALIST, required=False)])
