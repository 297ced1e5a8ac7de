"""The PDF of an agreement: tagged, with the text as it was read and whose name stands below it."""

import io
from datetime import UTC, date, datetime

from pypdf import PdfReader

from app.domain.stages.agreement_texts import SHIPPED
from app.domain.stages.agreements import How, Signing, Terms, text_for
from app.render.stages.agreement import Signed, agreement_pdf

TERMS = Terms("Ash Vale Primary", "Moorland", "Development", 2026, 6, 3, "Two teachers", "Mastery Specialist", "")
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
SIGNED = Signed(Signing("Zoë O'Brien #name$", "Headteacher", date(2026, 11, 20)), How.PAPER.says, "Cora Lane")


def read_back(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_is_tagged_titled_and_says_what_was_read_and_by_whom() -> None:
    made = agreement_pdf(text_for(SHIPPED["development"], TERMS), TERMS, SIGNED, AT)
    pdf = PdfReader(io.BytesIO(made))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "en-GB"  # type: ignore[index]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Agreement for Development in 2026/27: Ash Vale Primary"
    text = read_back(made)
    for words in (
        "Ash Vale Primary takes part",
        "Zoë O'Brien #name$",
        "Friday 20 November 2026",
        "entered it and keeps",
    ):
        assert words in text
    assert made == agreement_pdf(text_for(SHIPPED["development"], TERMS), TERMS, SIGNED, AT)


def test_unsigned_it_has_lines_to_sign_on() -> None:
    text = read_back(agreement_pdf("# One\n- *two*", TERMS, None, AT))
    assert "*two*" in text
    assert "Signature" in text
