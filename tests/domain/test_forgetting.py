"""How somebody is found wherever people wrote of them, and what stays of their name."""

import json
import uuid
from datetime import date

import pytest

from app.domain.access import Role
from app.domain.people.forgetting import pseudonym, sought
from app.domain.people.notice import own_paragraphs, what_ships
from app.domain.people.rights import due, nearness

RARE = sought("Zebedëe O'Quill-Feather", ["zeb.quill@rare.example", ""], "07700 900461", ["Zebbylein", " "])


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Ask Zebedëe O'Quill-Feather.", "Ask [name removed]."),
        ("ZEBEDËE  o\u2019quill-feather", "[name removed]"),
        ("O'Quill-Feather, Zebedëe came", "[name removed] came"),
        ("zebedëe_o'quill-feather.pdf", "[name removed].pdf"),
        (json.dumps("first\nZebedëe O'Quill-Feather"), '"first\\n[name removed]"'),
        ("Zebed\u0065\u0308e O'Quill-Feather", "[name removed]"),
        ("Zebedëe O&#39;Quill-Feather", "[name removed]"),
        ("mailto:Zeb.Quill@rare.example?subject=x", "mailto:[address removed]?subject=x"),
        ("zeb.quill%40rare.example", "[address removed]"),
        ("ring +44 (0)7700 900461", "ring [number removed]"),
        ("07700900461, 0044 7700 900 461", "[number removed], [number removed]"),
        ("Zebbylein liked bars", "[name removed] liked bars"),
    ],
)
def test_a_person_is_found_however_they_are_written(said: str, left: str) -> None:
    assert RARE.found_in(said)
    assert RARE.removed_from(said) == left


@pytest.mark.parametrize(
    "said",
    ["Zebedëe Quill", "joe.zeb.quill@rare.example", "zeb.quill@rare.example-school", "1077009004612", "Zebbyleins", ""],
)
def test_what_may_be_anothers_stays(said: str) -> None:
    assert not RARE.found_in(said)
    assert RARE.removed_from(said) == said


def test_a_pseudonym_says_what_they_were_and_is_the_same_again() -> None:
    key = uuid.UUID(int=7)
    assert pseudonym(key, [Role.PARTICIPANT]) == pseudonym(key, [Role.PARTICIPANT])
    assert pseudonym(key, []).startswith("Former participant ")
    assert pseudonym(key, [Role.HEADTEACHER]).startswith("Former headteacher ")
    assert pseudonym(key, [Role.SPECIALIST, Role.PARTICIPANT]).startswith("Former colleague ")
    assert pseudonym(uuid.UUID(int=8), []) != pseudonym(key, [])


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (date(2026, 11, 21), date(2026, 12, 21)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
    ],
)
def test_an_answer_is_due_one_calendar_month_later(asked: date, answered: date) -> None:
    assert due(asked) == answered
    assert nearness(answered, answered).soon
    assert nearness(answered, date(2027, 12, 1)).late


def test_the_notice_names_the_hub_and_a_hubs_own_words_are_its_paragraphs() -> None:
    assert any(
        "Moorland Maths Hub" in said for section in what_ships("Moorland Maths Hub") for said in section.paragraphs
    )
    assert not any("{" in said for section in what_ships("X") for said in section.paragraphs)
    assert own_paragraphs("One\nline.\n\n\nTwo.") == ("One line.", "Two.")
