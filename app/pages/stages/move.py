"""One move: what it leads from and to, the evidence as it stood and as it stands, and what can be done about it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.imports import read_date
from app.domain.stages import moves as rules
from app.domain.stages.gate import Verdict, from_data
from app.domain.stages.ladder import NEXT, ORDER, Enrolled, State
from app.domain.stages.ladder import Fault as Refused
from app.domain.stages.moves import MoveState
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date, spoken_year, year_span
from app.kit.typed import Reader, Typed
from app.pages._parts import Choice, Confirm, Field, Form, refilled
from app.pages.schools.detail import Fact
from app.pages.schools.map import LOOKS, Look
from app.pages.stages.enrolling import because_of
from app.pages.stages.enrolment import StepFormPage
from app.pages.stages.evidence import Evidence, TwoSides, evidence, summed, two_sides
from app.pages.stages.moves import STATE_TAGS, named_of
from app.pages.stages.verdicts import VerdictLine, Whose, verdict_lines
from app.store.hubs import details
from app.store.stages import enrolments, gate, moves
from app.store.stages.moves import Row


@dataclass(frozen=True, slots=True)
class ProposePage:
    """The form of a proposal, beneath what the school has shown."""

    template: ClassVar[str] = "stages/propose.html"
    school: str
    here: str
    came_from: str
    standing: str
    verdicts: tuple[VerdictLine, ...]
    form: Form | None
    none: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """The page. `sides` are two days of evidence: when it was proposed, and now or when it was agreed (`later`)."""

    template: ClassVar[str] = "stages/move.html"
    home: str
    school: str
    urn: int
    came_from: str
    came_from_href: str
    goes_to: str
    goes_to_href: str
    look: Look
    state: str
    state_tag: str
    facts: tuple[Fact, ...]
    because: str
    settled_because: str
    reversed_because: str
    then: Evidence
    later: str
    differs: str
    sides: tuple[TwoSides, ...]
    form: Form | None
    wait: str
    decline_href: str
    take_back_href: str
    reverse_href: str


@dataclass(frozen=True, slots=True)
class MoveConfirmPage:
    """Asks before a move is taken back."""

    template: ClassVar[str] = "stages/move_confirm.html"
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class AgreedSo:
    """What the form of agreeing says, read."""

    day: date
    state: State
    because: str
    seen: str


async def propose_form(
    db: AsyncSession, viewer: Viewer, member: Member, enrolment_id: uuid.UUID, now: datetime
) -> ProposePage:
    """The form, in a fixed number of statements. Raises NotFoundError, also for who may not propose."""
    found = await enrolments.one(db, member, enrolment_id)
    if found is None or not decide(viewer, Can.PROPOSE_MOVE, Target(member.hub_id, urns=frozenset({found.row.urn}))):
        raise NotFoundError
    row = found.row
    verdicts = (await gate.verdicts(db, member.hub_id, [row], now))[row.id].verdicts
    history = await enrolments.of_school(db, member.hub_id, row.urn)
    choices = await _programmes(db, member, found, history)
    fault = rules.may_leave(row, history)
    here = f"/hubs/{member.hub_code}/enrolments/{enrolment_id}"
    none = f"No programme after this one is open yet. Open {spoken_year(row.year + 1)} in the hub's settings first."
    return ProposePage(
        school=found.school,
        here=here,
        came_from=f"{found.programme}, {spoken_year(row.year)}",
        standing=summed(verdicts),
        verdicts=verdict_lines(member, Whose(row.urn, row.year), verdicts),
        form=_proposal(here, choices, verdicts) if choices and fault is None else None,
        none=fault.because if fault else none,
    )


async def _programmes(
    db: AsyncSession, member: Member, found: enrolments.Row, history: Sequence[Enrolled]
) -> tuple[Choice, ...]:
    """Where a school can go from this enrolment: the next year and the usual next stage first."""
    kind, year = found.row.kind, found.row.year
    years = [one.year for one in await details.years(db, member.hub_id) if one.year >= year]
    can = [
        one
        for one, _ in await details.programmes(db, member.hub_id, years)
        if rules.may_move(kind, year, one) is None and rules.may_take(history, one, found.school) is None
    ]
    usual = NEXT.get(kind, ORDER)
    can.sort(key=lambda one: (one.year != year + 1, one.year, usual.index(one.kind)))
    return tuple(Choice(str(one.id), f"{one.name}, {spoken_year(one.year)}") for one in can)


def _proposal(here: str, choices: tuple[Choice, ...], verdicts: Sequence[Verdict]) -> Form:
    fields = [
        Field(name="programme", label="Moves to", kind="radios", choices=choices, value=choices[0].value),
    ]
    if left := rules.unmet(verdicts):
        fields += [
            Field(
                name="override",
                label=left,
                kind="checkboxes",
                choices=(Choice("yes", "The school moves all the same"),),
            ),
            Field(
                name="because",
                label="Why it moves all the same",
                kind="textarea",
                hint="Whoever agrees reads this, and it stays with the move.",
            ),
        ]
    return Form(action=f"{here}/propose", submit="Propose this move", fields=tuple(fields))


def proposed_again(page: ProposePage, typed: Typed, faults: tuple[Fault, ...]) -> ProposePage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def load(db: AsyncSession, viewer: Viewer, member: Member, move_id: uuid.UUID, now: datetime) -> MovePage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    one = await known(db, member, move_id)
    row, home = one.row, f"/hubs/{member.hub_code}"
    then = from_data(row.snapshot.get("verdicts", ()))
    whose = Whose(row.urn, one.was.year)
    is_open = row.state == MoveState.PROPOSED
    stands = await _later(db, member, one, now)
    came_from, goes_to = named_of(one)
    sides = two_sides(then, stands) if stands else ()
    agrees = is_open and bool(decide(viewer, Can.AGREE_MOVE, Target(member.hub_id)))
    fault = rules.may_settle(row.state, row.proposed_by, member.person_id) if agrees else None
    here = f"{home}/moves/{row.id}"
    return MovePage(
        home=home,
        school=one.school,
        urn=row.urn,
        came_from=came_from,
        came_from_href=f"{home}/enrolments/{row.from_id}",
        goes_to=goes_to,
        goes_to_href=f"{home}/enrolments/{row.to_id}" if row.to_id else "",
        look=LOOKS.get(one.goes_to.kind, "none"),
        state=MoveState(row.state).says,
        state_tag=STATE_TAGS[row.state],
        facts=_facts(one),
        because=row.because,
        settled_because=row.settled_because,
        reversed_because=row.reversed_because,
        then=evidence(member, whose, row.snapshot),
        later="" if not stands else "Now" if is_open else "When it was agreed",
        differs=_differs(sides),
        sides=sides,
        form=_agreement(here, one, stands, now, then) if agrees and fault is None else None,
        wait=_wait(one, member, fault) if is_open else "",
        decline_href=f"{here}/decline" if agrees and fault is None else "",
        take_back_href=f"{here}/take-back" if is_open and row.proposed_by == member.person_id else "",
        reverse_href=f"{here}/reverse"
        if row.state == MoveState.AGREED and decide(viewer, Can.AGREE_MOVE, Target(member.hub_id))
        else "",
    )


async def known(db: AsyncSession, member: Member, move_id: uuid.UUID) -> Row:
    """The move, where the member may see it. Raises NotFoundError."""
    found = await moves.one(db, member, move_id)
    if found is None:
        raise NotFoundError
    return found


async def _later(db: AsyncSession, member: Member, one: Row, now: datetime) -> tuple[Verdict, ...]:
    """The evidence to hold against the proposal's: as it stands while it waits, else as it was agreed on."""
    if one.row.state == MoveState.PROPOSED:
        return (await gate.verdicts(db, member.hub_id, [one.was], now))[one.was.id].verdicts
    return from_data((one.row.agreed_snapshot or {}).get("verdicts", ()))


def _differs(sides: Sequence[TwoSides]) -> str:
    count = sum(one.differs for one in sides)
    if not sides:
        return ""
    if not count:
        return "Nothing that counts has changed since it was proposed."
    return f"{count} {'criterion reads' if count == 1 else 'criteria read'} otherwise than when it was proposed."


def _facts(one: Row) -> tuple[Fact, ...]:
    row = one.row
    made = [Fact("Proposed", _by(row.proposed_at, one.proposed_by))]
    if row.settled_at:
        made.append(
            Fact(
                MoveState(row.state).says.capitalize() if not row.reversed_at else "Agreed",
                _by(row.settled_at, one.settled_by),
            )
        )
    if row.reversed_at:
        made.append(Fact("Reversed", _by(row.reversed_at, one.reversed_by)))
    return tuple(made)


def _by(at: datetime, name: str) -> str:
    return f"{spoken(at)}, by {name}" if name else spoken(at)


def _wait(one: Row, member: Member, fault: Refused | None) -> str:
    if fault:
        return fault.because
    if one.row.proposed_by == member.person_id:
        return "Another person agrees or declines this."
    return ""


def _agreement(here: str, one: Row, now_met: Sequence[Verdict], now: datetime, then: Sequence[Verdict]) -> Form:
    today, begins = in_london(now).date(), year_span(one.goes_to.year).first
    began = today >= begins
    part = Choice("active", "It takes part from this day")
    place = Choice("agreed", "It has its place, and begins later", "Record that it takes part on its enrolment.")
    worse = rules.got_worse(then, now_met)
    return Form(
        action=f"{here}/agree",
        submit="Agree this move",
        fields=(
            Field(name="day", label="Moved on", kind="date", value=today.isoformat()),
            Field(
                name="state",
                label=f"{one.goes_to.name}, {spoken_year(one.goes_to.year)}",
                kind="radios",
                choices=(part, place) if began else (place,),
                value="active" if began else "agreed",
                hint="" if began else f"The year begins on {spoken_date(begins)}.",
            ),
            Field(
                name="because",
                label="Why it moves although something is not met any more" if worse else "What to keep with it",
                kind="textarea",
                hint="" if worse else "If there is something to say.",
            ),
        ),
        kept=(("version", str(one.row.version)), ("seen", rules.fingerprint(now_met))),
    )


def read_agreed(typed: Typed) -> AgreedSo:
    """The form's texts as values. Raises BadInputError naming each field that cannot be read."""
    reader = Reader(typed)
    day, state = reader.read("day", read_date), reader.read("state", _state)
    because = reader.read("because", because_of)
    reader.finish()
    if day is None or state is None:
        raise AssertionError("a form without faults is whole")
    return AgreedSo(day, state, because or "", typed.text("seen"))


def _state(text: str) -> State:
    if text not in {State.AGREED, State.ACTIVE}:
        raise ValueError("Choose whether the school takes part at once.")
    return State(text)


def agreed_again(page: MovePage, typed: Typed, faults: tuple[Fault, ...]) -> MovePage:
    """The same page with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


_ASKED = {  # heading, what it means, the button
    "decline": ("Decline this move", "The school stays where it is. Whoever proposed it reads why.", "Decline it"),
    "reverse": (
        "Reverse this move",
        "Both enrolments become what they were before it. The move, this reason and every step stay on record.",
        "Reverse it",
    ),
}


async def because_form(db: AsyncSession, viewer: Viewer, member: Member, move_id: uuid.UUID, what: str) -> StepFormPage:
    """Asks why a move is declined or reversed. Raises NotFoundError, also for who may do neither."""
    one = await known(db, member, move_id)
    if not decide(viewer, Can.AGREE_MOVE, Target(member.hub_id)):
        raise NotFoundError
    heading, says, submit = _ASKED[what]
    came_from, goes_to = named_of(one)
    here = f"/hubs/{member.hub_code}/moves/{move_id}"
    return StepFormPage(
        caption=f"{one.school}: {came_from} to {goes_to}",
        heading=heading,
        says=says,
        back=here,
        form=Form(
            action=f"{here}/{what}",
            submit=submit,
            fields=(Field(name="because", label="Why", kind="textarea"),),
            kept=(("version", str(one.row.version)),),
            warning=True,
        ),
    )


async def take_back(db: AsyncSession, viewer: Viewer, member: Member, move_id: uuid.UUID) -> MoveConfirmPage:
    """Asks before a move is taken back. Raises NotFoundError, also for who may propose none of this school."""
    one = await known(db, member, move_id)
    if not decide(viewer, Can.PROPOSE_MOVE, Target(member.hub_id, urns=frozenset({one.row.urn}))):
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/moves/{move_id}"
    return MoveConfirmPage(
        Confirm(
            question=f"Take back that {one.school} moves to {named_of(one)[1]}?",
            happens=("The school stays where it is.", "You or somebody else can propose it again."),
            action=f"{here}/take-back",
            submit="Take it back",
            back=here,
            kept=(("version", str(one.row.version)),),
        )
    )
