"""Schools as the Department for Education lists them, and as a hub knows them."""

import uuid
from datetime import date

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, link, maybe_link, numbers


class School(SQLModel, table=True):
    """One establishment of GIAS: public facts, the same for every hub. A head's name is never kept."""

    __table_args__ = (Index("school_name_search", text("lower(name)")),)
    urn: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    la_code: int = Field(index=True)
    la_name: str = ""
    kind: str = ""
    status: str  # open, closed, proposed to open, open but proposed to close
    phase: str = ""
    low_age: int | None = None
    high_age: int | None = None
    pupils: int | None = None
    ofsted: str = ""
    ofsted_on: date | None = None
    street: str = ""
    locality: str = ""
    address3: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    website: str = ""
    phone: str = ""
    easting: int | None = None  # British National Grid, metres
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    opened_on: date | None = None
    closed_on: date | None = None


class SchoolLink(SQLModel, table=True):
    """A predecessor or successor of a school, from the GIAS links file."""

    __tablename__ = "school_link"
    urn: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    other_urn: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True)
    since: date | None = None


class Calendar(SQLModel, table=True):
    """Term dates that one school or several keep in one academic year."""

    __table_args__ = (UniqueConstraint("hub_id", "year", "name"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    name: str
    version: int = 1


class HalfTerm(SQLModel, table=True):
    """One of a calendar's six teaching blocks, first and last day included."""

    __tablename__ = "half_term"
    __table_args__ = (PrimaryKeyConstraint("calendar_id", "number"),)
    calendar_id: uuid.UUID = link("calendar.id", primary=True)
    number: int = Field(primary_key=True)  # 0 Autumn 1 .. 5 Summer 2
    hub_id: uuid.UUID = hub_key()
    first: date
    last: date


class CalendarDay(SQLModel, table=True):
    """A day of a calendar without pupils: INSET or an occasional closure."""

    __tablename__ = "calendar_day"
    calendar_id: uuid.UUID = link("calendar.id", primary=True)
    day: date = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()
    kind: str = "inset"  # inset, closed
    name: str = "INSET"


class HubSchool(SQLModel, table=True):
    """A school that works with a hub, in one academic year: its calendar, its maths and its hosting."""

    __tablename__ = "hub_school"
    __table_args__ = (UniqueConstraint("hub_id", "year", "urn"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    calendar_id: uuid.UUID | None = maybe_link("calendar.id")
    maths: dict[str, list[str]] = document()  # {"mon": ["am"]}: half-days with a maths lesson to watch
    hosts: bool = True
    hosted_before: int = 0
    rather_not_host: list[int] = numbers()  # half terms 0..5
    notes: str = ""  # parking, what to bring, where to sign in
    version: int = 1


class SchoolDay(SQLModel, table=True):
    """A school's own day: closed to everyone, or busy (a trip, a production)."""

    __tablename__ = "school_day"
    __table_args__ = (UniqueConstraint("hub_id", "urn", "day"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    day: date
    kind: str  # closed, busy
    name: str = ""
