"""Reflections are their writer's alone; the hub changes what is asked, and sees counts that tell of nobody."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from app.domain.access import Role
from app.models.notes import Reflection, ReflectionFramework
from app.store.database import Database
from tests.makers import NOW, a_group, a_hub, a_person, sign_in
from tests.routers.desks import Desk
from tests.routers.test_notes_forms import stamp

MINE = "/my/reflections"


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


async def reflect(desk: Desk, **said: str) -> httpx.Response:
    on = f"{MINE}/{desk.hub.code}/on/big_ideas/write"
    form = {"indicator": "fluency", "where": "trying", "words": "Group C counted on.", **said}
    return await desk.client.post(on, data={"csrf": desk.csrf, **form})


async def look(desk: Desk, path: str = "") -> str:
    answer = await desk.client.get(f"{MINE}{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_somebody_writes_sees_their_path_changes_it_that_day_and_removes_it(desk: Desk) -> None:
    assert "You have not reflected on it yet." in await look(desk)
    assert (await reflect(desk)).status_code == 303
    path = await look(desk, f"/{desk.hub.code}/on/big_ideas")
    assert "Group C counted on." in path
    assert 'aria-label="Fluency: Trying it on Saturday 21 November 2026."' in path
    assert "Saturday 21 November 2026, 10am" in path
    (kept,) = await desk.rows(Reflection)
    edit = {"csrf": desk.csrf, "where": "part", "words": "Now daily."}
    assert 'value="trying" checked' in await look(desk, f"/{kept.id}/edit")
    assert (await desk.client.post(f"{MINE}/{kept.id}/edit", data=edit)).status_code == 303
    assert "Once, last on Saturday 21 November 2026." in await look(desk)
    assert "Big Ideas,Fluency,2026-11-21,Part of my lessons,Now daily." in await look(desk, "?format=csv")
    async with desk.database.transaction(desk.hub.id) as db:
        await db.execute(update(Reflection).values(said_at=NOW - timedelta(days=1)))
    assert (await desk.client.post(f"{MINE}/{kept.id}/edit", data=edit)).status_code == 409
    assert (await desk.client.get(f"{MINE}/{kept.id}/edit")).status_code == 409
    assert "gone for good" in await look(desk, f"/{kept.id}/remove")
    assert (await desk.client.post(f"{MINE}/{kept.id}/remove", data={"csrf": desk.csrf})).status_code == 303
    assert not await desk.rows(Reflection)


async def test_what_is_missing_is_said_and_what_was_typed_is_kept(desk: Desk) -> None:
    answer = await reflect(desk, where="", words="Kept")
    assert answer.status_code == 422
    assert "Choose where you are with it now." in answer.text
    assert "Kept</textarea>" in answer.text


async def test_nobody_else_reads_them_not_even_the_hub(desk: Desk) -> None:
    await reflect(desk, words="A secret")
    (kept,) = await desk.rows(Reflection)
    async with desk.database.transaction(desk.hub.id) as db:
        lead = await a_person(db, desk.hub, Role.HUB_LEAD)
        desk.csrf = await sign_in(db, desk.client, lead)
    for path in (f"/{kept.id}/edit", f"/{kept.id}/remove"):
        assert (await desk.client.get(f"{MINE}{path}")).status_code == 404
    assert (await desk.client.post(f"{MINE}/{kept.id}/remove", data={"csrf": desk.csrf})).status_code == 404
    for path in ("", "?format=csv", f"/{desk.hub.code}/on/big_ideas"):
        assert "A secret" not in await look(desk, path)


async def test_the_hub_counts_people_by_what_they_said_last_and_never_fewer_than_five(desk: Desk) -> None:
    await reflect(desk)
    (first,) = await desk.rows(Reflection)
    counts = "/frameworks/big_ideas/counts"
    assert "at least 5 people" in await desk.get(counts)
    async with desk.database.transaction(desk.hub.id) as db:
        for n in range(12):
            person = await a_person(db, desk.hub, Role.PARTICIPANT)
            said = {"hub_id": desk.hub.id, "person_id": person.id, "framework_id": first.framework_id}
            db.add(Reflection(**said, indicator="fluency", where="not_yet", said_at=NOW - timedelta(days=9)))
            where = "part" if n < 7 else "helping"
            db.add(Reflection(**said, indicator="fluency", where=where, said_at=NOW))
    assert "Fluency,13,kept back,kept back,kept back,5" in await desk.get(counts + "?format=csv")
    page = await desk.get(counts)
    assert '<td class="govuk-table__cell number" data-label="People">13</td>' in page


async def test_a_hub_adds_a_framework_changes_it_and_stops_offering_it(desk: Desk) -> None:
    assert (await desk.post("/frameworks", name="")).status_code == 422
    answer = await desk.post("/frameworks", name="Talk in lessons")
    here = "/frameworks/talk_in_lessons"
    assert answer.headers["location"].endswith(f"{here}/draft")
    page = await desk.get(f"{here}/draft")
    assert "Ask about at least one thing." in page
    await desk.post(f"{here}/draft", stamp=stamp(page), do="remove:step:helping", **{"step.part": "Every day"})
    page = await desk.get(f"{here}/draft")
    assert 'value="Every day"' in page
    assert "Helping others" not in page
    assert (await desk.post(f"{here}/draft/publish", stamp=stamp(page))).status_code == 422
    assert (await desk.post(f"{here}/draft", stamp=stamp(page), do="add:indicator")).status_code == 422
    add = {"do": "add:indicator", "add.indicator": "Sentences", "add.asks": "Who says whole ones?"}
    await desk.post(f"{here}/draft", stamp=stamp(page), **add)
    asked = await desk.get(f"{here}/draft/publish")
    assert "It asks about 1 things" not in asked
    assert (await desk.post(f"{here}/draft/publish", stamp=stamp(asked))).status_code == 303
    assert "<strong>Talk in lessons<" in await look(desk)
    await desk.post(f"{here}/withdraw")
    assert "<strong>Talk in lessons<" not in await look(desk)
    assert "Not offered any more." in await desk.get("/frameworks")
    await desk.post(f"{here}/versions/1/again")
    assert "<strong>Talk in lessons<" in await look(desk)
    assert sorted(one.version for one in await desk.rows(ReflectionFramework)) == [1, 2, 3]


async def test_a_changed_framework_keeps_what_was_written_under_its_old_words(desk: Desk) -> None:
    await reflect(desk)
    here = "/frameworks/big_ideas"
    await desk.post(f"{here}/draft/begin")
    page = await desk.get(f"{here}/draft")
    await desk.post(f"{here}/draft", stamp=stamp(page), **{"indicator.fluency": "Fluency with facts", "do": "save"})
    asked = await desk.get(f"{here}/draft/publish")
    assert "“Fluency” is now called “Fluency with facts”." in asked
    await desk.post(f"{here}/draft/publish", stamp=stamp(asked))
    path = await look(desk, f"/{desk.hub.code}/on/big_ideas")
    assert "Fluency with facts" in path
    assert '<td class="govuk-table__cell">Fluency</td>' in path


async def test_whoever_is_in_two_hubs_reflects_in_each_by_itself(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        other = await a_hub(db, name="Coast Maths Hub")
        await a_person(db, other, Role.PARTICIPANT, email=desk.me.email)
    assert "Coast Maths Hub" in await look(desk)
    await reflect(desk)
    assert "Group C counted on." not in await look(desk, f"/{other.code}/on/big_ideas")
    assert "Group C counted on." in await look(desk, f"/{desk.hub.code}/on/big_ideas")
    assert f"{desk.hub.name},The Five Big Ideas,Fluency," in await look(desk, "?format=csv")


async def test_one_is_shared_with_whoever_leads_the_work_group_and_taken_back(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub, code="NCP26-77")
        teacher, leader = team.participants[0], team.leader
        desk.csrf = await sign_in(db, desk.client, teacher)
    await reflect(desk, words="Group C counted on.")
    await reflect(desk, words="Mine alone.")
    kept = next(one for one in await desk.rows(Reflection) if one.words == "Group C counted on.")
    assert f"{leader.name}, who leads NCP26-77, can read this one reflection" in await look(desk, f"/{kept.id}/share")
    assert (await desk.client.post(f"{MINE}/{kept.id}/share", data={"csrf": desk.csrf})).status_code == 303
    assert "Shared since Saturday 21 November 2026" in await look(desk, f"/{desk.hub.code}/on/big_ideas")
    teacher_csrf = desk.csrf
    for person, reads in ((leader, True), (desk.me, False)):
        async with desk.database.transaction(desk.hub.id) as db:
            await sign_in(db, desk.client, person)
        page = await desk.get("/shared-reflections")
        assert ("Group C counted on." in page, "Mine alone." in page) == (reads, False)
        assert (await desk.client.get(f"{MINE}/{kept.id}/share")).status_code == 404
    async with desk.database.transaction(desk.hub.id) as db:
        teacher_csrf = await sign_in(db, desk.client, teacher)
    assert "Take it back?" in await look(desk, f"/{kept.id}/share")
    assert (await desk.client.post(f"{MINE}/{kept.id}/take-back", data={"csrf": teacher_csrf})).status_code == 303
    async with desk.database.transaction(desk.hub.id) as db:
        await sign_in(db, desk.client, leader)
    assert "Group C counted on." not in await desk.get("/shared-reflections")


async def test_whoever_takes_part_in_nothing_has_nobody_to_share_with(desk: Desk) -> None:
    await reflect(desk)
    (kept,) = await desk.rows(Reflection)
    assert (await desk.client.get(f"{MINE}/{kept.id}/share")).status_code == 409
    assert (await desk.client.post(f"{MINE}/{kept.id}/share", data={"csrf": desk.csrf})).status_code == 409
