"""Groups on their way: who is in which, on a map and in tables, what they cost and what is still to be said of them."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.stages.forming_groups import Groups, Looked, minutes_more
from app.domain.stages.forming_map import Drawn, Placed, groups_map
from app.domain.stages.picture_drawing import Drawing, nothing
from app.kit.periods import spoken, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.stages.forming_known import STATES, groups_of, href_of, known, told, urn_of
from app.store.stages.formings import FormingRow

COLUMNS = (
    Column("group", "Group"),
    Column("name", "School"),
    Column("programme", "Programme"),
    Column("minutes", "Minutes to the middle school", number=True),
    Column("", "Move"),
)
CSV_HEADER = ("Group", "Leader", "Programme", "URN", "School", "Minutes to the middle school", "Middle school")
GROUPS_HEADER = (
    *("Group", "Leader", "Programme", "Schools", "Middle school", "Minutes of everybody", "Longest journey"),
    *("Fewest days in a half term", "Half term"),
)
WAITS = "Waits"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group."""

    number: int
    leader: str
    programme: str
    schools: int
    middle: str
    minutes: int
    worst: int
    days: int
    scarcest: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school and its group (0: it waits)."""

    urn: int
    name: str
    number: int
    leader: str
    programme: str
    minutes: int | None
    middle: str
    is_middle: bool
    href: str


@dataclass(frozen=True, slots=True)
class FormingPage:
    """The page. `stream` tells live how far forming is; `undo` and `use` are empty where there is nothing to do."""

    template: ClassVar[str] = "stages/forming.html"
    address: str
    list_href: str
    heading: str
    status: str
    state: str
    made: str
    used: str
    share: float
    says: str
    stream: str
    because: tuple[str, ...]
    told: tuple[str, ...]
    figures: tuple[Figure, ...]
    proof: str
    by_hand: str
    drawing: Drawing | None
    groups: tuple[GroupLine, ...]
    groups_csv: str
    listing: Listing | None
    lines: tuple[SchoolLine, ...]
    left_out: tuple[str, ...]
    pins: str
    use: str
    made_href: str
    undo: str
    set_aside: str
    version: int


async def load(db: AsyncSession, member: Member, forming_id: uuid.UUID, asked: Asked) -> FormingPage:
    """The page: one statement. Raises NotFoundError."""
    row = await known(db, member, forming_id)
    home = f"/hubs/{member.hub_code}/formings"
    here, groups = f"{home}/{row.id}", groups_of(row)
    looked = groups.look() if groups else []
    every = _lines(here, groups, looked) if groups else []
    chosen = _asked_for(every, asked)
    first = (asked.page - 1) * PAGE_SIZE
    can, is_open = Reach.HUB in member.reaches(Can.PLAN), row.status == "ready"
    return FormingPage(
        address=here,
        list_href=f"{home}?year={row.year}",
        heading=f"Work Groups for {spoken_year(row.year)}",
        status=row.status,
        state=STATES[row.status],
        made=spoken(row.made_at),
        used=spoken(row.used_at) if row.used_at else "",
        share=told(row)["share"],
        says=told(row)["says"],
        stream=f"{here}/progress" if row.status in {"waiting", "solving"} else "",
        because=row.because,
        told=row.told,
        figures=_figures(groups, looked) if groups else (),
        proof=_proof(groups, moved=bool(row.steps)) if groups else "",
        by_hand=_by_hand(row, groups) if groups else "",
        drawing=_drawn(groups, looked) if groups else None,
        groups=tuple(_group(groups, one) for one in looked) if groups else (),
        groups_csv=f"{here}?format=csv&table=groups",
        listing=_listing(asked, every, len(chosen)) if groups else None,
        lines=tuple(chosen[first : first + PAGE_SIZE]),
        left_out=tuple(sorted(groups.names[key] for key in groups.left_out())) if groups else (),
        pins=f"{here}/pins" if can and row.status not in {"waiting", "solving", "used"} else "",
        use=f"{here}/use" if is_open and Reach.HUB in member.reaches(Can.EDIT_GROUPS) else "",
        made_href=f"/hubs/{member.hub_code}/groups?year={row.year}" if row.status == "used" else "",
        undo=f"{here}/undo" if can and is_open and row.steps else "",
        set_aside=f"{here}/set-aside" if can and row.status not in {"used", "set aside"} else "",
        version=row.version,
    )


async def schools_csv(
    db: AsyncSession, member: Member, forming_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Every school that fits what was asked, under CSV_HEADER."""
    row = await known(db, member, forming_id)
    groups = groups_of(row)
    lines = _asked_for(_lines("", groups, groups.look()), asked) if groups else []
    return [
        (one.number or WAITS, one.leader, one.programme, one.urn, one.name, one.minutes, one.middle) for one in lines
    ]


async def groups_csv(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> list[tuple[object, ...]]:
    """Every group, under GROUPS_HEADER."""
    groups = groups_of(await known(db, member, forming_id))
    lines = [_group(groups, one) for one in groups.look()] if groups else []
    return [
        (
            *(one.number, one.leader, one.programme, one.schools, one.middle, one.minutes, one.worst),
            *(one.days, one.scarcest),
        )
        for one in lines
    ]


async def drawing(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> Drawing:
    """The map as a drawing of its own."""
    groups = groups_of(await known(db, member, forming_id))
    drawn = _drawn(groups, groups.look()) if groups else None
    return drawn or nothing("groups", "No school of these groups has a place on the map.")


def _group(groups: Groups, one: Looked) -> GroupLine:
    called = groups.names
    return GroupLine(
        number=one.number,
        leader=called[one.group.leader],
        programme=called[one.group.programme],
        schools=len(one.group.schools),
        middle=called[one.priced.middle],
        minutes=one.minutes,
        worst=one.priced.worst,
        days=one.days,
        scarcest=one.scarcest,
    )


def _lines(here: str, groups: Groups, looked: Sequence[Looked]) -> list[SchoolLine]:
    called = groups.names
    found = [
        SchoolLine(
            urn=urn_of(key),
            name=called[key],
            number=one.number,
            leader=called[one.group.leader],
            programme=called[one.group.programme],
            minutes=minutes,
            middle=called[one.priced.middle],
            is_middle=key == one.priced.middle,
            href=href_of(here, key),
        )
        for one in looked
        for key, minutes in one.priced.minutes.items()
    ]
    for key in groups.now.waiting:
        programme = called[groups.forming.school[key].programme]
        line = SchoolLine(
            urn_of(key), called[key], 0, "", programme, None, "", is_middle=False, href=href_of(here, key)
        )
        found.append(line)
    return found


_ORDERS: dict[str, Callable[[SchoolLine], Any]] = {
    "group": lambda one: (one.number or 10_000, one.name.casefold()),
    "name": lambda one: one.name.casefold(),
    "programme": lambda one: (one.programme, one.number or 10_000, one.name.casefold()),
    "minutes": lambda one: (one.minutes is None, one.minutes or 0, one.name.casefold()),
}


def _asked_for(lines: Sequence[SchoolLine], asked: Asked) -> list[SchoolLine]:
    column, down = asked.order(tuple(_ORDERS))
    return sorted((one for one in lines if _fits(one, asked)), key=_ORDERS[column], reverse=down)


def _fits(line: SchoolLine, asked: Asked) -> bool:
    said = f"{line.name} {line.urn} {line.leader}".casefold()
    return (
        all(word in said for word in asked.value("q").casefold().split())
        and asked.value("group") in {"", str(line.number)}
        and asked.value("programme") in {"", line.programme}
    )


def _listing(asked: Asked, lines: Sequence[SchoolLine], total: int) -> Listing:
    numbers = sorted({line.number for line in lines if line.number})
    choices = [Choice(str(number), f"Group {number}") for number in numbers]
    choices += [Choice("0", WAITS)] if any(not line.number for line in lines) else []
    programmes = tuple(Choice(name, name) for name in sorted({line.programme for line in lines}))
    return listing(
        asked,
        "Schools and their groups",
        COLUMNS,
        total=total,
        empty=Empty("No school is in these groups."),
        filters=(
            Filter("q", "School, URN or leader", asked.value("q")),
            Filter("group", "Group", asked.value("group"), tuple(choices)),
            Filter("programme", "Programme", asked.value("programme"), programmes),
        ),
    )


def _figures(groups: Groups, looked: Sequence[Looked]) -> tuple[Figure, ...]:
    figures = [
        Figure("Groups", f"{len(looked):,}"),
        Figure("Schools in them", f"{sum(len(one.group.schools) for one in looked):,}"),
        Figure("Minutes travelled, if every group meets at its middle school", f"{sum(map(_minutes, looked)):,}"),
        Figure("Longest journey, in minutes", f"{max((one.priced.worst for one in looked), default=0):,}"),
        Figure("Days on which all can meet, where they are fewest", f"{min((one.days for one in looked), default=0)}"),
    ]
    if groups.now.waiting:
        figures.append(Figure("Schools that wait", f"{len(groups.now.waiting):,}"))
    return tuple(figures)


def _minutes(one: Looked) -> int:
    return one.minutes


def _proof(groups: Groups, *, moved: bool) -> str:
    """Whether better groups can exist, in a sentence; of groups as they were proposed."""
    if groups.solved.status != "optimal":
        percent = max(1, round(100 * groups.solved.gap))
        return f"Forming was stopped after a minute: other groups could exist that cost up to {percent}% less."
    if moved:
        return "As they were proposed they are proved: under the rules and your wishes no others have less travelling."
    return "Proved: under the rules and your wishes no other groups have less travelling, far journeys counted more."


def _by_hand(row: FormingRow, groups: Groups) -> str:
    if not row.steps:
        return ""
    moves = "1 move" if len(row.steps) == 1 else f"{len(row.steps)} moves"
    change = minutes_more(groups.now.cost - groups.solved.cost)
    return (
        f"After {moves} by hand these groups cost {change} than as proposed."
        if change != "the same"
        else (f"After {moves} by hand these groups cost the same as proposed.")
    )


def _drawn(groups: Groups, looked: Sequence[Looked]) -> Drawing | None:
    schools, people = groups.forming.school, groups.forming.person
    return groups_map(
        [
            Drawn(
                number=one.number,
                name=groups.names[one.group.id],
                kind=one.group.programme,
                schools=tuple(
                    Placed(groups.names[key], at) for key in one.group.schools if (at := schools[key].at) is not None
                ),
                middle=schools[one.priced.middle].at,
                base=people[one.group.leader].at,
            )
            for one in looked
        ],
        [Placed(groups.names[key], at) for key in groups.now.waiting if (at := schools[key].at) is not None],
    )
