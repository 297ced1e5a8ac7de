"""Every way to answer a small problem of forming groups, tried with the judge alone."""

from collections.abc import Iterator
from itertools import combinations, product

from app.domain.schedule.forming import Forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_plan import Formation, Formed, named

Part = tuple[str, ...]
ALONE = {"F2", "F3", "F4", "F8"}  # rules that one group keeps or breaks whatever the others are


class Brute:
    """A problem's groups, each judged once when it stands alone."""

    def __init__(self, forming: Forming) -> None:
        self.forming = forming
        self.able: dict[Part, list[tuple[str, int]]] = {}

    def leaders(self, part: Part) -> list[tuple[str, int]]:
        """Whom the judge lets lead these schools, and what that costs."""
        if part not in self.able:
            programme = self.forming.school[part[0]].programme
            self.able[part] = []
            for who in sorted(self.forming.specialist):
                judged = judge_groups(self.forming, Formation("feasible", (Formed("g", who, programme, part),)))
                if not any(each.rule in ALONE or "led by" in each.because for each in judged.violations):
                    self.able[part].append((who, judged.cost))
        return self.able[part]

    def least(self) -> int | None:
        """The least cost of all groupings that the judge finds nothing wrong with; None when there is none."""
        best: int | None = None
        places = {each.person: each.most for each in self.forming.specialists}
        for parts, waiting in self.partitions():
            if len(parts) > sum(places.values()):
                continue  # F6, and the judge would say so too
            for led in product(*(self.leaders(part) for part in parts)):
                cost = sum(cost for _, cost in led) + self.forming.weights.waiting * len(waiting)
                whom = [who for who, _ in led]
                if (best is None or cost < best) and all(whom.count(who) <= places[who] for who in whom):
                    pieces = [
                        (who, self.forming.school[part[0]].programme, part)
                        for (who, _), part in zip(led, parts, strict=True)
                    ]
                    judged = judge_groups(self.forming, Formation("feasible", named(pieces), waiting))
                    best = judged.cost if judged.fine else best
        return best

    def partitions(self) -> Iterator[tuple[list[Part], Part]]:
        """Every partition of the schools into groups and those that wait."""
        ready = sorted(each.id for each in self.forming.schools if not each.own_specialist or each.asked)
        may = [each for each in ready if self.forming.school[each].may_wait]
        for count in range(len(may) + 1):
            for waiting in combinations(may, count):
                for parts in self._split(tuple(each for each in ready if each not in waiting)):
                    yield parts, waiting

    def _split(self, schools: Part) -> Iterator[list[Part]]:
        if not schools:
            yield []
            return
        programme = self.forming.programme[self.forming.school[schools[0]].programme]
        for size in range(programme.fewest - 1, programme.most):
            for others in combinations(schools[1:], size):
                part = (schools[0], *others)
                if all(self.forming.school[each].programme == programme.id for each in part) and self.leaders(part):
                    for more in self._split(tuple(each for each in schools if each not in part)):
                        yield [part, *more]
