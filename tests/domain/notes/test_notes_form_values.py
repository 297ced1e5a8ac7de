import uuid
from datetime import date

import hypothesis.strategies as st
from hypothesis import given

from app.domain.notes.form_values import boxed, op_id, read_heads, read_seen, seen, unboxed
from app.kit.ids import new_id

DAY = date(2026, 11, 26)


@given(st.uuids(version=4), st.text(max_size=20), st.text(max_size=20))
def test_the_same_form_and_text_are_the_same_operation_and_another_text_is_another(
    some: uuid.UUID, one: str, other: str
) -> None:
    seed = uuid.UUID(int=new_id().int & ~0xFF | some.int & 0xFF)
    assert op_id(seed, "lesson", one) == op_id(seed, "lesson", one)
    assert (op_id(seed, "lesson", one) == op_id(seed, "lesson", other)) == (one == other)
    assert op_id(seed, "lesson", one) != op_id(seed, "key_point", one)
    made = op_id(seed, "lesson", one)
    assert (made.version, made.int >> 80) == (7, seed.int >> 80)  # still made at its moment


def test_what_a_form_saw_comes_back_whole() -> None:
    kept = seen("Halves", {uuid.UUID(int=1), uuid.UUID(int=2)})
    assert read_seen(str(kept)) == kept
    assert read_seen(str(seen("", ()))) == seen(None, ())
    assert read_heads("nonsense") == frozenset()
    assert seen(["b", "a"], ()) == seen(["a", "b"], ())
    assert seen(" Halves\n", ()).digest == kept.digest


def test_values_go_through_a_box_and_back() -> None:
    assert unboxed("choices", "", "halves, bars ,, halves", DAY) == ["halves", "bars"]
    assert boxed("choices", "", ["halves", "bars"]) == "halves, bars"
    assert [unboxed("number", "", text, DAY) for text in ("180", "1,200", "", "a day")] == [180, 1200, None, "a day"]
    assert unboxed("line", "at", "9:42.30", DAY) == "2026-11-26T09:42:30+00:00"
    assert boxed("line", "at", "2026-11-26T09:42:30.120Z") == "09:42:30"
    assert unboxed("line", "at", "25:00", DAY) == "25:00"  # what is no time stays as it was typed
    assert boxed("line", "at", "soon") == "soon"
