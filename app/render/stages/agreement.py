"""An agreement as PDF: tagged (PDF/UA-1), with the text as it was read and the signature below it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from app.domain.stages.agreements import Signing, Terms, blocks
from app.kit.periods import spoken, spoken_date, spoken_year
from app.render.meetings.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature on an agreement: how it came, and who typed it, and when."""

    by: Signing
    how: str
    typed_by: str


def agreement_pdf(text: str, terms: Terms, signed: Signed | None, at: datetime) -> bytes:
    """The agreement with its text as filled in; unsigned it has lines to sign on. Equal facts make equal bytes."""
    data = {
        "title": f"Agreement for {terms.programme} in {spoken_year(terms.year)}",
        "school": terms.school,
        "hub": terms.hub,
        "blocks": [asdict(block) for block in blocks(text)],
        "signed": signed is not None,
        "name": signed.by.name if signed else "",
        "part": signed.by.part if signed else "",
        "day": spoken_date(signed.by.day) if signed else "",
        "how": signed.how if signed else "",
        "entered": f"Entered by {signed.typed_by} on {spoken(at)}." if signed else "",
    }
    return typeset("stages/agreement.typ", data, at)
