"""The privacy notice of a hub, for everybody; without a hub, what Halfterm says of itself."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.people.notice import Section, answers_for, own_paragraphs, what_ships
from app.domain.people.retention import KINDS, months_of
from app.kit.errors import NotFoundError
from app.pages.people.retention import keeps
from app.store.people import keeping, rights


@dataclass(frozen=True, slots=True)
class KeepsLine:
    """A kind of record, how long it is kept, and why."""

    says: str
    keeps: str
    because: str


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """Who answers, what is held and why, for how long, and what can be asked."""

    template: ClassVar[str] = "people/privacy.html"
    hub: str
    sections: tuple[Section, ...]
    keeps: tuple[KeepsLine, ...]


async def privacy_page(db: AsyncSession, code: str) -> PrivacyPage:
    """The notice of the hub with this code: two statements. Raises NotFoundError."""
    hub = await rights.hub_of_code(db, code)
    if hub is None:
        raise NotFoundError
    months = months_of(await keeping.own_months(db, hub.id))
    own = own_paragraphs(hub.privacy_notice)
    said = (Section("", own),) if own else what_ships(hub.name)
    answers = answers_for(hub.name, hub.controller, hub.privacy_contact)
    lines = tuple(KeepsLine(kind.says, keeps(months[kind.key]), kind.because) for kind in KINDS)
    return PrivacyPage(hub.name, (answers, *said), lines)


def privacy_of_nobody() -> PrivacyPage:
    """What holds for every hub here, as long as it says nothing else."""
    months = months_of({})
    answers = answers_for("your Maths Hub", "", "")
    lines = tuple(KeepsLine(kind.says, keeps(months[kind.key]), kind.because) for kind in KINDS)
    return PrivacyPage("", (answers, *what_ships("Your Maths Hub")), lines)
