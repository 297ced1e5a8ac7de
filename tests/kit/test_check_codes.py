"""Check codes: read as they are typed, and a slip of the hand is never another code."""

from hypothesis import given
from hypothesis import strategies as st

from app.kit.check_codes import LENGTH, SYMBOLS, new_code, read_code, shown


def test_a_code_is_read_as_it_is_shown_and_as_people_type_it() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert shown(code).count("-") == 2
    for typed in (
        shown(code),
        code.lower(),
        f" {shown(code)} ",
        " ".join(code),
        code.replace("0", "o").replace("1", "l"),
    ):
        assert read_code(typed).code == code


@given(st.integers(0, LENGTH - 1), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_never_fits(at: int, other: str) -> None:
    code = new_code()
    wrong = code[:at] + other + code[at + 1 :]
    assert bool(read_code(wrong).code) is (wrong == code)


@given(st.integers(0, LENGTH - 2), st.integers(1, LENGTH - 1))
def test_two_that_changed_places_never_fit(at: int, by: int) -> None:
    code = list(new_code())
    other = min(LENGTH - 1, at + by)
    swapped = code.copy()
    swapped[at], swapped[other] = code[other], code[at]
    assert bool(read_code("".join(swapped)).code) is (swapped == code)


def test_what_cannot_be_a_code_is_told_why() -> None:
    assert "has 3" in read_code("K7Q").because
    assert "U, é" in read_code("ué").because.replace("É", "é")
    assert "mistyped" in read_code(shown(new_code())[:-1] + "0").because or read_code(shown(new_code())).code
