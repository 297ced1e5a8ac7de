"""The notebook: forms, records and their operations, photos, gap tasks, evidence, reflections."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Computed, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR, UUID
from sqlmodel import Field, SQLModel

from app.models._columns import document, held_link, hub_key, key, link, maybe_link, maybe_moment, moment


class NoteForm(SQLModel, table=True):
    """The form of one kind of event, in one version; a published one never changes."""

    __tablename__ = "note_form"
    __table_args__ = (UniqueConstraint("hub_id", "kind", "version"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str  # meeting, visit, observation
    version: int
    sections: list[dict[str, Any]] = document(list)
    made_at: datetime = moment()
    published_at: datetime | None = maybe_moment()  # empty: a draft that its editors try


class Note(SQLModel, table=True):
    """The record of one event; it begins with the first operation. `rev` counts the operations it took."""

    event_id: uuid.UUID = Field(foreign_key="event.id", ondelete="RESTRICT", primary_key=True)
    hub_id: uuid.UUID = hub_key()
    form_id: uuid.UUID = held_link("note_form.id")
    rev: int = 0
    state: str = "open"  # open, submitted, agreed, correcting
    because: str = ""  # why an agreed record is corrected
    began_at: datetime = moment()
    changed_at: datetime = moment()


class NoteOp(SQLModel, table=True):
    """One change of one place in a record, as a device made it. Rows are added and never changed."""

    __tablename__ = "note_op"
    __table_args__ = (
        UniqueConstraint("event_id", "rev"),
        Index("note_op_by_place", "event_id", "path"),
        Index("note_op_words", "words", postgresql_using="gin"),
    )
    event_id: uuid.UUID = Field(foreign_key="note.event_id", ondelete="RESTRICT", primary_key=True)
    op_id: uuid.UUID = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()
    rev: int
    path: str
    value: Any = Field(sa_type=JSONB(none_as_null=False), nullable=False)
    replaces: list[uuid.UUID] = Field(default_factory=list, sa_type=ARRAY(UUID(as_uuid=True)), nullable=False)
    base_rev: int
    outcome: str  # applied, merged, conflict
    person_id: uuid.UUID = held_link("person.id")
    owner_id: uuid.UUID | None = maybe_link("person.id")  # whoever alone may read it
    device_id: uuid.UUID
    device_time: datetime = moment()  # as the device said; nothing is ordered by it
    received_at: datetime = moment()
    words: Any = Field(
        default=None,
        sa_type=TSVECTOR,
        sa_column_args=(Computed("to_tsvector('english'::regconfig, value)", persisted=True),),
    )


class NoteHead(SQLModel, table=True):
    """Which operations stand: those at a place that no other replaces."""

    __tablename__ = "note_head"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "op_id"], ["note_op.event_id", "note_op.op_id"], ondelete="RESTRICT"),
        Index("note_head_by_place", "event_id", "path"),
    )
    event_id: uuid.UUID = Field(primary_key=True)
    op_id: uuid.UUID = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()
    path: str


class NoteVersion(SQLModel, table=True):
    """A record as it was submitted: its shared places and the revision they were read at."""

    __tablename__ = "note_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    event_id: uuid.UUID = Field(foreign_key="note.event_id", ondelete="RESTRICT")
    number: int
    rev: int
    content: list[dict[str, Any]] = document(list)  # [{path, value, by}]
    because: str = ""  # what a correction corrects
    submitted_at: datetime = moment()
    submitted_by: uuid.UUID = held_link("person.id")
    agreed_at: datetime | None = maybe_moment()
    superseded_at: datetime | None = maybe_moment()


class NoteAnswer(SQLModel, table=True):
    """What somebody answered to a submitted version."""

    __tablename__ = "note_answer"
    version_id: uuid.UUID = link("note_version.id", primary=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="RESTRICT", primary_key=True, index=True)
    hub_id: uuid.UUID = hub_key()
    agrees: bool
    because: str = ""  # what should change first
    at: datetime = moment()


class NoteRead(SQLModel, table=True):
    """Who read a record, on which day, and how."""

    __tablename__ = "note_read"
    __table_args__ = (UniqueConstraint("event_id", "person_id", "day", "how"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    event_id: uuid.UUID = link("event.id")
    person_id: uuid.UUID = held_link("person.id")
    day: date
    how: str  # page, offline copy, search, print
    times: int = 1
    first_at: datetime = moment()
    last_at: datetime = moment()


class NotePhoto(SQLModel, table=True):
    """A photo of a record, by the hash of what the device sends; the stored image is made anew, without EXIF."""

    __tablename__ = "note_photo"
    event_id: uuid.UUID = Field(foreign_key="event.id", ondelete="RESTRICT", primary_key=True)
    sha: str = Field(primary_key=True)  # SHA-256 in hexadecimal
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID = held_link("person.id")
    size: int  # bytes that the device sends in all
    image: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)  # JPEG; empty until all came
    small: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)  # JPEG, for lists
    width: int = 0
    height: int = 0
    begun_at: datetime = moment()
    done_at: datetime | None = maybe_moment()


class NotePhotoPart(SQLModel, table=True):
    """A piece of a photo on its way; gone when the photo is whole."""

    __tablename__ = "note_photo_part"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "sha"], ["note_photo.event_id", "note_photo.sha"], ondelete="CASCADE"),
    )
    event_id: uuid.UUID = Field(primary_key=True)
    sha: str = Field(primary_key=True)
    start: int = Field(primary_key=True)  # bytes before it
    hub_id: uuid.UUID = hub_key()
    piece: bytes = Field(sa_type=LargeBinary)


class GapTask(SQLModel, table=True):
    """What somebody will try between two meetings, as the record's operations left it."""

    __tablename__ = "gap_task"
    event_id: uuid.UUID = Field(foreign_key="note.event_id", ondelete="RESTRICT", primary_key=True)
    item: str = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()
    group_id: uuid.UUID | None = maybe_link("work_group.id")
    person_id: uuid.UUID | None = maybe_link("person.id")
    what: str = Field(default="", sa_type=Text)
    due: date | None = None
    went: str = Field(default="", sa_type=Text)
    went_at: datetime | None = maybe_moment()
    photo: str = ""
    removed: bool = False


class Evidence(SQLModel, table=True):
    """A fact or a finding out of a submitted version: what stages and money rest on. A later version supersedes it."""

    __table_args__ = (
        Index("evidence_by_school", "hub_id", "urn", "kind"),
        Index(
            "evidence_newest_review",
            "hub_id",
            "urn",
            "key",
            text("day DESC"),
            text("id DESC"),
            postgresql_where=text("kind = 'reviewed' AND superseded_at IS NULL"),
        ),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    event_id: uuid.UUID = held_link("event.id")
    version_id: uuid.UUID = held_link("note_version.id")
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    kind: str  # met, visited, observed, reviewed, judged, blocked, agreed
    key: str = ""  # which area, lever or item
    facts: dict[str, Any] = document()
    day: date
    made_at: datetime = moment()
    superseded_at: datetime | None = maybe_moment()


class NoteDevice(SQLModel, table=True):
    """A device on which somebody keeps notes, and what it last said still waits there."""

    __tablename__ = "note_device"
    device_id: uuid.UUID = Field(primary_key=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True, index=True)
    hub_id: uuid.UUID = hub_key()
    name: str = ""
    seen_at: datetime = moment()
    waiting: int = 0
    waiting_since: datetime | None = maybe_moment()
    told_at: datetime | None = maybe_moment()


class ReflectionFramework(SQLModel, table=True):
    """What teachers reflect on, in one version; a published one never changes."""

    __tablename__ = "reflection_framework"
    __table_args__ = (UniqueConstraint("hub_id", "key", "version"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    key: str
    version: int
    name: str
    intro: str = ""
    indicators: list[dict[str, Any]] = document(list)  # [{key, label, asks}]
    made_at: datetime = moment()
    published_at: datetime | None = maybe_moment()


class Reflection(SQLModel, table=True):
    """What a teacher wrote for themselves about one indicator; hubs get counts, and the leader what is shared."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID = link("person.id")
    framework_id: uuid.UUID = held_link("reflection_framework.id")
    indicator: str
    where: str = ""  # where they place themselves, in words of the framework's own steps
    words: str = Field(default="", sa_type=Text)
    event_id: uuid.UUID | None = maybe_link("event.id")
    said_at: datetime = moment()
    shared_at: datetime | None = maybe_moment()  # with whoever leads their Work Groups, until taken back
