"""A proposal as the pages read it: found or not, its state in words, its events."""

import uuid
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.changes import Planned, planned_events
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.store.schedule import proposals
from app.store.schedule.proposals import ProposalRow

STATES = {
    "waiting": "Waiting its turn",
    "solving": "Being planned",
    "ready": "Ready to look at",
    "impossible": "No plan exists",
    "failed": "Broken off",
    "accepted": "Accepted",
    "set aside": "Set aside",
}


async def known(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalRow:
    """The proposal of the member's hub; raises NotFoundError."""
    row = await proposals.whole(db, member.hub_id, proposal_id)
    if row is None:
        raise NotFoundError
    return row


def state_of(status: str, sent_at: object | None) -> str:
    """The state of a proposal in words: a plan that is ready may have its dates held."""
    return "Dates are held" if status == "ready" and sent_at else STATES[status]


def events_of(row: ProposalRow) -> list[Planned]:
    """The plan's events; none before there is a plan."""
    placed = (row.plan or {}).get("events", ())
    return planned_events(
        row.problem, [(one["event"], date.fromisoformat(one["date"]), one["slot"], one.get("host")) for one in placed]
    )


def read_year(text: str) -> int:
    """The academic year that a form sends; raises BadInputError."""
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100):
        fault = Fault("year", "Give the year in which the academic year begins, like 2026.")
        raise BadInputError("There is no such academic year.", (fault,))
    return int(text)
