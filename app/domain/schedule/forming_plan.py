"""The groups that answer a forming problem, format halfterm/forming-plan/1, as the same bytes every time."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.schedule.reading import Value, whole

FORMAT = "halfterm/forming-plan/1"
STATUSES = ("optimal", "feasible", "infeasible")


@dataclass(frozen=True, slots=True)
class Formed:
    """One proposed group: LEADER/NUMBER, whom it is led by, its programme and its schools by id."""

    id: str
    leader: str
    programme: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formation:
    """All proposed groups, who waits, what they cost and the cost below which none can be (equal when proved)."""

    status: str
    groups: tuple[Formed, ...]
    waiting: tuple[str, ...] = ()
    cost: int = 0
    bound: int = 0
    because: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """By how much of itself the cost might still fall, 0 when it is proved to be the least."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


def named(groups: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Formed, ...]:
    """Groups (leader, programme, schools) in order, each with its name: the same groups get the same names."""
    ordered = sorted((leader, programme, tuple(sorted(schools))) for leader, programme, schools in groups)
    count: Counter[str] = Counter()
    found = []
    for leader, programme, schools in ordered:
        count[leader] += 1
        found.append(Formed(f"{leader}/{count[leader]}", leader, programme, schools))
    return tuple(found)


def read_formation(data: object) -> Formation:
    """Groups from parsed JSON; raises BadInputError naming the path of every bad value."""
    return whole(data, "groups file", _formation)


def _formation(top: Value) -> Formation:
    part = top.keys(("format", "status", "groups"), ("waiting", "cost", "bound", "because"))
    if part["format"].raw != FORMAT:
        raise part["format"].wrong(f"must be {FORMAT!r}")
    return Formation(
        status=part["status"].one_of(STATUSES),
        groups=part["groups"].each(_formed),
        waiting=part["waiting"].unlike(Value.text) if "waiting" in part else (),
        cost=part["cost"].number() if "cost" in part else 0,
        bound=part["bound"].number() if "bound" in part else 0,
        because=part["because"].each(Value.text) if "because" in part else (),
    )


def _formed(value: Value) -> Formed:
    part = value.keys(("id", "leader", "programme", "schools"))
    schools = part["schools"].unlike(Value.text)
    return Formed(part["id"].text(), part["leader"].text(), part["programme"].text(), tuple(sorted(schools)))


def formation_json(formation: Formation) -> dict[str, object]:
    """The groups as JSON values, keys in the format's order."""
    return {
        "format": FORMAT,
        "status": formation.status,
        "groups": [
            {"id": each.id, "leader": each.leader, "programme": each.programme, "schools": list(each.schools)}
            for each in formation.groups
        ],
        "waiting": list(formation.waiting),
        "cost": formation.cost,
        "bound": formation.bound,
        "because": list(formation.because),
    }


def formation_bytes(formation: Formation) -> bytes:
    """The groups as a file: UTF-8 JSON, the same bytes for the same groups."""
    return (json.dumps(formation_json(formation), ensure_ascii=False, indent=1) + "\n").encode()
