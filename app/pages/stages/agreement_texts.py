"""What headteachers sign: the version in use of each programme, earlier ones, and the draft of the next."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages import agreements as rules
from app.domain.stages.agreement_texts import SHIPPED
from app.domain.stages.agreements import PLACES, Block, Terms
from app.domain.stages.ladder import ORDER
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import spoken
from app.kit.typed import Typed
from app.pages._parts import Confirm, Field, Form, refilled
from app.pages.schools.map import LOOKS, Look
from app.pages.stages.recruiting import KINDS
from app.store.stages import agreement_texts
from app.store.stages.agreement_texts import Version

EXAMPLE = Terms("Ash Vale Primary School", "", "", 2026, 6, 3, "Two lead participants", "Mastery Specialist", "")


@dataclass(frozen=True, slots=True)
class TextLink:
    """A version in words, and where it can be read."""

    says: str
    href: str


@dataclass(frozen=True, slots=True)
class KindOfText:
    """One kind of programme: what stands, what came before, and the draft, if one was begun."""

    kind: str
    programme: str
    look: Look
    stands: TextLink
    earlier: tuple[TextLink, ...]
    draft_href: str
    begin_href: str


@dataclass(frozen=True, slots=True)
class TextsPage:
    """Every kind of programme with its agreement."""

    template: ClassVar[str] = "stages/agreement_texts.html"
    list_href: str
    kinds: tuple[KindOfText, ...]


@dataclass(frozen=True, slots=True)
class TextPage:
    """One version as a made-up school would read it, and what can be done with a draft."""

    template: ClassVar[str] = "stages/agreement_text.html"
    up: tuple[tuple[str, str], ...]
    heading: str
    says: str
    example: str
    blocks: tuple[Block, ...]
    edit_href: str
    publish_href: str
    discard_href: str


@dataclass(frozen=True, slots=True)
class TextFormPage:
    """The draft as it is written, with the words that are filled in."""

    template: ClassVar[str] = "stages/agreement_text_form.html"
    up: tuple[tuple[str, str], ...]
    heading: str
    places: tuple[str, ...]
    form: Form
    back: str


@dataclass(frozen=True, slots=True)
class TextConfirmPage:
    """A question before a draft is published or thrown away."""

    template: ClassVar[str] = "stages/approach_confirm.html"
    confirm: Confirm


def _home(member: Member) -> str:
    return f"/hubs/{member.hub_code}/agreement-texts"


async def load(db: AsyncSession, member: Member) -> TextsPage:
    """Every kind of programme: one statement."""
    every = await agreement_texts.every(db, member.hub_id)
    kinds = tuple(_kind(member, kind, [one for one in every if one.row.kind == kind]) for kind in ORDER)
    return TextsPage(f"/hubs/{member.hub_code}/agreements", kinds)


def _kind(member: Member, kind: str, versions: Sequence[Version]) -> KindOfText:
    home = _home(member)
    published = [one for one in versions if one.row.published_at]
    draft = next((one for one in versions if not one.row.published_at), None)
    links = [TextLink(_says(one), f"{home}/{one.row.id}") for one in published]
    shipped = TextLink("Version 1, as it comes with Halfterm", f"{home}/new?kind={kind}")
    return KindOfText(
        kind=kind,
        programme=KINDS[kind],
        look=LOOKS[kind],
        stands=links[0] if links else shipped,
        earlier=tuple(links[1:]),
        draft_href=f"{home}/{draft.row.id}" if draft else "",
        begin_href="" if draft else f"{home}/new?kind={kind}",
    )


def _says(one: Version) -> str:
    signed = "nobody has signed it yet" if not one.signed else f"signed {one.signed:,} time{'s' * (one.signed > 1)}"
    since = f", in use from {spoken(one.row.published_at)}" if one.row.published_at else ", a draft"
    return f"Version {one.row.version}{since}, {signed}"


async def one(db: AsyncSession, member: Member, text_id: uuid.UUID) -> TextPage:
    """One version. Raises NotFoundError."""
    every = await agreement_texts.every(db, member.hub_id)
    found = next((one for one in every if one.row.id == text_id), None)
    if found is None:
        raise NotFoundError
    row, here = found.row, f"{_home(member)}/{text_id}"
    example = replace(EXAMPLE, hub=member.hub_name, programme=KINDS[row.kind])
    is_draft = row.published_at is None
    return TextPage(
        up=_up(member),
        heading=f"The agreement for {KINDS[row.kind]}",
        says=f"{_says(found)}.",
        example=f"As {EXAMPLE.school}, which is made up, would read it.",
        blocks=rules.blocks(rules.text_for(row.text, example)),
        edit_href=f"{here}/edit" if is_draft else "",
        publish_href=f"{here}/publish" if is_draft else "",
        discard_href=f"{here}/discard" if is_draft else "",
    )


def _up(member: Member) -> tuple[tuple[str, str], ...]:
    return ("Agreements", f"/hubs/{member.hub_code}/agreements"), ("What headteachers sign", _home(member))


async def new_form(db: AsyncSession, member: Member, kind: str) -> TextFormPage:
    """A draft that begins with the text in use. Raises NotFoundError for a strange kind, ConflictError for a second."""
    if kind not in SHIPPED:
        raise NotFoundError
    if await agreement_texts.draft(db, member.hub_id, kind):
        raise ConflictError("There is a draft for this programme already. Open it from the list and go on with it.")
    standing = await agreement_texts.standing(db, member.hub_id, kind)
    form = Form(
        action=f"{_home(member)}/new",
        submit="Keep as a draft",
        fields=(_field(standing.text),),
        kept=(("kind", kind),),
    )
    return _form_page(member, kind, form, _home(member))


async def edit_form(db: AsyncSession, member: Member, text_id: uuid.UUID) -> TextFormPage:
    """The draft as it is. Raises NotFoundError, or ConflictError once it is published."""
    row = await agreement_texts.one(db, member.hub_id, text_id)
    if row is None:
        raise NotFoundError
    if row.published_at:
        raise ConflictError("This version is published and stays as it is. Begin a new draft from the list.")
    here = f"{_home(member)}/{text_id}"
    form = Form(
        action=f"{here}/edit",
        submit="Save the draft",
        fields=(_field(row.text),),
        kept=(("stamp", row.made_at.isoformat()),),
    )
    return _form_page(member, row.kind, form, here)


def _form_page(member: Member, kind: str, form: Form, back: str) -> TextFormPage:
    return TextFormPage(
        up=_up(member),
        heading=f"Write the agreement for {KINDS[kind]}",
        places=tuple("{" + word + "}: " + says for word, says in PLACES.items()),
        form=form,
        back=back,
    )


def _field(text: str) -> Field:
    hint = "A line that begins with # is a heading, one that begins with - belongs to a list. An empty line parts two."
    return Field(name="text", label="The text", kind="textarea", value=text, hint=hint)


def again(page: TextFormPage, typed: Typed, faults: tuple[Fault, ...]) -> TextFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def confirm(db: AsyncSession, member: Member, text_id: uuid.UUID, *, publish: bool) -> TextConfirmPage:
    """The question before a draft is published, or thrown away. Raises NotFoundError, ConflictError."""
    row = await agreement_texts.one(db, member.hub_id, text_id)
    if row is None:
        raise NotFoundError
    if row.published_at:
        raise ConflictError("This version is published and stays as it is.")
    here, what = f"{_home(member)}/{text_id}", f"version {row.version} of the agreement for {KINDS[row.kind]}"
    happens = (
        "Headteachers who sign from now on read and sign this text.",
        "What was signed before stays as it was signed, word for word.",
        "A published version is never changed: the next change is a new version.",
    )
    return TextConfirmPage(
        Confirm(
            question=f"Publish {what}?" if publish else f"Throw away {what}?",
            happens=happens if publish else ("What is written in the draft is lost.", "The version in use stays."),
            action=f"{here}/{'publish' if publish else 'discard'}",
            submit="Publish it" if publish else "Throw it away",
            back=here,
            kept=(("stamp", row.made_at.isoformat()),),
            harm=not publish,
        )
    )
