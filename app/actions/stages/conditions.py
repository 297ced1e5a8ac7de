"""A system conditions review with a school's leaders: what blocks becomes a barrier in the same step."""

import uuid

from app.actions.access import Actor
from app.actions.stages import barriers as naming
from app.actions.stages.barriers import Found
from app.domain.stages.conditions import ReviewChange, snapshot
from app.domain.stages.ladder import Did, standing
from app.kit.periods import academic_year
from app.models.stages import ConditionReview
from app.store.stages import conditions, steps
from app.store.stages.steps import Taken


async def review(actor: Actor, urn: int, new: ReviewChange) -> tuple[uuid.UUID, int]:
    """Keep a review, its barriers and the step; returns the review and how many barriers it found.

    Raises NotFoundError, ForbiddenError, BadInputError for an owner who is no leader; then nothing is kept.
    """
    school = await naming.planned_with(actor, urn)
    made = ConditionReview(
        hub_id=actor.member.hub_id,
        urn=urn,
        day=new.day,
        by_id=actor.person_id,
        present=new.present,
        levers=new.levers,
        conditions=new.conditions,
        questions=new.questions,
        made_at=actor.now,
    )
    await conditions.add(actor.db, made)
    found = [await naming.name_barrier(actor, urn, one, Found(review_id=made.id)) for one in new.barriers]
    enrolled = await conditions.enrolment_of(actor.db, actor.member.hub_id, urn, academic_year(new.day))
    stands = standing(enrolled, academic_year(new.day))
    taken = Taken(
        actor.member.hub_id,
        urn,
        Did.REVIEWED,
        new.day,
        actor.now,
        actor.person_id,
        stands.id if stands else None,
        snapshot=snapshot(new, made.id, found),
    )
    await steps.add(actor.db, taken)
    await actor.record("Reviewed", f"system conditions of {school}", urn=urn, review=str(made.id))
    return made.id, len(found)
