"""One adjustment: the form it is written in, and what a second person may do with it."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.funding.facts import PAYEE_WORDS, Payee
from app.domain.funding.pence import pounds, read_pence
from app.domain.funding.statements import WHY_WORDS, Why
from app.domain.imports import read_date
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import academic_year, in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Reader, Typed
from app.pages._parts import Asked, Choice, Confirm, Field, Form, refilled
from app.pages.funding.adjustments import STATE_TAGS, STATE_WORDS
from app.pages.funding.statement import NOT_KNOWN
from app.pages.schools.detail import Fact
from app.pages.schools.years import asked_year
from app.pages.stages.enrolment import StepFormPage
from app.store.funding import adjustments
from app.store.funding import programmes as called
from app.store.funding.adjustments import Row
from app.store.hubs import details
from app.store.schools import reading

KEPT = "The school reads it, and it stays. Name no person."


@dataclass(frozen=True, slots=True)
class NewAdjustmentPage:
    """The form."""

    template: ClassVar[str] = "funding/adjustment_new.html"
    year: str
    form: Form
    back: str


@dataclass(frozen=True, slots=True)
class AdjustmentPage:
    """One of them; the addresses are empty for whoever may not go there."""

    template: ClassVar[str] = "funding/adjustment.html"
    home: str
    school: str
    amount: str
    because: str
    settled_because: str
    state: str
    state_tag: str
    wait: str
    facts: tuple[Fact, ...]
    agree_href: str
    decline_href: str
    take_back_href: str


@dataclass(frozen=True, slots=True)
class AdjustmentConfirmPage:
    """Asks before one is agreed or taken back."""

    template: ClassVar[str] = "funding/confirm.html"
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class Written:
    """What the form says, read: an amount in pence, plus is paid, minus taken off."""

    year: int
    urn: int
    why: Why
    day: date
    pence: int
    because: str
    payee: Payee
    programme: str


async def new(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> NewAdjustmentPage:
    """The form of a grant year: three statements."""
    today = in_london(now).date()
    year = asked_year(asked, today)
    known = await reading.of_year(db, member, year)
    kinds = await details.programmes(db, member.hub_id, [year])
    programmes = {one.code or one.kind: one.name for one, _ in kinds}
    day = today if academic_year(today) == year else date(year + 1, 8, 31)
    home = f"/hubs/{member.hub_code}/adjustments"
    schools = (Choice(str(one.urn), f"{one.name}, {one.town}") for one in known)
    fields = (
        Field(
            name="school",
            label="School",
            kind="select",
            value=asked.value("urn"),
            choices=(Choice("", "Choose a school"), *schools),
        ),
        Field(
            name="why",
            label="What kind of adjustment is it?",
            kind="radios",
            choices=tuple(Choice(one.value, says) for one, says in WHY_WORDS.items()),
        ),
        Field(
            name="amount",
            label="Amount in pounds",
            hint="Such as 120.00, which is paid to the school. With a minus it is taken off: -120.00.",
            width="10",
        ),
        Field(name="day", label="Day", kind="date", value=day.isoformat(), hint=f"A day of {spoken_year(year)}."),
        Field(name="because", label="What it is for", kind="textarea", hint=KEPT),
        Field(
            name="payee",
            label="As whose school is it paid?",
            kind="select",
            value=Payee.PARTICIPANT.value,
            choices=tuple(Choice(one.value, PAYEE_WORDS[one].capitalize()) for one in Payee),
        ),
        Field(
            name="programme",
            label="Programme",
            kind="select",
            choices=(Choice("", "None"), *(Choice(*one) for one in programmes.items())),
        ),
    )
    form = Form(action=home, submit="Put it forward", fields=fields, kept=(("year", str(year)),))
    return NewAdjustmentPage(year=spoken_year(year), form=form, back=home)


def new_again(page: NewAdjustmentPage, typed: Typed, faults: tuple[Fault, ...]) -> NewAdjustmentPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def read(typed: Typed) -> Written:
    """The form as values. Raises BadInputError naming each field that cannot be read."""
    reader = Reader(typed)
    urn, why = reader.read("school", _urn), reader.read("why", _why)
    day, pence = reader.read("day", read_date), reader.read("amount", read_pence)
    payee, year = reader.read("payee", _payee), reader.read("year", _year)
    if not typed.text("because"):
        reader.faults.append(Fault("because", "Say what the adjustment is for: the school reads it."))
    reader.finish()
    if urn is None or why is None or day is None or pence is None or payee is None or year is None:
        raise AssertionError("a form without faults is whole")
    return Written(year, urn, why, day, pence, typed.text("because"), payee, typed.text("programme")[:100])


def _urn(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise ValueError("Choose a school.")
    return int(text)


def _why(text: str) -> Why:
    if text not in set(Why):
        raise ValueError("Choose what kind of adjustment it is.")
    return Why(text)


def _payee(text: str) -> Payee:
    if text not in {"", *Payee}:
        raise ValueError("Choose as whose school it is paid.")
    return Payee(text or Payee.PARTICIPANT)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100):
        raise ValueError("Open the form from the list of adjustments: it names the grant year.")
    return int(text)


async def one(db: AsyncSession, member: Member, adjustment_id: uuid.UUID) -> AdjustmentPage:
    """One of them: two statements. Raises NotFoundError."""
    found = await _known(db, member, adjustment_id)
    row, home = found.row, f"/hubs/{member.hub_code}"
    here = f"{home}/adjustments/{row.id}"
    is_open, own = row.state == "proposed", row.by_id == member.person_id
    settles = is_open and not own and bool(member.reaches(Can.APPROVE_CLAIM))
    return AdjustmentPage(
        home=home,
        school=found.school,
        amount=pounds(row.pence),
        because=row.because,
        settled_because=row.settled_because,
        state=STATE_WORDS[row.state],
        state_tag=STATE_TAGS[row.state],
        wait="You wrote it: a second person of the hub agrees or declines it." if is_open and own else "",
        facts=_facts(found, home, (await called.names(db, member.hub_id)).of(row.programme, row.year)),
        agree_href=f"{here}/agree" if settles else "",
        decline_href=f"{here}/decline" if settles else "",
        take_back_href=f"{here}/take-back" if is_open and own else "",
    )


def _facts(found: Row, home: str, programme: str) -> tuple[Fact, ...]:
    row = found.row
    facts = [
        Fact("School", f"{found.school} ({row.urn})", f"{home}/schools/{row.urn}/owed"),
        Fact("Kind", WHY_WORDS[Why(row.why)]),
        Fact("Day", spoken_date(row.day)),
        Fact("Grant year", spoken_year(row.year)),
        Fact("Paid to", PAYEE_WORDS[Payee(row.payee)]),
    ]
    if row.programme:
        facts.append(Fact("Programme", programme))
    facts.append(Fact("Written", f"{spoken(row.made_at)}, by {found.by or NOT_KNOWN}"))
    if row.settled_at:
        by = found.settled_by or NOT_KNOWN
        facts.append(Fact(STATE_WORDS[row.state], f"{spoken(row.settled_at)}, by {by}"))
    if row.line_id:
        facts.append(Fact("Its line", f"In statement {found.reference}", f"{home}/lines/{row.line_id}"))
    return tuple(facts)


async def _known(db: AsyncSession, member: Member, adjustment_id: uuid.UUID) -> Row:
    found = await adjustments.one(db, member.hub_id, adjustment_id)
    if found is None:
        raise NotFoundError
    return found


async def _open(db: AsyncSession, member: Member, adjustment_id: uuid.UUID, *, own: bool) -> Row:
    """One that waits: written by the member themselves, or by somebody else."""
    found = await _known(db, member, adjustment_id)
    if found.row.state != "proposed":
        raise ConflictError("This adjustment was settled already. Look at what became of it.")
    if (found.row.by_id == member.person_id) is not own:
        other = "Somebody else wrote this adjustment. You can agree or decline it."
        raise ConflictError(other if own else "You wrote this adjustment: a second person agrees or declines it.")
    return found


_CONFIRMS = {
    "agree": (
        "Agree",
        "It becomes a line of an open statement of the school.",
        "It cannot be taken out again: write another against it.",
    ),
    "take-back": ("Take back", "Nothing is paid or taken off.", "You or somebody else can write another."),
}


async def ask(db: AsyncSession, member: Member, adjustment_id: uuid.UUID, what: str) -> AdjustmentConfirmPage:
    """Asks before it is agreed or taken back. Raises NotFoundError or ConflictError."""
    found = await _open(db, member, adjustment_id, own=what == "take-back")
    here = f"/hubs/{member.hub_code}/adjustments/{adjustment_id}"
    words, *happens = _CONFIRMS[what]
    return AdjustmentConfirmPage(
        Confirm(
            question=f"{words} the adjustment of {pounds(found.row.pence)} for {found.school}?",
            happens=tuple(happens),
            action=f"{here}/{what}",
            submit=words,
            back=here,
            kept=(("version", str(found.row.version)),),
            harm=what == "take-back",
        )
    )


async def ask_decline(db: AsyncSession, member: Member, adjustment_id: uuid.UUID) -> StepFormPage:
    """Asks why it is declined. Raises NotFoundError, or ConflictError, also for one's own."""
    found = await _open(db, member, adjustment_id, own=False)
    here = f"/hubs/{member.hub_code}/adjustments/{adjustment_id}"
    return StepFormPage(
        caption=f"{pounds(found.row.pence)} for {found.school}",
        heading="Decline this adjustment",
        says="Nothing is paid or taken off. Whoever wrote it reads why.",
        back=here,
        form=Form(
            action=f"{here}/decline",
            submit="Decline it",
            fields=(Field(name="because", label="Why", kind="textarea"),),
            kept=(("version", str(found.row.version)),),
            warning=True,
        ),
    )
