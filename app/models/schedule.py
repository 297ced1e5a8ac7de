"""Proposals: a problem, what the solver made of it, and what became of that."""

import uuid
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from app.models._columns import document, hub_key, key, maybe_document, maybe_link, maybe_moment, moment


class Proposal(SQLModel, table=True):
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    status: str  # waiting, solving, ready, impossible, failed, accepted, set aside
    problem: dict[str, Any] = document()
    names: dict[str, str] = document()  # ids of the problem -> words for people
    plan: dict[str, Any] | None = maybe_document()
    judgement: dict[str, Any] | None = maybe_document()
    progress: dict[str, Any] = document()  # {"stage", "done", "of", "cost", "bound"}
    because: list[str] = document(list)
    made_by_id: uuid.UUID | None = maybe_link("person.id")
    made_at: datetime = moment()
    finished_at: datetime | None = maybe_moment()
    accepted_at: datetime | None = maybe_moment()
