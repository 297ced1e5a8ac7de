"""Every route of the server, as it was declared: what tests of the whole surface walk."""

import ast
import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.domain.access import Can
from app.routers.guard import GuardedRoute
from tests.house.reading import kept

VERBS = {"get", "post", "put", "patch", "delete"}


@dataclass(frozen=True, slots=True)
class Route:
    """One method at one address, and who may come in."""

    method: str
    path: str
    marks: dict[str, Any]

    @property
    def allow(self) -> Can | None:
        return self.marks.get("allow")

    @property
    def public(self) -> bool:
        return "public" in self.marks

    @property
    def of_hub(self) -> bool:
        return "{code}" in self.path

    @property
    def names(self) -> list[str]:
        """The parameters in the address, beside the hub's code, each with the word before it."""
        steps = self.path.split("/")
        return [
            f"{before}/{step}"
            for before, step in itertools.pairwise(steps)
            if step.startswith("{") and step != "{code}"
        ]

    @property
    def safe(self) -> bool:
        return self.method == "GET"

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def routes_of(app: FastAPI) -> list[Route]:
    """Every method of every guarded route. `app.routes` alone would show none of them: routers are kept whole in it."""
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, GuardedRoute):
            marks = context.original_route.endpoint.__dict__
            found += [Route(method, str(context.path), marks) for method in sorted(context.methods or ())]
    return found


def unguarded(app: FastAPI) -> list[str]:
    """What answers without a guard."""
    return [
        str(getattr(context, "path", context))
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.original_route, GuardedRoute)
    ]


def declared() -> int:
    """How many routes the source declares: `@router.get(...)` and the like."""
    count = 0
    for path in kept("app/routers"):
        for node in ast.walk(ast.parse(path.read_text())):
            for decorator in getattr(node, "decorator_list", ()):
                count += (
                    isinstance(decorator, ast.Call)
                    and isinstance(decorator.func, ast.Attribute)
                    and decorator.func.attr in VERBS
                )
    return count
