"""A Maths Hub, its academic years, its days without meetings and its programmes."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, maybe_moment, moment, numbers


class Hub(SQLModel, table=True):
    id: uuid.UUID = key()
    code: str = Field(unique=True)
    name: str
    morning_starts: time = time(9, 15)
    morning_ends: time = time(12, 0)
    afternoon_starts: time = time(13, 0)
    afternoon_ends: time = time(15, 15)
    created_at: datetime = moment()
    version: int = 1
    passkeys_required: bool = False  # of its leads and coordinators
    invites: bool = False  # calendar invitations are mailed by themselves when a date is fixed
    quiet_from: time = time(18, 30)  # no mail that can wait leaves from then ...
    quiet_until: time = time(7, 0)  # ... until then, nor at weekends and on bank holidays
    controller: str = ""  # who answers for personal data, in the hub's own words
    privacy_contact: str = ""  # an e-mail address
    privacy_notice: str = Field(default="", sa_type=Text)  # empty: the one that ships


class Retention(SQLModel, table=True):
    """How long a hub keeps one kind of record, where it is not the usual time (domain/people/retention.py)."""

    __table_args__ = (UniqueConstraint("hub_id", "kind"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str
    months: int  # after the end of the academic year


class HubYear(SQLModel, table=True):
    """An academic year of a hub: 1 September of `year` to 31 August."""

    __tablename__ = "hub_year"
    hub_id: uuid.UUID = Field(foreign_key="hub.id", ondelete="CASCADE", primary_key=True)
    year: int = Field(primary_key=True)
    meetings_per_day: int | None = None
    weights: dict[str, int] = document()  # overrides of the planner's default costs


class Closure(SQLModel, table=True):
    """A day on which nobody in the hub meets, beside the bank holidays (which a library knows)."""

    __table_args__ = (UniqueConstraint("hub_id", "day"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    day: date
    name: str


class Programme(SQLModel, table=True):
    """A stage's template for one academic year: data, not constants (docs/rules/programmes.md)."""

    __table_args__ = (UniqueConstraint("hub_id", "year", "kind"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    kind: str  # readiness, development, embedding, sustaining, introductory
    name: str
    fewest_schools: int
    most_schools: int
    meetings: int
    visits: int
    visit_half_terms: list[int] = numbers()
    observation_half_terms: list[int] = numbers()  # between the meeting of this half term and the next
    least_gap: int = 14  # days between consecutive meetings, and consecutive visits of a school
    participants: int  # from each school
    people: str  # who takes part, in words
    led_by: str
    head_attends: str
    years: int = 1
    most_times: int | None = None  # how often one school may take it; empty: as often as it wants
    code: str = ""  # the funder's, as claims name it; empty: its kind
    version: int = 1


class SpecialistCohort(SQLModel, table=True):
    """A numbered national intake of Mastery Specialists."""

    __tablename__ = "specialist_cohort"
    __table_args__ = (UniqueConstraint("hub_id", "number"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    number: int
    began: int  # academic year
    notes: str = ""


class Webhook(SQLModel, table=True):
    """An address that is told what happens in the hub. Its secret is derived from its id, and kept nowhere."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    address: str
    kinds: list[str] = document(list)  # domain/hubs/webhooks.py names them
    made_at: datetime = moment()
    paused_at: datetime | None = maybe_moment()


class WebhookDelivery(SQLModel, table=True):
    """One happening on its way to one webhook, with every try: the outbox and its log."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("webhook_delivery_by_time", "webhook_id", "made_at"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    webhook_id: uuid.UUID = Field(foreign_key="webhook.id", ondelete="CASCADE")
    kind: str
    body: str  # exactly as it is sent
    made_at: datetime = moment()
    begun_at: datetime = moment()  # when its day of tries began: made, or sent again by hand
    state: str = "waiting"  # waiting, delivered, given up
    tries: list[dict[str, Any]] = document(list)  # [{"at", "status", "said"}], the oldest first
