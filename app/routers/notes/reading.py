"""Reading across records: my gap tasks, my records with their search, a Work Group's story, the hub's counts."""

import uuid

from fastapi.responses import Response

from app.actions.notes.gap_tasks import say_how_it_went
from app.actions.notes.writing import Sender
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.pages.notes import counts, records, story, tasks
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
THIS_SITE = uuid.UUID("0197c1a0-0000-7000-8000-000000000001")  # the device of what is written in plain forms here


@router.get(tasks.PATH)
@allow(Can.WRITE_NOTES)
async def my_tasks(door: Through) -> Response:
    """The viewer's gap tasks."""
    if asked(door).value("format") == "csv":
        return download("my-gap-tasks", tasks.CSV_HEADER, await tasks.rows(door.db, door.viewer, door.now))
    return show(door, await tasks.load(door.db, door.viewer, asked(door), door.now))


@router.post(tasks.PATH)
@allow(Can.WRITE_NOTES)
async def how_it_went(door: Through) -> Response:
    """Writes how a gap task went."""
    typed = await door.typed()
    try:
        written = await tasks.operation(door.db, door.viewer, typed, door.now)
        sender = Sender(door.db, door.viewer, door.now, THIS_SITE)
        await say_how_it_went(sender, written, tasks.box(typed.text("task")))
    except BadInputError as error:
        page = await tasks.load(door.db, door.viewer, asked(door), door.now)
        return show(door, tasks.again(page, typed, error.faults), status=error.status)
    return go_to(door, tasks.PATH, "Saved. Those who read the record can read how it went.")


@router.get("/hubs/{code}/groups/{group}/story")
@allow(Can.SEE_GROUPS)
async def group_story(door: Through, group: str) -> Response:
    """A Work Group's story, as far as the viewer may read it."""
    return show(door, await story.load(door.db, door.member, known_id(group), door.now))


@router.get(records.PATH)
@allow(Can.READ_SUMMARIES)
async def my_records(door: Through) -> Response:
    """Every record that the viewer may read, and search in them."""
    if asked(door).value("format") == "csv":
        return download("my-records", records.CSV_HEADER, await records.rows(door.db, door.viewer, asked(door)))
    return show(door, await records.load(door.db, door.viewer, asked(door), door.now))


@router.get("/hubs/{code}/records")
@allow(Can.TOTAL_NOTES)
async def records_in_numbers(door: Through) -> Response:
    """Counts and themes of the hub's records for its office, totals for the Board."""
    if asked(door).value("format") == "csv":
        table = await counts.table(door.db, door.member, asked(door), door.now)
        return download(table.name, table.header, table.rows)
    return show(door, await counts.load(door.db, door.member, asked(door), door.now))
