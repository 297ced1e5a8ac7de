"""`GET /feeds/{token}.ics`: ASGI in front of everything else, because calendars ask more often than people.

No redirect, no cookie, no log line with the token, and one 404 for every token that is not a feed's.
"""

import time
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions.feeds.serving import Answer, BusyError, FeedCounter, Question
from app.routers.deps import World

PREFIX = "/feeds/"
SUFFIX = b".ics"
COUNTER = "feeds"
MISSES_A_MINUTE = 60
Header = tuple[bytes, bytes]

PLAIN: Header = (b"content-type", b"text/plain; charset=utf-8")
NO_STORE: Header = (b"cache-control", b"no-store")
NO_SNIFF: Header = (b"x-content-type-options", b"nosniff")
KEPT: tuple[Header, ...] = (
    (b"cache-control", b"private, max-age=300"),
    (b"vary", b"Accept-Encoding"),
    (b"referrer-policy", b"no-referrer"),
    NO_SNIFF,
)
CALENDAR: Header = (b"content-type", b"text/calendar; charset=utf-8")
NOT_HERE = b"There is no calendar at this address. Make a new address on your calendar page.\n"
NOT_SO = b"A calendar can only be read here.\n"
TOO_OFTEN = b"Too many calendars that do not exist were asked for. Wait a minute.\n"
LATER = b"This calendar is changing just now. Ask again in a minute.\n"


class Misses:
    """How often each address asked for what does not exist, in the minute that runs."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[str, int] = {}

    def too_many(self, who: str, minute: int) -> bool:
        """Count one more; whether that is more than the limit."""
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[who] = self._counts.get(who, 0) + 1
        return self._counts[who] > MISSES_A_MINUTE


def counter_of(world: World) -> FeedCounter:
    """The server's one counter, made when it is first needed."""
    counter = world.extras.get(COUNTER)
    if counter is None:
        counter = world.extras[COUNTER] = FeedCounter(world.database, world.settings.address)
    found: FeedCounter = counter
    return found


class FeedDoor:
    """ASGI middleware: answers feeds itself and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.misses = Misses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a feed, or pass the request on."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        status, headers, body = await self._answer(scope)
        if status != 304:
            headers = (*headers, (b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope) -> tuple[int, tuple[Header, ...], bytes]:
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, ((b"allow", b"GET, HEAD"), PLAIN, NO_STORE, NO_SNIFF), NOT_SO
        world: World = scope["app"].state.world
        try:
            answer = await counter_of(world).answer(_question(scope), world.clock())
        except BusyError:
            return 503, ((b"retry-after", b"60"), PLAIN, NO_STORE, NO_SNIFF), LATER
        if answer is not None:
            return _found(answer)
        who = scope["client"][0] if scope.get("client") else ""
        if world.settings.feed_rate_limit and self.misses.too_many(who, int(time.monotonic() // 60)):
            return 429, ((b"retry-after", b"60"), PLAIN, NO_STORE, NO_SNIFF), TOO_OFTEN
        return 404, (PLAIN, NO_STORE, NO_SNIFF), NOT_HERE


def _found(answer: Answer) -> tuple[int, tuple[Header, ...], bytes]:
    validators = ((b"etag", answer.etag.encode()), (b"last-modified", answer.last_modified.encode()))
    if answer.body is None:
        return 304, (*validators, *KEPT), b""
    coding: tuple[Header, ...] = ((b"content-encoding", b"gzip"),) if answer.zipped else ()
    return 200, (CALENDAR, *validators, *KEPT, *coding), answer.body


def _question(scope: Scope) -> Question:
    """Header lists are joined as one; a date said twice is no date (RFC 9110 5.3 and 13.1.3)."""
    sent: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in {b"if-none-match", b"if-modified-since", b"accept-encoding", b"user-agent"}:
            text = value.decode("latin-1")
            sent[name] = f"{sent[name]}, {text}" if name in sent else text
    return Question(
        token=_token(scope),
        if_none_match=sent.get(b"if-none-match"),
        if_modified_since=sent.get(b"if-modified-since"),
        accept_encoding=sent.get(b"accept-encoding"),
        user_agent=sent.get(b"user-agent", ""),
        only_looks=scope["method"] == "HEAD",
    )


def _token(scope: Scope) -> bytes:
    """The exact bytes between the prefix and `.ics`; what has no such ending is nobody's token."""
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass")
    asked = unquote_to_bytes(raw)[len(PREFIX) :]
    return asked.removesuffix(SUFFIX) if asked.endswith(SUFFIX) else b""
