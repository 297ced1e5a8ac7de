"""One proposed plan, its worst points first."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings.changes import Planned
from app.domain.schedule.tastes import TASTES
from app.domain.schedule.worst import event_name, worst_points
from app.kit.periods import HALF_TERMS, Slot, Span, in_london, spoken, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Empty, Figure, Filter, Listing, listing
from app.pages.ribbon import Kind, Ribbon, RibbonEvent, ribbon
from app.pages.schedule.exceptions import let_through
from app.pages.schedule.known import events_of, known, state_of
from app.pages.schedule.live import Live, live
from app.store.schedule.proposals import ProposalRow

KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Observation"}


@dataclass(frozen=True, slots=True)
class WorstPoint:
    """An event that costs much, and why."""

    heading: str
    when: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date of the plan."""

    key: str
    kind: str
    what: str
    half_term: str
    day: date
    half_day: str
    where: str
    who: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposed plan; `live` while it is being made, `compare` where it was made together with others.

    Its dates are held until `held_until` where people were asked about them.
    """

    template: ClassVar[str] = "schedule/proposal.html"
    id: uuid.UUID
    address: str
    heading: str
    status: str
    state: str
    made: str
    accepted: str
    favours: str
    compare: str
    live: Live | None
    because: tuple[str, ...]
    let_through: tuple[str, ...]
    figures: tuple[Figure, ...]
    proved: str
    worst: tuple[WorstPoint, ...]
    ribbon: Ribbon | None
    listing: Listing | None
    dates: tuple[DateLine, ...]
    can_accept: bool
    can_hold: bool
    held_until: str


async def proposal_page(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked, now: datetime
) -> ProposalPage:
    """One plan: one statement. Raises NotFoundError."""
    row = await known(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    events = events_of(row)
    lines = _lines(row, events)
    shown = _narrowed(lines, asked)
    first = (asked.page - 1) * PAGE_SIZE
    may_choose = row.status == "ready" and bool(member.reaches(Can.ACCEPT_PLAN))
    return ProposalPage(
        id=row.id,
        address=address,
        heading=f"Plan for {spoken_year(row.year)}",
        status=row.status,
        state=state_of(row.status, row.sent_at),
        made=spoken(row.made_at),
        accepted=spoken(row.accepted_at) if row.accepted_at else "",
        favours=next((taste.name for taste in TASTES if taste.key == row.favours), ""),
        compare=f"{address}/compare" if row.set_id else "",
        live=live(row, address),
        because=row.because,
        let_through=let_through(row),
        figures=_figures(row, events),
        proved=proved_in_words(row) if events else "",
        worst=worst_of(row, events),
        ribbon=_ribbon(row, events, in_london(now).date()) if events else None,
        listing=_listing(asked, len(shown)) if events else None,
        dates=tuple(shown[first : first + PAGE_SIZE]),
        can_accept=may_choose,
        can_hold=may_choose and row.sent_at is None,
        held_until=spoken_date(row.answer_by) if row.status == "ready" and row.sent_at and row.answer_by else "",
    )


DATES_HEADER = ("Date", "Half-day", "What", "Half term", "Where", "Who", "Key")


async def proposal_csv(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Every date of the plan, as the list is narrowed."""
    row = await known(db, member, proposal_id)
    lines = sorted(
        (_line(row, event) for event in events_of(row)), key=lambda line: (line.day, line.half_day, line.key)
    )
    return [
        (line.day.isoformat(), line.half_day, line.what, line.half_term, line.where, line.who, line.key)
        for line in _narrowed(lines, asked)
    ]


def _figures(row: ProposalRow, events: list[Planned]) -> tuple[Figure, ...]:
    if not events:
        return ()
    counted = {kind: sum(event.kind == kind for event in events) for kind in KINDS}
    figures = [Figure(f"{words}s", f"{counted[kind]:,}") for kind, words in KINDS.items()]
    absences = (row.judgement or {}).get("absences", {})
    figures.append(Figure("People who cannot come, over all dates", f"{sum(absences.values()):,}"))
    moved = (row.judgement or {}).get("moved", {})
    if row.problem.get("plan"):
        figures.append(Figure("Dates that move", f"{moved.get('dates', 0):,}"))
    return tuple(figures)


def proved_in_words(row: ProposalRow) -> str:
    """Whether the plan is proved to be the best for what it favours, or how far from it each step may be."""
    plan = row.plan or {}
    lean = f", leaning to “{_leans(row.favours)}”," if row.favours else ""
    if row.mended:
        return "This plan was planned again around people who cannot: as few dates as possible have moved."
    if plan.get("status") == "optimal":
        return f"Every part of this plan is proved: under the hub's rules{lean} there is none better."
    stages = plan.get("stages", {})
    far = [_could_save(name, stage["cost"], stage["bound"]) for name, stage in stages.items()]
    said = "; ".join(each for each in far if each)
    return f"Planning was stopped before every part was proved{': a better plan could save ' if said else ''}{said}."


def _could_save(stage: str, cost: int, bound: int) -> str:
    if cost <= bound:
        return ""
    return f"at most {cost - bound:,} of {cost:,} in the {stage}" if bound > 0 else f"some of {cost:,} in the {stage}"


def _leans(favours: str) -> str:
    return next((taste.name.lower() for taste in TASTES if taste.key == favours), favours)


def worst_of(row: ProposalRow, events: list[Planned]) -> tuple[WorstPoint, ...]:
    """The events that cost most, in sentences, the worst first."""
    placed = {event.key: event for event in events}
    points = worst_points((row.judgement or {}).get("worst", ()), row.problem, row.names)
    return tuple(WorstPoint(name, _when(placed[key]), says) for key, name, says in points if key in placed)


def _when(event: Planned) -> str:
    return f"{spoken_date(event.place.day)}, {_half_day(event.place.slot)}"


def _half_day(slot: str) -> str:
    return "morning" if slot == Slot.AM else "afternoon"


def _lines(row: ProposalRow, events: Iterable[Planned]) -> list[DateLine]:
    lines = (_line(row, event) for event in events)
    return sorted(lines, key=lambda line: (line.day, line.half_day, line.key))


def _line(row: ProposalRow, event: Planned) -> DateLine:
    names: Mapping[str, str] = row.names
    return DateLine(
        key=event.key,
        kind=event.kind,
        what=event_name(event.key, row.problem, names),
        half_term=HALF_TERMS[event.half_term],
        day=event.place.day,
        half_day=_half_day(event.place.slot),
        where=names.get(f"s{event.place.urn}", str(event.place.urn)),
        who=names.get(event.lead, ""),
    )


def _narrowed(lines: Iterable[DateLine], asked: Asked) -> list[DateLine]:
    words, kind, term = asked.value("words").lower(), asked.value("kind"), asked.value("half_term")
    return [
        line
        for line in lines
        if (not kind or line.kind == kind)
        and (not term or line.half_term == term)
        and (not words or words in f"{line.what} {line.where} {line.who}".lower())
    ]


def _listing(asked: Asked, total: int) -> Listing:
    kinds = tuple(Choice(name, words) for name, words in KINDS.items())
    terms = tuple(Choice(name, name) for name in HALF_TERMS)
    return listing(
        asked,
        "Every date of this plan",
        (Column("", "When"), Column("", "What"), Column("", "Where"), Column("", "Who leads")),
        total=total,
        empty=Empty("This plan has no dates."),
        filters=(
            Filter("words", "Group, school or person", asked.value("words")),
            Filter("kind", "Kind", asked.value("kind"), kinds),
            Filter("half_term", "Half term", asked.value("half_term"), terms),
        ),
    )


def _ribbon(row: ProposalRow, events: list[Planned], today: date) -> Ribbon:
    """The plan's meetings on the year; visits and observations are in the list, they would hide each other here."""
    spans = [
        Span(
            min(date.fromisoformat(school["half_terms"][k][0]) for school in row.problem["schools"]),
            max(date.fromisoformat(school["half_terms"][k][1]) for school in row.problem["schools"]),
        )
        for k in range(6)
    ]
    state = "tentative" if row.status in {"ready", "set aside"} else "confirmed"
    marks = [
        RibbonEvent(
            kind=cast("Kind", event.kind),
            state=cast("Any", state),
            day=event.place.day,
            says=event_name(event.key, row.problem, row.names),
        )
        for event in events
        if event.kind == "meeting"
    ]
    closures = [date.fromisoformat(day) for day in row.problem["closures"]]
    return ribbon("The plan's meetings", _apart(spans), closures, marks, today)


def _apart(spans: list[Span]) -> list[Span]:
    """Where schools break in different weeks, each block begins after the one before it has ended."""
    cut: list[Span] = []
    for span in spans:
        first = max(span.first, cut[-1].last) if cut else span.first
        cut.append(Span(min(first, span.last), span.last))
    return cut
