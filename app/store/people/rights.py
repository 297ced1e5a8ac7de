"""Requests about personal data, what people and schools allow, and how a hub answers for what it holds."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.people.rights import PHOTOS, State
from app.models.hubs import Hub
from app.models.meetings import Event
from app.models.people import Account, Consent, Person, RightsRequest
from app.models.schools import HubSchool
from app.store.database import see_hub_named, see_hubs

ERASED = "Your data was erased."


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the name of whoever asks."""

    id: uuid.UUID
    hub_id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    kind: str
    text: str
    asked_at: datetime
    due_on: date
    state: str
    answer: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody allowed or not, and when."""

    given: bool
    said_at: datetime
    by: str
    note: str


_SETTLER: Any = aliased(Person)


async def requests(db: AsyncSession, *narrowed: ColumnElement[bool]) -> list[Request]:
    """Requests, the open ones that are due first at the top: one statement."""
    found = await db.execute(
        select(
            col(RightsRequest.id),
            col(RightsRequest.hub_id),
            col(RightsRequest.person_id),
            func.coalesce(col(Person.name), ""),
            col(RightsRequest.kind),
            col(RightsRequest.text),
            col(RightsRequest.asked_at),
            col(RightsRequest.due_on),
            col(RightsRequest.state),
            col(RightsRequest.answer),
            col(RightsRequest.settled_at),
            func.coalesce(_SETTLER.name, ""),
        )
        .outerjoin(Person, col(Person.id) == col(RightsRequest.person_id))
        .outerjoin(_SETTLER, _SETTLER.id == col(RightsRequest.settled_by))
        .where(*narrowed)
        .order_by(col(RightsRequest.state) != State.OPEN.value, col(RightsRequest.due_on), col(RightsRequest.id))
    )
    return [Request(*tuple(row)) for row in found.all()]


async def of_people(db: AsyncSession, people: Collection[uuid.UUID]) -> list[Request]:
    """What these people asked."""
    return await requests(db, col(RightsRequest.person_id).in_(list(people)))


async def of_hub(db: AsyncSession, hub_id: uuid.UUID) -> list[Request]:
    """What a hub was asked."""
    return await requests(db, col(RightsRequest.hub_id) == hub_id)


async def one(db: AsyncSession, hub_id: uuid.UUID, request_id: uuid.UUID) -> Request | None:
    """One request of the hub."""
    found = await requests(db, col(RightsRequest.hub_id) == hub_id, col(RightsRequest.id) == request_id)
    return found[0] if found else None


async def ask(db: AsyncSession, row: RightsRequest) -> uuid.UUID:
    """Keep a new request."""
    db.add(row)
    await db.flush()
    return row.id


async def settle(db: AsyncSession, request_id: uuid.UUID, values: dict[str, Any]) -> bool:
    """Settle a request that is open; False when it is settled already. Two at once: one wins."""
    done = await db.execute(
        update(RightsRequest)
        .where(col(RightsRequest.id) == request_id, col(RightsRequest.state) == State.OPEN.value)
        .values(**values)
        .returning(col(RightsRequest.id))
    )
    return done.first() is not None


async def settle_of_erased(db: AsyncSession, person_id: uuid.UUID, by: uuid.UUID | None, now: datetime) -> None:
    """Whoever is erased has nothing open any more."""
    open_ones = update(RightsRequest).where(
        col(RightsRequest.person_id) == person_id, col(RightsRequest.state) == State.OPEN.value
    )
    await db.execute(open_ones.values(state=State.DONE.value, answer=ERASED, settled_at=now, settled_by=by))


async def counts(db: AsyncSession, hub_id: uuid.UUID, today: date) -> tuple[int, int]:
    """How many requests are open, and how many of them are late: one statement."""
    found = await db.execute(
        select(func.count(), func.count().filter(col(RightsRequest.due_on) < today)).where(
            col(RightsRequest.hub_id) == hub_id, col(RightsRequest.state) == State.OPEN.value
        )
    )
    row = found.one()
    return row[0], row[1]


async def address_of(db: AsyncSession, person: Person) -> str:
    """The address that a person signs in with."""
    found = await db.execute(select(col(Account.email)).where(col(Account.id) == person.account_id))
    return found.scalar_one()


async def history(
    db: AsyncSession, *, person_id: uuid.UUID | None = None, hub_id: uuid.UUID | None = None, urn: int | None = None
) -> list[Said]:
    """What a person, or a school in a hub, allowed of photos, the newest first: one statement."""
    whose = col(Consent.person_id) == person_id if person_id else col(Consent.urn) == urn
    found = select(col(Consent.given), col(Consent.said_at), func.coalesce(col(Person.name), ""), col(Consent.note))
    found = found.outerjoin(Person, col(Person.id) == col(Consent.said_by)).where(whose, col(Consent.kind) == PHOTOS)
    if hub_id:
        found = found.where(col(Consent.hub_id) == hub_id)
    rows = await db.execute(found.order_by(col(Consent.said_at).desc(), col(Consent.id).desc()))
    return [Said(row[0], row[1], row[2], row[3]) for row in rows.all()]


async def say(db: AsyncSession, row: Consent) -> None:
    """Keep what somebody allows from now on."""
    db.add(row)
    await db.flush()


async def no_photos(db: AsyncSession, places: Collection[tuple[uuid.UUID, int]]) -> set[tuple[uuid.UUID, int]]:
    """Those of these schools, by hub and URN, whose newest word on photos is no: one statement."""
    newest = (
        select(col(Consent.hub_id), col(Consent.urn), col(Consent.given))
        .ext(distinct_on(col(Consent.hub_id), col(Consent.urn)))
        .where(
            col(Consent.kind) == PHOTOS,
            col(Consent.hub_id).in_([hub for hub, _ in places]),
            col(Consent.urn).in_([urn for _, urn in places]),
        )
        .order_by(col(Consent.hub_id), col(Consent.urn), col(Consent.said_at).desc(), col(Consent.id).desc())
    )
    refused = {(row[0], row[1]) for row in (await db.execute(newest)).all() if not row[2]}
    return {place for place in places if place in refused}


async def hub_of_code(db: AsyncSession, code: str) -> Hub | None:
    """The hub with this code, for a page that anybody may read; its own rows are open then."""
    await see_hub_named(db, code)
    found = (await db.execute(select(Hub).where(col(Hub.code) == code))).scalar_one_or_none()
    if found is not None:
        await see_hubs(db, found.id)
    return found


async def write_notice(db: AsyncSession, hub_id: uuid.UUID, values: dict[str, Any], version: int) -> bool:
    """Write who answers for personal data; False when somebody else wrote the hub first."""
    done = await db.execute(
        update(Hub)
        .where(col(Hub.id) == hub_id, col(Hub.version) == version)
        .values(**values, version=version + 1)
        .returning(col(Hub.id))
    )
    return done.first() is not None


async def addresses(db: AsyncSession, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where to write to these people."""
    found = await db.execute(select(col(Person.id), col(Person.email)).where(col(Person.id).in_(people)))
    return {row[0]: row[1] for row in found.all()}


async def works_with(db: AsyncSession, hub_id: uuid.UUID, urn: int) -> bool:
    """Whether the school is one of the hub's, in any year."""
    found = await db.execute(
        select(col(HubSchool.id)).where(col(HubSchool.hub_id) == hub_id, col(HubSchool.urn) == urn).limit(1)
    )
    return found.first() is not None


async def not_in_photos(db: AsyncSession, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these people whose newest word on photos that show them is no: one statement."""
    newest = (
        select(col(Consent.person_id), col(Consent.given))
        .ext(distinct_on(col(Consent.person_id)))
        .where(col(Consent.kind) == PHOTOS, col(Consent.person_id).in_(list(people)))
        .order_by(col(Consent.person_id), col(Consent.said_at).desc(), col(Consent.id).desc())
    )
    refused = {row[0] for row in (await db.execute(newest)).all() if not row[1]}
    return {one for one in people if one in refused}


async def photos_refused(db: AsyncSession, event_id: uuid.UUID) -> bool:
    """Whether the school at which this event is does not want photos: one statement."""
    found = await db.execute(
        select(col(Consent.given))
        .join(Event, and_(col(Event.urn) == col(Consent.urn), col(Event.hub_id) == col(Consent.hub_id)))
        .where(col(Event.id) == event_id, col(Consent.kind) == PHOTOS)
        .order_by(col(Consent.said_at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none() is False
