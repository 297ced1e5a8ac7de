"""A participant sheet into a hub's year: people, schools, Work Groups and places are made or changed, never removed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.domain.access import Role
from app.domain.people.participant_rows import SheetPerson, SheetSchool
from app.domain.people.participants import Participants, SheetGroup
from app.domain.people.working_days import Week, mornings, whole_week
from app.models.hubs import Programme
from app.models.meetings import GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.people import Account, Person, RoleHeld
from app.models.schools import Calendar, HubSchool

LEADERS = {"readiness": Role.READINESS_LEAD}
HEADS = frozenset({"head", "headteacher", "head teacher", "executive head", "executive headteacher"})
Table = TypeVar("Table", bound=SQLModel)
Thing = tuple[str, ...]


@dataclass(slots=True)
class SheetChanges:
    """What an import made and changed, each thing as (kind, names...); people in a group whom the sheet leaves out."""

    made: set[Thing] = field(default_factory=set)
    changed: set[Thing] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)
    renamed: set[uuid.UUID] = field(default_factory=set)
    other_groups: set[uuid.UUID] = field(default_factory=set)

    def count(self, kind: str, *, new: bool) -> int:
        """How many things of a kind are new, or changed."""
        return sum(1 for thing in (self.made if new else self.changed) if thing[0] == kind)


@dataclass(slots=True)
class _Desk:
    """One import under way."""

    db: AsyncSession
    hub_id: uuid.UUID
    year: int
    now: datetime
    done: SheetChanges = field(default_factory=SheetChanges)

    async def all(self, table: type[Table], *where: Any) -> list[Table]:
        found = await self.db.execute(select(table).where(table.hub_id == self.hub_id, *where))  # type: ignore[attr-defined]
        return list(found.scalars())

    def write(self, thing: Thing, row: Any, values: Mapping[str, Any]) -> None:
        """Change what differs; a row with a version gets a new one."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self.done.changed.add(thing)
            if hasattr(row, "version"):
                row.version += 1

    def make(self, thing: Thing, row: SQLModel) -> None:
        self.db.add(row)
        self.done.made.add(thing)


async def write_sheet(
    db: AsyncSession, hub_id: uuid.UUID, year: int, sheet: Participants, now: datetime
) -> SheetChanges:
    """Make or change what the sheet holds; the year's programmes must be there. A fixed number of reads."""
    desk = _Desk(db, hub_id, year, now)
    people = await _people(desk, sheet.people)
    await _schools(desk, sheet.schools)
    await db.flush()
    await _roles(desk, sheet, people)
    groups = await _groups(desk, sheet.groups, people)
    await db.flush()
    await _members(desk, sheet.groups, groups)
    await _places(desk, sheet.groups, groups, people)
    await _visits(desk, sheet.groups, groups)
    await db.flush()
    return desk.done


async def _people(desk: _Desk, wanted: Mapping[str, SheetPerson]) -> dict[str, Person]:
    accounts = [{"id": uuid.uuid4(), "email": email, "created_at": desk.now} for email in wanted]
    if accounts:
        await desk.db.execute(insert(Account).values(accounts).on_conflict_do_nothing(index_elements=["email"]))
    found = await desk.db.execute(
        select(col(Account.id), col(Account.email)).where(col(Account.email).in_(list(wanted)))
    )
    account_of = {email: key for key, email in found.all()}
    rows = {row.account_id: row for row in await desk.all(Person, col(Person.account_id).in_(account_of.values()))}
    people: dict[str, Person] = {}
    for email, person in wanted.items():
        row = rows.get(account_of[email])
        if row is None:
            works = _listed(person.works or whole_week())
            name = person.name or email.partition("@")[0]
            row = Person(
                hub_id=desk.hub_id,
                account_id=account_of[email],
                name=name,
                email=email,
                works=works,
                base_urn=person.base_urn,
            )
            desk.make(("person", email), row)
        else:
            if person.name and row.name != person.name:
                desk.done.renamed.add(row.id)
            said = {"name": person.name, "works": person.works and _listed(person.works), "base_urn": person.base_urn}
            desk.write(("person", email), row, {**_said(said), "left_on": None})
        people[email] = row
    return people


async def _schools(desk: _Desk, wanted: Mapping[int, SheetSchool]) -> None:
    rows = {
        row.urn: row
        for row in await desk.all(HubSchool, col(HubSchool.year) == desk.year, col(HubSchool.urn).in_(wanted))
    }
    calendars = {row.name: row.id for row in await desk.all(Calendar, col(Calendar.year) == desk.year)}
    for urn, school in wanted.items():
        thing = ("school", str(urn))
        calendar = calendars[school.calendar] if school.calendar else None
        said = {"calendar_id": calendar, "maths": school.maths and _listed(school.maths), "hosts": school.hosts}
        if urn in rows:
            desk.write(thing, rows[urn], _said(said))
            continue
        values = {"maths": _listed(mornings()), "hosts": True, **_said(said)}
        desk.make(thing, HubSchool(hub_id=desk.hub_id, year=desk.year, urn=urn, **values))


async def _roles(desk: _Desk, sheet: Participants, people: Mapping[str, Person]) -> None:
    wanted: dict[tuple[uuid.UUID, str, int | None], Thing] = {}
    for group in sheet.groups:
        lead = LEADERS.get(group.programme, Role.SPECIALIST)
        wanted[people[group.lead_email].id, lead.stored, None] = ("person", group.lead_email)
        for place in group.places:
            head = place.role in HEADS
            part = Role.HEADTEACHER if head else Role.PARTICIPANT
            wanted[people[place.email].id, part.stored, place.urn if head else None] = ("person", place.email)
    keys = {person.id for person in people.values()}
    held = {(row.person_id, row.role, row.urn) for row in await desk.all(RoleHeld, col(RoleHeld.person_id).in_(keys))}
    for (person_id, role, urn), thing in wanted.items():
        if (person_id, role, urn) not in held:
            desk.db.add(RoleHeld(hub_id=desk.hub_id, person_id=person_id, role=role, urn=urn))
            if thing not in desk.done.made:
                desk.done.changed.add(thing)


async def _groups(
    desk: _Desk, wanted: Sequence[SheetGroup], people: Mapping[str, Person]
) -> dict[str, tuple[WorkGroup, Programme]]:
    programmes = {row.kind: row for row in await desk.all(Programme, col(Programme.year) == desk.year)}
    rows = {row.code.casefold(): row for row in await desk.all(WorkGroup, col(WorkGroup.year) == desk.year)}
    found: dict[str, tuple[WorkGroup, Programme]] = {}
    for group in wanted:
        programme, leader = programmes[group.programme], people[group.lead_email]
        row = rows.get(group.code.casefold())
        if row is None:
            row = WorkGroup(
                hub_id=desk.hub_id,
                year=desk.year,
                code=group.code,
                programme_id=programme.id,
                leader_id=leader.id,
                half_terms=list(range(programme.meetings)),
                least_gap=programme.least_gap,
                first_host_urn=leader.base_urn if _begins_at_home(group, leader) else None,
            )
            desk.make(("group", group.code), row)
        else:
            desk.write(("group", group.code), row, {"programme_id": programme.id, "leader_id": leader.id})
            if ("group", group.code) in desk.done.changed:
                desk.done.other_groups.add(row.id)
        found[group.code] = (row, programme)
    return found


def _begins_at_home(group: SheetGroup, leader: Person) -> bool:
    """A Sustaining group meets first at the Specialist's own school (docs/rules/programmes.md)."""
    return group.programme == "sustaining" and leader.base_urn in group.schools


async def _members(
    desk: _Desk, wanted: Sequence[SheetGroup], groups: Mapping[str, tuple[WorkGroup, Programme]]
) -> None:
    keys = [row.id for row, _ in groups.values()]
    had = {(row.group_id, row.urn) for row in await desk.all(GroupSchool, col(GroupSchool.group_id).in_(keys))}
    for group in wanted:
        row, _ = groups[group.code]
        for urn in group.schools:
            if (row.id, urn) not in had:
                made = GroupSchool(group_id=row.id, urn=urn, hub_id=desk.hub_id)
                desk.make(("member", group.code, str(urn)), made)


async def _places(
    desk: _Desk,
    wanted: Sequence[SheetGroup],
    groups: Mapping[str, tuple[WorkGroup, Programme]],
    people: Mapping[str, Person],
) -> None:
    keys = [row.id for row, _ in groups.values()]
    await desk.db.flush()
    rows = {
        (row.group_id, row.person_id): row for row in await desk.all(Participant, col(Participant.group_id).in_(keys))
    }
    for group in wanted:
        key = groups[group.code][0].id
        for place in group.places:
            thing = ("place", group.code, place.email)
            row = rows.pop((key, people[place.email].id), None)
            if row:
                desk.write(thing, row, {"urn": place.urn, "role": place.role})
                continue
            made = Participant(
                group_id=key, person_id=people[place.email].id, urn=place.urn, hub_id=desk.hub_id, role=place.role
            )
            desk.make(thing, made)
    desk.done.left_out = await _named(desk, rows, {groups[group.code][0].id: group.code for group in wanted})


async def _named(desk: _Desk, rows: Iterable[tuple[uuid.UUID, uuid.UUID]], codes: Mapping[uuid.UUID, str]) -> list[str]:
    pairs = list(rows)
    names = {row.id: row.name for row in await desk.all(Person, col(Person.id).in_([person for _, person in pairs]))}
    return sorted(f"{names[person]} in {codes[group]}" for group, person in pairs)


async def _visits(desk: _Desk, wanted: Sequence[SheetGroup], groups: Mapping[str, tuple[WorkGroup, Programme]]) -> None:
    """Each school of a programme with visits is visited by the group's leader, unless another group sees to it."""
    rows = {row.urn: row for row in await desk.all(VisitSeries, col(VisitSeries.year) == desk.year)}
    for group in wanted:
        row, programme = groups[group.code]
        for urn in group.schools if programme.visit_half_terms else ():
            series = rows.get(urn)
            if series is None:
                rows[urn] = VisitSeries(
                    hub_id=desk.hub_id,
                    year=desk.year,
                    urn=urn,
                    group_id=row.id,
                    visitor_id=row.leader_id,
                    half_terms=list(programme.visit_half_terms),
                    least_gap=programme.least_gap,
                )
                desk.db.add(rows[urn])
            elif series.group_id == row.id and ("group", group.code) in desk.done.changed:
                series.visitor_id = row.leader_id


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the sheet does not say."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _listed(week: Week) -> dict[str, list[str]]:
    return {day: list(halves) for day, halves in week.items()}
