"""What later facts change of closed statements: lines, plus or minus, that bring them to a fresh computation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.funding.facts import Payee
from app.domain.funding.line import Kind, Line, Unearned
from app.domain.funding.pence import pounds
from app.domain.funding.statements import Entry

What = tuple[str, int, Payee]  # a line's key, URN and payee: what is paid to whom


@dataclass(frozen=True, slots=True)
class Due:
    """What an open statement holds: lines never frozen before, and corrections of lines that were."""

    new: tuple[Line, ...]
    corrections: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Both together."""
        return (*self.new, *self.corrections)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a new computation does to the entries of open statements; a query stays with its line."""

    new: tuple[Line, ...]
    changed: tuple[Entry, ...]
    gone: tuple[Entry, ...]

    @property
    def nothing(self) -> bool:
        """Whether the open statements say all of it already."""
        return not (self.new or self.changed or self.gone)


@dataclass(slots=True)
class _Held:
    """What closed statements say of one thing that is paid: the entry first frozen, and the sums of all."""

    first: Entry
    pence: int
    quantity: Fraction


def due(frozen: Iterable[Entry], fresh: Iterable[Line], unearned: Iterable[Unearned] = ()) -> Due:
    """What is still to be said, given every entry of every closed statement of the year and a fresh computation.

    The sum of the closed statements' earned and corrected lines and of this is the fresh sum, for each key, URN and
    payee; where nothing changed there is nothing. Adjustments and what was brought forward stand for themselves.
    """
    held = _held(frozen)
    new: list[Line] = []
    corrections: list[Line] = []
    for line in fresh:
        known = held.pop((line.key, line.urn, line.payee), None)
        if known is None:
            new.append(line)
        elif known.pence != line.pence:
            corrections.append(_changed(known, line))
    reasons = {one.key: one.because for one in unearned if one.key}
    corrections += [_taken_back(one, reasons) for one in held.values() if one.pence]
    return Due(tuple(new), tuple(sorted(corrections, key=lambda one: (one.urn, one.day, one.key))))


def _held(frozen: Iterable[Entry]) -> dict[What, _Held]:
    held: dict[What, _Held] = {}
    for entry in sorted(frozen, key=lambda one: (one.line.kind is Kind.CORRECTION, one.id)):
        line = entry.line
        if line.kind not in {Kind.DERIVED, Kind.CORRECTION}:
            continue
        what = line.key, line.urn, line.payee
        known = held.get(what)
        if known is None:
            held[what] = _Held(entry, line.pence, Fraction(line.quantity, line.of))
        else:
            known.pence += line.pence
            known.quantity += Fraction(line.quantity, line.of)
    return held


def _changed(known: _Held, line: Line) -> Line:
    because = f"Was {pounds(known.pence)} and is now {pounds(line.pence)}: {line.because}"
    units = Fraction(line.quantity, line.of) - known.quantity
    return line._replace(
        quantity=units.numerator,
        of=units.denominator,
        pence=line.pence - known.pence,
        because=because,
        kind=Kind.CORRECTION,
        corrects=known.first.id,
    )


def _taken_back(known: _Held, reasons: Mapping[str, str]) -> Line:
    line = known.first.line
    why = reasons.get(line.key, "what it rested on no longer stands.")
    return line._replace(
        quantity=-known.quantity.numerator,
        of=known.quantity.denominator,
        pence=-known.pence,
        because=f"{pounds(known.pence)} taken back: {why}",
        kind=Kind.CORRECTION,
        corrects=known.first.id,
    )


def renew(entries: Iterable[Entry], found: Due) -> Renewed:
    """What to add, change and remove in all open statements of the year so that they say what is due.

    Adjustments and what was brought forward stay. A line keeps its entry, and so its statement and its query.
    """
    wanted = {_same(line): line for line in found.lines}
    changed: list[Entry] = []
    gone: list[Entry] = []
    for entry in entries:
        if entry.line.kind not in {Kind.DERIVED, Kind.CORRECTION}:
            continue
        line = wanted.pop(_same(entry.line), None)
        if line is None:
            gone.append(entry)
        elif line != entry.line:
            changed.append(replace(entry, line=line))
    return Renewed(tuple(wanted.values()), tuple(changed), tuple(gone))


def _same(line: Line) -> tuple[str, int, Payee, Kind]:
    return line.key, line.urn, line.payee, line.kind
