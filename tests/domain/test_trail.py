import pytest

from app.domain.trail import changed, named, origin_in_words, thing_of, told
from app.kit.browsers import browser_in_words

SOMEBODY = "0192f0c4-0000-7000-8000-000000000001"


def test_only_what_differs_is_kept() -> None:
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})
    assert changed({"a": 1}, {"a": 1}) == (None, None)
    assert changed(None, {"a": 1}) == (None, {"a": 1})


def test_the_facts_name_what_it_was_done_to() -> None:
    assert thing_of({"urn": 100200, "group": "g"}) == ("group", "g")
    assert thing_of({"urn": 100200}) == ("school", "100200")
    assert thing_of({"rows": 3}) == (None, None)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/128 Safari/537 Edg/128", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/128 Mobile Safari/537", "Chrome on Android"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


def test_where_it_came_from_is_told_in_words() -> None:
    assert origin_in_words("page", "Safari on a Mac") == "A page, in Safari on a Mac"
    assert origin_in_words("command", "") == "The command line"
    assert origin_in_words("", "") == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("leader", SOMEBODY, "Mia Lead"),
        ("leader", SOMEBODY.replace("1", "2"), "something that is not here any more"),
        ("first_host", 100200, "Ash Vale Primary"),
        ("urn", 100300, "the school with the URN 100300"),
        ("pinned", False, "No"),
        ("what to bring", "", "Nothing"),
        ("half_terms", [0, 5], "Autumn 1, Summer 2"),
        ("weekdays", [0, 1, 0, 0, 3], "Monday 0, Tuesday 1, Wednesday 0, Thursday 0, Friday 3"),
        ("starts", "2026-09-24T08:30:00+00:00", "Thursday 24 September 2026, 9.30am"),
        ("day", "2026-09-24", "Thursday 24 September 2026"),
        ("morning", "09:15", "9.15am"),
        ("led_by", "hub_lead", "Hub lead"),
        ("days_off", [{"day": "2026-09-24", "name": "Fair"}], "Day: Thursday 24 September 2026; Name: Fair"),
        ("day", "2026-99-24", "2026-99-24"),
    ],
)
def test_a_change_is_told_without_ids_or_code_words(name: str, value: object, words: str) -> None:
    names = {SOMEBODY: "Mia Lead", "100200": "Ash Vale Primary"}
    assert told({name: None}, {name: value}, names)[0].after == words


def test_what_might_have_a_name_is_found_wherever_it_stands() -> None:
    assert set(named({"a": [SOMEBODY, True, 3], "b": {"c": 100200}})) == {SOMEBODY, "100200"}
