"""The rows of a small world that the ladder keeps: a school on its way, what it agreed, and what stands in its way."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.models.meetings import Event
from app.models.stages import (
    ActionPlan,
    Agreement,
    AgreementText,
    Approach,
    Barrier,
    ConditionReview,
    CriteriaSet,
    Enrolment,
    HubSnapshot,
    PlanAction,
    SchoolChange,
    StageMove,
)
from tests.makers import NOW, YEAR, Team, number

DUE = date(2027, 1, 15)


async def rows_of_stages(db: AsyncSession, team: Team, event: Event) -> dict[str, str]:
    """One row of each kind that an address can name, by the word before it."""
    hub_id, urn = team.group.hub_id, team.schools[0].urn
    programme = team.group.programme_id
    enrolment = Enrolment(hub_id=hub_id, urn=urn, programme_id=programme, year=YEAR, kind="development", state="active")
    enrolment.group_id = team.group.id
    criteria = CriteriaSet(hub_id=hub_id, kind="development", version=number(), made_at=NOW)
    words = AgreementText(hub_id=hub_id, kind="development", version=number(), text="We take part.", made_at=NOW)
    db.add_all([enrolment, criteria, words])
    await db.flush()
    move, signed = await _settled(db, enrolment, criteria)
    plan = ActionPlan(hub_id=hub_id, urn=urn, year=YEAR, made_at=NOW)
    kept = [
        Approach(hub_id=hub_id, year=YEAR + 1, urn=urn, kind="development", invited_on=NOW.date(), made_at=NOW),
        ConditionReview(hub_id=hub_id, urn=urn, day=NOW.date(), made_at=NOW),
        Barrier(hub_id=hub_id, urn=urn, lever="schedules", what="No time.", owner="Head", due=DUE, made_at=NOW),
        SchoolChange(hub_id=hub_id, urn=urn, kind="closed", found_at=NOW),
        HubSnapshot(hub_id=hub_id, year=YEAR, day=NOW.date(), name="Half term", taken_at=NOW),
    ]
    db.add_all([plan, *kept])
    await db.flush()
    action = PlanAction(hub_id=hub_id, plan_id=plan.id, what="Talk first.", event_id=event.id, item="1", made_at=NOW)
    db.add(action)
    await db.flush()
    words_before = ("approaches", "conditions", "barriers", "register", "snapshots")
    return {
        **{word: str(one.id) for word, one in zip(words_before, kept, strict=True)},
        "enrolments": str(enrolment.id),
        "criteria": str(criteria.id),
        "agreement-texts": str(words.id),
        "moves": str(move.id),
        "agreements": str(signed.id),
        "actions": str(action.id),
        "specialists": str(team.leader.id),
        "picture": "map",
        "rules": "absences",
        "kinds": "development",
        "plan": str(YEAR),
    }


async def _settled(db: AsyncSession, enrolment: Enrolment, criteria: CriteriaSet) -> tuple[StageMove, Agreement]:
    """A move that somebody proposed, and the agreement that a head signed."""
    move = StageMove(
        hub_id=enrolment.hub_id,
        urn=enrolment.urn,
        from_id=enrolment.id,
        to_programme_id=enrolment.programme_id,
        state="proposed",
        criteria_id=criteria.id,
        proposed_at=NOW,
    )
    signed = Agreement(
        hub_id=enrolment.hub_id,
        enrolment_id=enrolment.id,
        text="We take part.",
        name="A Head",
        part="Headteacher",
        how="page",
        signed_on=NOW.date(),
        signed_at=NOW,
        digest=b"",
        pdf=b"%PDF-1.7",
    )
    db.add_all([move, signed])
    await db.flush()
    return move, signed
