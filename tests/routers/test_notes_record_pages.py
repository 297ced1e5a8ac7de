"""Records as pages: read, written in without a script, chosen between, compared."""

import re
import uuid

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import col

from app.models.notes import NoteOp, NoteRead
from app.store.database import Database
from tests.routers.record_scenes import HIDDEN, a_scene
from tests.routers.statements import statements

HARSH = "<script>alert('1')</script> \"quoted\" & \u0645\u0631\u062d\u0628\u0627"


async def test_a_record_is_read_with_who_wrote_what_and_whose_turn_it_is(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, state="submitted", lesson="Halves", key_point=HARSH)
    await scene.be("Jo")
    page = await scene.get()
    assert "Halves" in page
    assert "Wilf Brook, Saturday 21 November 2026, 10am" in page
    assert "Waiting for Jo Pascoe to agree." in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &#34;quoted&#34; &amp; \u0645" in page
    assert "Not written yet: Which year group" in page


async def test_a_record_takes_as_many_statements_for_one_word_as_for_fifty(
    app: FastAPI, database: Database, client: httpx.AsyncClient
) -> None:
    many = {f"noticed/{uuid.UUID(int=7)}#i{n}.text": f"One {n}" for n in range(50)}
    few = await a_scene(database, client, state="submitted", lesson="Halves")
    await few.be("Jo")
    with statements(app) as one:
        await few.get()
    full = await a_scene(database, client, state="submitted", **many)
    await full.be("Jo")
    with statements(app) as fifty:
        assert "One 49" in await full.get()
    assert len(one) == len(fifty) <= 16, len(fifty)  # the session, the viewer and the hub's wall included


async def test_who_does_not_take_part_cannot_read_and_a_head_is_led_to_the_summary(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, kind="visit", state="submitted", lesson="Halves", agreed_summary="Bars.")
    for name, status in (("Ann", 404), ("Cora", 404), ("Hugh", 303), ("Jo", 200)):
        await scene.be(name)
        answer = await client.get(scene.note)
        assert answer.status_code == status, name
        assert ("Bars." in answer.text) == (name == "Jo")
    await scene.be("Hugh")
    assert (await client.get(scene.note)).headers["location"] == f"{scene.note}/summary"
    assert (await client.get(f"{scene.note}/history")).status_code == 404


async def test_own_notes_are_read_by_their_writer_alone(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Wilf")
    form = await scene.form("/edit/mine")
    own = f"own_notes/{scene.people['Wilf'].id}"
    assert (await scene.post("/edit/mine", {**form, own: "Ask about the bars."}, csrf)).status_code == 303
    assert "Ask about the bars." in await scene.get()
    await scene.be("Jo")
    for path in ("", "/history", "/history?format=csv", "/compare?from=0&to=now"):
        assert "Ask about the bars." not in await scene.get(path)
    row = (await scene.stored(NoteOp, col(NoteOp.path) == own))[0]
    assert (await client.get(f"{scene.note}/history/{row.op_id}/restore")).status_code == 404


async def test_a_plain_form_writes_only_what_was_changed_and_twice_is_once(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves", small_step="From half to quarter.")
    csrf = await scene.be("Jo")
    form = await scene.form("/edit/plan")
    typed = {**form, "lesson": "Quarters", "small_step": "From half to quarter.", "key_point": "", "year_group": ""}
    for _ in range(2):
        answer = await scene.post("/edit/plan", typed, csrf)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{scene.note}#plan")
    ops = {op.value: op for op in await scene.stored(NoteOp)}
    assert set(ops) == {"Halves", "Quarters", "From half to quarter."}
    assert ops["Quarters"].replaces == [ops["Halves"].op_id]


async def test_items_are_added_and_removed_by_the_form(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Jo")
    jo = scene.people["Jo"].id
    form = await scene.form("/edit/observe")
    added = {f"noticed/{jo}~new1.text": "They counted on.", "clock~new2.at": "9:42:30", "clock~new2.what": "tag"}
    assert (await scene.post("/edit/observe", {**form, **added}, csrf)).status_code == 303
    page = await scene.get()
    assert "They counted on." in page
    assert "0:00" in page
    item, moment = f"noticed/{jo}~{form['new1']}", f"clock~{form['new2']}"
    form = await scene.form("/edit/observe")
    kept = {f"{item}.text": "They counted on.", f"{moment}.at": "09:42:30", f"{moment}.what": "tag"}
    assert (await scene.post("/edit/observe", {**form, **kept, f"{item}.removed": "yes"}, csrf)).status_code == 303
    assert "They counted on." not in await scene.get()
    assert "They counted on." in await scene.get("/history")
    assert len(await scene.stored(NoteOp)) == 5  # the lesson, three boxes, and that one item is gone


async def test_what_is_refused_stays_in_the_form_with_its_because(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Wilf")
    form = await scene.form("/edit/plan")
    long = "x" * 301
    answer = await scene.post("/edit/plan", {**form, "lesson": long, "key_point": "Kept too."}, csrf)
    assert answer.status_code == 422
    assert long in answer.text
    assert "Kept too." in answer.text
    assert "This is longer than 300 characters" in answer.text
    assert 'href="#lesson"' in answer.text
    assert len(await scene.stored(NoteOp)) == 1


async def test_a_form_that_was_open_while_the_record_was_agreed_keeps_its_words(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, state="submitted", lesson="Halves")
    csrf = await scene.be("Wilf")
    form = await scene.form("/edit/plan")
    async with database.transaction(scene.hub_id) as db:
        await db.execute(text("UPDATE note SET state = 'agreed'"))
    answer = await scene.post("/edit/plan", {**form, "lesson": "Thirds, typed at length"}, csrf)
    assert answer.status_code == 422
    assert "Thirds, typed at length" in answer.text
    assert "This record is agreed" in answer.text
    assert (await client.get(f"{scene.note}/edit/plan")).status_code == 409
    assert (await client.get(f"{scene.note}/edit/mine")).status_code == 200


async def test_two_texts_stand_side_by_side_until_somebody_chooses(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Wilf")
    form = await scene.form("/edit/plan")
    await scene.post("/edit/plan", {**form, "lesson": "Quarters"}, csrf)
    csrf = await scene.be("Jo")
    answer = await scene.post("/edit/plan", {**form, "lesson": HARSH}, csrf)  # open since before Wilf's change
    assert answer.headers["location"] == f"{scene.note}/conflicts"
    page = await scene.get()
    assert "Quarters" in page
    assert "&lt;script&gt;" in page
    assert "2 texts" in page
    page = await scene.get("/conflicts")
    assert "<script>alert" not in page
    form = dict(HIDDEN.findall(page))
    nothing = await scene.post("/conflicts", form, csrf)
    assert (nothing.status_code, "Choose one of these" in nothing.text) == (422, True)
    assert (await scene.post("/conflicts", {**form, "keep1": "both"}, csrf)).status_code == 303
    assert "No texts stand side by side" in await scene.get("/conflicts")
    values = {op.value for op in await scene.stored(NoteOp)} - {"Halves", "Quarters", HARSH}
    assert values in ({f"Quarters / {HARSH}"}, {f"{HARSH} / Quarters"})


async def test_one_of_two_texts_is_kept_or_another_is_written(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Wilf")
    for words, choice in (("Thirds", ""), ("Fifths", "another")):
        first = await scene.form("/edit/plan")
        await scene.post("/edit/plan", {**first, "lesson": words}, csrf)
        await scene.post("/edit/plan", {**first, "lesson": words + " again"}, csrf)
        form = await scene.form("/conflicts")
        keep = choice or form["heads"].split()[0]
        sent = {**form, "keep1": keep, "words1": "Sixths"}
        assert (await scene.post("/conflicts", sent, csrf)).status_code == 303
    assert "Sixths" in await scene.get()


async def test_the_history_tells_who_when_and_what_and_brings_texts_back(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves", key_point="One")
    csrf = await scene.be("Jo")
    form = await scene.form("/edit/plan")
    await scene.post("/edit/plan", {**form, "lesson": "Quarters of a cake", "key_point": "One"}, csrf)
    page = await scene.get("/history")
    assert "3 in all" in page
    assert page.index("Quarters of a cake") < page.index("Halves")
    assert "Halves" not in await scene.get(f"/history?person={scene.people['Jo'].id}")
    assert "Quarters" not in await scene.get("/history?field=key_point")
    rows = (await client.get(f"{scene.note}/history?format=csv")).text.splitlines()
    assert "Number,Received" in rows[0]
    assert len(rows) == 4
    old = next(op for op in await scene.stored(NoteOp) if op.value == "Halves")
    restore = await scene.form(f"/history/{old.op_id}/restore")
    for _ in range(2):
        assert (await scene.post(f"/history/{old.op_id}/restore", restore, csrf)).status_code == 303
    ops = await scene.stored(NoteOp, col(NoteOp.path) == "lesson")
    assert [op.value for op in sorted(ops, key=lambda op: op.rev)] == ["Halves", "Quarters of a cake", "Halves"]


async def test_two_moments_are_compared_word_by_word(database: Database, client: httpx.AsyncClient) -> None:
    scene = await a_scene(database, client, state="submitted", lesson="Halves of a cake")
    csrf = await scene.be("Wilf")
    form = await scene.form("/edit/plan")
    await scene.post("/edit/plan", {**form, "lesson": "Quarters of a cake"}, csrf)
    page = await scene.get("/compare?from=v1&to=now")
    assert re.search(r'<del class="change">.*?Halves.*?</del><ins class="change">.*?Quarters.*?</ins> of a cake', page)
    assert "[added:]" in page
    assert "Nothing in the shared parts differs" in await scene.get("/compare?from=v1&to=1")
    for nonsense in ("v9", "x", "v", "-1"):
        assert (await client.get(f"{scene.note}/compare?from={nonsense}")).status_code == 404


async def test_readings_are_counted_and_those_who_take_part_see_them(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, kind="meeting", lesson="Halves")
    await scene.be("Wilf")
    await scene.get()
    await scene.get()
    await scene.be("Jo")
    assert "<bdi>Wilf Brook" in await scene.get("/readers")
    rows = await scene.stored(NoteRead)
    assert sorted(row.times for row in rows) == [1, 2]
    assert "Wilf Brook" in (await client.get(f"{scene.note}/readers?format=csv")).text
    assert "<bdi>Wilf Brook" not in await scene.get(f"/readers?person={scene.people['Jo'].id}&sort=-times")
    async with database.transaction(scene.hub_id) as db:
        await db.execute(text("DELETE FROM booking WHERE person_id = :ann"), {"ann": scene.people["Ann"].id})
    await scene.be("Ann")  # of the group, so she reads; she was not there, so who else read is not hers to see
    assert "Halves" in await scene.get()
    assert (await client.get(f"{scene.note}/readers")).status_code == 403
    assert (await client.get(f"{scene.note}/edit/plan")).status_code == 403


async def test_twenty_thousand_characters_are_read_and_written(database: Database, client: httpx.AsyncClient) -> None:
    long = ("<b>Jeder Satz.</b> " * 1050).strip()
    scene = await a_scene(database, client, lesson="Halves")
    csrf = await scene.be("Jo")
    form = await scene.form("/edit/plan")
    assert (await scene.post("/edit/plan", {**form, "lesson": "Halves", "key_point": long}, csrf)).status_code == 303
    page = await scene.get()
    assert page.count("&lt;b&gt;Jeder Satz.&lt;/b&gt;") == 1050
    assert "<b>Jeder" not in page
    again = await scene.form("/edit/plan")
    sent = {**again, "lesson": "Halves", "key_point": long}
    assert "Nothing" in (await scene.post("/edit/plan", sent, csrf)).headers["set-cookie"]


async def test_programs_read_the_record_and_the_events_page_leads_to_it(
    database: Database, client: httpx.AsyncClient
) -> None:
    scene = await a_scene(database, client, lesson="Halves")
    await scene.be("Jo")
    told = (await client.get(scene.note, headers={"accept": "application/json"})).json()
    assert told["chapters"][0]["questions"][0]["voices"][0]["box"]["said"][0]["text"] == "Halves"
    assert f'href="{scene.note}"' in (await client.get(scene.note.removesuffix("/note"))).text
    await scene.be("Cora")
    assert f'href="{scene.note}"' not in (await client.get(scene.note.removesuffix("/note"))).text
