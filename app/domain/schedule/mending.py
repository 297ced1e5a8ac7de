"""A held plan after refusals: the problem that it is mended in, the mended plan, and what is against it in words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.schedule.facts import in_words
from app.domain.schedule.judge import Judgement
from app.domain.schedule.plan import PlacedEvent, Plan, read_placed
from app.domain.schedule.problem import Problem, read_problem
from app.domain.schedule.reading import whole
from app.domain.schedule.worst import event_name

MOST_TOLD = 5
LONGEST = 200_000  # characters of a list of moves


def mending_problem(raw: Mapping[str, Any], plan: Plan, today: date) -> Problem:
    """The problem in which the plan stands and can be mended: what is over or today stays where it is."""
    problem = read_problem(raw)
    since = max(problem.frozen_before or date.min, today + timedelta(1))
    return replace(problem, plan=plan.events, frozen_before=since)


def read_moves(text: str) -> tuple[PlacedEvent, ...]:
    """The moves that a page offered, as `written_moves` writes them. Raises BadInputError."""
    try:
        data = json.loads(text or "[]") if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        data = None
    return whole(data, "list of moves", lambda value: value.each(read_placed))


def written_moves(moves: Iterable[PlacedEvent]) -> str:
    """Moves as a form carries them."""
    return json.dumps(
        [{"event": one.event, "date": str(one.date), "slot": one.slot, "host": one.host} for one in moves]
    )


def mended(plan: Plan, moves: Iterable[PlacedEvent]) -> Plan:
    """The plan with these events at other places. What was proved of it no longer holds."""
    now = {each.event: each for each in moves}
    return Plan("feasible", tuple(now.get(each.event, each) for each in plan.events), {})


def against(judged: Judgement, raw: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What rules a plan breaks, in sentences; the first few."""
    told = []
    for each in judged.violations[:MOST_TOLD]:
        because = in_words(each.because.partition(": ")[2] or each.because, names)
        told.append(f"{event_name(each.events[0], raw, names)} cannot be: {because}" if each.events else because)
    told += [f"{event_name(name, raw, names)} has no date." for name in judged.missing[:MOST_TOLD]]
    return " ".join(told)
