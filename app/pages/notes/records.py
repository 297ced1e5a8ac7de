"""My records: all that I may read, the newest first, and full-text search in them."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Viewer
from app.domain.meetings.states import says
from app.domain.notes.forms import NoteForm
from app.domain.notes.highlights import Piece, pieces
from app.domain.notes.paths import place
from app.domain.notes.turns import Record, Stand, stand
from app.kit.periods import spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.store.notes import reads, search
from app.store.notes.search import Hit, Row, Searched

PATH = "/my/records"
KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}
COLUMNS = (Column("when", "When"), Column("what", "What"), Column("state", "How it stands"), Column("", "Tags"))
CSV_HEADER = ("Day", "Kind", "What", "Work Group", "How it stands", "Whose turn", "Tags")
MOST_WORDS = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which something was found, and what it answers."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record in the list. `more` texts hold what was searched for beside those that are shown."""

    event_id: uuid.UUID
    href: str
    kind: str
    day: str
    what: str
    stands: Stand
    tags: tuple[str, ...]
    found: tuple[Found, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag, how many records have it, and the list narrowed to them."""

    tag: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """The page."""

    template: ClassVar[str] = "notes/records.html"
    listing: Listing
    lines: tuple[RecordLine, ...]
    tags: tuple[TagLine, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that lines and filters are made from."""

    rows: Sequence[Row]
    tags: Mapping[uuid.UUID, set[str]]
    people: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
    forms: Mapping[uuid.UUID, NoteForm]


async def load(db: AsyncSession, viewer: Viewer, asked: Asked, now: datetime) -> RecordsPage:
    """The page, in a fixed number of statements. A record whose text is shown by a search is noted as read."""
    asked = asked if asked.value("sort") else replace(asked, query={**asked.query, "sort": "-when"})
    known = await _known(db, viewer)
    counts, chosen = await _chosen(db, viewer, asked, known)
    first = (asked.page - 1) * PAGE_SIZE
    shown = chosen[first : first + PAGE_SIZE]
    lines = [_line(one, known) for one in shown]
    if _words(asked) and shown:
        found = await search.hits(db, Searched(viewer, shown, known.forms, _words(asked)))
        await _note_readings(db, viewer, {one.event_id for one in found}, shown, now)
        lines = [_with_found(line, row, found, known, counts) for line, row in zip(lines, shown, strict=True)]
    empty = Empty("The records of your meetings, visits and observations will be here.", "My next 14 days", "/my/notes")
    tags = Counter(tag for found in known.tags.values() for tag in found)
    return RecordsPage(
        listing=listing(asked, "My records", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, known)),
        lines=tuple(lines),
        tags=tuple(TagLine(tag, tags[tag], Asked(PATH).link(tag=tag)) for tag in sorted(tags, key=str.casefold)),
    )


async def rows(db: AsyncSession, viewer: Viewer, asked: Asked) -> list[tuple[object, ...]]:
    """Everything that fits what was asked, under `CSV_HEADER`: no text of any record."""
    known = await _known(db, viewer)
    _, chosen = await _chosen(db, viewer, asked, known)
    return [
        (
            row.day,
            KINDS[row.kind],
            _what(row),
            row.group,
            _stand(row).word,
            _stand(row).turn,
            ", ".join(sorted(known.tags.get(row.event_id, ()))),
        )
        for row in chosen
    ]


async def _known(db: AsyncSession, viewer: Viewer) -> _Known:
    rows = await search.readable(db, viewer)
    whole = [one.event_id for one in rows if one.whole]
    return _Known(
        rows,
        await search.tags(db, whole),
        await search.people(db, [one.event_id for one in rows]),
        await search.forms_of(db, rows),
    )


async def _chosen(
    db: AsyncSession, viewer: Viewer, asked: Asked, known: _Known
) -> tuple[Mapping[uuid.UUID, int], list[Row]]:
    """What fits, in its order; by record, in how many texts the words were found."""
    fitting = [one for one in known.rows if _fits(one, asked, known)]
    counts: Mapping[uuid.UUID, int] = {}
    if _words(asked):
        counts = await search.found_in(db, Searched(viewer, fitting, known.forms, _words(asked)))
        fitting = [one for one in fitting if one.event_id in counts]
    column, down = asked.order(tuple(_ORDERS))
    return counts, sorted(fitting, key=_ORDERS[column], reverse=down)


async def _note_readings(
    db: AsyncSession, viewer: Viewer, read: set[uuid.UUID], shown: Sequence[Row], now: datetime
) -> None:
    for member in viewer.members:
        here = [one.event_id for one in shown if one.hub_id == member.hub_id and one.event_id in read]
        await reads.notes_read(db, member, here, "search", now)


def _words(asked: Asked) -> str:
    return asked.value("q").replace("\x00", "")[:MOST_WORDS]


def _fits(row: Row, asked: Asked, known: _Known) -> bool:
    group, tag, person = asked.value("group"), asked.value("tag"), asked.value("person")
    return (
        asked.value("kind") in {"", row.kind}
        and asked.value("year") in {"", str(row.year)}
        and group in {"", row.group}
        and (not tag or tag in known.tags.get(row.event_id, ()))
        and (not person or person in {str(key) for key in (*known.people.get(row.event_id, ()), row.lead_id)})
    )


_ORDERS: dict[str, Callable[[Row], Any]] = {
    "when": lambda row: (row.starts_at, row.event_id),
    "what": lambda row: (_what(row).casefold(), row.starts_at),
    "state": lambda row: (_stand(row).word, row.starts_at),
}


def _what(row: Row) -> str:
    return says(row.kind, school=row.school, group=row.group, lead=row.lead, teacher=row.teacher, online=row.online)


def _stand(row: Row) -> Stand:
    return stand(
        Record(kind=row.kind, state=row.state, lead=row.lead, teacher=row.teacher, school=row.school, asked=row.asked)
    )


def _line(row: Row, known: _Known) -> RecordLine:
    note = f"/hubs/{row.hub}/events/{row.event_id}/note"
    return RecordLine(
        event_id=row.event_id,
        href=note if row.whole else f"{note}/summary",
        kind=KINDS[row.kind],
        day=spoken_date(row.day),
        what=_what(row),
        stands=_stand(row),
        tags=tuple(sorted(known.tags.get(row.event_id, ()), key=str.casefold)),
    )


def _with_found(
    line: RecordLine, row: Row, found: Sequence[Hit], known: _Known, counts: Mapping[uuid.UUID, int]
) -> RecordLine:
    here = [one for one in found if one.event_id == line.event_id]
    form = known.forms[row.form_id]
    shown = tuple(Found(_label(form, one.path), pieces(_cut(_plain(form, one), one))) for one in here)
    return replace(line, found=shown, more=max(0, counts.get(line.event_id, 0) - len(here)))


def _label(form: NoteForm, path: str) -> str:
    spot = place(form, path)
    return "" if spot is None else spot.field.label.rstrip(". ")


def _cut(text: str, hit: Hit) -> str:
    return ("" if hit.begins else "... ") + text + ("" if hit.ends else " ...")


def _plain(form: NoteForm, hit: Hit) -> str:
    """Several choices or tags are kept as a list; its brackets are nobody's words."""
    spot = place(form, hit.path)
    listed = spot is not None and spot.field.kind == "choices"
    return hit.marked.translate({ord(one): None for one in '[]"'}) if listed else hit.marked


def _filters(asked: Asked, known: _Known) -> tuple[Filter, ...]:
    if not known.rows:
        return ()
    people = {str(key): name for found in known.people.values() for key, name in found.items()}
    people |= {str(one.lead_id): one.lead for one in known.rows}
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in known.rows)]
    named = sorted(people.items(), key=lambda one: one[1].casefold())
    choices = (
        _choice(asked, "kind", "Kind", [(kind, KINDS[kind]) for kind in kinds]),
        _choice(asked, "group", "Work Group", [(one, one) for one in sorted({r.group for r in known.rows if r.group})]),
        _choice(asked, "year", "Year", [(str(one), spoken_year(one)) for one in _years(known.rows)]),
        _choice(asked, "person", "Who took part", named),
        _choice(asked, "tag", "Tag", [(one, one) for one in sorted(set().union(*known.tags.values()))]),
    )
    return (Filter("q", "Words in the record", asked.value("q")), *(one for one in choices if one.choices))


def _choice(asked: Asked, name: str, label: str, choices: Sequence[tuple[str, str]]) -> Filter:
    return Filter(name, label, asked.value(name), tuple(Choice(*one) for one in choices))


def _years(rows: Sequence[Row]) -> list[int]:
    return sorted({one.year for one in rows}, reverse=True)
