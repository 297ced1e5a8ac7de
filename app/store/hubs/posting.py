"""The one way out to a webhook: names are looked up here, and only addresses of the public internet are called."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore

from app.domain.hubs.webhooks import PRIVATE, all_may_be_called, says

SECONDS = 10  # for the whole call
UNKNOWN = "This address was not found. Check how it is written."
LookUp = Callable[[str, int], Awaitable[list[str]]]


async def look_up(host: str, port: int) -> list[str]:
    """Every address that the name leads to; raises OSError when it leads nowhere."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Outside:
    """Who may be called: `local` lets this machine itself be, in a demo and in tests."""

    local: bool = False
    look_up: LookUp = look_up


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call: the status, or none with the reason."""

    status: int | None
    said: str


class PrivateError(Exception):
    """The name leads into a private network."""


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the very addresses that were looked at: a name cannot lead elsewhere in between."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(  # the signature is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own name
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the name's addresses that answers; raises PrivateError if any is private."""
        found = await self._outside.look_up(host, port)
        if not all_may_be_called(found, local=self._outside.local):
            raise PrivateError
        for address in found[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._inner.connect_tcp(found[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


async def reachable(address: str, outside: Outside) -> str:
    """Why this address cannot be called, by what its name leads to now; nothing when it can."""
    url = urlsplit(address)
    try:
        async with asyncio.timeout(SECONDS):
            found = await outside.look_up(url.hostname or "", url.port or 443)
    except (OSError, UnicodeError):
        return UNKNOWN
    return "" if all_may_be_called(found, local=outside.local) else PRIVATE


async def post(address: str, body: str, headers: dict[str, str], outside: Outside) -> Answered:
    """Send once: no redirect is followed, no proxy asked, and of the answer only its status is read."""
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpcore.AsyncConnectionPool(network_backend=Guarded(outside)) as pool,
            pool.stream("POST", address, headers=list(headers.items()), content=body.encode()) as answer,
        ):
            return Answered(answer.status, says(answer.status))
    except PrivateError:
        return Answered(None, PRIVATE)
    except TimeoutError:
        return Answered(None, f"There was no answer within {SECONDS} seconds.")
    except (httpcore.NetworkError, httpcore.TimeoutException):
        return Answered(None, "Nobody answers there, or the connection is not secure.")
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        return Answered(None, "What answers there is no web server.")
    except (OSError, UnicodeError):
        return Answered(None, UNKNOWN)
