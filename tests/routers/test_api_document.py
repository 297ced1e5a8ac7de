"""The examples of docs/api.md are run as they stand: what is sent, and what comes back."""

import html
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from app.domain.access import Role
from app.store.database import Database
from tests.house.reading import ROOT
from tests.makers import a_group, a_meeting
from tests.routers.test_api_writes import a_token

ANYTHING = "…"


@dataclass
class Example:
    """One request with the answer that the document promises."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int
    answer: Any


def examples(text: str) -> list[Example]:
    """Blocks that begin with a method: head, perhaps a body, then status and answer."""
    found = []
    for block in re.findall(r"^```\n((?:GET|POST|PATCH|PUT|DELETE) .*?)^```", text, re.MULTILINE | re.DOTALL):
        head, *bodies, last = block.strip().split("\n\n")
        (method, path), *headers = (line.split(maxsplit=1) for line in head.splitlines())
        status, _, answer = last.partition("\n")
        names = {name.rstrip(":"): value for name, value in headers}
        sent = json.loads(bodies[0]) if bodies else None
        found.append(Example(method, path, names, sent, int(status), json.loads(answer)))
    return found


def kept(promised: Any, told: Any) -> bool:
    """Whether all that is promised is told: objects may hold more, `…` is anything, an empty one only its kind."""
    if promised == ANYTHING:
        return told is not None
    if isinstance(promised, dict):
        return isinstance(told, dict) and all(name in told and kept(one, told[name]) for name, one in promised.items())
    if isinstance(promised, list):
        found = isinstance(told, list) and len(promised) <= len(told)
        return found and all(kept(one, other) for one, other in zip(promised, told, strict=False))
    return bool(promised == told)


async def test_the_examples_of_the_document_are_true(client: httpx.AsyncClient, database: Database) -> None:
    hub = await a_token(database, client, Role.COORDINATOR)
    async with database.transaction(hub.id) as db:
        await a_meeting(db, await a_group(db, hub), date(2026, 11, 26))
    token = client.headers.pop("authorization").removeprefix("Bearer ")
    shown = examples((ROOT / "docs" / "api.md").read_text())
    assert len(shown) >= 7
    for example in shown:
        headers = {name: value.replace("TOKEN", token) for name, value in example.headers.items()}
        if headers.get("If-Match", "").startswith("ETAG of "):
            thing = headers["If-Match"].removeprefix("ETAG of ")
            read = await client.get(thing, headers={"Authorization": headers["Authorization"]})
            headers["If-Match"] = read.headers["etag"]
        answer = await client.request(example.method, example.path, headers=headers, json=example.body)
        assert answer.status_code == example.status, (example, answer.text)
        assert kept(example.answer, answer.json()), (example.answer, answer.json())


async def test_every_call_of_the_document_is_on_the_page_for_people(client: httpx.AsyncClient) -> None:
    told = (await client.get("/openapi.json")).json()
    page = html.unescape((await client.get("/docs")).text)
    for path, methods in told["paths"].items():
        assert path.startswith("/api/v1/")
        for method, call in methods.items():
            assert f"{method.upper()} {path}" in page
            assert call["summary"] in page
            assert call["security"] == [{"token": []}, {"session": []}]
            assert {"401", "422"} <= set(call["responses"])
    for name in told["components"]["schemas"]:
        assert name.split("_")[0] in page


def test_a_promise_that_is_not_kept_is_found() -> None:
    assert kept({"a": ANYTHING, "b": []}, {"a": 1, "b": [2], "c": 3})
    assert not kept({"a": ANYTHING}, {"a": None})
    assert not kept({"a": 1}, {"a": 2})
    assert not kept([1, 2], [1])
