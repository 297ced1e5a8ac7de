"""An uploaded file on its way in: previewed, then confirmed."""

import uuid
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from app.models._columns import document, hub_key, key, maybe_link, maybe_moment, moment


class Import(SQLModel, table=True):
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str  # schools, school links, calendars, participants
    year: int
    file_name: str
    sha256: str
    options: dict[str, Any] = document()
    status: str  # previewed, done, refused, set aside
    report: dict[str, Any] = document()
    made_by_id: uuid.UUID | None = maybe_link("person.id")
    made_at: datetime = moment()
    finished_at: datetime | None = maybe_moment()
