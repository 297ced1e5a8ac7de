"""Photos over a line that breaks: piece by piece, again and again, and seen by whoever reads the record."""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select, update
from sqlmodel import col

from app.actions.notes import photos
from app.domain.access import Role
from app.domain.people.rights import SCHOOL_SAID_NO
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import NotePhoto, NotePhotoPart
from app.models.people import Consent
from app.render.notes.photos import BROKEN, NO_PHOTO
from app.store.database import Database
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, sign_in

Meeting = tuple[Team, Event]


@pytest.fixture
async def meeting(database: Database) -> Meeting:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        return team, await a_meeting(db, team)


def a_photo(size: tuple[int, int] = (400, 300)) -> bytes:
    held = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(held, "JPEG", quality=95)
    return held.getvalue()


class Phone:
    """Somebody's phone, sending one photo into one record."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, event: Event, data: bytes) -> None:
        self.client, self.csrf, self.data = client, csrf, data
        self.home = f"/my/notes/{event.id}/photos/{hashlib.sha256(data).hexdigest()}"

    async def send(self, start: int, end: int, **how: Any) -> httpx.Response:
        query = {"start": str(start), "size": str(how.get("size", len(self.data)))}
        headers = {"x-csrf-token": how.get("csrf", self.csrf), "content-type": "application/octet-stream"}
        content = how.get("content", self.data[start:end])
        return await self.client.put(self.home, params=query, content=content, headers=headers)

    async def see(self, tail: str = "") -> httpx.Response:
        return await self.client.get(self.home + tail)


async def a_phone(client: httpx.AsyncClient, database: Database, meeting: Meeting, data: bytes | None = None) -> Phone:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        csrf = await sign_in(db, client, team.participants[0])
    return Phone(client, csrf, event, a_photo() if data is None else data)


async def test_pieces_come_in_any_repeat_and_the_photo_is_there_once(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting)
    whole = len(phone.data)
    assert (await phone.see("/received")).json() == {"received": 0, "whole": False}
    steps = [
        (0, 1000, 1000),
        (0, 1000, 1000),  # the answer was lost
        (5000, 9000, 1000),  # a piece that runs ahead waits its turn
        (500, 3000, 3000),  # half of it is here already
        (3000, whole, whole),
        (3000, whole, whole),
    ]
    for start, end, received in steps:
        answer = await phone.send(start, end)
        assert (answer.status_code, answer.json()["received"]) == (200, received)
    assert answer.json() == {"received": whole, "whole": True, "because": ""}
    assert (await phone.see("/received")).json() == {"received": whole, "whole": True}
    picture = await phone.see()
    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(picture.content)).size == (400, 300)
    assert Image.open(BytesIO((await phone.see("/small")).content)).size == (320, 240)
    async with database.transaction(meeting[1].hub_id) as db:
        assert (await db.execute(select(func.count()).select_from(NotePhotoPart))).scalar_one() == 0
        assert (await db.execute(select(func.count()).select_from(NotePhoto))).scalar_one() == 1


async def test_who_takes_part_sends_and_sees_and_nobody_else_knows_of_it(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting)
    assert (await phone.see()).status_code == 404  # not whole: not there
    assert (await phone.send(0, len(phone.data))).json()["whole"]
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        await sign_in(db, client, team.leader)
    assert (await phone.see()).status_code == 200
    async with database.transaction(event.hub_id) as db:
        outsider = await a_person(db, await db.get_one(Hub, event.hub_id), Role.HUB_LEAD)
        csrf = await sign_in(db, client, outsider)
    for tail in ("", "/small", "/received"):
        assert (await phone.see(tail)).status_code == 404
    assert (await phone.send(0, 1000, csrf=csrf)).status_code == 404


async def test_a_photo_needs_the_pages_own_token(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting)
    assert (await phone.send(0, 1000, csrf="")).status_code == 403


NEVER_TAKEN: tuple[tuple[int, dict[str, Any], str], ...] = (
    (0, {"size": photos.LARGEST + 1}, photos.TOO_LARGE),
    (0, {"size": 0}, photos.TOO_LARGE),
    (0, {"size": "much"}, photos.TOO_LARGE),
    (0, {"content": b"\xff\xd8\xff" * 100_000, "size": 1_000_000}, photos.PIECE_TOO_LARGE),
    (100, {"content": b"x" * 50, "size": 120}, photos.NO_PLACE),
    (0, {"content": b""}, photos.NO_PLACE),
    (0, {"content": b"<svg onload='alert(1)'>", "size": 23}, NO_PHOTO),
)


async def test_what_can_never_be_taken_is_refused_at_once(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting, b"\xff\xd8\xff")
    for start, how, because in NEVER_TAKEN:
        answer = await phone.send(start, start, **how)
        assert answer.status_code == 422
        assert answer.json() == {"received": 0, "whole": False, "because": because}


async def test_a_photo_that_is_none_or_arrived_otherwise_is_forgotten(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    broken = await a_phone(client, database, meeting, b"\xff\xd8\xff" + b"\x00" * 600)
    assert (await broken.send(0, 700)).json()["because"] == BROKEN
    phone = Phone(client, broken.csrf, meeting[1], a_photo())
    other = await phone.send(0, 0, content=b"\xff\xd8\xff" + b"\x01" * 50, size=53)
    assert other.json()["because"] == photos.DAMAGED
    assert (await phone.see("/received")).json() == {"received": 0, "whole": False}
    assert (await phone.send(0, 2000)).json()["received"] == 2000
    assert (await phone.send(0, 0, content=b"\xff\xd8\xff" + b"\x01" * 50, size=53)).json()["because"] == (
        photos.OTHER_SIZE
    )
    assert (await phone.send(0, len(phone.data))).json()["whole"]


async def test_a_record_holds_forty_photos_and_what_was_left_behind_makes_room(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting)
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        db.add_all(
            NotePhoto(
                event_id=event.id,
                sha=f"{n:064x}",
                hub_id=event.hub_id,
                person_id=team.leader.id,
                size=10,
                begun_at=NOW - timedelta(days=13),
            )
            for n in range(photos.MOST)
        )
    assert (await phone.send(0, 1000)).json()["because"] == photos.TOO_MANY
    async with database.transaction(event.hub_id) as db:
        await db.execute(
            update(NotePhoto).where(col(NotePhoto.sha) == f"{0:064x}").values(begun_at=NOW - timedelta(days=15))
        )
    assert (await phone.send(0, 1000)).json() == {"received": 1000, "whole": False, "because": ""}


async def test_a_name_that_no_photo_has_is_unknown(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    phone = await a_phone(client, database, meeting)
    for sha in ("x", "A" * 64, "0" * 63):
        phone.home = f"/my/notes/{meeting[1].id}/photos/{sha}"
        assert (await phone.see()).status_code == 404
        assert (await phone.send(0, 1000)).status_code == 404


async def test_no_photo_comes_in_where_the_school_said_no(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        for given, said_at in ((True, NOW - timedelta(days=2)), (False, NOW - timedelta(days=1))):
            db.add(Consent(hub_id=event.hub_id, kind="photos", urn=event.urn, given=given, said_at=said_at))
        shy = team.participants[1]
        db.add(Consent(hub_id=event.hub_id, kind="photos", person_id=shy.id, given=False, said_at=NOW))
    phone = await a_phone(client, database, meeting)
    refused = await phone.send(0, 1000)
    assert refused.status_code == 422
    assert refused.json()["because"] == SCHOOL_SAID_NO
    here = f"/my/notes/{event.id}/record"
    assert (await client.get(here)).json()["photos"] == {"may": False, "says": SCHOOL_SAID_NO}
    async with database.transaction(event.hub_id) as db:
        db.add(Consent(hub_id=event.hub_id, kind="photos", urn=event.urn, given=True, said_at=NOW))
    assert (await phone.send(0, 1000)).status_code == 200
    assert (await client.get(here)).json()["photos"] == {"may": True, "says": f"Photos must not show {shy.name}."}
