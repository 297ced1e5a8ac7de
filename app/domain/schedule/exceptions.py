"""Places a lead lets through although a rule is against them: fixed in the problem, pinned in the calendar."""

from collections.abc import Iterable, Mapping
from typing import Any


def excepted(problem: Mapping[str, Any], exceptions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The problem with these places fixed as well (R9 excuses them); an event that is pinned already stays there."""
    pinned = {one["event"] for one in problem["fixed"]}
    return {**problem, "fixed": [*problem["fixed"], *(dict(one) for one in exceptions if one["event"] not in pinned)]}
