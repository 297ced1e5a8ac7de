"""A message to a Work Group, or to everyone of a role: written, looked at whole, then sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Role
from app.domain.mail.letters import EVERYONE, LEAVES_AFTER_MINUTES, SHIPPED, Draft, Reader, said_to
from app.domain.mail.words import PERSONAL
from app.kit.errors import Fault
from app.kit.periods import academic_year, in_london
from app.kit.typed import Typed
from app.pages._parts import Asked, Choice, Confirm, Field, Form, refilled
from app.render.html import Link, plural
from app.store.mail import choosing, readers

NAMED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class WritePage:
    """The form, and templates to begin with."""

    template: ClassVar[str] = "mail/new.html"
    home: str
    form: Form
    templates: tuple[Link, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One whole letter as its reader gets it, everyone who gets one, and the question before it leaves."""

    template: ClassVar[str] = "mail/preview.html"
    home: str
    question: str
    to: str
    subject: str
    text: str
    readers: tuple[str, ...]
    more: str
    confirm: Confirm
    change: Form


@dataclass(frozen=True, slots=True)
class Asking:
    """The form with the Work Groups that could be chosen, and whether roles could."""

    page: WritePage
    groups: frozenset[uuid.UUID]
    to_roles: bool


async def load(db: AsyncSession, member: Member, asked: Asked, now: datetime) -> Asking:
    """The empty form, or one that begins with a template: two statements."""
    home = f"/hubs/{member.hub_code}/messages"
    groups = await readers.groups(db, member, academic_year(in_london(now).date()))
    to_roles = Reach.HUB in member.reaches(Can.SEND_MESSAGES)
    own = await choosing.templates(db, member.hub_id)
    known = {str(one.id): (one.name, one.subject, one.text) for one in own}
    known |= {key: (one.name, one.subject, one.text) for key, one in SHIPPED.items()}
    _, subject, text = known.get(asked.value("template"), ("", "", ""))
    here = Asked(f"{home}/new", asked.query)
    page = WritePage(
        home=home,
        form=_form(home, groups, (asked.value("group"),), to_roles=to_roles, words=(subject, text)),
        templates=tuple(Link(name, here.link(template=key)) for key, (name, _, _) in known.items()),
        words=tuple(f"{{{word}}}: {says}" for word, says in PERSONAL.items()),
    )
    return Asking(page, frozenset(key for key, _ in groups), to_roles)


def _form(
    home: str,
    groups: Sequence[tuple[uuid.UUID, str]],
    chosen: tuple[str, ...],
    *,
    to_roles: bool,
    words: tuple[str, str],
) -> Form:
    fields = [
        Field(
            name="groups",
            label="To the people of which Work Groups?",
            kind="checkboxes",
            hint="" if groups else "There is no Work Group of this year that you may write to.",
            chosen=chosen,
            choices=tuple(Choice(str(key), name) for key, name in groups),
        )
    ]
    if to_roles:
        everyone = Choice(EVERYONE, "Everyone in the hub")
        roles = tuple(Choice(role.stored, f"Every {role.value}") for role in Role)
        fields.append(Field(name="roles", label="Or to whom else?", kind="checkboxes", choices=(everyone, *roles)))
    fields += [
        Field(name="subject", label="Subject", value=words[0]),
        Field(name="text", label="Your message", kind="textarea", value=words[1]),
    ]
    return Form(action=f"{home}/new", submit="Look at it before it leaves", fields=tuple(fields))


def again(page: WritePage, typed: Typed, faults: Sequence[Fault]) -> WritePage:
    """The form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


def preview(member: Member, email: str, draft: Draft, people: Sequence[Reader]) -> PreviewPage:
    """What the first reader gets, and everyone who gets one."""
    home, first = f"/hubs/{member.hub_code}/messages", people[0]
    subject, text = said_to(draft, first)
    kept = (
        *(("groups", str(one)) for one in draft.groups),
        *(("roles", one) for one in draft.roles),
        ("subject", draft.subject),
        ("text", draft.text),
    )
    count = plural(len(people), "person", "people")
    happens = (
        f"{count} get it, each alone: nobody sees the others' addresses. Answers come to you, {email}.",
        f"It leaves in {LEAVES_AFTER_MINUTES} minutes, or when the hub's quiet hours end. Until then you can stop it.",
    )
    named = [f"{one.name}, {one.email}" for one in people[:NAMED_AT_MOST]]
    left = len(people) - len(named)
    return PreviewPage(
        home=home,
        question=f"Send this to {count}?",
        to=f"{first.name}, {first.email}",
        subject=subject,
        text=text,
        readers=tuple(named),
        more=f"And {left:,} more." if left else "",
        confirm=Confirm(
            question=f"Send this to {count}?",
            happens=happens,
            action=f"{home}/send",
            submit=f"Send it to {count}",
            back=f"{home}/new",
            kept=kept,
            harm=False,
        ),
        change=Form(action=f"{home}/new/change", submit="Change it", fields=(), kept=kept),
    )
