"""How often a rule of risk was right: what it would have said last year, and what became of those schools.

Source: docs/rules/risk.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.stages.ladder import State
from app.domain.stages.risk import Rule, flagged
from app.domain.stages.watched import Watched
from app.kit.periods import Span

FEWEST = 5  # schools: fewer flagged, or fewer in all, and nothing is said of how often a rule was right


@dataclass(frozen=True, slots=True)
class Became:
    """A school of last year: its facts, and whether it withdrew or did not complete; None where that is open."""

    watched: Watched
    lost: bool | None


@dataclass(frozen=True, slots=True)
class Right:
    """Of the schools whose year is known: how many were flagged at any time, how many not, and how many were lost."""

    flagged: int
    flagged_lost: int
    rest: int
    rest_lost: int

    @property
    def enough(self) -> bool:
        """Whether so many schools say something."""
        return self.flagged >= FEWEST and self.flagged + self.rest >= 2 * FEWEST

    @property
    def share(self) -> int:
        """Per cent of those flagged that were lost."""
        return round(100 * self.flagged_lost / self.flagged) if self.flagged else 0

    @property
    def says(self) -> str:
        """How often it was right, in a sentence or two."""
        schools = self.flagged + self.rest
        if not schools:
            return "No school's last year is known yet: not enough to say."
        if not self.flagged:
            return f"It would have flagged none of {schools} schools; {self.rest_lost} withdrew or did not complete."
        told = (
            f"It would have flagged {_schools(self.flagged)} of {schools}; "
            f"{self.flagged_lost} withdrew or did not complete. "
            f"Of the {self.rest} it would not have flagged, {self.rest_lost} did."
        )
        if not self.enough:
            return f"{told} Not enough schools to say how often it is right."
        return f"{told} So it was right {self.share} times in 100."


def _schools(count: int) -> str:
    return "1 school" if count == 1 else f"{count} schools"


def looks(terms: Sequence[Span]) -> tuple[date, ...]:
    """The days on which last year is looked at: the day after each half term ended."""
    return tuple(span.last + timedelta(1) for span in terms)


def lost(state: str, year: int, years: int, today_year: int) -> bool | None:
    """What became of an enrolment, by the state it is in now; None while its programme still runs."""
    if state == State.WITHDRAWN:
        return True
    if state == State.COMPLETED:
        return False
    return None if state == State.ACTIVE and year + max(years, 1) > today_year else True


def ever_flagged(watched: Watched, rule: Rule, number: int) -> bool:
    """Whether the rule would have spoken at the end of any half term."""
    return any(flagged(watched, rule, number, day) for day in looks(watched.terms))


def right(schools: Iterable[Became], rule: Rule, number: int) -> Right:
    """How often a rule with this number was right."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for one in schools:
        if one.lost is not None:
            counts[ever_flagged(one.watched, rule, number), one.lost] += 1
    return Right(
        flagged=counts[True, True] + counts[True, False],
        flagged_lost=counts[True, True],
        rest=counts[False, True] + counts[False, False],
        rest_lost=counts[False, True],
    )
