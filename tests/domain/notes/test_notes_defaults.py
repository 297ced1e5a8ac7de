"""The forms that Halfterm ships."""

import re

import pytest

from app.domain.notes import paths
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import KINDS, WITH_ITEMS, EventKind, from_data, to_data

FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
PART_KEY = re.compile(r"[a-z_]{1,60}")
ITEM = "0194fdc2-0000-7000-8000-000000000000"


def test_there_is_a_form_for_each_kind_of_event() -> None:
    assert {kind: (form.kind, form.version) for kind, form in DEFAULTS.items()} == {kind: (kind, 1) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_unique_and_a_path_reaches_every_place(kind: EventKind) -> None:
    form = DEFAULTS[kind]
    keys = [field.key for field in form.fields()]
    assert len(keys) == len(set(keys))
    for field in form.fields():
        assert FIELD_KEY.fullmatch(field.key)
        assert bool(field.parts) == (field.kind in WITH_ITEMS)
        person = "" if field.share == "record" else f"/{ITEM}"
        item = field.options[0].key if field.kind == "rows" else ITEM
        for part in field.parts:
            assert PART_KEY.fullmatch(part.key)
            assert paths.place(form, f"{field.key}{person}#{item}.{part.key}"), part
        if not field.parts:
            assert paths.place(form, f"{field.key}{person}"), field.key


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_comes_back_from_its_data(kind: EventKind) -> None:
    form = DEFAULTS[kind]
    assert from_data(kind, 1, to_data(form)) == form  # dataclasses as data keep tuples; JSON's lists read the same


def test_what_the_ladder_and_the_gap_tasks_take_up_is_there() -> None:
    feeds = {kind: {field.feeds for field in form.fields()} - {""} for kind, form in DEFAULTS.items()}
    assert feeds["meeting"] == feeds["observation"] == {"tries", "next_steps", "barriers"}
    assert feeds["visit"] == {"areas", "levers", "next_steps", "barriers"}


@pytest.mark.parametrize("kind", KINDS)
def test_own_notes_are_never_part_of_the_summary(kind: EventKind) -> None:
    assert any(field.share == "own" for field in DEFAULTS[kind].fields())
    assert not any(field.summary for field in DEFAULTS[kind].fields() if field.share == "own")
