"""Who signed up and who completed: as of a day, frozen, and two frozen days beside each other."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding.snapshots import Count, Snapshot, snapshot, spoken_counts
from app.domain.funding.snapshots_compare import Beside, compare, total
from app.domain.imports import read_date
from app.domain.stages.criteria import times
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year, year_span
from app.kit.typed import Typed
from app.pages._parts import Asked, Choice, Column, Confirm, Empty, Field, Form, Listing, listing, refilled
from app.pages.funding.evidence import EvidenceLink, evidence_links
from app.pages.schools.years import YearLink, asked_year, year_links
from app.render.funding.completions_book import CountRow, completions_book
from app.store import hubs
from app.store.funding import completions, facts
from app.store.funding.completions import Kept

COLUMNS = (
    Column("", "Snapshot"),
    Column("", "As of"),
    Column("", "Signed up", number=True),
    Column("", "Completed", number=True),
    Column("", "Frozen by"),
    Column("", "Compare"),
)
CSV_HEADER = ("name", "year", "day", "programme", "code", "signed_up", "completed", "withdrew", "going_on")
SHOWN = 100  # pieces of evidence that came or went, on the page


@dataclass(frozen=True, slots=True)
class CountLine:
    """A programme's counts as they are shown; of two snapshots with what changed, such as 7 (+2)."""

    name: str
    code: str
    signed_up: str
    completed: str
    withdrew: str
    going_on: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A frozen snapshot in the list."""

    name: str
    href: str
    day: str
    signed_up: int
    completed: int
    by: str
    compare: str


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A snapshot that was deleted; `action` takes the form that puts it back."""

    name: str
    says: str
    action: str


@dataclass(frozen=True, slots=True)
class CompletionsPage:
    """Counts as of a day, the form that freezes them, and what was frozen."""

    template: ClassVar[str] = "funding/completions.html"
    year: str
    years: tuple[YearLink, ...]
    day: str
    choose: Field
    here: str
    year_number: int
    counts: tuple[CountLine, ...]
    says: str
    csv: str
    xlsx: str
    form: Form
    listing: Listing
    lines: tuple[KeptLine, ...]
    gone: tuple[GoneLine, ...]
    back: str


def asked_day(asked: Asked, year: int, today: date) -> date:
    """The day that `day=` names within the year and until today; the last such day where it names none.

    Raises BadInputError with a sentence for what is no such day.
    """
    first = year_span(year).first
    latest = max(min(year_span(year).last, today), first)
    said = asked.value("day")
    if not said:
        return latest
    try:
        day = read_date(said)
    except ValueError as problem:
        because = f"“{said[:20]}”: {problem}"
        raise BadInputError(because, (Fault("day", because),)) from None
    if not first <= day <= latest:
        because = (
            f"{spoken_date(day)} cannot be counted: choose a day from {spoken_date(first)} to {spoken_date(latest)}."
        )
        raise BadInputError(because, (Fault("day", because),))
    return day


async def live(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> tuple[int, Snapshot]:
    """The counts as of the day that was asked for: six statements. Raises BadInputError for what is no day of it."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    return year, snapshot(await facts.of_year(db, member.hub_id, year, now), asked_day(asked, year, today))


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> CompletionsPage:
    """The page, in a fixed number of statements. Raises BadInputError."""
    year, counted = await live(db, member, asked, now)
    found = await completions.listed(db, member.hub_id)
    kept = [one for one in found if not one.deleted_at]
    own = [one.year for one in await hubs.years(db, member.hub_id)]
    home = f"/hubs/{member.hub_code}/completions"
    day = counted.day
    field = Field(name="day", label="As of", kind="date", value=day.isoformat())
    empty = Empty("Snapshots that you freeze will be here. The funder counts in February and in August.")
    return CompletionsPage(
        year=spoken_year(year),
        years=year_links(
            Asked(asked.path, {**asked.query, "day": ""}), [*own, academic_year(in_london(now).date())], year
        ),
        day=spoken_date(day),
        choose=field,
        here=home,
        year_number=year,
        counts=_lines(counted, await _names(db, member, year)),
        says=spoken_counts(total(counted)),
        csv=f"{home}?year={year}&day={day.isoformat()}&format=csv",
        xlsx=f"{home}?year={year}&day={day.isoformat()}&format=xlsx",
        form=_form(home, year, day),
        listing=replace(listing(asked, "Frozen snapshots", COLUMNS, total=len(kept), empty=empty), csv=""),
        lines=tuple(_kept_lines(kept, home)),
        gone=tuple(_gone(one, home) for one in found if one.deleted_at),
        back=f"/hubs/{member.hub_code}/funding",
    )


def _form(home: str, year: int, day: date) -> Form:
    return Form(
        action=home,
        submit="Freeze these counts",
        fields=(
            Field(name="name", label="Name", hint="Such as February 2027, for the funder.", width="30"),
            Field(name="day", label="As of", kind="date", value=day.isoformat()),
        ),
        kept=(("year", str(year)),),
    )


def again(page: CompletionsPage, typed: Typed, faults: Sequence[Fault]) -> CompletionsPage:
    """The page with the form as it was sent, and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def _names(db: AsyncSession, member: Member, year: int) -> dict[str, str]:
    return {one.code or one.kind: one.name for one, _ in await hubs.programmes(db, member.hub_id, [year])}


def _lines(counted: Snapshot, names: Mapping[str, str]) -> tuple[CountLine, ...]:
    every = [*counted.counts, *([total(counted)] if len(counted.counts) > 1 else ())]
    return tuple(_line(one, names) for one in every)


def _line(one: Count, names: Mapping[str, str]) -> CountLine:
    counts = (f"{count:,}" for count in (one.signed_up, one.completed, one.withdrew, one.going_on))
    return CountLine(_called(one.programme, names), one.programme, *counts)


def _called(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code) if code else "All programmes"


def _kept_lines(kept: Sequence[Kept], home: str) -> Iterable[KeptLine]:
    for place, one in enumerate(kept):
        before = next((each for each in kept[place + 1 :] if each.year == one.year), None)
        href = f"{home}/{one.id}"
        by = f"{one.by}, {spoken(one.taken_at)}" if one.by else spoken(one.taken_at)
        sums = total(one.snapshot)
        beside = f"{href}?with={before.id}" if before else ""
        yield KeptLine(one.name, href, spoken_date(one.snapshot.day), sums.signed_up, sums.completed, by, beside)


def _gone(one: Kept, home: str) -> GoneLine:
    when = spoken(one.deleted_at) if one.deleted_at else ""
    return GoneLine(one.name, f"as of {spoken_date(one.snapshot.day)}, deleted {when}", f"{home}/{one.id}/put-back")


@dataclass(frozen=True, slots=True)
class CompletionPage:
    """A frozen snapshot; with another one beside it, what changed and which evidence came or went."""

    template: ClassVar[str] = "funding/completion.html"
    name: str
    day: str
    year: str
    by: str
    other: Field
    beside: str
    counts: tuple[CountLine, ...]
    says: tuple[str, ...]
    came: tuple[EvidenceLink, ...]
    went: tuple[EvidenceLink, ...]
    evidence: str
    here: str
    csv: str
    xlsx: str
    delete_href: str
    back: str


async def one(db: AsyncSession, member: Member, snapshot_id: uuid.UUID, asked: Asked) -> CompletionPage:
    """A frozen snapshot, or two beside each other: three statements. Raises NotFoundError."""
    kept = [each for each in await completions.listed(db, member.hub_id) if not each.deleted_at]
    found = _held(kept, snapshot_id)
    others = [each for each in kept if each.id != snapshot_id]
    chosen = next((each for each in others if str(each.id) == asked.value("with")), None)
    names = await _names(db, member, found.year)
    home = f"/hubs/{member.hub_code}/completions"
    here = f"{home}/{found.id}"
    choices = tuple(Choice(str(each.id), f"{each.name}, {spoken_date(each.snapshot.day)}") for each in others)
    page = CompletionPage(
        name=found.name,
        day=spoken_date(found.snapshot.day),
        year=spoken_year(found.year),
        by=f"{found.by}, {spoken(found.taken_at)}" if found.by else spoken(found.taken_at),
        other=Field(
            name="with",
            label="Compare with",
            kind="select",
            value=asked.value("with") if chosen else "",
            choices=(Choice("", "None"), *choices),
        ),
        beside="",
        counts=_lines(found.snapshot, names),
        says=(f"{spoken_counts(total(found.snapshot))}.",),
        came=(),
        went=(),
        evidence=f"It rests on {times(len(found.snapshot.evidence), 'piece', 'pieces')} of evidence.",
        here=here,
        csv=f"{here}?format=csv",
        xlsx=f"{here}?format=xlsx",
        delete_href=f"{here}/delete",
        back=home,
    )
    return _beside(page, member, found, chosen, names) if chosen else page


def _held(kept: Sequence[Kept], snapshot_id: uuid.UUID) -> Kept:
    found = next((each for each in kept if each.id == snapshot_id), None)
    if found is None:
        raise NotFoundError
    return found


def _beside(
    page: CompletionPage, member: Member, found: Kept, chosen: Kept, names: Mapping[str, str]
) -> CompletionPage:
    """The page of what lies between two snapshots, the earlier day first."""
    first, last = sorted((found, chosen), key=lambda one: (one.snapshot.day, one.taken_at))
    told = compare(first.snapshot, last.snapshot)
    says = [
        f"{first.name}: {spoken_counts(total(first.snapshot))}.",
        f"{last.name}: {spoken_counts(total(last.snapshot))}.",
    ]
    return replace(
        page,
        beside=f"What changed between {first.name} and {last.name}?",
        counts=tuple(_changed(one, names) for one in told.programmes),
        says=tuple(says),
        came=evidence_links(member.hub_code, told.came[:SHOWN]),
        went=evidence_links(member.hub_code, told.went[:SHOWN]),
        evidence="",
    )


def _changed(one: Beside, names: Mapping[str, str]) -> CountLine:
    pairs = (
        (one.after.signed_up, one.change.signed_up),
        (one.after.completed, one.change.completed),
        (one.after.withdrew, one.change.withdrew),
        (one.after.going_on, one.after.going_on - one.before.going_on),
    )
    counts = (f"{count:,} ({change:+,})" if change else f"{count:,}" for count, change in pairs)
    return CountLine(_called(one.programme, names), one.programme, *counts)


@dataclass(frozen=True, slots=True)
class CountsFile:
    """Counts to be downloaded: what they are called, of which year and day."""

    name: str
    year: int
    snapshot: Snapshot
    names: Mapping[str, str]

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """Under CSV_HEADER."""
        day = self.snapshot.day
        return [
            (
                self.name,
                spoken_year(self.year),
                day,
                _called(one.programme, self.names),
                one.programme,
                one.signed_up,
                one.completed,
                one.withdrew,
                one.going_on,
            )
            for one in self.snapshot.counts
        ]

    def xlsx(self, hub: str) -> bytes:
        """As a workbook."""
        rows = [
            CountRow(
                _called(one.programme, self.names),
                one.programme,
                (one.signed_up, one.completed, one.withdrew, one.going_on),
            )
            for one in self.snapshot.counts
        ]
        says = f"{self.name}. Grant year {spoken_year(self.year)}, as of {spoken_date(self.snapshot.day)}."
        return completions_book(f"Signed up and completed: {hub}", says, self.snapshot.day, rows)


async def live_file(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> CountsFile:
    """The counts as of the day that was asked for."""
    year, counted = await live(db, member, asked, now)
    return CountsFile("As it stands", year, counted, await _names(db, member, year))


async def kept_file(db: AsyncSession, member: Member, snapshot_id: uuid.UUID) -> CountsFile:
    """A frozen snapshot. Raises NotFoundError."""
    kept = [each for each in await completions.listed(db, member.hub_id) if not each.deleted_at]
    found = _held(kept, snapshot_id)
    return CountsFile(found.name, found.year, found.snapshot, await _names(db, member, found.year))


@dataclass(frozen=True, slots=True)
class CompletionDeletePage:
    """Asks before a snapshot is taken away."""

    template: ClassVar[str] = "funding/completion_delete.html"
    confirm: Confirm


async def confirm_delete(db: AsyncSession, member: Member, snapshot_id: uuid.UUID) -> CompletionDeletePage:
    """The question: one statement. Raises NotFoundError."""
    kept = [each for each in await completions.listed(db, member.hub_id) if not each.deleted_at]
    found = _held(kept, snapshot_id)
    here = f"/hubs/{member.hub_code}/completions/{found.id}"
    return CompletionDeletePage(
        Confirm(
            question=f"Delete the snapshot {found.name}?",
            happens=(
                f"Who had signed up and completed on {spoken_date(found.snapshot.day)} is then not shown as frozen.",
                "Agreements and enrolments stay as they are. It can be put back from the list.",
            ),
            action=f"{here}/delete",
            submit="Delete it",
            back=here,
        )
    )
