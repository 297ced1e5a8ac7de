"""The agreement of one enrolment: the text, who signed it, and the forms to sign, to enter from paper, to withdraw."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.stages import agreements as rules
from app.domain.stages.agreements import Block, How
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken, spoken_date, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Choice, Field, Form, refilled
from app.pages.meetings.certificates import Download
from app.pages.schools.detail import Fact
from app.pages.schools.map import LOOKS, Look
from app.pages.stages.recruiting_forms import ApproachFormPage
from app.pages.trail import history_of
from app.render.stages.agreement import agreement_pdf
from app.store.stages import agreement_texts, agreements, enrolments
from app.store.stages.agreements import Kept


@dataclass(frozen=True, slots=True)
class Earlier:
    """An agreement that counts no longer, in a sentence, with its paper."""

    says: str
    pdf: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """What is signed: the text as it was read, or as it is to be read; `form` is the head's own to sign."""

    template: ClassVar[str] = "stages/agreement.html"
    up: tuple[tuple[str, str], ...]
    heading: str
    programme: str
    look: Look
    says: str
    signed: bool
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
    form: Form | None
    pdf: str
    blank: str
    paper_href: str
    withdraw_href: str
    earlier: tuple[Earlier, ...]
    history: str


async def load(db: AsyncSession, viewer: Viewer, member: Member, enrolment_id: uuid.UUID) -> AgreementPage:
    """The agreement of an enrolment the member may see: five statements. Raises NotFoundError."""
    found = await _known(db, member, enrolment_id)
    row, terms = found.row, await agreements.terms(db, found.row)
    every = await agreements.of_enrolment(db, member.hub_id, enrolment_id)
    stands = next((one for one in every if one.withdrawn_at is None), None)
    heads = await agreements.heads(db, member.hub_id, [row.urn])
    text = stands.text if stands else rules.text_for((await _standing(db, member, row.kind)).text, terms)
    target = Target(member.hub_id, urns=frozenset({row.urn}))
    open_now = stands is None and rules.may_sign(row.state)
    signs = open_now and bool(decide(viewer, Can.SIGN_AGREEMENT, target))
    edits = bool(decide(viewer, Can.EDIT_STAGES, target))
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/enrolments/{row.id}/agreement"
    return AgreementPage(
        up=((found.school, f"{home}/schools/{row.urn}?year={row.year}"), ("Enrolment", f"{home}/enrolments/{row.id}")),
        heading=f"Agreement of {found.school} for {found.programme} in {spoken_year(row.year)}",
        programme=found.programme,
        look=LOOKS.get(row.kind, "none"),
        says=_says(stands, [head.name for head in heads], open_now=open_now, signs=signs),
        signed=stands is not None,
        facts=_facts(stands) if stands else (),
        blocks=rules.blocks(text),
        form=_sign_form(here, found.school, rules.seal(text)) if signs else None,
        pdf=_pdf(home, stands) if stands else "",
        blank=f"{here}/paper.pdf" if open_now else "",
        paper_href=f"{here}/paper" if open_now and edits else "",
        withdraw_href=f"{home}/agreements/{stands.id}/withdraw" if stands and edits else "",
        earlier=tuple(_earlier(home, one) for one in every if one.withdrawn_at is not None),
        history=history_of(member, "school", row.urn),
    )


async def _known(db: AsyncSession, member: Member, enrolment_id: uuid.UUID) -> enrolments.Row:
    found = await enrolments.one(db, member, enrolment_id)
    if found is None:
        raise NotFoundError
    return found


async def _standing(db: AsyncSession, member: Member, kind: str) -> agreement_texts.Standing:
    return await agreement_texts.standing(db, member.hub_id, kind)


def _says(stands: Kept | None, heads: Sequence[str], *, open_now: bool, signs: bool) -> str:
    if stands:
        return f"Signed by {stands.name}, {stands.part}, on {spoken_date(stands.signed_on)}."
    if not open_now:
        return "No agreement was signed, and this enrolment is over."
    if signs:
        return "Read it, and sign it below for your school."
    if heads:
        return f"Not signed yet: it waits for {rules.named(heads)}."
    return "Not signed yet. The hub knows no headteacher of this school: add them under People, or enter it from paper."


def _facts(of: Kept) -> tuple[Fact, ...]:
    return (
        Fact("Name", of.name),
        Fact("Part", of.part),
        Fact("Day", spoken_date(of.signed_on)),
        Fact("How", How(of.how).says),
        Fact("Entered", f"{spoken(of.signed_at)}{f', by {of.typed_by}' if of.typed_by else ''}"),
        Fact("Fingerprint of the PDF", of.digest.hex()[:16] or "none"),
    )


def _earlier(home: str, of: Kept) -> Earlier:
    when = spoken_date(in_london(of.withdrawn_at).date()) if of.withdrawn_at else ""
    says = f"Signed by {of.name} on {spoken_date(of.signed_on)}, withdrawn on {when}: {of.because}"
    return Earlier(says, _pdf(home, of))


def _pdf(home: str, of: Kept) -> str:
    return f"{home}/agreements/{of.id}/agreement.pdf"


def _name_and_part() -> tuple[Field, Field]:
    return (
        Field(
            name="name",
            label="Your full name",
            width="30",
            autocomplete="name",
            hint="Typing it here is your signature.",
        ),
        Field(name="part", label="Your part at the school", value="Headteacher", width="20"),
    )


def _sign_form(here: str, school: str, seal: str) -> Form:
    ticked = Choice("yes", f"I have read this agreement, and I sign it for {school}")
    read = Field(name="read", label="Your word", kind="checkboxes", choices=(ticked,))
    return Form(
        action=f"{here}/sign",
        submit="Sign the agreement",
        fields=(*_name_and_part(), read),
        kept=(("seal", seal),),
    )


def again(page: AgreementPage, typed: Typed, faults: tuple[Fault, ...]) -> AgreementPage:
    """The same page with what was typed; after a change of the text the form holds the new text's seal."""
    return replace(page, form=refilled(page.form, typed, faults)) if page.form else page


async def paper_form(db: AsyncSession, member: Member, enrolment_id: uuid.UUID, today: date) -> ApproachFormPage:
    """The form of an agreement that was signed on paper. Raises NotFoundError."""
    found = await _known(db, member, enrolment_id)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/enrolments/{enrolment_id}/agreement"
    heads = await agreements.heads(db, member.hub_id, [found.row.urn])
    kept = Choice("yes", "The hub keeps the signed paper")
    return ApproachFormPage(
        up=(("Agreements", f"{home}/agreements?year={found.row.year}"), (found.school, here)),
        heading=f"Enter the agreement of {found.school} from paper",
        lead="The text in use is kept with it, as it reads today.",
        schools=(),
        begins=(),
        form=Form(
            action=f"{here}/paper",
            submit="Enter it",
            fields=(
                Field(name="name", label="Who signed?", value=heads[0].name if heads else "", width="30"),
                Field(name="part", label="Their part at the school", value="Headteacher", width="20"),
                Field(name="day", label="On which day?", kind="date", value=today.isoformat(), width="10"),
                Field(name="read", label="The paper", kind="checkboxes", choices=(kept,)),
            ),
        ),
        back=here,
    )


async def withdraw_form(db: AsyncSession, member: Member, agreement_id: uuid.UUID) -> ApproachFormPage:
    """Why an agreement counts no longer. Raises NotFoundError."""
    kept = await agreements.one(db, member, agreement_id)
    if kept is None:
        raise NotFoundError
    found = await _known(db, member, kept.enrolment_id)
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/enrolments/{kept.enrolment_id}/agreement"
    because = Field(
        name="because",
        label="Why does it count no longer?",
        hint="Such as: entered for the wrong school. It is shown beside the agreement, which is kept.",
        width="30",
    )
    return ApproachFormPage(
        up=(("Agreements", f"{home}/agreements?year={found.row.year}"), (found.school, here)),
        heading=f"Withdraw the agreement of {found.school}?",
        lead=f"{kept.name} signed it on {spoken_date(kept.signed_on)}. The school is asked to sign again; a school "
        "that takes part goes on taking part.",
        schools=(),
        begins=(),
        form=Form(
            action=f"{home}/agreements/{agreement_id}/withdraw",
            submit="Withdraw it",
            fields=(because,),
            warning=True,
        ),
        back=here,
    )


async def pdf(db: AsyncSession, member: Member, agreement_id: uuid.UUID) -> Download:
    """The PDF exactly as it was made when it was signed. Raises NotFoundError."""
    if await agreements.one(db, member, agreement_id) is None:
        raise NotFoundError
    paper = await agreements.pdf(db, agreement_id)
    if not paper:
        raise NotFoundError(
            "Whoever signed this asked that their data be erased: the agreement counts, its paper is gone."
        )
    return Download("agreement.pdf", "application/pdf", paper)


async def blank(db: AsyncSession, member: Member, enrolment_id: uuid.UUID, now: datetime) -> Download:
    """The text to be signed on paper, with lines to sign on. Raises NotFoundError."""
    found = await _known(db, member, enrolment_id)
    terms = await agreements.terms(db, found.row)
    text = rules.text_for((await _standing(db, member, found.row.kind)).text, terms)
    return Download("agreement-to-sign.pdf", "application/pdf", agreement_pdf(text, terms, None, now))
