import uuid
from dataclasses import dataclass

import hypothesis.strategies as st
from hypothesis import given

from app.domain.notes.history import Change, changes, heads_at, pieces


@dataclass(frozen=True)
class Op:
    op_id: uuid.UUID
    rev: int
    replaces: tuple[uuid.UUID, ...] = ()


A, B, C = (uuid.UUID(int=n) for n in range(1, 4))


def test_what_stood_at_a_revision_is_what_nothing_had_replaced() -> None:
    ops = [Op(A, 1), Op(B, 2, (A,)), Op(C, 3, (A,))]
    assert [op.op_id for op in heads_at(ops, 1)] == [A]
    assert [op.op_id for op in heads_at(ops, 2)] == [B]
    assert [op.op_id for op in heads_at(ops, 3)] == [B, C]  # neither had seen the other: both stand


def test_an_operation_that_came_after_the_one_that_replaces_it_never_stood() -> None:
    assert [op.op_id for op in heads_at([Op(B, 1, (A,)), Op(A, 2)], 2)] == [B]


def test_words_that_came_and_went_are_told_as_phrases() -> None:
    told = pieces("Most pupils counted on from one.", "Most pupils used the bar model from one.")
    assert [(one.kind, one.text.strip()) for one in told if one.text.strip()] == [
        ("same", "Most pupils"),
        ("taken", "counted on"),
        ("added", "used the bar model"),
        ("same", "from one."),
    ]


def test_equal_and_empty_texts_have_no_changes() -> None:
    assert pieces("", "") == ()
    assert [one.kind for one in pieces("the same", "the same")] == ["same"]
    assert [(one.kind, one.text) for one in pieces("", "new")] == [("added", "new")]


WORDS = st.text(alphabet="ab .\n<é\u0627", max_size=60)


@given(WORDS, WORDS)
def test_the_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    told = pieces(old, new)
    assert "".join(one.text for one in told if one.kind != "taken") == new
    assert "".join(one.text for one in told if one.kind != "added").split() == old.split()


def test_twenty_thousand_characters_are_compared_at_once() -> None:
    old = " ".join(f"word{n % 997}" for n in range(2900))
    assert any(one.kind == "added" for one in pieces(old, old.replace("word500", "another")))


def test_places_that_differ_are_named() -> None:
    before: dict[str, tuple[object, ...]] = {"a": ("x",), "b": ("y",)}
    after: dict[str, tuple[object, ...]] = {"a": ("x",), "c": ("z",)}
    assert changes(before, after) == [Change("b", ("y",), ()), Change("c", (), ("z",))]
