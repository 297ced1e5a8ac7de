"""What a plan lets through although a rule is against it, in sentences."""

from datetime import date

from app.domain.schedule.worst import event_name
from app.kit.periods import spoken_date
from app.store.schedule.proposals import ProposalRow

HALVES = {"am": "morning", "pm": "afternoon"}


def let_through(row: ProposalRow) -> tuple[str, ...]:
    """Each date that was fixed for this plan: what it is for, when, and where."""
    said = []
    for one in row.exceptions:
        host = one.get("host")
        where = f" at {row.names.get(host, host)}" if host else ""
        what = event_name(one["event"], row.problem, row.names)
        said.append(f"{what}: the {HALVES[one['slot']]} of {spoken_date(date.fromisoformat(one['date']))}{where}.")
    return tuple(said)
