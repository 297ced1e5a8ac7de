import dataclasses
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from app.kit.starting import starting

HELD = (1, "a", float("nan"))


def classes() -> dict[str, type[Any]]:
    """The same declarations each time, made by whatever makes dataclasses now."""

    @dataclass(frozen=True, slots=True)
    class Several:
        number: int
        text: str = field(repr=False)
        other: float = field(compare=False, default=0.0)

    @dataclass(frozen=True, order=True)
    class One:
        number: float

    @dataclass(slots=True)
    class Open:
        inner: object = None

    @dataclass(frozen=True)
    class Empty:
        pass

    return {made.__name__: made for made in (Several, One, Open, Empty)}


USUAL = classes()
with starting():
    QUICK = classes()


def said(made: type[Any], *values: Any, act: str) -> str:
    """What comes of one thing done to an instance."""
    one = made(*values)
    try:
        if act == "set":
            one.number = 2
        elif act == "delete":
            del one.number
        elif act == "hash":
            return str(hash(one))
        elif act == "compare":
            others = (made(*values), one, 7)
            return str([(one == other, other != one) for other in others])
        elif act == "order":
            return str([one < made(*values), one <= made(9.0), one > made(-1.0), one >= 3])
    except (FrozenInstanceError, TypeError, AttributeError) as refused:
        return f"{type(refused).__name__}: {refused}".partition(" (")[0]
    return repr(one)


@pytest.mark.parametrize("act", ["tell", "set", "delete", "hash", "compare", "order"])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Several", (1, "a")),
        ("Several", (1, "b", 2.5)),
        ("Several", (1, [])),
        ("One", (1.0,)),
        ("One", (float("nan"),)),
        ("Open", ([1, 2],)),
        ("Empty", ()),
    ],
)
def test_a_dataclass_made_quickly_does_what_any_other_does(act: str, name: str, values: tuple[Any, ...]) -> None:
    assert said(QUICK[name], *values, act=act) == said(USUAL[name], *values, act=act)


def test_fields_left_out_of_comparing_are_left_out_and_what_holds_itself_can_be_told() -> None:
    several = QUICK["Several"]
    assert several(1, "a", 2.0) == several(1, "a", 3.0) != several(1, "b", 2.0)
    assert len({several(1, "a", 2.0), several(1, "a", 3.0)}) == 1
    loop = QUICK["Open"]()
    loop.inner = loop
    assert repr(loop).endswith("Open(inner=...)")
    assert dataclasses.replace(several(1, "a"), number=2) == several(2, "a")


def test_afterwards_dataclasses_are_made_as_always() -> None:
    assert dataclasses._repr_fn.__module__ == "dataclasses" if hasattr(dataclasses, "_repr_fn") else True
