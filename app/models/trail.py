"""The trail: what was done, when and by whom; rows are added and never changed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from app.models._columns import document, hub_key, key, maybe_link, moment


class TrailEntry(SQLModel, table=True):
    __tablename__ = "trail_entry"
    __table_args__ = (Index("trail_by_time", "hub_id", "at"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    at: datetime = moment()
    account_id: uuid.UUID | None = maybe_link("account.id")
    did: str  # a past participle: Accepted, Imported, Moved
    about: str  # what it was done to, in words
    facts: dict[str, Any] = document()
