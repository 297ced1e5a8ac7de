"""Records in numbers: for the hub's office how far each is and what they are about, for the Board totals; no text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings.states import says
from app.domain.notes import floor
from app.domain.notes.defaults import DEFAULTS
from app.domain.notes.themes import JUDGEMENT, Tally, tallies, themes
from app.domain.notes.turns import Record, Stand, Tone, stand
from app.kit.periods import HALF_TERMS, in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.store.meetings import year as years
from app.store.notes import counts, forms
from app.store.notes.counts import Part, Pending, Wanted
from app.store.schools import reading

KINDS = {"meeting": "Meetings", "visit": "Visits", "observation": "Lesson observations"}
STAGES = {"agreed": "Agreed", "submitted": "Submitted", "open": "Being written", "none": "Nothing written"}
COLUMNS = (Column("when", "When"), Column("what", "What"), Column("turn", "Whose turn"))
CSV_HEADER = ("Half term", "Kind", *STAGES.values(), "Over in all")
WAITING_HEADER = ("Day", "What", "How it stands", "Whose turn")
KEPT_BACK = "kept back"
WIDTH, ROW = 330, 44  # the picture, in its own units


@dataclass(frozen=True, slots=True)
class CountLine:
    """Events of one kind that are over: how many records are in each stage, in the order of STAGES; and in all."""

    half_term: str
    kind: str
    cells: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar."""

    stage: str
    x: float
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A half term: its events that are over, by the stage of their records."""

    words: str
    y: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The bars; `says` tells them in words."""

    says: str
    height: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """What records are about; None is kept back."""

    title: str
    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class PendingLine:
    """A record that is not agreed yet, and whose turn it is."""

    href: str
    day: str
    what: str
    word: str
    tone: Tone
    turn: str


@dataclass(frozen=True, slots=True)
class CountsPage:
    """The page; `picture` and `listing` are for the office only."""

    template: ClassVar[str] = "notes/counts.html"
    office: bool
    year: str
    years: tuple[YearLink, ...]
    floor: int
    stages: tuple[str, ...]
    lines: tuple[CountLine, ...]
    csv: str
    picture: Picture | None
    themes: tuple[ThemeTable, ...]
    listing: Listing | None
    pending: tuple[PendingLine, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file to download."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> CountsPage:
    """The page: nine statements at most, whatever the number of records."""
    year = asked_year(asked, in_london(now).date())
    office = _office(member)
    lines = await _lines(db, member, year, now)
    waiting = _ordered(await counts.pending(db, member, year, now), asked) if office else []
    first = (asked.page - 1) * PAGE_SIZE
    return CountsPage(
        office=office,
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        floor=floor.FLOOR,
        stages=tuple(STAGES.values()),
        lines=lines,
        csv=asked.link(format="csv", list="", page=""),
        picture=_picture(lines) if office and lines else None,
        themes=await _themes(db, member, year) if office else (),
        listing=_listing(asked, len(waiting)) if office else None,
        pending=tuple(_pending(member, one) for one in waiting[first : first + PAGE_SIZE]),
    )


def _listing(asked: Asked, total: int) -> Listing:
    empty = Empty("Nothing waits: every record of what is over is agreed.")
    made = listing(asked, "Records that wait", COLUMNS, total=total, empty=empty, filters=_filters(asked))
    return replace(made, csv=asked.link(format="csv", list="waiting", page=""))


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Table:
    """The counts as a file; with `list=waiting`, for the office, the records that wait."""
    year = asked_year(asked, in_london(now).date())
    if asked.value("list") == "waiting" and _office(member):
        waiting = _ordered(await counts.pending(db, member, year, now), asked)
        rows: list[tuple[object, ...]] = [(one.day, _what(one), _stand(one).word, _stand(one).turn) for one in waiting]
        return Table(f"records-that-wait-{year}", WAITING_HEADER, rows)
    told = [
        (one.half_term, one.kind, *(KEPT_BACK if cell is None else cell for cell in (*one.cells, one.total)))
        for one in await _lines(db, member, year, now)
    ]
    return Table(f"records-{year}", CSV_HEADER, told)


def _office(member: Member) -> bool:
    return bool(member.reaches(Can.COUNT_NOTES))


async def _lines(db: AsyncSession, member: Member, year: int, now: datetime) -> tuple[CountLine, ...]:
    """By half term for the office; the year's totals, with small numbers kept back, for the Board."""
    office = _office(member)
    terms = await years.half_terms(db, member.hub_id, year) if office else ()
    parts = await counts.stages(db, member, year, now, terms)
    keys = sorted({(one.half_term, list(KINDS).index(one.kind)) for one in parts})
    made = []
    for half_term, at in keys:
        kind = list(KINDS)[at]
        here = {one.stage: one for one in parts if one.half_term == half_term and one.kind == kind}
        name = HALF_TERMS[half_term] if half_term >= 0 else "The year"
        made.append(_line(name, KINDS[kind], here, kept_back=not office))
    return tuple(made)


def _line(half_term: str, kind: str, here: Mapping[str, Part], *, kept_back: bool) -> CountLine:
    events = {stage: here[stage].events if stage in here else 0 for stage in STAGES}
    cells: dict[str, int | None] = dict(events)
    if kept_back:
        shown = floor.shown({stage: part.people for stage, part in here.items()})  # that there is none tells of nobody
        cells = {stage: count if shown.get(stage, 0) is not None else None for stage, count in events.items()}
    enough = any(cells[stage] is not None for stage in here)
    return CountLine(half_term, kind, tuple(cells.values()), sum(events.values()) if enough else None)


def _picture(lines: Sequence[CountLine]) -> Picture:
    by_term: dict[str, list[int]] = {}
    for line in lines:
        sums = by_term.setdefault(line.half_term, [0] * len(STAGES))
        by_term[line.half_term] = [had + (cell or 0) for had, cell in zip(sums, line.cells, strict=True)]
    most = max(sum(sums) for sums in by_term.values())
    bars = tuple(_bar(term, sums, n * ROW, WIDTH / most) for n, (term, sums) in enumerate(by_term.items()))
    told = "; ".join(bar.words for bar in bars)
    return Picture(f"Records of what is over, by half term. {told}.", len(bars) * ROW, bars)


def _bar(term: str, sums: Sequence[int], y: int, scale: float) -> Bar:
    segments, x = [], 0.0
    for stage, count in zip(STAGES, sums, strict=True):
        if count:
            segments.append(Segment(stage, round(x, 1), round(count * scale, 1), count))
        x += count * scale
    words = ", ".join(f"{one.count} {STAGES[one.stage].lower()}" for one in segments)
    return Bar(f"{term}: {words}", y, tuple(segments))


async def _themes(db: AsyncSession, member: Member, year: int) -> tuple[ThemeTable, ...]:
    own = {kind: form for (_, kind), form in (await forms.newest(db, [member.hub_id])).items()}
    counted = themes(own.get(kind, form) for kind, form in DEFAULTS.items())
    wanted = Wanted(
        [one.field for one in counted if one.how == "choices"],
        [one.field for one in counted if one.how == "rows"],
        [(one.field, JUDGEMENT) for one in counted if one.how == "parts"],
    )
    chosen = await counts.choices(db, member, year, wanted)
    people = await counts.takers(db, sorted({one.event_id for one in chosen}))
    return tuple(ThemeTable(one.title, tallies(one, chosen, people)) for one in counted)


_ORDERS: dict[str, Callable[[Pending], Any]] = {
    "when": lambda one: (one.starts_at, one.id),
    "what": lambda one: (_what(one).casefold(), one.starts_at),
    "turn": lambda one: (_stand(one).turn.casefold(), one.starts_at),
}


def _ordered(waiting: Sequence[Pending], asked: Asked) -> list[Pending]:
    column, down = asked.order(tuple(_ORDERS))
    fitting = [one for one in waiting if _fits(one, asked)]
    return sorted(fitting, key=_ORDERS[column], reverse=down)


def _fits(one: Pending, asked: Asked) -> bool:
    said = f"{_what(one)} {_stand(one).turn}".casefold()
    return (
        asked.value("kind") in {"", one.kind}
        and asked.value("stage") in {"", one.state or "none"}
        and all(word in said for word in asked.value("q").casefold().split())
    )


def _filters(asked: Asked) -> tuple[Filter, ...]:
    stages = {"submitted": "Submitted", "open": "Being written", "correcting": "Being corrected", "none": "Not begun"}
    return (
        Filter("q", "What, or whose turn", asked.value("q")),
        Filter("kind", "Kind", asked.value("kind"), tuple(Choice(*one) for one in KINDS.items())),
        Filter("stage", "How it stands", asked.value("stage"), tuple(Choice(*one) for one in stages.items())),
    )


def _what(one: Pending) -> str:
    return says(one.kind, school=one.school, group=one.group, lead=one.lead, teacher=one.teacher, online=one.online)


def _stand(one: Pending) -> Stand:
    if not one.state:
        return Stand("Not begun", "blue", f"{one.lead}: nobody has written yet")
    return stand(
        Record(kind=one.kind, state=one.state, lead=one.lead, teacher=one.teacher, school=one.school, asked=one.asked)
    )


def _pending(member: Member, one: Pending) -> PendingLine:
    stands = _stand(one)
    href = f"/hubs/{member.hub_code}/events/{one.id}"
    return PendingLine(href, spoken_date(one.day), _what(one), stands.word, stands.tone, stands.turn)
