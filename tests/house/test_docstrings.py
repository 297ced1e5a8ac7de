"""Public functions say what they do, in which units, and what they raise: a reader need not open them."""

import pytest

from tests.house.reading import kept, shown, syntax

TOLD = ("app/domain", "app/actions", "app/pages", "app/solver", "app/render")


def silent(source: str) -> list[str]:
    return [
        f"line {function.line}: {function.name} says nothing of itself"
        for function in syntax(source).functions
        if function.public and not function.docstring
    ]


def test_public_functions_say_what_they_do() -> None:
    faults = [f"{shown(path)}: {fault}" for path in kept(*TOLD) for fault in silent(path.read_text())]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("source", ["def f(): ...", "async def f(): ...", "class C:\n    def m(self): ..."])
def test_a_silent_function_is_found(source: str) -> None:
    assert silent(source)


@pytest.mark.parametrize("source", ["def _f(): ...", 'def f():\n    """What."""\n    def inner(): ...\n'])
def test_private_and_inner_functions_may_be_silent(source: str) -> None:
    assert not silent(source)
