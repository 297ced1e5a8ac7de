"""What each stage asks for: the criteria in use by kind of programme, the editor of the next version, each version."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.hubs.programmes import DEFAULTS as PROGRAMMES
from app.domain.stages.criteria import DEFAULTS, KNOWN, Ask, CriteriaOf, differences
from app.domain.stages.criteria_form import YES, box
from app.domain.stages.ladder import ORDER
from app.kit.errors import ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.kit.typed import Typed
from app.pages._parts import Choice, Confirm, Field, Form, refilled
from app.store.stages import criteria as stored
from app.store.stages.criteria import Stored

NAMES = {terms.kind: terms.name for terms in PROGRAMMES}
SHIPPED = "As it ships"


def known_kind(text: str) -> str:
    """A kind of programme from an address; raises NotFoundError for any other word."""
    if text not in NAMES:
        raise NotFoundError
    return text


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of programme with what it asks for."""

    name: str
    href: str
    since: str
    says: tuple[str, ...]
    draft_href: str


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    """What each kind of programme asks for."""

    template: ClassVar[str] = "stages/criteria.html"
    lines: tuple[KindLine, ...]
    ladder_href: str


async def load(db: AsyncSession, member: Member) -> CriteriaPage:
    """The page: two statements."""
    used, drafts = await stored.in_use(db, member.hub_id), await stored.drafts(db, member.hub_id)
    home = f"/hubs/{member.hub_code}/criteria"
    return CriteriaPage(
        lines=tuple(
            KindLine(
                name=NAMES[kind],
                href=f"{home}/kinds/{kind}",
                since=f"Version {used[kind][1].version}" if used[kind][0] else SHIPPED,
                says=tuple(one.says for one in used[kind][1].items),
                draft_href=f"{home}/{drafts[kind].id}" if kind in drafts else "",
            )
            for kind in ORDER
        ),
        ladder_href=f"/hubs/{member.hub_code}/ladder",
    )


@dataclass(frozen=True, slots=True)
class Block:
    """One known criterion in the editor: whether it is asked, and its numbers."""

    asked: Field
    numbers: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version that was published."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class CriteriaKindPage:
    """The editor of one kind, filled with the draft or, before there is one, with what is in use."""

    template: ClassVar[str] = "stages/criteria_kind.html"
    name: str
    version: int
    back: str
    form: Form
    blocks: tuple[Block, ...]
    draft_href: str
    changes: tuple[str, ...]
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could not be taken: what was typed, and what to change."""

    typed: Typed
    faults: tuple[Fault, ...]


async def load_kind(db: AsyncSession, member: Member, kind: str, sent: Sent | None = None) -> CriteriaKindPage:
    """The editor, with what was sent over what is kept: two statements."""
    every = await stored.versions(db, member.hub_id, kind)
    draft = (await stored.drafts(db, member.hub_id)).get(kind)
    shipped = DEFAULTS[kind]
    used = every[0].criteria if every else shipped
    home = f"/hubs/{member.hub_code}/criteria"
    blocks = _blocks(draft.criteria if draft else used)
    form = Form(
        action=f"{home}/kinds/{kind}",
        submit="Save the draft",
        fields=tuple(field for block in blocks for field in (block.asked, *block.numbers)),
        kept=(("stamp", draft.made_at.isoformat() if draft else ""),),
    )
    if sent:
        form = refilled(form, sent.typed, sent.faults)
        said = {field.name: field for field in form.fields}
        blocks = tuple(
            Block(said[one.asked.name], tuple(said[number.name] for number in one.numbers)) for one in blocks
        )
    return CriteriaKindPage(
        name=NAMES[kind],
        version=draft.criteria.version if draft else used.version + 1,
        back=home,
        form=form,
        blocks=blocks,
        draft_href=f"{home}/{draft.id}" if draft else "",
        changes=differences(used, draft.criteria) if draft else (),
        versions=tuple(_version_line(home, one) for one in every),
    )


def _blocks(filled: CriteriaOf) -> tuple[Block, ...]:
    """Every known criterion: first those that are asked, in their order."""
    asked = {one.kind: one for one in filled.items}
    return tuple(
        Block(
            asked=Field(
                name=one.kind,
                label=one.title,
                kind="checkboxes",
                hint=one.tells,
                chosen=(YES,) if one.kind in asked else (),
                choices=(Choice(YES, "The school must show this"),),
            ),
            numbers=tuple(_number(one.kind, ask, asdict(one)[ask.name]) for ask in one.asks),
        )
        for one in (*filled.items, *(make() for kind, make in KNOWN.items() if kind not in asked))
    )


def _number(kind: str, ask: Ask, value: object) -> Field:
    name = box(kind, ask)
    if ask.choices:
        choices = tuple(Choice(*one) for one in ask.choices)
        return Field(name=name, label=ask.label, kind="select", value=str(value), choices=choices)
    return Field(name=name, label=ask.label, kind="number", value=str(value), width="3")


def _version_line(home: str, one: Stored) -> VersionLine:
    return VersionLine(f"Version {one.criteria.version}, {_since(one)}", f"{home}/{one.id}")


def _since(one: Stored) -> str:
    if one.published_at is None:
        return "a draft that does not hold yet"
    return f"published on {spoken_date(in_london(one.published_at).date())}"


@dataclass(frozen=True, slots=True)
class CriteriaVersionPage:
    """One version: what it asks for, what it changes, and what can be done with a draft."""

    template: ClassVar[str] = "stages/criteria_version.html"
    name: str
    version: int
    since: str
    is_draft: bool
    address: str
    kind_href: str
    says: tuple[str, ...]
    changes: tuple[str, ...]
    before: int


async def load_version(db: AsyncSession, member: Member, criteria_id: uuid.UUID) -> CriteriaVersionPage:
    """The page: two statements. Raises NotFoundError."""
    one, every = await _one(db, member, criteria_id)
    before = next((each for each in every if each.criteria.version < one.criteria.version), None)
    home = f"/hubs/{member.hub_code}/criteria"
    kind = one.criteria.kind
    return CriteriaVersionPage(
        name=NAMES[kind],
        version=one.criteria.version,
        since=_since(one),
        is_draft=one.published_at is None,
        address=f"{home}/{one.id}",
        kind_href=f"{home}/kinds/{kind}",
        says=tuple(each.says for each in one.criteria.items),
        changes=differences(before.criteria, one.criteria) if before else (),
        before=before.criteria.version if before else 0,
    )


async def _one(db: AsyncSession, member: Member, criteria_id: uuid.UUID) -> tuple[Stored, Sequence[Stored]]:
    one = await stored.one(db, member.hub_id, criteria_id)
    if one is None or one.criteria.kind not in NAMES:
        raise NotFoundError
    return one, await stored.versions(db, member.hub_id, one.criteria.kind)


@dataclass(frozen=True, slots=True)
class CriteriaConfirmPage:
    """Asks before a draft holds or is gone."""

    template: ClassVar[str] = "stages/criteria_confirm.html"
    confirm: Confirm


def _draft_only(one: Stored) -> None:
    if one.published_at:
        raise ConflictError("This version is published and does not change any more.")


async def ask_to_publish(db: AsyncSession, member: Member, criteria_id: uuid.UUID) -> CriteriaConfirmPage:
    """What publishing would change, and for whom: three statements. Raises NotFoundError or ConflictError."""
    one, every = await _one(db, member, criteria_id)
    _draft_only(one)
    kind, address = one.criteria.kind, f"/hubs/{member.hub_code}/criteria/{one.id}"
    used = every[0].criteria if every else DEFAULTS[kind]
    waiting = await stored.proposals(db, member.hub_id, kind)
    return CriteriaConfirmPage(
        Confirm(
            question=f"Publish version {one.criteria.version} of the criteria for {NAMES[kind]}?",
            happens=(
                *_changes(differences(used, one.criteria)),
                f"From now on every school in {NAMES[kind]} is held against it.",
                _waiting(waiting),
                "Once it is published it does not change any more; the next change is another version.",
            ),
            action=f"{address}/publish",
            submit="Publish it",
            back=address,
            kept=(("stamp", one.made_at.isoformat()),),
            harm=False,
        )
    )


def _changes(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(found) or ("It says the same as the version in use: there is nothing to publish.",)


def _waiting(count: int) -> str:
    if not count:
        return "No move is proposed at the moment; those that are proposed later are held against this version."
    if count == 1:
        return "The move that is proposed now keeps the version it was proposed with."
    return f"The {count} moves that are proposed now keep the version they were proposed with."


async def ask_to_discard(db: AsyncSession, member: Member, criteria_id: uuid.UUID) -> CriteriaConfirmPage:
    """What discarding would do: two statements. Raises NotFoundError or ConflictError."""
    one, _ = await _one(db, member, criteria_id)
    _draft_only(one)
    address = f"/hubs/{member.hub_code}/criteria/{one.id}"
    return CriteriaConfirmPage(
        Confirm(
            question=f"Discard the draft of the criteria for {NAMES[one.criteria.kind]}?",
            happens=("What was changed in it is gone.", "The version in use stays, and no school is concerned."),
            action=f"{address}/discard",
            submit="Discard it",
            back=address,
        )
    )
