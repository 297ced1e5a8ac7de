"""Documents out of the notebook: tagged, in English, and holding every word as it was written."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.forms import Field, NoteForm, Option, Part, Section
from app.domain.notes.papers import Filler, rows
from app.domain.notes.summaries import Block, Detail, Entry, Summary, blocks
from app.render.notes.pdf import Printed, form_pdf, summary_pdf
from app.render.notes.word import summary_docx
from tests.notes.test_sheets import ME, NAMES, OTHER, stood

AT = datetime(2026, 11, 27, 9, 0, 0, 123_456, tzinfo=UTC)
FORM = DEFAULTS["meeting"]
NASTY = '#let x = 1 $a$ *bold* _it_ `raw` <label> @ref "quoted" \\ [x] {y} // no <script>alert(1)</script> &amp; https://a.example'
SUMMARY = Summary(
    heading="NCP26-01 meets at Fernhill Primary",
    kind="Meeting",
    day="Thursday 26 November 2026",
    hours="9.15am to 12 noon",
    version="Version 2 of the record, submitted on Thursday 26 November 2026, 3pm.",
    people=("Ada Marsh, Fernhill Primary, leads", "Wilf Brook"),
    agreed=("Ada Marsh, by submitting it on Thursday 26 November 2026, 3pm",),
    superseded="",
    blocks=(
        Block("Agreed summary", text="Pupils counted on.\nThey saw the whole.\n\nA second paragraph."),
        Block("Next steps", entries=(Entry("Use the bar model", (Detail("By when", "Thursday 10 December 2026"),)),)),
        Block("Barriers", entries=(Entry("Marking takes the time", ()),)),
    ),
)
PRINTED = Printed(
    title=SUMMARY.heading,
    kind="Meeting",
    day=SUMMARY.day,
    hours=SUMMARY.hours,
    who="Wilf Brook",
    intros={section.title: section.intro for section in FORM.sections},
)


def read_pdf(data: bytes) -> tuple[PdfReader, str]:
    """The document, and its words without the breaks of its lines."""
    reader = PdfReader(BytesIO(data))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def is_accessible(reader: PdfReader) -> bool:
    """What PDF/UA asks of the whole: tags, a language, a title that is shown, and the claim itself."""
    root: Any = reader.trailer["/Root"]
    claims = root["/Metadata"].get_data()
    return (
        root["/MarkInfo"]["/Marked"]
        and root["/Lang"].startswith("en")
        and root["/ViewerPreferences"]["/DisplayDocTitle"]
        and "/StructTreeRoot" in root
        and b"pdfuaid" in claims
    )


def test_a_summary_on_paper_is_accessible_and_says_all() -> None:
    reader, words = read_pdf(summary_pdf(SUMMARY, AT))
    assert is_accessible(reader)
    assert reader.metadata is not None
    assert reader.metadata.title == "NCP26-01 meets at Fernhill Primary, Thursday 26 November 2026"
    for said in (
        "Pupils counted on. They saw the whole. A second paragraph.",
        "Use the bar model By when: Thursday 10",
    ):
        assert said in words
    assert "Marking takes the time" in words
    assert "Wilf Brook" in words


def test_a_superseded_version_says_so() -> None:
    old = replace(SUMMARY, superseded="This version no longer counts.")
    assert "This version no longer counts." in read_pdf(summary_pdf(old, AT))[1]
    assert "This version no longer counts." in [one.text for one in Document(BytesIO(summary_docx(old, AT))).paragraphs]


def test_the_same_summary_makes_the_same_bytes() -> None:
    assert summary_pdf(SUMMARY, AT) == summary_pdf(SUMMARY, AT)
    assert summary_docx(SUMMARY, AT) == summary_docx(SUMMARY, AT)


def test_a_form_on_paper_has_each_place_with_its_id_and_no_notes_of_ones_own() -> None:
    standing = (
        stood("lesson", NASTY),
        stood(f"own_notes/{ME}", "for me alone"),
        stood("key_point", "Equal parts", 1),
        stood("key_point", "The whole", 2),
    )
    made = rows(FORM, standing, Filler(ME, NAMES, lambda: "0194fdc3-0000-7000-8000-000000000000"))
    reader, words = read_pdf(form_pdf(PRINTED, made, AT))
    assert is_accessible(reader)
    assert "for me alone" not in words
    assert NASTY.replace(" ", "") in words.replace(" ", "")
    assert "Equal parts (Ada Marsh)" in words
    close = words.replace(" ", "")
    for row in made:
        assert row.path in close
    for section in FORM.sections:
        assert section.title in words


def test_a_long_column_of_short_lines_goes_on_on_the_next_page() -> None:
    lines = "\n".join(f"line{n}" for n in range(90))
    made = rows(FORM, (stood("pupils#a.noticed", lines), stood("lesson", lines)), Filler(ME, NAMES, lambda: "x"))
    words = read_pdf(form_pdf(PRINTED, made, AT))[1]
    assert words.count("line89") == 2
    assert words.index("line44") < words.index("Page 2 of")


@pytest.mark.parametrize("text", [NASTY, "x" * 20_000, "many words " * 1_800, "שלום עולם", "مرحبا بالعالم"])
def test_whatever_was_written_stands_on_paper_as_it_was(text: str) -> None:
    short = text[:200]
    whole = replace(SUMMARY, heading=short, blocks=(Block(short, text, (Entry(short, (Detail("By", short),)),)),))
    reader, words = read_pdf(summary_pdf(whole, AT))
    assert is_accessible(reader)
    if text.isascii():
        close = words.replace(" ", "").replace("\u200b", "")
        foot = len(reader.pages) * 200  # what stands at the foot of each page lies between
        assert sum(close.count(letter) for letter in set(text)) >= len(text.replace(" ", "")) - foot
        assert short.replace(" ", "") in close


def test_what_no_font_here_draws_is_told_by_its_name() -> None:
    text = "well done \N{GRINNING FACE} \N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL} \u4e2d \x07 \ue000"
    reader, words = read_pdf(summary_pdf(replace(SUMMARY, blocks=(Block("Agreed summary", text),)), AT))
    assert is_accessible(reader)
    assert "well done (grinning face) (man)(woman)(girl)" in words


@settings(max_examples=10)
@given(text=st.text(max_size=200))
def test_no_text_breaks_a_document(text: str) -> None:
    whole = replace(SUMMARY, blocks=(Block("Agreed summary", text, (Entry(text, (Detail(text, text),)),)),))
    assert summary_pdf(whole, AT).startswith(b"%PDF")
    Document(BytesIO(summary_docx(whole, AT)))


def test_a_summary_for_word_has_real_headings_lists_and_a_language() -> None:
    data = summary_docx(replace(SUMMARY, blocks=(*SUMMARY.blocks, Block("Beside", NASTY))), AT)
    book = Document(BytesIO(data))
    styles = [(one.style.name if one.style else "", one.text) for one in book.paragraphs]
    assert ("Title", SUMMARY.heading) in styles
    assert [text for style, text in styles if style == "Heading 1"][:3] == ["Agreed summary", "Next steps", "Barriers"]
    assert ("List Bullet", "Use the bar model\nBy when: Thursday 10 December 2026") in styles
    assert NASTY in [text for _, text in styles]
    language = book.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language is not None
    assert language.get(qn("w:val")) == "en-GB"


def test_a_summary_for_word_names_nobodys_machine() -> None:
    data = summary_docx(SUMMARY, AT)
    told = Document(BytesIO(data)).core_properties
    assert (told.author, told.last_modified_by, told.comments) == ("Halfterm", "Halfterm", "")
    assert told.created == AT.replace(microsecond=0)
    with zipfile.ZipFile(BytesIO(data)) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_summary_holds_what_the_form_marks_and_nothing_else() -> None:
    standing = (
        stood("agreed_summary", "Pupils counted on."),
        stood("we_noticed", "not for the school"),
        stood(f"own_notes/{ME}", "for me alone"),
        stood("next_steps#b.what", "Use the bar model"),
        stood("next_steps#b.by", "2026-12-10"),
        stood("next_steps#c.what", "gone"),
        stood("next_steps#c.removed", value=True),
        stood("tries#a.who", str(OTHER)),
        stood("tries#a.what", "Ask for the whole"),
        stood("tries#a.went", "mine to tell"),
    )
    whole = blocks(FORM, standing, NAMES, with_tries=True)
    assert [block.title for block in whole] == [
        "Agreed summary",
        "What will each of us try before we meet again?",
        "Next steps",
    ]
    assert whole[0].text == "Pupils counted on."
    assert whole[1].entries == (Entry("Ask for the whole", (Detail("Who", "Ada Marsh"),)),)
    assert whole[2].entries == (Entry("Use the bar model", (Detail("By when", "Thursday 10 December 2026"),)),)
    assert [block.title for block in blocks(FORM, standing, NAMES, with_tries=False)] == [
        "Agreed summary",
        "Next steps",
    ]


def test_fixed_rows_and_each_persons_words_are_told_by_their_names() -> None:
    part, asked = Part(key="e", label="Evidence"), (Option("one", "Vision"), Option("two", "Systems"))
    fields = (
        Field(key="areas", label="Five areas", kind="rows", options=asked, parts=(part,), summary=True),
        Field(key="said", label="Last words", share="each", summary=True),
        Field(key="mine", label="Mine", share="own", summary=True),
    )
    form = NoteForm(kind="visit", version=1, sections=(Section(key="s", title="S", fields=fields),))
    standing = (stood("areas#two.e", "Seen"), stood(f"said/{OTHER}", "Thank you"), stood(f"mine/{ME}", "no"))
    assert blocks(form, standing, NAMES, with_tries=False) == (
        Block("Last words (Ada Marsh)", text="Thank you"),
        Block("Five areas", entries=(Entry("Systems", (Detail("Evidence", "Seen"),)),)),
    )
