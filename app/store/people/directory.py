"""The people of a hub: found, read, written. What a viewer may read starts from store/visible.py."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, delete, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.access import Member, Role
from app.domain.people.written import WrittenPerson
from app.kit.errors import BadInputError, Fault
from app.models.hubs import SpecialistCohort
from app.models.meetings import Participant, VisitSeries, WorkGroup
from app.models.people import Away, Person, RoleHeld
from app.models.schools import HubSchool, School
from app.store import visible
from app.store.people.accounts import ensure_account
from app.store.people.booked import rebook

ORDERS = ("name", "email", "base")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people of the hub: words in name or e-mail, a role, whether they left; sorted, and (how many, after)."""

    words: str = ""
    role: Role | None = None
    left: bool = False
    order: str = "name"
    down: bool = False
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows them; roles as stored, groups by code."""

    id: uuid.UUID
    name: str
    email: str
    roles: list[str]
    works: dict[str, list[str]]
    base: str
    groups: list[str]
    left_on: date | None
    phone: str = ""  # empty for members who may not know it


@dataclass(frozen=True, slots=True)
class Place:
    """A part in a Work Group: as its leader, or coming from a school."""

    group_id: uuid.UUID
    code: str
    year: int
    leads: bool
    school: str


def _narrowed(member: Member, wanted: Wanted) -> Select[Person]:
    found = visible.people(member)
    gone = col(Person.left_on).is_not(None)
    found = found.where(gone if wanted.left else ~gone)
    if wanted.words:
        found = found.where(
            or_(
                col(Person.name).icontains(wanted.words, autoescape=True),
                col(Person.email).icontains(wanted.words, autoescape=True),
            )
        )
    if wanted.role:
        held = select(col(RoleHeld.person_id)).where(col(RoleHeld.role) == wanted.role.stored)
        found = found.where(col(Person.id).in_(held))
    return found


async def count(db: AsyncSession, member: Member, wanted: Wanted) -> int:
    """How many people there are to see."""
    found = select(func.count()).select_from(_narrowed(member, wanted).subquery())
    return (await db.execute(found)).scalar_one()


async def listed(db: AsyncSession, member: Member, wanted: Wanted) -> list[PersonRow]:
    """The people, one statement for all of them."""
    base = select(col(School.name)).where(col(School.urn) == col(Person.base_urn)).scalar_subquery()
    keys: dict[str, ColumnElement[Any]] = {
        "name": func.lower(col(Person.name)),
        "email": func.lower(col(Person.email)),
        "base": func.coalesce(base, ""),
    }
    key = keys.get(wanted.order, keys["name"])
    found = await db.execute(
        _narrowed(member, wanted)
        .with_only_columns(
            col(Person.id),
            col(Person.name),
            col(Person.email),
            _roles_of_person(),
            col(Person.works),
            func.coalesce(base, ""),
            _codes_of_person(),
            col(Person.left_on),
            case((visible.phones(member), col(Person.phone)), else_=""),
        )
        .order_by(key.desc() if wanted.down else key.asc(), col(Person.id))
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    return [PersonRow(*row) for row in found.all()]


def _roles_of_person() -> ColumnElement[Any]:
    held = select(func.array_agg(col(RoleHeld.role).distinct())).where(col(RoleHeld.person_id) == col(Person.id))
    return func.coalesce(held.scalar_subquery(), cast(literal("{}"), ARRAY(Text)))


def _codes_of_person() -> ColumnElement[Any]:
    takes_part = (
        exists()
        .where(col(Participant.group_id) == col(WorkGroup.id), col(Participant.person_id) == col(Person.id))
        .correlate(WorkGroup, Person)
    )
    codes = select(func.array_agg(aggregate_order_by(col(WorkGroup.code), col(WorkGroup.code)))).where(
        or_(col(WorkGroup.leader_id) == col(Person.id), takes_part)
    )
    return func.coalesce(codes.correlate(Person).scalar_subquery(), cast(literal("{}"), ARRAY(Text)))


async def one(db: AsyncSession, member: Member, person_id: uuid.UUID) -> Person | None:
    """The person, where this member may see them."""
    return (await db.execute(visible.people(member).where(col(Person.id) == person_id))).scalar_one_or_none()


async def phone(db: AsyncSession, member: Member, person_id: uuid.UUID) -> str:
    """Their telephone number, where this member may know it; else empty."""
    found = visible.people(member).where(col(Person.id) == person_id, visible.phones(member))
    return (await db.execute(found.with_only_columns(col(Person.phone)))).scalar_one_or_none() or ""


async def roles(db: AsyncSession, person_id: uuid.UUID) -> list[tuple[Role, int | None, str]]:
    """The roles somebody holds, a headteacher's with URN and name of the school."""
    found = await db.execute(
        select(col(RoleHeld.role), col(RoleHeld.urn), func.coalesce(col(School.name), ""))
        .outerjoin(School, col(School.urn) == col(RoleHeld.urn))
        .where(col(RoleHeld.person_id) == person_id)
    )
    order = list(Role)
    held = [(Role.of(stored), urn, name) for stored, urn, name in found.all()]
    return sorted(held, key=lambda one: (order.index(one[0]), one[2]))


async def places(db: AsyncSession, member: Member, person_id: uuid.UUID) -> list[Place]:
    """Their Work Groups that this member may see, the newest year first."""
    seen = visible.groups(member).subquery()
    led = select(seen.c.id, seen.c.code, seen.c.year, literal(value=True), literal("")).where(
        seen.c.leader_id == person_id
    )
    joined = (
        select(seen.c.id, seen.c.code, seen.c.year, literal(value=False), col(School.name))
        .join(Participant, col(Participant.group_id) == seen.c.id)
        .join(School, col(School.urn) == col(Participant.urn))
        .where(col(Participant.person_id) == person_id)
    )
    found = [Place(*row) for row in (await db.execute(led.union_all(joined))).all()]
    return sorted(found, key=lambda place: (-place.year, place.code))


async def away_days(db: AsyncSession, person_id: uuid.UUID) -> list[Away]:
    """The days on which they cannot come, in order."""
    found = select(Away).where(col(Away.person_id) == person_id).order_by(col(Away.day))
    return list((await db.execute(found)).scalars())


async def add_away(db: AsyncSession, person: Person, day: date, name: str) -> bool:
    """Note a day away; False when it was noted already."""
    made = insert(Away).values(id=uuid.uuid4(), hub_id=person.hub_id, person_id=person.id, day=day, name=name)
    done = await db.execute(made.on_conflict_do_nothing(index_elements=["person_id", "day"]).returning(col(Away.id)))
    return done.scalar_one_or_none() is not None


async def remove_away(db: AsyncSession, person_id: uuid.UUID, away_id: uuid.UUID) -> Away | None:
    """Take a day away back; what it was."""
    found = select(Away).where(col(Away.person_id) == person_id, col(Away.id) == away_id)
    away = (await db.execute(found)).scalar_one_or_none()
    if away:
        await db.delete(away)
    return away


async def add_person(db: AsyncSession, hub_id: uuid.UUID, written: WrittenPerson, now: datetime) -> Person:
    """A new person with their roles; raises BadInputError when the address is somebody's in this hub."""
    account = await ensure_account(db, written.email, now)
    await _refuse_twins(db, hub_id, account.id, None)
    person = Person(
        hub_id=hub_id,
        account_id=account.id,
        name=written.name.strip(),
        email=written.email.strip(),
        phone=written.phone.strip(),
        works={day: list(halves) for day, halves in written.works.items()},
        base_urn=written.base_urn,
        cohort_id=uuid.UUID(written.cohort) if written.cohort else None,
    )
    db.add(person)
    await db.flush()
    await _write_roles(db, person, written)
    return person


async def change_person(db: AsyncSession, person: Person, written: WrittenPerson, now: datetime) -> None:
    """Write a person anew. With another address they are another account: their bookings go along."""
    if written.email.strip().lower() != person.email.strip().lower():
        account = await ensure_account(db, written.email, now)
        await _refuse_twins(db, person.hub_id, account.id, person.id)
        person.account_id = account.id
        await rebook(db, person.id, account)
    person.name, person.email = written.name.strip(), written.email.strip()
    person.phone = written.phone.strip()
    person.works = {day: list(halves) for day, halves in written.works.items()}
    person.base_urn = written.base_urn
    person.cohort_id = uuid.UUID(written.cohort) if written.cohort else None
    person.version += 1
    await db.execute(delete(RoleHeld).where(col(RoleHeld.person_id) == person.id))
    await _write_roles(db, person, written)


async def _refuse_twins(db: AsyncSession, hub_id: uuid.UUID, account_id: uuid.UUID, but: uuid.UUID | None) -> None:
    found = select(col(Person.name)).where(col(Person.hub_id) == hub_id, col(Person.account_id) == account_id)
    if but:
        found = found.where(col(Person.id) != but)
    twin = (await db.execute(found)).scalar_one_or_none()
    if twin:
        because = f"{twin} has this address already. One address is one person."
        raise BadInputError("Look at what is marked below.", (Fault("email", because),))


async def _write_roles(db: AsyncSession, person: Person, written: WrittenPerson) -> None:
    for role in written.roles:
        urns: Iterable[int | None] = written.head_of if role is Role.HEADTEACHER else (None,)
        db.add_all(RoleHeld(hub_id=person.hub_id, person_id=person.id, role=role.stored, urn=urn) for urn in urns)
    await db.flush()


async def schools_of_hub(db: AsyncSession, hub_id: uuid.UUID) -> dict[int, str]:
    """Every school that the hub has worked with in any year, by name."""
    found = await db.execute(
        select(col(School.urn), col(School.name))
        .where(col(School.urn).in_(select(col(HubSchool.urn)).where(col(HubSchool.hub_id) == hub_id)))
        .order_by(func.lower(col(School.name)), col(School.urn))
    )
    return {row[0]: row[1] for row in found.all()}


async def school_names(db: AsyncSession, urns: Iterable[int]) -> dict[int, str]:
    """The names of these schools, for those that are known."""
    found = await db.execute(select(col(School.urn), col(School.name)).where(col(School.urn).in_(list(urns))))
    return {row[0]: row[1] for row in found.all()}


async def cohort_numbers(db: AsyncSession, hub_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """The hub's Specialist cohorts by number."""
    found = await db.execute(
        select(col(SpecialistCohort.id), col(SpecialistCohort.number))
        .where(col(SpecialistCohort.hub_id) == hub_id)
        .order_by(col(SpecialistCohort.number))
    )
    return {row[0]: row[1] for row in found.all()}


async def led_from(db: AsyncSession, person_id: uuid.UUID, year: int) -> list[str]:
    """What somebody leads or visits in this academic year and later, by the group's code."""
    led = select(col(WorkGroup.code)).where(col(WorkGroup.leader_id) == person_id, col(WorkGroup.year) >= year)
    visited = (
        select(col(WorkGroup.code))
        .join(VisitSeries, col(VisitSeries.group_id) == col(WorkGroup.id))
        .where(col(VisitSeries.visitor_id) == person_id, col(VisitSeries.year) >= year)
    )
    return sorted((await db.execute(led.union(visited))).scalars())


async def only_lead(db: AsyncSession, hub_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether nobody else can change the hub: its only lead, assistant or coordinator."""
    leads = [role.stored for role in (Role.HUB_LEAD, Role.ASSISTANT_LEAD, Role.COORDINATOR)]
    found = await db.execute(
        select(func.count(col(Person.id).distinct()))
        .join(RoleHeld, col(RoleHeld.person_id) == col(Person.id))
        .where(
            col(Person.hub_id) == hub_id,
            col(Person.left_on).is_(None),
            col(RoleHeld.role).in_(leads),
            col(Person.id) != person_id,
        )
    )
    return found.scalar_one() == 0


async def calendar_for(db: AsyncSession, hub_id: uuid.UUID, year: int, urns: Iterable[int | None]) -> uuid.UUID | None:
    """The term dates to draw somebody's year with: of the first of these schools that has any, else the hub's usual."""
    found = await db.execute(
        select(col(HubSchool.urn), col(HubSchool.calendar_id)).where(
            col(HubSchool.hub_id) == hub_id, col(HubSchool.year) == year, col(HubSchool.calendar_id).is_not(None)
        )
    )
    kept = {urn: calendar_id for urn, calendar_id in found.all() if calendar_id}
    own = (kept[urn] for urn in urns if urn in kept)
    usual = Counter(kept.values()).most_common(1)
    return next(own, usual[0][0] if usual else None)
