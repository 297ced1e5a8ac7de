"""Evidence as it stood at a step or a move, and on two days side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.access import Can, Member
from app.domain.stages.gate import Standing, Verdict, from_data
from app.domain.stages.moves import compared
from app.kit.periods import spoken
from app.pages.stages.verdicts import TONES, WORDS, VerdictLine, Whose, verdict_lines


@dataclass(frozen=True, slots=True)
class Evidence:
    """What of its criteria was met on a day; `says` sums it up, empty where nothing was kept."""

    says: str
    at: str
    criteria: str
    criteria_href: str
    lines: tuple[VerdictLine, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    word: str
    tone: str
    have: str


@dataclass(frozen=True, slots=True)
class TwoSides:
    """One criterion on two days; `differs` when another verdict, or something else, counts for it now."""

    says: str
    then: Side
    now: Side
    differs: bool


def evidence(member: Member, whose: Whose, snapshot: Mapping[str, Any]) -> Evidence:
    """A snapshot in words, with links to what it rests on."""
    if "verdicts" not in snapshot:
        return Evidence("", "", "", "", ())
    verdicts = from_data(snapshot["verdicts"])
    criteria, editor = snapshot.get("criteria"), member.reaches(Can.EDIT_CRITERIA)
    return Evidence(
        says=summed(verdicts),
        at=spoken(datetime.fromisoformat(snapshot["at"])) if snapshot.get("at") else "",
        criteria=f"Criteria, version {snapshot['version']}" if "version" in snapshot else "",
        criteria_href=f"/hubs/{member.hub_code}/criteria/{criteria}" if criteria and editor else "",
        lines=verdict_lines(member, whose, verdicts),
    )


def summed(verdicts: Sequence[Verdict]) -> str:
    """How many criteria are met, in a sentence."""
    if not verdicts:
        return "No criteria were asked."
    count = sum(one.state is Standing.MET for one in verdicts)
    return "All criteria met." if count == len(verdicts) else f"{count} of {len(verdicts)} criteria met."


def two_sides(then: Sequence[Verdict], now: Sequence[Verdict]) -> tuple[TwoSides, ...]:
    """Every criterion of either day beside itself."""
    return tuple(
        TwoSides(one.says, _side(one.then.state, one.then.have), _side(one.now.state, one.now.have), one.differs)
        for one in compared(then, now)
    )


def _side(state: str, have: str) -> Side:
    if not state:
        return Side("Not asked", "grey", "")
    return Side(WORDS[Standing(state)], TONES[Standing(state)], have)
