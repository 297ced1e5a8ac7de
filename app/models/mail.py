"""Messages to people, each a copy of what was sent; what people want of them; what came in and nobody could read."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, maybe_link, maybe_moment, moment


class Message(SQLModel, table=True):
    """One message to one address. Personal links stand in it as words in braces, filled in as it leaves."""

    __table_args__ = (
        Index("message_by_time", "hub_id", "made_at"),
        Index("message_by_message_id", "message_id"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID | None = maybe_link("person.id")
    to: str
    kind: str  # domain/mail/kinds.py names them
    subject: str
    text: str = Field(sa_type=Text)
    html: str = Field(default="", sa_type=Text)  # the body's inside; render/mail.py puts the frame around it
    links: dict[str, Any] = document()  # {"answer": {"kind": "answer", "id": "..."}}: what each word in braces opens
    calendar: str = Field(default="", sa_type=Text)  # an iMIP part, as it was sent
    method: str = ""  # REQUEST or CANCEL, of that part
    event_id: uuid.UUID | None = maybe_link("event.id")
    batch_id: uuid.UUID | None = Field(default=None, index=True)  # one message to many
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")  # empty: Halfterm itself
    due_at: datetime = moment()  # not before: quiet hours, or the next digest
    state: str = "waiting"  # waiting, gathered (waits for a digest), sent, bounced, failed, stopped
    digest_id: uuid.UUID | None = maybe_link("message.id")  # the digest it went out in
    message_id: str = ""  # the Message-ID header it left with
    sent_at: datetime | None = maybe_moment()
    because: str = ""  # why it bounced, failed or was stopped


class MailChoice(SQLModel, table=True):
    """What somebody wants by mail; without a row, everything, at once."""

    __tablename__ = "mail_choice"
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    hub_id: uuid.UUID = hub_key()
    digest: bool = False  # once a day, all that can wait
    stopped: list[str] = document(list)  # kinds that are not wanted
    bounced_at: datetime | None = maybe_moment()  # mail to their address came back
    bounced_because: str = ""


class MailTemplate(SQLModel, table=True):
    """A text that a hub's office sends again and again."""

    __tablename__ = "mail_template"
    __table_args__ = (UniqueConstraint("hub_id", "name"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    name: str
    subject: str
    text: str = Field(sa_type=Text)
    version: int = 1


class IncomingMail(SQLModel, table=True):
    """A message that came in and could not be taken by itself: kept whole, for a person to settle."""

    __tablename__ = "incoming_mail"
    __table_args__ = (UniqueConstraint("hub_id", "digest"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    digest: bytes = Field(sa_type=LargeBinary)  # SHA-256 of its bytes: read twice, it is filed once
    came_at: datetime = moment()
    sender: str = ""
    subject: str = ""
    text: str = Field(default="", sa_type=Text)  # what a person can read of it
    because: str  # why it was not taken
    raw: bytes = Field(sa_type=LargeBinary)
    event_id: uuid.UUID | None = maybe_link("event.id")  # where that much was found out
    person_id: uuid.UUID | None = maybe_link("person.id")
    state: str = "open"  # open, settled
    settled_at: datetime | None = maybe_moment()
    settled_by: uuid.UUID | None = maybe_link("person.id")
    answer: str = ""  # what was made of it
