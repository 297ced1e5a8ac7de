"""Photos of records: in piece by piece, out as JPEG."""

from fastapi.responses import JSONResponse, Response

from app.actions.notes import photos as sending
from app.actions.notes.photos import Piece, Sender
from app.domain.access import Can
from app.pages.notes import photos
from app.routers.answer import as_json
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


@router.put("/my/notes/{event}/photos/{sha}")
@allow(Can.WRITE_NOTES)
async def take_piece(door: Through, event: str, sha: str) -> Response:
    """Takes a piece of a photo; 422 says that this photo can never be taken."""
    piece = Piece(_number(door, "start"), _number(door, "size"), await door.request.body())
    sender = Sender(door.db, door.viewer, door.now)
    received = await sending.receive(sender, known_id(event), sha, piece)
    return JSONResponse(as_json(received), status_code=422 if received.because else 200)


def _number(door: Door, name: str) -> int:
    """A whole number of the query; what is none fits nowhere."""
    said = door.request.query_params.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


@router.get("/my/notes/{event}/photos/{sha}/received")
@allow(Can.READ_NOTES)
async def see_how_far(door: Through, event: str, sha: str) -> Response:
    """Where to go on after a break."""
    return JSONResponse(as_json(await photos.how_far(door.db, door.viewer, known_id(event), sha)))


@router.get("/my/notes/{event}/photos/{sha}")
@allow(Can.READ_NOTES)
async def see_photo(door: Through, event: str, sha: str) -> Response:
    """The photo."""
    return await _jpeg(door, event, sha, small=False)


@router.get("/my/notes/{event}/photos/{sha}/small")
@allow(Can.READ_NOTES)
async def see_small_photo(door: Through, event: str, sha: str) -> Response:
    """The photo for a list."""
    return await _jpeg(door, event, sha, small=True)


async def _jpeg(door: Door, event: str, sha: str, *, small: bool) -> Response:
    image = await photos.jpeg(door.db, door.viewer, known_id(event), sha, small=small)
    return Response(image, media_type="image/jpeg", headers={"Content-Disposition": "inline"})
