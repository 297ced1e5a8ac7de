"""A hub's templates for messages, and those that ship."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.mail.letters import SHIPPED, Sketch
from app.domain.mail.words import PERSONAL
from app.kit.errors import Fault, NotFoundError
from app.kit.typed import Typed
from app.pages._parts import Asked, Column, Confirm, Empty, Field, Form, Listing, listing, refilled
from app.store.mail import choosing

COLUMNS = (Column("name", "Name"), Column("subject", "Subject"), Column("", "Use"))
CSV_HEADER = ("name", "subject", "text")
WORDS = "Words in braces are filled in for each reader: " + ", ".join(f"{{{word}}}" for word in PERSONAL) + "."


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One of the hub's templates; `edit` and `remove` are empty for those who may not."""

    name: str
    subject: str
    use: str
    edit: str
    remove: str


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A template that ships; `copy` is empty for those who may not, `key` names it."""

    key: str
    name: str
    subject: str
    text: str
    use: str


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """The hub's templates. `copy` is where a copy is asked for, `new` the form; both empty for those who may not."""

    template: ClassVar[str] = "mail/templates.html"
    home: str
    listing: Listing
    templates: tuple[TemplateLine, ...]
    shipped: tuple[ShippedTemplate, ...]
    copy: str
    new: str


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """The form of one template; `remove` is empty for a new one."""

    template: ClassVar[str] = "mail/template.html"
    home: str
    question: str
    form: Form
    remove: str


@dataclass(frozen=True, slots=True)
class RemoveTemplatePage:
    """Asks before a template goes."""

    template: ClassVar[str] = "mail/template_remove.html"
    confirm: Confirm


def _here(member: Member) -> str:
    return f"/hubs/{member.hub_code}/templates"


async def load(db: AsyncSession, member: Member, asked: Asked) -> TemplatesPage:
    """The list: one statement."""
    here, messages = _here(member), f"/hubs/{member.hub_code}/messages"
    may = Reach.HUB in member.reaches(Can.SEND_MESSAGES)
    rows = await choosing.templates(db, member.hub_id)
    order, down = asked.order(("name", "subject"))
    rows = sorted(rows, key=lambda row: (getattr(row, order).lower(), row.name.lower()), reverse=down)
    lines = tuple(
        TemplateLine(
            name=row.name,
            subject=row.subject,
            use=f"{messages}/new?template={row.id}",
            edit=f"{here}/{row.id}/edit" if may else "",
            remove=f"{here}/{row.id}/remove" if may else "",
        )
        for row in rows
    )
    empty = Empty("Texts that your hub sends again and again will be here.", "Make one" if may else "", f"{here}/new")
    taken = {row.name for row in rows}
    return TemplatesPage(
        home=messages,
        listing=listing(asked, "The hub's templates", COLUMNS, total=len(lines), empty=empty),
        templates=lines,
        shipped=tuple(
            ShippedTemplate(key, one.name, one.subject, one.text, f"{messages}/new?template={key}")
            for key, one in SHIPPED.items()
            if one.name not in taken
        ),
        copy=f"{here}/copy" if may else "",
        new=f"{here}/new" if may else "",
    )


async def csv(db: AsyncSession, member: Member) -> list[tuple[object, ...]]:
    """The hub's templates as rows under CSV_HEADER."""
    return [(row.name, row.subject, row.text) for row in await choosing.templates(db, member.hub_id)]


def new(member: Member) -> TemplatePage:
    """An empty form."""
    here = _here(member)
    return TemplatePage(here, "What do you send again and again?", _form(f"{here}/new", Sketch("", "", ""), ()), "")


async def edit(db: AsyncSession, member: Member, template_id: uuid.UUID) -> TemplatePage:
    """The form of a template; raises NotFoundError."""
    row = await choosing.template(db, member.hub_id, template_id)
    if row is None:
        raise NotFoundError
    here = f"{_here(member)}/{row.id}"
    form = _form(f"{here}/edit", Sketch(row.name, row.subject, row.text), (("version", str(row.version)),))
    return TemplatePage(_here(member), f"What does {row.name} say?", form, f"{here}/remove")


def _form(action: str, sketch: Sketch, kept: tuple[tuple[str, str], ...]) -> Form:
    return Form(
        action=action,
        submit="Save the template",
        kept=kept,
        fields=(
            Field(name="name", label="Name", value=sketch.name, width="30", hint="How you find it again."),
            Field(name="subject", label="Subject", value=sketch.subject),
            Field(name="text", label="Message", kind="textarea", value=sketch.text, hint=WORDS),
        ),
    )


def again(page: TemplatePage, typed: Typed, faults: Sequence[Fault]) -> TemplatePage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def remove(db: AsyncSession, member: Member, template_id: uuid.UUID) -> RemoveTemplatePage:
    """The question; raises NotFoundError."""
    row = await choosing.template(db, member.hub_id, template_id)
    if row is None:
        raise NotFoundError
    here = _here(member)
    confirm = Confirm(
        question=f"Remove the template {row.name}?",
        happens=("Nobody can begin a message with it any more.", "Messages that were written with it stay."),
        action=f"{here}/{row.id}/remove",
        submit="Yes, remove it",
        back=here,
    )
    return RemoveTemplatePage(confirm)
