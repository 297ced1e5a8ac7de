"""The offline app's own files. They are the same for everybody and name nobody."""

import json

from fastapi.responses import FileResponse, HTMLResponse, Response

from app.kit.errors import NotFoundError
from app.pages.notes.app import HOME, ICONS, AppPage, webmanifest
from app.render.html import STATIC, Chrome, asset, render_page
from app.routers.guard import guarded_router, public

router = guarded_router()
SAME_FOR_ALL = "the same for everybody, to open without a network; what is anybody's own comes after their sign-in"


@router.get(HOME)
@public(SAME_FOR_ALL)
async def shell() -> Response:
    """The page in which the app runs."""
    return HTMLResponse(render_page(AppPage(), Chrome(path=HOME)))


@router.get("/worker.js")
@public(SAME_FOR_ALL)
async def worker() -> Response:
    """The service worker, at the root: from there it may look after all pages."""
    built = asset("notes-worker.js")
    if built is None:
        raise NotFoundError
    path = STATIC / built.rpartition("/")[2]
    return FileResponse(path, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/app.webmanifest")
@public(SAME_FOR_ALL)
async def manifest() -> Response:
    """How a device installs the app."""
    icons = {name: address for name, _, _ in ICONS if (address := asset(name))}
    return Response(json.dumps(webmanifest(icons)), media_type="application/manifest+json")
