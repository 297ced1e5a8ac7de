"""What is missing is found with whose turn it is; each is asked once, and not again within days."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.actions.access import operator
from app.actions.funding import chasing
from app.domain.access import Role
from app.domain.funding.missing import SUBJECT, What
from app.kit.errors import BadInputError
from app.kit.periods import spoken, spoken_date
from app.models.mail import Message
from app.models.stages import Enrolment
from app.pages._parts import Asked
from app.pages.funding import home
from app.store.database import Database
from app.store.funding import missing
from tests.makers import NOW, YEAR, a_group, a_hub, a_meeting, a_person

LATER = NOW + timedelta(days=1)


async def test_each_is_asked_once_for_what_is_missing_and_not_again_within_days(database: Database) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        team = await a_group(db, hub)
        held = await a_meeting(db, team, day=(NOW - timedelta(days=3)).date())
        head = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[0].urn)
        for school in team.schools:
            kept = Enrolment(
                hub_id=hub.id,
                urn=school.urn,
                programme_id=team.group.programme_id,
                year=YEAR,
                kind="development",
                state="active",
            )
            db.add(kept)
    async with database.transaction(hub.id) as db:
        actor = operator(db, hub.id, hub.code, NOW)
        found = await missing.of_year(db, actor.member, YEAR, NOW)
        told = {(one.what, one.urn): [turn.person_id for turn in one.turns] for one in found}
        assert told == {
            (What.AGREEMENT, team.schools[0].urn): [head.id],
            (What.AGREEMENT, team.schools[1].urn): [],
            (What.ATTENDANCE, held.urn): [team.leader.id],
        }
        _, count = await chasing.chase(actor, YEAR, None)
        assert count == 2
        sent = (await db.execute(select(Message).where(col(Message.subject) == SUBJECT))).scalars().all()
        assert {one.person_id for one in sent} == {head.id, team.leader.id}
        assert all("{page0}" in one.text and set(one.links) == {"page0"} for one in sent)
        assert (await missing.asked(db, hub.id)).keys() == {head.id, team.leader.id}
        page = await home.load(db, actor.member, Asked("/", {"year": str(YEAR)}), NOW)
        said = f"Asked on {spoken_date(NOW.date())}"
        assert page.asked == f"Somebody was last asked on {spoken(NOW)}."
        assert sorted(one.asked for one in page.missing) == ["", said, said]
        with pytest.raises(BadInputError, match="nobody to write to"):
            await chasing.chase(operator(db, hub.id, hub.code, LATER), YEAR, None)
        again = operator(db, hub.id, hub.code, NOW + timedelta(days=4))
        assert next(iter(await chasing.whom(again, YEAR, What.AGREEMENT))).person_id == head.id
