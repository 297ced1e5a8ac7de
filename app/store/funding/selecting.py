"""The lines of a selection: what they come to, one page of them, and all of them in parts, in one order."""

import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Select, String, and_, func, or_, select, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.funding.line import Kind
from app.domain.funding.rates import USUAL
from app.domain.funding.selection import NO_RATE, Kept, Sum, Wanted
from app.domain.funding.statements import State
from app.kit.cursors import cursor, read_cursor
from app.kit.periods import academic_year
from app.models.funding import LedgerLine, RateCard, Statement
from app.models.schools import School
from app.store.funding import half_terms as calendars
from app.store.funding import programmes, rows
from app.store.funding.half_terms import HalfTerms

MOST_WORDS = 8
AT_ONCE = 2_000  # lines held in memory while all are read
SORTS: dict[str, tuple[Any, type]] = {
    "day": (col(LedgerLine.day), date),
    "school": (func.lower(col(School.name)), str),
    "rate": (col(LedgerLine.rate), str),
    "pence": (col(LedgerLine.pence), int),
}
AnyKey = TypeVar("AnyKey")
RateNames = dict[tuple[int, int, str], str]
_COLUMNS = (
    col(LedgerLine.id),
    col(School.name),
    col(Statement.year),
    col(Statement.reference),
    col(Statement.state),
    *rows.COLUMNS,
    col(Statement.id),
)
_STATES = {one.value: one for one in State}


@dataclass(frozen=True, slots=True)
class Selecting:
    """A selection with what its conditions need to know: the hub, and its schools' half terms where they are asked.

    `named`: which rates and programmes have each asked word in their name.
    """

    hub_id: uuid.UUID
    wanted: Wanted
    half_terms: HalfTerms | None = None
    named: Mapping[str, "Named"] = field(default_factory=dict)

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a line, its statement and its school must be."""
        asked = self.wanted
        alike: dict[Any, Any] = {
            col(LedgerLine.urn): asked.urn,
            col(LedgerLine.group_code): asked.group,
            col(LedgerLine.programme): asked.programme,
            col(LedgerLine.kind): asked.kind,
            col(LedgerLine.statement_id): asked.statement_id,
            col(Statement.state): asked.state,
        }
        found = [col(LedgerLine.hub_id) == self.hub_id]
        found += [column == value for column, value in alike.items() if value not in {None, ""}]
        if asked.rate:
            found.append(or_(col(LedgerLine.rate) == asked.rate, _of_kind(asked.rate)))
        if asked.span:
            found.append(col(LedgerLine.day).between(*asked.span))
        if asked.half_terms and asked.span and self.half_terms:
            found.append(self.half_terms.holds(academic_year(asked.span.first), asked.half_terms))
        return found + [_says(word, self.named.get(word)) for word in _asked_words(asked)]

    def query(self, *columns: Any) -> Select[Any]:
        """These columns of the selection's lines."""
        return (
            select(*columns)
            .select_from(LedgerLine)
            .join(Statement, col(Statement.id) == col(LedgerLine.statement_id))
            .join(School, col(School.urn) == col(LedgerLine.urn))
            .where(*self.conditions())
        )


def _of_kind(word: str) -> ColumnElement[bool]:
    """What no rate pays is told by its kind in the place of a rate."""
    return and_(col(LedgerLine.rate) == "", col(LedgerLine.kind) == word)


def _asked_words(asked: Wanted) -> list[str]:
    return asked.words.split()[:MOST_WORDS]


class Named(NamedTuple):
    """What is called by a word: rates by (year, version of the card, key), programmes by (year, code), and kinds.

    `shipped`: rates that no card of the hub names.
    """

    rates: list[tuple[int, int, str]]
    shipped: list[str]
    programmes: list[tuple[int, str]]
    kinds: list[str]


def _says(word: str, named: Named | None) -> ColumnElement[bool]:
    texts = (
        col(School.name),
        as_type(col(LedgerLine.urn), String),
        col(LedgerLine.because),
        col(Statement.reference),
        col(LedgerLine.group_code),
    )
    return or_(*(text.icontains(word, autoescape=True) for text in texts), *(_called(named) if named else ()))


def _called(named: Named) -> Iterator[ColumnElement[bool]]:
    if named.rates:
        yield tuple_(col(Statement.year), col(LedgerLine.card_version), col(LedgerLine.rate)).in_(named.rates)
    if named.shipped:
        yield col(LedgerLine.rate).in_(named.shipped)
    if named.programmes:
        yield tuple_(col(Statement.year), col(LedgerLine.programme)).in_(named.programmes)
    if named.kinds:
        yield (col(LedgerLine.rate) == "") & col(LedgerLine.kind).in_(named.kinds)


async def selecting(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted) -> Selecting:
    """The selection made ready: one statement where half terms are asked, two where words are, else none."""
    known = await calendars.half_terms(db, hub_id) if wanted.half_terms else None
    return Selecting(hub_id, wanted, known, await _named(db, hub_id, _asked_words(wanted)))


async def _named(db: AsyncSession, hub_id: uuid.UUID, words: Sequence[str]) -> dict[str, Named]:
    if not words:
        return {}
    rates, called = await rate_names(db, hub_id), await programmes.names(db, hub_id)
    own = {key for _, _, key in rates}
    shipped = {key: name for key, name in _SHIPPED.items() if key not in own}
    return {
        word: Named(
            _saying(rates, word),
            _saying(shipped, word),
            called.saying(word),
            [one.value for one in _saying(NO_RATE, word)],
        )
        for word in words
    }


def _saying(names: Mapping[AnyKey, str], word: str) -> list[AnyKey]:
    return [key for key, name in names.items() if word.casefold() in name.casefold()]


async def rate_names(db: AsyncSession, hub_id: uuid.UUID) -> RateNames:
    """What each rate is called, by (grant year, version of the card, key): one statement."""
    found = await db.execute(
        select(col(RateCard.year), col(RateCard.version), col(RateCard.rates))
        .where(col(RateCard.hub_id) == hub_id, col(RateCard.published_at).is_not(None))
        .order_by(col(RateCard.year), col(RateCard.version))
    )
    return {(year, version, one["key"]): one["name"] for year, version, rates in found.all() for one in rates}


_SHIPPED = {one.key: one.name for one in USUAL}


def rate_name(names: RateNames, at: tuple[int, int], rate: str, kind: Kind) -> str:
    """What a line's rate was called in its (year, version of the card); what no rate pays is called by its kind."""
    if not rate:
        return NO_RATE.get(kind, "")
    return names.get((*at, rate)) or _SHIPPED.get(rate, rate)


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a selection's lines with their statements' ids; cursors of the pages around it, empty at an end."""

    lines: list[Kept]
    statements: list[uuid.UUID]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page: how it is sorted, and after or before which line (both empty: the first)."""

    sort: str = "day"
    down: bool = False
    after: str = ""
    before: str = ""
    size: int = 50


async def page(db: AsyncSession, chosen: Selecting, turn: Turn, names: RateNames) -> Part:
    """The lines after or before a cursor: one statement whatever the number of lines. Raises BadInputError."""
    column, kind = SORTS[turn.sort]
    back = bool(turn.before)
    query = chosen.query(*_COLUMNS, column)
    mark = turn.before or turn.after
    if mark:
        here, there = tuple_(column, col(LedgerLine.id)), tuple_(*read_cursor(mark, (kind, uuid.UUID)))
        query = query.where(here < there if turn.down is not back else here > there)
    order = (column, col(LedgerLine.id))
    query = query.order_by(*(one.desc() if turn.down is not back else one.asc() for one in order))
    found = list((await db.execute(query.limit(turn.size + 1))).all())
    more, found = len(found) > turn.size, found[: turn.size]
    found = found[::-1] if back else found
    ends = [cursor((row[-1], row[0])) for row in (found[0], found[-1])] if found else ["", ""]
    return Part(
        lines=[_kept(row, names) for row in found],
        statements=[row[-2] for row in found],
        before=ends[0] if (more if back else mark) else "",
        after=ends[1] if (back or more) else "",
    )


async def parts(db: AsyncSession, chosen: Selecting, names: RateNames) -> AsyncIterator[list[Kept]]:
    """Every line by school's URN, day, key and id, some at a time, through one cursor of the database."""
    order = (col(LedgerLine.urn), col(LedgerLine.day), col(LedgerLine.key), col(LedgerLine.id))
    query = chosen.query(*_COLUMNS).order_by(*order).execution_options(yield_per=AT_ONCE)
    found = await db.stream(query)
    async for some in found.partitions():
        yield [_kept(row, names) for row in some]


def _kept(row: Any, names: RateNames) -> Kept:
    key, school, year, reference, state, *values, _ = row[: len(_COLUMNS)]
    line = rows.line_of(values)
    rate = rate_name(names, (year, line.card_version), line.rate, line.kind)
    return Kept(str(key), line, school, rate, reference, _STATES[state])


async def sums(db: AsyncSession, chosen: Selecting, *columns: Any) -> list[tuple[tuple[Any, ...], Sum]]:
    """How many lines and pence there are for each value of these columns, in order of the values: one statement."""
    query = chosen.query(*columns, func.count(), func.coalesce(func.sum(col(LedgerLine.pence)), 0))
    found = await db.execute(query.group_by(*columns).order_by(*columns))
    return [(tuple(row[:-2]), Sum(row[-2], int(row[-1]))) for row in found.all()]


BY_STATE = (col(Statement.state),)
BY_DAY = (col(LedgerLine.urn), col(LedgerLine.day))
BY_SCHOOL = (func.lower(col(School.name)), col(School.name), col(LedgerLine.urn))
BY_RATE = (col(LedgerLine.rate), col(LedgerLine.kind), col(Statement.year), col(LedgerLine.card_version))
BY_PROGRAMME = (col(LedgerLine.programme),)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a list can be narrowed by: what the lines of its years bear."""

    rates: tuple[tuple[str, str], ...]
    programmes: tuple[str, ...]
    groups: tuple[str, ...]
    years: tuple[int, ...]


async def offered(db: AsyncSession, hub_id: uuid.UUID, wanted: Wanted, names: RateNames) -> Offered:
    """Rates, programmes and Work Groups of the days that are asked, and the hub's years: two statements."""
    bare = Selecting(hub_id, Wanted(span=wanted.span))
    columns = (*BY_RATE, col(LedgerLine.programme), col(LedgerLine.group_code))
    found = (await db.execute(bare.query(*columns).distinct())).all()
    years = await db.execute(
        select(col(Statement.year)).where(col(Statement.hub_id) == hub_id).distinct().order_by(col(Statement.year))
    )
    rates = {(row[0] or row[1]): rate_name(names, (row[2], row[3]), row[0], rows.KINDS[row[1]]) for row in found}
    return Offered(
        rates=tuple(sorted(rates.items(), key=lambda one: one[1])),
        programmes=_words(row[4] for row in found),
        groups=_words(row[5] for row in found),
        years=tuple(years.scalars()),
    )


def _words(found: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted({cast("str", one) for one in found if one}))


async def school_names(db: AsyncSession, urns: Iterable[int]) -> dict[int, str]:
    """What these schools are called: one statement."""
    wanted = sorted(set(urns))
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(wanted)))
    return {row[0]: row[1] for row in found.all()}
