"""Around every answer: security headers, a size limit on what comes in, no page kept by caches."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TooLargeError(Exception):
    """More came in than the limit."""


Broken = Callable[[Request, Exception], Awaitable[Response]]


class Shield:
    """ASGI middleware; `limit` is in bytes, `broken` answers what nobody foresaw."""

    def __init__(self, app: ASGIApp, *, secure: bool, limit: int, broken: Broken) -> None:
        self.app = app
        self.limit = limit
        self.broken = broken
        self.headers = dict(HEADERS)
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its answer's headers set."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = scope["path"].startswith("/static/")

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if kept else "no-store")
            await send(message)

        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.limit:
            await _too_large(with_headers, self.limit)
            return
        try:
            await self.app(scope, _counted(receive, self.limit), with_headers)
        except Exception as error:
            if begun:
                raise  # half an answer is out: only the server can break it off
            await (await self.broken(Request(scope), error))(scope, receive, with_headers)


def _counted(receive: Receive, limit: int) -> Receive:
    """A body without a length is counted as it comes; past the limit the sender is cut off."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message: Any = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            return {"type": "http.disconnect"}
        return dict(message)

    return counted


async def _too_large(send: Send, limit: int) -> None:
    text = f"This file is larger than {limit // 1024 // 1024} MB. Split it, or ask whoever runs Halfterm to import it."
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
