from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.actions.access import Actor, operator
from app.actions.imports.calendars import import_calendars
from app.actions.imports.outcome import File, How, Outcome
from app.actions.imports.participants import import_participants
from app.domain.access import Role
from app.kit.errors import BadInputError, ForbiddenError
from app.models.hubs import Hub, HubYear, Programme
from app.models.meetings import GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Person, RoleHeld
from app.models.schools import Calendar, CalendarDay, HalfTerm, HubSchool, School
from app.models.trail import TrailEntry
from app.store import people
from app.store.database import Database
from tests.files import a_participant_row, a_participants_file, a_term_dates_file
from tests.makers import NOW, YEAR, a_hub, a_meeting, a_person, a_school, member_of


class Office:
    """A hub with two schools, and its imports."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.hub: Hub
        self.schools: list[School]

    async def open(self) -> "Office":
        async with self.database.transaction() as db:
            self.hub = await a_hub(db)
            self.schools = [await a_school(db), await a_school(db)]
        return self

    async def run(self, work: Callable[[Actor], object]) -> Outcome:
        async with self.database.transaction(self.hub.id) as db:
            return await work(operator(db, self.hub.id, self.hub.code, NOW))  # type: ignore[misc]

    async def calendars(self, content: bytes, name: str = "terms.csv", **how: bool) -> Outcome:
        path = self.folder / name
        path.write_bytes(content)
        return await self.run(lambda actor: import_calendars(actor, File(path, name), How(**how)))

    async def participants(self, *rows: dict[str, object], **how: bool) -> Outcome:
        path = self.folder / "people.csv"
        path.write_bytes(a_participants_file(*rows))
        return await self.run(lambda actor: import_participants(actor, File(path, path.name), How(**how), YEAR))

    async def rows(self, of: type[SQLModel]) -> list[SQLModel]:
        async with self.database.transaction(self.hub.id) as db:
            return list((await db.execute(select(of))).scalars())

    def row(self, number: int, school: int = 0, **cells: object) -> dict[str, object]:
        return a_participant_row(number, self.schools[school].urn, lead_base_urn=self.schools[0].urn) | cells


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> Office:
    return await Office(database, tmp_path).open()


def counts(outcome: Outcome) -> tuple[int, int, int, int, int]:
    report = outcome.report
    return report.read, report.created, report.updated, report.unchanged, len(report.rejected)


async def test_calendars_are_made_and_again_unchanged(office: Office) -> None:
    file = a_term_dates_file("Moorland", "Coast")
    assert counts(await office.calendars(file)) == (14, 14, 0, 0, 0)
    assert counts(await office.calendars(file)) == (14, 0, 0, 14, 0)
    assert [len(await office.rows(of)) for of in (Calendar, HalfTerm, CalendarDay)] == [2, 12, 2]
    assert len(await office.rows(TrailEntry)) == 1


async def test_a_changed_calendar_is_written_anew_and_told(office: Office) -> None:
    await office.calendars(a_term_dates_file("Moorland", "Coast", inset="2026-09-01"))
    outcome = await office.calendars(a_term_dates_file("moorland", inset="2026-11-27"))
    assert counts(outcome) == (7, 0, 7, 0, 0)
    assert outcome.notes == (
        "moorland, 2026/27: Friday 27 November 2026 is INSET.",
        "moorland, 2026/27: Tuesday 1 September 2026 is no longer a day off.",
    )


async def test_a_calendar_with_a_fault_stops_the_import_or_is_left_out_whole(office: Office) -> None:
    file = a_term_dates_file("Moorland") + a_term_dates_file("Coast", without="Spring 1").partition(b"\n")[2]
    outcome = await office.calendars(file)
    assert counts(outcome) == (13, 0, 0, 0, 1)
    assert "lacks Spring 1" in outcome.report.rejected[0].because
    assert await office.rows(Calendar) == []
    assert (await office.calendars(file, skip_rejected=True)).applied
    assert [row.name for row in await office.rows(Calendar)] == ["Moorland"]  # type: ignore[attr-defined]


async def test_a_calendar_file_becomes_a_calendar_by_the_name_it_gives_itself(office: Office) -> None:
    blocks = [("20260902", "20261024"), ("20261102", "20261219"), ("20270104", "20270213"),
              ("20270222", "20270326"), ("20270412", "20270529"), ("20270607", "20270722")]  # fmt: skip
    events = "".join(
        f"BEGIN:VEVENT\r\nSUMMARY:Term {k}\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{end}\r\nEND:VEVENT\r\n"
        for k, (first, end) in enumerate(blocks, 1)
    )
    file = f"BEGIN:VCALENDAR\r\nX-WR-CALNAME:Coast schools\r\n{events}END:VCALENDAR\r\n".encode()
    assert counts(await office.calendars(file, "terms.ics")) == (6, 6, 0, 0, 0)
    assert [row.name for row in await office.rows(Calendar)] == ["Coast schools"]  # type: ignore[attr-defined]


async def test_a_sheet_makes_the_year_its_groups_and_everyone_in_them(office: Office) -> None:
    await office.calendars(a_term_dates_file("Moorland"))
    rows = [office.row(1), office.row(2), office.row(3, 1, hosts="no", working_days="")]
    outcome = await office.participants(*rows)
    assert counts(outcome) == (3, 3, 0, 0, 0)
    assert outcome.notes == ("1 new Work Group.", "2 new schools.", "4 new people.", "3 new places in groups.")
    assert [len(await office.rows(of)) for of in (WorkGroup, GroupSchool, Participant, HubSchool)] == [1, 2, 3, 2]
    roles = {row.role for row in await office.rows(RoleHeld)}  # type: ignore[attr-defined]
    assert roles == {Role.SPECIALIST.stored, Role.PARTICIPANT.stored}
    assert len(await office.rows(Programme)) == 5
    works = {row.email: row.works for row in await office.rows(Person)}  # type: ignore[attr-defined]
    assert works["teacher1@school.example"] == {"mon": ["am", "pm"], "tue": ["am", "pm"], "wed": ["am"]}
    assert len(works["teacher3@school.example"]) == 5


async def test_the_same_sheet_again_changes_nothing(office: Office) -> None:
    await office.calendars(a_term_dates_file("Moorland"))
    rows = [office.row(1), office.row(2), office.row(3, 1)]
    await office.participants(*rows)
    assert counts(await office.participants(*rows)) == (3, 0, 0, 3, 0)


async def test_each_school_of_a_readiness_group_is_visited_in_every_half_term(office: Office) -> None:
    rows = [office.row(n, n - 1, programme="Mastery Readiness", calendar="") for n in (1, 2)]
    await office.participants(*rows)
    series = await office.rows(VisitSeries)
    assert [row.half_terms for row in series] == [[0, 1, 2, 3, 4, 5]] * 2  # type: ignore[attr-defined]
    roles = {row.role for row in await office.rows(RoleHeld)}  # type: ignore[attr-defined]
    assert Role.READINESS_LEAD.stored in roles


async def test_what_the_sheet_does_not_say_is_left_as_it_was(office: Office) -> None:
    await office.participants(office.row(1, calendar="", maths="Mon am", hosts="no"))
    outcome = await office.participants(office.row(1, calendar="", maths="", hosts="", working_days="", lead_days=""))
    assert counts(outcome) == (1, 0, 0, 1, 0)


async def test_a_changed_person_changes_their_rows_and_nobody_elses(office: Office) -> None:
    rows = [office.row(1, calendar=""), office.row(2, calendar="")]
    await office.participants(*rows)
    outcome = await office.participants(rows[0] | {"working_days": "Fri"}, rows[1])
    assert counts(outcome) == (2, 0, 1, 1, 0)
    assert outcome.notes == ("1 changed person.",)


async def test_whoever_the_sheet_leaves_out_stays_and_is_named(office: Office) -> None:
    await office.participants(office.row(1, calendar=""), office.row(2, calendar=""))
    outcome = await office.participants(office.row(1, calendar=""))
    assert counts(outcome) == (1, 0, 0, 1, 0)
    assert outcome.notes == ("In a group but not in this sheet, and kept there: Teacher 2 in NCP26-11-01.",)
    assert len(await office.rows(Participant)) == 2


async def test_whoever_left_the_hub_is_back_when_a_sheet_names_them(office: Office) -> None:
    await office.participants(office.row(1, calendar=""))
    async with office.database.transaction(office.hub.id) as db:
        person = (await db.execute(select(Person).where(col(Person.name) == "Teacher 1"))).scalar_one()
        person.left_on = NOW.date()
    assert counts(await office.participants(office.row(1, calendar=""))) == (1, 0, 1, 0, 0)


async def test_a_new_leader_takes_the_group_and_its_visits(office: Office) -> None:
    await office.participants(office.row(1, calendar=""))
    await office.participants(office.row(1, calendar="", lead_name="Kim Hall", lead_email="kim@school.example"))
    (group,), (series,) = await office.rows(WorkGroup), await office.rows(VisitSeries)
    names = {row.id: row.name for row in await office.rows(Person)}  # type: ignore[attr-defined]
    assert names[group.leader_id] == names[series.visitor_id] == "Kim Hall"  # type: ignore[attr-defined]


async def test_a_leaders_new_name_reaches_the_calendars_of_their_meetings(office: Office) -> None:
    await office.participants(office.row(1, calendar=""))
    async with office.database.transaction(office.hub.id) as db:
        from tests.makers import Team

        group = (await db.execute(select(WorkGroup))).scalar_one()
        everyone = {one.name: one for one in (await db.execute(select(Person))).scalars()}
        team = Team(group, everyone["Sam Reed"], office.schools, [everyone["Teacher 1"]])
        meeting = await a_meeting(db, team, shown="told 0 0 0 confirmed", piece="old")
    await office.participants(office.row(1, calendar="", lead_name="Samuel Reed"))
    async with office.database.transaction(office.hub.id) as db:
        found = await db.get_one(type(meeting), meeting.id)
        assert found.piece != "old"


async def test_a_refused_row_of_the_sheet_stops_it_all(office: Office) -> None:
    outcome = await office.participants(office.row(1, calendar=""), office.row(2, calendar="", school_urn=123456))
    assert counts(outcome) == (2, 0, 0, 0, 1)
    assert "No school with this URN is known here" in outcome.report.rejected[0].because
    assert [await office.rows(of) for of in (Person, WorkGroup, HubSchool)] == [[], [], []]
    outcome = await office.participants(
        office.row(1, calendar=""), office.row(2, calendar="", school_urn=123456), skip_rejected=True
    )
    assert counts(outcome) == (2, 1, 0, 0, 1)


async def test_a_rehearsal_of_a_sheet_leaves_nothing(office: Office) -> None:
    outcome = await office.participants(office.row(1, calendar=""), dry_run=True)
    assert counts(outcome) == (1, 1, 0, 0, 0)
    assert [await office.rows(of) for of in (Person, WorkGroup, Programme, TrailEntry)] == [[], [], [], []]
    assert len(await office.rows(HubYear)) == 1


async def test_a_workbook_is_read_like_a_csv(office: Office) -> None:
    import xlsxwriter

    path = office.folder / "people.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    row = office.row(1, calendar="")
    sheet.write_row(0, 0, list(row))
    sheet.write_row(1, 0, list(row.values()))
    book.close()
    outcome = await office.run(lambda actor: import_participants(actor, File(path, path.name), How(), YEAR))
    assert counts(outcome) == (1, 1, 0, 0, 0)


async def test_a_teacher_imports_nothing(office: Office, database: Database) -> None:
    async with database.transaction(office.hub.id) as db:
        person = await a_person(db, office.hub, Role.PARTICIPANT)
        viewer = await people.viewer(db, person.account_id, person.email)
        actor = Actor(db, viewer, await member_of(db, person), NOW)
        with pytest.raises(ForbiddenError):
            await import_participants(actor, File(office.folder / "x.csv", "x.csv"), How(), YEAR)


async def test_a_missing_file_is_told(office: Office) -> None:
    path = office.folder / "none.csv"
    with pytest.raises(BadInputError, match="There is no file none"):
        await office.run(lambda actor: import_participants(actor, File(path, path.name), How(), YEAR))
