"""Forms about schools on their way: which schools, what happened, the referral anew, enrolling, off the list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages import recruiting as rules
from app.domain.stages.recruiting import REASONS, Way
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import academic_year, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Asked, Choice, Confirm, Field, Form, refilled
from app.pages.stages.recruiting import KINDS, coming_year, known
from app.store.schools import reading
from app.store.schools.reading import FoundSchool
from app.store.stages import recruiting

TRAIL_NAME = "Recruitment"
KIND_CHOICES = tuple(Choice(*one) for one in KINDS.items())
REASON_CHOICES = tuple(Choice(*one) for one in REASONS.items())
BEGINS = {  # the first step of schools that are new on the list
    Way.INVITED: "We invited them",
    Way.REFERRED: "They were referred",
    Way.INTERESTED: "They showed interest",
    Way.APPLIED: "They applied",
    Way.LISTED: "Nothing yet: only put them on the list",
}


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A school of GIAS that may be approached."""

    urn: int
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Which schools it is about: a search through GIAS, and a box for URNs."""

    template: ClassVar[str] = "stages/approach_choose.html"
    list_href: str
    action: str
    year: str
    year_number: int
    words: str
    found: tuple[FoundLine, ...]
    more: bool
    urns: str
    fault: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Another first step, with the same schools."""

    says: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class ApproachFormPage:
    """A form about one school or several; `begins` are the other first steps that can be said."""

    template: ClassVar[str] = "stages/approach_form.html"
    up: tuple[tuple[str, str], ...]
    heading: str
    lead: str
    schools: tuple[str, ...]
    begins: tuple[Begin, ...]
    form: Form
    back: str


@dataclass(frozen=True, slots=True)
class ApproachConfirmPage:
    """A question before a school is taken off the list."""

    template: ClassVar[str] = "stages/approach_confirm.html"
    confirm: Confirm


async def choose(db: AsyncSession, member: Member, asked: Asked, today: date, fault: str = "") -> ChoosePage:
    """Which schools: a search that leaves out those that have closed."""
    year, words, home = coming_year(asked, today), asked.value("q"), f"/hubs/{member.hub_code}"
    found = await reading.find(db, member.hub_id, year, words) if words else []
    return ChoosePage(
        list_href=f"{home}/recruitment?year={year}",
        action=f"{home}/approaches/new",
        year=spoken_year(year),
        year_number=year,
        words=words,
        found=tuple(FoundLine(one.urn, one.name, _where(one)) for one in found),
        more=len(found) == reading.FOUND_AT_MOST,
        urns=asked.value("urns"),
        fault=fault,
    )


def _where(one: FoundSchool) -> str:
    return ", ".join(word for word in (one.town, one.postcode, one.authority) if word)


async def new_form(
    db: AsyncSession, member: Member, urns: Sequence[int], first: tuple[Way, int], today: date
) -> ApproachFormPage:
    """What happened with these schools: `first` is the step, and the year in which they would begin.

    Raises BadInputError for no school at all, and for a number that GIAS does not have.
    """
    if not urns:
        raise BadInputError("Choose at least one school.")
    found = await recruiting.schools(db, urns)
    missing = set(urns) - {one.urn for one in found}
    if missing:
        because = f"GIAS knows no school {min(missing)}. Check the number, or import the newest GIAS file."
        raise BadInputError(because, (Fault("urns", because),))
    what, year = first
    here = f"/hubs/{member.hub_code}/approaches/new"
    tail = "".join(f"&urn={urn}" for urn in urns)
    fields = (*(await _programme_fields(db, member, year, today)), *step_fields(what, today))
    return ApproachFormPage(
        up=_up(member, year),
        heading="What has happened?",
        lead="",
        schools=tuple(f"{one.name}, {_where(one)} (URN {one.urn})" for one in found),
        begins=tuple(
            Begin(says, f"{here}?year={year}&what={way.value}{tail}", here=way is what) for way, says in BEGINS.items()
        ),
        form=Form(
            action=here,
            submit="Put this school on the list" if len(found) == 1 else f"Put these {len(found)} schools on the list",
            fields=fields,
            kept=(("what", what.value), *(("urn", str(urn)) for urn in urns)),
        ),
        back=f"{here}?year={year}",
    )


def begin_of(text: str) -> Way:
    """The first step that an address or a form names; invited where it names none."""
    return Way(text) if text in set(Way) and Way(text) in BEGINS else Way.INVITED


async def years_on_offer(db: AsyncSession, member: Member, today: date) -> list[int]:
    """This year, the next two, and every later one that the hub has opened."""
    now = academic_year(today)
    opened = await recruiting.years(db, member.hub_id)
    return sorted({now, now + 1, now + 2, *(one for one in opened if one > now)})


async def _programme_fields(
    db: AsyncSession, member: Member, year: int, today: date, kind: str = ""
) -> tuple[Field, ...]:
    years = sorted({*await years_on_offer(db, member, today), year})
    return (
        Field(
            name="year",
            label="In which academic year would they begin?",
            kind="select",
            choices=tuple(Choice(str(one), spoken_year(one)) for one in years),
            value=str(year),
        ),
        Field(
            name="kind",
            label="In which programme?",
            kind="select",
            choices=(Choice("", "Choose a programme"), *KIND_CHOICES),
            value=kind,
        ),
    )


def step_fields(what: Way, today: date) -> tuple[Field, ...]:
    """What a form asks of one step, and nothing more."""
    if what is Way.LISTED:
        return ()
    asks = {
        Way.REFERRED: "On which day were they referred?",
        Way.INVITED: "On which day were they invited?",
        Way.INTERESTED: "On which day did they show interest?",
        Way.APPLIED: "On which day did they apply?",
        Way.DECLINED: "On which day did they decline?",
    }
    day = Field(name="day", label=asks[what], kind="date", value=today.isoformat(), width="10")
    return (day, *_MORE.get(what, ()))


def _referral_fields(by: str = "", reasons: Sequence[str] = (), words: str = "") -> tuple[Field, ...]:
    return (
        Field(
            name="by",
            label="Who referred the school?",
            hint="Such as the local authority, a trust, another school, or the school itself.",
            value=by,
            width="30",
        ),
        Field(name="reasons", label="Why?", kind="checkboxes", choices=REASON_CHOICES, chosen=tuple(reasons)),
        Field(
            name="words",
            label="What else was said, or the other reason",
            kind="textarea",
            value=words,
            hint="Say nothing of a single teacher.",
        ),
    )


_MORE = {
    Way.REFERRED: _referral_fields(),
    Way.APPLIED: (Field(name="by", label="Who applied for the school?", hint="Their name and part.", width="30"),),
    Way.DECLINED: (Field(name="because", label="Why did it decline?", kind="textarea"),),
}


async def step_form(
    db: AsyncSession, member: Member, approach_id: uuid.UUID, what: Way | None, today: date
) -> ApproachFormPage:
    """The form of one next step. Raises NotFoundError, or ConflictError for a step that cannot follow."""
    of = await known(db, member, approach_id)
    here, state = f"/hubs/{member.hub_code}/approaches/{of.row.id}", rules.state_of(of.row)
    if what not in rules.next_steps(state):
        raise ConflictError(f"{of.school} {state.told}. Open its page to see what can happen next.")
    return ApproachFormPage(
        up=(*_up(member, of.row.year), (of.school, here)),
        heading=f"{of.school} {what.told}" if what is not Way.APPLIED else f"{of.school} has applied",
        lead="",
        schools=(),
        begins=(),
        form=Form(
            action=f"{here}/step",
            submit="Save",
            fields=step_fields(what, today),
            kept=(("what", what.value), ("version", str(of.row.version))),
        ),
        back=here,
    )


async def edit_form(db: AsyncSession, member: Member, approach_id: uuid.UUID, today: date) -> ApproachFormPage:
    """The programme, its year and the referral. Raises NotFoundError."""
    of = await known(db, member, approach_id)
    row, here = of.row, f"/hubs/{member.hub_code}/approaches/{of.row.id}"
    day = Field(
        name="day",
        label="On which day was it referred?",
        kind="date",
        value=row.referred_on.isoformat() if row.referred_on else "",
        hint="Leave it empty if nobody referred it.",
        width="10",
    )
    return ApproachFormPage(
        up=(*_up(member, row.year), (of.school, here)),
        heading=f"Change what is known of {of.school}",
        lead="",
        schools=(),
        begins=(),
        form=Form(
            action=f"{here}/edit",
            submit="Save",
            fields=(
                *(await _programme_fields(db, member, row.year, today, row.kind)),
                day,
                *_referral_fields(row.referred_by, row.reasons, row.words),
            ),
            kept=(("version", str(row.version)),),
        ),
        back=here,
    )


async def enrol_form(db: AsyncSession, member: Member, approach_id: uuid.UUID, today: date) -> ApproachFormPage:
    """Into which programme of the year. Raises NotFoundError."""
    of = await known(db, member, approach_id)
    row, home = of.row, f"/hubs/{member.hub_code}"
    offered = await recruiting.programmes(db, member.hub_id, row.year)
    fits = next((one for one in offered if one.kind == row.kind), None)
    year = spoken_year(row.year)
    lead = f"It then works with the hub in {year}, and its headteacher is asked to sign the agreement."
    if not offered:
        lead = f"The hub has no programmes in {year} yet. Open that year under Years first, then come back."
    return ApproachFormPage(
        up=(*_up(member, row.year), (of.school, f"{home}/approaches/{row.id}")),
        heading=f"Enrol {of.school}",
        lead=lead,
        schools=(),
        begins=(),
        form=Form(
            action=f"{home}/approaches/{row.id}/enrol",
            submit=f"Enrol {of.school}",
            fields=(
                Field(
                    name="programme",
                    label=f"In which programme of {year}?",
                    kind="select",
                    choices=(
                        Choice("", "Choose a programme"),
                        *(Choice(str(one.id), one.name) for one in offered),
                    ),
                    value=str(fits.id) if fits else "",
                ),
                Field(
                    name="day",
                    label="On which day did it apply?",
                    kind="date",
                    value=(row.applied_on or today).isoformat(),
                    width="10",
                ),
            ),
            kept=(("version", str(row.version)),),
        ),
        back=f"{home}/approaches/{row.id}",
    )


async def confirm_remove(db: AsyncSession, member: Member, approach_id: uuid.UUID) -> ApproachConfirmPage:
    """The question before a school is taken off the list. Raises NotFoundError."""
    of = await known(db, member, approach_id)
    here = f"/hubs/{member.hub_code}/approaches/{of.row.id}"
    happens = [
        f"What is written of its way into {spoken_year(of.row.year)} goes with it.",
        "It may then show as never reached, if it never took part in anything.",
    ]
    if rules.state_of(of.row) is not Way.DECLINED:
        happens.append("If it declined, say so instead: then nobody asks it again by mistake.")
    confirm = Confirm(
        question=f"Take {of.school} off the list?",
        happens=tuple(happens),
        action=f"{here}/remove",
        submit="Take it off the list",
        back=here,
    )
    return ApproachConfirmPage(confirm)


def again(page: ApproachFormPage, typed: Typed, faults: tuple[Fault, ...]) -> ApproachFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def _up(member: Member, year: int) -> tuple[tuple[str, str], ...]:
    return ((TRAIL_NAME, f"/hubs/{member.hub_code}/recruitment?year={year}"),)
