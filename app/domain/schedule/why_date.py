"""Why this date: for every other day of an event's window what it would cost, or the rules that exclude it."""

from dataclasses import dataclass
from datetime import date

from app.domain.schedule.bars import said
from app.domain.schedule.plan import PlacedEvent
from app.domain.schedule.single import Board


@dataclass(frozen=True, slots=True)
class DayLook:
    """A day: its cheapest place and by how much the plan becomes dearer there, or why the event cannot be there.

    `change` is in units of cost, below 0 where the plan would become cheaper; None where `because` forbids the day.
    `gives_way` names events of which some would have to move first; empty where no other event could help.
    """

    day: date
    place: PlacedEvent
    change: int | None
    because: tuple[str, ...] = ()
    gives_way: tuple[str, ...] = ()


def why_this_date(board: Board, name: str) -> tuple[DayLook, ...]:
    """Every weekday of the event's window, in order; the day it is on is among them, with a change of 0 or less."""
    event, looks = board.catalog.events[name], []
    for day, option in board.options(name).days().items():
        place = option.as_placed(name)
        because = tuple(dict.fromkeys(said(board.catalog, event, bar) for bar in option.bars))
        others = [other for bar in option.bars for other in bar.others]
        helps = all(bar.others for bar in option.bars)
        gives_way = tuple(dict.fromkeys(others)) if helps else ()
        looks.append(DayLook(date.fromordinal(day), place, None if because else option.change, because, gives_way))
    return tuple(looks)
