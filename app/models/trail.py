"""The trail: what was done, when and by whom; rows are added and never changed, and each holds the one before it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, link, maybe_document, maybe_link, moment


class TrailEntry(SQLModel, table=True):
    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("trail_by_time", "hub_id", "at"),
        Index("trail_in_order", "hub_id", "number", unique=True),
        Index("trail_unchained", "hub_id", postgresql_where=text("number IS NULL")),
        Index("trail_of_thing", "hub_id", "thing_id"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    at: datetime = moment()
    account_id: uuid.UUID | None = maybe_link("account.id")
    did: str  # a past participle: Accepted, Imported, Moved
    about: str  # what it was done to, in words
    facts: dict[str, Any] = document()
    who: str = ""  # the name as it was then
    person_id: uuid.UUID | None = None  # no foreign key: the entry outlives the person
    source: str = ""  # page, api, command or job
    browser: str = ""
    kind: str | None = None
    thing_id: str | None = None
    before: dict[str, Any] | None = maybe_document()
    after: dict[str, Any] | None = maybe_document()
    # The database fills the rest as the transaction commits.
    number: int | None = Field(default=None, sa_type=BigInteger)
    salt: str | None = None
    content: str = ""
    previous: str = ""
    hash: str = ""


class TrailEnd(SQLModel, table=True):
    """Where a hub's chain ends: only the database writes it."""

    __tablename__ = "trail_end"
    hub_id: uuid.UUID = link("hub.id", primary=True)
    number: int = Field(sa_type=BigInteger)
    hash: str
