"""What a head signs: words filled in for each school, pieces of a text, and what a signature needs."""

from datetime import date

import pytest

from app.domain.mail.words import strange
from app.domain.stages.agreement_texts import SHIPPED
from app.domain.stages.agreements import PLACES, Block, How, Terms, blocks, read_signature, read_text, seal, text_for
from app.kit.errors import BadInputError
from app.kit.typed import Typed

TODAY = date(2026, 11, 21)
TERMS = Terms("Ash Vale Primary", "Moorland", "Development", 2026, 6, 1, "Two teachers", "Mastery Specialist", "")


def typed(**values: str) -> Typed:
    return Typed({name: (value,) for name, value in values.items()})


@pytest.mark.parametrize("kind", SHIPPED)
def test_what_ships_has_no_word_that_nobody_fills_in(kind: str) -> None:
    assert not strange(SHIPPED[kind], PLACES)
    read = text_for(SHIPPED[kind], TERMS)
    assert "{" not in read
    assert "Ash Vale Primary takes part in Development with Moorland in 2026/27" in read
    assert "6 meetings, led by a Mastery Specialist, and makes 1 visit to" in read
    assert [block.kind for block in blocks(read)][:4] == ["heading", "words", "heading", "list"]


def test_a_text_falls_into_headings_lists_and_paragraphs() -> None:
    text = "# One\nTwo\nthree\n\n- a\n- b\nFour\n# Five\n# Six"
    assert blocks(text) == (
        Block("heading", ("One",)),
        Block("words", ("Two", "three")),
        Block("list", ("a", "b")),
        Block("words", ("Four",)),
        Block("heading", ("Five",)),
        Block("heading", ("Six",)),
    )
    assert blocks("") == ()


def test_a_word_that_nobody_fills_in_is_refused_with_those_that_work() -> None:
    with pytest.raises(BadInputError) as refused:
        read_text(typed(text="We of {skool} agree."))
    assert "{skool}" in refused.value.faults[0].because
    assert "{school}" in refused.value.faults[0].because


def test_a_signature_needs_a_name_a_part_and_a_tick() -> None:
    with pytest.raises(BadInputError) as refused:
        read_signature(typed(name=" ", part="..."), TODAY, How.PAGE)
    assert [fault.path for fault in refused.value.faults] == ["name", "part", "read"]
    signed = read_signature(typed(name="Ada  Moor", part="Headteacher", read="yes"), TODAY, How.PAGE)
    assert (signed.name, signed.day) == ("Ada Moor", TODAY)
    with pytest.raises(BadInputError, match="Look"):
        read_signature(typed(name="Ada Moor", part="Headteacher", read="yes", day="22/11/2026"), TODAY, How.PAPER)
    paper = read_signature(typed(name="Ada Moor", part="Head", read="yes", day="20/11/2026"), TODAY, How.PAPER)
    assert paper.day == date(2026, 11, 20)


def test_a_seal_tells_one_text_from_another() -> None:
    assert seal("a") != seal("b")
