"""What a device asks and sends: each operation is answered for itself, once, by whoever may write there."""

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.domain.access import Role
from app.kit.ids import new_id
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import GapTask, Note, NoteDevice, NoteHead, NoteOp, NoteRead
from app.store.database import Database
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in

DEVICE = str(uuid.uuid4())


@pytest.fixture
async def meeting(database: Database) -> tuple[Team, Event]:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        return team, await a_meeting(db, team)


def an_op(event: Event, path: str, value: Any, *, replaces: tuple[str, ...] = (), base_rev: int = 0) -> dict[str, Any]:
    return {
        "op_id": str(new_id()),
        "note_id": str(event.id),
        "path": path,
        "value": value,
        "replaces": list(replaces),
        "base_rev": base_rev,
        "form_version": 1,
        "device_time": datetime(2026, 11, 21, 9, tzinfo=UTC).isoformat(),
    }


async def push(
    client: httpx.AsyncClient, csrf: str, *ops: dict[str, Any], device: str = DEVICE
) -> list[dict[str, Any]]:
    answer = await client.post(
        "/my/notes/operations",
        json={"device_id": device, "operations": list(ops)},
        headers={"x-csrf-token": csrf},
    )
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["answers"]
    return told


async def test_what_is_written_is_kept_once_whatever_is_sent_again(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.leader)
    lesson, step = an_op(event, "lesson", "Halves of a quantity"), an_op(event, "small_step", "Equal parts")
    first = await push(client, csrf, lesson, step)
    assert [one["outcome"] for one in first] == ["applied", "applied"]
    assert await push(client, csrf, step, lesson) == [first[1], first[0]]
    async with database.transaction(event.hub_id) as db:
        assert (await db.execute(select(func.count()).select_from(NoteOp))).scalar_one() == 2
        assert (await db.get_one(Note, event.id)).rev == 2
    found = (await client.get(f"/my/notes/{event.id}/record")).json()
    assert {one["path"]: one["heads"][0]["value"] for one in found["values"]} == {
        "lesson": "Halves of a quantity",
        "small_step": "Equal parts",
    }


async def test_two_texts_for_one_place_both_stand_until_somebody_chooses(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.leader)
    here, there = an_op(event, "key_point", "Equal parts"), an_op(event, "key_point", "The whole")
    assert (await push(client, csrf, here))[0]["outcome"] == "applied"
    assert (await push(client, csrf, there, device=str(uuid.uuid4())))[0]["outcome"] == "conflict"
    chosen = an_op(event, "key_point", "Equal parts of the whole", replaces=(here["op_id"], there["op_id"]), base_rev=2)
    assert (await push(client, csrf, chosen))[0]["outcome"] in {"applied", "merged"}
    async with database.transaction(event.hub_id) as db:
        assert (await db.execute(select(func.count()).select_from(NoteHead))).scalar_one() == 1
        assert (await db.execute(select(func.count()).select_from(NoteOp))).scalar_one() == 3


async def test_what_cannot_be_taken_is_refused_with_a_because_and_stops_nothing_else(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.leader)
    other = team.participants[0].id
    stranger = an_op(event, "lesson", "x") | {"note_id": str(uuid.uuid4())}
    answers = await push(
        client,
        csrf,
        an_op(event, "nothing_like_it", "x"),
        an_op(event, f"noticed/{other}#a1.text", "in another's name"),
        an_op(event, "lesson", "x" * 301),
        an_op(event, "lesson", "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace") + "\x00"),
        an_op(event, "lesson", {"not": "text"}),
        {"op_id": "nonsense"},
        stranger,
        an_op(event, "lesson", "It goes on"),
    )
    assert [one["outcome"] for one in answers] == ["refused"] * 7 + ["applied"]
    assert all(one["because"].endswith(".") for one in answers[:7])


async def test_only_whoever_takes_part_writes_and_unknown_looks_like_not_yours(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    _, event = meeting
    async with database.transaction(event.hub_id) as db:
        hub = await a_hub(db)
        foreign = await a_meeting(db, await a_group(db, hub))
    async with database.transaction(event.hub_id) as db:
        lead = await a_person(db, await db.get_one(Hub, event.hub_id), Role.HUB_LEAD)
        csrf = await sign_in(db, client, lead)
    ops = [an_op(event, "lesson", "x"), an_op(foreign, "lesson", "x"), an_op(event, "lesson", "x")]
    ops[2]["note_id"] = str(uuid.uuid4())
    answers = await push(client, csrf, *ops)
    assert {(one["outcome"], one["because"]) for one in answers} == {("refused", answers[0]["because"])}
    for key in (event.id, foreign.id, uuid.uuid4()):
        assert (await client.get(f"/my/notes/{key}/record")).status_code == 404


async def test_own_notes_are_nobody_elses(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.leader)
    own = f"own_notes/{team.leader.id}"
    answer = (await push(client, csrf, an_op(event, own, "Mine alone")))[0]
    assert answer["outcome"] == "applied", answer
    assert "Mine alone" in (await client.get(f"/my/notes/{event.id}/record")).text
    async with database.transaction(event.hub_id) as db:
        await sign_in(db, client, team.participants[0])
    theirs = await client.get(f"/my/notes/{event.id}/record")
    assert theirs.status_code == 200
    assert "Mine alone" not in theirs.text


async def test_an_agreed_record_takes_only_what_comes_after(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.leader)
    await push(client, csrf, an_op(event, "tries#t1.what", "Try a bar model"))
    async with database.transaction(event.hub_id) as db:
        (await db.get_one(Note, event.id)).state = "agreed"
    locked, went = await push(
        client, csrf, an_op(event, "lesson", "Too late"), an_op(event, "tries#t1.went", "It went well")
    )
    assert locked["outcome"] == "refused"
    assert "correction" in locked["because"]
    assert went["outcome"] == "applied"
    async with database.transaction(event.hub_id) as db:
        task = await db.get_one(GapTask, (event.id, "t1"))
        assert (task.what, task.went, task.person_id) == ("Try a bar model", "It went well", team.leader.id)


async def test_a_device_gets_the_days_around_now_with_its_key_and_is_remembered(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.participants[0])
    await push(client, csrf, an_op(event, "lesson", "Halves"))
    told = (await client.get("/my/notes/device")).json()
    again = (await client.get("/my/notes/device")).json()
    assert told["key"] == again["key"]
    assert [one["event"]["id"] for one in told["notes"]] == [str(event.id)]
    assert told["notes"][0]["may"] == {"write": True, "submit": False, "agree": False}
    async with database.transaction(event.hub_id) as db:
        read = (await db.execute(select(NoteRead))).scalar_one()
        assert (read.how, read.times, read.person_id) == ("offline copy", 2, team.participants[0].id)
        device = (await db.execute(select(NoteDevice).where(col(NoteDevice.waiting) == 0))).scalar_one()
        assert str(device.device_id) == DEVICE


async def test_each_record_hands_its_next_steps_to_the_next(
    client: httpx.AsyncClient, database: Database, meeting: tuple[Team, Event]
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        before = await a_meeting(db, team, NOW.date().replace(day=5), slot="pm", slot_key="before")
        csrf = await sign_in(db, client, team.leader)
    await push(
        client,
        csrf,
        an_op(before, "next_steps#n1.what", "Plan Year 4 together"),
        an_op(before, "next_steps#n2.what", "Struck out"),
        an_op(before, "next_steps#n2.removed", value=True),
        an_op(before, "tries#t1.what", "Use ten frames"),
    )
    last = (await client.get(f"/my/notes/{event.id}/record")).json()["last_time"]
    assert last["next_steps"] == ["Plan Year 4 together"]
    assert [task["what"] for task in last["tasks"]] == ["Use ten frames"]
