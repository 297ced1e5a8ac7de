"""Two moments of a record side by side: what came and what went, word by word."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.history import Piece, changes, heads_at, pieces
from app.domain.notes.paths import place
from app.domain.notes.readable import Stands, moment_of, spoken_value, where
from app.domain.notes.shared import shared
from app.kit.errors import NotFoundError
from app.kit.periods import spoken
from app.pages._parts import Asked, Choice
from app.pages.notes.frame import Head, Opened, head, open_record
from app.pages.notes.history import moments
from app.store.notes import history, versions
from app.store.notes.history import Done

BETWEEN = "\n\n"  # between texts that stand apart


@dataclass(frozen=True, slots=True)
class Difference:
    """A place and what changed there."""

    where: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What changed between two moments; own notes and tags are left out."""

    template: ClassVar[str] = "notes/history_compare.html"
    head: Head
    before: str
    after: str
    earlier: str
    later: str
    differences: tuple[Difference, ...]
    moments: tuple[Choice, ...]
    same: int


@dataclass(frozen=True, slots=True)
class _Moment:
    name: str
    told: str
    places: Mapping[str, tuple[Any, ...]]


async def load(db: AsyncSession, member: Member, event_id: uuid.UUID, asked: Asked, now: datetime) -> ComparePage:
    """The comparison that the address asks for: at most eight statements. Raises NotFoundError."""
    opened = await open_record(db, member, event_id, now)
    done = await history.operations(db, event_id, member.person_id)
    last = opened.standing
    before = await _moment(db, opened, done, asked.value("from") or (f"v{last.number}" if last else "0"))
    after = await _moment(db, opened, done, asked.value("to") or "now")
    names = {one.person_id: one.name for one in done} | opened.about.names
    told = [
        Difference(
            where(opened.about.form, one.path, names),
            pieces(_text(opened, one.path, one.before, names), _text(opened, one.path, one.after, names)),
        )
        for one in sorted(changes(dict(before.places), dict(after.places)), key=lambda one: order(opened, one.path))
    ]
    offered = moments(opened)
    known = {one.value for one in offered}
    extra = [Choice(one.name, one.told) for one in (before, after) if one.name not in known]
    return ComparePage(
        head=head(opened.about, member),
        before=before.told,
        after=after.told,
        earlier=before.name,
        later=after.name,
        differences=tuple(told),
        moments=(*offered, *dict.fromkeys(extra)),
        same=sum(before.places[path] == after.places.get(path) for path in before.places),
    )


def order(opened: Opened, path: str) -> tuple[int, str]:
    """Where a place comes in the form."""
    keys = [one.key for one in opened.about.form.fields()]
    found = place(opened.about.form, path)
    return (keys.index(found.field.key) if found else len(keys), path)


async def _moment(db: AsyncSession, opened: Opened, done: Iterable[Done], name: str) -> _Moment:
    """`now`, a version as `v2`, or the record as it was at a revision."""
    if name == "now":
        return _Moment(name, "the record as it is now", _places(opened, heads_at(done, opened.about.rev)))
    number = name.removeprefix("v")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFoundError
    if name.startswith("v"):
        kept = await versions.content(db, opened.about.id, int(number))
        if kept is None:
            raise NotFoundError
        return _Moment(name, f"version {int(number)}", _places(opened, kept))
    then = heads_at(done, int(number))
    at = max((one.at for one in done if one.rev <= int(number)), default=None)
    told = f"the record on {spoken(at)} (change {int(number)})" if at else "the empty record"
    return _Moment(name, told, _places(opened, then))


def _places(opened: Opened, standing: Iterable[Stands]) -> dict[str, tuple[Any, ...]]:
    """The shared places with their texts, the earliest first."""
    found = list(standing)
    kept = {one.path for one in shared(opened.about.form, found).places}
    places: dict[str, tuple[Any, ...]] = {}
    for one in sorted(found, key=lambda stand: stand.op_id):
        if one.path in kept and one.value not in places.get(one.path, ()):
            places[one.path] = (*places.get(one.path, ()), one.value)
    return places


def _text(opened: Opened, path: str, values: tuple[Any, ...], names: Mapping[uuid.UUID, str]) -> str:
    found = place(opened.about.form, path)
    part = found.part if found else None
    kind = part.kind if part else found.field.kind if found else "text"
    options = part.options if part else found.field.options if found else ()
    texts = [spoken_value(kind, options, value, names) for value in values]
    return BETWEEN.join(spoken(at) if part and part.key == "at" and (at := moment_of(one)) else one for one in texts)
