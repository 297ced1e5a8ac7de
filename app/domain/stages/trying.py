"""A draft of the criteria held against the schools of a past year. Source: docs/rules/stages.md, "Trying a draft"."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.stages.criteria import times
from app.domain.stages.gate import Standing, Verdict
from app.domain.stages.ladder import State
from app.kit.periods import spoken_date, spoken_year, year_span


@dataclass(frozen=True, slots=True)
class Tried:
    """One school of the year: what it would have shown, and what became of it."""

    verdicts: tuple[Verdict, ...]  # by the set that is tried
    in_use: tuple[Verdict, ...]  # by the version in use
    state: str  # of its enrolment
    moved: bool

    @property
    def would(self) -> bool:
        """Whether it would have met everything."""
        return _met(self.verdicts)

    @property
    def does(self) -> bool:
        """Whether it meets everything that the version in use asks."""
        return _met(self.in_use)

    @property
    def went_on(self) -> bool:
        """Whether it moved or completed in truth."""
        return self.moved or self.state == State.COMPLETED

    @property
    def truth(self) -> str:
        """What became of it, in words."""
        if self.moved:
            return "Moved on"
        return {State.COMPLETED: "Completed", State.WITHDRAWN: "Withdrew"}.get(State(self.state), "Did not move on")


def _met(verdicts: Sequence[Verdict]) -> bool:
    return all(one.state is Standing.MET for one in verdicts)


def sentences(tried: Sequence[Tried], programme: str, year: int, in_use: int | None) -> tuple[str, ...]:
    """What the draft would have meant, each thing in a sentence. `in_use`: that version's number, None for itself."""
    if not tried:
        return ()
    would = sum(one.would for one in tried)
    on, not_on = [one for one in tried if one.went_on], [one for one in tried if not one.went_on]
    day = spoken_date(year_span(year).last)
    said = [
        f"Of {times(len(tried), 'school')} in {programme} in {spoken_year(year)}, {would} would have met it by {day}.",
        _split(on, "moved on or completed in truth"),
        _split(not_on, "did neither"),
    ]
    if in_use is not None:
        said.append(_against(tried, in_use))
    return tuple(one for one in said if one)


def _split(some: Sequence[Tried], what: str) -> str:
    if not some:
        return ""
    would = sum(one.would for one in some)
    of = "It" if len(some) == 1 else f"Of these, {would}"
    if len(some) == 1:
        return f"1 {what}. {of} would {'' if would else 'not '}have met it."
    return f"{len(some)} {what}. {of} would have met it and {len(some) - would} would not."


def _against(tried: Sequence[Tried], in_use: int) -> str:
    more = sum(one.does and not one.would for one in tried)
    fewer = sum(one.would and not one.does for one in tried)
    if not more and not fewer:
        return f"It comes to the same as version {in_use}, which is in use, for every one of them."
    lost = f"{times(more, 'school')} that {_meets(more)} version {in_use}, which is in use, would not have met it."
    won = f"{times(fewer, 'school')} that would have met it {_does(fewer)} not meet version {in_use}, which is in use."
    return " ".join(one for one, count in ((lost, more), (won, fewer)) if count)


def _meets(count: int) -> str:
    return "meets" if count == 1 else "meet"


def _does(count: int) -> str:
    return "does" if count == 1 else "do"
