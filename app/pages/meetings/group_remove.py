"""The question before a Work Group that was made by mistake goes."""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.meetings.groups import STAYS
from app.kit.errors import ConflictError
from app.kit.periods import spoken_year
from app.pages._parts import Confirm
from app.pages.meetings.group_forms import GroupConfirmPage, mine
from app.store.meetings import groups


async def confirm_group(db: AsyncSession, member: Member, group_id: uuid.UUID) -> GroupConfirmPage:
    """What goes with the Work Group. Raises NotFoundError, ForbiddenError, ConflictError when it has had dates."""
    group = await mine(db, member, group_id)
    if await groups.has_dates(db, group_id):
        raise ConflictError(STAYS.format(code=group.code))
    schools = [one.name for one in await groups.schools(db, group)]
    people = [one.name for one in await groups.takers(db, group_id)]
    here = f"/hubs/{member.hub_code}/groups/{group.id}"
    return GroupConfirmPage(
        Confirm(
            question=f"Remove {group.code} from {spoken_year(group.year)}?",
            happens=(
                f"{', '.join(schools)} are in it no longer." if schools else "No school is in it.",
                f"{', '.join(people)} take part in it no longer." if people else "Nobody takes part in it.",
                "Visits that belong to it are planned no more. Schools and people stay in the hub.",
                "It has no dates, so nothing leaves anybody's calendar.",
            ),
            action=f"{here}/remove",
            submit="Remove this Work Group",
            back=here,
        )
    )
