"""Forms about a Work Group: itself, a school or a person to add, visits; and the questions before something goes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member
from app.domain.meetings.groups import TIMES, WEEKDAY_NAMES, WISHES, Offered, wish_of
from app.kit.errors import Fault, ForbiddenError, NotFoundError
from app.kit.periods import HALF_TERMS, spoken_year
from app.kit.typed import Typed
from app.pages._parts import Choice, Confirm, Field, Form, refilled
from app.pages.meetings.group import may_edit
from app.store.meetings import groups, marks
from app.store.meetings.groups import Group, MemberSchool, PersonName, ProgrammeRow
from app.store.schools import reading

HALF_TERM_CHOICES = tuple(Choice(str(number), name) for number, name in enumerate(HALF_TERMS))
PLACES = (Choice("no", "In school"), Choice("yes", "Online"))
LEAST_GAP = 14


@dataclass(frozen=True, slots=True)
class GroupFormPage:
    """A form about a Work Group."""

    template: ClassVar[str] = "meetings/group_form.html"
    heading: str
    lead: str
    people_href: str  # where a missing person is added, for who may
    up: tuple[tuple[str, str], ...]
    back: str
    form: Form


@dataclass(frozen=True, slots=True)
class GroupConfirmPage:
    """A question before a school or a person leaves a Work Group."""

    template: ClassVar[str] = "meetings/group_confirm.html"
    confirm: Confirm


@dataclass(frozen=True, slots=True)
class Asking:
    """A form, with what it offers to choose and the weekdays' costs as they were."""

    page: GroupFormPage
    offered: Offered
    costs: tuple[int, ...] = ()


def again(page: GroupFormPage, typed: Typed, faults: tuple[Fault, ...]) -> GroupFormPage:
    """The same form with what was typed and what to change."""
    return replace(page, form=refilled(page.form, typed, faults))


async def new_form(db: AsyncSession, member: Member, year: int) -> Asking:
    """An empty form for a Work Group. Raises NotFoundError for a year the hub does not have."""
    if year not in await reading.years(db, member.hub_id):
        raise NotFoundError(f"The hub has no year {spoken_year(year)} yet. Open it in the hub's settings first.")
    programmes = await groups.programmes(db, member.hub_id, year)
    people = await groups.people(db, member)
    home = f"/hubs/{member.hub_code}"
    page = GroupFormPage(
        heading=f"Make a Work Group for {spoken_year(year)}",
        lead="Schools and people are added next.",
        people_href=_people_href(member),
        up=(("Work Groups", f"{home}/groups"),),
        back=f"{home}/groups?year={year}",
        form=Form(
            action=f"{home}/groups/new?year={year}",
            submit="Make this Work Group",
            fields=_fields(None, programmes, people, ()),
        ),
    )
    return Asking(page, _offered(programmes, people, ()))


async def edit_form(db: AsyncSession, member: Member, group_id: uuid.UUID) -> Asking:
    """The form with what the Work Group is now. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    schools = await groups.schools(db, group)
    programmes = await groups.programmes(db, member.hub_id, group.year)
    people = await groups.people(db, member)
    if not any(one.id == group.leader_id for one in people):
        people.append(PersonName(group.leader_id, f"{group.leader} (has left)", None))
    page = _page(
        member,
        group,
        f"Change {group.code}",
        Form(
            action=f"/hubs/{member.hub_code}/groups/{group.id}/edit",
            submit="Save",
            kept=(("version", str(group.version)),),
            fields=_fields(group, programmes, people, schools),
        ),
        "Meetings to come follow its times and place now; days, hosts and who leads follow with the next plan.",
    )
    return Asking(page, _offered(programmes, people, schools), group.weekday_cost)


async def school_form(db: AsyncSession, member: Member, group_id: uuid.UUID) -> Asking:
    """The form for a school to join. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    there = {one.urn for one in await groups.schools(db, group)}
    free = [one for one in await reading.of_year(db, member, group.year) if one.urn not in there]
    choices = (Choice("", "Choose a school"), *(Choice(str(one.urn), f"{one.name}, {one.town}") for one in free))
    visits = group.programme.visit_half_terms
    page = _page(
        member,
        group,
        f"Which school joins {group.code}?",
        Form(
            action=f"/hubs/{member.hub_code}/groups/{group.id}/schools/add",
            submit="Add this school",
            fields=(Field(name="school", label="School", kind="select", choices=choices),),
        ),
        f"{group.leader} also visits it {len(visits)} times, as {group.programme.name} asks." if visits else "",
    )
    return Asking(page, Offered((), (), {str(one.urn) for one in free}))


async def person_form(db: AsyncSession, member: Member, group_id: uuid.UUID, school: str) -> Asking:
    """The form for someone to take part, their school chosen. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    schools = await groups.schools(db, group)
    taking = {one.person_id for one in await groups.takers(db, group_id)}
    free = [one for one in await groups.people(db, member) if one.id not in taking]
    free.sort(key=lambda one: str(one.base_urn) != school)
    page = _page(
        member,
        group,
        f"Who takes part in {group.code}?",
        Form(
            action=f"/hubs/{member.hub_code}/groups/{group.id}/people/add",
            submit="Add this person",
            fields=(
                Field(name="person", label="Person", kind="select", choices=_names(free, "Choose a person")),
                Field(
                    name="school",
                    label="For which school?",
                    kind="select",
                    choices=(Choice("", "Choose a school"), *_schools(schools)),
                    value=school,
                ),
                Field(
                    name="role",
                    label="Role",
                    value="teacher",
                    width="20",
                    hint="Such as maths lead, teacher or head. The maths lead is whose lesson is watched.",
                ),
            ),
        ),
        "They get a place at every meeting to come, and it appears in their calendar.",
    )
    return Asking(page, Offered((), {str(one.id) for one in free}, {str(one.urn) for one in schools}))


async def visits_form(db: AsyncSession, member: Member, group_id: uuid.UUID, urn: int) -> Asking:
    """The form of a school's visits. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    school = _the_school(await groups.schools(db, group), urn)
    people = await groups.people(db, member)
    series = await groups.series_of_school(db, member.hub_id, group.year, urn)
    if series and not any(one.id == series.visitor_id for one in people):
        people.append(PersonName(series.visitor_id, f"{series.visitor} (has left)", None))
    visitor = series.visitor_id if series else group.leader_id
    elsewhere = series is not None and series.group_id != group.id
    page = _page(
        member,
        group,
        f"Who visits {school.name}, and when?",
        Form(
            action=f"/hubs/{member.hub_code}/groups/{group.id}/schools/{urn}/visits",
            submit="Save",
            fields=(
                Field(name="visitor", label="Visitor", kind="select", choices=_names(people), value=str(visitor)),
                Field(
                    name="half_terms",
                    label="Half terms with a visit",
                    kind="checkboxes",
                    choices=HALF_TERM_CHOICES,
                    chosen=tuple(str(number) for number in (series.half_terms if series else ())),
                    hint="Tick none if nobody visits.",
                ),
                _gap_field("Days between two visits, at least", series.least_gap if series else LEAST_GAP),
            ),
        ),
        f"Its visits belong to {series.group} this year: change them there." if series and elsewhere else "",
    )
    return Asking(page, Offered((), {str(one.id) for one in people}, ()))


async def confirm_school(
    db: AsyncSession, member: Member, group_id: uuid.UUID, urn: int, today: date
) -> GroupConfirmPage:
    """The question before a school leaves. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    school = _the_school(await groups.schools(db, group), urn)
    people = [one.name for one in await groups.takers(db, group_id) if one.urn == urn]
    ahead = [one for one in await marks.of_group(db, member, group.year, group_id) if one.day >= today]
    there = [one for one in ahead if one.urn == urn and one.status in {"tentative", "confirmed"}]
    happens = [f"{', '.join(people)} no longer take part and lose their places." if people else "Nobody loses a place."]
    if there:
        happens.append(
            f"{len(there)} planned at {school.name} stay where they are until the next plan moves or cancels them."
        )
    happens.append("What was held stays in everybody's calendar. Its visits are planned no more.")
    here = f"/hubs/{member.hub_code}/groups/{group.id}"
    return GroupConfirmPage(
        Confirm(
            question=f"Remove {school.name} from {group.code}?",
            happens=tuple(happens),
            action=f"{here}/schools/{urn}/remove",
            submit="Remove this school",
            back=here,
        )
    )


async def confirm_person(
    db: AsyncSession, member: Member, group_id: uuid.UUID, person_id: uuid.UUID
) -> GroupConfirmPage:
    """The question before a person leaves. Raises NotFoundError, ForbiddenError."""
    group = await mine(db, member, group_id)
    taker = next((one for one in await groups.takers(db, group_id) if one.person_id == person_id), None)
    if taker is None:
        raise NotFoundError
    here = f"/hubs/{member.hub_code}/groups/{group.id}"
    return GroupConfirmPage(
        Confirm(
            question=f"Remove {taker.name} from {group.code}?",
            happens=(
                f"Meetings to come leave the calendar of {taker.name}; those that were held stay.",
                "A lesson observation that is planned stays until the next plan.",
                "You can add the same person again at any time.",
            ),
            action=f"{here}/people/{person_id}/remove",
            submit="Remove this person",
            back=here,
        )
    )


async def mine(db: AsyncSession, member: Member, group_id: uuid.UUID) -> Group:
    """The Work Group when the member may change it. Raises NotFoundError, ForbiddenError."""
    group = await groups.one(db, member, group_id)
    if group is None:
        raise NotFoundError
    if not may_edit(member, group_id):
        raise ForbiddenError("You can change only Work Groups that you lead. Ask your hub coordinator.")
    return group


def _the_school(schools: Sequence[MemberSchool], urn: int) -> MemberSchool:
    found = next((one for one in schools if one.urn == urn), None)
    if found is None:
        raise NotFoundError
    return found


def _page(member: Member, group: Group, heading: str, form: Form, lead: str) -> GroupFormPage:
    home = f"/hubs/{member.hub_code}"
    here = f"{home}/groups/{group.id}"
    up = (("Work Groups", f"{home}/groups"), (group.code, here))
    return GroupFormPage(heading, lead, _people_href(member), up, here, form)


def _people_href(member: Member) -> str:
    return f"/hubs/{member.hub_code}/people/new" if member.reaches(Can.EDIT_PEOPLE) else ""


def _offered(
    programmes: Sequence[ProgrammeRow], people: Sequence[PersonName], schools: Sequence[MemberSchool]
) -> Offered:
    return Offered(
        {str(one.id) for one in programmes}, {str(one.id) for one in people}, {str(one.urn) for one in schools}
    )


def _names(people: Sequence[PersonName], first: str = "") -> tuple[Choice, ...]:
    begin = (Choice("", first),) if first else ()
    return (*begin, *(Choice(str(one.id), one.name) for one in people))


def _schools(schools: Sequence[MemberSchool]) -> tuple[Choice, ...]:
    return tuple(Choice(str(one.urn), one.name) for one in schools)


def _gap_field(label: str, days: int) -> Field:
    return Field(name="least_gap", label=label, kind="number", value=str(days), width="2")


def _fields(
    group: Group | None,
    programmes: Sequence[ProgrammeRow],
    people: Sequence[PersonName],
    schools: Sequence[MemberSchool],
) -> tuple[Field, ...]:
    terms = group.half_terms if group else range(6)
    return (
        Field(name="code", label="Code", value=group.code if group else "", width="20", hint="Such as NCP26-11-03."),
        Field(name="name", label="Name (you may leave this empty)", value=group.name if group else ""),
        Field(
            name="programme",
            label="Programme",
            kind="select",
            choices=(Choice("", "Choose a programme"), *(Choice(str(one.id), one.name) for one in programmes)),
            value=str(group.programme.id) if group else "",
        ),
        Field(
            name="leader",
            label="Who leads it?",
            kind="select",
            choices=_names(people, "Choose a person"),
            value=str(group.leader_id) if group else "",
        ),
        Field(
            name="half_terms",
            label="Half terms with a meeting",
            kind="checkboxes",
            choices=HALF_TERM_CHOICES,
            chosen=tuple(str(number) for number in terms),
        ),
        _gap_field("Days between two meetings, at least", group.least_gap if group else LEAST_GAP),
        *_weekday_fields(group.weekday_cost if group else ()),
        *_place_fields(group, schools),
        *_time_fields(group.times if group else (None,) * 4),
    )


def _weekday_fields(costs: Sequence[int]) -> list[Field]:
    choices = tuple(Choice(wish, words) for wish, words in WISHES.items())
    return [
        Field(
            name=f"weekday_{number}",
            label=f"Meeting on a {day}",
            kind="select",
            choices=choices,
            value=wish_of(costs[number] if number < len(costs) else 0),
        )
        for number, day in enumerate(WEEKDAY_NAMES.values())
    ]


def _place_fields(group: Group | None, schools: Sequence[MemberSchool]) -> list[Field]:
    host = Field(
        name="first_host",
        label="Who hosts the first meeting?",
        kind="select",
        choices=(Choice("", "Whoever suits best"), *_schools(schools)),
        value=str(group.first_host or "") if group else "",
    )
    online = Field(
        name="online",
        label="Where does it meet?",
        kind="radios",
        choices=PLACES,
        value="yes" if group and group.online else "no",
    )
    link = Field(
        name="joining_link",
        label="Joining link, if it meets online",
        value=group.joining_link if group else "",
        hint="It is in the calendar of everyone who comes.",
    )
    return [*([host] if schools else []), online, link]


def _time_fields(times: Sequence[time | None]) -> list[Field]:
    labels = ("Morning begins", "Morning ends", "Afternoon begins", "Afternoon ends")
    hint = "Leave the times empty to meet at the hub's own times."
    return [
        Field(
            name=name,
            label=label,
            kind="time",
            value=at.isoformat("minutes") if at else "",
            width="5",
            hint=hint if name == TIMES[0] else "",
        )
        for name, label, at in zip(TIMES, labels, times, strict=True)
    ]
