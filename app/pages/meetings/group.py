"""One Work Group: what needs the viewer, its year, its schools with their people and visits, its dates."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach, Target, Viewer, decide
from app.domain.meetings.groups import weekdays_in_words
from app.domain.people.working_days import in_words
from app.kit.errors import NotFoundError
from app.kit.periods import in_london, spoken_date, spoken_time, spoken_year
from app.pages._parts import Need
from app.pages.meetings.event_people import in_words as follow_in_words
from app.pages.meetings.marks import EventLine, event_lines, ribbon_events
from app.pages.ribbon import Ribbon, ribbon
from app.pages.schools.detail import Fact, half_terms_in_words
from app.pages.schools.map import LOOKS, Look
from app.pages.trail import history_of
from app.store.feeds import following
from app.store.meetings import groups, marks
from app.store.meetings import year as years
from app.store.meetings.groups import Group, MemberSchool, Series, Taker
from app.store.meetings.marks import EventMark


@dataclass(frozen=True, slots=True)
class TakerLine:
    """Someone who takes part."""

    name: str
    href: str
    role: str
    works: str
    left: bool
    remove_href: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member school with its people and its visits."""

    name: str
    href: str
    town: str
    hosts: str
    people: tuple[TakerLine, ...]
    visits: str
    visits_href: str
    person_href: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The page; empty addresses are for those who may only look."""

    template: ClassVar[str] = "meetings/group.html"
    home: str
    code: str
    name: str
    year: str
    look: Look
    programme: str
    needs: tuple[Need, ...]
    may_edit: bool
    ribbon: Ribbon
    events: tuple[EventLine, ...]
    schools: tuple[MemberLine, ...]
    facts: tuple[Fact, ...]
    observations: str
    edit_href: str
    removal_href: str
    history: str
    add_school_href: str
    story_href: str
    certificates_href: str
    attendance_href: str
    follow: str
    invite_href: str
    write_href: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a Work Group."""

    group: Group
    schools: Sequence[MemberSchool]
    takers: Sequence[Taker]
    series: Mapping[int, Series]
    events: Sequence[EventMark]
    home: str
    may_edit: bool

    @property
    def href(self) -> str:
        return f"{self.home}/groups/{self.group.id}"

    def of(self, urn: int) -> list[Taker]:
        return [one for one in self.takers if one.urn == urn]


def may_edit(member: Member, group_id: uuid.UUID) -> bool:
    """Whether the member may change this Work Group: everywhere in the hub, or because it is theirs."""
    reaches = member.reaches(Can.EDIT_GROUPS)
    return Reach.HUB in reaches or (Reach.GROUP in reaches and group_id in member.groups)


def _may(member: Member, can: Can, group_id: uuid.UUID) -> bool:
    """Whether the member may do this to this Work Group."""
    return bool(decide(Viewer(members=(member,)), can, Target(member.hub_id, group_id=group_id)))


async def load(db: AsyncSession, member: Member, group_id: uuid.UUID, now: datetime) -> GroupPage:
    """The page, in a fixed number of statements. Raises NotFoundError."""
    group = await groups.one(db, member, group_id)
    if group is None:
        raise NotFoundError
    known = _Known(
        group=group,
        schools=await groups.schools(db, group),
        takers=await groups.takers(db, group_id),
        series={one.urn: one for one in await groups.series_of_group(db, group_id)},
        events=await marks.of_group(db, member, group.year, group_id),
        home=f"/hubs/{member.hub_code}",
        may_edit=may_edit(member, group_id),
    )
    own = (await years.group_half_terms(db, member.hub_id, group.year)).get(group_id, ())
    terms = own or await years.half_terms(db, member.hub_id, group.year)
    return GroupPage(
        home=known.home,
        code=group.code,
        name=group.name,
        year=spoken_year(group.year),
        look=LOOKS.get(group.programme.kind, "none"),
        programme=group.programme.name,
        needs=tuple(_needs(known, member, now)) if known.may_edit else (),
        may_edit=known.may_edit,
        ribbon=ribbon(
            f"{group.code} in {spoken_year(group.year)}",
            terms,
            await years.closures(db, member.hub_id, group.year),
            ribbon_events(member.hub_code, known.events, now),
            in_london(now).date(),
        ),
        events=event_lines(member.hub_code, known.events, now),
        schools=tuple(_member(known, school) for school in known.schools),
        facts=_facts(known),
        observations=_observations(group),
        edit_href=f"{known.href}/edit" if known.may_edit else "",
        removal_href=f"{known.href}/remove" if known.may_edit and not await groups.has_dates(db, group_id) else "",
        history=history_of(member, "group", group.id),
        add_school_href=f"{known.href}/schools/add" if known.may_edit else "",
        story_href=f"{known.href}/story",
        attendance_href=f"{known.home}/attendance?group={group.id}&year={group.year}"
        if member.reaches(Can.SEE_ATTENDANCE)
        else "",
        certificates_href=f"{known.href}/certificates" if _may(member, Can.CERTIFY, group_id) else "",
        follow=await _follow(db, known),
        invite_href=f"{known.href}/invite" if _may_invite(member, known) else "",
        write_href=f"{known.home}/messages/new?group={group_id}" if _may(member, Can.SEND_MESSAGES, group_id) else "",
    )


async def _follow(db: AsyncSession, known: _Known) -> str:
    """How many of the group follow their calendar, as a count: for whoever may change the group."""
    if not known.may_edit:
        return ""
    people = {known.group.leader_id, *(one.person_id for one in known.takers if not one.left)}
    return follow_in_words(following.counted(list((await following.of_people(db, people)).values())))


def _may_invite(member: Member, known: _Known) -> bool:
    reaches = member.reaches(Can.EDIT_EVENTS)
    ahead = any(one.status == "confirmed" for one in known.events)
    return ahead and (Reach.HUB in reaches or (Reach.OWN in reaches and known.group.leader_id == member.person_id))


def _member(known: _Known, school: MemberSchool) -> MemberLine:
    here = f"{known.href}/schools/{school.urn}"
    series = known.series.get(school.urn)
    return MemberLine(
        name=school.name,
        href=f"{known.home}/schools/{school.urn}?year={known.group.year}",
        town=school.town,
        hosts="hosts" if school.hosts else "does not host",
        people=tuple(_taker(known, one) for one in known.of(school.urn)),
        visits=f"{series.visitor} visits in {half_terms_in_words(series.half_terms)}." if series else "No visits.",
        visits_href=f"{here}/visits" if known.may_edit else "",
        person_href=f"{known.href}/people/add?school={school.urn}" if known.may_edit else "",
        remove_href=f"{here}/remove" if known.may_edit else "",
    )


def _taker(known: _Known, one: Taker) -> TakerLine:
    return TakerLine(
        name=one.name,
        href=f"{known.home}/people/{one.person_id}",
        role=one.role,
        works=in_words(one.works) or "no working days known",
        left=one.left,
        remove_href=f"{known.href}/people/{one.person_id}/remove" if known.may_edit else "",
    )


def _facts(known: _Known) -> tuple[Fact, ...]:
    group = known.group
    host = next((school.name for school in known.schools if school.urn == group.first_host), "")
    told = (
        Fact("Leader", group.leader, f"{known.home}/people/{group.leader_id}"),
        Fact("Meets in", half_terms_in_words(group.half_terms)),
        Fact("Between two meetings", f"at least {group.least_gap} days"),
        Fact("Weekdays", weekdays_in_words(group.weekday_cost)),
        Fact("Hosts first", host),
        Fact("Meets", "Online" if group.online else "In school"),
        Fact("Joining link", group.joining_link, group.joining_link),
        Fact("Own times", _times(group)),
    )
    return tuple(fact for fact in told if fact.value)


def _times(group: Group) -> str:
    am, noon, pm, end = group.times
    said = []
    if am and noon:
        said.append(f"mornings {spoken_time(am)} to {spoken_time(noon)}")
    if pm and end:
        said.append(f"afternoons {spoken_time(pm)} to {spoken_time(end)}")
    return ", ".join(said)


def _observations(group: Group) -> str:
    """What the programme asks for; the plan places each lesson between two meetings."""
    after = [number for number in group.programme.observation_half_terms if number in group.half_terms]
    if not after:
        return f"{group.programme.name} asks for no lesson observations."
    return (
        f"{group.programme.name} asks that {group.leader} watches a lesson of the lead participant of each school "
        f"after the meeting of {half_terms_in_words(after)} and before the next. The plan finds the days."
    )


def _needs(known: _Known, member: Member, now: datetime) -> list[Need]:
    """What stands between this Work Group and its year, the most urgent first."""
    return [*_overdue(known, now), *_lacking(known), *_unplanned(known, member)]


def _overdue(known: _Known, now: datetime) -> list[Need]:
    return [
        Need(
            f"The {one.kind} of {spoken_date(one.day)} at {one.school} is not marked as held.",
            "Say whether it was held",
            f"{known.home}/events/{one.id}",
            "",
            "late",
        )
        for one in known.events
        if one.status == "confirmed" and one.ends_at < now
    ]


def _lacking(known: _Known) -> list[Need]:
    group, programme, needs = known.group, known.group.programme, []
    count, schools = len(known.schools), f"{known.href}/schools/add"
    if count < programme.fewest_schools:
        says = f"{group.code} has {count} of at least {programme.fewest_schools} schools."
        needs.append(Need(says, "Add a school", schools, "", "soon"))
    if count > programme.most_schools:
        says = f"{group.code} has {count} schools, and {programme.name} takes at most {programme.most_schools}."
        needs.append(Need(says, "Look at its schools", f"{known.href}#schools", "", "soon"))
    if count and not any(school.hosts for school in known.schools) and not group.online:
        needs.append(
            Need("No school of it hosts meetings.", "Look at its schools", f"{known.href}#schools", "", "late")
        )
    for school in known.schools:
        edit = f"{known.home}/schools/{school.urn}/edit?year={group.year}"
        if school.calendar_id is None:
            needs.append(Need(f"{school.name} has no calendar.", "Choose its calendar", edit, "", "late"))
        people = [one for one in known.of(school.urn) if not one.left]
        if len(people) < programme.participants:
            says = f"{len(people)} of {programme.participants} people of {school.name} are named."
            add = f"{known.href}/people/add?school={school.urn}"
            needs.append(Need(says, "Name someone", add, "", "soon"))
    if group.online and not group.joining_link:
        needs.append(Need("It meets online, and nobody knows the link.", "Add the link", f"{known.href}/edit"))
    return needs


def _unplanned(known: _Known, member: Member) -> list[Need]:
    if any(one.kind == "meeting" for one in known.events) or not known.schools or not member.reaches(Can.PLAN):
        return []
    return [Need(f"{known.group.code} has no meeting planned.", "Plan the year", f"{known.home}/proposals", "", "soon")]
