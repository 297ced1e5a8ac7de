"""What another place of a date would mean, in words: shared by moving it and by why it is where it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.domain.schedule.by_hand import Hand
from app.domain.schedule.by_hand_words import costs
from app.domain.schedule.frames import Option
from app.domain.schedule.plan import PlacedEvent
from app.pages._parts import Asked, Choice
from app.pages.schedule.month_picture import DayState

SHOWN = (Choice("possible", "Possible days"), Choice("barred", "Days that a rule forbids"))
HEADER = ("Day", "Half-day", "Host", "Possible", "Change in the plan's cost", "What it would mean")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a date: how it stands there, and in sentences what it would mean or what is against it.

    `change` is what the whole plan would cost more, in units of cost.
    """

    day: date
    when: str
    half: str
    where: str
    state: DayState
    change: int
    says: tuple[str, ...]


Line = TypeVar("Line", bound=Place)


def narrowed(lines: Iterable[Line], asked: Asked) -> list[Line]:
    """The possible or the forbidden places, as asked, in the order asked for."""
    show = asked.value("show")
    left = [line for line in lines if not show or (line.state == "barred") == (show == "barred")]
    column, down = asked.order(("date", "cost"))
    if column == "cost":
        return sorted(left, key=lambda line: (line.state == "barred", -line.change if down else line.change, line.day))
    return sorted(left, key=lambda line: line.day, reverse=down)


def rows(lines: Iterable[Place]) -> list[tuple[object, ...]]:
    """The places under HEADER, for a spreadsheet."""
    return [
        (line.day, line.half, line.where, "no" if line.state == "barred" else "yes", line.change, " ".join(line.says))
        for line in lines
    ]


def meaning(
    hand: Hand, option: Option, placed: PlacedEvent, seen: Collection[str] | None
) -> tuple[DayState, tuple[str, ...]]:
    """How a place of an event stands, and what it would cost or which rules forbid it; only what is `seen` is named."""
    now = hand.board.placed[placed.event]
    if placed == now or (option.bars and placed.date == now.date and placed.date in hand.fallen.get(placed.event, ())):
        return "here", ("It is here now.",)
    if option.bars:
        return "barred", tuple(dict.fromkeys(hand.why_not(placed.event, bar, seen) for bar in option.bars))
    change = hand.differences(placed)
    state: DayState = "missed" if change.absent else "better" if option.change < 0 else "free"
    return state, costs(hand, change)
