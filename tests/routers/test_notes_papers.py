"""A record on paper and in files: the form out and back, and the agreed summary for those who may read it."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import xlsxwriter
from docx import Document
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlmodel import col

from app.actions.notes.sheets import BEFORE, OTHER_RECORD
from app.domain.access import Role
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.notes import NoteHead, NoteOp, NoteRead
from app.models.people import Person
from app.render.notes.sheet import ANSWER, HEADINGS, NOT_OURS, Filled, read_xlsx
from app.store.database import Database
from app.store.notes import versions
from tests.makers import NOW, Team, a_group, a_hub, a_meeting, a_person, a_record, sign_in

Meeting = tuple[Team, Event]


@pytest.fixture
async def meeting(database: Database) -> Meeting:
    async with database.transaction() as db:
        team = await a_group(db, await a_hub(db))
        return team, await a_meeting(db, team, online=False)


class Reader:
    """Somebody with a browser before the papers of one event."""

    def __init__(self, client: httpx.AsyncClient, home: str, csrf: str) -> None:
        self.client, self.home, self.csrf = client, home, csrf

    async def get(self, tail: str) -> httpx.Response:
        return await self.client.get(f"{self.home}/{tail}")

    async def form(self, folder: Path) -> tuple[bytes, Filled]:
        """The form as it is downloaded, and read."""
        answer = await self.get("form.xlsx")
        assert answer.status_code == 200, answer.text
        (folder / "form.xlsx").write_bytes(answer.content)
        return answer.content, read_xlsx(folder / "form.xlsx", "form.xlsx")

    async def bring(self, data: bytes, name: str = "form.xlsx", status: int = 200) -> str:
        answer = await self.client.post(f"{self.home}/import", files={"file": (name, data)}, data={"csrf": self.csrf})
        assert answer.status_code == status, answer.text
        return answer.text


async def a_reader(client: httpx.AsyncClient, database: Database, event: Event, person: Person | Role) -> Reader:
    async with database.transaction(event.hub_id) as db:
        hub = await db.get_one(Hub, event.hub_id)
        if isinstance(person, Role):
            person = await a_person(db, hub, person, head_of=event.urn)
        return Reader(client, f"/hubs/{hub.code}/events/{event.id}/note", await sign_in(db, client, person))


def typed(filled: Filled, **answers: str) -> bytes:
    """The form with these answers in it, as Excel would save it; `own_notes` means the reader's own."""
    held = BytesIO()
    book = xlsxwriter.Workbook(held, {"strings_to_formulas": False})
    sheet = book.add_worksheet("Record")
    sheet.write_row(0, 0, ["Record", str(filled.made)])
    sheet.write_row(8, 0, HEADINGS)
    for number, line in enumerate(filled.lines, start=9):
        text = answers.get(line.path.partition("/")[0], line.text)
        for column, words in enumerate((line.path, " ".join(map(str, line.replaces)), line.was)):
            sheet.write_string(number, column, words)
        sheet.write_string(number, ANSWER, text)
    book.close()
    return held.getvalue()


async def standing(database: Database, event: Event) -> dict[str, list[object]]:
    """What stands in the record, by path."""
    async with database.transaction(event.hub_id) as db:
        found = await db.execute(
            select(col(NoteOp.path), col(NoteOp.value))
            .join(NoteHead, col(NoteHead.op_id) == col(NoteOp.op_id))
            .order_by(col(NoteOp.op_id))
        )
        stands: dict[str, list[object]] = {}
        for path, value in found.all():
            stands.setdefault(path, []).append(value)
        return stands


async def test_a_filled_form_comes_back_once_and_joins_what_others_wrote(
    client: httpx.AsyncClient, database: Database, meeting: Meeting, tmp_path: Path
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "open", lesson="Halves", key_point="Equal parts")
    me = team.participants[0]
    reader = await a_reader(client, database, event, me)
    assert "Bring in a filled form" in (await reader.get("import")).text
    untouched, filled = await reader.form(tmp_path)
    assert "nothing changed" in await reader.bring(untouched)
    data = typed(filled, lesson="=Halves & <b>quarters</b>", own_notes="for me", year_group="Year 9", small_step="One")
    said = await reader.bring(data)
    assert "3 answers are in the record. 1 could not be saved" in said
    assert "=Halves &amp; &lt;b&gt;quarters&lt;/b&gt;" in said
    assert "Choose one of these: Reception" in said
    stands = await standing(database, event)
    assert stands == {
        "lesson": ["=Halves & <b>quarters</b>"],
        "key_point": ["Equal parts"],
        "small_step": ["One"],
        f"own_notes/{me.id}": ["for me"],
    }
    assert BEFORE in await reader.bring(data)
    again = await reader.bring(typed(filled, lesson="Quarters", own_notes="for me", small_step="One"))
    assert "two texts stand side by side" not in again
    assert (await standing(database, event))["lesson"] == ["Quarters"]


async def test_what_another_wrote_meanwhile_stands_beside(
    client: httpx.AsyncClient, database: Database, meeting: Meeting, tmp_path: Path
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "open", lesson="Halves")
    first = await a_reader(client, database, event, team.participants[0])
    _, mine = await first.form(tmp_path)
    other = await a_reader(client, database, event, team.participants[1])
    _, theirs = await other.form(tmp_path)
    await other.bring(typed(theirs, lesson="Their words"))
    first = await a_reader(client, database, event, team.participants[0])
    said = await first.bring(typed(mine, lesson="My words"))
    assert "two texts stand side by side" in said
    assert sorted(map(str, (await standing(database, event))["lesson"])) == ["My words", "Their words"]
    assert "Only the person whose part this is" in await first.bring(typed(theirs, own_notes="not mine to write"))


async def test_a_wrong_file_is_refused_with_what_to_do_and_nothing_is_written(
    client: httpx.AsyncClient, database: Database, meeting: Meeting, tmp_path: Path
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        other = await a_meeting(db, team, day=event.day + timedelta(days=7), slot_key="another")
    there = await a_reader(client, database, other, team.leader)
    elsewhere = typed((await there.form(tmp_path))[1], lesson="Halves")
    reader = await a_reader(client, database, event, team.leader)
    assert OTHER_RECORD in await reader.bring(elsewhere, status=422)
    held = BytesIO()
    book = xlsxwriter.Workbook(held)
    book.add_worksheet().write_row(0, 0, ["Name", "School"])
    book.close()
    assert NOT_OURS in await reader.bring(held.getvalue(), status=422)
    assert "form.pdf is a PDF" in await reader.bring(b"%PDF-1.7 ...", "form.pdf", status=422)
    assert "is empty" in await reader.bring(b"", status=422)
    assert "Choose the filled form." in await reader.bring(b"", "", status=422)
    assert "far larger than a filled form" in await reader.bring(b"x" * 5_000_001, status=422)
    async with database.transaction(event.hub_id) as db:
        assert (await db.execute(select(func.count()).select_from(NoteOp))).scalar_one() == 0


async def test_an_agreed_record_refuses_a_form_but_takes_ones_own_notes(
    client: httpx.AsyncClient, database: Database, meeting: Meeting, tmp_path: Path
) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "agreed")
    reader = await a_reader(client, database, event, team.participants[0])
    said = await reader.bring(typed((await reader.form(tmp_path))[1], lesson="Too late", own_notes="for me"))
    assert "1 answer is in the record. 1 could not be saved" in said
    assert "This record is agreed" in said
    assert "Too late" in said


async def test_a_form_on_paper_can_be_read_and_is_a_reading(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    team, event = meeting
    reader = await a_reader(client, database, event, team.participants[0])
    paper = await reader.get("form.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"] == 'attachment; filename="meeting-2026-11-26-form.pdf"'
    assert "key_point" in "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    async with database.transaction(event.hub_id) as db:
        assert (await db.execute(select(col(NoteRead.how)))).scalars().all() == ["print"]


async def test_a_summary_is_for_the_school_and_tasks_are_for_those_who_were_there(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    team, event = meeting
    told = {
        "agreed_summary": "Bars <script>alert(1)</script> showed #halves.",
        "we_noticed": "Not for the school",
        "next_steps#a.what": "Use the bar model",
        "tries#b.what": "Ask for the whole",
        "barriers#c.what": "Marking takes the time",
    }
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "agreed", **told)
    head = await a_reader(client, database, event, Role.HEADTEACHER)
    page = (await head.get("summary")).text
    assert "Bars &lt;script&gt;alert(1)&lt;/script&gt; showed #halves." in page
    assert "Marking takes the time" in page
    assert "Use the bar model" in page
    for kept in ("Not for the school", "Ask for the whole"):
        assert kept not in page
    assert (await head.get("form.xlsx")).status_code == 404
    lead = await a_reader(client, database, event, team.leader)
    assert "Ask for the whole" in (await lead.get("summary")).text
    paper = PdfReader(BytesIO((await lead.get("summary.pdf")).content))
    assert "Bars <script>alert(1)</script> showed #halves." in paper.pages[0].extract_text()
    words = Document(BytesIO((await lead.get("summary.docx")).content))
    assert "Bars <script>alert(1)</script> showed #halves." in [one.text for one in words.paragraphs]


async def test_without_an_agreement_the_page_says_what_is_missing(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    team, event = meeting
    reader = await a_reader(client, database, event, team.participants[0])
    assert "Nobody has written in this record yet." in (await reader.get("summary")).text
    assert (await reader.get("summary.pdf")).status_code == 303
    assert (await reader.get("summary.docx")).headers["location"].endswith("/note/summary")
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "submitted")
    page = (await reader.get("summary")).text
    assert "Version 1 waits for the other side to agree." in page
    assert team.participants[0].name in page


async def test_a_superseded_summary_says_so(client: httpx.AsyncClient, database: Database, meeting: Meeting) -> None:
    team, event = meeting
    async with database.transaction(event.hub_id) as db:
        await a_record(db, event, team.leader, "agreed")
        (known,) = await versions.of_event(db, event.id)
        await versions.mark(db, known.id, superseded=NOW)
    reader = await a_reader(client, database, event, team.leader)
    assert "This version no longer counts since Saturday 21 November 2026" in (await reader.get("summary")).text
    paper = PdfReader(BytesIO((await reader.get("summary.pdf")).content))
    assert "This version no longer counts" in paper.pages[0].extract_text()


async def test_whoever_does_not_take_part_knows_of_no_paper(
    client: httpx.AsyncClient, database: Database, meeting: Meeting
) -> None:
    event = meeting[1]
    office = await a_reader(client, database, event, Role.HUB_LEAD)
    for tail in ("form.xlsx", "form.pdf", "import", "summary", "summary.pdf", "summary.docx"):
        assert (await office.get(tail)).status_code == 404
