"""The names of evidence: what a fact's id says, and what it leads to.

`attendance/EVENT/GUEST`, `event/EVENT`, `agreement/AGREEMENT`, `enrolment/ENROLMENT`, `evaluation/ENROLMENT`,
`travel/EVENT/PERSON`, `link/URN/URN`. What the plan holds and has not happened yet begins with `plan/`.
"""

from typing import NamedTuple

PLAN = "plan/"
KINDS = {
    "attendance": "Who came",
    "event": "The meeting or visit",
    "agreement": "The agreement",
    "enrolment": "The enrolment",
    "evaluation": "The evaluation",
    "travel": "How far it was",
    "link": "The school's numbers",
}


class Evidence(NamedTuple):
    """One piece of evidence: its kind and the ids that find it; `planned` where it has not happened yet."""

    kind: str
    ids: tuple[str, ...]
    planned: bool = False


def named(kind: str, *ids: object) -> str:
    """The id of a fact of this kind of evidence."""
    return "/".join((kind, *map(str, ids)))


def planned(name: str) -> str:
    """The same of what is planned."""
    return f"{PLAN}{name}"


def read(name: str) -> Evidence | None:
    """What an id says; None for what never was one, such as evidence that was brought from elsewhere."""
    kind, *ids = name.removeprefix(PLAN).split("/")
    return Evidence(kind, tuple(ids), name.startswith(PLAN)) if kind in KINDS and all(ids) and ids else None
