"""A number that stands for fewer than five people is not shown (docs/rules/notes.md, Who reads)."""

from collections.abc import Mapping

from app.domain.notes import frameworks_counts

FLOOR = frameworks_counts.FLOOR


def shown(people: Mapping[str, int]) -> dict[str, int | None]:
    """For parts of one whole, by how many people each stands for: the same, None where it is kept back.

    Whoever knows the whole must not work a hidden part out by subtraction, so that others are kept back with it.
    """
    return dict(zip(people, frameworks_counts.shown(list(people.values())).cells, strict=True))


def alone(count: int, people: int) -> int | None:
    """A count that is part of no whole, such as of a theme: None where it stands for fewer people than the floor."""
    return count if people >= FLOOR else None
