"""Calls that mean no harm, for walks over every route."""

import asyncio
from collections.abc import Mapping

import httpx

from tests.routes import Route

STREAM_SECONDS = 20
# What a form must name before it can be judged: a field, and the key that it names.
NAMED = {"/hubs/{code}/schools/add": {"urn": "gias"}}


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


FOR_EVERYONE: Mapping[str, str] = {
    "/api/v1/schools/{urn}": "GIAS is public",
}
