"""A plan without the events that are placed anew, and where those could go beside it; kept while it stays true."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from app.domain.schedule.frames import Option
from app.domain.schedule.single import Board


class Rest:
    """The plan without some events, ever more of them. `board` is it laid out."""

    def __init__(self, board: Board) -> None:
        """Nothing is taken out yet."""
        self.board = board
        self._reached: dict[str, dict[int, list[Option]]] = {}

    def take_out(self, names: Iterable[str]) -> None:
        """From now on the plan is without these events too."""
        new = {name for name in names if name in self.board.placed}
        if not new:
            return
        left = {self.board.day[name] for name in new}
        self.board = self.board.without(new)
        for name, days in list(self._reached.items()):
            if new & self._tied(name):
                del self._reached[name]
                continue
            for day in left & days.keys():
                days[day] = self.board.reach(name, day - 1, day + 1)

    def reach(self, name: str) -> Iterator[Option]:
        """The places of an event that the rules about it alone allow; events of the rest in the way are bars."""
        if name not in self._reached:
            days = self._reached[name] = defaultdict(list)
            for option in self.board.reach(name):
                days[option.day].append(option)
        return chain.from_iterable(self._reached[name].values())

    def _tied(self, name: str) -> set[str]:
        """Events that matter for this one on whatever day they are: its series, what it bounds, what it is between."""
        frames, event = self.board.frames, self.board.catalog.events[name]
        tied = {each.name for each in frames.catalog.series.get(event.series, ())}
        for seen in [name, *(other.name for other, _ in frames.bounding.get(name, ()))]:
            tied |= {seen, *(bound for bound in frames.bounds.get(seen, ()) if bound is not None)}
        return tied
