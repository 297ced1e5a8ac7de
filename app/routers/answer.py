"""Answers: the same page object as HTML to people and as JSON to programs; errors as either."""

import asyncio
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import Fault, HalftermError, PasskeyNeededError, SignInNeededError
from app.kit.periods import in_london, usual_half_term
from app.pages._parts import Asked
from app.pages.home import error_page
from app.render.html import Chrome, HasTemplate, Notice, render_page
from app.render.sheets import to_csv
from app.routers.deps import Door, database, world
from app.routers.places import Places, places
from app.settings import Mode

NOTICE = "halfterm-notice"
SECONDS_BETWEEN = 0.5
LONGEST_SECONDS = 600


def wants_json(request: Request) -> bool:
    """Whether the caller asked for JSON rather than a page."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def chrome(door: Door) -> Chrome:
    """What surrounds the page for this viewer."""
    path = door.request.url.path
    member = door.of_hub or (door.viewer.members[0] if door.viewer.members else None)
    reached = places(member, path) if member else Places()
    flashed = door.request.cookies.get(NOTICE)
    return Chrome(
        viewer=member.name if member else (door.viewer.email or None),
        hub=member.hub_name if member else None,
        sections=reached.sections,
        tabs=reached.tabs,
        section=reached.section,
        notices=(Notice(unquote(flashed)),) if flashed else (),
        csrf=door.csrf,
        path=path,
        demo=door.settings.mode is Mode.DEMO,
        half_term=usual_half_term(in_london(door.now).date()),
        privacy=f"/privacy/{member.hub_code}" if member else "/privacy",
    )


def show(door: Door, page: HasTemplate, *, status: int = 200) -> Response:
    """The page for whoever asked: HTML for a browser, JSON under `Accept: application/json`.

    With a status of 400 or more the request is refused: nothing that it wrote on the way stays.
    """
    door.request.state.refused = status >= 400
    if wants_json(door.request):
        return JSONResponse(as_json(page), status_code=status, headers={"Vary": "Accept"})
    response = HTMLResponse(render_page(page, chrome(door)), status_code=status, headers={"Vary": "Accept"})
    if NOTICE in door.request.cookies:
        response.delete_cookie(NOTICE, path="/")
    return response


def follow(door: Door, look: Callable[[AsyncSession], Awaitable[dict[str, Any]]]) -> Response:
    """What a look says, as server-sent events, each time it says something else, until it says "done"."""
    told = _told(door, look)
    return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _told(door: Door, look: Callable[[AsyncSession], Awaitable[dict[str, Any]]]) -> AsyncIterator[str]:
    """Each look is a short transaction of its own: the request's ended when the stream began."""
    said = ""
    for _ in range(int(LONGEST_SECONDS / SECONDS_BETWEEN)):
        async with database(door).transaction(door.member.hub_id) as db:
            news = await look(db)
        line = json.dumps(news)
        if line != said:
            said = line
            yield f"data: {line}\n\n"
        if news["done"]:
            return
        await asyncio.sleep(SECONDS_BETWEEN)


def as_json(page: object) -> Any:
    """A page's plain values."""
    return jsonable_encoder(dataclasses.asdict(page) if dataclasses.is_dataclass(page) else page)  # type: ignore[arg-type]


def asked(door: Door) -> Asked:
    """What the address asks of a list."""
    said = door.request.query_params.items()
    return Asked(door.request.url.path, {name: value.replace("\0", "") for name, value in said})


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A list as a CSV file that a spreadsheet opens without running anything in it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(to_csv(header, rows), media_type="text/csv; charset=utf-8", headers=headers)


def go_to(door: Door, address: str, notice: str = "") -> Response:
    """After a form was taken: on to the page that shows it, with one sentence on what happened."""
    if wants_json(door.request):
        return JSONResponse({"notice": notice, "location": address})
    response = RedirectResponse(address, status_code=303)
    return with_notice(door, response, notice) if notice else response


def with_notice(door: Door, response: Response, notice: str) -> Response:
    """The answer with one sentence for the next page to show."""
    response.set_cookie(
        NOTICE, quote(notice), max_age=60, path="/", httponly=True, samesite="lax", secure=door.settings.secure
    )
    return response


def named(kind: type[HalftermError]) -> str:
    """A kind of error as `type` names it: BadInputError is problem-bad-input."""
    known = next(one for one in kind.__mro__ if one.__module__ == HalftermError.__module__ or "status" in one.__dict__)
    return "problem" + re.sub(r"[A-Z]", lambda one: f"-{one[0].lower()}", known.__name__.removesuffix("Error"))


def problem(error: HalftermError) -> dict[str, Any]:
    """An error as `application/problem+json` (RFC 9457)."""
    told: dict[str, Any] = {"type": f"/docs#{named(type(error))}", "title": error.title, "status": error.status}
    told["detail"] = error.because
    faults: tuple[Fault, ...] | None = getattr(error, "faults", None)
    if faults is not None:
        told["errors"] = [{"path": pointer(fault.path), "because": fault.because} for fault in faults]
    return told | getattr(error, "told", {})


def pointer(path: str) -> str:
    """A field's name as a JSON pointer into what was sent: works.mon is /works/mon."""
    return path if path.startswith("/") or not path else "/" + path.replace(".", "/")


def refuse(request: Request, error: HalftermError) -> Response:
    """An error for whoever asked: a page with the way out, or problem+json."""
    path = request.url.path
    if path.startswith("/api/") or wants_json(request):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        return Response(
            json.dumps(problem(error)), status_code=error.status, media_type="application/problem+json", headers=headers
        )
    if isinstance(error, PasskeyNeededError):
        return RedirectResponse(
            f"/my/account/passkeys/needed?back={quote(path if request.method == 'GET' else '/')}", 303
        )
    if isinstance(error, SignInNeededError):
        target = path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?back={quote(target)}" if request.method == "GET" else "/sign-in", 303)
    bare = Chrome(path=path, demo=world(request).settings.mode is Mode.DEMO)
    return HTMLResponse(render_page(error_page(error), bare), status_code=error.status)
