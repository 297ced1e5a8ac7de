"""Schools that the national register says are gone: the list, and one with all that points to it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages import register
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Field, Filter, Form, Listing, listing, refilled
from app.store.stages import register_changes
from app.store.stages.register_changes import Change, Point

STATES = {"open": "To settle", "moved": "Moved", "kept": "Kept as it is"}
KINDS = {"closed": "Closed", "replaced": "Replaced"}
COLUMNS = (
    Column("name", "School"),
    Column("kind", "What the register says"),
    Column("successor", "Successor"),
    Column("", "What points to it"),
    Column("state", "State"),
    Column("found", "Found"),
)
CSV_HEADER = (
    "URN",
    "School",
    "Register says",
    "Successor URN",
    "Successor",
    "Points to it",
    "State",
    "Found",
    "Because",
)
SHOWN = 12  # of one kind, before the rest is only counted
KIND_OF_DATE = {"meeting": "Meeting", "visit": "Visit", "observation": "Lesson observation"}


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One school that is gone, in the list."""

    urn: int
    name: str
    href: str
    kind: str
    successor: str
    successor_urn: str
    points: str
    state: str
    found: str
    because: str


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Which schools are gone, and what waits for somebody to settle it."""

    template: ClassVar[str] = "stages/register.html"
    listing: Listing
    lines: tuple[RegisterLine, ...]


@dataclass(frozen=True, slots=True)
class PointLink:
    """One thing that points to the school; `href` is empty for what has no page of its own."""

    says: str
    href: str


@dataclass(frozen=True, slots=True)
class PointsOf:
    """All of one kind: how many, what moving does with them, the first ones, and how many more there are."""

    heading: str
    does: str
    links: tuple[PointLink, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One school that is gone. The forms are empty once it is settled; `settled` says then what became of it."""

    template: ClassVar[str] = "stages/register_change.html"
    title: str
    back: str
    says: str
    school: PointLink
    found: str
    points: tuple[PointsOf, ...]
    nothing: bool
    settled: tuple[str, ...]
    to: str
    meets: tuple[str, ...]
    choose: Form | None
    move: Form | None
    keep: Form | None


async def lines_of(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[RegisterLine]:
    """Every task as asked: two statements."""
    known = await register_changes.every(db, member)
    words, state, kind = asked.value("q").lower(), asked.value("state"), asked.value("kind")
    kept = [
        one
        for one in known
        if words in f"{one.name} {one.row.urn} {one.successor} {one.row.successor_urn or ''}".lower()
        and state in ("", one.row.state)
        and kind in ("", one.row.kind)
    ]
    points = await register_changes.counts(
        db, member.hub_id, [one.row.urn for one in kept if one.row.state == "open"], now
    )
    column, down = asked.order(("open", "name", "kind", "successor", "state", "found"))
    keys = {
        "open": lambda one: (one.row.state != "open", -one.row.found_at.timestamp()),
        "name": lambda one: one.name.lower(),
        "kind": lambda one: one.row.kind,
        "successor": lambda one: one.successor.lower(),
        "state": lambda one: list(STATES).index(one.row.state),
        "found": lambda one: one.row.found_at,
    }
    kept.sort(key=keys[column], reverse=down)
    return [_line(member, one, points.get(one.row.urn, {})) for one in kept]


def _line(member: Member, one: Change, points: Mapping[str, int]) -> RegisterLine:
    row = one.row
    return RegisterLine(
        urn=row.urn,
        name=one.name,
        href=f"/hubs/{member.hub_code}/register/{row.id}",
        kind=KINDS[row.kind],
        successor=one.successor,
        successor_urn=str(row.successor_urn or ""),
        points=(register.listed(points) or "nothing any more") if row.state == "open" else "",
        state=STATES[row.state],
        found=spoken_date(in_london(row.found_at).date()),
        because=row.because,
    )


async def register_page(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> RegisterPage:
    """The list: two statements."""
    lines = await lines_of(db, member, asked, now)
    empty = Empty(
        "Schools will be here that the national register says have closed or were replaced, as long as something of "
        "your hub points to them. An import of schools or of school links finds them.",
        "Import files",
        f"/hubs/{member.hub_code}/imports",
    )
    filters = (
        Filter("q", "Name or URN", asked.value("q")),
        Filter("state", "State", asked.value("state"), tuple(Choice(key, says) for key, says in STATES.items())),
        Filter("kind", "Register says", asked.value("kind"), tuple(Choice(key, says) for key, says in KINDS.items())),
    )
    shown = listing(
        asked, "Schools that are gone, by the register", COLUMNS, total=len(lines), empty=empty, filters=filters
    )
    first = (asked.page - 1) * PAGE_SIZE
    return RegisterPage(shown, tuple(lines[first : first + PAGE_SIZE]))


def csv_rows(lines: Iterable[RegisterLine]) -> list[tuple[object, ...]]:
    """The list as rows under CSV_HEADER."""
    return [
        (one.urn, one.name, one.kind, one.successor_urn, one.successor, one.points, one.state, one.found, one.because)
        for one in lines
    ]


async def change_page(
    db: AsyncSession, member: Member, change_id: uuid.UUID, to: str, now: datetime, faults: Sequence[Fault] = ()
) -> ChangePage:
    """One task with all that points to the school, and what moving to the school with the URN `to` would meet.

    Raises NotFoundError.
    """
    one = await register_changes.one(db, member, change_id)
    if one is None:
        raise NotFoundError
    row, home = one.row, f"/hubs/{member.hub_code}"
    here = f"{home}/register/{change_id}"
    is_open = row.state == "open"
    points = await register_changes.pointing(db, member.hub_id, row.urn, now) if is_open else []
    page = ChangePage(
        title=f"What follows for {one.name}?" if is_open else f"What became of {one.name}",
        back=f"{home}/register",
        says=register.happened(row.kind, f"{one.name} ({row.urn})", one.successor),
        school=PointLink(f"{one.name}, URN {row.urn}", f"{home}/schools/{row.urn}"),
        found=spoken_date(in_london(row.found_at).date()),
        points=_points(home, row.urn, points),
        nothing=is_open and not points,
        settled=() if is_open else _settled(one),
        to="",
        meets=(),
        choose=None,
        move=None,
        keep=None,
    )
    return page if not is_open else await _with_forms(db, member, one, page, (here, to, now), faults)


async def _with_forms(
    db: AsyncSession,
    member: Member,
    one: Change,
    page: ChangePage,
    asked: tuple[str, str, datetime],
    faults: Sequence[Fault],
) -> ChangePage:
    """`asked`: the page's address, the URN that was chosen, and when."""
    here, to, now = asked
    heirs = await register_changes.heirs(db, one.row.urn)
    wanted = to or str(one.row.successor_urn or (heirs[0].urn if heirs else ""))
    urn = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 9 else 0
    found = await register_changes.school(db, urn) if urn else None
    meets: tuple[str, ...] = ()
    move, said = None, [fault for fault in faults if fault.path == "to"]
    if found and found[1].lower() != "closed" and urn != one.row.urn:
        met = await register_changes.meeting(db, member.hub_id, one.row.urn, urn, now)
        name = found[0].name
        meets = tuple(register.meets(what, names, name) for what, names in met.items())
        kept = (("to", str(urn)), ("version", str(one.row.version)))
        move = Form(action=f"{here}/move", submit=f"Move everything ahead to {name}", fields=(), kept=kept)
    elif wanted and not said:
        said = [Fault("to", _why_not(wanted, found[0].name if found else "", own=urn == one.row.urn))]
    proposed = ", ".join(f"{heir.name} in {heir.town} ({heir.urn})" for heir in heirs)
    hint = f"The links file names {proposed}." if heirs else "The links file names none. Look it up in the register."
    field = Field(
        name="to",
        label="URN of the school that takes its place",
        value=wanted,
        hint=hint,
        width="10",
        fault=said[0].because if said else "",
    )
    because = Field(name="because", label="Why does nothing move?", kind="textarea")
    keep = Form(
        action=f"{here}/keep",
        submit="Keep everything as it is",
        fields=(because,),
        kept=(("version", str(one.row.version)),),
    )
    return replace(
        page,
        to=found[0].name if found and move else "",
        meets=meets,
        choose=Form(action=here, submit="Look at this school", fields=(field,), faults=tuple(said)),
        move=move,
        keep=keep,
    )


def kept_again(page: ChangePage, typed: Typed, faults: Sequence[Fault]) -> ChangePage:
    """The page with what was typed about keeping, and what to change."""
    return replace(page, keep=refilled(page.keep, typed, faults)) if page.keep else page


def _why_not(wanted: str, name: str, *, own: bool) -> str:
    if own:
        return "Choose another school than the one that is gone."
    if name:
        return f"{name} has closed as well. Choose a school that is open."
    return f"No school has the URN {wanted}. Look it up in the register."


def _points(home: str, urn: int, points: Sequence[Point]) -> tuple[PointsOf, ...]:
    kinds = []
    for thing in register.THINGS:
        own = [one for one in points if one.what == thing.key]
        if own:
            more = f"and {len(own) - SHOWN:,} more" if len(own) > SHOWN else ""
            links = tuple(_link(home, urn, one) for one in own[:SHOWN])
            kinds.append(PointsOf(register.counted(thing.key, len(own)), thing.does, links, more))
    return tuple(kinds)


def _link(home: str, urn: int, one: Point) -> PointLink:
    words = {
        "enrolments": one.name,
        "approaches": f"{one.name.capitalize()} in {spoken_year(one.year or 0)}",
        "dates": f"{KIND_OF_DATE.get(one.name, one.name)} on {spoken_date(one.day) if one.day else ''}",
        "series": f"{one.name}, {spoken_year(one.year or 0)}",
        "plans": spoken_year(one.year or 0),
        "years": spoken_year(one.year or 0),
        "barriers": f"{one.name[:120].rstrip('.')}, due {spoken_date(one.day) if one.day else ''}",
        "days": f"{one.name} on {spoken_date(one.day) if one.day else ''}",
        "groups": f"{one.name}, {spoken_year(one.year or 0)}",
        "adjustments": f"Of {spoken_date(one.day) if one.day else ''}",
    }
    places = {
        "enrolments": f"{home}/enrolments/{one.id}",
        "approaches": f"{home}/approaches/{one.id}",
        "dates": f"{home}/events/{one.id}",
        "groups": f"{home}/groups/{one.id}",
        "participants": f"{home}/people/{one.id}",
        "series": f"{home}/groups/{one.id}",
        "people": f"{home}/people/{one.id}",
        "heads": f"{home}/people/{one.id}",
        "barriers": f"{home}/barriers/{one.id}",
        "plans": f"{home}/schools/{urn}/plan/{one.year}",
        "years": f"{home}/schools/{urn}?year={one.year}",
        "days": f"{home}/schools/{urn}",
        "claims": f"{home}/statements/{one.id}",
        "adjustments": f"{home}/adjustments/{one.id}",
    }
    return PointLink(words.get(one.what, one.name), places.get(one.what, ""))


def _settled(one: Change) -> tuple[str, ...]:
    row = one.row
    when = spoken_date(in_london(row.settled_at).date()) if row.settled_at else ""
    by = f" by {one.by}" if one.by else ""
    if row.state == "kept":
        return (f"Kept as it is on {when}{by}: {row.because}",)
    moved = register.listed({key: count for key, count in row.moved.items() if key in register.BY_KEY})
    said = [f"Moved to {one.successor} ({row.successor_urn}) on {when}{by}: {moved or 'nothing was left to move'}."]
    if row.moved.get("doubles"):
        many = row.moved["doubles"]
        said.append(f"{many} {'enrolment' if many == 1 else 'enrolments'} ended, because the successor has its own.")
    return (*said, register.TAKE_BACK)
