"""Tokens of feeds over real HTTP, and who fetched what."""

import statistics
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.actions.feeds.subscribing import rotate, stop
from app.kit.tokens import new_token
from app.main import create_app
from app.models.feeds import Feed, FeedFetch
from app.settings import read_settings
from app.store.database import Database
from tests.databases import app_address
from tests.feeds.serving import Served, a_subscription, running, serving
from tests.makers import NOW

NOT_FOUND_HEADERS = {"content-type", "cache-control", "x-content-type-options", "content-length", "date"}
NONSENSE = (
    "/feeds/.ics",
    "/feeds/x",
    "/feeds/%00.ics",
    "/feeds/%ff%fe.ics",
    "/feeds/%ed%a0%80.ics",
    f"/feeds/{'a' * 4096}.ics",
    f"/feeds/{'%00' * 1500}.ics",
    "/feeds/a/b.ics",
    "/feeds/..%2f..%2fetc.ics",
    "/feeds/",
)


@pytest.fixture
async def served(owner: str) -> AsyncIterator[Served]:
    async with serving(owner) as made:
        yield made


# Tokens


async def test_unknown_old_revoked_and_nonsense_tokens_are_answered_alike(served: Served) -> None:
    old = served.path
    async with served.database.transaction() as db:
        who = await served.subscriber(db, served.team.participants[0])
        served.token = (await rotate(who, served.feed)).token
    assert (await served.get()).status_code == 200
    revoked = served.path
    async with served.database.transaction() as db:
        await stop(await served.subscriber(db, served.team.participants[0]), served.feed)
    token = new_token()
    flipped = token[:-1] + chr(ord(token[-1]) ^ 1)
    paths = [old, revoked, f"/feeds/{token}.ics", f"/feeds/{flipped}.ics", *NONSENSE]
    answers = [await served.http.get(path) for path in paths]
    first = answers[0]
    assert first.status_code == 404
    assert set(first.headers) == NOT_FOUND_HEADERS
    for path, found in zip(paths, answers, strict=True):
        assert (found.status_code, found.content) == (404, first.content), path
        assert {**found.headers, "date": ""} == {**first.headers, "date": ""}, path


async def test_tokens_compare_as_exact_bytes(served: Served) -> None:
    token = served.token
    spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bits = token[:-1] + spare[spare.index(token[-1]) ^ 1]
    others = [token.swapcase(), same_bits, f"{token}%20", f"%20{token}", f"{token}=", f"{token}%00", f"{token}%0a"]
    for other in others:
        assert (await served.http.get(f"/feeds/{other}.ics")).status_code == 404, other
    for ending in ("", ".ICS", ".ics/", ".ics%20", ".icsx"):
        assert (await served.http.get(f"/feeds/{token}{ending}")).status_code == 404, ending
    assert (await served.get()).status_code == 200


@pytest.mark.slow
async def test_404s_take_the_same_time(served: Served) -> None:
    async with served.database.transaction() as db:
        await stop(await served.subscriber(db, served.team.participants[0]), served.feed)
    kinds = {"revoked": served.path, "unknown": f"/feeds/{new_token()}.ics", "nonsense": "/feeds/%00.ics"}
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(150):
        for kind, path in kinds.items():
            began = time.perf_counter()
            await served.http.get(path)
            took[kind].append(time.perf_counter() - began)
    medians = [statistics.median(times) for times in took.values()]
    assert max(medians) < 1.5 * min(medians)


async def test_only_the_hash_of_a_token_is_kept(served: Served) -> None:
    async with served.database.transaction() as db:
        row = (await db.execute(select(Feed))).scalar_one()
    assert served.token.encode() not in repr(row).encode()
    assert len(row.hash or b"") == 32


async def test_too_many_misses_from_one_address_are_slowed_but_a_feed_is_always_served(owner: str) -> None:
    app = create_app(read_settings(now=NOW), app_address(owner), with_worker=False)
    _, _, _, token = await a_subscription(app.state.world.database)
    async with running(app) as client:
        answers = [(await client.get("/feeds/x.ics")).status_code for _ in range(130)]
        assert answers[0] == 404
        assert 429 in answers  # a new minute may have begun on the way
        assert (await client.get(f"/feeds/{token}.ics")).status_code == 200


# Who fetched it


async def fetches(served: Served) -> dict[str, FeedFetch]:
    await served.counter().write_visits()
    async with served.database.transaction() as db:
        return {one.client: one for one in (await db.execute(select(FeedFetch))).scalars()}


async def test_who_fetched_a_feed_is_noted_with_the_revision_they_have(served: Served) -> None:
    first = await served.get(User_Agent="Google-Calendar-Importer")
    served.clock[0] += timedelta(hours=1)
    await served.change(notes="Bring a pen.")
    await served.get(User_Agent="Thunderbird/128", If_None_Match=first.headers["etag"])
    noted = await fetches(served)
    assert (noted["google"].fetched_at, noted["google"].revision) == (NOW, NOW)
    assert (noted["thunderbird"].fetched_at, noted["thunderbird"].revision) == (served.clock[0], served.clock[0])


async def test_a_304_is_noted_too_and_head_is_not(served: Served) -> None:
    etag = (await served.get(User_Agent="Google-Calendar-Importer")).headers["etag"]
    await served.http.head(served.path, headers={"User-Agent": "Thunderbird/128"})
    served.clock[0] += timedelta(hours=4)
    await served.get(User_Agent="Google-Calendar-Importer", If_None_Match=etag)
    noted = await fetches(served)
    assert set(noted) == {"google"}
    assert noted["google"].fetched_at == served.clock[0]


async def test_a_server_that_stops_writes_down_who_came(owner: str) -> None:
    app = create_app(read_settings(now=NOW), app_address(owner), with_worker=False)
    _, _, _, token = await a_subscription(app.state.world.database)
    async with running(app) as client:
        await client.get(f"/feeds/{token}.ics", headers={"User-Agent": "Thunderbird/128"})
    again = Database(app_address(owner), pool_size=1)
    async with again.transaction() as db:
        noted = (await db.execute(select(col(FeedFetch.client)))).scalars().all()
    await again.close()
    assert noted == ["thunderbird"]


async def test_a_connection_that_broke_is_replaced(served: Served, owner: str) -> None:
    assert (await served.get()).status_code == 200
    await cut_connections(owner)
    assert (await served.get()).status_code == 200


async def cut_connections(owner: str) -> None:
    async with await psycopg.AsyncConnection.connect(owner, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FROM feed WHERE hash%' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        )
