"""What the ledger asks of somebody today: queries to answer, statements and adjustments that need a second person."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.pages._parts import Need
from app.store.funding import waiting


async def money_needs(db: AsyncSession, member: Member) -> list[Need]:
    """One line for each kind of thing that waits for this member, in one statement; none for who cannot act."""
    if not member.reaches(Can.CLAIM) and not member.reaches(Can.APPROVE_CLAIM):
        return []
    home = f"/hubs/{member.hub_code}"
    counts = await waiting.for_person(db, member.hub_id, member.person_id)
    kinds = (
        (counts.queries, Can.CLAIM, "queried line", "for an answer", "Answer", "/queries?state=waiting"),
        (
            counts.statements,
            Can.APPROVE_CLAIM,
            "closed statement",
            "for a second person to approve",
            "Look at what it claims",
            "/statements?state=closed",
        ),
        (
            counts.adjustments,
            Can.APPROVE_CLAIM,
            "adjustment",
            "for a second person to agree",
            "Look at the reason",
            "/adjustments?state=proposed",
        ),
    )
    return [
        Need(f"{_counted(count, what)} {until}.", does, f"{home}{where}", urgency="soon")
        for count, can, what, until, does, where in kinds
        if count and member.reaches(can)
    ]


def _counted(count: int, what: str) -> str:
    return f"1 {what} waits" if count == 1 else f"{count:,} {what}s wait"
