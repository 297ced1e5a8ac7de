"""Accounts that sign in, and the people of a hub with their roles and days."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.kit.ids import new_id
from app.models._columns import document, hub_key, key, link, maybe_link, maybe_moment, moment


class Account(SQLModel, table=True):
    """An e-mail address that can sign in; one human may be a person in several hubs."""

    id: uuid.UUID = key()
    email: str = Field(unique=True)  # lower case
    number: int = Field(default=None, sa_type=BigInteger, unique=True, sa_column_args=(Identity(always=True),))
    created_at: datetime = moment()
    passkey_offered_at: datetime | None = maybe_moment()


class Person(SQLModel, table=True):
    """Someone in a hub, with the days they work in schools."""

    __table_args__ = (UniqueConstraint("hub_id", "account_id"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    account_id: uuid.UUID = link("account.id")
    name: str
    email: str  # as the hub wrote it
    phone: str = ""  # for the morning of a meeting
    works: dict[str, list[str]] = document()  # {"mon": ["am", "pm"]}
    base_urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")
    cohort_id: uuid.UUID | None = maybe_link("specialist_cohort.id")
    left_on: date | None = None
    erased_at: datetime | None = maybe_moment()  # only a pseudonym is left
    version: int = 1


class RoleHeld(SQLModel, table=True):
    """A role of a person in a hub; for a headteacher, at a school. domain/access.py says what it may do."""

    __tablename__ = "role_held"
    __table_args__ = (
        Index(
            "role_held_once",
            "person_id",
            "role",
            text("coalesce(urn, 0)"),
            unique=True,
        ),
    )
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID = link("person.id")
    role: str
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="RESTRICT")


class Away(SQLModel, table=True):
    """A day on which a person cannot come."""

    __table_args__ = (UniqueConstraint("person_id", "day"),)
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID = link("person.id")
    day: date
    name: str = ""


class SignInLink(SQLModel, table=True):
    """An e-mailed link: one use, 15 minutes. Only its hash is kept."""

    __tablename__ = "sign_in_link"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: uuid.UUID = link("account.id")
    expires_at: datetime = moment()
    used_at: datetime | None = maybe_moment()


class Session(SQLModel, table=True):
    """A signed-in browser; only the cookie's hash is kept."""

    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    id: uuid.UUID = Field(default_factory=new_id, unique=True)  # its name in addresses
    account_id: uuid.UUID = link("account.id")
    csrf: str
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment()
    agent: str = ""
    how: str = "link"  # domain/sign_in.py names the ways


class Passkey(SQLModel, table=True):
    """A key pair on somebody's device: its public half. It belongs to the account, whatever the hub."""

    id: uuid.UUID = key()
    account_id: uuid.UUID = link("account.id")
    credential: bytes = Field(unique=True, sa_type=LargeBinary)
    public_key: bytes = Field(sa_type=LargeBinary)
    uses: int = Field(default=0, sa_type=BigInteger)  # as the device counts them; many say 0 always
    name: str
    made_at: datetime = moment()
    used_at: datetime | None = maybe_moment()


class PasskeyChallenge(SQLModel, table=True):
    """What a device is asked to sign: once, within minutes. With an account: to make a passkey; without: to use one."""

    __tablename__ = "passkey_challenge"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: uuid.UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    expires_at: datetime = moment()


class SignInTries(SQLModel, table=True):
    """How often somebody tried since a moment; `whose` is a keyed hash of an address or a network, never the thing."""

    __tablename__ = "sign_in_tries"
    kind: str = Field(primary_key=True)
    whose: bytes = Field(primary_key=True, sa_type=LargeBinary)
    began_at: datetime = moment()
    count: int


class ApiToken(SQLModel, table=True):
    """A key for a hub's own programs; only its hash is kept."""

    __tablename__ = "api_token"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: uuid.UUID = link("account.id")
    name: str
    created_at: datetime = moment()
    last_used_at: datetime | None = maybe_moment()
    revoked_at: datetime | None = maybe_moment()


class HubToken(SQLModel, table=True):
    """A key of one hub for some of what its maker may do; only its hash is kept."""

    __tablename__ = "hub_token"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    account_id: uuid.UUID = link("account.id")  # whoever made it: it does no more than they may
    hash: bytes = Field(sa_type=LargeBinary, unique=True)
    name: str
    scopes: list[str] = document(list)  # domain/access.py says what each opens
    made_at: datetime = moment()
    expires_at: datetime = moment()
    last_used_at: datetime | None = maybe_moment()  # to the hour
    revoked_at: datetime | None = maybe_moment()


class Joining(SQLModel, table=True):
    """Somebody asked into a hub: who, as what, from where; they become a person of it when they accept."""

    id: uuid.UUID = key()  # names it in the mailed link
    hub_id: uuid.UUID = hub_key()
    email: str
    name: str
    roles: list[str] = document(list)  # as RoleHeld stores them
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="SET NULL")  # head of it, or works there
    group_id: uuid.UUID | None = maybe_link("work_group.id")  # to take part in
    note: str = ""  # a word from whoever asks
    asked_by: uuid.UUID | None = maybe_link("person.id")
    asked_at: datetime = moment()
    expires_at: datetime = moment()
    state: str = "waiting"  # waiting, accepted, declined, withdrawn
    settled_at: datetime | None = maybe_moment()
    person_id: uuid.UUID | None = maybe_link("person.id")  # who they became


class Consent(SQLModel, table=True):
    """What somebody, or a head for a school, allows; the newest row of each counts, the older ones are its history."""

    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    kind: str  # photos
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    urn: int | None = Field(default=None, foreign_key="school.urn", ondelete="CASCADE", index=True)  # or of this school
    given: bool
    note: str = ""
    said_at: datetime = moment()
    said_by: uuid.UUID | None = maybe_link("person.id")


class RightsRequest(SQLModel, table=True):
    """Somebody asks that what is held about them be corrected, erased or no longer used; answered within a month."""

    __tablename__ = "rights_request"
    id: uuid.UUID = key()
    hub_id: uuid.UUID = hub_key()
    person_id: uuid.UUID | None = maybe_link("person.id")
    kind: str  # correct, erase, restrict
    text: str = ""
    asked_at: datetime = moment()
    due_on: date
    state: str = "open"  # open, done, refused
    answer: str = ""
    settled_at: datetime | None = maybe_moment()
    settled_by: uuid.UUID | None = maybe_link("person.id")
