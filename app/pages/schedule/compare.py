"""Plans that were made together, side by side: what each costs whom, the hub's own favourite first."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.schedule.comparing import Compared, Gaps, side_by_side
from app.domain.schedule.plan import read_plan
from app.domain.schedule.problem import read_problem
from app.domain.schedule.tastes import TASTES
from app.kit.periods import spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Filter, Listing, listing
from app.pages.schedule.known import events_of, known, state_of
from app.pages.schedule.live import OPEN, Live, live
from app.pages.schedule.one import WorstPoint, proved_in_words, worst_of
from app.store.schedule import proposals
from app.store.schedule.proposals import ProposalRow

NAMES = {taste.key: taste.name for taste in TASTES}
SAYS = {taste.key: taste.says for taste in TASTES}
MISSES, HOSTS, APART = "Cannot come", "Hosts", "Days apart"
KINDS = {"misses": MISSES, "hosts": HOSTS, "apart": APART}
COMPARE_HEADER = ("What", "Name", "First plan", "Second plan", "Third plan")
BAR = 100
MOST_WORST = 5


@dataclass(frozen=True, slots=True)
class Card:
    """One of the plans: what it favours, what became of it, and what is worst about it."""

    id: uuid.UUID
    address: str
    name: str
    says: str
    state: str
    first: bool
    same_as: str
    proved: str
    because: tuple[str, ...]
    live: Live | None
    can_choose: bool
    worst: tuple[WorstPoint, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its bar, `long` of 100; `best` where no plan has less."""

    name: str
    number: str
    long: int
    best: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """What the plans are measured by: fewer is better in each."""

    name: str
    hint: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class NameLine:
    """A person, a school or a group in each of the plans."""

    what: str
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Plans of a year side by side; `columns` names those that are compared, `unseen`: no calendar shows them yet."""

    template: ClassVar[str] = "schedule/compare.html"
    address: str
    here: str
    heading: str
    made: str
    unseen: bool
    solving: bool
    stop: str
    cards: tuple[Card, ...]
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    listing: Listing | None
    lines: tuple[NameLine, ...]


async def where_it_is_seen(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> str:
    """The address where a plan on its way is watched: beside those of its set, or alone. Raises NotFoundError."""
    row = await known(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    return f"{address}/compare" if row.set_id else address


async def compare_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked) -> ComparePage:
    """The plan's set side by side: two statements. Raises NotFoundError."""
    rows = await _rows(db, member, proposal_id)
    found = _compared(rows)
    lines = _narrowed(_lines(rows, found), asked)
    first = (asked.page - 1) * PAGE_SIZE
    ready = bool(found)
    cards = tuple(_card(row, found, member) for row in _in_order(rows, found))
    on_its_way = [card.live for card in cards if card.live]
    address = f"/hubs/{member.hub_code}/proposals"
    return ComparePage(
        address=address,
        here=f"{address}/{proposal_id}/compare",
        heading=f"{'Plans' if len(rows) > 1 else 'Plan'} for {spoken_year(rows[0].year)}, side by side",
        made=spoken(rows[0].made_at),
        unseen=all(row.status in OPEN or (row.status == "ready" and not row.sent_at) for row in rows),
        solving=bool(on_its_way),
        stop=next((each.stop for each in on_its_way if each.stop), ""),
        cards=cards,
        columns=tuple(_name(each.favours) for each in found),
        measures=tuple(_measures(found)) if ready else (),
        listing=_listing(asked, found, len(lines)) if ready else None,
        lines=tuple(lines[first : first + PAGE_SIZE]),
    )


async def compare_csv(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Which plan is which, every measure, and every name as the list is narrowed."""
    rows = await _rows(db, member, proposal_id)
    found = _compared(rows)
    table: list[tuple[object, ...]] = [("Plan", "", *(_name(each.favours) for each in found))]
    table += [("Measure", one.name, *(bar.number for bar in one.bars)) for one in _measures(found)]
    table += [(line.what, line.name, *line.cells) for line in _narrowed(_lines(rows, found), asked)]
    return [(*row, *[""] * (len(COMPARE_HEADER) - len(row))) for row in table]


async def _rows(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> list[ProposalRow]:
    row = await known(db, member, proposal_id)
    if row.set_id is None:
        return [row]
    order = list(NAMES)
    made = await proposals.whole_set(db, member.hub_id, row.set_id)
    return sorted(made, key=lambda one: order.index(one.favours) if one.favours in order else len(order))


def _compared(rows: Sequence[ProposalRow]) -> tuple[Compared, ...]:
    plans = [(row.favours, read_plan(row.plan)) for row in rows if row.judgement and row.status != "failed"]
    return side_by_side(read_problem(rows[0].problem), plans) if plans else ()


def _in_order(rows: Sequence[ProposalRow], found: Sequence[Compared]) -> list[ProposalRow]:
    order = [each.favours for each in found]
    return sorted(rows, key=lambda row: order.index(row.favours) if row.favours in order else len(order))


def _name(favours: str) -> str:
    return NAMES.get(favours, "The hub's own weights")


def _card(row: ProposalRow, found: Sequence[Compared], member: Member) -> Card:
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    own = next((each for each in found if each.favours == row.favours), None)
    events = events_of(row) if own else []
    return Card(
        id=row.id,
        address=address,
        name=_name(row.favours),
        says=SAYS.get(row.favours, ""),
        state=state_of(row.status, row.sent_at) if row.status not in OPEN else "",
        first=own is not None and own is found[0] and len(found) > 1,
        same_as=_name(own.same_as) if own and own.same_as is not None else "",
        proved=proved_in_words(row) if own else "",
        because=row.because,
        live=live(row, address),
        can_choose=row.status == "ready" and bool(member.reaches(Can.ACCEPT_PLAN)),
        worst=worst_of(row, events)[:MOST_WORST],
    )


def _measures(found: Sequence[Compared]) -> Iterable[Measure]:
    ways: tuple[tuple[str, str, Callable[[Compared], int]], ...] = (
        ("Times somebody cannot come", "Everybody who is named for a date counts once for it.", _missed),
        ("People who miss something", "", lambda each: len(each.absences)),
        ("Minutes travelled", "To the meetings, one way, and on the tours of visits.", lambda each: each.minutes),
        ("Most times one school hosts", "", lambda each: max((times for _, times in each.hosts), default=0)),
        ("Days off an even spacing", "Over all groups and visits.", lambda each: each.uneven),
        ("Cost", "By the hub's own weights, whatever the plan favours.", lambda each: each.cost),
    )
    for name, hint, of in ways:
        numbers = [of(each) for each in found]
        most, least = max(numbers, default=0), min(numbers, default=0)
        bars = (
            Bar(_name(each.favours), f"{number:,}", round(BAR * number / max(1, most)), number == least != most)
            for each, number in zip(found, numbers, strict=True)
        )
        yield Measure(name, hint, tuple(bars))


def _missed(each: Compared) -> int:
    return sum(times for _, times in each.absences)


def _lines(rows: Sequence[ProposalRow], found: Sequence[Compared]) -> list[NameLine]:
    called = rows[0].names
    misses = [dict(each.absences) for each in found]
    hosts = [dict(each.hosts) for each in found]
    gaps = [{gap.series: _gap(gap) for gap in each.gaps} for each in found]
    return [
        *_kind(MISSES, called, [{key: str(value) for key, value in one.items()} for one in misses]),
        *_kind(HOSTS, called, [{key: str(value) for key, value in one.items()} for one in hosts]),
        *_kind(APART, called, gaps),
    ]


def _kind(what: str, called: dict[str, str], columns: Sequence[dict[str, str]]) -> list[NameLine]:
    keys = {key for column in columns for key in column}
    empty = "" if what == APART else "0"
    lines = [NameLine(what, _upper(called.get(key, key)), tuple(c.get(key, empty) for c in columns)) for key in keys]
    return sorted(lines, key=lambda line: (-sum(int(cell) for cell in line.cells if cell.isdigit()), line.name))


def _upper(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _gap(gap: Gaps) -> str:
    if not gap.days:
        return ""
    return f"{min(gap.days)} to {max(gap.days)}"


def _narrowed(lines: Sequence[NameLine], asked: Asked) -> list[NameLine]:
    words, kind, differs = asked.value("words").lower(), KINDS.get(asked.value("what"), ""), asked.value("differs")
    kept = [
        line
        for line in lines
        if (not kind or line.what == kind)
        and (not words or words in line.name.lower())
        and (differs != "yes" or len(set(line.cells)) > 1)
    ]
    column, down = asked.order(("what", "name"))
    if column == "name":
        return sorted(kept, key=lambda line: line.name, reverse=down)
    order = list(KINDS.values())
    return sorted(kept, key=lambda line: (_place(order, line, down=down), len(set(line.cells)) == 1))


def _place(order: list[str], line: NameLine, *, down: bool) -> int:
    return (-1 if down else 1) * order.index(line.what)


def _listing(asked: Asked, found: Sequence[Compared], total: int) -> Listing:
    columns = [Column("what", "What"), Column("name", "Name"), *(Column("", _name(each.favours)) for each in found)]
    kinds = tuple(Choice(key, words) for key, words in KINDS.items())
    return listing(
        asked,
        "By name: how often somebody cannot come, how often a school hosts, days from one date to the next",
        columns,
        total=total,
        empty=Empty("These plans have no dates."),
        filters=(
            Filter("words", "Person, school or group", asked.value("words")),
            Filter("what", "What", asked.value("what"), kinds),
            Filter("differs", "Which", asked.value("differs"), (Choice("yes", "Only where plans differ"),)),
        ),
    )
