"""What the ladder asks of somebody today: moves to agree, barriers over their day, schools that are gone."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages._parts import Need
from app.store.stages import agreements, barriers, entitlement, moves, plans, register_changes, unenrolled


async def ladder_needs(db: AsyncSession, member: Member, now: datetime) -> list[Need]:
    """One line for each kind of thing that waits, each in a fixed number of statements, for those who can act."""
    return [
        *await _moves(db, member),
        *await _unenrolled(db, member, now),
        *await _gone(db, member),
        *await _agreements(db, member),
        *await _school(db, member, now),
        *await _visits(db, member, now),
    ]


async def _moves(db: AsyncSession, member: Member) -> list[Need]:
    if not member.reaches(Can.AGREE_MOVE):
        return []
    count = await moves.waiting(db, member.hub_id, member.person_id)
    if not count:
        return []
    says = "1 move to another stage waits" if count == 1 else f"{count:,} moves to another stage wait"
    where = f"/hubs/{member.hub_code}/moves?state=proposed"
    return [Need(f"{says} for a second person to agree.", "Look at the evidence", where, urgency="soon")]


async def _unenrolled(db: AsyncSession, member: Member, now: datetime) -> list[Need]:
    """Schools that came into Work Groups and that nobody has enrolled: no import does."""
    if not member.reaches(Can.EDIT_STAGES):
        return []
    count = await unenrolled.count(db, member.hub_id, academic_year(in_london(now).date()))
    if not count:
        return []
    says = (
        "1 school takes part in a Work Group and is"
        if count == 1
        else (f"{count:,} schools take part in a Work Group and are")
    )
    return [Need(f"{says} not enrolled.", "Look through them", f"/hubs/{member.hub_code}/enrolments/from-groups")]


async def _gone(db: AsyncSession, member: Member) -> list[Need]:
    if not member.reaches(Can.EDIT_STAGES):
        return []
    count = await register_changes.waiting(db, member.hub_id)
    if not count:
        return []
    says = "1 school is gone by the national register" if count == 1 else f"{count:,} schools are gone by the register"
    where = f"/hubs/{member.hub_code}/register?state=open"
    return [Need(f"{says}, and something of your hub pointed there.", "Look what follows", where, urgency="soon")]


async def _agreements(db: AsyncSession, member: Member) -> list[Need]:
    """To a head what they can sign; to the office how many schools of a year have not signed."""
    home = f"/hubs/{member.hub_code}"
    if member.reaches(Can.SIGN_AGREEMENT):
        return [
            Need(
                f"The agreement of {one.school} for {one.programme} in {spoken_year(one.year)} waits for you.",
                "Read and sign it",
                f"{home}/enrolments/{one.enrolment_id}/agreement",
                urgency="soon",
            )
            for one in await agreements.waiting(db, member)
        ]
    if not member.reaches(Can.EDIT_STAGES):
        return []
    return [
        Need(
            f"{'1 school has' if count == 1 else f'{count:,} schools have'} not signed the agreement for "
            f"{spoken_year(year)}.",
            "See which, and remind them",
            f"{home}/agreements?year={year}&state=waits",
        )
        for year, count in (await agreements.count_waiting(db, member.hub_id)).items()
    ]


async def _school(db: AsyncSession, member: Member, now: datetime) -> list[Need]:
    """Barriers past their day to whoever sees to them; to a head also the plans that wait for them."""
    if not member.reaches(Can.PLAN_SCHOOL):
        return []
    home, today = f"/hubs/{member.hub_code}", in_london(now).date()
    needs = []
    if late := await barriers.overdue(db, member, today):
        says = "1 barrier is past its day" if late == 1 else f"{late:,} barriers are past their day"
        needs.append(Need(f"{says}.", "See who sees to it", f"{home}/barriers?state=open&overdue=yes", urgency="late"))
    if member.reaches(Can.AGREE_PLAN):
        needs += [
            Need(
                f"An action plan for {spoken_year(year)} waits for you to agree it.",
                "Read the plan",
                f"{home}/schools/{urn}/plan/{year}",
                urgency="soon",
            )
            for urn, year in await plans.waiting(db, member, academic_year(today))
        ]
    return needs


async def _visits(db: AsyncSession, member: Member, now: datetime) -> list[Need]:
    """Visits left to book this half term, to whoever makes them: ten statements."""
    if Reach.GROUP not in member.reaches(Can.SEE_STAGES):
        return []
    left = await entitlement.left_now(db, member.hub_id, member.person_id, now)
    if not left:
        return []
    says = "1 visit is" if left == 1 else f"{left:,} visits are"
    where = f"/hubs/{member.hub_code}/this-half-term"
    return [Need(f"{says} left to book this half term.", "See at which schools", where, urgency="soon")]
