"""The first gate, the door: a route that says nothing of who may come in is refused when it is declared."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match, compile_path
from starlette.types import Scope

from app.domain.access import Can

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def allow(can: Can) -> Callable[[Endpoint], Endpoint]:
    """This route needs the permission, in the hub its address names or in any."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["allow"] = can
        return endpoint

    return mark


def signed_in(because: str, *, tokens_too: bool = False) -> Callable[[Endpoint], Endpoint]:
    """This route needs a signed-in person and no permission, because ...; a hub's API token only with `tokens_too`."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["signed_in"] = because
        if tokens_too:
            endpoint.__dict__["tokens_too"] = True
        return endpoint

    return mark


def public(because: str) -> Callable[[Endpoint], Endpoint]:
    """This route is open to everyone, because ..."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["public"] = because
        return endpoint

    return mark


@lru_cache(maxsize=256)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


class GuardedRoute(APIRoute):
    """Refuses, at import, a route that is neither allowed, signed in nor public; the rest waits until it is called.

    What FastAPI reads out of an endpoint's signature takes a millisecond each: most of them are for pages that nobody
    opens before the next start.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        marks = [mark for mark in ("allow", "signed_in", "public") if mark in endpoint.__dict__]
        if len(marks) != 1:
            raise TypeError(f"{path}: say exactly one of allow(Can.x), signed_in(because) or public(because)")
        self.path, self.endpoint, self._options = path, endpoint, options
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.methods = {method.upper() for method in options.get("methods") or ("GET",)}
        self.name, self.include_in_schema = endpoint.__name__, bool(options.get("include_in_schema", True))
        parts = _parts(path)
        self._length = len(parts)
        self._at, self._word = max((at, part) for at, part in enumerate(parts) if "{" not in part)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Length and last word are compared before the pattern: a request comes by hundreds of routes on its way."""
        parts = _parts(scope["path"])
        if (len(parts) != self._length or parts[self._at] != self._word) and not scope.get("root_path"):
            return Match.NONE, {}
        return super().matches(scope)

    def __getattr__(self, name: str) -> Any:
        """What is not there yet, comes with the whole route."""
        options = self.__dict__.pop("_options", None)
        if options is None:
            raise AttributeError(name)
        super().__init__(self.path, self.endpoint, **options)
        return getattr(self, name)


def guarded_router(prefix: str = "", *, tags: list[str] | None = None, in_schema: bool = False) -> APIRouter:
    """A router whose every route must pass the door. Pages stay out of the API's schema."""
    from app.routers.deps import stand_at_the_door

    return APIRouter(
        prefix=prefix,
        route_class=GuardedRoute,
        include_in_schema=in_schema,
        tags=list(tags or []),
        dependencies=[stand_at_the_door],
    )
