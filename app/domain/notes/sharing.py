"""Sharing a reflection: by its writer, with whoever leads their Work Groups, until taken back or the year ends.

Source: docs/rules/notes-forms.md.
"""

from collections.abc import Sequence
from datetime import datetime, time

from app.kit.periods import academic_year, in_london, london, year_span


def shared_since(now: datetime) -> datetime:
    """What was shared before this moment is not shared any more: those who lead this year are others."""
    return london(year_span(academic_year(in_london(now).date()))[0], time(0))


def is_shared(shared_at: datetime | None, now: datetime) -> bool:
    """Whether somebody else may read it now."""
    return shared_at is not None and shared_at >= shared_since(now)


def readers(leads: Sequence[tuple[str, str]]) -> str:
    """Whoever could read it, by name and Work Group, as the subject of a sentence."""
    said = [f"{name}, who leads {code}," for name, code in leads]
    return said[0] if len(said) == 1 else f"{' '.join(said[:-1])} and {said[-1]}"
