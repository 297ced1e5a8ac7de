"""Groups on their way as a lead looks at them: numbered, called by names, after the moves that were made by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.schedule.facts import in_words
from app.domain.schedule.forming import Forming, read_forming
from app.domain.schedule.forming_moves import Option, moved
from app.domain.schedule.forming_plan import Formation, Formed, read_formation
from app.domain.schedule.forming_table import Priced, Table
from app.kit.periods import HALF_TERMS

ORDER = ("readiness", "development", "embedding", "sustaining", "introductory")


@dataclass(frozen=True, slots=True)
class Step:
    """A move by hand: a school into a group (empty: it waits), in exchange for another school or none."""

    school: str
    group: str
    other: str = ""

    def as_json(self) -> dict[str, str]:
        """As it is kept."""
        return {"school": self.school, "group": self.group, "other": self.other}


@dataclass(frozen=True, slots=True)
class Looked:
    """One group: its number, its cost taken apart, and the half term in which the fewest days suit everybody."""

    number: int
    group: Formed
    priced: Priced
    days: int
    scarcest: str

    @property
    def minutes(self) -> int:
        """What everybody travels to the middle school and back not: one way, in minutes, over all of the group."""
        return sum(self.priced.minutes.values()) + self.priced.leader_minutes


class Groups:
    """A forming problem with the groups it has now; numbers and names stay what they were when it was solved."""

    def __init__(self, problem: object, names: Mapping[str, str], plan: object) -> None:
        self.forming: Forming = read_forming(problem)
        self.solved: Formation = read_formation(plan)
        self.now: Formation = self.solved
        ordered = sorted(self.solved.groups, key=lambda each: (_place(each), names.get(each.leader, ""), each.id))
        self.number: dict[str, int] = {each.id: number for number, each in enumerate(ordered, 1)}
        self.names: dict[str, str] = {
            **names,
            **{each.id: f"Group {self.number[each.id]} ({names.get(each.leader, each.leader)})" for each in ordered},
        }

    def after(self, steps: Iterable[Mapping[str, Any]]) -> "Groups":
        """The same after these moves by hand, in order."""
        for one in steps:
            self.now = moved(self.forming, self.now, Option(one["school"], one["group"], 0, (), one["other"]))
        return self

    def look(self) -> list[Looked]:
        """Every group there is now, by number."""
        table = Table(self.forming)
        return sorted((self._looked(table, each) for each in self.now.groups), key=lambda each: each.number)

    def _looked(self, table: Table, group: Formed) -> Looked:
        common = table.common(group.leader, group.schools)
        scarcest = min(self.forming.programme[group.programme].half_terms, key=lambda k: (common[k], k))
        priced = table.priced(group.leader, group.schools)
        return Looked(self.number[group.id], group, priced, common[scarcest], HALF_TERMS[scarcest])

    def said(self, sentence: str) -> str:
        """A sentence of the core in the hub's words."""
        return in_words(sentence, self.names)

    def left_out(self) -> list[str]:
        """Schools (ids) that have a specialist of their own and did not ask."""
        return [each.id for each in self.forming.schools if each.left_out]


def _place(group: Formed) -> int:
    return ORDER.index(group.programme) if group.programme in ORDER else len(ORDER)


def minutes_more(change: int) -> str:
    """12 minutes more; 3 minutes less; the same."""
    if not change:
        return "the same"
    count = "1 minute" if abs(change) == 1 else f"{abs(change):,} minutes"
    return f"{count} {'more' if change > 0 else 'less'}"
