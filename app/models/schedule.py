"""Proposals: a problem, what the solver made of it, what people said of its dates; and groups that are formed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, link, maybe_document, maybe_link, maybe_moment, moment


class Proposal(SQLModel, table=True):
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    status: str  # waiting, solving, ready, impossible, failed, accepted, set aside
    problem: dict[str, Any] = document()
    names: dict[str, str] = document()  # ids of the problem -> words for people
    plan: dict[str, Any] | None = maybe_document()
    judgement: dict[str, Any] | None = maybe_document()
    progress: dict[str, Any] = document()  # {"stage", "done", "of", "cost", "bound", "seen"}
    because: list[str] = document(list)
    made_by_id: uuid.UUID | None = maybe_link("person.id")
    made_at: datetime = moment()
    finished_at: datetime | None = maybe_moment()
    accepted_at: datetime | None = maybe_moment()
    set_id: uuid.UUID | None = Field(default=None, index=True)  # what plans that were made together share
    favours: str = ""  # absences, travel, even: of plans made together; empty: a plan by itself
    stop_at: datetime | None = maybe_moment()  # somebody asked to stop solving and keep the best so far
    exceptions: list[dict[str, Any]] = document(list)  # places the lead let through: {"event", "date", "slot", "host"}
    choices: dict[str, Any] | None = maybe_document()  # where no plan exists: what could be let go, and what it gives
    sent_at: datetime | None = maybe_moment()  # its dates are held: the people in it were asked
    answer_by: date | None = None  # until when they say whether they can
    mended: int = 0  # how often it was planned again around those who cannot


class DateAsk(SQLModel, table=True):
    """One person asked, by one message, about all the dates of a plan that are held for them."""

    __tablename__ = "date_ask"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)
    id: uuid.UUID = key()  # names it in personal links
    hub_id: uuid.UUID = hub_key()
    proposal_id: uuid.UUID = link("proposal.id")
    person_id: uuid.UUID = link("person.id")
    asked_at: datetime = moment()
    nudged_at: datetime | None = maybe_moment()
    answered_at: datetime | None = maybe_moment()  # of the newest answer
    version: int = 1


class DateAnswer(SQLModel, table=True):
    """What somebody says to one date that is held for them."""

    __tablename__ = "date_answer"
    __table_args__ = (UniqueConstraint("ask_id", "event_id"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    ask_id: uuid.UUID = link("date_ask.id")
    person_id: uuid.UUID = link("person.id")
    event_id: uuid.UUID = link("event.id")
    day: date  # the date that was asked about: an answer to another one is of no use any more
    slot: str
    answer: str = ""  # can, cannot; empty: none yet
    because: str = Field(default="", sa_type=Text)
    how: str = ""  # link, page, office: told to somebody who wrote it down
    answered_at: datetime | None = maybe_moment()
    missed: bool = False  # they cannot, and the date stays all the same


class DateRefused(SQLModel, table=True):
    """A day on which somebody said they cannot: planning keeps off it, whatever became of the plan they were asked by.

    It is kept apart from days away, which people enter themselves, and goes when they say that they can after all.
    """

    __tablename__ = "date_refused"
    person_id: uuid.UUID = link("person.id", primary=True)
    day: date = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()


class Forming(SQLModel, table=True):
    """Groups of a coming year on their way: who signed up, what the solver made of it, what the lead moved."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    status: str  # waiting, solving, ready, impossible, failed, used, set aside
    problem: dict[str, Any] = document()  # domain/schedule/forming.py reads it
    names: dict[str, str] = document()  # ids of the problem -> words for people
    plan: dict[str, Any] | None = maybe_document()  # as it was solved
    moved: dict[str, Any] | None = maybe_document()  # as it stands after moves by hand; empty: as solved
    steps: list[dict[str, Any]] = document(list)  # the moves by hand, for undo
    progress: dict[str, Any] = document()
    because: list[str] = document(list)
    told: list[str] = document(list)  # what was assumed for want of facts, and who is left out
    made_by_id: uuid.UUID | None = maybe_link("person.id")
    made_at: datetime = moment()
    finished_at: datetime | None = maybe_moment()
    used_at: datetime | None = maybe_moment()
    version: int = 1
