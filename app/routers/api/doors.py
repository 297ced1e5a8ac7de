"""What every call of the API has in common: lists, versions, calls done once, refusals."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Path
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from fastapi.security import APIKeyCookie, HTTPBearer

from app.actions import once
from app.kit.errors import BadInputError, Fault, HalftermError, NotFoundError, StaleError
from app.pages import api
from app.pages.api import Asked, Shelf, Slice
from app.routers.api.shapes import NO_NUL, After, InputProblem, Limit, Problem, StaleProblem, Told
from app.routers.deps import Door
from app.routers.guard import guarded_router

PREFIX = "/api/v1"
KIND = "application/problem+json"
Code = Annotated[str, Path(max_length=60, description="The hub's code.", examples=["SW"])]
Key = Annotated[str, Path(max_length=60, description="The id, as lists tell it.")]


class NoVersionError(HalftermError):
    """A change that does not say which version it changes."""

    status = 428
    title = "Say which version you change"


class VersionsError(StaleError):
    """A change of a version that is no longer the newest, with both."""

    def __init__(self, because: str, yours: str, newest: str, document: Any) -> None:
        super().__init__(because)
        self.told = {
            "yours": {"etag": yours, "document": None},
            "newest": {"etag": newest, "document": document},
        }


def _told(model: type[Problem], says: str) -> dict[str, Any]:
    return {"description": says, "content": {KIND: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}


REFUSED: dict[int | str, dict[str, Any]] = {
    401: _told(Problem, "No token and no session, or one that has ended."),
    403: _told(Problem, "Your role does not let you do this, or a browser's call came without X-CSRF-Token."),
    404: _told(Problem, "Unknown, or not yours: the two look alike."),
    422: _told(InputProblem, "What was sent cannot be taken; `errors` says where and why."),
}
IN_CONFLICT: dict[int | str, dict[str, Any]] = {409: _told(Problem, "It does not go together with what is there.")}
VERSIONED: dict[int | str, dict[str, Any]] = {
    412: _told(StaleProblem, "Somebody else changed it first; both versions are in the answer."),
    428: _told(Problem, "If-Match is missing."),
}
PROBLEMS = (Problem, InputProblem, StaleProblem)


def _named_hub(code: Code) -> None:
    """Describes the hub's code in the address; the door itself reads it."""


def api_router(room: str, *, of_a_hub: bool = True) -> APIRouter:
    """The router of one room of the API, under a hub's address or beside the hubs."""
    router = guarded_router(f"{PREFIX}/hubs/{{code}}" if of_a_hub else PREFIX, tags=[room], in_schema=True)
    router.dependencies += [
        Depends(HTTPBearer(auto_error=False, scheme_name="token", description="`halfterm token create EMAIL`")),
        Depends(
            APIKeyCookie(
                name="halfterm",
                auto_error=False,
                scheme_name="session",
                description="A signed-in browser; a change also needs its X-CSRF-Token.",
            )
        ),
    ]
    if of_a_hub:
        router.dependencies.append(Depends(_named_hub))
    router.responses = {**REFUSED}
    return router


def known_urn(text: str) -> int:
    """A school's number from an address; nonsense is as unknown as any other number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise NotFoundError
    return int(text)


class Asking:
    """The two words that every list takes."""

    def __init__(self, after: After = "", limit: Limit = 50) -> None:
        self.after, self.limit = after, limit

    def only(self, names: "Narrow | None" = None) -> Asked:
        """The same, narrowed."""
        return Asked(self.after, self.limit, {} if names is None else asdict(names))


@dataclass
class Narrow:
    """What a list can be narrowed by: every field is a word of its address."""


List = Annotated[Asking, Depends()]


def told(model: type[Told], row: Any) -> Any:
    """A row as its shape tells it, ready for JSON."""
    return model.model_validate(row).model_dump(mode="json")


def address(door: Door, shelf: Shelf, key: object) -> str:
    """Where one thing of a hub is found."""
    return f"{PREFIX}/hubs/{door.member.hub_code}/{shelf}/{key}"


def listed(door: Door, model: type[Told], found: Slice) -> Response:
    """Part of a list, and in `Link` where it goes on."""
    body = {"items": [told(model, row) for row in found.items], "next": found.next}
    headers = {}
    if found.next:
        url = door.request.url
        asked = {**dict(door.request.query_params), "after": found.next}
        headers["Link"] = f'<{url.path}?{urlencode(asked)}>; rel="next"'
    return JSONResponse(body, headers=headers)


async def shelved(door: Door, model: type[Told], shelf: Shelf, asked: Asked) -> Response:
    """Part of one of the hub's lists."""
    return listed(door, model, await api.some(door.db, door.member, shelf, asked))


def etag(body: Any) -> str:
    """A strong ETag: the version where there is one, and a digest of everything that is told."""
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    version = body.get("version")
    return f'"{version}-{digest}"' if version is not None else f'"{digest}"'


def single(door: Door, model: type[Told], row: Any) -> Response:
    """One thing with its ETag; 304 to whoever has it."""
    body = told(model, row)
    tag = etag(body)
    asked = door.request.headers.get("if-none-match", "")
    if door.request.method == "GET" and tag in {one.strip().removeprefix("W/") for one in asked.split(",")}:
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(body, headers={"ETag": tag})


IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        pattern=NO_NUL,
        description="The ETag that you read; without it the change is refused (428).",
    ),
]


def held(model: type[Told], row: Any, if_match: str | None) -> Any:
    """What is there now, when it is the version that the caller read; raises NoVersionError or VersionsError."""
    body = told(model, row)
    if not if_match:
        raise NoVersionError("Read it first, then send the ETag that you got as If-Match.")
    now = etag(body)
    if now not in {one.strip() for one in if_match.split(",")}:
        because = "Somebody else changed it after you read it. Look at the newest version, then send your change again."
        raise VersionsError(because, if_match, now, body)
    return body


OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any word of yours: the same call sent again with it within 7 days is done once, answered alike.",
    ),
]


@contextmanager
def renamed(places: Mapping[str, str]) -> Iterator[None]:
    """Faults of a form's fields, at the places where the API has these."""
    try:
        yield
    except BadInputError as error:
        faults = tuple(Fault(_placed(fault.path, places), fault.because) for fault in error.faults)
        raise BadInputError(error.because, faults) from None


def _placed(path: str, places: Mapping[str, str]) -> str:
    """`first_2` by {"first": "/half_terms/{}/first"} is /half_terms/2/first."""
    word, _, number = path.rpartition("_")
    if number.isdigit() and word in places:
        return places[word].format(number)
    return places.get(path, path)


async def again(door: Door, shelf: Shelf, **key: Any) -> Any:
    """One of the hub's things as it is after a change."""
    await api.forget(door.db)
    return await api.one(door.db, door.member, shelf, **key)


async def created(door: Door, key: str | None, do: Callable[[], Awaitable[tuple[str, Any]]]) -> Response:
    """Do it, once a key, and tell what came of it: 201 with its address."""
    return await _once(door, key, 201, do)


async def done(door: Door, key: str | None, do: Callable[[], Awaitable[tuple[str, Any]]]) -> Response:
    """The same for what makes nothing new: 200."""
    return await _once(door, key, 200, do)


async def taken(door: Door, key: str | None, do: Callable[[], Awaitable[tuple[str, Any]]]) -> Response:
    """The same for what goes on in the background: 202 with where to look."""
    return await _once(door, key, 202, do)


async def _once(door: Door, key: str | None, status: int, do: Callable[[], Awaitable[tuple[str, Any]]]) -> Response:
    account = door.viewer.account_id
    if key is None or account is None:
        place, body = await do()
        return _made(status, place, body)
    before = await once.claim(door.db, account, key, await _fingerprint(door), door.now)
    if before is not None:
        response = _made(before.status, before.place, before.body)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    place, body = await do()
    await once.answer(door.db, account, key, once.Answered(status, place, jsonable_encoder(body)))
    return _made(status, place, body)


def _made(status: int, place: str, body: Any) -> Response:
    headers = {"Location": place} if place else {}
    if "items" not in body:
        headers["ETag"] = etag(body)
    return JSONResponse(body, status_code=status, headers=headers)


async def _fingerprint(door: Door) -> bytes:
    """What a call asks for, however its JSON is spaced."""
    raw = await door.request.body()
    asked = json.dumps(json.loads(raw), sort_keys=True) if raw else ""
    return hashlib.sha256(f"{door.request.method} {door.request.url.path} {asked}".encode()).digest()
