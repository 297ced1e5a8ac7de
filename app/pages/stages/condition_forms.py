"""The form of a system conditions review: each lever with what follows if it blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.defaults_visit import CONDITIONS, IN_PLACE, JUDGEMENTS, LEVERS
from app.domain.notes.forms import Option
from app.domain.stages.barriers import Weight
from app.domain.stages.conditions import QUESTIONS
from app.kit.errors import Fault
from app.kit.periods import academic_year, in_london
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.pages.stages.asking import leader_fields, up_to
from app.pages.stages.barrier_forms import WEIGHTS, planned_with
from app.store.stages import leaders
from app.store.stages.leaders import Leader

BLOCKED = ("weight", "owner", "part", "due")


@dataclass(frozen=True, slots=True)
class LeverGroup:
    """A lever's fields; `blocked` are those of the barrier that it becomes, open when they matter."""

    name: str
    fields: tuple[Field, ...]
    blocked: tuple[Field, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class ReviewFormPage:
    """The form, in groups."""

    template: ClassVar[str] = "stages/conditions_form.html"
    heading: str
    up: tuple[tuple[str, str], ...]
    back: str
    form: Form
    first: tuple[Field, ...]
    levers: tuple[LeverGroup, ...]
    conditions: tuple[Field, ...]
    questions: tuple[Field, ...]
    taking_part: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewAsking:
    """The form with who may own what blocks."""

    page: ReviewFormPage
    leaders: tuple[Leader, ...]


async def new_form(db: AsyncSession, member: Member, urn: int, now: datetime) -> ReviewAsking:
    """An empty form. Raises NotFoundError, ForbiddenError."""
    school = await planned_with(db, member, urn)
    today = in_london(now).date()
    known = await leaders.of_school(db, member.hub_id, urn, academic_year(today))
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/schools/{urn}/conditions"
    form = Form(action=f"{here}/new", submit="Keep this review", fields=_fields(known, today))
    page = _grouped(
        ReviewFormPage(
            heading=f"Review the system conditions of {school}",
            up=up_to(home, school, urn, ("System conditions", here)),
            back=here,
            form=form,
            first=(),
            levers=(),
            conditions=(),
            questions=(),
            taking_part=tuple(one.name for one in known if one.takes_part),
        )
    )
    return ReviewAsking(page, tuple(known))


def again(page: ReviewFormPage, typed: Typed, faults: Sequence[Fault]) -> ReviewFormPage:
    """The same form with what was typed and what to change."""
    return _grouped(replace(page, form=refilled(page.form, typed, faults)))


def _grouped(page: ReviewFormPage) -> ReviewFormPage:
    named = {one.name: one for one in page.form.fields}

    def of(*names: str) -> tuple[Field, ...]:
        return tuple(named[name] for name in names)

    return replace(
        page,
        first=of("day", "present"),
        levers=tuple(_lever_group(one, of) for one in LEVERS),
        conditions=tuple(named[f"{part}-{one.key}"] for one in CONDITIONS for part in ("state", "why")),
        questions=tuple(named[f"question-{one.key}"] for one in QUESTIONS),
    )


def _lever_group(lever: Option, of: Callable[..., tuple[Field, ...]]) -> LeverGroup:
    fields = of(f"judgement-{lever.key}", f"because-{lever.key}")
    blocked = of(*(f"{part}-{lever.key}" for part in BLOCKED))
    opened = fields[0].value == "blocks" or any(one.fault for one in blocked)
    return LeverGroup(lever.label, fields, blocked, opened)


def _fields(known: Sequence[Leader], today: date) -> tuple[Field, ...]:
    first = (
        Field(name="day", label="When did you meet?", kind="date", width="10", value=today.isoformat()),
        Field(name="present", label="Which leaders were there?", hint="By their part, such as headteacher and bursar."),
    )
    levers = tuple(field for lever in LEVERS for field in _lever_fields(lever, known))
    conditions = tuple(field for one in CONDITIONS for field in _condition_fields(one))
    questions = tuple(Field(name=f"question-{one.key}", label=one.label, kind="textarea") for one in QUESTIONS)
    return (*first, *levers, *conditions, *questions)


def _lever_fields(lever: Option, known: Sequence[Leader]) -> tuple[Field, ...]:
    end = f"-{lever.key}"
    return (
        Field(
            name=f"judgement{end}",
            label=f"{lever.label}: support or block?",
            kind="radios",
            choices=tuple(Choice(one.key, one.label) for one in JUDGEMENTS),
        ),
        Field(
            name=f"because{end}",
            label="Because",
            kind="textarea",
            hint="What you saw or heard. If it blocks, this is what the barrier says.",
        ),
        Field(
            name=f"weight{end}",
            label="How much does it stand in the way?",
            kind="radios",
            choices=WEIGHTS,
            value=Weight.MEDIUM.value,
        ),
        *leader_fields(known, None, end),
        Field(name=f"due{end}", label="By when?", kind="date", width="10"),
    )


def _condition_fields(one: Option) -> tuple[Field, Field]:
    states = tuple(Choice(state.key, state.label) for state in IN_PLACE)
    return (
        Field(name=f"state-{one.key}", label=one.label, kind="radios", choices=states),
        Field(name=f"why-{one.key}", label="Because", kind="textarea"),
    )
