"""What a person typed into a form, kept as it was, with nothing in it that a database cannot hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Typed:
    """Each name of a form with everything that was sent under it, in order."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value without blanks around it; empty when nothing was sent."""
        return next(iter(self.values.get(name, ())), "").strip()

    def every(self, name: str) -> tuple[str, ...]:
        """Every value under this name: the ticked boxes."""
        return self.values.get(name, ())


def typed(pairs: Iterable[tuple[str, object]]) -> Typed:
    """The texts of a sent form; files are left out, and characters that no text has."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if isinstance(value, str):
            found[name] = (*found.get(name, ()), value.replace("\x00", "").replace("\r\n", "\n"))
    return Typed(found)
