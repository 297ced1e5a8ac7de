"""The forms of a draft rate card: one rate with all it asks, and the amounts of all rates at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.funding import rate_form
from app.domain.funding.conditions import KNOWN
from app.domain.funding.facts import PAYEE_WORDS
from app.domain.funding.rate_form import amount_box, boxes, condition_box
from app.domain.funding.rates import (
    CHANGE_WORDS,
    EACH_WORDS,
    FOR_WORDS,
    PER_WORDS,
    PRO_RATA_WORDS,
    Each,
    OnChange,
    ProRata,
    Rate,
)
from app.domain.stages.criteria import Ask
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import spoken_date, spoken_year, year_span
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, filled, refilled
from app.pages.funding.rates import draft_of
from app.store import hubs
from app.store.funding.cards import Stored

NEW = "new"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could not be taken: what was typed, and what to change."""

    typed: Typed
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class AmountRow:
    """Two boxes beside each other: from when, and how much."""

    since: Field
    pence: Field


@dataclass(frozen=True, slots=True)
class RateFormPage:
    """The form of one rate in its parts; `form` holds every field once more for what is wrong."""

    template: ClassVar[str] = "funding/rate_form.html"
    title: str
    form: Form
    first: tuple[Field, ...]
    amounts: tuple[AmountRow, ...]
    conditions: Field
    numbers: tuple[Field, ...]
    limits: tuple[Field, ...]
    back: str


async def rate_form_page(
    db: AsyncSession, member: Member, card_id: uuid.UUID, key: str, sent: Sent | None = None
) -> RateFormPage:
    """The form, with what was sent over what is kept: two statements. Raises NotFoundError or ConflictError."""
    found = await draft_of(db, member, card_id)
    rate = found.card.rate(key)
    if rate is None and key != NEW:
        raise NotFoundError
    programmes = await _programmes(db, member, found.card.year, rate)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    form = _form(found, rate, address, programmes)
    if sent:
        form = refilled(form, sent.typed, sent.faults)
    return _parts(found, rate, form, address)


def _form(found: Stored, rate: Rate | None, address: str, programmes: Sequence[Choice]) -> Form:
    first = year_span(found.card.year).first
    fields = (
        *_first_fields(rate, programmes),
        *(field for place in range(rate_form.rows(rate)) for field in _amount_fields(place)),
        _condition_field(),
        *(_number(kind, ask) for kind, one in KNOWN.items() for ask in _asks(one)),
        *_limit_fields(),
    )
    form = Form(
        action=f"{address}/rates/{rate.key if rate else NEW}",
        submit="Save in the draft",
        fields=fields,
        kept=(("stamp", found.made_at.isoformat()),),
    )
    usual: dict[str, Any] = {
        "each": Each.SCHOOL.value,
        "pro_rata": ProRata.WHOLE.value,
        "on_change": OnChange.DAYS.value,
        "meetings": "6",
        amount_box(0, "since"): first.isoformat(),
        **{
            condition_box(kind, ask): str(getattr(one(), ask.name)) for kind, one in KNOWN.items() for ask in _asks(one)
        },
    }
    return filled(form, {**usual, **(boxes(rate) if rate else {})})


def _asks(one: object) -> tuple[Ask, ...]:
    asks: tuple[Ask, ...] = getattr(one, "asks", ())
    return asks


def _first_fields(rate: Rate | None, programmes: Sequence[Choice]) -> tuple[Field, ...]:
    key = Field(
        name="key",
        label="Short name",
        width="20",
        hint="Small letters, numbers and hyphens, such as release-day. Left empty it is made from the name. "
        "It stays as it is: lines that were paid bear it.",
    )
    return (
        Field(name="name", label="Name", hint="As your schools know it, such as Release for meetings."),
        *(() if rate else (key,)),
        _select("earned_by", "Paid for", FOR_WORDS),
        _select("per", "One amount for", PER_WORDS),
        _select("payee", "Paid to", PAYEE_WORDS),
        Field(
            name="programmes",
            label="In which programmes?",
            kind="checkboxes",
            hint="None ticked: in every programme.",
            choices=tuple(programmes),
        ),
    )


def _select(name: str, label: str, words: Any) -> Field:
    return Field(name=name, label=label, kind="select", choices=_choices(words))


def _choices(words: Any) -> tuple[Choice, ...]:
    return tuple(Choice(key.value, text[:1].upper() + text[1:]) for key, text in words.items())


def _amount_fields(place: int) -> tuple[Field, Field]:
    label = f"Amount {place + 1}"
    return (
        Field(name=amount_box(place, "since"), label=f"{label} holds from", kind="date"),
        Field(name=amount_box(place, "pence"), label=f"{label}, in pounds", width="10"),
    )


def _condition_field() -> Field:
    choices = tuple(Choice(kind, getattr(one, "title", kind)) for kind, one in KNOWN.items())
    return Field(
        name="conditions",
        label="What must hold before it is paid?",
        kind="checkboxes",
        hint="None ticked: it is paid for all that happened.",
        choices=choices,
    )


def _number(kind: str, ask: Ask) -> Field:
    title = getattr(KNOWN[kind], "title", kind)
    return Field(name=condition_box(kind, ask), label=f"{title}: {ask.label[:1].lower()}{ask.label[1:]}", width="3")


def _limit_fields() -> tuple[Field, ...]:
    return (
        Field(name="each", label="When two people of one school come", kind="select", choices=_choices(EACH_WORDS)),
        _select("pro_rata", "Of what is not whole", PRO_RATA_WORDS),
        Field(
            name="meetings",
            label="Meetings of a full year",
            kind="number",
            width="3",
            hint="Counts where a year is paid by meetings attended.",
        ),
        _select("on_change", "A year in which the school changes its URN", CHANGE_WORDS),
        Field(
            name="most",
            label="At most so many to one school in the year",
            kind="number",
            width="5",
            hint="Half-days, days, visits or miles. Left empty: no limit.",
        ),
        Field(
            name="most_pence",
            label="At most so many pounds to one school in the year",
            width="10",
            hint="Left empty: no limit.",
        ),
    )


async def _programmes(db: AsyncSession, member: Member, year: int, rate: Rate | None) -> list[Choice]:
    """The hub's programmes of the year by code, and codes that the rate names and nothing bears."""
    found = await hubs.programmes(db, member.hub_id, [year])
    known = {one.code or one.kind: one.name for one, _ in found}
    strange = [code for code in (rate.programmes if rate else ()) if code not in known]
    return [
        *(Choice(code, f"{name} ({code})") for code, name in known.items()),
        *(Choice(code, code, "No programme of this year has this code.") for code in strange),
    ]


def _parts(found: Stored, rate: Rate | None, form: Form, address: str) -> RateFormPage:
    said = {one.name: one for one in form.fields}
    rows = rate_form.rows(rate)
    head = [one for one in form.fields if one.name in {"name", "key", "earned_by", "per", "payee", "programmes"}]
    version = f"version {found.card.version} for {spoken_year(found.card.year)}"
    return RateFormPage(
        title=f"What does {rate.name} pay?" if rate else f"Which rate is added to {version}?",
        form=form,
        first=tuple(head),
        amounts=tuple(
            AmountRow(said[amount_box(place, "since")], said[amount_box(place, "pence")]) for place in range(rows)
        ),
        conditions=said["conditions"],
        numbers=tuple(one for one in form.fields if one.name.startswith("condition.")),
        limits=tuple(said[one.name] for one in _limit_fields()),
        back=address,
    )


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A rate with the box of its newest amount, and where all of it can be changed."""

    says: str
    amount: Field
    href: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class RateAmountsPage:
    """The newest amount of every rate, and what the version is for."""

    template: ClassVar[str] = "funding/rate_amounts.html"
    year: str
    version: int
    form: Form
    because: Field
    lines: tuple[AmountLine, ...]
    add_href: str
    back: str


async def amounts_page(
    db: AsyncSession, member: Member, card_id: uuid.UUID, sent: Sent | None = None
) -> RateAmountsPage:
    """The form, with what was sent over what is kept: one statement. Raises NotFoundError or ConflictError."""
    found = await draft_of(db, member, card_id)
    address = f"/hubs/{member.hub_code}/rate-cards/{found.id}"
    form = Form(
        action=f"{address}/edit",
        submit="Save the amounts",
        fields=(_because(found), *(_amount(one) for one in found.card.rates)),
        kept=(("stamp", found.made_at.isoformat()),),
    )
    if sent:
        form = refilled(form, sent.typed, sent.faults)
        form = replace(form, kept=(("stamp", found.made_at.isoformat()),))
    because, *amounts = form.fields
    return RateAmountsPage(
        year=spoken_year(found.card.year),
        version=found.card.version,
        form=form,
        because=because,
        lines=tuple(
            AmountLine(_says(rate), box, f"{address}/rates/{rate.key}", f"{address}/rates/{rate.key}/remove")
            for rate, box in zip(found.card.rates, amounts, strict=True)
        ),
        add_href=f"{address}/rates/{NEW}",
        back=address,
    )


def _because(found: Stored) -> Field:
    hint = "Whoever looks back reads it, such as “Supply at £210 from January, as the board agreed.”"
    return Field(name="because", label="What is this version for?", value=found.because, hint=hint)


def _amount(one: Rate) -> Field:
    newest = max(one.amounts, default=None)
    since = f"Holds from {spoken_date(newest.since)}." if newest else "No amount yet."
    value = rate_form.spelled(newest.pence) if newest else ""
    return Field(
        name=f"amount.{one.key}",
        label=f"{one.name}, in pounds {PER_WORDS[one.per]}",
        value=value,
        hint=since,
        width="10",
    )


def _says(one: Rate) -> str:
    paid = f"For {FOR_WORDS[one.earned_by]}, to {PAYEE_WORDS[one.payee]}."
    return " ".join((paid, *(each.says for each in one.conditions)))
