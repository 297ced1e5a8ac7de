"""The API describes itself: an OpenAPI document for programs, one page for people."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from app.kit import errors
from app.pages.api import ApiAnswer, ApiCall, ApiPage, ApiProblem, ApiRoom, ApiShape, ApiValue
from app.routers.answer import named, show
from app.routers.api.doors import PROBLEMS, NoVersionError
from app.routers.deps import Through
from app.routers.guard import guarded_router, public

router = guarded_router()
Document = dict[str, Any]
ABOUT = (
    "Everything that the pages show and do, for a hub's own programs. Send `Authorization: Bearer TOKEN`; "
    "`halfterm token create EMAIL` makes a token that may do what that person may do."
)


@router.get("/openapi.json")
@public("describes the API and holds nobody's data")
async def openapi(door: Through) -> Response:
    """The API as an OpenAPI document."""
    return JSONResponse(document(door.request.app))


@router.get("/docs")
@public("describes the API and holds nobody's data")
async def docs(door: Through) -> Response:
    """The API on one page."""
    return show(door, page_of(document(door.request.app)))


def document(app: FastAPI) -> Document:
    """The OpenAPI document of this server, made once."""
    if app.openapi_schema is None:
        told = app.openapi()
        told["info"]["description"] = ABOUT
        schemas = told["components"]["schemas"]
        for problem in PROBLEMS:
            made = problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(made.pop("$defs", {}))
            schemas[problem.__name__] = made
        for path in told["paths"].values():
            for call in path.values():
                _tell_etag(call)
        app.openapi_schema = told
    return app.openapi_schema


def _tell_etag(call: Document) -> None:
    """A single thing comes with its ETag, and can be asked for only when it is newer."""
    for status in ("200", "201"):
        content = call["responses"].get(status, {}).get("content", {}).get("application/json", {})
        shape = content.get("schema", {}).get("$ref", "")
        if shape and "/Some_" not in shape:
            call["responses"][status]["headers"] = {
                "ETag": {"description": "Its version, for If-Match and If-None-Match.", "schema": {"type": "string"}}
            }
            if "requestBody" not in call and status == "200":
                call["responses"]["304"] = {"description": "You sent its ETag as If-None-Match: nothing is newer."}


def page_of(told: Document) -> ApiPage:
    """The page for people, from the document for programs."""
    rooms: dict[str, list[ApiCall]] = {}
    for path, methods in told["paths"].items():
        for method, call in methods.items():
            rooms.setdefault(call["tags"][0], []).append(_call(path, method.upper(), call))
    shapes = sorted(told["components"]["schemas"].items())
    return ApiPage(
        rooms=tuple(ApiRoom(name, tuple(calls)) for name, calls in rooms.items()),
        shapes=tuple(_shape(name, shape) for name, shape in shapes),
        problems=tuple(
            ApiProblem(named(kind), kind.status, kind.title, (kind.__doc__ or "").splitlines()[0]) for kind in KINDS
        ),
    )


KINDS: tuple[type[errors.HalftermError], ...] = (
    errors.BadInputError,
    errors.SignInNeededError,
    errors.ForbiddenError,
    errors.NotFoundError,
    errors.ConflictError,
    errors.StaleError,
    NoVersionError,
    errors.HalftermError,
)


def _call(path: str, method: str, call: Document) -> ApiCall:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return ApiCall(
        key=call["operationId"],
        method=method,
        path=path,
        does=call["summary"],
        says=call.get("description", ""),
        values=tuple(
            ApiValue(
                f"{one['name']} (in the header)" if one["in"] == "header" else one["name"],
                kind_of(one["schema"]),
                one.get("required", False),
                one.get("description", ""),
            )
            for one in call.get("parameters", [])
        ),
        takes=kind_of(body) if body else "",
        answers=tuple(_answer(status, answer) for status, answer in sorted(call["responses"].items())),
    )


def _answer(status: str, answer: Document) -> ApiAnswer:
    content = answer.get("content", {})
    shape: Document = next((one.get("schema", {}) for one in content.values()), {})
    says = answer["description"] if answer["description"] != "Successful Response" else "Done."
    return ApiAnswer(status, says, kind_of(shape) if shape else "")


def _shape(name: str, shape: Document) -> ApiShape:
    needed = set(shape.get("required", ()))
    fields = tuple(
        ApiValue(field, kind_of(kind), field in needed, kind.get("description", ""))
        for field, kind in shape.get("properties", {}).items()
    )
    return ApiShape(_plain(name), shape.get("description", ""), fields)


def _plain(name: str) -> str:
    return f"Some {name[5:-1]}" if name.startswith("Some_") else name


def kind_of(kind: Document) -> str:
    """A JSON schema in words: `list of text`, `whole number or nothing`, the name of a shape."""
    if "$ref" in kind:
        return _plain(kind["$ref"].rpartition("/")[2])
    if "anyOf" in kind:
        return " or ".join(dict.fromkeys(kind_of(one) for one in kind["anyOf"]))
    if "enum" in kind:
        return " or ".join(str(one) for one in kind["enum"])
    if kind.get("type") == "array":
        return f"list of {kind_of(kind.get('items', {}))}"
    plain = {
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "null",
        "object": "names and values",
        "string": {"uuid": "id", "date": "day", "date-time": "moment"}.get(kind.get("format", ""), "text"),
    }
    return plain.get(kind.get("type", ""), "anything")
