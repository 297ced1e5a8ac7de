"""The ladder of a year: every school's stage, state and Work Group, and how much of its criteria it has met."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.stages.gate import Standing, Verdict
from app.domain.stages.ladder import NAMES, OPEN, Stage, State, stage_of, standing
from app.kit.periods import in_london, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.schools.years import YearLink, asked_year, year_links
from app.pages.stages.verdicts import TONES, title_of
from app.store.meetings.groups import memberships
from app.store.schools import reading
from app.store.stages import gate
from app.store.stages import ladder as rows
from app.store.stages.ladder import Enrolled

COLUMNS = (
    Column("name", "School"),
    Column("stage", "Stage"),
    Column("state", "How far"),
    Column("group", "Work Group"),
    Column("met", "Criteria"),
    Column("by", "What it needs next"),
)
CSV_HEADER = (
    "URN",
    "School",
    "Town",
    "Stage",
    "Programme",
    "How far",
    "Work Group",
    "Version of the criteria",
    "Criteria",
    "Met",
    "Partly",
    "Missing",
    "Expired",
    "What it needs",
)
EVERYTHING = "all"
NOT_MET = (Standing.PARTLY, Standing.MISSING, Standing.EXPIRED)
VERDICTS = {EVERYTHING: "Everything met", **{one.value: f"Something {one.value}" for one in NOT_MET}}
NO_GROUP = "none"
STAGES = tuple(Stage)
STATES = tuple(State)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many criteria stand so, in words."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class LadderLine:
    """A school as a row of the list."""

    urn: int
    school: str
    href: str
    look: str
    programme: str
    state: str
    enrolment_href: str
    groups: str
    tallies: tuple[Tally, ...]
    next: str


@dataclass(frozen=True, slots=True)
class LadderPage:
    """The page: one page of the list, and what all that fits comes to."""

    template: ClassVar[str] = "stages/ladder.html"
    year: str
    years: tuple[YearLink, ...]
    figures: tuple[Figure, ...]
    listing: Listing
    lines: tuple[LadderLine, ...]
    unplaced: int
    enrol_href: str
    criteria_href: str


@dataclass(frozen=True, slots=True)
class Known:
    """A school where it stands in the year. Nothing is judged of one that withdrew, nor worded before it is shown."""

    enrolled: Enrolled
    stage: Stage
    state: State
    groups: tuple[str, ...]
    standings: tuple[Standing, ...]
    first: date  # by when the first thing must be done that is not met
    held: gate.Held

    @property
    def all_met(self) -> bool:
        """Whether nothing is left to show."""
        return bool(self.standings) and self.count(Standing.MET) == len(self.standings)

    @property
    def left(self) -> tuple[Verdict, ...]:
        """What a school on its way has not met, what must be done first before the rest."""
        if self.state not in OPEN:
            return ()
        verdicts = self.held.judged(self.enrolled).verdicts
        return tuple(sorted((one for one in verdicts if one.state is not Standing.MET), key=_due))

    @property
    def due(self) -> date:
        """By when the first thing must be done that a school on its way has not met."""
        return self.first if self.state in OPEN else date.max

    def count(self, state: Standing) -> int:
        """How many criteria stand so."""
        return self.standings.count(state)


def _due(one: Verdict) -> date:
    return one.by or date.max


async def known(db: AsyncSession, member: Member, year: int, now: datetime) -> list[Known]:
    """Every school of the year, where it stands, with its criteria judged as of now: a fixed number of statements."""
    of_school: dict[int, list[Enrolled]] = {}
    for one in await rows.of_year(db, member, year):
        of_school.setdefault(one.urn, []).append(one)
    stand = [best for found in of_school.values() if (best := standing(found, year))]
    taking_part = [one for one in stand if one.state != State.WITHDRAWN]
    held = await gate.held(db, member.hub_id, taking_part, now, proofs=False)
    groups: dict[tuple[int, str], list[str]] = {}
    for place in await memberships(db, member, year):
        groups.setdefault((place.urn, place.kind), []).append(place.code)
    return [
        Known(
            enrolled=one,
            stage=stage_of(one.kind),
            state=State(one.state),
            groups=(one.group,) if one.group else tuple(groups.get((one.urn, one.kind), ())),
            standings=tuple([state for state, _ in found]),
            first=min([by for _, by in found if by], default=date.max),
            held=held,
        )
        for one in stand
        for found in (held.standings(one) if one.id in held.known else (),)
    ]


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> LadderPage:
    """The page, in a fixed number of statements whatever the number of schools."""
    year = asked_year(asked, in_london(now).date())
    every = await known(db, member, year, now)
    chosen = ordered([one for one in every if fits(one, asked)], asked)
    home = f"/hubs/{member.hub_code}"
    first = (asked.page - 1) * PAGE_SIZE
    may_enrol = bool(member.reaches(Can.EDIT_STAGES))
    empty = Empty(
        f"The schools that take part in a programme of {spoken_year(year)} will be here, "
        "with what they have shown and what they still need.",
        *(("Enrol the schools of the Work Groups", f"{home}/enrolments/from-groups?year={year}") if may_enrol else ()),
    )
    return LadderPage(
        year=spoken_year(year),
        years=year_links(asked, await reading.years(db, member.hub_id), year),
        figures=_figures(chosen),
        listing=listing(asked, "Schools", COLUMNS, total=len(chosen), empty=empty, filters=_filters(asked, every)),
        lines=tuple(_line(home, one) for one in chosen[first : first + PAGE_SIZE]),
        unplaced=await rows.not_enrolled(db, member, year),
        enrol_href=f"{home}/enrolments/from-groups?year={year}" if may_enrol else "",
        criteria_href=f"{home}/criteria" if member.reaches(Can.EDIT_CRITERIA) else "",
    )


async def table(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> list[tuple[object, ...]]:
    """Everything that fits what was asked, in its order, under `CSV_HEADER`."""
    year = asked_year(asked, in_london(now).date())
    every = await known(db, member, year, now)
    return [csv_row(one) for one in ordered([one for one in every if fits(one, asked)], asked)]


def csv_row(one: Known) -> tuple[object, ...]:
    """A school under `CSV_HEADER`."""
    judged = bool(one.standings)
    return (
        one.enrolled.urn,
        one.enrolled.school,
        one.enrolled.town,
        one.stage.says,
        one.enrolled.programme,
        one.state.says,
        ", ".join(one.groups),
        one.held.used[one.enrolled.kind][1].version if judged else None,
        len(one.standings) if judged else None,
        *(one.count(state) if judged else None for state in Standing),
        " ".join(f"{title_of(each.key)}: {each.wants}" for each in one.left),
    )


def fits(one: Known, asked: Asked) -> bool:
    """Whether a school fits the filters of the address."""
    words = asked.value("q").casefold().split()
    said = f"{one.enrolled.school} {one.enrolled.town} {one.enrolled.urn}".casefold()
    group, verdict = asked.value("group"), asked.value("verdict")
    return (
        all(word in said for word in words)
        and asked.value("stage") in {"", one.stage.value}
        and asked.value("state") in {"", one.state.value}
        and (not group or group in (one.groups or (NO_GROUP,)))
        and (not verdict or _stands(one, verdict))
    )


def _stands(one: Known, verdict: str) -> bool:
    if verdict == EVERYTHING:
        return one.all_met
    return any(verdict == state.value and one.count(state) > 0 for state in NOT_MET)


_ORDERS: dict[str, Callable[[Known], Any]] = {
    "name": lambda one: one.enrolled.school.casefold(),
    "stage": lambda one: STAGES.index(one.stage),
    "state": lambda one: STATES.index(one.state),
    "group": lambda one: one.groups,
    "met": lambda one: one.count(Standing.MET) / max(1, len(one.standings)),
    "by": lambda one: one.due,
}


def ordered(found: list[Known], asked: Asked) -> list[Known]:
    """In the order that the address asks for; by name among equals."""
    column, down = asked.order(tuple(_ORDERS))
    by_name = sorted(found, key=lambda one: (one.enrolled.school.casefold(), one.enrolled.urn))
    return sorted(by_name, key=_ORDERS[column], reverse=down)


def _line(home: str, one: Known) -> LadderLine:
    row = one.enrolled
    return LadderLine(
        urn=row.urn,
        school=one.enrolled.school,
        href=f"{home}/schools/{row.urn}/journey",
        look=one.stage.value,
        programme=one.enrolled.programme,
        state=one.state.says,
        enrolment_href=f"{home}/enrolments/{row.id}",
        groups=", ".join(one.groups),
        tallies=_tallies(one),
        next=_next(one),
    )


def _tallies(one: Known) -> tuple[Tally, ...]:
    """Met of how many, then what is partly, missing, expired."""
    if not one.standings:
        return ()
    every = len(one.standings)
    met = Tally(f"{one.count(Standing.MET)} of {every} met", "green" if one.all_met else "blue")
    left = ((one.count(state), state) for state in NOT_MET)
    return (met, *(Tally(f"{count} {state.value}", TONES[state]) for count, state in left if count))


def _next(one: Known) -> str:
    """What would meet the first thing that is left, by when, and how many more there are."""
    left = one.left
    if not left:
        return "Nothing is missing: it can be proposed to move." if one.all_met and one.state is State.ACTIVE else ""
    first, more = left[0], len(left) - 1
    by = f" By {spoken_date(first.by)}." if first.by else ""
    return f"{title_of(first.key)}: {first.wants}{by}" + (f" And {more} more." if more else "")


def _figures(chosen: Sequence[Known]) -> tuple[Figure, ...]:
    taking_part = [one for one in chosen if one.state in OPEN]
    ready = sum(one.all_met and one.state is State.ACTIVE for one in chosen)
    expired = sum(one.count(Standing.EXPIRED) > 0 for one in taking_part)
    return (
        *(
            Figure(NAMES[stage], f"{count:,}")
            for stage in STAGES
            if (count := sum(one.stage is stage for one in chosen if one.state is not State.WITHDRAWN))
        ),
        Figure("have shown everything", f"{ready:,}"),
        Figure("have something expired", f"{expired:,}"),
    )


def _filters(asked: Asked, every: Sequence[Known]) -> tuple[Filter, ...]:
    """The fields above the list; what no school of the year has is not offered."""
    if not every:
        return ()
    stages, states = {one.stage for one in every}, {one.state for one in every}
    groups = sorted({code for one in every for code in one.groups})
    offers: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
        ("stage", "Stage", [(one.value, one.says) for one in STAGES if one in stages]),
        ("state", "How far", [(one.value, one.says.capitalize()) for one in STATES if one in states]),
        ("group", "Work Group", [(NO_GROUP, "None yet"), *((code, code) for code in groups)]),
        ("verdict", "Criteria", list(VERDICTS.items())),
    )
    return (
        Filter("q", "Name, town or URN", asked.value("q")),
        *(
            Filter(name, label, asked.value(name), tuple(Choice(*one) for one in offered))
            for name, label, offered in offers
        ),
    )
