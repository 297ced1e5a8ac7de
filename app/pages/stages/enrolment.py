"""One school in one programme of a year: since when, what was shown at each step, and what can be done next."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.stages.ladder import OPEN, Did, State
from app.domain.stages.moves import MoveState, may_leave
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.pages._parts import Field, Form
from app.pages.schools.detail import Fact
from app.pages.schools.map import LOOKS, Look
from app.pages.stages.evidence import Evidence, evidence, summed
from app.pages.stages.verdicts import VerdictLine, Whose, verdict_lines
from app.pages.trail import history_of
from app.store.stages import enrolments, gate, moves, steps
from app.store.stages.enrolments import Row
from app.store.stages.moves import Row as MoveRow
from app.store.stages.steps import Step

STATE_TAGS = {"applied": "yellow", "agreed": "yellow", "active": "green", "completed": "blue", "withdrawn": "grey"}
DAYS = (
    ("Applied", "applied_on"),
    ("Agreement signed", "agreed_on"),
    ("Takes part since", "began_on"),
    ("Completed", "completed_on"),
    ("Withdrew", "withdrawn_on"),
)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: what, on which day, who recorded it when, why, and the evidence as it stood."""

    says: str
    day: str
    recorded: str
    because: str
    move_href: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class MoveLink:
    """A move into or out of this enrolment."""

    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done next; the first one is the likeliest."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class EnrolmentPage:
    """The page. `verdicts` are how the criteria stand now, for what is not over."""

    template: ClassVar[str] = "stages/enrolment.html"
    home: str
    school: str
    school_href: str
    look: Look
    programme: str
    year: str
    state: str
    state_tag: str
    dates: tuple[Fact, ...]
    because: str
    acts: tuple[Act, ...]
    standing: str
    verdicts: tuple[VerdictLine, ...]
    steps: tuple[StepLine, ...]
    moves: tuple[MoveLink, ...]
    agreement_href: str
    journey_href: str
    history: str


@dataclass(frozen=True, slots=True)
class StepFormPage:
    """Asks for a step's day, and its because where it has one."""

    template: ClassVar[str] = "stages/step_form.html"
    caption: str
    heading: str
    says: str
    back: str
    form: Form


async def load(
    db: AsyncSession, viewer: Viewer, member: Member, enrolment_id: uuid.UUID, now: datetime
) -> EnrolmentPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    found = await _known(db, member, enrolment_id)
    row, home = found.row, f"/hubs/{member.hub_code}"
    judged = (await gate.verdicts(db, member.hub_id, [row], now))[row.id].verdicts if row.state in OPEN else ()
    whose = Whose(row.urn, row.year)
    its_moves = await moves.of_enrolment(db, member, enrolment_id)
    history = await steps.of_enrolment(db, member, enrolment_id)
    return EnrolmentPage(
        home=home,
        school=found.school,
        school_href=f"{home}/schools/{row.urn}?year={row.year}",
        look=LOOKS.get(row.kind, "none"),
        programme=found.programme,
        year=spoken_year(row.year),
        state=State(row.state).says,
        state_tag=STATE_TAGS[row.state],
        dates=_dates(found, home),
        because=row.because,
        acts=_acts(viewer, member, found, leaves=await _leaves(db, member, found, its_moves)),
        standing=summed(judged) if judged else "",
        verdicts=verdict_lines(member, whose, judged),
        steps=tuple(_step(one, member, whose) for one in history),
        moves=tuple(_move(one, home) for one in its_moves),
        agreement_href=f"{home}/enrolments/{row.id}/agreement",
        journey_href=f"{home}/schools/{row.urn}/journey",
        history=history_of(member, "school", row.urn),
    )


async def _known(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> Row:
    found = await enrolments.one(db, member, enrolment_id)
    if found is None:
        raise NotFoundError
    return found


def _dates(found: Row, home: str) -> tuple[Fact, ...]:
    row = found.row
    days = tuple(Fact(label, spoken_date(day)) for label, name in DAYS if (day := getattr(row, name)))
    group = Fact("Work Group", found.group, f"{home}/groups/{row.group_id}") if row.group_id else None
    lasts = (Fact("Lasts", f"{found.years} academic years"),) if found.years > 1 else ()
    return (*days, *lasts, *((group,) if group else ()))


async def _leaves(db: AsyncSession, member: Member, found: Row, its_moves: Sequence[MoveRow]) -> bool:
    """Whether a move can lead on from here: none does yet, and the school has not gone on by another way."""
    out = [one.row.state for one in its_moves if one.row.from_id == found.row.id]
    if MoveState.PROPOSED in out or MoveState.AGREED in out:
        return False
    return may_leave(found.row, await enrolments.of_school(db, member.hub_id, found.row.urn)) is None


def _acts(viewer: Viewer, member: Member, found: Row, *, leaves: bool) -> tuple[Act, ...]:
    row = found.row
    here, target = f"/hubs/{member.hub_code}/enrolments/{row.id}", Target(member.hub_id, urns=frozenset({row.urn}))
    can_edit, can_propose = (bool(decide(viewer, can, target)) for can in (Can.EDIT_STAGES, Can.PROPOSE_MOVE))
    made: list[Act] = []
    if can_edit and row.state == State.AGREED:
        made.append(Act("Record that it takes part", f"{here}/begin"))
    if can_propose and leaves:
        made.append(Act("Propose the next stage", f"{here}/propose"))
    if can_edit and row.state == State.ACTIVE:
        made.append(Act("Record that it completed this", f"{here}/complete"))
    if can_edit and row.state in OPEN:
        made.append(Act("Record that it withdraws", f"{here}/withdraw"))
    if can_edit and row.state == State.WITHDRAWN:
        made.append(Act("Enrol it again", f"{here}/return"))
    return tuple(made)


def _step(one: Step, member: Member, whose: Whose) -> StepLine:
    return StepLine(
        says=Did(one.row.what).says,
        day=spoken_date(one.row.day),
        recorded=f"{spoken(one.row.at)}{f' by {one.by}' if one.by else ''}",
        because=one.row.because,
        move_href=f"/hubs/{member.hub_code}/moves/{one.row.move_id}" if one.row.move_id else "",
        evidence=evidence(member, whose, one.row.snapshot),
    )


def _move(one: MoveRow, home: str) -> MoveLink:
    to = f"{one.goes_to.name} of {spoken_year(one.goes_to.year)}"
    says = f"From {one.was_in} of {spoken_year(one.was.year)} to {to}: {MoveState(one.row.state).says}"
    return MoveLink(says, f"{home}/moves/{one.row.id}")


_ASKED = {  # heading, what it means, the day's label, the button
    "begin": ("Takes part in", "From this day the school takes part. Nothing begins by itself.", "First day", "Save"),
    "complete": (
        "Has completed",
        "Completed is a fact of its own: no date brings it about. A move to the next stage completes it too.",
        "Completed on",
        "Save",
    ),
    "withdraw": (
        "Withdraws from",
        "What the school did until now stays. It can return later: then it is enrolled again.",
        "Withdrew on",
        "Record that it withdraws",
    ),
}


async def step_form(
    db: AsyncSession, viewer: Viewer, member: Member, enrolment_id: uuid.UUID, asked: tuple[str, date]
) -> StepFormPage:
    """The form of begin, complete or withdraw; `asked` is which, and the day it is. Raises NotFoundError."""
    what, today = asked
    found = await _known(db, member, enrolment_id)
    target = Target(member.hub_id, urns=frozenset({found.row.urn}))
    if not decide(viewer, Can.EDIT_STAGES, target):
        raise NotFoundError
    heading, says, day, submit = _ASKED[what]
    here = f"/hubs/{member.hub_code}/enrolments/{enrolment_id}"
    fields = [Field(name="day", label=day, kind="date", value=today.isoformat())]
    if what == "withdraw":
        hint = "Such as: the maths lead has left and nobody can take part this year. Name no teacher."
        fields.append(Field(name="because", label="Why", kind="textarea", hint=hint))
    return StepFormPage(
        caption=found.school,
        heading=f"{heading} {found.programme} of {spoken_year(found.row.year)}",
        says=says,
        back=here,
        form=Form(
            action=f"{here}/{what}",
            submit=submit,
            fields=tuple(fields),
            kept=(("version", str(found.row.version)),),
            warning=what == "withdraw",
        ),
    )


def today_of(now: datetime) -> date:
    """The day it is in London."""
    return in_london(now).date()
