"""The public page that tells a real certificate from an altered one: by its code, or by the file itself."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.meetings import certificates as rules
from app.domain.meetings import checking
from app.domain.meetings.certificates import Kind
from app.domain.meetings.checking import FileIs
from app.kit.check_codes import read_code, shown
from app.kit.errors import Fault
from app.pages._parts import Field, Form, filled
from app.pages.meetings.certificates import facts_of, lines_in_words, withdrawn_words
from app.pages.schools.detail import Fact
from app.store.meetings import certificates

HOW = (
    Field(
        name="number",
        label="The code on the certificate",
        hint="Twelve letters and digits in three groups, like K7QM-3XR9-T2WA.",
        width="20",
    ),
    Field(
        name="file",
        label="Or the certificate itself, as a PDF file",
        kind="file",
        hint="It is compared and not kept.",
    ),
)
FORM = Form(action="/check", submit="Check it", fields=HOW, upload=True)
NEVER = "No certificate with this code was issued here."


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What is known of a code or a file; before anything is asked, the form alone."""

    template: ClassVar[str] = "meetings/certificate_check.html"
    title: str
    says: str
    real: bool  # issued here, and stands
    file_says: str
    withdrawn: str
    facts: tuple[Fact, ...]
    lines: tuple[str, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class Checked:
    """A page, and whether what was asked for is unknown: tries of that kind are counted."""

    page: CheckPage
    unknown: bool = False


def empty() -> CheckPage:
    """The form alone."""
    return CheckPage("Check a certificate", "", real=False, file_says="", withdrawn="", facts=(), lines=(), form=FORM)


def mistyped(text: str, because: str) -> CheckPage:
    """The form with what was typed, and what is wrong with it."""
    page = empty()
    form = filled(page.form, {"number": text[:40]}, (Fault("number", because),))
    return CheckPage(page.title, "", real=False, file_says="", withdrawn="", facts=(), lines=(), form=form)


async def by_code(db: AsyncSession, text: str) -> Checked:
    """What is known of a code that somebody typed: two statements, none for one that cannot be a code."""
    read = read_code(text)
    if not read.code:
        return Checked(mistyped(text, read.because))
    row = await certificates.by_code(db, read.code)
    return Checked(_known(row), unknown=False) if row else Checked(_unknown(NEVER), unknown=True)


async def by_file(db: AsyncSession, data: bytes, typed: str) -> Checked:
    """What is known of a file, and of the code that was typed beside it if the file holds none."""
    digest, inside = checking.digest(data), await asyncio.to_thread(checking.codes_in, data)
    asked = inside or [code for code in (read_code(typed).code,) if code]
    found = [row for code in asked[:3] if (row := await certificates.by_code(db, code))]
    exact = next((row for row in found if row.digest == digest), None)
    if exact:
        return Checked(_known(exact, checking.FILE_WORDS[FileIs.EXACT]))
    if found and inside:
        return Checked(_known(found[0], checking.FILE_WORDS[FileIs.ALTERED]))
    if found:
        return Checked(_known(found[0], f"{checking.FILE_WORDS[FileIs.NOT_OURS]} Below is what the typed code says."))
    is_ = FileIs.UNKNOWN if inside else FileIs.NOT_OURS
    return Checked(_unknown(checking.FILE_WORDS[is_]), unknown=bool(asked))


def _known(row: certificates.Row, file_says: str = "") -> CheckPage:
    stands = row.withdrawn_at is None
    altered = file_says not in {"", checking.FILE_WORDS[FileIs.EXACT]}
    facts = rules.told(row.says)
    title = rules.TITLES[Kind(row.kind)]
    return CheckPage(
        title=f"{title} {shown(row.code)}",
        says="This certificate was issued here, and it stands." if stands else "This certificate no longer counts.",
        real=stands and not altered,
        file_says=file_says,
        withdrawn=withdrawn_words(row),
        facts=facts_of(row),
        lines=lines_in_words(facts["lines"]),
        form=FORM,
    )


def _unknown(says: str) -> CheckPage:
    return CheckPage("Check a certificate", says, real=False, file_says="", withdrawn="", facts=(), lines=(), form=FORM)
