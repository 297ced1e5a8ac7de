"""Assurance samples: those that were drawn, and one of them with its lines, evidence, and how to draw it again."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.line import total
from app.domain.funding.pence import pounds
from app.domain.funding.sample import drawn
from app.domain.stages.criteria import times
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import (
    PAGE_SIZE,
    Asked,
    Choice,
    Column,
    Empty,
    Field,
    Filter,
    Form,
    Listing,
    listing,
    refilled,
)
from app.pages.funding.evidence import EvidenceLink, evidence_links
from app.pages.funding.statements import pounds_number
from app.store import hubs
from app.store.funding import samples
from app.store.funding.samples import Drawn, Taken

COLUMNS = (
    Column("", "Sample"),
    Column("", "Grant year"),
    Column("", "Lines", number=True),
    Column("", "Drawn from", number=True),
    Column("", "Drawn by"),
)
CSV_HEADER = ("id", "year", "seed", "lines", "drawn_from", "drawn_at", "drawn_by")
LINE_COLUMNS = (
    Column("", "Line"),
    Column("", "School"),
    Column("", "Statement"),
    Column("", "Amount", number=True),
    Column("", "Evidence"),
)
LINE_CSV_HEADER = (
    "place",
    "line",
    "statement",
    "urn",
    "school",
    "rate",
    "programme",
    "group",
    "day",
    "units",
    "pounds",
    "because",
    "kind",
    "evidence",
)
LINKS = 12  # pieces of evidence shown beside a line; the line's own page shows all
HOW = (
    "Each line has a place: the SHA-256 of the seed, the line's key, its URN, its kind and the id of the line it "
    "corrects, with a line feed between them. The lines with the smallest are the sample. So the same seed draws the "
    "same lines again, on any machine, and more lines of the same seed begin with these."
)


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample in the list."""

    seed: str
    href: str
    year: str
    lines: int
    of: str
    by: str


@dataclass(frozen=True, slots=True)
class SamplesPage:
    """The list, and the form that draws another."""

    template: ClassVar[str] = "funding/samples.html"
    listing: Listing
    lines: tuple[SampleLine, ...]
    form: Form
    back: str


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> SamplesPage:
    """The list: two statements."""
    found = await samples.listed(db, member.hub_id)
    years = sorted({*(one.year for one in await hubs.years(db, member.hub_id)), academic_year(in_london(now).date())})
    year = asked.value("year")
    chosen = [one for one in found if not year or str(one.year) == year]
    home = f"/hubs/{member.hub_code}/samples"
    first = (asked.page - 1) * PAGE_SIZE
    choices = tuple(Choice(str(one), spoken_year(one)) for one in reversed(years))
    empty = Empty("Samples that you draw will be here: lines of closed statements, each with its evidence.")
    return SamplesPage(
        listing=listing(
            asked,
            "Assurance samples",
            COLUMNS,
            total=len(chosen),
            empty=empty,
            filters=(Filter("year", "Grant year", year, choices),) if found else (),
        ),
        lines=tuple(
            SampleLine(one.seed, f"{home}/{one.id}", spoken_year(one.year), len(one.lines), f"{one.of:,}", _by(one))
            for one in chosen[first : first + PAGE_SIZE]
        ),
        form=_form(home, choices, academic_year(in_london(now).date())),
        back=f"/hubs/{member.hub_code}/funding",
    )


def _form(home: str, years: tuple[Choice, ...], year: int) -> Form:
    return Form(
        action=home,
        submit="Draw the sample",
        fields=(
            Field(name="year", label="Grant year", kind="select", value=str(year), choices=years),
            Field(name="count", label="How many lines?", kind="number", value="25", width="4"),
            Field(
                name="seed",
                label="Seed",
                hint="Any words, best chosen by whoever checks, such as “DfE visit 3 June”. "
                "They decide which lines are drawn, and draw the same again.",
                width="30",
            ),
        ),
    )


def again(page: SamplesPage, typed: Typed, faults: Sequence[Fault]) -> SamplesPage:
    """The list with the form as it was sent, and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def _by(one: Drawn) -> str:
    return f"{one.by}, {spoken(one.made_at)}" if one.by else spoken(one.made_at)


async def table(db: AsyncSession, member: Member, asked: Asked) -> list[tuple[object, ...]]:
    """The list under CSV_HEADER: one statement."""
    year = asked.value("year")
    return [
        (one.id, spoken_year(one.year), one.seed, len(one.lines), one.of, in_london(one.made_at), one.by)
        for one in await samples.listed(db, member.hub_id)
        if not year or str(one.year) == year
    ]


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line of the sample with its evidence; `more` says how much of it is not shown here."""

    place: int
    because: str
    href: str
    day: str
    school: str
    urn: int
    statement: str
    statement_href: str
    amount: str
    evidence: tuple[EvidenceLink, ...]
    more: str


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One sample. `checked` says what drawing it again came to, where that was asked for."""

    template: ClassVar[str] = "funding/sample.html"
    seed: str
    says: str
    by: str
    how: str
    checked: str
    same: bool
    check_href: str
    zip_href: str
    listing: Listing
    lines: tuple[TakenLine, ...]
    back: str


async def one(db: AsyncSession, member: Member, sample_id: uuid.UUID, asked: Asked) -> SamplePage:
    """The page: three statements, and one more that reads the year where it is drawn again. Raises NotFoundError."""
    found = await held(db, member, sample_id)
    lines = await samples.taken(db, member.hub_id, found.lines)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/samples/{found.id}"
    checked, same = await _checked(db, member, found) if asked.value("check") == "yes" else ("", False)
    first = (asked.page - 1) * PAGE_SIZE
    empty = Empty("Nothing was drawn.")
    return SamplePage(
        seed=found.seed,
        says=f"{times(len(lines), 'line')} of {found.of:,} that were frozen in {spoken_year(found.year)}, together "
        f"{pounds(total(one.entry.line for one in lines))}.",
        by=_by(found),
        how=HOW,
        checked=checked,
        same=same,
        check_href=f"{here}?check=yes",
        zip_href=f"{here}/sample.zip",
        listing=listing(asked, "Lines of the sample", LINE_COLUMNS, total=len(lines), empty=empty),
        lines=tuple(_taken(home, place, one) for place, one in enumerate(lines[first : first + PAGE_SIZE], first + 1)),
        back=f"{home}/samples",
    )


async def held(db: AsyncSession, member: Member, sample_id: uuid.UUID) -> Drawn:
    """The sample of this id: one statement. Raises NotFoundError."""
    found = await samples.one(db, member.hub_id, sample_id)
    if found is None:
        raise NotFoundError
    return found


async def _checked(db: AsyncSession, member: Member, found: Drawn) -> tuple[str, bool]:
    """What drawing the sample again from the lines that were frozen then comes to."""
    if not found.seed.strip():
        return "The seed was removed, so the sample cannot be drawn again. Its lines are as they were.", False
    frozen = await samples.frozen_then(db, member.hub_id, found.year, found.made_at)
    lines = await asyncio.to_thread(drawn, found.seed, frozen, found.count)
    if lines == found.lines and len(frozen) == found.of:
        return f"Drawn again from the {len(frozen):,} lines that were frozen then: the same lines, in this order.", True
    return f"Drawn again from {len(frozen):,} lines, it is not the same: ask whoever keeps this server.", False


def _taken(home: str, place: int, one: Taken) -> TakenLine:
    line = one.entry.line
    links = evidence_links(home.rpartition("/")[2], line.evidence)
    more = f"and {len(links) - LINKS:,} more" if len(links) > LINKS else ""
    return TakenLine(
        place=place,
        because=line.because,
        href=f"{home}/lines/{one.entry.id}",
        day=spoken_date(line.day),
        school=one.school,
        urn=line.urn,
        statement=one.reference,
        statement_href=f"{home}/statements/{one.statement_id}",
        amount=pounds(line.pence),
        evidence=links[:LINKS],
        more=more,
    )


def line_row(place: int, one: Taken) -> tuple[object, ...]:
    """A line under LINE_CSV_HEADER."""
    line = one.entry.line
    return (
        place,
        one.entry.id,
        one.reference,
        line.urn,
        one.school,
        line.rate,
        line.programme,
        line.group,
        line.day,
        line.spoken_quantity,
        pounds_number(line.pence),
        line.because,
        line.kind.value,
        " ".join(line.evidence),
    )


async def line_rows(db: AsyncSession, member: Member, sample_id: uuid.UUID) -> list[tuple[object, ...]]:
    """The sample's lines under LINE_CSV_HEADER: three statements. Raises NotFoundError."""
    found = await held(db, member, sample_id)
    lines = await samples.taken(db, member.hub_id, found.lines)
    return [line_row(place, one) for place, one in enumerate(lines, 1)]
