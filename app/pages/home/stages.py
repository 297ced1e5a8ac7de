"""What the ladder asks of somebody today: moves to agree, barriers over their day, schools that are gone."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.pages._parts import Need
from app.store.stages import moves, register_changes


async def ladder_needs(db: AsyncSession, member: Member, _now: datetime) -> list[Need]:
    """One line for each kind of thing that waits, each counted by one statement and only for those who can act."""
    return [*await _moves(db, member), *await _gone(db, member)]


async def _moves(db: AsyncSession, member: Member) -> list[Need]:
    if not member.reaches(Can.AGREE_MOVE):
        return []
    count = await moves.waiting(db, member.hub_id, member.person_id)
    if not count:
        return []
    says = "1 move to another stage waits" if count == 1 else f"{count:,} moves to another stage wait"
    where = f"/hubs/{member.hub_code}/moves?state=proposed"
    return [Need(f"{says} for a second person to agree.", "Look at the evidence", where, urgency="soon")]


async def _gone(db: AsyncSession, member: Member) -> list[Need]:
    if not member.reaches(Can.EDIT_STAGES):
        return []
    count = await register_changes.waiting(db, member.hub_id)
    if not count:
        return []
    says = "1 school is gone by the national register" if count == 1 else f"{count:,} schools are gone by the register"
    where = f"/hubs/{member.hub_code}/register?state=open"
    return [Need(f"{says}, and something of your hub pointed there.", "Look what follows", where, urgency="soon")]
