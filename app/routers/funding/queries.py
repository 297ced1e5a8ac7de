"""A school asks about a line, the office answers."""

from fastapi.responses import Response

from app.actions.funding import querying as actions
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.funding import queries as pages
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/queries"
ONE = HOME + "/{query}"
LINE = "/hubs/{code}/lines/{line}/query"


@router.get(HOME)
@allow(Can.SEE_OWED)
async def see_queries(door: Through) -> Response:
    """Every question of schools that the viewer may see."""
    if asked(door).value("format") == "csv":
        return download("queries", pages.CSV_HEADER, await pages.table(door.db, door.member, asked(door)))
    return show(door, await pages.load(door.db, door.member, asked(door)))


@router.get(LINE)
@allow(Can.QUERY_LINE)
async def ask_about_line(door: Through, line: str) -> Response:
    """The form to ask."""
    return show(door, await pages.ask(door.db, door.viewer, door.member, known_id(line)))


@router.post(LINE)
@allow(Can.QUERY_LINE)
async def query_line(door: Through, line: str) -> Response:
    """Asks."""
    key, typed = known_id(line), await door.typed()
    try:
        await actions.ask(door.actor, key, typed.text("words"))
    except BadInputError as refused:
        page = await pages.ask(door.db, door.viewer, door.member, key)
        return show(door, pages.again(page, typed, refused.faults), status=422)
    where = f"/hubs/{door.member.hub_code}/lines/{key}"
    return go_to(door, where, "Your question is with the hub's office. The line waits until it is answered.")


@router.get(ONE + "/answer")
@allow(Can.CLAIM)
async def ask_for_answer(door: Through, query: str) -> Response:
    """The form to answer."""
    return show(door, await pages.to_answer(door.db, door.member, known_id(query)))


@router.post(ONE + "/answer")
@allow(Can.CLAIM)
async def answer_query(door: Through, query: str) -> Response:
    """Answers."""
    key, typed = known_id(query), await door.typed()
    try:
        await actions.answer(door.actor, key, typed.text("answer"))
    except BadInputError as refused:
        page = await pages.to_answer(door.db, door.member, key)
        return show(door, pages.again(page, typed, refused.faults), status=422)
    return go_to(
        door,
        f"/hubs/{door.member.hub_code}/queries?state=waiting",
        "Answered. A line that is still due is claimed again.",
    )


@router.post(ONE + "/take-back")
@allow(Can.QUERY_LINE)
async def take_query_back(door: Through, query: str) -> Response:
    """The school needs no answer any more."""
    line = await actions.take_back(door.actor, known_id(query))
    home = f"/hubs/{door.member.hub_code}"
    if line is None:
        return go_to(door, f"{home}/queries", "Your question is taken back.")
    return go_to(door, f"{home}/lines/{line}", "Your question is taken back. The line is claimed again.")
