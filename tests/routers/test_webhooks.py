"""Webhooks from the page to a small program on this machine that is told what happens."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.actions.access import Actor
from app.actions.hubs import webhooks as acts
from app.domain.access import Role, Viewer
from app.domain.hubs.webhooks import PRIVATE, secret_of
from app.kit.errors import BadInputError
from app.models.hubs import Webhook, WebhookDelivery
from app.store.database import Database
from app.store.hubs.posting import Outside, post
from tests.house.reading import ROOT
from tests.makers import NOW, a_person, member_of
from tests.routers.desks import Desk

KEY = b"the installation's own key"


@dataclass
class Receiver:
    """A small program that answers as it is told, and remembers what it was sent."""

    port: int = 0
    answers: list[int] = field(default_factory=list)  # then 200
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        self.came.append((headers, body))
        status = self.answers.pop(0) if self.answers else 200
        moved = f"Location: {self.address}\r\n" if status == 302 else ""
        writer.write(f"HTTP/1.1 {status} So\r\n{moved}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


def _sender(database: Database, now: datetime = NOW, *, local: bool = True) -> acts.Sender:
    return acts.Sender(database, lambda: now, KEY, Outside(local=local))


async def _jobs(database: Database) -> list[dict[str, Any]]:
    """What the queue holds for webhooks, the oldest first."""
    sql = "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = 'deliver_webhook' ORDER BY id"
    async with database.transaction() as db:
        return [{**row.args, "later": row.scheduled_at is not None} for row in await db.execute(text(sql))]


async def _do(desk: Desk, sender: acts.Sender) -> dict[str, Any]:
    """Do the newest job."""
    job = (await _jobs(desk.database))[-1]
    await acts.deliver(sender, desk.hub.id, uuid.UUID(job["delivery_id"]), job["number"])
    return job


async def _actor(desk: Desk, db: Any) -> Actor:
    member = await member_of(db, desk.me)
    return Actor(db, Viewer(desk.me.account_id, desk.me.email, (member,)), member, NOW)


async def _webhook(desk: Desk, receiver: Receiver, *kinds: str) -> Webhook:
    async with desk.database.transaction(desk.hub.id) as db:
        told = kinds or ("person.left",)
        key = await acts.make_webhook(await _actor(desk, db), receiver.address, told, Outside(local=True))
    return next(one for one in await desk.rows(Webhook) if one.id == key)


async def _somebody_leaves(desk: Desk) -> None:
    async with desk.database.transaction(desk.hub.id) as db:
        person = await a_person(db, desk.hub, Role.PARTICIPANT, name="Ada Fern")
    assert (await desk.post(f"/people/{person.id}/leave")).status_code == 303


def example() -> Any:
    """The receiver's check, as docs/rules/webhooks.md prints it."""
    source = re.search(r"```python\n(.*?)```", (ROOT / "docs/rules/webhooks.md").read_text(), re.DOTALL)
    assert source
    known: dict[str, Any] = {}
    exec(source[1], known)  # noqa: S102  our own document
    return known


class Header(dict[str, str]):
    """Headers by name, in whatever case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())


async def test_what_happens_is_told_once_signed_and_without_a_name(desk: Desk, receiver: Receiver) -> None:
    webhook = await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    (job,) = await _jobs(desk.database)
    now = datetime.now(UTC)
    await _do(desk, _sender(desk.database, now))
    await _do(desk, _sender(desk.database, now))  # the same job, taken up again after its worker was killed
    ((headers, body),) = receiver.came
    assert b"Ada" not in body
    assert b'"kind":"person.left"' in body
    assert headers["halfterm-id"] == job["delivery_id"]
    check, secret, seen = example()["is_from_halfterm"], secret_of(KEY, webhook.id), set[str]()
    assert not check("whsec_other", Header(headers), body, seen)
    assert not check(secret, Header(headers), body + b" ", seen)
    assert not check(secret, Header(headers | {"halfterm-timestamp": str(int(now.timestamp()) + 1)}), body, seen)
    assert check(secret, Header(headers), body, seen)
    assert not check(secret, Header(headers), body, seen)  # the same again
    assert "Delivered, 1 try" in await desk.get(f"/webhooks/{webhook.id}")


async def test_what_was_recorded_and_sent_again_later_is_told_apart(desk: Desk, receiver: Receiver) -> None:
    webhook = await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    await _do(desk, _sender(desk.database, datetime.now(UTC) - timedelta(minutes=6)))
    headers, body = receiver.came[0]
    assert not example()["is_from_halfterm"](secret_of(KEY, webhook.id), Header(headers), body, set())


async def test_after_a_failure_it_is_tried_once_more_and_then_no_more(desk: Desk, receiver: Receiver) -> None:
    webhook = await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    receiver.answers = [500]
    assert not (await _do(desk, _sender(desk.database)))["later"]
    assert "On its way, 1 try" in await desk.get(f"/webhooks/{webhook.id}")
    assert "It answered 500." in await desk.get(f"/webhooks/{webhook.id}")
    assert (await _do(desk, _sender(desk.database, NOW + timedelta(seconds=30))))["later"]
    assert len(await _jobs(desk.database)) == len(receiver.came) == 2
    (row,) = await desk.rows(WebhookDelivery)
    assert [one["status"] for one in row.tries] == [500, 200]
    assert row.state == "delivered"
    assert receiver.came[0][1] == receiver.came[1][1]
    assert receiver.came[0][0]["halfterm-timestamp"] != receiver.came[1][0]["halfterm-timestamp"]


async def test_after_a_day_it_is_given_up_said_and_sent_again_by_hand(desk: Desk, receiver: Receiver) -> None:
    webhook = await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    receiver.answers = [503]
    await _do(desk, _sender(desk.database, NOW + timedelta(hours=24)))
    page = await desk.get(f"/webhooks/{webhook.id}")
    assert "1 happening could not be delivered" in page
    (row,) = await desk.rows(WebhookDelivery)
    assert f"/deliveries/{row.id}/replay" in page
    here = f"/webhooks/{webhook.id}/deliveries/{row.id}/replay"
    assert (await desk.post(here)).status_code == 303
    assert (await desk.post(here)).status_code == 409  # on its way already
    await _do(desk, _sender(desk.database))
    (row,) = await desk.rows(WebhookDelivery)
    assert row.state == "delivered"
    assert {headers["halfterm-id"] for headers, _ in receiver.came} == {str(row.id)}


async def test_a_redirect_is_not_followed(desk: Desk, receiver: Receiver) -> None:
    webhook = await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    receiver.answers = [302]
    await _do(desk, _sender(desk.database))
    assert len(receiver.came) == 1
    assert "It answered 302, which leads to another address" in await desk.get(f"/webhooks/{webhook.id}")


async def test_a_name_that_has_come_to_lead_inside_is_not_called(desk: Desk, receiver: Receiver) -> None:
    await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    await _do(desk, _sender(desk.database, local=False))  # what was public when it was made is this machine now
    assert receiver.came == []
    (row,) = await desk.rows(WebhookDelivery)
    assert row.tries[0]["said"] == PRIVATE


async def test_the_very_address_that_was_looked_at_is_called(receiver: Receiver) -> None:
    asked: list[str] = []

    async def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    address = receiver.address.replace("127.0.0.1", "office.example")
    outside = Outside(local=True, look_up=look_up)
    assert (await post(address, "{}", {}, outside)).status == 200
    assert asked == ["office.example"]
    assert (await post(address, "{}", {}, outside)).said == PRIVATE
    assert len(receiver.came) == 1


async def test_nobody_there_and_nothing_known_are_said_in_words() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    assert "not found" in (await post("https://office.example/in", "{}", {}, Outside(look_up=nowhere))).said
    assert "Nobody answers" in (await post("http://127.0.0.1:9/in", "{}", {}, Outside(local=True))).said


async def test_a_webhook_that_leads_inside_is_not_made(desk: Desk) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "10.0.0.7"]

    async with desk.database.transaction(desk.hub.id) as db:
        actor, outside = await _actor(desk, db), Outside(look_up=inside)
        with pytest.raises(BadInputError) as refused:
            await acts.make_webhook(actor, "https://office.example/in", ("person.left",), outside)
    assert refused.value.faults[0].because == PRIVATE


async def test_nothing_is_sent_of_what_was_rolled_back(desk: Desk, receiver: Receiver) -> None:
    await _webhook(desk, receiver)
    async with desk.database.transaction(desk.hub.id) as db:
        await (await _actor(desk, db)).record("Left", "Ada Fern", person=str(desk.me.id))
        await db.flush()
        assert len((await db.execute(text("SELECT 1 FROM webhook_delivery"))).all()) == 1
        await db.rollback()
    assert await _jobs(desk.database) == []
    assert await desk.rows(WebhookDelivery) == []


async def test_only_what_was_asked_for_is_told_and_never_to_another_hub(
    desk: Desk, receiver: Receiver, database: Database
) -> None:
    await _webhook(desk, receiver, "plan.accepted")
    other = await Desk(database, desk.client).open()
    await _webhook(other, receiver)
    await _somebody_leaves(other)  # the browser is signed in there now
    assert await desk.rows(WebhookDelivery) == []
    assert len(await other.rows(WebhookDelivery)) == 1


async def test_a_webhook_is_made_paused_tried_and_removed_on_its_pages(desk: Desk, receiver: Receiver) -> None:
    made = await desk.post("/webhooks", address=receiver.address, kinds=["person.left", "event.held"])
    assert made.status_code == 200, made.text
    assert made.headers["cache-control"] == "no-store"
    (webhook,) = await desk.rows(Webhook)
    secret = re.search(r"whsec_[0-9a-f]{64}", made.text)
    assert secret
    assert secret[0] not in await desk.get(f"/webhooks/{webhook.id}")
    assert receiver.address in await desk.get("/webhooks")
    assert (await desk.post(f"/webhooks/{webhook.id}/test")).status_code == 303
    await _do(desk, _sender(desk.database))
    assert b'"kind":"test"' in receiver.came[0][1]
    assert (await desk.post(f"/webhooks/{webhook.id}/pause")).status_code == 303
    assert (await desk.post(f"/webhooks/{webhook.id}/test")).status_code == 409
    await _somebody_leaves(desk)
    assert len(await _jobs(desk.database)) == 1
    assert (await desk.post(f"/webhooks/{webhook.id}/go-on")).status_code == 303
    log = (await desk.client.get(f"{desk.home}/webhooks/{webhook.id}?format=csv")).text
    assert log.splitlines()[1].split(",")[1:2] == ["test"]
    assert "1 delivered" in await desk.get("/webhooks")
    assert "Remove the webhook to" in await desk.get(f"/webhooks/{webhook.id}/remove")
    assert (await desk.post(f"/webhooks/{webhook.id}/remove")).status_code == 303
    assert await desk.rows(Webhook) == await desk.rows(WebhookDelivery) == []


async def test_a_form_that_cannot_be_taken_keeps_what_was_typed(desk: Desk) -> None:
    answer = await desk.post("/webhooks", address="http://10.0.0.1/in")
    assert answer.status_code == 422
    assert PRIVATE in answer.text
    assert "Tick at least one kind" in answer.text
    assert 'value="http://10.0.0.1/in"' in answer.text


async def test_the_log_is_kept_for_thirty_days(desk: Desk, receiver: Receiver) -> None:
    await _webhook(desk, receiver)
    await _somebody_leaves(desk)
    late = _sender(desk.database, NOW + timedelta(days=31))
    assert await acts.forget_old(late) == 0  # still on its way
    await _do(desk, _sender(desk.database))
    assert await acts.forget_old(_sender(desk.database, NOW + timedelta(days=29))) == 0
    assert await acts.forget_old(late) == 1
    assert await desk.rows(WebhookDelivery) == []
