from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.access import Role
from app.models.imports import Import
from app.models.schools import Calendar, School
from app.models.trail import TrailEntry
from app.settings import Settings
from app.store.database import Database
from tests.files import a_gias_file, a_gias_row, a_participant_row, a_participants_file, a_term_dates_file
from tests.makers import a_school
from tests.routers.desks import Desk


@pytest.fixture
async def desk(database: Database, client: httpx.AsyncClient) -> Desk:
    return await Desk(database, client).open()


@pytest.fixture
def folder(app: FastAPI) -> Path:
    settings: Settings = app.state.world.settings
    return settings.data_dir / "uploads"


async def hand_in(desk: Desk, kind: str, content: bytes, name: str = "file.csv", **form: str) -> httpx.Response:
    data = {"csrf": desk.csrf, "kind": kind, "year": "2026", **form}
    return await desk.client.post(f"{desk.home}/imports", data=data, files={"file": (name, content)})


async def preview(desk: Desk, kind: str, content: bytes, name: str = "file.csv", **form: str) -> str:
    answer = await hand_in(desk, kind, content, name, **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(desk.home)


async def told(desk: Desk, path: str) -> dict[str, object]:
    answer = await desk.client.get(desk.home + path, headers={"Accept": "application/json"})
    found: dict[str, object] = answer.json()
    return found


async def test_a_file_is_previewed_then_confirmed(desk: Desk, folder: Path) -> None:
    path = await preview(desk, "schools", a_gias_file(a_gias_row(900101), a_gias_row(900102)), "edubase.csv")
    page = await desk.get(path)
    assert "What would edubase.csv do?" in page
    assert "Nothing has changed yet" in page
    assert "Every row can be taken" in page
    assert await desk.rows(School) == []
    kept = folder / path.rpartition("/")[2]
    assert kept.stat().st_mode & 0o077 == 0
    answer = await desk.post(f"{path}/confirm")
    assert answer.status_code == 303
    assert "Imported on Saturday 21 November 2026" in await desk.get(path)
    assert len(await desk.rows(School)) == 2
    assert not kept.exists()
    assert [entry.about for entry in await desk.rows(TrailEntry)] == ["schools from edubase.csv"]


async def test_refused_rows_are_shown_and_left_out_only_when_told(desk: Desk) -> None:
    path = await preview(desk, "schools", a_gias_file(a_gias_row(900101), a_gias_row(900102, OpenDate="soon")))
    page = await desk.get(path)
    for words in ("OpenDate", "soon", "write it as 2026-09-24", "Leave out one row"):
        assert words in page
    answer = await desk.post(f"{path}/confirm")
    assert answer.status_code == 422
    assert "Correct them in the file" in answer.text
    assert await desk.rows(School) == []
    table = await desk.get(f"{path}?format=csv")
    assert table.splitlines()[1].startswith("3,OpenDate,soon,")
    assert (await desk.post(f"{path}/confirm", skip="yes")).status_code == 303
    assert [school.urn for school in await desk.rows(School)] == [900101]


async def test_an_import_can_be_set_aside_and_not_be_settled_twice(desk: Desk, folder: Path) -> None:
    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    assert (await desk.post(f"{path}/set-aside")).status_code == 303
    assert "Set aside: nothing of it was imported" in await desk.get(path)
    assert not (folder / path.rpartition("/")[2]).exists()
    for again in ("confirm", "set-aside"):
        answer = await desk.post(f"{path}/{again}")
        assert answer.status_code == 409
    assert await desk.rows(Calendar) == []


async def test_a_confirmation_does_what_was_previewed_or_nothing(desk: Desk) -> None:
    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    other = await preview(desk, "calendars", a_term_dates_file("Moorland", inset="2026-11-27"))
    await desk.post(f"{other}/confirm")
    answer = await desk.post(f"{path}/confirm")
    assert answer.status_code == 303
    page = await desk.get(path)
    assert "has changed since you looked" in page
    assert "is no longer a day off" in page
    await desk.post(f"{path}/confirm")
    assert "Imported on" in await desk.get(path)


async def test_a_file_that_was_changed_on_disk_is_not_imported(desk: Desk, folder: Path) -> None:
    path = await preview(desk, "schools", a_gias_file(a_gias_row(900101)))
    (folder / path.rpartition("/")[2]).write_bytes(a_gias_file(a_gias_row(900102)))
    answer = await desk.post(f"{path}/confirm")
    assert answer.status_code == 409
    assert await desk.rows(School) == []


async def test_a_participant_sheet_goes_in(desk: Desk) -> None:
    async with desk.database.transaction() as db:
        school = await a_school(db)
    await desk.post((await preview(desk, "calendars", a_term_dates_file("Moorland"))) + "/confirm")
    rows = [a_participant_row(n, school.urn) for n in (1, 2)]
    path = await preview(desk, "participants", a_participants_file(*rows), "people.csv")
    assert "3 new people." in await desk.get(path)
    await desk.post(f"{path}/confirm")
    page = await told(desk, path)
    assert page["status"] == "Imported on Saturday 21 November 2026, 10am."
    again = await desk.get(await preview(desk, "participants", a_participants_file(*rows), "people.csv"))
    assert "importing it would change nothing" in again


async def test_the_list_shows_every_import_as_page_json_and_csv(desk: Desk) -> None:
    await preview(desk, "calendars", a_term_dates_file("Moorland"), "terms.csv")
    assert "terms.csv" in await desk.get("/imports")
    page = await told(desk, "/imports")
    assert [one["state"] for one in page["imports"]] == ["waits for you"]  # type: ignore[attr-defined]
    assert "terms.csv,calendars,2026" in await desk.get("/imports?format=csv")


async def test_an_empty_list_says_what_will_be_there(desk: Desk) -> None:
    assert "Every file that is imported will be listed here" in await desk.get("/imports")


@pytest.mark.parametrize(
    ("kind", "content", "name", "because"),
    [
        ("schools", b"a,b\n1,2\n", "x.csv", "there is no column URN or EstablishmentName"),
        ("calendars", b"%PDF-1.7", "terms.pdf", "terms.pdf is a PDF"),
        ("participants", b"PK\x03\x04", "people.xlsx", "people.xlsx is damaged"),
        ("participants", b"", "people.csv", "people.csv is empty"),
        ("", b"a,b\n", "x.csv", "Choose what the file holds."),
        ("participants", b"a,b\n", "", "Choose a file."),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_beside_its_field(
    desk: Desk, kind: str, content: bytes, name: str, because: str
) -> None:
    answer = await hand_in(desk, kind, content, name)
    assert answer.status_code == 422
    assert because in answer.text
    assert await desk.rows(Import) == []


async def test_what_was_typed_stays_when_something_is_wrong(desk: Desk) -> None:
    answer = await hand_in(desk, "schools", b"URN", authorities="Devon", calendar="Coast")
    assert answer.status_code == 422
    assert "Enter codes of three figures" in answer.text
    assert 'value="Devon"' in answer.text
    assert 'value="Coast"' in answer.text


async def test_a_file_name_is_only_a_name(desk: Desk) -> None:
    path = await preview(desk, "calendars", a_term_dates_file("Moorland"), "../../etc/<b>terms.csv")
    page = await desk.get(path)
    assert "&lt;b&gt;terms.csv" in page
    assert "etc/" not in page


async def test_nobody_else_sees_or_settles_a_hubs_imports(
    desk: Desk, database: Database, client: httpx.AsyncClient
) -> None:
    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    await Desk(database, client).open(Role.PARTICIPANT)
    assert (await client.get(desk.home + path)).status_code == 404
    other = await Desk(database, client).open()
    assert (await client.get(other.home + path)).status_code == 404
    assert (await other.post(f"{path}/confirm")).status_code == 404


async def test_files_that_nobody_confirms_go_after_a_week(desk: Desk, folder: Path) -> None:
    import os

    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    kept = folder / path.rpartition("/")[2]
    os.utime(kept, (0, 0))
    await preview(desk, "calendars", a_term_dates_file("Coast"))
    assert not kept.exists()
    answer = await desk.post(f"{path}/confirm")
    assert "kept for a week only" in answer.text


async def test_the_pages_take_a_fixed_number_of_queries(desk: Desk) -> None:
    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    few = await desk.queries_of("/imports"), await desk.queries_of(path)
    for name in ("Coast", "Downs", "Forest"):
        await preview(desk, "calendars", a_term_dates_file(name))
    assert (await desk.queries_of("/imports"), await desk.queries_of(path)) == few


async def test_handing_in_twice_at_once_confirms_once(desk: Desk) -> None:
    import asyncio

    path = await preview(desk, "calendars", a_term_dates_file("Moorland"))
    answers = await asyncio.gather(*(desk.post(f"{path}/confirm") for _ in range(3)))
    assert min(answer.status_code for answer in answers) == 303
    async with desk.database.transaction(desk.hub.id) as db:
        assert len(list((await db.execute(select(Calendar))).scalars())) == 1
