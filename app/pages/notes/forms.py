"""The forms of a hub's records: which there are, in which versions, and how many records have each."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.notes.editing.rules import FED_BY
from app.domain.notes.forms import KINDS, EventKind
from app.kit.errors import ConflictError, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.pages._parts import Confirm
from app.store.notes import form_changes
from app.store.notes.form_changes import Version

NAMES: dict[EventKind, str] = {"meeting": "Meetings", "visit": "Visits", "observation": "Lesson observations"}
ONE: dict[EventKind, str] = {"meeting": "a meeting", "visit": "a visit", "observation": "a lesson observation"}


def known_kind(text: str) -> EventKind:
    """A kind of event from an address. Raises NotFoundError."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise NotFoundError


def address(member: Member, kind: EventKind) -> str:
    """Where a form is changed."""
    return f"/hubs/{member.hub_code}/forms/{kind}"


def in_use(count: int) -> str:
    """How many records have a version, in words."""
    if not count:
        return "No record has it yet."
    return "1 record has it." if count == 1 else f"{count:,} records have it."


@dataclass(frozen=True, slots=True)
class FormLine:
    """The form of one kind of event, as it is now."""

    name: str
    href: str
    says: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class FormsPage:
    """Every form of the hub; `frameworks` is where reflections are set up."""

    template: ClassVar[str] = "notes/forms.html"
    forms: tuple[FormLine, ...]
    frameworks: str


async def load(db: AsyncSession, member: Member) -> FormsPage:
    """The page: a statement for each kind of event, and one."""
    drafted = await form_changes.drafts(db, member.hub_id)
    lines = [await _line(db, member, kind, drafted=kind in drafted) for kind in KINDS]
    return FormsPage(tuple(lines), f"/hubs/{member.hub_code}/frameworks")


async def _line(db: AsyncSession, member: Member, kind: EventKind, *, drafted: bool) -> FormLine:
    newest = (await form_changes.versions(db, member.hub_id, kind))[0]
    asks = sum(1 for _ in newest.form.fields())
    says = f"Version {newest.form.version}, {_since(newest)}. It asks {asks} questions. {in_use(newest.records)}"
    return FormLine(NAMES[kind], address(member, kind), says, drafted)


def _since(version: Version) -> str:
    if version.published_at is None:
        return "as Halfterm ships it"
    return f"since {spoken_date(in_london(version.published_at).date())}"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version; `again` publishes it once more, empty for the one in use."""

    number: int
    says: str
    href: str
    again: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of one kind of event: its versions, and the draft of the next one."""

    template: ClassVar[str] = "notes/form.html"
    name: str
    back: str
    drafted: bool
    next: int
    address: str
    versions: tuple[VersionLine, ...]


async def load_one(db: AsyncSession, member: Member, kind: EventKind) -> FormPage:
    """The page: two statements."""
    versions = await form_changes.versions(db, member.hub_id, kind)
    here = address(member, kind)
    newest = versions[0].form.version
    return FormPage(
        name=NAMES[kind],
        back=f"/hubs/{member.hub_code}/forms",
        drafted=await form_changes.draft(db, member.hub_id, kind) is not None,
        next=newest + 1,
        address=here,
        versions=tuple(_version(one, here, newest) for one in versions),
    )


def _version(version: Version, here: str, newest: int) -> VersionLine:
    number = version.form.version
    since = _since(version)
    says = f"{since[0].upper()}{since[1:]}. {in_use(version.records)}"
    link = f"{here}/versions/{number}"
    return VersionLine(number, says, link, "" if number == newest else f"{link}/again")


@dataclass(frozen=True, slots=True)
class FormConfirmPage:
    """Asks before a form, or a draft of one, becomes another."""

    template: ClassVar[str] = "notes/form_confirm.html"
    confirm: Confirm


async def ask_to_discard(db: AsyncSession, member: Member, kind: EventKind) -> FormConfirmPage:
    """What discarding the draft would do: one statement."""
    newest = (await form_changes.versions(db, member.hub_id, kind))[0].form.version
    here = address(member, kind)
    return FormConfirmPage(
        Confirm(
            question="Discard the draft?",
            happens=(
                "What was changed in it is gone, and cannot be brought back.",
                f"Version {newest} stays in use, and no record changes.",
            ),
            action=f"{here}/draft/discard",
            submit="Discard it",
            back=f"{here}/draft",
        )
    )


async def ask_to_remove(db: AsyncSession, member: Member, kind: EventKind, question: str) -> FormConfirmPage:
    """What leaving out a question that is taken up would do: one statement. Raises ConflictError when it is gone."""
    draft = await form_changes.draft(db, member.hub_id, kind)
    field = draft.form.field(question) if draft else None
    if draft is None or field is None:
        raise ConflictError("The draft does not ask this any more.")
    here = f"{address(member, kind)}/draft"
    lost = (f"{FED_BY[field.feeds]} Records that begin with the new version will have none.",) if field.feeds else ()
    return FormConfirmPage(
        Confirm(
            question="Leave this question out?",
            happens=(
                f"It asks: “{field.label}”",
                *lost,
                "Nothing happens before the draft is published, and records already begun keep the question.",
                "You can put it back, at the foot of the draft.",
            ),
            action=here,
            submit="Leave it out",
            back=f"{here}?open={question}",
            kept=(("do", f"remove:question:{question}"), ("sure", "yes"), ("stamp", draft.changed_at.isoformat())),
        )
    )


async def ask_to_publish_again(db: AsyncSession, member: Member, kind: EventKind, number: int) -> FormConfirmPage:
    """What publishing an earlier version again would do: one statement. Raises NotFoundError."""
    versions = await form_changes.versions(db, member.hub_id, kind)
    if number not in {one.form.version for one in versions}:
        raise NotFoundError
    new, here = versions[0].form.version + 1, address(member, kind)
    return FormConfirmPage(
        Confirm(
            question=f"Publish version {number} again?",
            happens=(
                f"It becomes version {new}, and the record of {ONE[kind]} that begins from now on has it.",
                "Records already begun keep the version they have.",
                "A draft that somebody is writing stays.",
            ),
            action=f"{here}/versions/{number}/again",
            submit=f"Publish it as version {new}",
            back=here,
            harm=False,
        )
    )
