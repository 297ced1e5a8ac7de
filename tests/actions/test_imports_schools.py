from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.actions.imports.outcome import File, How, Outcome
from app.actions.imports.schools import import_school_links, import_schools
from app.kit.errors import BadInputError
from app.models.schools import School, SchoolLink
from app.store.database import Database
from tests.files import a_csv, a_gias_file, a_gias_row

LINK_HEADINGS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gias.csv"


def laid(path: Path, content: bytes) -> File:
    path.write_bytes(content)
    return File(path, path.name)


async def run(
    database: Database, path: Path, content: bytes, *las: str, dry_run: bool = False, skip_rejected: bool = False
) -> Outcome:
    file = laid(path, content)
    how = How(dry_run=dry_run, skip_rejected=skip_rejected)
    async with database.transaction() as db:
        return await import_schools(db, file, how, frozenset(las))


def counts(outcome: Outcome) -> tuple[int, int, int, int, int]:
    report = outcome.report
    return report.read, report.created, report.updated, report.unchanged, len(report.rejected)


async def kept(database: Database) -> dict[int, School]:
    async with database.transaction() as db:
        return {school.urn: school for school in (await db.execute(select(School))).scalars()}


async def test_schools_are_made_with_their_place_on_the_map(database: Database, path: Path) -> None:
    row = a_gias_row(
        900001, Easting=651410, Northing=313177, EstablishmentName="St Piran\u2019s", Street='The "Old" Lane\\1'
    )
    assert counts(await run(database, path, a_gias_file(row))) == (1, 1, 0, 0, 0)
    school = (await kept(database))[900001]
    assert (school.name, school.street) == ("St Piran\u2019s", 'The "Old" Lane\\1')
    assert school.latitude == pytest.approx(52.658, abs=0.001)
    assert school.longitude == pytest.approx(1.716, abs=0.001)
    assert (school.locality, school.opened_on) == ("", None)


async def test_the_same_file_again_changes_nothing(database: Database, path: Path) -> None:
    file = a_gias_file(*(a_gias_row(urn) for urn in range(900001, 900021)))
    await run(database, path, file)
    assert counts(await run(database, path, file)) == (20, 0, 0, 20, 0)


async def test_what_differs_is_changed_and_told(database: Database, path: Path) -> None:
    await run(database, path, a_gias_file(a_gias_row(900001), a_gias_row(900002)))
    file = a_gias_file(a_gias_row(900001, NumberOfPupils=""), a_gias_row(900002), a_gias_row(900003))
    outcome = await run(database, path, file)
    assert counts(outcome) == (3, 1, 1, 1, 0)
    assert outcome.notes == ("Fernhill Primary 900001 (900001): pupils 210 becomes empty",)
    assert (await kept(database))[900001].pupils is None


async def test_a_rehearsal_tells_and_changes_nothing(database: Database, path: Path) -> None:
    outcome = await run(database, path, a_gias_file(a_gias_row(900001)), dry_run=True)
    assert counts(outcome) == (1, 1, 0, 0, 0)
    assert not outcome.applied
    assert await kept(database) == {}


async def test_one_refused_row_stops_the_whole_import(database: Database, path: Path) -> None:
    outcome = await run(database, path, a_gias_file(a_gias_row(900001), a_gias_row(900002, OpenDate="31-02-2020")))
    assert counts(outcome) == (2, 0, 0, 0, 1)
    assert (outcome.report.rejected[0].row, outcome.report.rejected[0].column) == (3, "OpenDate")
    assert await kept(database) == {}


async def test_refused_rows_can_be_left_out(database: Database, path: Path) -> None:
    file = a_gias_file(a_gias_row(900001), a_gias_row(900002, URN="x"), a_gias_row(900001))
    outcome = await run(database, path, file, skip_rejected=True)
    assert counts(outcome) == (3, 1, 0, 0, 2)
    assert outcome.applied
    assert set(await kept(database)) == {900001}


async def test_only_the_authorities_asked_for_are_taken(database: Database, path: Path) -> None:
    file = a_gias_file(
        a_gias_row(900001), a_gias_row(900002, **{"LA (code)": 878}), a_gias_row(0, **{"LA (code)": 350})
    )
    assert counts(await run(database, path, file, "878", "908")) == (2, 2, 0, 0, 0)
    with pytest.raises(BadInputError, match="no school of authority 999"):
        await run(database, path, file, "999")


async def test_a_broken_file_leaves_nothing_behind_and_the_connection_in_order(database: Database, path: Path) -> None:
    rows = [a_gias_row(urn) for urn in range(900001, 903001)]
    file = laid(path, a_gias_file(*rows) + b'900000,"never closed\n')
    async with database.transaction() as db:
        with pytest.raises(BadInputError, match="a quotation mark is out of place"):
            await import_schools(db, file, How())
        assert (await db.execute(text("SELECT count(*) FROM school"))).scalar_one() == 0


async def test_several_thousand_schools_go_in_by_blocks(database: Database, path: Path) -> None:
    seen: list[int] = []
    file = laid(path, a_gias_file(*(a_gias_row(urn) for urn in range(900001, 902501))))
    async with database.transaction() as db:
        outcome = await import_schools(db, file, How(progress=seen.append))
    assert counts(outcome) == (2500, 2500, 0, 0, 0)
    assert seen[-1] == 2500


async def links(database: Database, path: Path, *rows: dict[str, object]) -> Outcome:
    file = laid(path, a_csv(LINK_HEADINGS, *rows))
    async with database.transaction() as db:
        return await import_school_links(db, file, How())


async def test_links_between_schools_are_kept_once(database: Database, path: Path) -> None:
    row: dict[str, object] = {"URN": 900001, "LinkURN": 900002, "LinkType": "Successor"}
    assert counts(await links(database, path, row, row)) == (2, 1, 0, 1, 0)
    dated = {**row, "LinkEstablishedDate": "01-09-2018"}
    assert counts(await links(database, path, dated)) == (1, 0, 1, 0, 0)
    assert counts(await links(database, path, dated, {**dated, "LinkType": "Merged"})) == (2, 1, 0, 1, 0)
    assert counts(await links(database, path, {**row, "LinkURN": ""})) == (1, 0, 0, 0, 1)
    async with database.transaction() as db:
        assert len(list((await db.execute(select(SchoolLink))).scalars())) == 2
