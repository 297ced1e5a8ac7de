"""One line of the ledger: what is paid to whose school, and because of what; frozen as it stands."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain.funding.facts import Payee


class Kind(StrEnum):
    """How a line came about."""

    DERIVED = "derived"
    CORRECTION = "correction"
    ADJUSTMENT = "adjustment"
    BROUGHT = "brought"


KIND_WORDS = {
    Kind.DERIVED: "Earned",
    Kind.CORRECTION: "Correction",
    Kind.ADJUSTMENT: "Adjustment",
    Kind.BROUGHT: "Brought forward",
}


class Line(NamedTuple):
    """What is paid, in pence (taken off when negative): `quantity`/`of` units of `rate_pence` each.

    `key` and `urn` together say what is paid, and stay the same whatever later becomes known of it. `evidence` are the
    ids of the facts it rests on, `corrects` the id of the frozen line that it corrects.
    """

    key: str
    urn: int
    payee: Payee
    rate: str
    programme: str
    group: str
    day: date
    quantity: int
    of: int
    rate_pence: int
    pence: int
    because: str
    evidence: tuple[str, ...] = ()
    kind: Kind = Kind.DERIVED
    corrects: str = ""
    card_version: int = 0

    @property
    def spoken_quantity(self) -> str:
        """The units as people write them: 1, 12.4 or 5/6."""
        if self.of == 1:
            return f"{self.quantity:,}"
        return f"{self.quantity / 10:,.1f}" if self.of == 10 else f"{self.quantity}/{self.of}"


class Unearned(NamedTuple):
    """What was not paid although something happened, and why; `rate` is empty where no rate pays for it."""

    key: str
    urn: int
    payee: Payee
    rate: str
    programme: str
    group: str
    day: date
    because: str
    evidence: tuple[str, ...] = ()


def to_data(line: Line) -> dict[str, Any]:
    """As a line is kept and sent, every field by its name."""
    found = line._asdict()
    found["day"] = line.day.isoformat()
    found["payee"], found["kind"] = line.payee.value, line.kind.value
    found["evidence"] = list(line.evidence)
    return found


def from_data(stored: Mapping[str, Any]) -> Line:
    """The line out of what `to_data` made; raises TypeError or ValueError for what it never makes."""
    values = dict(stored)
    values["day"] = date.fromisoformat(values["day"])
    values["payee"], values["kind"] = Payee(values["payee"]), Kind(values["kind"])
    values["evidence"] = tuple(values["evidence"])
    return Line(**values)


def total(lines: Iterable[Line]) -> int:
    """The sum in pence."""
    return sum(line.pence for line in lines)


def totals(lines: Iterable[Line], *names: str) -> dict[tuple[Any, ...], int]:
    """The sums in pence by these fields of a line ("urn", "rate", "programme", "payee"), in order of their values."""
    places = [Line._fields.index(name) for name in names]
    found: dict[tuple[Any, ...], int] = {}
    for line in lines:
        key = tuple(line[place] for place in places)
        found[key] = found.get(key, 0) + line.pence
    return dict(sorted(found.items()))
