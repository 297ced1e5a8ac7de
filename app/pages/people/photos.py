"""Whether photos may be taken at a school, as its head or the office said, with what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, No, Target, Viewer, decide
from app.kit.errors import ForbiddenError, NotFoundError
from app.pages._parts import Choice, Field, Form
from app.store.people import rights
from app.store.people.rights import Said
from app.store.schools import reading

WORDS = {True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What was said once, by whom and when."""

    says: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class PhotosPage:
    """Yes, no or not asked, and the history of it."""

    template: ClassVar[str] = "people/photos.html"
    school: str
    back: str
    now: str
    form: Form
    history: tuple[SaidLine, ...]


def history_lines(history: Sequence[Said]) -> tuple[SaidLine, ...]:
    """What was said, the newest first."""
    return tuple(SaidLine(WORDS[one.given], one.said_at, one.by, one.note) for one in history)


async def photos_page(db: AsyncSession, viewer: Viewer, member: Member, urn: int) -> PhotosPage:
    """The page for a school of the hub; raises NotFoundError and ForbiddenError."""
    decision = decide(viewer, Can.ALLOW_PHOTOS, Target(member.hub_id, urns=frozenset({urn})))
    facts = await reading.facts(db, urn)
    if facts is None or not await rights.works_with(db, member.hub_id, urn):
        raise NotFoundError
    if isinstance(decision, No):
        raise ForbiddenError(decision.because)
    history = await rights.history(db, hub_id=member.hub_id, urn=urn)
    here = f"/hubs/{member.hub_code}/schools/{urn}"
    fields = (
        Field(
            name="photos",
            label="May photos of work and lessons at this school be kept in records?",
            kind="radios",
            choices=(
                Choice("yes", "Yes", "Photos never show where or when they were taken, and are deleted in time."),
                Choice("no", "No", "Halfterm then takes no photo for meetings, visits and observations here."),
            ),
            value="" if not history else "yes" if history[0].given else "no",
        ),
        Field(name="note", label="A note, if you like", hint="For example who was asked, and on which day."),
    )
    return PhotosPage(
        facts.name,
        here,
        WORDS[history[0].given] if history else "Not asked yet",
        Form(action=f"{here}/photos", submit="Save", fields=fields),
        history_lines(history),
    )


async def in_words(db: AsyncSession, member: Member, urn: int) -> str:
    """Yes, No or Not asked yet: one statement."""
    history = await rights.history(db, hub_id=member.hub_id, urn=urn)
    return WORDS[history[0].given] if history else "Not asked yet"
