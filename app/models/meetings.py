"""Work Groups, everything that stands in a calendar, who says they come, who came, and what certifies it."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint
from sqlmodel import Field, SQLModel

from app.models._columns import document, held_link, hub_key, key, link, maybe_link, maybe_moment, moment, numbers


class WorkGroup(SQLModel, table=True):
    __tablename__ = "work_group"
    __table_args__ = (UniqueConstraint("hub_id", "year", "code"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    code: str
    name: str = ""
    programme_id: uuid.UUID = held_link("programme.id")
    leader_id: uuid.UUID = held_link("person.id")
    half_terms: list[int] = numbers(0, 1, 2, 3, 4, 5)
    least_gap: int = 14
    weekday_cost: list[int] = numbers(0, 0, 0, 0, 0)
    first_host_urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")
    online: bool = False
    joining_link: str = ""
    morning_starts: time | None = None  # empty: the hub's own times
    morning_ends: time | None = None
    afternoon_starts: time | None = None
    afternoon_ends: time | None = None
    version: int = 1


class GroupSchool(SQLModel, table=True):
    __tablename__ = "group_school"
    group_id: uuid.UUID = link("work_group.id", primary=True)
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", primary_key=True, index=True)
    hub_id: uuid.UUID = hub_key()


class Participant(SQLModel, table=True):
    """A teacher of a member school who takes part in a Work Group."""

    group_id: uuid.UUID = link("work_group.id", primary=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True, index=True)
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    hub_id: uuid.UUID = hub_key()
    role: str = "teacher"  # maths lead, teacher, head: in the hub's own words


class VisitSeries(SQLModel, table=True):
    """The visits that one school gets in one academic year, and who makes them."""

    __tablename__ = "visit_series"
    __table_args__ = (UniqueConstraint("hub_id", "year", "urn"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    group_id: uuid.UUID = link("work_group.id")
    visitor_id: uuid.UUID = held_link("person.id")
    half_terms: list[int] = numbers()
    least_gap: int = 14


class Event(SQLModel, table=True):
    """One half-day in the calendar. Its `slot_key` names what it is for and never changes, nor does its `uid`."""

    __table_args__ = (
        UniqueConstraint("hub_id", "year", "slot_key"),
        Index("event_by_day", "hub_id", "day"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    slot_key: str  # as the planner names it: GROUP/K, VISIT/K or OBSERVATION, over our ids
    kind: str  # meeting, visit, observation
    status: str  # tentative, confirmed, held, cancelled
    half_term: int
    day: date
    slot: str  # am, pm
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    own_times: bool = False  # set by hand for this event alone: a new plan keeps them
    online: bool = False
    joining_link: str = ""
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)  # host, or the visited school
    group_id: uuid.UUID | None = maybe_link("work_group.id")
    series_id: uuid.UUID | None = maybe_link("visit_series.id")
    lead_id: uuid.UUID = held_link("person.id")  # leads, visits or observes
    teacher_id: uuid.UUID | None = maybe_link("person.id")  # the observed teacher
    notes: str = ""  # what to bring
    pinned: bool = False  # the planner may not move it
    proposal_id: uuid.UUID | None = maybe_link("proposal.id")
    uid: str = Field(unique=True)
    sequence: int = 0
    changed_at: datetime = moment()  # LAST-MODIFIED in feeds, whole seconds
    cancelled_at: datetime | None = maybe_moment()
    shown: str = ""  # a digest of what feeds show of it: when that differs, SEQUENCE must rise
    piece: str = Field(default="", sa_type=Text)  # its VEVENT, rendered once per change; empty: not yet
    version: int = 1


class Booking(SQLModel, table=True):
    """A person's place at an event. Bookings that hold cannot overlap: the database refuses it."""

    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(account_number, account_number, '[]')"), "&&"),
            ("during", "&&"),
            where=text("holds"),
            using="gist",
            name="booking_one_place_at_a_time",
        ),
    )
    event_id: uuid.UUID = link("event.id", primary=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True, index=True)
    hub_id: uuid.UUID = hub_key()
    account_number: int = Field(sa_type=BigInteger)
    part: str  # leads, comes, observed
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")  # came from, before a change
    expected: bool = True  # works that half-day and is not away
    holds: bool  # a confirmed place that takes the person's time
    during: Any = Field(sa_type=TSTZRANGE)  # Range[datetime], in UTC, end excluded


class Invitation(SQLModel, table=True):
    """What one person answers to one event, whether or not an invitation was mailed for their calendar."""

    __table_args__ = (UniqueConstraint("event_id", "person_id"),)
    id: uuid.UUID = key()  # names it in personal links
    hub_id: uuid.UUID = hub_key()
    event_id: uuid.UUID = link("event.id")
    person_id: uuid.UUID = link("person.id")
    answer: str = ""  # yes, no, maybe; empty: none yet
    because: str = ""
    answered_at: datetime | None = maybe_moment()
    how: str = ""  # mail, link, page, or office: told to somebody who wrote it down
    stand_in_id: uuid.UUID | None = maybe_link("person.id")  # who comes in their place, from the hub
    stand_in_name: str = ""  # or from elsewhere
    stand_in_email: str = ""
    mailed_to: str = ""  # the ATTENDEE of the last REQUEST; empty: no calendar invitation was mailed
    mailed_sequence: int | None = None
    mailed_at: datetime | None = maybe_moment()
    cancelled_at: datetime | None = maybe_moment()  # a CANCEL was mailed
    replied_at: datetime | None = maybe_moment()  # DTSTAMP of the newest REPLY that counted (RFC 5546, 2.1.5)
    asked_sequence: int = 0  # SEQUENCE when the date was last moved: a reply to an older one answers another date
    earlier: str = ""  # the answer to the date before that
    reminded_at: datetime | None = maybe_moment()  # asked again by a person
    version: int = 1


class Attendance(SQLModel, table=True):
    """One thing said of who came to an event: rows are added and never changed, the newest of each guest counts."""

    __table_args__ = (Index("attendance_of_event", "event_id", "number"),)
    op_id: uuid.UUID = Field(primary_key=True)  # made by the device that says it: said twice, it is kept once
    number: int = Field(default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),))
    hub_id: uuid.UUID = hub_key()
    event_id: uuid.UUID = link("event.id")
    person_id: uuid.UUID | None = maybe_link("person.id")
    guest_id: uuid.UUID = Field(index=True)  # the person; of a visitor, an id of their own
    name: str = ""  # of a visitor, or of a stand-in from elsewhere
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")  # whom they came from
    organisation: str = ""  # the same of a visitor, where that is no school of the hub
    state: str  # present, part, absent, stand_in (somebody came in their place), visitor; empty: taken back
    because: str = ""  # of an absence
    excused: bool = False  # a reason was given: that stays when its words are forgotten, for money rests on it
    minutes: int | None = None  # of a part
    how: str  # code, grid, device
    correction: str = ""  # why it was corrected late
    said_at: datetime = moment()  # by the clock of whoever says it
    at: datetime = moment()  # taken in
    by_id: uuid.UUID | None = maybe_link("person.id")


class CheckIn(SQLModel, table=True):
    """An event whose guests may say by a changing code that they are here; the code itself is never stored."""

    __tablename__ = "check_in"
    event_id: uuid.UUID = link("event.id", primary=True)
    hub_id: uuid.UUID = hub_key()
    desk: str = Field(unique=True)  # four letters, typed before the changing digits: they find the event
    opened_at: datetime = moment()
    closed_at: datetime | None = maybe_moment()


class Certificate(SQLModel, table=True):
    """A certificate of attendance or a yearly record, as it was issued; its code finds it for anybody who holds it."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    code: str = Field(unique=True)
    kind: str  # attendance: of one Work Group's year; year: all that a teacher took part in
    person_id: uuid.UUID | None = maybe_link("person.id")
    group_id: uuid.UUID | None = maybe_link("work_group.id")
    year: int
    says: dict[str, Any] = document()  # what stands on it
    digest: bytes = Field(sa_type=LargeBinary)  # SHA-256 of the PDF
    pdf: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")
    withdrawn_at: datetime | None = maybe_moment()
    because: str = ""  # why it was withdrawn
