"""The PDF of a certificate: tagged by Typst's own check, the same each time, with its code in reach of a machine."""

import io
import shutil
import subprocess
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.meetings import checking
from app.domain.meetings.certificates import Attended, Whose, facts
from app.kit.check_codes import new_code, shown
from app.render.html import TEMPLATES
from app.render.meetings.certificate import Issue, certificate_pdf
from app.render.meetings.files import as_zip, file_name

CODE = new_code()
ISSUE = Issue(CODE, "https://hub.example/check", datetime(2026, 11, 21, 10, tzinfo=UTC), "Ottilie Marchbank")


def lines(count: int = 6) -> list[Attended]:
    return [
        Attended(date(2026, 9, 24), k % 6, ("meeting", "visit", "observation")[k % 3], f"Meeting at School {k}", 165)
        for k in range(count)
    ]


def whose(name: str = "Rosalind Ferrers", group: bool = True) -> Whose:
    of = (uuid.UUID(int=1), "NCP26-11-03", "Fractions", "Development", "Ottilie Marchbank") if group else ()
    return Whose(uuid.UUID(int=2), name, "Fernhill Primary", "Moorland Maths Hub", 2026, *of)


def made(group: bool = True, **columns: Any) -> bytes:
    one = whose(columns.pop("name", "Rosalind Ferrers"), group)
    return certificate_pdf(one.kind, 2026, facts(one, lines(columns.pop("count", 6))), ISSUE)


def test_typst_made_it_as_pdf_ua_with_a_title_and_a_language() -> None:
    pdf = PdfReader(io.BytesIO(made()))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Certificate of attendance, Rosalind Ferrers, 2026/27"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert len(pdf.pages) == 1


def test_equal_facts_make_equal_bytes() -> None:
    assert made() == made()
    assert made(name="Rosalind Farrers") != made()


def test_it_says_what_was_attended_and_where_to_check_it() -> None:
    text = " ".join(PdfReader(io.BytesIO(made())).pages[0].extract_text().split())
    for words in ("Rosalind Ferrers", "16 hours 30 minutes", "NCP26-11-03", shown(CODE), "hub.example/check"):
        assert words in text
    assert checking.codes_in(made()) == [CODE]


def test_the_record_of_a_year_counts_by_kind_and_may_be_long() -> None:
    pdf = PdfReader(io.BytesIO(made(group=False, count=60)))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Lesson observations 20" in text
    assert len(pdf.pages) > 1


def test_any_name_can_stand_on_it() -> None:
    for name in ("Zoë O'Brien-Łukasz", "李小龍", 'A "quoted" #name$', "X" * 200, "نورا"):
        assert made(name=name).startswith(b"%PDF")


def test_its_mark_is_the_products_mark() -> None:
    own = (TEMPLATES / "meetings" / "mark.svg").read_text()
    assert own == (TEMPLATES.parent / "assets" / "mark.svg").read_text()


def test_many_are_one_zip_with_names_that_every_machine_can_write() -> None:
    name = file_name(CODE, "Zoë O'Brien / ../x")
    assert name == f"Zoe-O-Brien-x-{shown(CODE)}.pdf"
    assert as_zip([(name, b"%PDF")]) == as_zip([(name, b"%PDF")])


def test_verapdf_finds_no_fault(tmp_path: Path) -> None:
    checker = shutil.which("verapdf")
    if checker is None:
        pytest.skip("no veraPDF here: Typst's own check, which refuses what is not PDF/UA-1, stands alone")
    for number, group in enumerate((True, False)):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(made(group=group))
        told = subprocess.run(
            [checker, "--flavour", "ua1", "--format", "text", str(file)], capture_output=True, text=True, check=False
        )
        assert told.stdout.startswith("PASS"), told.stdout
