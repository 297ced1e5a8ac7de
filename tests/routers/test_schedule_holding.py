"""Holding a plan's dates: asked by a personal link, refused, planned again with few moves, accepted."""

import uuid
from datetime import timedelta

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.kit.links import signed_link
from app.models.hubs import Hub
from app.models.mail import Message
from app.models.meetings import Event
from app.models.people import Person
from app.models.schedule import DateAnswer, DateAsk
from app.settings import read_settings
from app.store.database import Database
from tests.makers import NOW
from tests.routers.test_schedule import Planned, a_small_hub, proposed

UNTIL = (NOW + timedelta(days=14)).date().isoformat()


def link_of(hub: Hub, ask_id: uuid.UUID) -> str:
    return f"/dates/{signed_link(read_settings().secret, 'dates', hub.id, ask_id)}"


async def held(database: Database, client: httpx.AsyncClient) -> tuple[Planned, str]:
    """A small hub whose plan's dates are held; the address of the plan."""
    small = await a_small_hub(database, client)
    here = f"{small.path}/{await proposed(database, client, small)}"
    answer = await client.post(f"{here}/hold", data={"csrf": small.csrf, "answer_by": UNTIL, "words": "Hello all."})
    assert answer.status_code == 303, answer.text
    return small, here


async def asked_of(
    database: Database, hub: Hub, person: Person
) -> tuple[uuid.UUID, int, list[tuple[Event, DateAnswer]]]:
    """Somebody's ask with its version, and each date ahead with its answer."""
    async with database.transaction(hub.id) as db:
        ask = (await db.execute(select(DateAsk).where(col(DateAsk.person_id) == person.id))).scalar_one()
        rows = await db.execute(
            select(Event, DateAnswer)
            .join(DateAnswer, col(DateAnswer.event_id) == col(Event.id))
            .where(col(DateAnswer.ask_id) == ask.id)
            .order_by(col(Event.day))
        )
        return ask.id, ask.version, [(row[0], row[1]) for row in rows]


async def say(client: httpx.AsyncClient, address: str, version: int, words: dict[uuid.UUID, str]) -> httpx.Response:
    said = {f"answer-{event}": word for event, word in words.items()}
    because = {f"because-{event}": "We are on a trip" for event, word in words.items() if word == "cannot"}
    return await client.post(address, data={"version": str(version), **said, **because})


async def test_everybody_is_asked_once_and_refusals_move_as_few_dates_as_possible(
    database: Database, client: httpx.AsyncClient
) -> None:
    small, here = await held(database, client)
    async with database.transaction(small.hub.id) as db:
        letters = list((await db.execute(select(Message))).scalars())
        assert len(letters) == (await db.execute(select(func.count()).select_from(DateAsk))).scalar_one() == 4
    assert all(letter.text.count("{dates}") == 1 and "Hello all." in letter.text for letter in letters)

    teacher = small.team.participants[0]
    ask_id, version, dates = await asked_of(database, small.hub, teacher)
    link = link_of(small.hub, ask_id)
    assert "I cannot" in (await client.get(link)).text
    meeting = next(event for event, _ in dates if event.kind == "meeting")
    before = {event.id: (event.day, event.sequence, event.uid) for event, _ in dates}
    assert (await say(client, link, version, {meeting.id: "cannot"})).status_code == 303
    listed = (await client.get(f"{here}/answers?answer=cannot")).text
    assert "We are on a trip" in listed
    assert teacher.name in listed

    page = await client.get(f"{here}/replan", headers={"Accept": "application/json"})
    shown = page.json()
    assert [one["choice"] for one in shown["refusals"]] == ["another"]
    way = shown["ways"][0]
    assert (len(way["lines"]), way["fewest"]) == (1, True)
    async with database.transaction(small.hub.id) as db:
        assert (await db.get_one(Event, meeting.id)).day == before[meeting.id][0], "nobody is told before it is chosen"
    sent = {"csrf": small.csrf, "moves": way["moves"], "mended": str(shown["mended"]), "answer_by": UNTIL}
    assert (await client.post(f"{here}/replan", data=sent)).status_code == 303
    assert (await client.post(f"{here}/replan", data=sent)).status_code == 409, "a second press does nothing"

    _, _, after = await asked_of(database, small.hub, teacher)
    changed = [event for event, _ in after if before[event.id][0] != event.day]
    assert [event.id for event in changed] == [meeting.id]
    assert changed[0].uid == before[meeting.id][2]
    assert changed[0].sequence > before[meeting.id][1]
    assert all(not row.answer for event, row in after if event.id == meeting.id)
    async with database.transaction(small.hub.id) as db:
        assert (await db.execute(select(func.count()).select_from(Message))).scalar_one() == 8
    assert (await client.post(f"{here}/accept", data={"csrf": small.csrf})).status_code == 303
    assert "settled" in (await client.get(link)).text
    async with database.transaction(small.hub.id) as db:
        assert (await db.get_one(Event, meeting.id)).status == "confirmed"
