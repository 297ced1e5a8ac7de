"""Nonsense in the place of an id: refused like any unknown id, never a crash, never a hint of what exists."""

import random
import uuid
from urllib.parse import quote

import httpx
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col

from app.domain.access import Role
from app.models.schools import School
from app.store.database import Database
from tests.makers import sign_in
from tests.routers.walking import FOR_EVERYONE, tried
from tests.routes import routes_of
from tests.worlds import Around, a_world, filled

SEED = 20261122
# Names that the asker makes up, with the reason.
NO_IDS = {"/my/notes/{event}/photos/{sha}/received": "says how much of a photo has come: of a new one, nothing"}


def nonsense(dice: random.Random, known: str) -> list[str]:
    """A stranger's id, one like a known one but for a digit, and what no id ever looks like."""
    place = dice.randrange(len(known)) if known else 0
    near = known[:place] + dice.choice("0123456789abcdef") + known[place + 1 :]
    return [
        str(uuid.UUID(int=dice.getrandbits(128))),
        near if near != known else str(uuid.UUID(int=0)),
        quote("' OR 1=1 --", safe=""),
        dice.choice(["-1", "0", "9" * 40, "NaN", "%00", "%F0%9F%A6%94", "x" * 3000, "null"]),
    ]


async def test_a_fuzzed_id_tells_nobody_what_exists(
    still: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        csrf = await sign_in(db, client, around.viewer)
        taken = {str(urn) for urn in (await db.execute(select(col(School.urn)))).scalars()}
    dice = random.Random(SEED)  # noqa: S311  no secret
    faults = []
    for route in routes_of(still):
        if route.public or not route.names or route.path in {**FOR_EVERYONE, **NO_IDS}:
            continue
        for keys in fuzzed(dice, around, route.names):
            if keys[word_of(route.names[-1], around)] in taken:
                continue  # a digit off one school's number is another school's
            answer = await tried(client, route, filled(route, around.hub.code, keys), csrf)
            if answer.status_code not in ({403, 404} if route.safe and not route.api else {403, 404, 422, 428}):
                sent = keys[word_of(route.names[-1], around)][:40]
                faults.append(f"{route}: {answer.status_code} for {sent!r}")
    assert not faults, "\n".join(faults)


def word_of(name: str, around: Around) -> str:
    """What an address names in its last place, as a world's keys call it."""
    return name if name in around.own else name.partition("/")[0]


def fuzzed(dice: random.Random, around: Around, names: list[str]) -> list[dict[str, str]]:
    """Keys for an address: all of them the viewer's own but the last, which is nonsense."""
    word = word_of(names[-1], around)
    return [{**around.own, word: one} for one in nonsense(dice, around.own[word])]


async def test_a_nul_in_a_question_is_no_crash(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.COORDINATOR)
        await sign_in(db, client, around.viewer)
    lists = ("people", "schools", "groups", "meetings", "trail", "proposals", "records", "imports", "year")
    words = "words=%00&q=%00&name=%00&group=%00&status=%00&sort=%00&half_term=%00&kind=%00&who=%00&did=%00"
    for one in lists:
        answer = await client.get(f"/hubs/{around.hub.code}/{one}?{words}")
        assert answer.status_code < 500, one
