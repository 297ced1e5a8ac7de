"""The reflection frameworks of a hub: which there are, what each asks, and in which versions."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.notes.frameworks import LONGEST_NAME, Framework
from app.kit.errors import Fault, NotFoundError
from app.kit.periods import in_london, spoken_date
from app.kit.typed import Typed
from app.pages._parts import Confirm, Field, Form, refilled
from app.pages.notes.forms import FormConfirmPage
from app.store.notes import frameworks
from app.store.notes.frameworks import Version


def address(member: Member, key: str = "") -> str:
    """Where a framework is changed; without a key, where all are."""
    home = f"/hubs/{member.hub_code}/frameworks"
    return f"{home}/{key}" if key else home


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """One framework in the list."""

    name: str
    href: str
    says: str


@dataclass(frozen=True, slots=True)
class FrameworksPage:
    """Every framework of the hub, and the form that begins one of its own."""

    template: ClassVar[str] = "notes/frameworks.html"
    frameworks: tuple[FrameworkLine, ...]
    form: Form
    forms: str


async def load(db: AsyncSession, member: Member, sent: tuple[Typed, tuple[Fault, ...]] | None = None) -> FrameworksPage:
    """The page, with what was typed if that could not be taken: two statements."""
    known = (await frameworks.newest(db, [member.hub_id]))[member.hub_id]
    drafts = await frameworks.drafts(db, member.hub_id)
    lines = [_line(member, one.framework, drafted=key in drafts) for key, one in known.items()]
    new = [one.framework for key, one in drafts.items() if key not in known]
    lines += [FrameworkLine(one.name, address(member, one.key), "A draft, not offered yet.") for one in new]
    name = Field(name="name", label="What is it called?", hint=f"At most {LONGEST_NAME} characters.", width="30")
    form = Form(action=address(member), submit="Begin a framework", fields=(name,))
    return FrameworksPage(tuple(lines), refilled(form, *sent) if sent else form, forms=f"/hubs/{member.hub_code}/forms")


def _line(member: Member, framework: Framework, *, drafted: bool) -> FrameworkLine:
    asks = f"Version {framework.version}, {len(framework.indicators)} indicators."
    says = asks if framework.offered else "Not offered any more."
    more = " A draft of the next version is being written." if drafted else ""
    return FrameworkLine(framework.name, address(member, framework.key), says + more)


@dataclass(frozen=True, slots=True)
class FrameworkVersion:
    """One published version; `again` publishes it once more, empty for the one in use."""

    number: int
    says: str
    again: str


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """One framework: what it asks, and its versions; `counts` is where the hub sees counts, empty for who may not."""

    template: ClassVar[str] = "notes/framework.html"
    name: str
    address: str
    back: str
    intro: str
    indicators: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    offered: bool
    drafted: bool
    next: int
    counts: str
    versions: tuple[FrameworkVersion, ...]


async def load_one(db: AsyncSession, member: Member, key: str) -> FrameworkPage:
    """The page: two statements. Raises NotFoundError."""
    versions = await frameworks.versions(db, member.hub_id, key)
    draft = (await frameworks.drafts(db, member.hub_id)).get(key)
    if not versions and draft is None:
        raise NotFoundError
    shown = versions[0].framework if versions else draft.framework if draft else Framework(key=key, version=0, name="")
    here = address(member, key)
    return FrameworkPage(
        name=shown.name,
        address=here,
        back=address(member),
        intro=shown.intro,
        indicators=tuple((one.label, one.asks) for one in shown.indicators) if versions else (),
        steps=tuple(one.label for one in shown.steps) if versions else (),
        offered=bool(versions) and shown.offered,
        drafted=draft is not None,
        next=shown.version + 1 if versions else 1,
        counts=f"{here}/counts" if versions and member.reaches(Can.COUNT_NOTES) else "",
        versions=tuple(_version(one, here, shown.version) for one in versions),
    )


def _version(version: Version, here: str, newest: int) -> FrameworkVersion:
    framework = version.framework
    since = f"Since {spoken_date(in_london(version.published_at).date())}" if version.published_at else "As it ships"
    asks = f"{len(framework.indicators)} indicators" if framework.offered else "not offered"
    again = "" if framework.version == newest else f"{here}/versions/{framework.version}/again"
    return FrameworkVersion(framework.version, f"{since}: {asks}.", again)


async def ask_to_discard(db: AsyncSession, member: Member, key: str) -> FormConfirmPage:
    """What discarding the draft would do: one statement. Raises NotFoundError."""
    name = (await load_one(db, member, key)).name
    here = address(member, key)
    return FormConfirmPage(
        Confirm(
            question=f"Discard the draft of {name}?",
            happens=("What was changed in it is gone, and cannot be brought back.", "What is offered now stays."),
            action=f"{here}/draft/discard",
            submit="Discard it",
            back=f"{here}/draft",
        )
    )


async def ask_to_withdraw(db: AsyncSession, member: Member, key: str) -> FormConfirmPage:
    """What no longer offering a framework would do: two statements. Raises NotFoundError."""
    page = await load_one(db, member, key)
    return FormConfirmPage(
        Confirm(
            question=f"Stop offering {page.name}?",
            happens=(
                "Nobody can choose it for a new reflection.",
                "What people wrote stays theirs, and they still see it.",
                "To undo it, publish an earlier version again.",
            ),
            action=f"{page.address}/withdraw",
            submit="Stop offering it",
            back=page.address,
        )
    )


async def ask_to_publish_again(db: AsyncSession, member: Member, key: str, number: int) -> FormConfirmPage:
    """What publishing an earlier version again would do: two statements. Raises NotFoundError."""
    page = await load_one(db, member, key)
    if number not in {one.number for one in page.versions}:
        raise NotFoundError
    return FormConfirmPage(
        Confirm(
            question=f"Publish version {number} of {page.name} again?",
            happens=(
                f"It becomes version {page.next}, and everybody who reflects from now on has it.",
                "What people wrote before stays as it was.",
            ),
            action=f"{page.address}/versions/{number}/again",
            submit=f"Publish it as version {page.next}",
            back=page.address,
            harm=False,
        )
    )
