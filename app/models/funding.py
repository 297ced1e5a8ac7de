"""The ledger: rate cards, statements and their lines, what is queried, adjusted, paid, sampled and sent on."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models._columns import document, hub_key, key, link, maybe_link, maybe_moment, moment


def _school() -> Any:
    return Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)


def _maybe_school() -> Any:
    return Field(default=None, foreign_key="school.urn", ondelete="RESTRICT", index=True, nullable=True)


def _pence(default: int = 0) -> Any:
    return Field(default=default, sa_type=BigInteger)


class FundingYear(SQLModel, table=True):
    """A grant year of a hub: its grant, and how its lines are put into statements."""

    __tablename__ = "funding_year"
    hub_id: uuid.UUID = Field(foreign_key="hub.id", ondelete="CASCADE", primary_key=True)
    year: int = Field(primary_key=True)
    grant_pence: int = _pence()
    near: int = 5  # per cent of the grant: less left than that is told
    per: str = "school"  # a statement for each school, or one of the hub
    every: str = "term"  # grant_year, term, half_term, month
    renewed_at: datetime | None = maybe_moment()  # when the open statements were last brought up to date
    version: int = 1


class RateCard(SQLModel, table=True):
    """What a hub pays in one grant year, in one version; a published one never changes (held by the database)."""

    __tablename__ = "rate_card"
    __table_args__ = (UniqueConstraint("hub_id", "year", "version"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    version: int
    rates: list[dict[str, Any]] = document(list)  # domain/funding/rates.py reads them
    because: str = ""  # what this version is for
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")
    published_at: datetime | None = maybe_moment()  # empty: a draft that its editors try


class Payee(SQLModel, table=True):
    """How a school is known to whoever pays: its number in the finance system. Never bank details."""

    __table_args__ = (UniqueConstraint("hub_id", "urn"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    urn: int = _school()
    reference: str  # supplier or vendor number
    name: str = ""  # as the finance system has it, where that differs
    version: int = 1


class Evaluation(SQLModel, table=True):
    """A school's evaluation of its programme came back."""

    enrolment_id: uuid.UUID = link("enrolment.id", primary=True)
    hub_id: uuid.UUID = hub_key()
    returned_on: date
    made_at: datetime = moment()
    by_id: uuid.UUID | None = maybe_link("person.id")


class Travel(SQLModel, table=True):
    """How far somebody who leads, visits or observes drove for one event, there and back."""

    event_id: uuid.UUID = link("event.id", primary=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", ondelete="CASCADE", primary_key=True, index=True)
    hub_id: uuid.UUID = hub_key()
    metres: int
    made_at: datetime = moment()
    by_id: uuid.UUID | None = maybe_link("person.id")


class Statement(SQLModel, table=True):
    """One payee's statement, or the hub's own, of a period of one grant year. Closed, it is frozen by the database."""

    __table_args__ = (
        UniqueConstraint("hub_id", "reference"),
        Index("statement_by_year", "hub_id", "year", "state"),
        CheckConstraint("approved_by IS NULL OR approved_by <> closed_by", name="statement_by_two"),
        CheckConstraint("last >= first", name="statement_span"),
        CheckConstraint("abs(paid) <= abs(pence) AND sign(paid) * sign(pence) >= 0", name="statement_paid"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    first: date
    last: date
    reference: str
    urn: int | None = _maybe_school()  # empty: the hub's own
    state: str = "open"  # domain/funding/statements.py names them
    pence: int = _pence()  # this and the next two: nought and empty until it is closed
    lines: int = 0
    digest: str = ""
    paid: int = _pence()
    opened_at: datetime = moment()
    closed_at: datetime | None = maybe_moment()
    closed_by: uuid.UUID | None = maybe_link("person.id")
    approved_by: uuid.UUID | None = maybe_link("person.id")  # empty again when the approval is taken back
    version: int = 1


class StatementStep(SQLModel, table=True):
    """One step of a statement's life. Rows are added and never changed."""

    __tablename__ = "statement_step"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    statement_id: uuid.UUID = link("statement.id")
    step: str  # domain/funding/statements.py names them
    by_id: uuid.UUID | None = maybe_link("person.id")
    at: datetime = moment()
    because: str = ""
    pence: int = _pence()  # of a payment; minus: paid back
    day: date | None = None  # on which it was paid, as the file says
    remittance_id: uuid.UUID | None = maybe_link("remittance.id")  # the file that told of it, with the row in it
    row: int | None = None


class LedgerLine(SQLModel, table=True):
    """What is paid to whose school and because of what. In a closed statement the database keeps it as it is."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index("ledger_line_what", "hub_id", "key", "urn", "payee"),
        Index("ledger_line_by_day", "hub_id", "day"),
        Index("ledger_line_of_school", "hub_id", "urn"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    statement_id: uuid.UUID = Field(foreign_key="statement.id", ondelete="RESTRICT", index=True)
    key: str
    urn: int = Field(foreign_key="school.urn", ondelete="RESTRICT", index=True)
    payee: str  # participant, specialist, readiness: whose school it is
    rate: str
    programme: str = ""
    group_code: str = ""
    day: date
    quantity: int = Field(sa_type=BigInteger)
    of: int = Field(sa_type=BigInteger)
    rate_pence: int = _pence()
    pence: int = _pence()
    because: str = Field(default="", sa_type=Text)
    evidence: list[str] = document(list)
    kind: str = "derived"  # derived, correction, adjustment, brought
    corrects: uuid.UUID | None = Field(default=None, foreign_key="ledger_line.id", ondelete="RESTRICT", index=True)
    card_version: int = 0


class LineQuery(SQLModel, table=True):
    """A school asks about a line. While it is open the line stays out of what is closed."""

    __tablename__ = "line_query"
    __table_args__ = (
        Index("line_query_once", "line_id", unique=True, postgresql_where=text("answered_at IS NULL")),
        Index("line_query_by_time", "hub_id", "asked_at"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    line_id: uuid.UUID | None = maybe_link("ledger_line.id")  # empty: the line is no longer due, and went
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="RESTRICT", index=True)
    says: str = Field(default="", sa_type=Text)  # what the line said when it was asked about
    words: str = Field(default="", sa_type=Text)
    asked_at: datetime = moment()
    by_id: uuid.UUID | None = maybe_link("person.id")
    answer: str = Field(default="", sa_type=Text)
    answered_at: datetime | None = maybe_moment()  # empty: open
    answered_by: uuid.UUID | None = maybe_link("person.id")


class Adjustment(SQLModel, table=True):
    """An amount that no fact earned: written by one person, agreed by a second, and then a line."""

    __table_args__ = (
        Index("adjustment_by_state", "hub_id", "state"),
        CheckConstraint("state NOT IN ('agreed', 'declined') OR settled_by <> by_id", name="adjustment_by_two"),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    urn: int = _school()
    payee: str = "participant"
    programme: str = ""
    why: str  # funder, repaid, goodwill, earlier, other
    day: date
    pence: int = _pence()
    because: str = Field(default="", sa_type=Text)
    state: str = "proposed"  # proposed, agreed, declined, taken_back
    made_at: datetime = moment()
    by_id: uuid.UUID | None = maybe_link("person.id")
    settled_at: datetime | None = maybe_moment()
    settled_by: uuid.UUID | None = maybe_link("person.id")
    settled_because: str = ""
    line_id: uuid.UUID | None = maybe_link("ledger_line.id")  # what came of it
    version: int = 1


class Remittance(SQLModel, table=True):
    """A bank's or finance system's file as it came; what it says is applied once somebody confirms all of it."""

    __table_args__ = (Index("remittance_by_time", "hub_id", "kind", "uploaded_at"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str = "payments"  # or ledger: lines of a year that was kept elsewhere
    year: int
    name: str  # of the file
    file: bytes = Field(sa_type=LargeBinary)
    digest: str = ""  # SHA-256 of the file
    columns: dict[str, str] = document()  # domain/funding/remittance.py reads them
    state: str = "waiting"  # waiting, applied, set aside
    told: dict[str, Any] = document()  # counts and sum when it was applied
    uploaded_at: datetime = moment()
    uploaded_by: uuid.UUID | None = maybe_link("person.id")
    settled_at: datetime | None = maybe_moment()
    settled_by: uuid.UUID | None = maybe_link("person.id")
    version: int = 1


class AssuranceSample(SQLModel, table=True):
    """Lines drawn by a seed for whoever checks the claims. Rows are added and never changed."""

    __tablename__ = "assurance_sample"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    seed: str
    count: int
    of: int  # how many frozen lines there were to draw from
    lines: list[str] = document(list)  # ids, in the order in which the seed drew them
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")


class CompletionSnapshot(SQLModel, table=True):
    """Who signed up and who completed as of a day, frozen; it can be taken away and put back, never changed."""

    __tablename__ = "completion_snapshot"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    year: int
    day: date
    name: str
    counts: dict[str, Any] = document()  # domain/funding/snapshots.py reads them
    taken_at: datetime = moment()
    taken_by: uuid.UUID | None = maybe_link("person.id")
    deleted_at: datetime | None = maybe_moment()


class FunderForm(SQLModel, table=True):
    """The funder's form as the hub has it: columns, headings, formats."""

    __tablename__ = "funder_form"
    __table_args__ = (UniqueConstraint("hub_id", "name"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    name: str
    mapping: dict[str, Any] = document()  # domain/funding/mapping.py reads it
    made_at: datetime = moment()
    changed_at: datetime = moment()
    version: int = 1


class StandingExport(SQLModel, table=True):
    """An export that is made by itself: what of, in which form, how often, and where it goes."""

    __tablename__ = "standing_export"
    __table_args__ = (UniqueConstraint("hub_id", "name"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    name: str
    form_id: uuid.UUID | None = maybe_link("funder_form.id")  # empty: the whole ledger
    format: str  # xlsx, csv, json
    span: str  # month, term, grant_year, financial_year: the last that ended, or the present year so far
    every: str  # week, month
    to: str  # folder, mail
    addresses: list[str] = document(list)  # of people of the hub who may see funding
    next_on: date
    last_at: datetime | None = maybe_moment()
    last_told: str = ""  # what became of it, in a sentence
    paused_at: datetime | None = maybe_moment()
    made_at: datetime = moment()
    made_by: uuid.UUID | None = maybe_link("person.id")
    version: int = 1
