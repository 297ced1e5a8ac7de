"""A framework's editor: its name, its steps and its indicators at once."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.frameworks import Framework, differences, unfinished, written
from app.kit.errors import ConflictError, NotFoundError
from app.kit.typed import Typed
from app.pages._parts import Confirm, Field, Form
from app.pages.notes.forms_draft import Said, Sent, theirs
from app.pages.notes.forms_read import FormPublishPage
from app.pages.notes.frameworks import address
from app.store.notes import frameworks
from app.store.notes.frameworks import Draft

NO_DRAFT = "There is no draft of this framework. Begin one from its page."


@dataclass(frozen=True, slots=True)
class PieceEdit:
    """A step or an indicator with its texts; the key is what its buttons send."""

    key: str
    name: str
    inputs: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FrameworkDraftPage:
    """The editor. `missing` is what stands between the draft and being published."""

    template: ClassVar[str] = "notes/framework_draft.html"
    name: str
    version: int
    address: str
    form: Form
    about: tuple[Field, ...]
    steps: tuple[PieceEdit, ...]
    add_step: Field
    indicators: tuple[PieceEdit, ...]
    add_indicator: tuple[Field, ...]
    missing: tuple[str, ...]


async def load(db: AsyncSession, member: Member, key: str, sent: Sent | None = None) -> FrameworkDraftPage:
    """The editor, with what was sent over what is kept: one statement. Raises ConflictError without a draft."""
    draft = await _draft(db, member, key)
    typed, faults = (sent.typed, sent.faults) if sent else (Typed(), ())
    if sent:
        faults += theirs(_pieces(draft.framework, Said(Typed(), {}, "")).inputs, sent)
    framework = written(draft.framework, typed)
    said = Said(typed, {fault.path: fault.because for fault in reversed(faults)}, "")
    pieces = _pieces(framework, said)
    add_step = said.new("add.step", "Another step")
    new = (
        said.new("add.indicator", "Another indicator"),
        said.input("add.asks", "What it asks", typed.text("add.asks"), kind="textarea"),
    )
    here = address(member, key)
    return FrameworkDraftPage(
        name=draft.framework.name,
        version=draft.framework.version,
        address=here,
        form=Form(
            action=f"{here}/draft",
            submit="Save the draft",
            fields=(*pieces.inputs, add_step, *new),
            faults=faults,
            kept=(("stamp", draft.changed_at.isoformat()),),
        ),
        about=pieces.about,
        steps=pieces.steps,
        add_step=add_step,
        indicators=pieces.indicators,
        add_indicator=new,
        missing=() if faults else tuple(one.because for one in unfinished(framework)),
    )


@dataclass(frozen=True, slots=True)
class _Pieces:
    about: tuple[Field, ...]
    steps: tuple[PieceEdit, ...]
    indicators: tuple[PieceEdit, ...]

    @property
    def inputs(self) -> tuple[Field, ...]:
        return (*self.about, *(one for piece in (*self.indicators, *self.steps) for one in piece.inputs))


def _pieces(framework: Framework, said: Said) -> _Pieces:
    about = (
        said.input("name", "What it is called", framework.name),
        said.input("intro", "What it begins with", framework.intro, kind="textarea"),
    )
    steps = tuple(
        PieceEdit(one.key, one.label, (said.input(f"step.{one.key}", f"Step {n}", one.label),))
        for n, one in enumerate(framework.steps, 1)
    )
    indicators = tuple(
        PieceEdit(
            one.key,
            one.label,
            (
                said.input(f"indicator.{one.key}", f"Indicator {n}", one.label),
                said.input(f"asks.{one.key}", "What it asks", one.asks, kind="textarea"),
            ),
        )
        for n, one in enumerate(framework.indicators, 1)
    )
    return _Pieces(about, steps, indicators)


async def load_publish(db: AsyncSession, member: Member, key: str) -> FormPublishPage:
    """What the draft changes, and the question: two statements. Raises ConflictError without a draft."""
    draft = await _draft(db, member, key)
    versions = await frameworks.versions(db, member.hub_id, key)
    framework, here = draft.framework, f"{address(member, key)}/draft"
    return FormPublishPage(
        title=f"{framework.name}: version {framework.version}",
        beside=f"Beside version {versions[0].framework.version}" if versions else "A framework of the hub's own",
        changes=differences(versions[0].framework, framework) if versions else (_asks(framework),),
        missing=tuple(one.because for one in unfinished(framework)),
        confirm=Confirm(
            question=f"Publish version {framework.version}?",
            happens=(
                "Everybody in the hub can reflect on it from now on, each for themselves alone.",
                "What people wrote before stays as it was, with the words it was written under.",
                "To undo it, publish an earlier version again, or stop offering it.",
            ),
            action=f"{here}/publish",
            submit=f"Publish version {framework.version}",
            back=here,
            kept=(("stamp", draft.changed_at.isoformat()),),
            harm=False,
        ),
    )


def _asks(framework: Framework) -> str:
    many = len(framework.indicators)
    things = "one thing" if many == 1 else f"{many} things"
    return f"It asks about {things}, and people place themselves in {len(framework.steps)} steps."


async def _draft(db: AsyncSession, member: Member, key: str) -> Draft:
    draft = (await frameworks.drafts(db, member.hub_id)).get(key)
    if draft is None and not await frameworks.versions(db, member.hub_id, key):
        raise NotFoundError
    if draft is None:
        raise ConflictError(NO_DRAFT)
    return draft
