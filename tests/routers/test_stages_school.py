"""A school's journey, barriers, reviews and plan, as those who may see them do."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Event, Participant, WorkGroup
from app.models.notes import Evidence, GapTask, NoteVersion
from app.models.people import Person
from app.models.schools import SchoolLink
from app.models.stages import ActionPlan, Barrier, ConditionReview, Enrolment, PlanAction, StageStep
from app.store.database import Database
from tests.makers import NOW, YEAR, Team, a_group, a_hub, a_meeting, a_person, a_programme, a_record, a_school, sign_in
from tests.routers.statements import statements

JSON = {"accept": "application/json"}
PAST = date(2026, 11, 12)
SENTENCE = "Two teachers planned fractions together."


@dataclass
class Scene:
    """Wilf leads the Work Group and visits the school; Jo takes part for it; Hugh heads it; Cora is of the office."""

    database: Database
    client: httpx.AsyncClient
    hub_id: uuid.UUID
    urn: int
    visit: uuid.UUID
    people: dict[str, Person]
    csrf: str = ""

    async def be(self, name: str) -> None:
        async with self.database.transaction(self.hub_id) as db:
            self.csrf = await sign_in(db, self.client, self.people[name])

    @property
    def school(self) -> str:
        return f"/hubs/MOOR/schools/{self.urn}"

    async def post(self, path: str, **form: object) -> httpx.Response:
        return await self.client.post(path, data={**form, "csrf": self.csrf}, headers=JSON)

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers=JSON)

    async def stored(self, of: Any) -> list[Any]:
        async with self.database.transaction(self.hub_id) as db:
            return list((await db.execute(select(of))).scalars())


async def a_visited_school(database: Database, client: httpx.AsyncClient) -> Scene:
    async with database.transaction() as db:
        hub = await a_hub(db, code="MOOR")
        programme = await a_programme(db, hub, "readiness", name="Mastery Readiness")
        team = await a_group(db, hub, programme=programme)
        wilf, (jo, _) = team.leader, team.participants
        wilf.name, jo.name = "Wilf Brook", "Jo Pascoe"
        urn = team.schools[0].urn
        people = {"Wilf": wilf, "Jo": jo}
        people["Hugh"] = await a_person(db, hub, Role.HEADTEACHER, head_of=urn, name="Hugh Head")
        people["Cora"] = await a_person(db, hub, Role.COORDINATOR, name="Cora Lane")
        people["Hera"] = await a_person(db, hub, Role.HEADTEACHER, head_of=team.schools[1].urn, name="Hera Head")
        visit = await _a_visit(db, team)
        enrolment: dict[str, Any] = {"programme_id": programme.id, "year": YEAR, "kind": "readiness", "state": "active"}
        db.add(Enrolment(hub_id=hub.id, urn=urn, group_id=team.group.id, began_on=date(2026, 9, 10), **enrolment))
        return Scene(database, client, hub.id, urn, visit.id, people)


async def _a_visit(db: AsyncSession, team: Team) -> Event:
    """A visit that was held, its record submitted: an area, a lever, a barrier and a gap task."""
    visit = await a_meeting(db, team, PAST, kind="visit", status="held")
    visit.group_id = None
    written = {
        "areas#vision.evidence": SENTENCE,
        "areas#vision.stands": "developing",
        "areas#vision.next_step": "Write down why we teach maths so.",
        "barriers#b1.what": "Assembly cuts the lesson short.",
        "barriers#b1.lever": "schedules",
    }
    await a_record(db, visit, team.leader, "submitted", **written)
    version = (await db.execute(select(NoteVersion))).scalar_one()
    facts: dict[str, Any] = {"hub_id": visit.hub_id, "event_id": visit.id, "version_id": version.id, "urn": visit.urn}
    found = (("reviewed", "vision", {"stands": "developing"}), ("blocked", "b1", {"lever": "schedules"}))
    for kind, key, said in found:
        db.add(Evidence(**facts, kind=kind, key=key, facts=said, day=PAST, made_at=NOW))
    jo = team.participants[0]
    db.add(GapTask(event_id=visit.id, item="t1", hub_id=visit.hub_id, person_id=jo.id, what="Try bar models."))
    await db.flush()
    return visit


async def test_the_journey_is_one_line_with_what_is_left_for_head_specialist_and_office_and_nobody_else(
    app: FastAPI, database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_visited_school(database, client)
    async with database.transaction(scene.hub_id) as db:
        before = await a_school(db, name="Old Vale Primary")
        db.add(SchoolLink(urn=scene.urn, other_urn=before.urn, kind="Predecessor"))
        programme = (await db.execute(select(col(Enrolment.programme_id)))).scalar_one()
        of_old: dict[str, Any] = {"programme_id": programme, "year": 2025, "kind": "readiness", "state": "completed"}
        db.add(Enrolment(hub_id=scene.hub_id, urn=before.urn, completed_on=date(2026, 7, 10), **of_old))
        group_id = (await db.execute(select(col(WorkGroup.id)))).scalar_one()
        gone = await a_person(db, await db.get_one(Hub, scene.hub_id), Role.PARTICIPANT, name="Olive Gone")
        db.add(Participant(group_id=group_id, person_id=gone.id, urn=before.urn, hub_id=scene.hub_id))
    for name in ("Hugh", "Wilf", "Cora"):
        await scene.be(name)
        told = (await scene.get(f"{scene.school}/journey")).json()
        assert told["before"] == ["Old Vale Primary"], name
        assert len(told["line"]["bars"]) == 2
        assert any(mark["shape"] == "visit-held" for mark in told["line"]["marks"])
        assert {one["line"]["state"] for one in told["now"]["left"]} <= {"missing", "partly", "expired"}
        assert all(one["who"] for one in told["now"]["left"])
        named = ["Jo Pascoe", "1 more"] if name == "Hugh" else ["Jo Pascoe", "Olive Gone"]
        assert told["people"][0]["here"] == named
        old_links = {one["href"] for one in told["moments"] if one["school"] == "Old Vale Primary"}
        assert (old_links == {""}) is (name != "Cora")
        assert "1 barrier is named in records" in str(told["needs"])
    page = await client.get(f"{scene.school}/journey")
    assert 'role="img" aria-label=' in page.text
    with statements(app) as first:
        await scene.get(f"{scene.school}/journey")
    async with database.transaction(scene.hub_id) as db:
        db.add_all(
            Barrier(hub_id=scene.hub_id, urn=scene.urn, lever="marking", what="x", owner="Head", due=PAST, made_at=NOW)
            for _ in range(5)
        )
    with statements(app) as second:
        await scene.get(f"{scene.school}/journey")
    assert len(first) == len(second)
    svg = await client.get(f"{scene.school}/journey?format=svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "Old Vale" not in svg.text
    assert "visit-held" in svg.text
    sheet = await client.get(f"{scene.school}/journey?format=csv")
    assert "Visit by Wilf Brook" in sheet.text
    for name, status in (("Hera", 404), ("Jo", 403)):
        await scene.be(name)
        for path in ("journey", "areas", "conditions", f"plan/{YEAR}"):
            assert (await scene.get(f"{scene.school}/{path}")).status_code == status, (name, path)


async def test_areas_tell_where_the_school_stands_and_the_sentence_only_to_readers(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_visited_school(database, client)
    for name, reads in (("Wilf", True), ("Cora", False), ("Hugh", False)):
        await scene.be(name)
        told = await scene.get(f"{scene.school}/areas")
        assert "Developing" in told.text
        assert (SENTENCE in told.text) is reads, name
        assert SENTENCE not in (await scene.get(f"{scene.school}/areas?format=csv")).text
        form = await scene.get(f"{scene.school}/barriers/new?event={scene.visit}&item=b1")
        assert ("Assembly cuts" in form.text) is reads, name
    async with database.transaction(scene.hub_id) as db:
        version = (await db.execute(select(NoteVersion))).scalar_one()
        version.agreed_at = NOW
    assert SENTENCE in (await scene.get(f"{scene.school}/areas")).text  # Hugh reads what is agreed
    await scene.be("Cora")
    assert SENTENCE not in (await scene.get(f"{scene.school}/areas")).text


async def test_a_barrier_belongs_to_a_leader_from_its_record_to_its_end(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_visited_school(database, client)
    await scene.be("Wilf")
    new = f"{scene.school}/barriers/new"
    sent = {"lever": "schedules", "weight": "high", "what": "Assembly cuts maths.", "due": "2026-12-10"}
    sent |= {"event": str(scene.visit), "item": "b1"}
    refused = await scene.post(new, **sent, owner=str(scene.people["Jo"].id))
    assert refused.status_code == 422
    assert "takes part in" in refused.text
    assert (await scene.post(new, **sent, owner="other", part="Jo Pascoe")).status_code == 422
    made = await scene.post(new, **sent, owner=str(scene.people["Hugh"].id))
    assert made.status_code == 200, made.text
    here = made.json()["location"]
    assert (await scene.post(new, **sent, owner="other", part="Deputy head")).status_code == 409
    assert (await scene.get("/hubs/MOOR/barriers/named")).json()["lines"] == []
    changed = {**sent, "owner": "other", "part": "Deputy head", "due": "2026-11-30"}
    assert (await scene.post(f"{here}/edit", **changed, version="9")).status_code == 412
    assert (await scene.post(f"{here}/edit", **changed, version="1")).status_code == 200
    assert (await scene.post(f"{here}/edit", **{**changed, "part": "Class teacher"}, version="2")).status_code == 422
    assert (await scene.post(f"{here}/close", state="done", version="2")).status_code == 422
    assert (await scene.post(f"{here}/close", state="done", because="Assembly moved.", version="2")).status_code == 200
    assert (await scene.get("/hubs/MOOR/barriers?state=done&stage=readiness")).json()["listing"]["total"] == 1
    assert (await scene.post(f"{here}/open-again")).status_code == 200
    async with database.transaction(scene.hub_id) as db:
        (await db.execute(select(Barrier))).scalar_one().due = PAST
    await scene.be("Hugh")
    assert "1 barrier is past its day." in (await scene.get("/hubs/MOOR")).text
    told = (await scene.get("/hubs/MOOR/barriers?overdue=yes")).json()
    assert told["lines"][0]["owner"] == "Deputy head"
    assert "9 days ago" in told["lines"][0]["by"]
    await scene.be("Hera")
    assert (await scene.get("/hubs/MOOR/barriers")).json()["lines"] == []
    assert (await scene.get(here)).status_code == 404
    assert (await scene.post(f"{here}/close", state="done", because="x", version="4")).status_code == 404


async def test_a_review_makes_its_barriers_in_one_step_or_nothing_at_all(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_visited_school(database, client)
    await scene.be("Wilf")
    new = f"{scene.school}/conditions/new"
    sent = {"day": "2026-11-20", "present": "Headteacher", "judgement-schedules": "blocks"}
    sent |= {"because-schedules": "Maths is after lunch.", "weight-schedules": "high", "due-schedules": "2027-01-15"}
    assert (await scene.post(new, **sent, **{"owner-schedules": str(scene.people["Jo"].id)})).status_code == 422
    assert not await scene.stored(ConditionReview)
    made = await scene.post(new, **sent, **{"owner-schedules": "other", "part-schedules": "Deputy head"})
    assert made.status_code == 200, made.text
    assert "1 barrier is named with it" in made.json()["notice"]
    told = (await scene.get(made.json()["location"])).json()
    assert told["barriers"][0]["owner"] == "Deputy head"
    (step,) = await scene.stored(StageStep)
    assert step.what == "reviewed"
    assert step.snapshot["levers"] == {"schedules": "blocks"}
    assert "lunch" not in str(step.snapshot)
    assert "Maths is after lunch." in (await scene.get(f"{scene.school}/conditions")).text


async def test_a_plan_is_drafted_agreed_by_the_head_and_asked_for_again_when_it_changes(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_visited_school(database, client)
    own = f"{scene.school}/plan/{YEAR}"
    await scene.be("Cora")
    assert (await scene.get(f"{own}/draft")).json()["offered"] == []
    await scene.be("Wilf")
    step = f"{scene.visit}/vision"
    assert "1 action drafted" in (await scene.post(f"{own}/draft", step=step)).json()["notice"]
    assert "Nothing was ticked" in (await scene.post(f"{own}/draft", step=step)).json()["notice"]
    assert (await scene.post(f"{own}/agree", version="2")).status_code == 403
    version = await _plan_version(scene)
    assert (await scene.post(f"{own}/edit", aims="Everyone knows why.", version=str(version))).status_code == 200
    (action,) = await scene.stored(PlanAction)
    here = f"/hubs/MOOR/actions/{action.id}"
    assert (await scene.post(f"{here}/tasks", task=f"{scene.visit}/t1")).status_code == 200
    assert "Try bar models." in (await scene.get(own)).text
    await scene.be("Hugh")
    assert "waits for you to agree it" in (await scene.get("/hubs/MOOR")).text
    assert "Try bar models." not in (await scene.get(own)).text
    assert (await scene.post(f"{own}/agree", version="1")).status_code == 412
    assert (await scene.post(f"{own}/agree", version=str(await _plan_version(scene)))).status_code == 200
    assert (await scene.get(own)).json()["is_agreed"]
    await scene.be("Wilf")
    assert (await scene.post(f"{here}/done", evidence="It hangs in the hall.", version="1")).status_code == 200
    assert (await scene.get(own)).json()["is_agreed"]
    assert (await scene.post(f"{here}/open-again")).status_code == 200
    dropped = await scene.post(f"{here}/drop", evidence="Overtaken.", version="3")
    assert "asked to agree the plan again" in dropped.json()["notice"]
    assert not (await scene.get(own)).json()["is_agreed"]


async def _plan_version(scene: Scene) -> int:
    (plan,) = await scene.stored(ActionPlan)
    return int(plan.version)


@pytest.mark.parametrize("path", ["plan/20x6", "plan/1999", "journey?until=9999x"])
async def test_nonsense_in_an_address_is_no_harm(database: Database, client: httpx.AsyncClient, path: str) -> None:
    scene = await a_visited_school(database, client)
    await scene.be("Cora")
    assert (await scene.get(f"{scene.school}/{path}")).status_code == (200 if path.startswith("journey") else 404)
