"""The ledger's lines, and files of them."""

from collections.abc import Iterator

from fastapi.responses import Response, StreamingResponse

from app.domain.access import Can
from app.pages.funding import exports, selection
from app.pages.funding.exports import File
from app.routers.answer import asked, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
LINES = "/hubs/{code}/lines"
STATEMENT = "/hubs/{code}/statements/{statement}"
PIECE = 64 * 1024


def _form(door: Door) -> str:
    """csv, xlsx, pdf or json: how the address ends."""
    return door.request.url.path.rpartition(".")[2]


def sent(file: File) -> Response:
    """A file that is saved, piece by piece."""
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(file), media_type=file.media_type, headers=headers)


def _pieces(file: File) -> Iterator[bytes]:
    with file.data as data:
        while piece := data.read(PIECE):
            yield piece


@router.get(LINES)
@allow(Can.SEE_FUNDING)
async def see_lines(door: Through) -> Response:
    """Any selection of the ledger's lines, and what it comes to."""
    return show(door, await selection.load(door.db, door.member, asked(door), door.now))


@router.get(LINES + "/lines.csv")
@router.get(LINES + "/lines.xlsx")
@router.get(LINES + "/lines.pdf")
@router.get(LINES + "/lines.json")
@allow(Can.SEE_FUNDING)
async def lines_as_file(door: Through) -> Response:
    """The same selection as a file."""
    return sent(await exports.lines_file(door.db, door.member, asked(door), _form(door), door.now))


@router.get(STATEMENT + "/statement.csv")
@router.get(STATEMENT + "/statement.xlsx")
@router.get(STATEMENT + "/statement.pdf")
@router.get(STATEMENT + "/statement.json")
@allow(Can.SEE_OWED)
async def statement_as_file(door: Through, statement: str) -> Response:
    """One statement as a file."""
    return sent(await exports.statement_file(door.db, door.member, known_id(statement), _form(door), door.now))
