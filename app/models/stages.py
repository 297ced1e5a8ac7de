"""The ladder: how schools are found, enrolled, agreed with and moved, what stands in their way, and what was seen."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models._columns import (
    document,
    held_link,
    hub_key,
    key,
    link,
    maybe_document,
    maybe_link,
    maybe_moment,
    moment,
)


def _school() -> Any:
    return Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)


def _words() -> Any:
    return Field(default="", sa_type=Text)


class Approach(SQLModel, table=True):
    """A school on its way into a programme of a coming year: referred, invited, interested, applied, or it declined."""

    __table_args__ = (UniqueConstraint("hub_id", "year", "urn"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int  # in which it would begin
    urn: int = _school()
    kind: str  # of programme
    referred_on: date | None = None
    referred_by: str = ""  # an authority, a trust, another school
    reasons: list[str] = document(list)  # domain/stages/recruiting.py names them
    words: str = _words()  # the reason that is none of those, and what else was said
    invited_on: date | None = None
    interested_on: date | None = None
    applied_on: date | None = None
    applied_by: str = ""  # who applied for the school, by name and part
    declined_on: date | None = None
    because: str = ""  # why it declined
    enrolment_id: uuid.UUID | None = maybe_link("enrolment.id")  # what came of it
    made_at: datetime = moment()
    version: int = 1


class Enrolment(SQLModel, table=True):
    """A school in one programme of one academic year. Dates say when each state began."""

    __table_args__ = (
        Index(
            "enrolment_once",
            "hub_id",
            "urn",
            "programme_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("enrolment_by_year", "hub_id", "year"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    programme_id: uuid.UUID = held_link("programme.id")
    year: int
    kind: str  # of programme
    state: str  # applied, agreed, active, completed, withdrawn
    applied_on: date | None = None
    agreed_on: date | None = None
    began_on: date | None = None
    completed_on: date | None = None
    withdrawn_on: date | None = None
    because: str = ""  # why it withdrew
    group_id: uuid.UUID | None = maybe_link("work_group.id")
    version: int = 1


class AgreementText(SQLModel, table=True):
    """What a head signs for one kind of programme, in one version; a published one never changes."""

    __tablename__ = "agreement_text"
    __table_args__ = (UniqueConstraint("hub_id", "kind", "version"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str
    version: int
    text: str = _words()
    made_at: datetime = moment()
    published_at: datetime | None = maybe_moment()


class Agreement(SQLModel, table=True):
    """An agreement as it was signed: the text that was read, the name that was typed, the PDF that was made."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    enrolment_id: uuid.UUID = link("enrolment.id")
    text_id: uuid.UUID | None = maybe_link("agreement_text.id")
    text: str = _words()
    name: str  # as typed
    part: str  # as typed: headteacher, acting headteacher
    how: str  # page: by the head; paper: signed on paper and entered by the office
    signed_on: date
    signed_at: datetime = moment()
    signed_by: uuid.UUID | None = maybe_link("person.id")  # whoever typed it
    digest: bytes = Field(sa_type=LargeBinary)  # SHA-256 of the PDF
    pdf: bytes = Field(sa_type=LargeBinary)
    withdrawn_at: datetime | None = maybe_moment()
    because: str = ""  # why it was withdrawn


class CriteriaSet(SQLModel, table=True):
    """What a school must show to leave one kind of programme, in one version; a published one never changes."""

    __tablename__ = "criteria_set"
    __table_args__ = (UniqueConstraint("hub_id", "kind", "version"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str
    version: int
    criteria: list[dict[str, Any]] = document(list)  # domain/stages/criteria.py reads them
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")
    published_at: datetime | None = maybe_moment()  # empty: a draft that its editors try


class StageMove(SQLModel, table=True):
    """A move of a school to another stage: proposed by one person, agreed by another, reversed if need be."""

    __tablename__ = "stage_move"
    __table_args__ = (
        Index("stage_move_once", "from_id", unique=True, postgresql_where=text("state = 'proposed'")),
        Index("stage_move_by_state", "hub_id", "state"),
        CheckConstraint(
            "state NOT IN ('agreed', 'declined', 'reversed') OR settled_by <> proposed_by", name="stage_move_by_two"
        ),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    from_id: uuid.UUID = held_link("enrolment.id")
    to_programme_id: uuid.UUID = held_link("programme.id")
    to_id: uuid.UUID | None = maybe_link("enrolment.id")  # what it made
    state: str  # proposed, agreed, declined, taken_back, reversed
    criteria_id: uuid.UUID = held_link("criteria_set.id")
    override: bool = False  # proposed although not all criteria are met
    because: str = ""  # of the override
    snapshot: dict[str, Any] = document()  # the evidence as it stood when it was proposed
    proposed_at: datetime = moment()
    proposed_by: uuid.UUID | None = maybe_link("person.id")
    agreed_snapshot: dict[str, Any] | None = maybe_document()
    were: dict[str, Any] | None = maybe_document()  # both enrolments before it was agreed: what a reversal restores
    settled_at: datetime | None = maybe_moment()  # agreed, declined or taken back
    settled_by: uuid.UUID | None = maybe_link("person.id")
    settled_because: str = ""
    reversed_at: datetime | None = maybe_moment()
    reversed_by: uuid.UUID | None = maybe_link("person.id")
    reversed_because: str = ""
    version: int = 1


class StageStep(SQLModel, table=True):
    """One step of a school's journey with the evidence as it stood. Rows are added and never changed."""

    __tablename__ = "stage_step"
    __table_args__ = (Index("stage_step_of_school", "hub_id", "urn", "at"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    enrolment_id: uuid.UUID | None = maybe_link("enrolment.id")
    move_id: uuid.UUID | None = maybe_link("stage_move.id")
    what: str  # domain/stages/ladder.py names them
    day: date
    at: datetime = moment()
    by_id: uuid.UUID | None = maybe_link("person.id")
    because: str = ""
    criteria_id: uuid.UUID | None = maybe_link("criteria_set.id")
    snapshot: dict[str, Any] = document()  # names nobody: ids, days, numbers


class ConditionReview(SQLModel, table=True):
    """A system conditions review with a school's leaders: levers, conditions, questions."""

    __tablename__ = "condition_review"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    day: date
    by_id: uuid.UUID | None = maybe_link("person.id")
    present: str = ""  # which leaders, by their part
    levers: dict[str, dict[str, str]] = document()  # {lever: {judgement: supports or blocks, because}}
    conditions: dict[str, dict[str, str]] = document()  # {condition: {state: yes, partly or not_yet, because}}
    questions: dict[str, str] = document()  # {question: answer}
    made_at: datetime = moment()
    version: int = 1


class Barrier(SQLModel, table=True):
    """What in a school's systems stands in the way. A leader owns it, never a participant."""

    __table_args__ = (
        Index("barrier_of_school", "hub_id", "urn", "state"),
        Index("barrier_from_record", "event_id", "item", unique=True, postgresql_where=text("event_id IS NOT NULL")),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    lever: str
    what: str = _words()
    weight: str = "medium"  # high, medium, low
    owner_id: uuid.UUID | None = maybe_link("person.id")
    owner: str = ""  # a leader who is no person of the hub, by their part
    due: date
    state: str = "open"  # open, done, dropped
    because: str = _words()  # what was done, or why it was dropped
    review_id: uuid.UUID | None = maybe_link("condition_review.id")  # the review that found it
    event_id: uuid.UUID | None = maybe_link("event.id")  # or the record that did, with the item in it
    item: str = ""
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")
    closed_at: datetime | None = maybe_moment()
    closed_by: uuid.UUID | None = maybe_link("person.id")
    version: int = 1


class ActionPlan(SQLModel, table=True):
    """A school's action plan for one academic year; the head agrees it."""

    __tablename__ = "action_plan"
    __table_args__ = (UniqueConstraint("hub_id", "year", "urn"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    year: int
    aims: str = _words()
    agreed_at: datetime | None = maybe_moment()
    agreed_by: uuid.UUID | None = maybe_link("person.id")
    made_at: datetime = moment()
    version: int = 1


class PlanAction(SQLModel, table=True):
    """One action of a school's plan: what, who, by when, and what shows that it was done."""

    __tablename__ = "plan_action"
    __table_args__ = (
        Index(
            "plan_action_from_record", "event_id", "item", unique=True, postgresql_where=text("event_id IS NOT NULL")
        ),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    plan_id: uuid.UUID = link("action_plan.id")
    area: str = ""  # of the five, if any
    what: str = _words()
    owner_id: uuid.UUID | None = maybe_link("person.id")
    owner: str = ""  # somebody who is no person of the hub, by their part
    due: date | None = None
    state: str = "open"  # open, done, dropped
    evidence: str = _words()  # what shows it
    event_id: uuid.UUID | None = maybe_link("event.id")  # the record it was drafted from, with the item in it
    item: str = ""
    made_at: datetime = moment()
    done_at: datetime | None = maybe_moment()
    version: int = 1


class ActionTask(SQLModel, table=True):
    """A teacher's gap task that belongs to an action of the school's plan."""

    __tablename__ = "action_task"
    __table_args__ = (
        ForeignKeyConstraint(["event_id", "item"], ["gap_task.event_id", "gap_task.item"], ondelete="CASCADE"),
    )
    action_id: uuid.UUID = link("plan_action.id", primary=True)
    event_id: uuid.UUID = Field(primary_key=True)
    item: str = Field(primary_key=True)
    hub_id: uuid.UUID = hub_key()


class Specialist(SQLModel, table=True):
    """How far a Mastery Specialist is: in training, leading, resting; and how many Work Groups they can lead."""

    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True)
    hub_id: uuid.UUID = hub_key()
    state: str  # recruited, training, leading, resting, left
    since: date
    most_groups: int = 1
    note: str = ""
    version: int = 1


class SchoolChange(SQLModel, table=True):
    """What the national register says happened to a school, until somebody says what follows from it."""

    __tablename__ = "school_change"
    __table_args__ = (
        Index("school_change_once", "hub_id", "urn", unique=True, postgresql_where=text("state = 'open'")),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    kind: str  # closed, replaced
    successor_urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")
    found_at: datetime = moment()
    state: str = "open"  # open, moved, kept
    because: str = ""
    moved: dict[str, Any] = document()  # how much of what was moved
    settled_at: datetime | None = maybe_moment()
    settled_by: uuid.UUID | None = maybe_link("person.id")
    version: int = 1


class HubSnapshot(SQLModel, table=True):
    """The hub's picture of one day, frozen."""

    __tablename__ = "hub_snapshot"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    day: date
    name: str
    picture: dict[str, Any] = document()  # domain/stages/picture.py reads it; schools, no people
    taken_at: datetime = moment()
    taken_by: uuid.UUID | None = maybe_link("person.id")
    deleted_at: datetime | None = maybe_moment()  # it can be put back for a while


class RiskRule(SQLModel, table=True):
    """A rule of risk where the hub has it otherwise than it ships (domain/stages/risk.py)."""

    __tablename__ = "risk_rule"
    __table_args__ = (UniqueConstraint("hub_id", "key"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    key: str
    active: bool = True
    number: int | None = None
