"""Proposed plans: the list, and one plan with its worst points first."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings.changes import Planned, planned_events
from app.domain.schedule.worst import event_name, worst_points
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.kit.periods import HALF_TERMS, Slot, Span, academic_year, in_london, spoken, spoken_date, spoken_year
from app.pages._parts import PAGE_SIZE, Asked, Choice, Column, Confirm, Empty, Figure, Filter, Listing, listing
from app.pages.ribbon import Kind, Ribbon, RibbonEvent, ribbon
from app.store.schedule import proposals
from app.store.schedule.proposals import ProposalRow

STATES = {
    "waiting": "Waiting its turn",
    "solving": "Being planned",
    "ready": "Ready to look at",
    "impossible": "No plan exists",
    "failed": "Broken off",
    "accepted": "Accepted",
    "set aside": "Set aside",
}
KINDS = {"meeting": "Meeting", "visit": "Visit", "observation": "Observation"}


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in the list."""

    id: uuid.UUID
    made: str
    year: str
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """Every plan that was proposed, the newest first."""

    template: ClassVar[str] = "schedule/proposals.html"
    address: str
    year: int
    year_words: str
    can_propose: bool
    waiting: uuid.UUID | None
    listing: Listing
    proposals: tuple[ProposalLine, ...]


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
    """One proposed plan. `share` is how much is done (0 to 1) while it is being planned; `stream` tells it live."""

    template: ClassVar[str] = "schedule/proposal.html"
    id: uuid.UUID
    address: str
    heading: str
    status: str
    state: str
    made: str
    accepted: str
    share: float
    says: str
    stream: str
    because: tuple[str, ...]
    figures: tuple[Figure, ...]
    proved: bool
    worst: tuple[WorstPoint, ...]
    ribbon: Ribbon | None
    listing: Listing | None
    dates: tuple[DateLine, ...]
    can_accept: bool


@dataclass(frozen=True, slots=True)
class ProposalConfirmPage:
    """Asks before a plan is accepted or set aside."""

    template: ClassVar[str] = "schedule/confirm.html"
    confirm: Confirm


async def proposals_page(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> ProposalsPage:
    """The list: one statement."""
    found = await proposals.listed(db, member.hub_id)
    state = asked.value("state")
    shown = [row for row in found if not state or row.status == state]
    first = (asked.page - 1) * PAGE_SIZE
    year = academic_year(in_london(now).date())
    states = tuple(Choice(name, words) for name, words in STATES.items())
    return ProposalsPage(
        address=f"/hubs/{member.hub_code}/proposals",
        year=year,
        year_words=spoken_year(year),
        can_propose=bool(member.reaches(Can.PLAN)),
        waiting=next((row.id for row in found if row.status in {"waiting", "solving", "ready"}), None),
        listing=listing(
            asked,
            "Proposed plans",
            (Column("", "Proposed"), Column("", "For"), Column("", "State"), Column("", "By")),
            total=len(shown),
            empty=Empty("Plans that were proposed will be here. Propose one when groups and calendars are in."),
            filters=(Filter("state", "State", state, states),),
        ),
        proposals=tuple(
            ProposalLine(row.id, spoken(row.made_at), spoken_year(row.year), STATES[row.status], row.made_by)
            for row in shown[first : first + PAGE_SIZE]
        ),
    )


async def _known(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalRow:
    row = await proposals.whole(db, member.hub_id, proposal_id)
    if row is None:
        raise NotFoundError
    return row


async def proposal_page(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked, now: datetime
) -> ProposalPage:
    """One plan: one statement. Raises NotFoundError."""
    row = await _known(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    events = _events(row)
    lines = sorted((_line(row, event) for event in events), key=lambda line: (line.day, line.half_day, line.key))
    shown = _narrowed(lines, asked)
    first = (asked.page - 1) * PAGE_SIZE
    open_still = row.status in {"waiting", "solving"}
    return ProposalPage(
        id=row.id,
        address=address,
        heading=f"Plan for {spoken_year(row.year)}",
        status=row.status,
        state=STATES[row.status],
        made=spoken(row.made_at),
        accepted=spoken(row.accepted_at) if row.accepted_at else "",
        share=told(row)["share"],
        says=told(row)["says"],
        stream=f"{address}/progress" if open_still else "",
        because=row.because,
        figures=_figures(row, events),
        proved=(row.plan or {}).get("status") == "optimal",
        worst=_worst(row, events),
        ribbon=_ribbon(row, events, in_london(now).date()) if events else None,
        listing=_listing(asked, len(shown)) if events else None,
        dates=tuple(shown[first : first + PAGE_SIZE]),
        can_accept=row.status == "ready" and bool(member.reaches(Can.ACCEPT_PLAN)),
    )


DATES_HEADER = ("Date", "Half-day", "What", "Half term", "Where", "Who", "Key")


async def proposal_csv(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, asked: Asked
) -> list[tuple[object, ...]]:
    """Every date of the plan, as the list is narrowed."""
    row = await _known(db, member, proposal_id)
    lines = sorted((_line(row, event) for event in _events(row)), key=lambda line: (line.day, line.half_day, line.key))
    return [
        (line.day.isoformat(), line.half_day, line.what, line.half_term, line.where, line.who, line.key)
        for line in _narrowed(lines, asked)
    ]


async def accept_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalConfirmPage:
    """What accepting will do, and to whom."""
    row = await _known(db, member, proposal_id)
    events = _events(row)
    people = {person for event in events for person in (*event.people, event.lead, event.teacher) if person}
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    happens = (
        f"{len(events):,} dates become certain in the calendars of {len(people):,} people.",
        "Dates that are in the calendar and not in this plan are cancelled.",
        "Dates that were held stay as they are.",
    )
    return ProposalConfirmPage(
        Confirm(
            question=f"Accept this plan for {spoken_year(row.year)}?",
            happens=happens,
            action=f"{address}/accept",
            submit="Accept the plan",
            back=address,
            harm=False,
        )
    )


async def drop_page(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> ProposalConfirmPage:
    """What setting a plan aside will do."""
    row = await _known(db, member, proposal_id)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}"
    happens = (
        "Its proposed dates are struck out in everybody's calendar. Dates that are certain stay.",
        "You can propose a new plan at any time.",
    )
    return ProposalConfirmPage(
        Confirm(
            question="Set this plan aside?",
            happens=happens,
            action=f"{address}/set-aside",
            submit="Set it aside",
            back=address,
        )
    )


async def progress(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> dict[str, Any]:
    """How far the planning is: {"share", "says", "done"}."""
    return told(await _known(db, member, proposal_id))


def told(row: ProposalRow) -> dict[str, Any]:
    """The progress of a proposal in one sentence."""
    if row.status not in {"waiting", "solving"}:
        return {"share": 1.0, "says": STATES[row.status], "done": True}
    if row.status == "waiting" or not row.progress:
        return {"share": 0.0, "says": "Reading the facts of the year.", "done": False}
    stage, done = str(row.progress.get("stage", "")), int(row.progress.get("done") or 0)
    says = f"Placing {stage}: {min(done, 3)} of 3 steps are done and proved."
    return {"share": min(0.95, (done + 0.3) / 3), "says": says, "done": False}


def _events(row: ProposalRow) -> list[Planned]:
    placed = (row.plan or {}).get("events", ())
    return planned_events(
        row.problem, [(one["event"], date.fromisoformat(one["date"]), one["slot"], one.get("host")) for one in placed]
    )


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


def _worst(row: ProposalRow, events: list[Planned]) -> tuple[WorstPoint, ...]:
    placed = {event.key: event for event in events}
    points = worst_points((row.judgement or {}).get("worst", ()), row.problem, row.names)
    return tuple(WorstPoint(name, _when(placed[key]), says) for key, name, says in points if key in placed)


def _when(event: Planned) -> str:
    return f"{spoken_date(event.place.day)}, {_half_day(event.place.slot)}"


def _half_day(slot: str) -> str:
    return "morning" if slot == Slot.AM else "afternoon"


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
    state = "tentative" if row.status == "ready" else "confirmed"
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


def read_year(text: str) -> int:
    """The academic year that a form sends; raises BadInputError."""
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100):
        fault = Fault("year", "Give the year in which the academic year begins, like 2026.")
        raise BadInputError("There is no such academic year.", (fault,))
    return int(text)


def done_in_words(done: Mapping[str, int]) -> str:
    """What accepting did: "330 dates as proposed, 2 moved"."""
    words = {"kept": "as proposed", "created": "new", "moved": "moved", "cancelled": "cancelled"}
    said = [f"{done[name]:,} {words[name]}" for name in words if done.get(name)]
    if not said:
        return "nothing had to change"
    first, _, rest = said[0].partition(" ")
    return ", ".join([f"{first} {'date' if first == '1' else 'dates'} {rest}", *said[1:]])
