"""The steps of a record: submitted, answered, taken back, agreed, corrected."""

from datetime import date

import httpx
from sqlmodel import col

from app.models.notes import Evidence, Note
from app.store.database import Database
from tests.routers.record_scenes import a_scene

AHEAD = date(2027, 1, 14)
HARSH = "<script>alert('1')</script>"


async def test_a_record_is_submitted_answered_agreed_corrected_and_agreed_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Secret words", agreed_summary="Bars showed it.")
    wilf = await scene.be("Wilf")
    assert "The shared parts are kept as version 1: 2 answers by Wilf Brook." in await scene.get("/submit")
    assert (await scene.post("/submit", {}, wilf)).status_code == 303
    jo = await scene.be("Jo")
    assert "The record of the lesson observation" in (await client.get(f"/hubs/{scene.hub}")).text
    page = await scene.get("/agree")
    assert "Bars showed it." in page
    assert "Secret words" not in page  # what the school sees is the summary
    empty = await scene.post("/agree", {"number": "1", "answer": "change", "because": " "}, jo)
    assert (empty.status_code, "Say what should change" in empty.text) == (422, True)
    assert (await scene.post("/agree", {"number": "1", "answer": "change", "because": HARSH}, jo)).status_code == 303
    assert "Jo Pascoe asks for a change: &lt;script&gt;" in await scene.get()
    wilf = await scene.be("Wilf")
    assert "asks for a change to the record" in (await client.get(f"/hubs/{scene.hub}")).text
    assert (await scene.post("/withdraw", {}, wilf)).status_code == 409  # somebody has answered
    form = await scene.form("/edit/agreed")
    await scene.post("/edit/agreed", {**form, "agreed_summary": "Bars showed the halves."}, wilf)
    await scene.post("/submit", {}, wilf)
    jo = await scene.be("Jo")
    assert (await scene.post("/agree", {"number": "1", "answer": "agree"}, jo)).status_code == 409
    assert (await scene.post("/agree", {"number": "2", "answer": "agree"}, jo)).status_code == 303
    assert "The record is locked." in await scene.get()
    assert (await scene.post("/correct", {"because": ""}, jo)).status_code == 422
    assert (await scene.post("/correct", {"because": "The date."}, jo)).status_code == 303
    assert "being corrected, because: The date." in await scene.get()
    wilf = await scene.be("Wilf")
    await scene.post("/submit", {}, wilf)
    rows = await scene.stored(Evidence)
    assert sorted((row.kind, row.superseded_at is None) for row in rows) == [
        ("agreed", False),
        ("observed", False),
        ("observed", False),
        ("observed", True),
    ]
    page = await scene.get("/versions/2")
    assert "Agreed, then superseded" in page
    assert "Jo Pascoe agreed" in page
    told = await scene.letters()
    assert len(told) == 6
    assert not any("Secret" in str(one) or "Bars" in str(one) or "The date" in str(one) for one in told)
    assert told[0]["text"].count(f"{scene.note}/agree") == 1


async def test_a_submitted_version_is_taken_back_and_the_one_before_counts_again(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    wilf = await scene.be("Wilf")
    await scene.post("/submit", {}, wilf)
    await scene.post("/edit/plan", {**await scene.form("/edit/plan"), "lesson": "Thirds"}, wilf)
    await scene.post("/submit", {}, wilf)
    assert "Version 1 counts again." in await scene.get("/withdraw")
    assert (await scene.post("/withdraw", {}, wilf)).status_code == 303
    assert len(await scene.stored(Evidence, col(Evidence.superseded_at).is_(None))) == 1
    page = await scene.get()
    assert "taken back" in page
    assert "Version 1 was submitted by Wilf Brook" in page
    assert (await scene.post("/withdraw", {}, wilf)).status_code == 303
    assert (await scene.stored(Note))[0].state == "open"
    assert not await scene.stored(Evidence, col(Evidence.superseded_at).is_(None))


async def test_steps_that_cannot_be_taken_say_why(database: Database, client: httpx.AsyncClient) -> None:
    ahead = await a_scene(database, client, day=AHEAD, lesson="Halves")
    csrf = await ahead.be("Wilf")
    answer = await ahead.post("/submit", {}, csrf)
    assert (answer.status_code, "has not begun" in answer.text) == (409, True)
    bare = await a_scene(database, client)
    csrf = await bare.be("Wilf")
    for path in ("/submit", "/correct", "/withdraw", "/agree"):
        assert (await bare.post(path, {"answer": "agree", "number": "1", "because": "x"}, csrf)).status_code == 409
    assert "Nobody has written in this record yet." in await bare.get()
    csrf = await bare.be("Jo")
    assert (await bare.post("/submit", {}, csrf)).status_code == 409


async def test_the_head_of_a_visited_school_agrees_by_the_summary(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, kind="visit", state="submitted", purpose="Secret", agreed_summary="Bars.")
    csrf = await scene.be("Hugh")
    page = await scene.get("/agree")
    assert "Bars." in page
    assert "Secret" not in page
    assert "The record of the visit at" in (await client.get(f"/hubs/{scene.hub}")).text
    answer = await scene.post("/agree", {"number": "1", "answer": "agree"}, csrf)
    assert answer.status_code == 303
    assert (await scene.stored(Note))[0].state == "agreed"
    assert "Nothing waits for you" in (await client.get(f"/hubs/{scene.hub}")).text
