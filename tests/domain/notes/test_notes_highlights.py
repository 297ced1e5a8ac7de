"""Hits in a found text are parts of it, whatever the text holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.notes.highlights import BEGINS, ENDS, Piece, pieces


def test_what_was_searched_for_is_marked() -> None:
    marked = f"say how many {BEGINS}equal{ENDS} parts"
    assert pieces(marked) == (Piece("say how many "), Piece("equal", hit=True), Piece(" parts"))


@settings(max_examples=50)
@given(st.text(st.sampled_from(["a", "<", BEGINS, ENDS]), max_size=12))
def test_no_word_is_lost_and_no_mark_is_shown(marked: str) -> None:
    assert "".join(one.text for one in pieces(marked)) == marked.replace(BEGINS, "").replace(ENDS, "")
