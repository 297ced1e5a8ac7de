"""What people want by mail, and hubs' templates, as rows."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.mail.choices import Choice
from app.domain.mail.letters import Sketch
from app.kit.errors import BadInputError, Fault
from app.kit.ids import new_id
from app.kit.links import read_link
from app.models.hubs import Hub
from app.models.mail import MailChoice, MailTemplate
from app.models.people import Person
from app.store.database import see_hubs

TAKEN = "There is a template of this name already. Choose another name."


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody whose choices are looked at, and their hub."""

    hub_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    hub: str


async def whose(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> Whose | None:
    """The person a link names; None for whoever has left."""
    found = await db.execute(
        select(col(Person.name), col(Hub.name))
        .join(Hub, col(Hub.id) == col(Person.hub_id))
        .where(col(Person.id) == person_id, col(Person.hub_id) == hub_id, col(Person.left_on).is_(None))
    )
    row = found.one_or_none()
    return Whose(hub_id, person_id, row[0], row[1]) if row else None


async def named(db: AsyncSession, secret: bytes, token: str) -> Whose | None:
    """Whom the link in a message names, with the wall open for their hub; None for any other text."""
    found = read_link(secret, "unsubscribe", token)
    if found is None:
        return None
    hub_id, person_id = found
    await see_hubs(db, hub_id)
    return await whose(db, hub_id, person_id)


async def choose(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID, choice: Choice) -> None:
    """Keep what somebody wants."""
    said = {"digest": choice.digest, "stopped": sorted(choice.stopped)}
    row = insert(MailChoice).values(person_id=person_id, hub_id=hub_id, bounced_because="", **said)
    await db.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=said))


async def templates(db: AsyncSession, hub_id: uuid.UUID) -> list[MailTemplate]:
    """The hub's own templates by name."""
    found = await db.execute(
        select(MailTemplate).where(col(MailTemplate.hub_id) == hub_id).order_by(func.lower(col(MailTemplate.name)))
    )
    return list(found.scalars())


async def template(db: AsyncSession, hub_id: uuid.UUID, template_id: uuid.UUID) -> MailTemplate | None:
    """One of them."""
    found = await db.execute(
        select(MailTemplate).where(col(MailTemplate.id) == template_id, col(MailTemplate.hub_id) == hub_id)
    )
    return found.scalar_one_or_none()


async def add(db: AsyncSession, hub_id: uuid.UUID, sketch: Sketch) -> uuid.UUID:
    """Keep a new template; raises BadInputError where its name is taken."""
    row = insert(MailTemplate).values(
        id=new_id(), hub_id=hub_id, name=sketch.name, subject=sketch.subject, text=sketch.text, version=1
    )
    made = await db.execute(row.on_conflict_do_nothing().returning(col(MailTemplate.id)))
    key = made.scalar_one_or_none()
    if key is None:
        raise BadInputError(TAKEN, (Fault("name", TAKEN),))
    return key


async def change(db: AsyncSession, row: MailTemplate, sketch: Sketch) -> None:
    """Write a template anew; raises BadInputError where its name is taken."""
    same = select(col(MailTemplate.id)).where(
        col(MailTemplate.hub_id) == row.hub_id, col(MailTemplate.name) == sketch.name, col(MailTemplate.id) != row.id
    )
    if (await db.execute(same)).first():
        raise BadInputError(TAKEN, (Fault("name", TAKEN),))
    row.name, row.subject, row.text, row.version = sketch.name, sketch.subject, sketch.text, row.version + 1
    await db.flush()


async def remove(db: AsyncSession, row: MailTemplate) -> None:
    """Forget a template."""
    await db.delete(row)
    await db.flush()
