"""Starting quickly: what is imported stays for good."""

import dataclasses
import gc
import operator
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from reprlib import recursive_repr
from typing import Any, TypeVar

Made = TypeVar("Made", bound=Callable[..., Any])
Values = Callable[[object], tuple[Any, ...]]
COMPARED = {"==": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@contextmanager
def starting() -> Iterator[None]:
    """Import without looking for garbage, which there is none of, and without compiling what is the same everywhere.

    The first costs a fifth of the start. The second: up to Python 3.12 a dataclass writes the text of six functions and
    compiles it, and with a thousand of them that was a quarter of the start. Only what makes an instance differs from
    class to class; the others are the functions below, over the names of the fields.
    """
    usual = {name: getattr(dataclasses, name) for name in _SHARED if _known(name)}
    gc.disable()
    try:
        for name in usual:
            setattr(dataclasses, name, _SHARED[name])
        yield
    finally:
        for name, function in usual.items():
            setattr(dataclasses, name, function)
        gc.freeze()  # else the first look for garbage would go through all of it
        gc.enable()


def _known(name: str) -> bool:
    """Whether this Python's dataclasses are put together as those of 3.11 and 3.12; a later one's are left alone."""
    code = getattr(getattr(dataclasses, name, None), "__code__", None)
    return code is not None and code.co_varnames[: code.co_argcount] == _TAKES[name]


def _values(names: list[str]) -> Values:
    """What an instance holds in these fields."""
    if len(names) == 1:
        one = operator.attrgetter(names[0])
        return lambda instance: (one(instance),)
    return operator.attrgetter(*names) if names else lambda _instance: ()


def _named(function: Made, name: str) -> Made:
    function.__name__ = name
    return function


def _told(fields: list[dataclasses.Field[Any]], _globals: object) -> Callable[[object], str]:
    names = [field.name for field in fields]

    def told(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return recursive_repr()(_named(told, "__repr__"))


def _compared(name: str, op: str, self_tuple: str, _other_tuple: str, globals: object) -> Callable[..., object]:  # noqa: A002  dataclasses names it
    del globals
    values, compare = _values(re.findall(r"self\.(\w+)", self_tuple)), COMPARED[op]

    def compared(self: object, other: object) -> object:
        return compare(values(self), values(other)) if type(other) is type(self) else NotImplemented

    return _named(compared, name)


def _hashed(fields: list[dataclasses.Field[Any]], _globals: object) -> Callable[[object], int]:
    values = _values([field.name for field in fields])

    def hashed(self: object) -> int:
        return hash(values(self))

    return _named(hashed, "__hash__")


def _frozen(cls: type[Any], fields: list[dataclasses.Field[Any]], _globals: object) -> tuple[Callable[..., None], ...]:
    names = frozenset(field.name for field in fields)

    def kept(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def there(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return _named(kept, "__setattr__"), _named(there, "__delattr__")


_SHARED: dict[str, Callable[..., Any]] = {
    "_repr_fn": _told,
    "_cmp_fn": _compared,
    "_hash_fn": _hashed,
    "_frozen_get_del_attr": _frozen,
}
_TAKES = {
    "_repr_fn": ("fields", "globals"),
    "_cmp_fn": ("name", "op", "self_tuple", "other_tuple", "globals"),
    "_hash_fn": ("fields", "globals"),
    "_frozen_get_del_attr": ("cls", "fields", "globals"),
}
