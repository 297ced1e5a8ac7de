"""A coordinator changes the form of visits: draft, try, compare, publish, and back again."""

import re

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.domain.notes.forms import to_data
from app.models.notes import Note, NoteForm
from app.store.database import Database
from app.store.notes.forms import as_form, begin_with
from tests.makers import NOW, a_group, a_meeting
from tests.routers.desks import Desk

DRAFT = "/forms/meeting/draft"


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


def stamp(page: str) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found
    return found[1]


async def press(desk: Desk, do: str, **said: str) -> httpx.Response:
    names = {name.replace("__", "."): text for name, text in said.items()}
    return await desk.post(DRAFT, stamp=stamp(await desk.get(DRAFT)), do=do, **names)


async def test_a_form_is_drafted_tried_compared_published_and_published_again(desk: Desk) -> None:
    page = await desk.get("/forms")
    assert page.count("Version 1, as Halfterm ships it.") == 3
    assert (await desk.post("/forms/meeting/draft/begin")).status_code == 303
    answer = await press(desk, "add:question:plan", field__lesson__label="What is taught?", add__plan__label="Pupils?")
    assert answer.headers["location"].endswith(DRAFT)
    assert "What is taught?" in await desk.get(DRAFT + "/try")
    compared = await desk.get(DRAFT + "/publish")
    assert "“Pupils?” is new in “Plan” (text)." in compared
    assert "None is ahead at the moment." in compared
    assert (await desk.post(DRAFT + "/publish", stamp=stamp(compared))).status_code == 303
    versions = await desk.get("/forms/meeting")
    assert "Version 2, in use" in versions
    assert "What is taught?" not in await desk.get("/forms/meeting/versions/1")
    assert "keep the version they have" in await desk.get("/forms/meeting/versions/1/again")
    assert (await desk.post("/forms/meeting/versions/1/again")).status_code == 303
    rows = sorted(await desk.rows(NoteForm), key=lambda row: row.version)
    assert [row.version for row in rows] == [1, 2, 3]
    assert rows[2].sections == rows[0].sections
    assert (await desk.post("/forms/meeting/versions/3/again")).status_code == 409


async def test_what_is_typed_is_kept_when_it_cannot_be_taken(desk: Desk) -> None:
    await desk.post("/forms/meeting/draft/begin")
    old = stamp(await desk.get(DRAFT))
    answer = await press(desk, "save", field__lesson__label="", field__lesson__hint="Kept")
    assert answer.status_code == 422
    assert "Write a title, or remove it." in answer.text
    assert ">Kept</textarea>" in answer.text
    async with desk.database.transaction(desk.hub.id) as db:
        wanted = select(NoteForm).where(col(NoteForm.published_at).is_(None))
        (await db.execute(wanted)).scalar_one().made_at = NOW.replace(hour=3)
    stale = await desk.post(DRAFT, stamp=old, do="save", **{"field.lesson.label": "Mine"})
    assert stale.status_code == 412
    assert 'value="Mine"' in stale.text
    assert "Somebody else changed this draft" in stale.text
    assert "It says now: “What is the lesson about?”." in stale.text
    assert (await desk.post(DRAFT, stamp=stamp(stale.text), do="save", **{"field.lesson.label": "Mine"})).is_redirect


async def test_leaving_out_what_is_taken_up_is_asked_about_and_can_be_undone(desk: Desk) -> None:
    await desk.post("/forms/meeting/draft/begin")
    answer = await press(desk, "remove:question:tries")
    assert answer.headers["location"].endswith("/draft/remove?question=tries")
    asked = await desk.get(DRAFT + "/remove?question=tries")
    assert "Gap tasks come out of it." in asked
    await desk.post(DRAFT, stamp=stamp(asked), do="remove:question:tries", sure="yes")
    assert "back:question:tries" in await desk.get(DRAFT)
    assert "Gap tasks come out of it. New records will have none." in await desk.get(DRAFT + "/publish")
    await press(desk, "back:question:tries")
    assert "so there is nothing to publish yet" in await desk.get(DRAFT + "/publish")
    assert (await desk.post(DRAFT + "/publish", stamp=stamp(await desk.get(DRAFT)))).status_code == 409
    assert (await desk.post(DRAFT + "/discard")).status_code == 303
    assert (await desk.client.get(desk.home + DRAFT)).status_code == 409


async def test_a_draft_that_is_not_finished_is_not_published(desk: Desk) -> None:
    await desk.post("/forms/meeting/draft/begin")
    await press(desk, "add:section", add__section="Parents")
    page = await desk.get(DRAFT)
    assert "“Parents” asks nothing yet" in page
    assert (await desk.post(DRAFT + "/publish", stamp=stamp(page))).status_code == 422
    assert len(await desk.rows(NoteForm, col(NoteForm.published_at).is_not(None))) == 1


async def test_records_already_begun_keep_their_form_and_are_counted(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        team = await a_group(db, desk.hub)
        event = await a_meeting(db, team)
        await a_meeting(db, team, slot="pm", slot_key="another")
        form_id, shipped = await begin_with(db, desk.hub.id, "meeting", 1, NOW)
        db.add(Note(event_id=event.id, hub_id=desk.hub.id, form_id=form_id, began_at=NOW, changed_at=NOW))
    await desk.post("/forms/meeting/draft/begin")
    await press(desk, "save", field__lesson__label="What is taught?")
    page = await desk.get(DRAFT + "/publish")
    assert "that concerns 1 event ahead, and 1 person who leads it" in page
    assert "The 1 record already begun keeps what it has." in page
    await desk.post(DRAFT + "/publish", stamp=stamp(page))
    assert "1 record has it." in await desk.get("/forms/meeting")
    rows = {row.version: row for row in await desk.rows(NoteForm)}
    assert to_data(as_form(rows[1])) == to_data(shipped)


async def test_a_draft_moves_behind_a_version_that_is_published_again(desk: Desk) -> None:
    await desk.post("/forms/meeting/draft/begin")
    await press(desk, "save", field__lesson__label="What is taught?")
    await desk.post(DRAFT + "/publish", stamp=stamp(await desk.get(DRAFT)))
    await desk.post("/forms/meeting/draft/begin")
    await desk.post("/forms/meeting/versions/1/again")
    assert "draft of version 4" in await desk.get(DRAFT)


async def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    for path in ("/forms/party", "/forms/visit/versions/9", "/forms/visit/versions/one"):
        assert (await desk.client.get(desk.home + path)).status_code == 404
