"""Calls that mean no harm, for walks over every route."""

import asyncio
import re
from collections.abc import Mapping

import httpx

from app.routers.shield import HEADERS
from tests.routes import Route

STREAM_SECONDS = 20
# What a form must name before it can be judged: a field, and the key that it names.
NAMED = {"/hubs/{code}/schools/add": {"urn": "gias"}}

# Answers that differ by what they are, not by who asks; each with its reason.
NOT_THERE = {
    "/demo": "exists in a demo only",
    "/sign-in/{token}": "a link that is not known is gone: 410",
    "/answer/{token}": "a link that was not signed here names nothing",
    "/dates/{token}": "a link that was not signed here names nothing",
    "/mail/incoming": "exists where a secret for it is set",
}


async def tried(
    client: httpx.AsyncClient,
    route: Route,
    address: str,
    csrf: str = "",
    *,
    keys: Mapping[str, str] | None = None,
    drawn: bool = False,
) -> httpx.Response:
    """A call that means no harm: nothing asked, nothing sent but the proof that it is no forgery."""
    lightly = {} if drawn else {"accept": "application/json"}  # pages are drawn where that is looked at
    named = {field: (keys or {}).get(key, "") for field, key in NAMED.get(route.path, {}).items()}
    key = {"idempotency-key": "once"} if route.api and route.method == "POST" else {}
    headers = {"x-csrf-token": csrf, **lightly, **key}
    sent: dict[str, object] = {}
    if not route.safe:
        sent = {"json": {}} if route.api else {"data": {"csrf": csrf, **named}}
    call = client.request(route.method, address, headers=headers, **sent)  # type: ignore[arg-type]
    return await asyncio.wait_for(call, STREAM_SECONDS)


def unshut(answer: httpx.Response) -> list[str]:
    """What an answer leaves open: headers that are not there, and in a page what the policy would block."""
    path = answer.request.url.path
    wanted = {"X-Content-Type-Options": "nosniff"} if path.startswith("/feeds/") else HEADERS  # no page, no frame
    missing = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    faults = []
    if missing or "cache-control" not in answer.headers or "server" in answer.headers:
        faults.append(f"{answer.request.method} {path}: {answer.status_code} without {missing}")
    if answer.headers.get("content-type", "").startswith("text/html"):
        faults += [f"{path}: {one}" for one in inline(answer.text)]
    return faults


def inline(html: str) -> list[str]:
    """What the policy would block: scripts and styles in the page, handlers, anything from elsewhere."""
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\son[a-z]+=\"|\sstyle=\"|javascript:", html)
    return found + re.findall(r"(?:src|action)=\"(?:https?:)?//[^\"]*|<link[^>]*href=\"(?:https?:)?//[^\"]*", html)


FOR_EVERYONE: Mapping[str, str] = {
    "/api/v1/schools/{urn}": "GIAS is public",
}
