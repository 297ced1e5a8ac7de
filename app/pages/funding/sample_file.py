"""A sample with the evidence of each line as one ZIP, as it may be shown to whoever checks the claims."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.evidence import KINDS
from app.domain.funding.facts import PAYEE_WORDS
from app.domain.funding.line import KIND_WORDS
from app.domain.funding.pence import pounds
from app.domain.funding.standing import file_stem
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.pages.funding import samples as pages
from app.pages.funding.exports import File
from app.render.funding.sample_zip import SampleZip
from app.store.funding import sample_evidence, samples
from app.store.funding.sample_evidence import HEADERS, Evidence
from app.store.funding.samples import Drawn, Taken

IN_MEMORY = 1_000_000  # bytes; a larger file lies on the disk while it is sent
TABLES = {
    "attendance": "who-came.csv",
    "event": "held.csv",
    "agreement": "agreements.csv",
    "enrolment": "enrolments.csv",
    "evaluation": "evaluations.csv",
    "travel": "travel.csv",
    "link": "school-numbers.csv",
}


async def sample_file(db: AsyncSession, member: Member, sample_id: uuid.UUID) -> File:
    """The ZIP, ready to be sent: a fixed number of statements and one for each agreement. Raises NotFoundError."""
    found = await pages.held(db, member, sample_id)
    lines = await samples.taken(db, member.hub_id, found.lines)
    evidence = await sample_evidence.of(db, member.hub_id, (name for one in lines for name in one.entry.line.evidence))
    data = _empty()
    packed = SampleZip(data)
    packed.text("read-me.txt", _read_me(member, found, lines))
    every = (pages.line_row(place, one) for place, one in enumerate(lines, 1))
    packed.table("sample.csv", pages.LINE_CSV_HEADER, every)
    for place, one in enumerate(lines, 1):
        name = f"{place:03}-{file_stem(one.reference)}-{one.entry.line.urn}"
        await _folder(db, member, packed, name, (one, evidence))
    packed.close()
    data.seek(0)
    return File(f"sample-{member.hub_code}-{found.id}.zip", "application/zip", data)


def _empty() -> IO[bytes]:
    return cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY))


async def _folder(db: AsyncSession, member: Member, packed: SampleZip, name: str, told: tuple[Taken, Evidence]) -> None:
    """What the line says, and all that it rests on."""
    one, evidence = told
    found = evidence.rows(one.entry.line.evidence)
    packed.text(f"{name}/line.txt", _line(one, found))
    for kind, rows in found.items():
        packed.table(f"{name}/{TABLES[kind]}", HEADERS[kind], (_local(row) for row in rows))
    for row in found.get("agreement", ()):
        pdf = await sample_evidence.agreement_pdf(db, member.hub_id, row[0])
        if pdf:
            packed.data(f"{name}/agreement-{row[0]}.pdf", pdf)


def _local(row: Iterable[Any]) -> list[Any]:
    """Times as London's clocks showed them."""
    return [in_london(value).replace(tzinfo=None) if isinstance(value, datetime) else value for value in row]


def _read_me(member: Member, found: Drawn, lines: list[Taken]) -> list[str]:
    return [
        f"Assurance sample of {member.hub_name}, grant year {spoken_year(found.year)}",
        "",
        f"Seed: {found.seed}",
        f"Drawn: {spoken(found.made_at)}",
        f"Lines: {len(lines):,} of {found.of:,} that were frozen in closed statements then",
        "",
        pages.HOW,
        "",
        "sample.csv holds all lines in the order in which the seed drew them. Each line has a folder with what it",
        "says (line.txt) and what it rests on: who came, what was held, agreements with the PDF that was signed,",
        "enrolments, evaluations and travel. Times are London's. Of an absence only whether a reason was given is",
        "told. Records of visits, meetings and lesson observations are not here: they belong to those who wrote them.",
    ]


def _line(one: Taken, found: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    line = one.entry.line
    told = [
        f"{pounds(line.pence)} to {one.school} (URN {line.urn}), as {PAYEE_WORDS[line.payee]}",
        f"{spoken_date(line.day)}",
        line.because,
        "",
        f"Statement: {one.reference}",
        f"Kind: {KIND_WORDS[line.kind]}",
        f"Rate: {line.rate or 'none'}, version {line.card_version} of the rate card",
        f"Units: {line.spoken_quantity} at {pounds(line.rate_pence)}",
        f"Programme: {line.programme or 'none'}",
        f"Work Group: {line.group or 'none'}",
        f"Line: {one.entry.id}",
        f"Key: {line.key}",
        *([f"Corrects line: {line.corrects}"] if line.corrects else []),
        "",
        "Evidence:",
        *(f"  {name}" for name in line.evidence),
    ]
    kinds = {name.partition("/")[0] for name in line.evidence}
    missing = [kind for kind in KINDS if kind in kinds and kind not in found]
    told += [f"No longer held: {KINDS[kind].lower()}. It was removed after the line was frozen." for kind in missing]
    return told
