"""How a hub changes what its stages ask for: a draft, tried on last year's schools, published, never changed again."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.domain.stages.criteria import DEFAULTS, KNOWN, differences, faults_of, from_data, to_data
from app.models.hubs import Hub
from app.models.stages import Agreement, CriteriaSet, Enrolment, StageMove
from app.store.database import Database
from app.store.stages import criteria
from tests import makers
from tests.makers import NOW, YEAR

JSON = {"accept": "application/json"}
HOME = "/hubs/MOOR/criteria"


async def a_lead(database: Database, client: httpx.AsyncClient) -> tuple[Hub, str]:
    async with database.transaction() as db:
        hub = await makers.a_hub(db, code="MOOR")
        return hub, await makers.sign_in(db, client, await makers.a_person(db, hub, Role.HUB_LEAD))


async def last_year(db: AsyncSession, hub: Hub, states: dict[str, tuple[str, bool]]) -> dict[str, Enrolment]:
    """Schools in Mastery Readiness of last year by name: (state, whether the agreement was signed)."""
    programme = await makers.a_programme(db, hub, "readiness", name="Mastery Readiness")
    programme.year = YEAR - 1
    made = {}
    for name, (state, signed) in states.items():
        school = await makers.a_school(db, hub, name=name)
        one = Enrolment(
            hub_id=hub.id, urn=school.urn, programme_id=programme.id, year=YEAR - 1, kind="readiness", state=state
        )
        db.add(one)
        await db.flush()
        if signed:
            paper: dict[str, Any] = {
                "name": "H",
                "part": "Head",
                "how": "paper",
                "digest": b"",
                "pdf": b"",
                "signed_at": NOW,
            }
            db.add(Agreement(hub_id=hub.id, enrolment_id=one.id, signed_on=date(2025, 9, 8), **paper))
        made[name] = one
    await db.flush()
    return made


@pytest.mark.parametrize("kind", DEFAULTS)
def test_what_ships_is_kept_and_read_without_loss(kind: str) -> None:
    shipped = DEFAULTS[kind]
    assert from_data(kind, 1, to_data(shipped.items)) == shipped
    assert not [fault for one in shipped.items for fault in faults_of(one)]
    assert all(one.says.endswith(".") for one in shipped.items)
    assert not differences(shipped, shipped)


def test_numbers_that_make_no_sense_are_told() -> None:
    assert faults_of(KNOWN["attendance"](least=6, of=5)) == {
        "least": "Enter at most 5: nobody comes to more meetings than there are."
    }
    assert faults_of(KNOWN["areas"](areas=6, level="thriving", months=True)).keys() == {"areas", "level", "months"}


async def test_a_draft_is_written_and_says_what_it_changes(database: Database, client: httpx.AsyncClient) -> None:
    _, csrf = await a_lead(database, client)
    page = await client.get(HOME)
    assert page.text.count("As it ships") == 5
    assert "At least 6 visits held, each with its record." in page.text
    editor = (await client.get(f"{HOME}/kinds/readiness", headers=JSON)).json()
    assert (editor["version"], editor["draft_href"]) == (2, "")
    wrong = {"csrf": csrf, "stamp": "", "visits": "yes", "visits.least": "many", "areas.areas": "9"}
    refused = await client.post(f"{HOME}/kinds/readiness", data=wrong)
    assert refused.status_code == 422
    assert refused.text.count("Enter a whole number from 1 to 40.") == 2
    assert 'value="many"' in refused.text
    nothing = await client.post(f"{HOME}/kinds/readiness", data={"csrf": csrf, "stamp": ""})
    assert "Choose at least one criterion" in nothing.text
    saved = await client.post(f"{HOME}/kinds/readiness", data={"csrf": csrf, "stamp": "", "agreement": "yes"})
    assert saved.status_code == 303
    draft = saved.headers["location"]
    second = {"csrf": csrf, "stamp": "", "plan": "yes"}
    assert (await client.post(f"{HOME}/kinds/readiness", data=second)).status_code == 412
    shown = (await client.get(draft, headers=JSON)).json()
    assert (shown["version"], shown["is_draft"], shown["says"]) == (2, True, ["The agreement is signed."])
    assert "No longer asked: No open barrier of high weight." in shown["changes"]


async def test_a_draft_is_tried_on_last_years_schools_and_published_for_good(
    database: Database, client: httpx.AsyncClient
) -> None:
    hub, csrf = await a_lead(database, client)
    saved = await client.post(f"{HOME}/kinds/readiness", data={"csrf": csrf, "stamp": "", "agreement": "yes"})
    draft = saved.headers["location"]
    async with database.transaction(hub.id) as db:
        known = await last_year(
            db, hub, {"Ash": ("completed", True), "Birch": ("completed", False), "Cedar": ("withdrawn", True)}
        )
        shipped_id = await criteria.kept(db, hub.id, "readiness", NOW)
        for name, state in (("Ash", "agreed"), ("Birch", "proposed")):
            one = known[name]
            move = StageMove(
                hub_id=hub.id, urn=one.urn, from_id=one.id, state=state, proposed_at=NOW, criteria_id=shipped_id
            )
            move.to_programme_id = one.programme_id
            db.add(move)
    tried = (await client.get(f"{draft}/try", headers=JSON)).json()
    assert tried["says"] == [
        "Of 3 schools in Mastery Readiness in 2025/26, 2 would have met it by Monday 31 August 2026.",
        "2 moved on or completed in truth. Of these, 1 would have met it and 1 would not.",
        "1 did neither. It would have met it.",
        "2 schools that would have met it do not meet version 1, which is in use.",
    ]
    assert [(one["school"], one["would"], one["truth"], one["differs"]) for one in tried["lines"]] == [
        ("Ash", True, "Moved on", False),
        ("Birch", False, "Completed", True),
        ("Cedar", True, "Withdrew", True),
    ]
    sheet = (await client.get(f"{draft}/try?format=csv&show=would-not")).text
    assert "Birch,no,no,Completed,Agreement signed" in sheet
    assert "Ash" not in sheet
    asks = await client.get(f"{draft}/publish")
    assert "The move that is proposed now keeps the version it was proposed with." in asks.text
    stamp = (await client.get(f"{draft}/publish", headers=JSON)).json()["confirm"]["kept"][0][1]
    assert (await client.post(f"{draft}/publish", data={"csrf": csrf, "stamp": "x"})).status_code == 412
    assert (await client.post(f"{draft}/publish", data={"csrf": csrf, "stamp": stamp})).status_code == 303
    for tail in ("publish", "discard"):
        assert (await client.get(f"{draft}/{tail}")).status_code == 409
        assert (await client.post(f"{draft}/{tail}", data={"csrf": csrf, "stamp": stamp})).status_code == 409
    async with database.transaction(hub.id) as db:
        used = await criteria.in_use(db, hub.id)
        assert [one.kind for one in used["readiness"][1].items] == ["agreement"]
        assert used["development"][0] is None
        waiting = await db.get_one(CriteriaSet, shipped_id)
        assert waiting.version == 1


async def test_a_draft_is_discarded_and_another_hubs_is_not_found(
    database: Database, client: httpx.AsyncClient
) -> None:
    _, csrf = await a_lead(database, client)
    saved = await client.post(f"{HOME}/kinds/sustaining", data={"csrf": csrf, "stamp": "", "agreement": "yes"})
    draft = saved.headers["location"]
    assert "A draft waits" in (await client.get(HOME)).text
    assert (await client.post(f"{draft}/discard", data={"csrf": csrf})).status_code == 303
    assert (await client.get(draft)).status_code == 404
    async with database.transaction() as db:
        other = await makers.a_hub(db, code="FEN")
        theirs = CriteriaSet(hub_id=other.id, kind="sustaining", version=2, made_at=NOW)
        db.add(theirs)
    for tail in ("", "/try", "/publish", "/discard"):
        assert (await client.get(f"{HOME}/{theirs.id}{tail}")).status_code == 404
        assert (await client.get(f"{HOME}/x{tail}")).status_code == 404
    assert (await client.get(f"{HOME}/kinds/strange")).status_code == 404
