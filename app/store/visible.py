"""The law of domain/access.py as SELECTs: every read of a hub's rows starts here, above the wall in the database."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, true
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.domain.access import Can, Member, Reach, Viewer
from app.models.mail import Message
from app.models.meetings import Booking, Certificate, Event, GroupSchool, Participant, VisitSeries, WorkGroup
from app.models.notes import Reflection
from app.models.people import Person
from app.models.schools import Calendar, HubSchool
from app.models.stages import Enrolment


def _any(member: Member, can: Can, conditions: dict[Reach, ColumnElement[bool]]) -> ColumnElement[bool]:
    """Rows that some reach of the member opens."""
    reaches = member.reaches(can)
    if Reach.HUB in reaches:
        return true()
    opened = [condition for reach, condition in conditions.items() if reach in reaches]
    return or_(*opened) if opened else false()


def _groups_of_schools(member: Member) -> Select[uuid.UUID]:
    return select(col(GroupSchool.group_id)).where(col(GroupSchool.urn).in_(member.schools))


def events(member: Member) -> Select[Event]:
    """Meetings, visits and observations that this member may see."""
    mine = select(col(Booking.event_id)).where(col(Booking.person_id) == member.person_id)
    return select(Event).where(
        col(Event.hub_id) == member.hub_id,
        _any(
            member,
            Can.SEE_EVENTS,
            {
                Reach.OWN: or_(col(Event.id).in_(mine), col(Event.lead_id) == member.person_id),
                Reach.GROUP: col(Event.group_id).in_(member.groups),
                Reach.SCHOOL: or_(
                    col(Event.urn).in_(member.schools),
                    (col(Event.kind) == "meeting") & col(Event.group_id).in_(_groups_of_schools(member)),
                ),
            },
        ),
    )


def taking_part(member: Member) -> ColumnElement[bool]:
    """Events that the member leads, attends or is observed in."""
    mine = select(col(Booking.event_id)).where(col(Booking.person_id) == member.person_id)
    return or_(
        col(Event.id).in_(mine), col(Event.lead_id) == member.person_id, col(Event.teacher_id) == member.person_id
    )


def _meeting_of_groups(member: Member) -> ColumnElement[bool]:
    return (col(Event.kind) == "meeting") & col(Event.group_id).in_(member.groups)


def records(member: Member) -> Select[Event]:
    """Events whose record this member may read: those they take part in, and the meetings of their Work Groups."""
    own = taking_part(member)
    reaches = {Reach.OWN: own, Reach.GROUP: or_(own, _meeting_of_groups(member))}
    return select(Event).where(col(Event.hub_id) == member.hub_id, _any(member, Can.READ_NOTES, reaches))


def summaries(member: Member) -> Select[Event]:
    """Events whose agreed summary this member may read: also those at, or of, a school they are head of."""
    of_school = or_(
        (col(Event.kind) != "meeting") & col(Event.urn).in_(member.schools),
        (col(Event.kind) == "meeting") & col(Event.group_id).in_(_groups_of_schools(member)),
    )
    own = taking_part(member)
    reaches = {
        Reach.OWN: own,
        Reach.GROUP: or_(own, _meeting_of_groups(member)),
        Reach.SCHOOL: or_(own, of_school),
    }
    return select(Event).where(col(Event.hub_id) == member.hub_id, _any(member, Can.READ_SUMMARIES, reaches))


def of_any(viewer: Viewer, law: Callable[[Member], Select[Event]]) -> ColumnElement[bool]:
    """Events that the law opens to the viewer in any of their hubs; none to whoever is in no hub."""
    return or_(false(), *(col(Event.id).in_(law(one).with_only_columns(col(Event.id))) for one in viewer.members))


def attendance(member: Member) -> Select[Booking]:
    """Places, but whoever leads, of which this member may see whether they were taken; always their own.

    Whoever leads an event or its Work Group sees all of it; joined to the events themselves.
    """
    led = select(col(WorkGroup.id)).where(col(WorkGroup.leader_id) == member.person_id)
    series = select(col(VisitSeries.id)).where(col(VisitSeries.group_id).in_(led))
    leads = or_(col(Event.lead_id) == member.person_id, col(Event.group_id).in_(led), col(Event.series_id).in_(series))
    at_schools = select(col(Participant.person_id)).where(col(Participant.urn).in_(member.schools))
    based = select(col(Person.id)).where(col(Person.base_urn).in_(member.schools))
    own = col(Booking.person_id) == member.person_id
    now_of = or_(col(Booking.person_id).in_(at_schools), col(Booking.person_id).in_(based))
    of_school = or_(
        col(Booking.urn).in_(member.schools),  # where they came from before they changed school
        col(Booking.urn).is_(None) & now_of,
    )
    return (
        select(Booking)
        .select_from(Booking)
        .join(Event, col(Event.id) == col(Booking.event_id))
        .where(
            col(Booking.hub_id) == member.hub_id,
            col(Booking.part) != "leads",
            or_(own, _any(member, Can.SEE_ATTENDANCE, {Reach.GROUP: leads, Reach.SCHOOL: of_school})),
        )
    )


def groups(member: Member) -> Select[WorkGroup]:
    """Work Groups that this member may see."""
    return select(WorkGroup).where(
        col(WorkGroup.hub_id) == member.hub_id,
        _any(
            member,
            Can.SEE_GROUPS,
            {
                Reach.GROUP: col(WorkGroup.id).in_(member.groups),
                Reach.SCHOOL: col(WorkGroup.id).in_(_groups_of_schools(member)),
            },
        ),
    )


def schools(member: Member) -> Select[HubSchool]:
    """Schools of the hub that this member may see."""
    return select(HubSchool).where(
        col(HubSchool.hub_id) == member.hub_id,
        _any(
            member,
            Can.SEE_SCHOOLS,
            {
                Reach.GROUP: col(HubSchool.urn).in_(member.group_schools),
                Reach.SCHOOL: col(HubSchool.urn).in_(member.schools),
            },
        ),
    )


def enrolments(member: Member) -> Select[Enrolment]:
    """Schools in programmes, of the schools whose journey this member may see."""
    return select(Enrolment).where(
        col(Enrolment.hub_id) == member.hub_id, at_schools(member, Can.SEE_STAGES, col(Enrolment.urn))
    )


def at_schools(member: Member, can: Can, urn: Mapped[int]) -> ColumnElement[bool]:
    """Whether what stands in this column is a school for which the member has the permission."""
    return _any(
        member,
        can,
        {
            Reach.GROUP: urn.in_(member.group_schools),
            Reach.SCHOOL: urn.in_(member.schools),
        },
    )


def calendars(member: Member) -> Select[Calendar]:
    """Calendars of the hub that this member may see: all of them, or those of the schools they may see."""
    kept = schools(member).with_only_columns(col(HubSchool.calendar_id))
    return select(Calendar).where(
        col(Calendar.hub_id) == member.hub_id,
        or_(
            _any(member, Can.SEE_SCHOOLS, {}),
            col(Calendar.id).in_(kept.where(col(HubSchool.calendar_id).is_not(None))),
        ),
    )


def people(member: Member) -> Select[Person]:
    """People of the hub that this member may see; always themselves."""
    in_groups = select(col(Participant.person_id)).where(col(Participant.group_id).in_(member.groups))
    leaders = select(col(WorkGroup.leader_id)).where(col(WorkGroup.id).in_(member.groups))
    at_schools = select(col(Participant.person_id)).where(col(Participant.urn).in_(member.schools))
    return select(Person).where(
        col(Person.hub_id) == member.hub_id,
        or_(
            col(Person.id) == member.person_id,
            _any(
                member,
                Can.SEE_PEOPLE,
                {
                    Reach.GROUP: or_(col(Person.id).in_(in_groups), col(Person.id).in_(leaders)),
                    Reach.SCHOOL: col(Person.id).in_(at_schools),
                },
            ),
        ),
    )


def certificates(member: Member) -> Select[Certificate]:
    """Certificates of the hub that this member may see: their own, those of their Work Groups, or all."""
    return select(Certificate).where(
        col(Certificate.hub_id) == member.hub_id,
        _any(
            member,
            Can.CERTIFY,
            {
                Reach.OWN: col(Certificate.person_id) == member.person_id,
                Reach.GROUP: or_(
                    col(Certificate.person_id) == member.person_id, col(Certificate.group_id).in_(member.groups)
                ),
            },
        ),
    )


def shared_reflections(member: Member, year: int, since: datetime) -> Select[Reflection]:
    """What teachers share with whoever leads a Work Group of this year in which they take part; no office opens it."""
    led = select(col(WorkGroup.id)).where(
        col(WorkGroup.hub_id) == member.hub_id,
        col(WorkGroup.leader_id) == member.person_id,
        col(WorkGroup.year) == year,
    )
    theirs = select(col(Participant.person_id)).where(col(Participant.group_id).in_(led))
    return select(Reflection).where(
        col(Reflection.hub_id) == member.hub_id,
        col(Reflection.shared_at) >= since,
        col(Reflection.person_id) != member.person_id,
        col(Reflection.person_id).in_(theirs),
    )


def phones(member: Member) -> ColumnElement[bool]:
    """People whose telephone number the member may know: the office all, a leader their groups', everyone their own."""
    led = select(col(WorkGroup.id)).where(col(WorkGroup.leader_id) == member.person_id)
    takers = select(col(Participant.person_id)).where(col(Participant.group_id).in_(led))
    return or_(
        col(Person.id) == member.person_id,
        col(Person.id).in_(takers),
        _any(member, Can.EDIT_PEOPLE, {}),
    )


def messages(member: Member) -> Select[Message]:
    """Messages of the hub that this member may see: the office all, whoever may write what they wrote themselves."""
    own = and_(col(Message.made_by) == member.person_id, literal(bool(member.reaches(Can.SEND_MESSAGES))))
    return select(Message).where(col(Message.hub_id) == member.hub_id, or_(own, _any(member, Can.SEE_MESSAGES, {})))
