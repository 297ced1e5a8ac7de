"""Feeds over real HTTP: what is served, when nothing has changed, and when something has."""

import asyncio
import gzip
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlmodel import col

from app.actions.feeds.subscribing import subscribe
from app.domain.access import Role
from app.domain.feeds import http_date
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.people import Person
from app.models.schools import School
from app.store.database import Database, see_hubs
from app.store.feeds import event_changed, look_again
from tests.feeds.serving import Served, events_in, serving
from tests.makers import NOW, a_group, a_hub, a_meeting, a_person


@pytest.fixture
async def served(owner: str) -> AsyncIterator[Served]:
    async with serving(owner) as made:
        yield made


# What is served


async def test_a_feed_holds_what_its_owner_has_a_place_in_and_nothing_more(served: Served) -> None:
    async with served.database.transaction(served.team.group.hub_id) as db:
        other = await a_group(db, await db.get_one(Hub, served.team.group.hub_id))
        await a_meeting(db, other, date(2026, 12, 3))
    found = await served.get()
    assert found.status_code == 200
    assert [str(one["UID"]) for one in events_in(found.content)] == [await uid_of(served)]


async def uid_of(served: Served) -> str:
    async with served.database.transaction(served.team.group.hub_id) as db:
        return (await db.get_one(Event, served.meeting)).uid


async def test_the_answer_is_a_calendar_with_validators_and_no_cookie(served: Served) -> None:
    found = await served.get()
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert found.headers["cache-control"] == "private, max-age=300"
    assert found.headers["vary"] == "Accept-Encoding"
    assert found.headers["last-modified"] == http_date(NOW)
    assert found.headers["etag"].startswith('"')
    assert "set-cookie" not in found.headers
    assert served.token.encode() not in found.content


async def test_a_second_get_is_byte_identical(served: Served) -> None:
    first, second = await served.get(), await served.get()
    assert first.content == second.content
    assert {**first.headers, "date": ""} == {**second.headers, "date": ""}


async def test_gzip_is_another_form_with_a_tag_of_its_own(served: Served) -> None:
    plain = await served.get()
    async with served.http.stream("GET", served.path, headers={"Accept-Encoding": "gzip"}) as found:
        raw = b"".join([part async for part in found.aiter_raw()])
    assert found.headers["content-encoding"] == "gzip"
    assert found.headers["etag"] == plain.headers["etag"][:-1] + '-gz"'
    assert gzip.decompress(raw) == plain.content
    assert raw[4:8] == b"\0\0\0\0"


async def test_head_equals_get(served: Served) -> None:
    for coding in ("identity", "gzip"):
        got = await served.get(Accept_Encoding=coding)
        head = await served.http.head(served.path, headers={"Accept-Encoding": coding})
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


async def test_other_methods_are_answered_405_with_allow(served: Served) -> None:
    methods = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT")
    for method, path in itertools.product(methods, (served.path, "/feeds/nobody.ics")):
        found = await served.http.request(method, path)
        assert (found.status_code, found.headers["allow"]) == (405, "GET, HEAD")
        assert "set-cookie" not in found.headers


# 304


async def test_if_none_match_is_answered_304_with_etag_cache_control_and_vary(served: Served) -> None:
    plain = (await served.get()).headers["etag"]
    forms = ("{}", "W/{}", '"a", {}', "*", '"x,y",W/{}')
    for form, coding, tag in itertools.product(forms, ("identity", "gzip"), (plain, plain[:-1] + '-gz"')):
        found = await served.get(If_None_Match=form.format(tag), Accept_Encoding=coding)
        assert (found.status_code, found.content) == (304, b"")
        assert found.headers["vary"] == "Accept-Encoding"
        assert found.headers["cache-control"] == "private, max-age=300"
        assert found.headers["etag"] == (await served.get(Accept_Encoding=coding)).headers["etag"]
        assert "content-length" not in found.headers


async def test_apple_revalidates_by_date(served: Served) -> None:
    seen = (await served.get()).headers["last-modified"]
    assert (await served.get(If_Modified_Since=seen)).status_code == 304
    served.clock[0] += timedelta(hours=1)
    await served.change(notes="Bring a pen.")
    assert (await served.get(If_Modified_Since=seen)).status_code == 200


async def test_two_changes_in_one_second_are_both_seen_by_date(served: Served) -> None:
    seen = (await served.get()).headers["last-modified"]
    for words in ("one", "two", "three"):
        await served.change(notes=words)
        found = await served.get(If_Modified_Since=seen)
        assert found.status_code == 200
        assert words in found.text
        seen = found.headers["last-modified"]


async def test_a_date_that_cannot_be_read_gets_the_full_body(served: Served) -> None:
    for sent in ("yesterday", "2026-11-21", "Sat, 32 Nov 2026 10:00:00 GMT"):
        assert (await served.get(If_Modified_Since=sent)).status_code == 200


async def test_if_none_match_wins_over_if_modified_since(served: Served) -> None:
    fresh = (await served.get()).headers["last-modified"]
    assert (await served.get(If_None_Match='"other"', If_Modified_Since=fresh)).status_code == 200


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[list[str]]:
    """Every statement that goes through the ORM's engine meanwhile."""
    said: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_an_unchanged_answer_costs_one_indexed_row_read(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    etag = (await served.get()).headers["etag"]
    reader = served.counter()._reader
    reads: list[Any] = []
    read = reader._read

    async def counting(*asked: Any) -> Any:
        reads.append(asked)
        return await read(*asked)

    monkeypatch.setattr(reader, "_read", counting)
    async with counted(served.database) as said:
        assert (await served.get(If_None_Match=etag)).status_code == 304
        assert (await served.get()).status_code == 200
    assert (len(reads), said) == (2, [])


# When something changes


async def test_a_change_is_in_the_next_answer_with_sequence_and_last_modified_raised(served: Served) -> None:
    before = await served.get()
    served.clock[0] += timedelta(minutes=5)
    await served.change(notes="Bring a pen.")
    after = await served.get(If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    old, new = events_in(before.content)[0], events_in(after.content)[0]
    assert new["SEQUENCE"] == old["SEQUENCE"] + 1
    assert new["LAST-MODIFIED"].dt == served.clock[0]
    assert new["UID"] == old["UID"]
    assert after.headers["last-modified"] == http_date(served.clock[0])


async def test_everyone_who_sees_a_meeting_sees_the_same_bytes_of_it(served: Served) -> None:
    leader = served.team.leader
    async with served.database.transaction() as db:
        made = await subscribe(await served.subscriber(db, leader), "Desk")
    theirs = await served.http.get(f"/feeds/{made.token}.ics")
    assert theirs.content == (await served.get()).content


async def test_a_cancelled_meeting_stays_sixty_days_and_leaving_raises_the_revision(served: Served) -> None:
    await served.change(status="cancelled", cancelled_at=NOW)
    cancelled = await served.get()
    assert events_in(cancelled.content)[0]["SUMMARY"].startswith("CANCELLED: ")
    served.clock[0] = NOW + timedelta(days=60) - timedelta(seconds=1)
    assert (await served.get(If_None_Match=cancelled.headers["etag"])).status_code == 304
    served.clock[0] = NOW + timedelta(days=60)
    left = await served.get(If_Modified_Since=cancelled.headers["last-modified"])
    assert left.status_code == 200
    assert events_in(left.content) == []
    assert left.headers["last-modified"] == http_date(served.clock[0])


async def test_a_meeting_leaves_twelve_months_after_its_end(served: Served) -> None:
    await served.get()
    served.clock[0] = NOW.replace(year=2027, month=11, day=26, hour=11, minute=59)
    assert len(events_in((await served.get()).content)) == 1
    served.clock[0] = NOW.replace(year=2027, month=11, day=26, hour=12)
    assert events_in((await served.get()).content) == []


async def test_a_rolled_back_change_leaves_the_answer_as_it_was(served: Served) -> None:
    before = await served.get()

    async def change_and_fail() -> None:
        async with served.database.transaction(served.team.group.hub_id) as db:
            (await db.get_one(Event, served.meeting)).notes = "Bring a pen."
            await event_changed(db, [served.meeting], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_and_fail()
    assert (await served.get()).content == before.content


async def test_asking_while_it_changes_never_pins_an_old_body_under_a_new_date(served: Served) -> None:
    """Thirty changes, and readers that only ask by date: the last answer must hold the last change."""
    seen: dict[int, tuple[str, bytes]] = {}

    async def follow(reader: int) -> None:
        for _ in range(40):
            sent = {"If_Modified_Since": seen[reader][0]} if reader in seen else {}
            found = await served.get(**sent)
            if found.status_code == 200:
                seen[reader] = (found.headers["last-modified"], found.content)

    async def alter() -> None:
        for number in range(30):
            await served.change(notes=f"Change {number}.")

    await asyncio.gather(alter(), *(follow(reader) for reader in range(4)))
    last = await served.get()
    for since, body in seen.values():
        found = await served.get(If_Modified_Since=since)
        assert (found.content if found.status_code == 200 else body) == last.content
    assert b"Change 29." in last.content


async def test_somebody_who_left_the_hub_has_an_empty_feed(served: Served) -> None:
    person = served.team.participants[0]
    async with served.database.transaction(person.hub_id) as db:
        await db.execute(update(Person).where(col(Person.id) == person.id).values(left_on=date(2026, 11, 1)))
        await event_changed(db, [], NOW, unbooked=[person.id])
    assert events_in((await served.get()).content) == []


async def test_a_person_of_two_hubs_has_one_calendar(served: Served) -> None:
    person = served.team.participants[0]
    async with served.database.transaction() as db:
        hub = await a_hub(db, code="OTHER")
        await see_hubs(db, hub.id)
        again = await a_person(db, hub, Role.SPECIALIST, name=person.name, email=person.email)
        team = await a_group(db, hub, leader=again)
        other = await a_meeting(db, team, date(2026, 12, 3))
        await event_changed(db, [other.id], NOW)
    assert len(events_in((await served.get()).content)) == 2


async def test_an_address_that_came_with_a_national_file_reaches_calendars_with_sequence_raised(served: Served) -> None:
    before = await served.get()
    served.clock[0] += timedelta(hours=1)
    async with served.database.transaction() as db:
        await db.execute(update(School).values(street="2 New Lane"))
        await look_again(db)
    after = await served.get(If_Modified_Since=before.headers["last-modified"])
    assert "2 New Lane" in after.text
    assert events_in(after.content)[0]["SEQUENCE"] == events_in(before.content)[0]["SEQUENCE"] + 1


async def test_a_second_look_that_finds_nothing_keeps_bytes_and_revision(served: Served) -> None:
    before = await served.get()
    served.clock[0] += timedelta(hours=1)
    async with served.database.transaction() as db:
        await look_again(db)
    assert (await served.get(If_Modified_Since=before.headers["last-modified"])).status_code == 304
