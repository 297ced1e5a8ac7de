"""What people do with reflections of their own; nobody acts on another's."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Target, Viewer, decide
from app.domain.notes.frameworks import Framework
from app.kit.errors import BadInputError, ConflictError, Fault, ForbiddenError, NotFoundError
from app.kit.periods import academic_year, in_london
from app.models.notes import Reflection, ReflectionFramework
from app.store.notes import frameworks, reflections

LONGEST_WORDS = 20_000  # characters
SETTLED = "You wrote this on another day, so it stays as it was. You can remove it, or write a new one."

NOBODY_LEADS = "You take part in no Work Group this year, so there is nobody to share it with."


@dataclass(frozen=True, slots=True)
class Writer:
    """Whoever reflects, with their part in each of their hubs."""

    db: AsyncSession
    viewer: Viewer
    now: datetime

    @property
    def people(self) -> tuple[uuid.UUID, ...]:
        """The viewer as a person of each hub."""
        return tuple(member.person_id for member in self.viewer.members)


@dataclass(frozen=True, slots=True)
class Words:
    """Where somebody places themselves at one indicator, and what they write about it."""

    indicator: str
    where: str
    words: str


async def reflect(writer: Writer, member: Member, key: str, said: Words) -> None:
    """Keep a reflection under today's date. Raises NotFoundError, ForbiddenError or BadInputError."""
    _require(writer, member)
    versions = await frameworks.versions(writer.db, member.hub_id, key)
    if not versions or not versions[0].framework.offered:
        raise NotFoundError
    _check(versions[0].framework, said)
    framework_id = await frameworks.stored(writer.db, member.hub_id, versions[0], writer.now)
    writer.db.add(
        Reflection(
            hub_id=member.hub_id,
            person_id=member.person_id,
            framework_id=framework_id,
            indicator=said.indicator,
            where=said.where,
            words=said.words,
            said_at=writer.now,
        )
    )
    await writer.db.flush()


async def change(writer: Writer, key: uuid.UUID, where: str, words: str) -> None:
    """Write it anew, on the day it was written. Raises NotFoundError, ConflictError or BadInputError."""
    row = await _own(writer, key)
    if in_london(row.said_at).date() != in_london(writer.now).date():
        raise ConflictError(SETTLED)
    framework = await writer.db.get_one(ReflectionFramework, row.framework_id)
    _check(frameworks.as_framework(framework), Words(row.indicator, where, words))
    row.where, row.words = where, words
    await writer.db.flush()


async def share(writer: Writer, key: uuid.UUID) -> None:
    """Let whoever leads the writer's Work Groups read it. Raises NotFoundError, or ConflictError where nobody does."""
    row = await _own(writer, key)
    year = academic_year(in_london(writer.now).date())
    if not await reflections.leads_of(writer.db, row.person_id, year):
        raise ConflictError(NOBODY_LEADS)
    row.shared_at = writer.now
    await writer.db.flush()


async def take_back(writer: Writer, key: uuid.UUID) -> None:
    """Only its writer reads it from now on. Raises NotFoundError."""
    (await _own(writer, key)).shared_at = None
    await writer.db.flush()


async def remove(writer: Writer, key: uuid.UUID) -> None:
    """Remove it for good. Raises NotFoundError."""
    await writer.db.delete(await _own(writer, key))
    await writer.db.flush()


async def _own(writer: Writer, key: uuid.UUID) -> Reflection:
    row = await reflections.own_row(writer.db, writer.people, key)
    if row is None:
        raise NotFoundError
    member = writer.viewer.member(row.hub_id)
    if member is None:
        raise NotFoundError
    _require(writer, member)
    return row


def _require(writer: Writer, member: Member) -> None:
    decision = decide(writer.viewer, Can.REFLECT, Target(member.hub_id, frozenset({member.person_id})))
    if not decision:
        raise ForbiddenError("Your role does not let you keep reflections. Ask your hub coordinator.")


def _check(framework: Framework, said: Words) -> None:
    faults = []
    if framework.indicator(said.indicator) is None:
        faults.append(Fault("indicator", "Choose what you think about."))
    if framework.step(said.where) is None:
        faults.append(Fault("where", "Choose where you are with it now."))
    if len(said.words) > LONGEST_WORDS:
        faults.append(Fault("words", f"Use at most {LONGEST_WORDS:,} characters."))
    if faults:
        raise BadInputError("Look at what is marked below.", tuple(faults))
